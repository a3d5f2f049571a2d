//! A board's event on its way into Redis: what `publish.lua` needs to know of it.

use super::keys;
use crate::models::{BoardId, Seq};
use serde::Deserialize;

/// About how many events a board's stream keeps: older ones are read from PostgreSQL.
pub const STREAM_ENTRIES: u64 = 10_000;

/// About how many bytes of events a board's stream keeps; always the newest event.
pub const STREAM_BYTES: u64 = 4 * 1024 * 1024;

/// For how many seconds a board's stream is kept after its last event.
pub const STREAM_SECONDS: u64 = 24 * 3600;

/// About how many events a shard's feed keeps.
pub const FEED_ENTRIES: u64 = 100_000;

/// About how many bytes of events a shard's feed keeps; always the newest event.
pub const FEED_BYTES: u64 = 16 * 1024 * 1024;

/// A page of events ends when it has this many bytes.
pub const PAGE_BYTES: u64 = 1024 * 1024;

/// An event of a board.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Publication<'a> {
    board: BoardId,
    seq: Seq,
    event: &'a str,
}

/// A text that is no event.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an event: {0}")]
pub struct NotAnEvent(String);

#[derive(Deserialize)]
struct Wire {
    board_id: BoardId,
    seq: Seq,
}

impl<'a> Publication<'a> {
    /// The publication of an event as PostgreSQL gives it.
    ///
    /// # Errors
    /// [`NotAnEvent`] for anything else.
    pub fn of(event: &'a str) -> Result<Self, NotAnEvent> {
        let Wire { board_id: board, seq } =
            serde_json::from_str(event).map_err(|error| NotAnEvent(error.to_string()))?;
        Ok(Self { board, seq, event })
    }

    /// The board.
    #[must_use]
    pub fn board(&self) -> BoardId {
        self.board
    }

    /// The event's number.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }
}

/// The keys that `publish.lua` takes.
#[must_use]
pub fn publish_keys(board: BoardId) -> [String; 4] {
    let (stream, feed) = (keys::board_events(board), keys::feed(keys::shard(board)));
    let (of_stream, of_feed) = (keys::runs(&stream), keys::runs(&feed));
    [stream, feed, of_stream, of_feed]
}

/// The arguments that `publish.lua` takes for events of one board, oldest first.
#[must_use]
pub fn publish_arguments(board: BoardId, events: &[Publication<'_>]) -> Vec<String> {
    publish_arguments_within(&LIMITS, board, events)
}

/// What `publish.lua` keeps.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// About how many events, and bytes of them, the board's stream keeps, and for how many seconds.
    pub stream: [u64; 3],
    /// About how many events, and bytes of them, the feed keeps.
    pub feed: [u64; 2],
}

/// What it keeps but in tests.
const LIMITS: Limits = Limits {
    stream: [STREAM_ENTRIES, STREAM_BYTES, STREAM_SECONDS],
    feed: [FEED_ENTRIES, FEED_BYTES],
};

/// The same with limits of the caller's own.
#[must_use]
pub fn publish_arguments_within(
    limits: &Limits,
    board: BoardId,
    events: &[Publication<'_>],
) -> Vec<String> {
    let Limits { stream, feed } = limits;
    let numbers = [&[board.get()], &stream[..], &feed[..]].concat();
    let mut arguments: Vec<String> = numbers.iter().map(u64::to_string).collect();
    for event in events {
        arguments.extend([event.seq.to_string(), event.event.to_owned()]);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_touched_together_carries_one_hash_tag() {
        let board = BoardId::new(23).expect("an id");
        let keys = publish_keys(board);
        let (streams, runs) = keys.split_at(2);
        assert_eq!(streams, ["{s7}:board:23:events", "{s7}:feed"]);
        assert_eq!(runs, ["{s7}:board:23:events:runs", "{s7}:feed:runs"]);
    }

    #[test]
    fn a_text_that_is_no_event_is_refused() {
        for wrong in ["", "{}", "[]", r#"{"board_id": 23}"#, r#"{"board_id": 0, "seq": 1}"#] {
            assert!(Publication::of(wrong).is_err(), "{wrong}");
        }
    }
}
