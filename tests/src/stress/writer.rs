//! A person who sends random writes, and retries each with the same key until there is an answer.

use super::arena::Shared;
use super::people::Person;
use super::writer_commands::{self, Command};
use crate::http::Reply;
use fastrand::Rng;
use history::Record;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(10);

/// A writer's plan. Its fields may be changed before it begins.
#[derive(Clone, Debug)]
pub struct WriterPlan {
    /// Their name, unique in the arena.
    pub name: String,
    /// The index of their person in the arena.
    pub person: usize,
    /// The boards that they write to.
    pub boards: Vec<u64>,
    /// After how many writes they are done; if absent, they write until they are stopped.
    pub count: Option<usize>,
    /// How long they wait between two writes, at random in this range, in milliseconds.
    pub pause: Range<u64>,
    /// How long a write may stay without an answer before it is given up, which fails the scenario.
    pub patience: Duration,
    /// Their random generator.
    pub seed: u64,
}

impl WriterPlan {
    /// A writer with this name who writes to these boards until stopped.
    #[must_use]
    pub fn new(name: impl Into<String>, person: usize, boards: Vec<u64>, dice: &mut Rng) -> Self {
        Self {
            name: name.into(),
            person,
            boards,
            count: None,
            pause: 0..20,
            patience: Duration::from_secs(30),
            seed: dice.u64(..),
        }
    }

    /// The same, done after this many writes.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }

    /// The same, waiting this long between two writes, in milliseconds.
    #[must_use]
    pub fn pause(mut self, milliseconds: Range<u64>) -> Self {
        self.pause = milliseconds;
        self
    }
}

/// The results of a person's writes so far.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Successful writes that made an event.
    pub acknowledged: usize,
    /// Successful writes that changed nothing.
    pub unchanged: usize,
    /// Writes that were refused (4xx): the task is gone, for example.
    pub refused: usize,
    /// Attempts without an answer, or answered with 5xx or 429.
    pub retries: usize,
    /// Events that were not published to Redis or the relay at once (`Event-Delivery: deferred`).
    pub deferred: usize,
    /// Keys of writes that got no answer in time.
    pub given_up: Vec<String>,
    /// Acknowledged creations.
    pub made: Vec<(u64, String)>,
}

/// An acknowledged creation, for repeating its request.
#[derive(Clone, Debug)]
struct Creation {
    key: String,
    command: Command,
    /// The number of the event that it made.
    seq: String,
}

#[derive(Debug)]
pub struct Writer {
    /// Their plan.
    pub plan: WriterPlan,
    shared: Arc<Shared>,
    person: Person,
    written: Mutex<Written>,
    creations: Mutex<Vec<Creation>>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// The result of an attempt.
enum Attempt {
    Answered(Reply),
    /// To be retried after this time.
    Again(Duration),
}

impl Writer {
    pub(super) fn start(shared: Arc<Shared>, person: Person, plan: WriterPlan) -> Arc<Self> {
        let writer = Arc::new(Self {
            plan,
            shared,
            person,
            written: Mutex::default(),
            creations: Mutex::default(),
            stop: watch::Sender::new(false),
            task: Mutex::default(),
        });
        let task = tokio::spawn(run(Arc::clone(&writer)));
        *writer.task.lock().expect("the task") = Some(task);
        writer
    }

    /// The results of their writes so far.
    ///
    /// # Panics
    /// Only if a thread has panicked.
    #[must_use]
    pub fn written(&self) -> Written {
        self.written.lock().expect("what was written").clone()
    }

    /// Waits until everything planned is written.
    ///
    /// # Panics
    /// If the writer panicked.
    pub async fn done(&self) {
        let task = self.task.lock().expect("the task").take();
        if let Some(task) = task {
            task.await.unwrap_or_else(|error| panic!("writer {}: {error}", self.plan.name));
        }
    }

    /// Lets them finish their current write, and no more.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        self.done().await;
    }

    /// Repeats all acknowledged creations so far with the same keys: each must be answered as a
    /// replay, with its original event. Returns their number.
    ///
    /// # Panics
    /// If one is created a second time, or gets no answer within the plan's time limit.
    pub async fn repeat(&self) -> usize {
        let creations = self.creations.lock().expect("what was made").clone();
        for Creation { key, command, seq } in &creations {
            let deadline = Instant::now() + self.plan.patience;
            let reply = loop {
                match attempt(&self.shared, self.plan.person, &self.person, key, command).await {
                    Attempt::Answered(reply) => break reply,
                    Attempt::Again(pause) => {
                        assert!(Instant::now() < deadline, "{key} gets no answer any more");
                        sleep(pause).await;
                    }
                }
            };
            assert_eq!(reply.status, 201, "{key}, which was made by event {seq}: {reply}");
            let reported = (reply.header("idempotency-replayed"), reply.header("event-seq"));
            assert_eq!(
                reported,
                (Some("true"), Some(seq.as_str())),
                "{key} was made again: {reply}"
            );
        }
        creations.len()
    }

    fn note(&self, note: impl FnOnce(&mut Written)) {
        note(&mut self.written.lock().expect("what was written"));
    }
}

async fn run(writer: Arc<Writer>) {
    let plan = &writer.plan;
    let mut dice = Rng::with_seed(plan.seed);
    let mut stop = writer.stop.subscribe();
    for number in 0..plan.count.unwrap_or(usize::MAX) {
        if *stop.borrow() {
            return;
        }
        let board = plan.boards[dice.usize(..plan.boards.len())];
        let key = format!("{}-{number}", plan.name);
        let command = writer_commands::random(writer.shared.mode, board, &key, &mut dice);
        write(&writer, board, &key, &command, &mut dice).await;
        let pause = Duration::from_millis(dice.u64(plan.pause.clone()));
        let _ = timeout(pause, stop.changed()).await;
    }
}

/// One write, until it is answered or given up.
async fn write(writer: &Writer, board: u64, key: &str, command: &Command, dice: &mut Rng) {
    let (shared, person) = (&writer.shared, &writer.person);
    let deadline = Instant::now() + writer.plan.patience;
    let client = writer.plan.name.clone();
    shared.recording.add(Record::Sent { client: client.clone(), key: key.to_owned(), board });
    loop {
        let host = dice.usize(..shared.hosts.len());
        match attempt(shared, host, person, key, command).await {
            Attempt::Answered(reply) => {
                let seq = reply.header("event-seq").and_then(|seq| seq.parse::<u64>().ok());
                if reply.status < 300
                    && let Some(seq) = seq
                {
                    if command.creates {
                        let (key, command, seq) =
                            (key.to_owned(), command.clone(), seq.to_string());
                        let creation = Creation { key, command, seq };
                        writer.creations.lock().expect("what was made").push(creation);
                    }
                    let key = key.to_owned();
                    shared.recording.add(Record::Acknowledged { client, key, board, seq });
                }
                return writer.note(|written| count(written, &reply, board, key, command));
            }
            Attempt::Again(pause) => {
                writer.note(|written| written.retries += 1);
                if Instant::now() + pause > deadline {
                    return writer.note(|written| written.given_up.push(key.to_owned()));
                }
                sleep(pause).await;
            }
        }
    }
}

fn count(written: &mut Written, reply: &Reply, board: u64, key: &str, command: &Command) {
    match (reply.status, reply.header("event-seq")) {
        (..300, Some(_)) => {
            written.acknowledged += 1;
            if command.creates {
                written.made.push((board, key.to_owned()));
            }
        }
        (..300, None) => written.unchanged += 1,
        _ => written.refused += 1,
    }
    if reply.header("event-delivery") == Some("deferred") {
        written.deferred += 1;
    }
}

async fn attempt(
    shared: &Shared,
    host: usize,
    person: &Person,
    key: &str,
    command: &Command,
) -> Attempt {
    let api = shared.api(host, person);
    let call = match command.method {
        "PATCH" => api.patch(&command.path, &command.body),
        "POST" => api.post(&command.path, &command.body).header("idempotency-key", key),
        method => api.request(method, &command.path),
    };
    match timeout(ATTEMPT, call.try_send()).await {
        Ok(Ok(reply)) if reply.status < 500 && reply.status != 429 => Attempt::Answered(reply),
        Ok(Ok(reply)) => {
            let seconds = reply.header("retry-after").and_then(|text| text.parse().ok());
            Attempt::Again(seconds.map_or(Duration::from_millis(200), Duration::from_secs))
        }
        Ok(Err(_)) | Err(_) => Attempt::Again(Duration::from_millis(100)),
    }
}
