//! A client's task: connect, subscribe, read, apply by the client rule, and record everything.

use super::arena::Shared;
use super::client::{Client, Conduct};
use super::people::Person;
use crate::socket::{Ended, Socket, Text, subscription};
use fastrand::Rng;
use history::{Json, Record, Replica};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How long opening a socket or fetching a snapshot may take before it is retried.
const PATIENCE: Duration = Duration::from_secs(15);

/// The close codes after which a client must not simply reconnect (docs/contract/realtime.md,
/// CLOSE-4400 and CLOSE-4401).
const FINAL: [u16; 3] = [4400, 4401, 4409];

/// A running client.
struct Work {
    client: Arc<Client>,
    shared: Arc<Shared>,
    person: Person,
    conduct: watch::Receiver<Conduct>,
    dice: Rng,
    replicas: BTreeMap<u64, Replica>,
    /// The number of the current connection.
    connection: u64,
}

/// Runs until it is stopped.
pub(super) async fn run(client: Arc<Client>, shared: Arc<Shared>, person: Person) {
    let conduct = client.conduct.subscribe();
    let dice = Rng::with_seed(client.plan.seed);
    let replicas = BTreeMap::new();
    let mut work = Work { client, shared, person, conduct, dice, replicas, connection: 0 };
    loop {
        let conduct = *work.conduct.borrow_and_update();
        match conduct {
            Conduct::Stop => break,
            Conduct::Disconnected => work.wait(Duration::MAX).await,
            _ if work.client.lock().over.is_some() => work.wait(Duration::MAX).await,
            _ => {
                work.connect().await;
                let jitter = work.dice.u64(..=work.client.plan.jitter);
                work.wait(Duration::from_millis(jitter)).await;
            }
        }
    }
    for (board, replica) in std::mem::take(&mut work.replicas) {
        let client = work.name();
        let document = Json::from(replica.into_document());
        work.shared.recording.add(Record::Replica { client, board, document });
    }
}

impl Work {
    fn name(&self) -> String {
        self.client.plan.name.clone()
    }

    fn record(&self, record: Record) {
        self.shared.recording.add(record);
    }

    /// Waits this long, or until its behaviour is changed.
    async fn wait(&mut self, time: Duration) {
        // If the arena is gone no change will come any more.
        let _ = timeout(time, self.conduct.changed()).await;
    }

    fn is_stopped(&self) -> bool {
        matches!(*self.conduct.borrow(), Conduct::Stop | Conduct::Disconnected)
    }

    fn boards(&self) -> Vec<u64> {
        self.client.lock().cursors.keys().copied().collect()
    }

    /// One connection from its beginning to its end.
    async fn connect(&mut self) {
        for board in self.boards() {
            if !self.replicas.contains_key(&board) && !self.snapshot(board).await {
                return;
            }
        }
        let relay = self.dice.usize(..self.shared.relays.len());
        let url = format!("{}{}", self.shared.relays[relay], self.shared.mode.socket);
        let bearer = self.person.token.as_ref().map(|token| format!("Bearer {token}"));
        let headers: Vec<_> =
            bearer.as_deref().map(|bearer| ("authorization", bearer)).into_iter().collect();
        let opening = Socket::connect_to(&url, &headers, self.client.plan.receive_buffer);
        let mut socket = match timeout(PATIENCE, opening).await {
            Ok(Ok(socket)) => socket,
            Ok(Err(ended)) => return self.trouble(format!("relay {relay}: {ended:?}")),
            Err(_) => return self.trouble(format!("relay {relay}: no handshake")),
        };
        self.connection += 1;
        {
            let mut status = self.client.lock();
            status.connections = self.connection;
            status.relay = Some(relay);
        }
        let end = self.converse(&mut socket).await;
        self.ended(end.err().as_ref());
    }

    fn trouble(&self, trouble: String) {
        self.client.lock().trouble = trouble;
    }

    /// Records a connection's end; without a close code this client ended it.
    fn ended(&self, end: Option<&Ended>) {
        let code = match end {
            Some(Ended::Closed(code, _)) => Some(*code),
            _ => None,
        };
        let stopped = *self.conduct.borrow() == Conduct::Stop;
        let mut status = self.client.lock();
        status.relay = None;
        if let Some(end) = end {
            status.trouble = format!("{end:?}");
        }
        if end.is_none() && stopped {
            // The recording ends before this connection.
            return;
        }
        status.subscribed.clear();
        status.closes.push(code);
        if code.is_some_and(|code| FINAL.contains(&code)) {
            status.over = Some(format!("{end:?}"));
        }
        drop(status);
        let (client, connection) = (self.name(), self.connection);
        self.record(Record::Closed { client, connection, code });
    }

    /// Subscribes to everything and handles messages until the relay or this client ends the
    /// connection.
    async fn converse(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        let welcome = match timeout(PATIENCE, socket.next_text()).await {
            Ok(welcome) => welcome?,
            Err(_) => return Err(Ended::Broken("no welcome".to_owned())),
        };
        assert!(welcome.starts_with(r#"{"type":"welcome""#), "{}", &*welcome);
        for board in self.boards() {
            self.subscribe(socket, board).await?;
        }
        let mut leaving = self.leaving();
        loop {
            let conduct = *self.conduct.borrow_and_update();
            match conduct {
                Conduct::Stop | Conduct::Disconnected => return Ok(()),
                Conduct::Pause => {
                    self.wait(Duration::MAX).await;
                    continue;
                }
                Conduct::Dawdle(milliseconds) => sleep(Duration::from_millis(milliseconds)).await,
                Conduct::Follow => {}
            }
            let text = tokio::select! {
                text = socket.next_text() => text?,
                _ = self.conduct.changed() => continue,
                () = tokio::time::sleep_until(leaving) => {
                    if *self.shared.calm.borrow() {
                        leaving = far_away();
                        continue;
                    }
                    return Ok(());
                }
            };
            self.take(socket, &text).await?;
        }
    }

    /// When it will break this connection.
    fn leaving(&mut self) -> Instant {
        match self.client.plan.restless.clone() {
            Some(range) => Instant::now() + Duration::from_millis(self.dice.u64(range)),
            None => far_away(),
        }
    }

    async fn subscribe(&self, socket: &mut Socket, board: u64) -> Result<(), Ended> {
        let Some(replica) = self.replicas.get(&board) else { return Ok(()) };
        let after = replica.seq();
        let message = subscription(board, Some((after, replica.epoch())));
        let (client, connection, after) = (self.name(), self.connection, Some(after));
        self.record(Record::Subscribe { client, connection, board, after });
        socket.try_say(&message).await
    }

    async fn take(&mut self, socket: &mut Socket, text: &Text) -> Result<(), Ended> {
        if let Some(event) = self.shared.texts.event(text) {
            return self.event(socket, event).await;
        }
        let message: Value = serde_json::from_str(text).expect("JSON");
        let board = message["board"].as_u64().unwrap_or_default();
        let seq = message["seq"].as_u64().unwrap_or_default();
        let (client, connection) = (self.name(), self.connection);
        let word = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        match message["type"].as_str() {
            Some("subscribed") => {
                let epoch = word("epoch");
                self.record(Record::Subscribed { client, connection, board, seq, epoch });
                self.client.lock().subscribed.push(board);
            }
            Some("heartbeat") => {
                for (board, seq) in message["heads"].as_object().into_iter().flatten() {
                    let (board, seq) = (board.parse().expect("an id"), seq.as_u64());
                    let (client, seq) = (client.clone(), seq.unwrap_or_default());
                    self.record(Record::Head { client, connection, board, seq });
                }
            }
            Some("reset") => {
                let reason = word("reason");
                self.client.lock().resets.push((board, reason.clone()));
                self.record(Record::Reset { client, connection, board, seq, reason });
                if self.snapshot(board).await {
                    self.subscribe(socket, board).await?;
                }
            }
            Some("unsubscribed") => self.leave(board, word("reason")),
            Some("error") if message["board"].is_u64() => self.leave(board, word("code")),
            Some("error") => return Err(Ended::Broken(message.to_string())),
            Some("presence" | "token-expiring" | "pong" | "welcome") => {}
            _ => panic!("an unexpected message: {message}"),
        }
        Ok(())
    }

    /// Handles an event by the client rule: drop it, apply it, or subscribe again.
    async fn event(&mut self, socket: &mut Socket, event: Json) -> Result<(), Ended> {
        let number = |name: &str| event[name].as_u64().unwrap_or_default();
        let (board, seq) = (number("board_id"), number("seq"));
        let (client, connection) = (self.name(), self.connection);
        self.record(Record::Received { client, connection, board, seq, event: event.clone() });
        self.client.lock().received += 1;
        let Some(replica) = self.replicas.get_mut(&board) else { return Ok(()) };
        if seq <= replica.seq() {
            return Ok(());
        }
        if seq == replica.seq() + 1 {
            let applied = replica.apply(&event);
            applied.unwrap_or_else(|fault| panic!("{} at {board}: {fault}", self.name()));
            self.client.lock().cursors.insert(board, Some(seq));
            return Ok(());
        }
        self.subscribe(socket, board).await
    }

    /// Stops following this board.
    fn leave(&mut self, board: u64, reason: String) {
        let (client, connection) = (self.name(), self.connection);
        let mut status = self.client.lock();
        status.cursors.remove(&board);
        status.subscribed.retain(|other| *other != board);
        status.ended.push((board, reason.clone()));
        drop(status);
        self.replicas.remove(&board);
        self.record(Record::Unsubscribed { client, connection, board, reason });
    }

    /// Fetches the board, with retries while it is unavailable; returns whether it exists.
    async fn snapshot(&mut self, board: u64) -> bool {
        let host = self.dice.usize(..self.shared.hosts.len());
        let api = self.shared.api(host, &self.person);
        let path = format!("{}/{board}", self.shared.mode.boards);
        while !self.is_stopped() {
            let shared = Arc::clone(&self.shared);
            let permit = shared.snapshots.acquire().await;
            let reply = timeout(PATIENCE, api.get(&path).try_send()).await;
            drop(permit);
            match reply {
                Ok(Ok(reply)) if reply.status == 200 => {
                    let document = Json::from(reply.json());
                    let replica = Replica::new((*document).clone());
                    let mut status = self.client.lock();
                    status.cursors.insert(board, Some(replica.seq()));
                    status.snapshots += 1;
                    drop(status);
                    self.replicas.insert(board, replica);
                    self.record(Record::Snapshot { client: self.name(), board, document });
                    return true;
                }
                Ok(Ok(reply)) if reply.status == 404 => {
                    self.leave(board, "not-found".to_owned());
                    return false;
                }
                Ok(Ok(reply)) if reply.status == 401 => {
                    self.client.lock().over = Some(reply.to_string());
                    return false;
                }
                Ok(Ok(reply)) => self.trouble(format!("no snapshot: {reply}")),
                Ok(Err(error)) => self.trouble(format!("no snapshot: {error}")),
                Err(_) => self.trouble("no snapshot in time".to_owned()),
            }
            let pause = self.dice.u64(50..250);
            sleep(Duration::from_millis(pause)).await;
        }
        false
    }
}

fn far_away() -> Instant {
    Instant::now() + Duration::from_secs(24 * 60 * 60)
}
