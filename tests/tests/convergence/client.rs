//! A client that keeps a replica by the client rule of docs/contract/realtime.md under every fault,
//! and fails on anything that the contract forbids on the wire.

use crate::command::Fate;
use crate::tally;
use contract_tests::Api;
use contract_tests::api::seq;
use contract_tests::replica::Replica;
use contract_tests::socket::{Ended, Socket, subscription};
use serde_json::Value;

/// A running client.
pub(crate) struct Client<'api> {
    api: &'api Api<'api>,
    board: u64,
    /// Its copy of the board.
    pub(crate) replica: Replica,
    wire: Option<Wire>,
    /// The next event reaches it twice.
    twice: bool,
    /// The next event is held back.
    late: bool,
    held: Option<Value>,
}

struct Wire {
    socket: Socket,
    /// The event that must come next, once subscribed.
    next: Option<u64>,
    /// The cursor of an unanswered subscription.
    asked: Option<u64>,
}

impl<'api> Client<'api> {
    /// A client that starts from the board as it is, connected.
    pub(crate) async fn new(api: &'api Api<'api>, board: u64) -> Self {
        let replica = Replica::new(api.document(board).await);
        let mut client =
            Self { api, board, replica, wire: None, twice: false, late: false, held: None };
        client.connect(0).await;
        client
    }

    /// Applies this fault.
    ///
    /// # Errors
    /// A message that the relay must not send.
    pub(crate) async fn suffer(&mut self, fate: Fate) -> Result<(), String> {
        match fate {
            Fate::Read => {
                let head = seq(&self.api.document(self.board).await);
                self.read_to(head).await?;
            }
            Fate::Drop => self.wire = None,
            Fate::Resume => self.connect(0).await,
            Fate::Rewind(back) => self.connect(back.into()).await,
            Fate::Twice => self.twice = true,
            Fate::Late => self.late = true,
            Fate::Snapshot => self.replica = Replica::new(self.api.document(self.board).await),
        }
        Ok(())
    }

    /// Connects with a cursor this many events older than the replica.
    async fn connect(&mut self, back: u64) {
        let socket = Socket::open(self.api).await;
        let mut wire = Wire { socket, next: None, asked: None };
        let cursor = self.replica.seq().saturating_sub(back);
        wire.subscribe(&self.replica, cursor).await;
        self.wire = Some(wire);
        // Messages in transit are lost with their connection.
        self.held = None;
    }

    /// Reads until the replica is at this event, connecting if need be.
    ///
    /// # Errors
    /// A message that the relay must not send.
    pub(crate) async fn read_to(&mut self, head: u64) -> Result<(), String> {
        if self.wire.is_none() {
            self.connect(0).await;
        }
        while self.replica.seq() < head {
            // Delayed events come once nothing else is expected.
            if self.held.as_ref().is_some_and(|event| seq(event) == head)
                && let Some(event) = self.held.take()
            {
                self.deliver(&event).await;
                continue;
            }
            self.read().await?;
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), String> {
        let wire = self.wire.as_mut().expect("a connection");
        let message = match wire.socket.read().await {
            Ok(message) => message,
            Err(Ended::Closed(code, reason)) => return Err(format!("closed: {code} {reason}")),
            Err(Ended::Broken(why)) => return Err(format!("the connection broke: {why}")),
        };
        match message["type"].as_str() {
            Some("subscribed") => {
                let after = wire.asked.take().ok_or("an answer that nobody asked for")?;
                if seq(&message) < after || message["epoch"] != self.replica.epoch() {
                    return Err(format!("asked for what is after {after}, got {message}"));
                }
                wire.next = Some(after + 1);
            }
            Some("event") => {
                if wire.next != Some(seq(&message)) {
                    return Err(format!("{:?} must come next, not {message}", wire.next));
                }
                wire.next = Some(seq(&message) + 1);
                self.arrive(message).await;
            }
            Some("presence" | "heartbeat") => {}
            _ => return Err(format!("an unexpected message: {message}")),
        }
        Ok(())
    }

    /// Passes a received event on to the client, delayed or twice where that fault was applied.
    async fn arrive(&mut self, event: Value) {
        if std::mem::take(&mut self.late) && self.held.is_none() {
            self.held = Some(event);
            return;
        }
        self.deliver(&event).await;
        if std::mem::take(&mut self.twice) {
            self.deliver(&event).await;
        }
        if let Some(late) = self.held.take() {
            self.deliver(&late).await;
        }
    }

    /// The client rule: drop known events, apply the next one, otherwise subscribe again.
    async fn deliver(&mut self, event: &Value) {
        let (last, number) = (self.replica.seq(), seq(event));
        if number == last + 1 {
            self.replica.apply(event);
        } else if number <= last {
            tally::count("client: dropped what it knew".to_owned());
        } else if number > last
            && let Some(wire) = &mut self.wire
            // Only once: a relay may answer two subscriptions that it reads together with one
            // `subscribed`, which does not name the cursor.
            && wire.asked.is_none()
        {
            tally::count("client: asked for what was missing".to_owned());
            wire.subscribe(&self.replica, last).await;
        }
    }
}

impl Wire {
    async fn subscribe(&mut self, replica: &Replica, after: u64) {
        let message = subscription(replica.board(), Some((after, replica.epoch())));
        self.socket.say(&message).await;
        self.asked = Some(after);
    }
}
