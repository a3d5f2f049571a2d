//! A board's event on its way into Redis: what `publish.lua` needs to know of it.

use super::keys;
use crate::models::{Action, BoardId, Seq};
use serde::Deserialize;
use serde_json::value::RawValue;

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

/// A page of events, wherever it goes, ends when it has so many bytes.
pub const PAGE_BYTES: u64 = 1024 * 1024;

/// For how many seconds a cached document is kept after it was last changed.
pub const DOCUMENT_SECONDS: u64 = 3600;

/// An event, and what it changes in the cached document of its board.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Publication<'a> {
    board: BoardId,
    seq: Seq,
    event: &'a str,
    timestamp: &'a str,
    part: &'static str,
    id: String,
    value: &'a str,
}

/// A text that is no event.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an event: {0}")]
pub struct NotAnEvent(String);

#[derive(Deserialize)]
struct Wire<'a> {
    board_id: BoardId,
    seq: Seq,
    action: Action,
    entity: &'a str,
    #[serde(borrow)]
    timestamp: &'a RawValue,
    #[serde(borrow)]
    board: Option<&'a RawValue>,
    #[serde(borrow)]
    task: Option<&'a RawValue>,
    #[serde(borrow)]
    task_patch: Option<&'a RawValue>,
    #[serde(borrow)]
    member: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Named {
    id: u64,
}

impl<'a> Publication<'a> {
    /// The publication of an event as PostgreSQL gives it.
    ///
    /// # Errors
    /// [`NotAnEvent`] for anything else.
    pub fn of(event: &'a str) -> Result<Self, NotAnEvent> {
        let wrong = |why: &dyn std::fmt::Display| NotAnEvent(why.to_string());
        let wire: Wire<'_> = serde_json::from_str(event).map_err(|error| wrong(&error))?;
        let (part, whole, goes) = match (wire.entity, wire.action) {
            ("board", Action::Delete) => ("drop", None, true),
            ("board", _) => ("board", wire.board, false),
            ("task", action) => ("tasks", wire.task, action == Action::Delete),
            // Its task's `comment_count` and version have changed; older events carry it whole.
            ("comment", _) if wire.task.is_some() => ("tasks", wire.task, false),
            ("comment", _) => ("task_patches", wire.task_patch, false),
            ("member", action) => ("members", wire.member, action == Action::Delete),
            (entity, _) => return Err(wrong(&format_args!("the entity {entity}"))),
        };
        let whole = whole.map(RawValue::get);
        let id = match (part, whole) {
            ("drop" | "board", _) => String::new(),
            (_, Some(whole)) => {
                let named: Named = serde_json::from_str(whole).map_err(|error| wrong(&error))?;
                named.id.to_string()
            }
            (part, None) => return Err(wrong(&format_args!("without what it says of {part}"))),
        };
        let value = if goes { "" } else { whole.unwrap_or_default() };
        let timestamp = wire.timestamp.get();
        Ok(Self { board: wire.board_id, seq: wire.seq, event, timestamp, part, id, value })
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
pub fn publish_keys(board: BoardId) -> [String; 5] {
    let (stream, feed) = (keys::board_events(board), keys::feed(keys::shard(board)));
    let (of_stream, of_feed) = (keys::runs(&stream), keys::runs(&feed));
    [stream, feed, keys::board_document(board), of_stream, of_feed]
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
    let numbers = [&[board.get()], &stream[..], &feed[..], &[DOCUMENT_SECONDS]].concat();
    let mut arguments: Vec<String> = numbers.iter().map(u64::to_string).collect();
    for event in events {
        arguments.push(event.seq.to_string());
        let texts = [event.event, event.timestamp, event.part, &event.id, event.value];
        arguments.extend(texts.map(str::to_owned));
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(event: &str) -> [String; 3] {
        let publication = Publication::of(event).expect("an event");
        let arguments = publish_arguments(publication.board(), &[publication]);
        assert_eq!(arguments.len(), 13);
        [arguments[10].clone(), arguments[11].clone(), arguments[12].clone()]
    }

    fn event(rest: &str) -> String {
        format!(r#"{{"board_id": 23, "seq": 4, "timestamp": "2026-01-02T03:04:05.678Z", {rest}}}"#)
    }

    #[test]
    fn an_event_changes_the_part_of_the_document_that_applying_it_would() {
        let task = r#"{"id": 12, "title": "a"}"#;
        let of = |rest: &str| part(&event(rest));
        let added = of(&format!(r#""action": "Add", "entity": "task", "task": {task}"#));
        assert_eq!(added, ["tasks", "12", task]);
        let gone = of(&format!(r#""action": "Delete", "entity": "task", "task": {task}"#));
        assert_eq!(gone, ["tasks", "12", ""]);
        let patch = r#"{"id": 12, "comment_count": 0}"#;
        let remark = of(&format!(
            r#""action": "Delete", "entity": "comment", "comment": {{}}, "task_patch": {patch}"#
        ));
        assert_eq!(remark, ["task_patches", "12", patch], "a comment that goes leaves its task");
        let old = of(&format!(
            r#""action": "Add", "entity": "comment", "comment": {{}}, "task": {task}"#
        ));
        assert_eq!(old, ["tasks", "12", task]);
        let left = of(r#""action": "Delete", "entity": "member", "member": {"id": 3}"#);
        assert_eq!(left, ["members", "3", ""]);
        let named = of(r#""action": "Update", "entity": "board", "board": {"id": 23}"#);
        assert_eq!(named, ["board", "", r#"{"id": 23}"#]);
        let deleted = of(r#""action": "Delete", "entity": "board", "board": {"id": 23}"#);
        assert_eq!(deleted, ["drop", "", ""]);
    }

    #[test]
    fn what_is_touched_together_carries_one_hash_tag() {
        let board = BoardId::new(23).expect("an id");
        let keys = publish_keys(board);
        let of_board = ["{s7}:board:23:events", "{s7}:feed", "{s7}:board:23:doc"];
        assert_eq!(keys[..3], of_board);
        assert_eq!(keys[3..], ["{s7}:board:23:events:runs", "{s7}:feed:runs"]);
    }

    #[test]
    fn a_text_that_is_no_event_is_refused() {
        for wrong in ["", "{}", "[]", &event(r#""action": "Add", "entity": "cat""#)] {
            assert!(Publication::of(wrong).is_err(), "{wrong}");
        }
        assert!(Publication::of(&event(r#""action": "Add", "entity": "task""#)).is_err());
    }
}
