//! One client from welcome to close: what it sends, what it receives, and when it counts as gone. An event
//! stream's client is one that says nothing.

mod account;
mod closing;
mod deadlines;
mod messages;
mod rate;
mod stream;

use crate::accounts::{Accounts, Registration};
use crate::connection::{Connection, Interest, WriteOutcome};
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::presence::Presence;
use crate::sockets::Slot;
use crate::websocket::{Decoder, Incoming, ping_frame, pong_frame};
pub use account::Identity;
use account::{Answer, Question};
use deadlines::{Deadlines, Due};
use rate::Bucket;
use shared::protocol::{CloseCode, PROTOCOL, ServerMessage};
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
pub use stream::{Following, stream};
use tokio::time::Instant;

/// The most bytes of a read; they are on the stack, so an idle connection holds none.
const READ_BYTES: usize = 4096;
/// Reads in a row before other connections get a turn.
const READS_A_TURN: usize = 4;
/// The name of everybody without an account.
const GUEST: &str = "guest";

/// The limits and intervals of a session.
#[derive(Clone, Copy, Debug)]
pub struct SessionSettings {
    /// A heartbeat comes about this often.
    pub heartbeat: Duration,
    /// How long clients spread their reconnecting.
    pub reconnect_jitter: Duration,
    /// A WebSocket ping goes out this often.
    pub ping_interval: Duration,
    /// How long its answer may take.
    pub pong_timeout: Duration,
    /// How long a reader may read nothing at all.
    pub dead_reader: Duration,
    /// Subscriptions of one socket.
    pub subscriptions: usize,
    /// Messages a second, and how many may come at once.
    pub messages_per_second: u32,
    /// How many messages may come at once.
    pub message_burst: u32,
}

/// What all sessions share.
#[derive(Clone)]
pub struct Shared {
    pub hub: Arc<Hub<Connection>>,
    /// Who is on them.
    pub presence: Arc<Presence>,
    pub metrics: Arc<Metrics>,
    pub settings: Arc<SessionSettings>,
}

struct Session {
    shared: Shared,
    connection: Arc<Connection>,
    /// Given back when the session has ended.
    slot: Slot,
    /// Decodes the client's bytes; an event stream's client sends none.
    decoder: Option<Decoder>,
    deadlines: Deadlines,
    bucket: Bucket,
    /// In state-of-the-art mode.
    accounts: Option<Arc<Accounts>>,
    registration: Option<Registration>,
    /// Whether the client was welcomed; before that it may only authenticate.
    welcomed: bool,
    /// What the accounts are being asked.
    question: Option<Question>,
    /// Bytes of the client wait to be handled.
    pending: bool,
}

/// How a session ended.
enum End {
    /// The socket is gone.
    Gone,
    /// It is closed with this code.
    Close(CloseCode),
}

/// Serves one client until it goes, in a task of its own: the caller's has room for a handshake, and a
/// connection keeps what its task is made with. `early` are bytes that came with the handshake.
pub fn start(
    shared: Shared,
    connection: Arc<Connection>,
    slot: Slot,
    identity: Identity,
    early: &[u8],
) {
    let mut session = Session::new(shared, connection, slot);
    session.decoder = Some(Decoder::default());
    let ended = match identity {
        Identity::Guest => {
            session.welcomed = true;
            session.welcome(GUEST.to_owned(), None);
            None
        }
        Identity::Account(accounts, token) => {
            session.accounts = Some(accounts);
            session.enter(token)
        }
    };
    let ended = ended.or_else(|| session.receive(early));
    tokio::spawn(session.run(ended));
}

impl Session {
    fn new(shared: Shared, connection: Arc<Connection>, slot: Slot) -> Box<Self> {
        let now = Instant::now();
        let settings = &shared.settings;
        Box::new(Self {
            deadlines: Deadlines::new(now, settings),
            bucket: Bucket::new(now, settings.messages_per_second, settings.message_burst),
            decoder: None,
            connection,
            slot,
            shared,
            accounts: None,
            registration: None,
            welcomed: false,
            question: None,
            pending: false,
        })
    }

    /// Serves the client until it goes. A task is as large as the most that it ever does, so what is
    /// done once, at the end, has a place of its own.
    async fn run(mut self: Box<Self>, ended: Option<End>) {
        let end = match ended {
            Some(end) => end,
            None => self.serve().await,
        };
        Box::pin(self.end(end)).await;
    }

    async fn end(&mut self, end: End) {
        self.leave_boards();
        self.registration = None;
        if let End::Close(code) = end {
            self.shared.metrics.closed.of(code).add(1);
            if code == CloseCode::DeadReader {
                self.shared.metrics.dead_readers.add(1);
            }
            tracing::debug!(connection = self.connection.id(), code = code.code(), "closing");
            closing::close(&self.connection, &self.shared.metrics, code).await;
        }
    }

    fn welcome(&self, user: String, token_expires_at: Option<String>) {
        let settings = &self.shared.settings;
        self.connection.outbox().send(&ServerMessage::Welcome {
            protocol: PROTOCOL,
            user,
            heartbeat_ms: milliseconds(settings.heartbeat),
            reconnect_jitter_ms: milliseconds(settings.reconnect_jitter),
            token_expires_at,
        });
    }

    async fn serve(&mut self) -> End {
        let mut timer = pin!(tokio::time::sleep_until(self.deadlines.next(false)));
        loop {
            let outcome = self.connection.write_pending(&self.shared.metrics);
            let (read, deadline) = {
                let mut outbox = self.connection.outbox();
                if let Some(code) = outbox.close_requested() {
                    return End::Close(code);
                }
                let over = outcome == WriteOutcome::Done && outbox.subscriptions().is_empty();
                if over && self.decoder.is_none() {
                    return End::Close(CloseCode::Normal);
                }
                let blocked = outcome == WriteOutcome::Blocked;
                self.deadlines.wrote(Instant::now(), outbox.take_progress(), blocked);
                (outbox.has_room(), self.deadlines.next(outbox.is_busy()))
            };
            self.ask_rechecks();
            match outcome {
                WriteOutcome::Broken => return End::Gone,
                // There is more to write: let others go first, then look for input and go on.
                WriteOutcome::More => {
                    self.connection.notify();
                    tokio::task::yield_now().await;
                }
                WriteOutcome::Done | WriteOutcome::Blocked => {}
            }
            if self.pending && read && self.question.is_none() {
                if let Some(end) = self.receive(&[]) {
                    return end;
                }
                tokio::task::yield_now().await;
                continue;
            }
            if timer.deadline() != deadline {
                timer.as_mut().reset(deadline);
            }
            let read = read && self.question.is_none();
            let interest = Interest { read, write: outcome == WriteOutcome::Blocked };
            let woken = tokio::select! {
                answer = answered(&mut self.question) => {
                    self.question = None;
                    // What the client sent meanwhile has waited.
                    if let Some(end) = self.learn(answer).or_else(|| self.receive(&[])) {
                        return end;
                    }
                    continue;
                }
                woken = self.connection.wait(interest, timer.as_mut()) => woken,
            };
            if woken.readable
                && let Some(end) = self.read()
            {
                return end;
            }
            if woken.rang
                && let Some(end) = self.handle_deadlines()
            {
                return end;
            }
        }
    }

    /// Reads what is there.
    fn read(&mut self) -> Option<End> {
        let mut bytes = [0; READ_BYTES];
        for _ in 0..READS_A_TURN {
            match self.connection.stream().try_read(&mut bytes) {
                Ok(0) => return Some(End::Gone),
                Ok(count) => {
                    let end = self.receive(bytes.get(..count).unwrap_or_default());
                    let full = self.question.is_some() || !self.connection.outbox().has_room();
                    if end.is_some() || full {
                        return end;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
                Err(_) => return Some(End::Gone),
            }
        }
        None
    }

    /// Handles bytes of the client. While a question is open or the client does not read its
    /// answers they wait: a few kilobytes of empty messages must not fill memory with answers.
    fn receive(&mut self, bytes: &[u8]) -> Option<End> {
        self.decoder.as_mut()?.feed(bytes);
        while self.question.is_none() && self.connection.outbox().has_room() {
            let incoming = match self.decoder.as_mut()?.take() {
                Ok(Some(incoming)) => incoming,
                Ok(None) => {
                    self.pending = false;
                    return None;
                }
                Err(violation) => {
                    tracing::debug!(connection = self.connection.id(), %violation, "refused");
                    return Some(End::Close(violation.close_code()));
                }
            };
            let now = Instant::now();
            self.deadlines.received(now);
            match incoming {
                Incoming::Close => return Some(End::Close(CloseCode::Normal)),
                Incoming::Pong => {
                    self.deadlines.answered();
                    self.connection.outbox().mark_idle();
                }
                // A flood of pings is not worth answering one by one (RFC 6455, section 5.5.3).
                Incoming::Ping(payload) if self.bucket.take(now) => {
                    self.connection.outbox().push(pong_frame(&payload));
                }
                Incoming::Ping(_) => {}
                Incoming::Text(text) if self.bucket.take(now) => {
                    let end = self.handle_message(&text);
                    if end.is_some() {
                        return end;
                    }
                }
                Incoming::Text(_) => self.rate_limited(),
            }
        }
        self.pending = true;
        None
    }

    /// Handles deadlines that are due.
    fn handle_deadlines(&mut self) -> Option<End> {
        let now = Instant::now();
        loop {
            let busy = self.connection.outbox().is_busy();
            match self.deadlines.due(now, busy) {
                None => return None,
                Some(Due::Heartbeat) if self.welcomed => self.send_heads(),
                Some(Due::Heartbeat) => {}
                Some(Due::Ping) => self.connection.outbox().push(ping_frame()),
                Some(Due::Dead) if self.reader_made_progress(now) => {}
                Some(Due::Dead) => return Some(End::Close(CloseCode::DeadReader)),
                Some(Due::TokenEnded) => return Some(End::Close(CloseCode::Unauthorized)),
                Some(Due::TokenExpiring) => self.send_expiry(),
            }
        }
    }

    /// Whether a blocked socket takes something now: its client reads, slowly (RT7).
    fn reader_made_progress(&mut self, now: Instant) -> bool {
        let reads =
            self.deadlines.is_blocked() && self.connection.write_anyway(&self.shared.metrics);
        if reads {
            self.deadlines.wrote(now, true, true);
        }
        reads
    }

    fn leave_boards(&self) {
        let subscriptions = self.connection.outbox().unsubscribe_all();
        self.shared.metrics.subscriptions.subtract(subscriptions.len() as u64);
        for subscription in subscriptions {
            subscription.board.remove(&self.connection);
        }
    }
}

impl Drop for Session {
    /// Also when the task is aborted: boards and connections hold each other.
    fn drop(&mut self) {
        self.leave_boards();
    }
}

/// The answer to the open question; never resolves if none is open.
async fn answered(question: &mut Option<Question>) -> Answer {
    match question {
        Some(question) => question.await,
        None => std::future::pending().await,
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
