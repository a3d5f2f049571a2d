//! A scenario's view of an arena's client: its plan and its progress.

use super::arena::Shared;
use super::client_task;
use super::people::Person;
use fastrand::Rng;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A client's plan. Its fields may be changed before it starts.
#[derive(Clone, Debug)]
pub struct ClientPlan {
    /// Its name, unique in the arena.
    pub name: String,
    /// The index of its person in the arena.
    pub person: usize,
    /// The boards that it follows.
    pub boards: Vec<u64>,
    /// After how many milliseconds, at random in this range, it breaks its connection and
    /// reconnects to a random relay; if absent, it reconnects only when the relay closes the
    /// connection.
    pub restless: Option<Range<u64>>,
    /// The maximum of its random delay before reconnecting, in milliseconds.
    pub jitter: u64,
    /// Its socket's receive buffer in bytes: a small one lets a slow reader fall behind soon.
    pub receive_buffer: Option<u32>,
    /// Its random generator.
    pub seed: u64,
}

impl ClientPlan {
    /// A client with this name that follows these boards and stays connected.
    #[must_use]
    pub fn new(name: impl Into<String>, person: usize, boards: Vec<u64>, dice: &mut Rng) -> Self {
        let seed = dice.u64(..);
        let (name, restless, receive_buffer) = (name.into(), None, None);
        Self { name, person, boards, restless, jitter: 200, receive_buffer, seed }
    }

    /// The same, breaking each of its connections after a random time in this range of
    /// milliseconds.
    #[must_use]
    pub fn restless(mut self, milliseconds: Range<u64>) -> Self {
        self.restless = Some(milliseconds);
        self
    }
}

/// A client's current behaviour.
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
    /// It has ended with its final state.
    Stop,
}

/// A client's progress.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// The last applied event of each board that it (still) follows; none before its first
    /// snapshot.
    pub cursors: BTreeMap<u64, Option<u64>>,
    /// The boards with an active subscription.
    pub subscribed: Vec<u64>,
    /// The number of its connections so far.
    pub connections: u64,
    /// The relay that it is connected to.
    pub relay: Option<usize>,
    /// The number of received events.
    pub received: u64,
    /// The number of fetched snapshots.
    pub snapshots: u64,
    /// The received resets: board and reason.
    pub resets: Vec<(u64, String)>,
    /// How its connections ended; none for one that broke or that it broke itself.
    pub closes: Vec<Option<u16>>,
    /// Subscriptions that ended otherwise: board and reason.
    pub ended: Vec<(u64, String)>,
    /// Why it stopped: endings after which it must not retry.
    pub over: Option<String>,
    /// The last problem: why it is not connected, or has no snapshot.
    pub trouble: String,
}

/// A running client.
#[derive(Debug)]
pub struct Client {
    /// Its plan.
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

    /// Changes its behaviour.
    pub fn conduct(&self, conduct: Conduct) {
        self.conduct.send_if_modified(|present| {
            // Once ended it stays so.
            let changed = *present != conduct && *present != Conduct::Stop;
            if changed {
                *present = conduct;
            }
            changed
        });
    }

    /// Its progress.
    #[must_use]
    pub fn status(&self) -> Status {
        self.lock().clone()
    }

    /// Whether it has applied this event of a board, or no longer follows the board.
    #[must_use]
    pub fn has(&self, board: u64, seq: u64) -> bool {
        let status = self.lock();
        status.cursors.get(&board).is_none_or(|cursor| cursor.is_some_and(|cursor| cursor >= seq))
    }

    /// Ends it; returns its final state.
    ///
    /// # Panics
    /// If it panicked.
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
