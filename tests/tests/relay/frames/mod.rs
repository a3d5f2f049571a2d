//! Frames that RFC 6455 allows and forbids, sent to both endpoints: a table of cases, grouped as in
//! WebSocket conformance suites, each with the exact answer.
//!
//! After each case another socket on the same relay still gets its events.

mod closing;
mod control;
mod flow;
mod fragments;
mod handshakes;
mod origins;
mod raw;
mod text;

use crate::support::{Person, Relay, World, expect};
use contract_tests::Socket;
use raw::{Frame, Raw, TEXT, frame};

/// The endpoints for guests and for accounts.
const ENDPOINTS: [&str; 2] = ["/ws/quick-win", "/ws"];

/// The answer to `{"type":"ping"}`.
const PONG_MESSAGE: &[u8] = br#"{"type":"pong"}"#;

/// The bytes that a client sends, and the expected answer.
struct Case {
    what: String,
    sends: Vec<u8>,
    /// The frames that it gets…
    answers: Vec<Frame>,
    /// … and then the close code; without one the socket stays open.
    closes: Option<u16>,
}

impl Case {
    /// A case that closes the socket, without any frame before the close frame.
    fn closes(code: u16, what: impl Into<String>, sends: impl AsRef<[u8]>) -> Self {
        let sends = sends.as_ref().to_owned();
        Self { what: what.into(), sends, answers: Vec::new(), closes: Some(code) }
    }

    /// A case that gets these frames, and the socket stays open.
    fn answers(what: impl Into<String>, sends: impl AsRef<[u8]>, answers: Vec<Frame>) -> Self {
        Self { what: what.into(), sends: sends.as_ref().to_owned(), answers, closes: None }
    }

    /// A case that is one message of the protocol, `{"type":"ping"}`.
    fn is_received(what: impl Into<String>, sends: impl AsRef<[u8]>) -> Self {
        Self::answers(what, sends, vec![pong()])
    }

    /// The frames come before the close frame.
    fn after(mut self, answers: Vec<Frame>) -> Self {
        self.answers = answers;
        self
    }
}

/// The relay's answer to `{"type":"ping"}`.
fn pong() -> Frame {
    (TEXT, PONG_MESSAGE.to_vec())
}

/// A message `{"type":"ping"}` of this many bytes.
fn ping_message(length: usize) -> Vec<u8> {
    let spaces = length.checked_sub(br#"{"type":"ping"}"#.len()).expect("long enough");
    format!(r#"{{"type":"ping"{}}}"#, " ".repeat(spaces)).into_bytes()
}

/// A relay, and a bystander on it whose events are counted.
struct Scene {
    world: World,
    relay: Relay,
    ada: Person,
    board: u64,
    bystander: Socket,
    head: u64,
}

impl Scene {
    /// A relay without a limit on messages per second.
    async fn patient() -> Self {
        Self::new(&["--messages-per-second", "1000000", "--message-burst", "1000000"]).await
    }

    async fn new(flags: &[&str]) -> Self {
        let world = World::shared().await;
        let ada = world.person().await;
        let board = world.board(&ada, &[]).await;
        let relay = Relay::start(&world, flags).await;
        let (bystander, head) = relay.follow(&world, &ada, board, None).await;
        Self { world, relay, ada, board, bystander, head }
    }

    /// The handshake's authentication headers for an endpoint.
    fn credentials(&self, endpoint: &str) -> String {
        match endpoint {
            "/ws" => format!("Authorization: Bearer {}\r\n", self.world.token(&self.ada)),
            _ => String::new(),
        }
    }

    /// A welcomed socket at an endpoint.
    async fn raw(&self, endpoint: &str) -> Raw {
        Raw::open(&self.relay, endpoint, &self.credentials(endpoint)).await
    }

    /// The bystander gets the next event.
    async fn bystander_lives(&mut self) {
        self.world.add(&self.ada, self.board, 1).await;
        self.head += 1;
        expect(&mut self.bystander, self.board, self.head..=self.head).await;
    }

    /// Tries each case at each endpoint: in one write, and, if it is short, with each byte in
    /// its own TCP segment.
    async fn try_all(&mut self, cases: Vec<Case>) {
        const SHORT: usize = 160;
        for case in cases {
            for endpoint in ENDPOINTS {
                self.try_one(&case, endpoint, false).await;
                if case.sends.len() <= SHORT {
                    self.try_one(&case, endpoint, true).await;
                }
            }
            self.bystander_lives().await;
        }
    }

    async fn try_one(&self, case: &Case, endpoint: &str, bytewise: bool) {
        let what = format!("{} at {endpoint}, bytewise: {bytewise}", case.what);
        let mut raw = self.raw(endpoint).await;
        if bytewise {
            raw.trickle(&case.sends).await;
        } else {
            raw.send(&case.sends).await;
        }
        let mut answers = case.answers.clone();
        if let Some(code) = case.closes {
            assert_eq!(raw.rest().await, (answers, code), "{what}");
            return;
        }
        // One more message, then a normal close.
        raw.send(&frame(TEXT, &ping_message(15))).await;
        raw.send(&frame(raw::CLOSE, &raw::close_payload(1000, b""))).await;
        answers.push(pong());
        assert_eq!(raw.rest().await, (answers, 1000), "{what}");
    }
}
