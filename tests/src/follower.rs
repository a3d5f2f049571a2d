//! A client that follows a board through all faults: it reconnects with its cursor, resyncs after
//! a `reset`, and fails on anything that the contract forbids.

use crate::api::{Api, seq};
use crate::replica::Replica;
use crate::socket::{Ended, Socket, subscription};
use fastrand::Rng;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long it may take to reach its goal.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a test's followers stop: at the board's last event, once it is known.
#[derive(Debug)]
pub struct Goal(watch::Sender<u64>);

/// A running follower.
#[derive(Debug)]
pub struct Follower<'api> {
    api: &'api Api<'api>,
    goal: watch::Receiver<u64>,
    /// Breaks its own connection at random, if given.
    chaos: Option<Rng>,
    /// Its copy of the board.
    pub replica: Replica,
    /// How often it subscribed.
    pub subscriptions: usize,
    /// The reasons of the resets that it received.
    pub resets: Vec<String>,
}

impl Goal {
    /// A goal that is not known yet.
    #[must_use]
    pub fn unknown() -> Self {
        Self(watch::Sender::new(u64::MAX))
    }

    /// The board's last event is this one.
    pub fn is(&self, seq: u64) {
        self.0.send_replace(seq);
    }
}

impl<'api> Follower<'api> {
    /// A follower that starts from the board as it is.
    pub async fn new(api: &'api Api<'api>, board: u64, goal: &Goal) -> Self {
        let replica = Replica::new(api.document(board).await);
        let goal = goal.0.subscribe();
        Self { api, goal, chaos: None, replica, subscriptions: 0, resets: Vec::new() }
    }

    /// The same, breaking its connection at random.
    #[must_use]
    pub fn restless(mut self, rng: Rng) -> Self {
        self.chaos = Some(rng);
        self
    }

    /// Follows the board up to the goal.
    ///
    /// # Panics
    /// If the contract is broken, or the goal is not reached in time.
    pub async fn run(mut self) -> Self {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_there() {
            let left = deadline.saturating_duration_since(Instant::now());
            let reached = tokio::time::timeout(left, self.connection()).await;
            let (seq, goal) = (self.replica.seq(), *self.goal.borrow());
            assert!(reached.is_ok(), "stuck at {seq} on the way to {goal}");
        }
        self
    }

    fn is_there(&self) -> bool {
        self.replica.seq() >= *self.goal.borrow()
    }

    /// One connection from its beginning to its end.
    async fn connection(&mut self) {
        let Ok(mut socket) = Socket::try_open(self.api).await else {
            // The relay is unavailable at the moment.
            tokio::time::sleep(Duration::from_millis(20)).await;
            return;
        };
        if self.subscribe(&mut socket).await.is_err() {
            return;
        }
        while !self.is_there() {
            let mut goal = self.goal.clone();
            let message = tokio::select! {
                message = socket.read() => message,
                _ = goal.changed() => {
                    self.goal.mark_unchanged();
                    continue;
                }
            };
            let Ok(message) = message else { return };
            if self.take(&mut socket, message).await.is_err() || self.is_restless() {
                return;
            }
        }
    }

    async fn subscribe(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        self.subscriptions += 1;
        let cursor = Some((self.replica.seq(), self.replica.epoch()));
        socket.try_say(&subscription(self.replica.board(), cursor)).await
    }

    /// Each event comes once and in order on every subscription (RT1, RT2, RT3): the replica fails
    /// otherwise.
    async fn take(&mut self, socket: &mut Socket, message: Value) -> Result<(), Ended> {
        match message["type"].as_str() {
            Some("event") => self.replica.apply(&message),
            Some("subscribed") => {
                assert!(seq(&message) >= self.replica.seq(), "{message}");
                assert_eq!(message["epoch"], self.replica.epoch(), "{message}");
            }
            Some("reset") => {
                self.resets.push(message["reason"].as_str().unwrap_or_default().to_owned());
                let board = message["board"].as_u64().expect("a board");
                self.replica = Replica::new(self.api.document(board).await);
                self.subscribe(socket).await?;
            }
            Some("heartbeat" | "presence") => {}
            _ => panic!("an unexpected message: {message}"),
        }
        Ok(())
    }

    fn is_restless(&mut self) -> bool {
        self.chaos.as_mut().is_some_and(|rng| rng.u32(..20) == 0)
    }
}
