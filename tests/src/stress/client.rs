//! A client of an arena as the scenario sees it: what it is to do, and how far it is.

use super::arena::Shared;
use super::client_task;
use super::people::Person;
use fastrand::Rng;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What a client is to do. Its fields are for changing before it follows.
#[derive(Clone, Debug)]
pub struct ClientPlan {
    /// Its name, unique in the arena.
    pub name: String,
    /// Who it is: the number of one of the arena's people.
    pub person: usize,
    /// The boards that it follows.
    pub boards: Vec<u64>,
    /// After how many milliseconds, at random between these, it breaks its connection and comes back
    /// at a random relay; without it: only when the relay ends it.
    pub restless: Option<Range<u64>>,
    /// How long it waits at most, at random, until it comes back, in milliseconds.
    pub jitter: u64,
    /// Its socket's receive buffer in bytes, for a slow reader that shall be felt soon.
    pub receive_buffer: Option<u32>,
    /// Its dice.
    pub seed: u64,
}

impl ClientPlan {
    /// A client of this name that follows these boards, and stays where it is.
    #[must_use]
    pub fn new(name: impl Into<String>, person: usize, boards: Vec<u64>, dice: &mut Rng) -> Self {
        let seed = dice.u64(..);
        let (name, restless, receive_buffer) = (name.into(), None, None);
        Self { name, person, boards, restless, jitter: 200, receive_buffer, seed }
    }

    /// The same, breaking each of its connections after a time at random between these milliseconds.
    #[must_use]
    pub fn restless(mut self, milliseconds: Range<u64>) -> Self {
        self.restless = Some(milliseconds);
        self
    }
}

/// How a client conducts itself at present.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Conduct {
    /// It follows its boards.
    Follow,
    /// It follows them, and takes this many milliseconds for each message.
    Dawdle(u64),
    /// It is connected and reads nothing.
    Pause,
    /// It has no connection, and keeps its cursors.
    Disconnected,
    /// It is over: what it has is its last word.
    Stop,
}

/// How far a client is.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// The last event that it applied, by the boards that it (still) follows; none where it waits for
    /// its first snapshot.
    pub cursors: BTreeMap<u64, Option<u64>>,
    /// The boards that it has a living subscription of.
    pub subscribed: Vec<u64>,
    /// How many connections it had.
    pub connections: u64,
    /// At which relay it is.
    pub relay: Option<usize>,
    /// How many events it received.
    pub received: u64,
    /// How many snapshots it took.
    pub snapshots: u64,
    /// The resets that it was told: the board and the reason.
    pub resets: Vec<(u64, String)>,
    /// How its connections ended; none where one broke or was broken by itself.
    pub closes: Vec<Option<u16>>,
    /// The subscriptions that ended otherwise: the board and the reason.
    pub ended: Vec<(u64, String)>,
    /// Why it went on no more: what it must not retry after.
    pub over: Option<String>,
    /// What went wrong last: why it is not connected, or has no snapshot.
    pub trouble: String,
}

/// A client at work.
#[derive(Debug)]
pub struct Client {
    /// What it is to do.
    pub plan: ClientPlan,
    pub(super) status: Mutex<Status>,
    pub(super) conduct: watch::Sender<Conduct>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Client {
    pub(super) fn start(shared: Arc<Shared>, person: Person, plan: ClientPlan) -> Arc<Self> {
        let cursors = plan.boards.iter().map(|board| (*board, None)).collect();
        let status = Status { cursors, ..Status::default() };
        let client = Arc::new(Self {
            plan,
            status: Mutex::new(status),
            conduct: watch::Sender::new(Conduct::Follow),
            task: Mutex::default(),
        });
        let task = tokio::spawn(client_task::run(Arc::clone(&client), shared, person));
        *client.task.lock().expect("the task") = Some(task);
        client
    }

    /// From now on it conducts itself so.
    pub fn conduct(&self, conduct: Conduct) {
        self.conduct.send_if_modified(|present| {
            // Once it is over it stays so.
            let changed = *present != conduct && *present != Conduct::Stop;
            if changed {
                *present = conduct;
            }
            changed
        });
    }

    /// How far it is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.lock().clone()
    }

    /// Whether it has applied this event of a board, or follows the board no more.
    #[must_use]
    pub fn has(&self, board: u64, seq: u64) -> bool {
        let status = self.lock();
        status.cursors.get(&board).is_none_or(|cursor| cursor.is_some_and(|cursor| cursor >= seq))
    }

    /// Ends it; what it has is its last word.
    ///
    /// # Panics
    /// When it panicked.
    pub async fn stop(&self) {
        self.conduct(Conduct::Stop);
        let task = self.task.lock().expect("the task").take();
        if let Some(task) = task {
            task.await.unwrap_or_else(|error| panic!("client {}: {error}", self.plan.name));
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Status> {
        self.status.lock().expect("the status")
    }
}
