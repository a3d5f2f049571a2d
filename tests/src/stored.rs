//! What stands in PostgreSQL and in Redis about a board, to be compared with each other and with
//! what the API says.

use crate::api::{assert_dense, seq};
use crate::databases::Databases;
use serde_json::Value;

/// An entry of a stream: its id, and its fields with their values in turn.
type Entry = (String, Vec<String>);

impl Databases {
    /// A connection to Redis.
    ///
    /// # Panics
    /// When it is unavailable.
    #[must_use]
    pub fn redis_connection(&self) -> redis::Connection {
        let client = redis::Client::open(self.redis_url()).expect("an address");
        client.get_connection().expect("Redis")
    }

    /// The board's events from its stream in Redis, oldest first.
    ///
    /// # Panics
    /// When an entry is not `SEQ-0` with the one field `event`, whose `seq` is SEQ.
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

    /// The same from the feed of its shard: what of it is this board's.
    ///
    /// # Panics
    /// When an entry is not what docs/contract/realtime.md says.
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
    /// When it is unavailable.
    #[must_use]
    pub fn logged(&self, board: u64) -> Vec<Value> {
        let statement = format!(
            "SELECT {} FROM events WHERE board_id = {board} ORDER BY seq",
            hexadecimal("event")
        );
        let rows = self.psql(&statement).expect("events");
        rows.lines().map(json).collect()
    }

    /// The board with its tasks and members from PostgreSQL, as whoever has this role sees it.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn board(&self, board: u64, role: &str) -> Value {
        let document = hexadecimal("board_document(boards)");
        let statement = format!("SELECT {document} FROM boards WHERE id = {board}");
        let mut document = json(self.psql(&statement).expect("a board").trim());
        document["role"] = role.into();
        document
    }

    /// Fails unless everybody has been told of everything: the board's stream is dense, reaches its
    /// newest event, holds what PostgreSQL holds, and so does the feed. Each may begin later than
    /// the log: with the first event that Redis was told of, or that it keeps.
    ///
    /// # Panics
    /// When that is not so.
    #[track_caller]
    pub fn assert_delivered(&self, board: u64) {
        let (streamed, logged, fed) = (self.streamed(board), self.logged(board), self.fed(board));
        assert_dense(&logged, 1);
        for (name, told) in [("stream", streamed), ("feed", fed)] {
            let first = told.first().map_or(1, seq);
            assert_dense(&told, first);
            let known = usize::try_from(first - 1).expect("a small number");
            assert!(told == logged[known..], "{name} and log of board {board} differ");
        }
    }
}

/// An expression whose text psql gives as it is: of others it leaves out what Unicode calls no
/// characters, such as U+BFFFF.
fn hexadecimal(expression: &str) -> String {
    format!("encode(convert_to(({expression})::text, 'UTF8'), 'hex')")
}

fn json(digits: &str) -> Value {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(byte).collect();
    serde_json::from_slice(&bytes.expect("hexadecimal digits")).expect("JSON")
}
