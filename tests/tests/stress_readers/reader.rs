//! A reader on its own task, with an adjustable pace, and a record of what it received and when.

use crate::support::{PATIENCE, until};
use crate::writer::Written;
use contract_tests::Socket;
use contract_tests::socket::Ended;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How it reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Pace {
    /// Everything, at once.
    Full,
    Stopped,
}

/// A running reader.
pub(crate) struct Reader {
    pace: watch::Sender<Pace>,
    say: mpsc::UnboundedSender<Value>,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

/// The events received, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) events: Vec<Got>,
    /// The boards whose subscription was granted.
    joined: Vec<u64>,
    /// All other messages except heartbeats and presence.
    pub(crate) others: Vec<(Instant, Value)>,
    /// When the socket ended, and its close code; none if it broke.
    pub(crate) end: Option<(Instant, Option<u16>)>,
}

/// A received event.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) at: Instant,
    pub(crate) board: u64,
    pub(crate) seq: u64,
    /// The event as the database wrote it.
    pub(crate) timestamp: String,
}

impl Reader {
    /// Continues reading a socket.
    pub(crate) fn start(socket: Socket, pace: Pace) -> Self {
        let pace = watch::Sender::new(pace);
        let (say, said) = mpsc::unbounded_channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let task = tokio::spawn(read(socket, pace.subscribe(), said, Arc::clone(&seen)));
        Self { pace, say, seen, task }
    }

    /// Reads at this pace from now on.
    pub(crate) fn set_pace(&self, pace: Pace) {
        self.pace.send_replace(pace);
    }

    pub(crate) fn say(&self, message: Value) {
        // Fails if the socket has ended, which does not matter.
        let _ = self.say.send(message);
    }

    /// Subscribes to a board from this event on.
    pub(crate) fn subscribe(&self, board: u64, after: u64) {
        self.say(json!({"type": "subscribe", "board": board, "after": after}));
    }

    /// Follows a board from now on.
    pub(crate) async fn join(&self, board: u64) {
        self.say(json!({"type": "subscribe", "board": board}));
        until("the subscription", async || lock(&self.seen).joined.contains(&board).then_some(()))
            .await;
    }

    /// What it has received so far.
    pub(crate) fn seen(&self) -> Seen {
        lock(&self.seen).clone()
    }

    /// The last event of a board that it received; 0 if there was none.
    pub(crate) fn last(&self, board: u64) -> u64 {
        lock(&self.seen).events.iter().rev().find(|got| got.board == board).map_or(0, |got| got.seq)
    }

    /// Waits until it has this event of a board.
    pub(crate) async fn has(&self, board: u64, seq: u64) {
        let what = format!("event {seq} of board {board}");
        until(&what, async || (self.last(board) >= seq).then_some(())).await;
    }

    /// Waits for a message of this type besides events.
    pub(crate) async fn message_of(&self, kind: &str) -> (Instant, Value) {
        until(kind, async || {
            let seen = lock(&self.seen);
            seen.others.iter().find(|(_, message)| message["type"] == kind).cloned()
        })
        .await
    }

    /// Waits until the socket has ended.
    pub(crate) async fn ended(&self) -> (Instant, Option<u16>) {
        until("the socket ends", async || lock(&self.seen).end).await
    }

    /// Disconnects; returns what it received.
    pub(crate) async fn leave(self) -> Seen {
        self.task.abort();
        let _ = self.task.await;
        lock(&self.seen).clone()
    }
}

impl Seen {
    /// Fails unless the events of a board are exactly these (RT1, RT2, RT3).
    #[track_caller]
    pub(crate) fn assert_all(&self, board: u64, first: u64, last: u64) {
        let seqs: Vec<u64> = self.of(board).map(|got| got.seq).collect();
        let (from, to) = (seqs.first().copied(), seqs.last().copied());
        let all = seqs.iter().copied().eq(first..=last);
        assert!(all, "events {first} to {last} of board {board}, and not {from:?} to {to:?}");
    }

    /// The events of a board.
    pub(crate) fn of(&self, board: u64) -> impl DoubleEndedIterator<Item = &Got> {
        self.events.iter().filter(move |got| got.board == board)
    }
}

async fn read(
    mut socket: Socket,
    mut pace: watch::Receiver<Pace>,
    mut said: mpsc::UnboundedReceiver<Value>,
    seen: Arc<Mutex<Seen>>,
) {
    loop {
        let now = *pace.borrow_and_update();
        let message = async {
            match now {
                Pace::Full => socket.read().await,
                Pace::Stopped => std::future::pending().await,
            }
        };
        tokio::select! {
            message = message => match message {
                Ok(message) => lock(&seen).take(message),
                Err(ended) => {
                    let code = match ended {
                        Ended::Closed(code, _) => Some(code),
                        Ended::Broken(_) => None,
                    };
                    lock(&seen).end = Some((Instant::now(), code));
                    return;
                }
            },
            changed = pace.changed() => if changed.is_err() { return },
            Some(message) = said.recv() => {
                // A socket that has ended reports it when it is read.
                let _ = tokio::time::timeout(PATIENCE, socket.try_say(&message)).await;
            }
        }
    }
}

impl Seen {
    fn take(&mut self, message: Value) {
        let at = Instant::now();
        match message["type"].as_str() {
            Some("event") => {
                let number = |name: &str| message[name].as_u64().expect("a number");
                let timestamp = message["timestamp"].as_str().expect("a timestamp").to_owned();
                let (board, seq) = (number("board_id"), number("seq"));
                self.events.push(Got { at, board, seq, timestamp });
            }
            Some("subscribed") => self.joined.push(message["board"].as_u64().expect("a board")),
            Some("heartbeat" | "presence") => {}
            _ => self.others.push((at, message)),
        }
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().expect("what was seen")
}

/// The times between the commit of these events and their arrival.
pub(crate) fn latencies(seen: &Seen, written: &[Written]) -> Vec<Duration> {
    let times: HashMap<(u64, u64), Instant> =
        written.iter().map(|(board, seq, at)| ((*board, *seq), *at)).collect();
    let latency = |got: &Got| {
        let at = times.get(&(got.board, got.seq))?;
        Some(got.at.saturating_duration_since(*at))
    };
    seen.events.iter().filter_map(latency).collect()
}
