//! The data about a board in PostgreSQL and Redis, for comparing them with each other and with
//! the API.

use crate::api::{assert_dense, seq};
use crate::databases::Databases;
use serde_json::Value;

/// An entry of a stream: its id, and its alternating fields and values.
type Entry = (String, Vec<String>);

impl Databases {
    /// A connection to Redis.
    ///
    /// # Panics
    /// If it is unavailable.
    #[must_use]
    pub fn redis_connection(&self) -> redis::Connection {
        let client = redis::Client::open(self.redis_url()).expect("an address");
        client.get_connection().expect("Redis")
    }

    /// The board's events from its stream in Redis, oldest first.
    ///
    /// # Panics
    /// If an entry is not `SEQ-0` with the only field `event`, whose `seq` is SEQ.
    #[must_use]
    pub fn streamed(&self, board: u64) -> Vec<Value> {
        let name = format!("{{s{}}}:board:{board}:events", board % 16);
        let mut range = redis::cmd("XRANGE");
        let range = range.arg(name).arg("-").arg("+");
        let entries: Vec<Entry> = range.query(&mut self.redis_connection()).expect("a stream");
        let read = |(id, fields): Entry| {
            let [name, event] = fields.as_slice() else { panic!("the fields of {id}: {fields:?}") };
            assert_eq!(name, "event");
            let event: Value = serde_json::from_str(event).expect("JSON");
            assert_eq!(id, format!("{}-0", event["seq"]));
            event
        };
        entries.into_iter().map(read).collect()
    }

    /// This board's events from the feed of its shard.
    ///
    /// # Panics
    /// If an entry is not as docs/contract/realtime.md says.
    #[must_use]
    pub fn fed(&self, board: u64) -> Vec<Value> {
        let mut range = redis::cmd("XRANGE");
        let range = range.arg(format!("{{s{}}}:feed", board % 16)).arg("-").arg("+");
        let entries: Vec<Entry> = range.query(&mut self.redis_connection()).expect("a stream");
        let read = |(id, fields): Entry| {
            let names: Vec<&str> = fields.iter().step_by(2).map(String::as_str).collect();
            assert_eq!(names, ["board", "seq", "event"], "{id}");
            let event: Value = serde_json::from_str(&fields[5]).expect("JSON");
            assert_eq!(fields[1], event["board_id"].to_string());
            assert_eq!(fields[3], event["seq"].to_string());
            event
        };
        let events = entries.into_iter().map(read);
        events.filter(|event| event["board_id"] == board).collect()
    }

    /// The board's events from PostgreSQL, all of them, oldest first.
    ///
    /// # Panics
    /// If it is unavailable.
    #[must_use]
    pub fn logged(&self, board: u64) -> Vec<Value> {
        let statement = format!(
            "SELECT {} FROM events WHERE board_id = {board} ORDER BY seq",
            hexadecimal("event")
        );
        let rows = self.psql(&statement).expect("events");
        rows.lines().map(json).collect()
    }

    /// The board with its tasks and members from PostgreSQL, as seen with this role.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn board(&self, board: u64, role: &str) -> Value {
        let document = hexadecimal("board_document(boards)");
        let statement = format!("SELECT {document} FROM boards WHERE id = {board}");
        let mut document = json(self.psql(&statement).expect("a board").trim());
        document["role"] = role.into();
        document
    }

    /// Fails unless everything was published: the board's stream has no gaps, reaches its newest
    /// event, and matches PostgreSQL, and so does the feed. Each may begin later than the log: with
    /// the first event that was published, or that is still kept.
    ///
    /// # Panics
    /// If something was not.
    #[track_caller]
    pub fn assert_delivered(&self, board: u64) {
        let (streamed, logged, fed) = (self.streamed(board), self.logged(board), self.fed(board));
        assert_dense(&logged, 1);
        for (name, reported) in [("stream", streamed), ("feed", fed)] {
            let first = reported.first().map_or(1, seq);
            assert_dense(&reported, first);
            let known = usize::try_from(first - 1).expect("a small number");
            assert!(reported == logged[known..], "{name} and log of board {board} differ");
        }
    }
}

/// An expression whose text psql prints unchanged: from others it omits Unicode's noncharacters,
/// such as U+BFFFF.
fn hexadecimal(expression: &str) -> String {
    format!("encode(convert_to(({expression})::text, 'UTF8'), 'hex')")
}

fn json(digits: &str) -> Value {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(byte).collect();
    serde_json::from_slice(&bytes.expect("hexadecimal digits")).expect("JSON")
}
