//! One event as the relay holds it: its place in the board's order and its encoded frame.

use crate::websocket::text_frame;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use shared::Traceparent;
use shared::models::{BoardId, MAX_ID, Timestamp, UserId};
use std::borrow::Cow;

/// An event, encoded once for all of its receivers.
#[derive(Clone, Debug)]
pub struct EventFrame {
    /// Its place in the board's history, 1 or more.
    pub seq: u64,
    /// The whole WebSocket frame, header included. Its JSON is one line: event streams need that.
    pub frame: Bytes,
    /// Whether it is the board's last: the board itself was deleted.
    pub deletes_board: bool,
    /// Who is not a member of the board from here on.
    pub removes_member: Option<UserId>,
    /// When it happened, in milliseconds since 1970, if it says so.
    pub timestamp: Option<u64>,
    /// When it was published, in milliseconds since 1970, where it comes as it happens.
    pub published: Option<u64>,
    /// The trace that its change is followed in.
    pub trace: Option<Traceparent>,
}

/// Why a JSON value is no event.
#[derive(Debug, thiserror::Error)]
pub enum BadEvent {
    /// Not an object with the members that the relay needs.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// A number out of range.
    #[error("`board_id` and `seq` must lie between 1 and 2^53-1")]
    Range,
}

/// What the relay reads of an event; everything else is passed on as it came.
#[derive(Deserialize)]
struct Needed<'event> {
    board_id: u64,
    seq: u64,
    #[serde(borrow)]
    action: Cow<'event, str>,
    #[serde(borrow)]
    entity: Cow<'event, str>,
    #[serde(borrow)]
    member: Option<&'event RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'event RawValue>,
    #[serde(borrow)]
    traceparent: Option<&'event RawValue>,
}

/// What the relay reads of a member.
#[derive(Deserialize)]
struct Member {
    id: UserId,
}

/// Encodes an event of docs/contract/api.md: `{"type":"event","board":7,` and then the event's own
/// members, as they were written. An event of the board itself has a `board` of its own, the
/// entity; a JSON object has each name once (RFC 8259, section 4), so there the id is in
/// `board_id` only.
///
/// # Errors
/// [`BadEvent`] when it is not an object or lacks what the order needs.
pub fn encode(event: &RawValue) -> Result<(BoardId, EventFrame), BadEvent> {
    // White space may be between the parts, but not line breaks. JSON strings cannot contain them, and
    // no two parts would become one without them.
    let mut text = Cow::Borrowed(event.get());
    if text.contains(['\n', '\r']) {
        text = text.replace(['\n', '\r'], "").into();
    }
    let needed: Needed<'_> = serde_json::from_str(&text)?;
    let board = BoardId::new(needed.board_id).ok_or(BadEvent::Range)?;
    if !(1..=MAX_ID).contains(&needed.seq) {
        return Err(BadEvent::Range);
    }
    // serde reads structs from arrays as well; an event is an object.
    let members = text.strip_prefix('{').ok_or(BadEvent::Range)?;
    let prefix = match needed.entity.as_ref() {
        "board" => r#"{"type":"event","#.to_owned(),
        _ => format!(r#"{{"type":"event","board":{board},"#),
    };
    let deletes = needed.action == "Delete";
    let removes_member = match needed.member {
        Some(member) if deletes && needed.entity == "member" => {
            Some(serde_json::from_str::<Member>(member.get())?.id)
        }
        _ => None,
    };
    let timestamp = needed.timestamp.and_then(|it| serde_json::from_str(it.get()).ok());
    let timestamp = timestamp.and_then(|it: Timestamp| u64::try_from(it.milliseconds()).ok());
    let frame = EventFrame {
        seq: needed.seq,
        frame: text_frame(&[&prefix, members]),
        deletes_board: deletes && needed.entity == "board",
        removes_member,
        timestamp,
        published: None,
        trace: needed.traceparent.and_then(trace),
    };
    Ok((board, frame))
}

/// The trace that this value names, if it is one.
fn trace(value: &RawValue) -> Option<Traceparent> {
    Traceparent::parse(&serde_json::from_str::<Cow<'_, str>>(value.get()).ok()?)
}

/// Encodes an event as PostgreSQL writes it, which puts a space after each comma and colon: those
/// are left out, since every receiver would pay for them.
///
/// # Errors
/// As [`encode`].
pub fn encode_spaced(text: &str) -> Result<(BoardId, EventFrame), BadEvent> {
    let compact = compact(text);
    encode(serde_json::from_str(&compact)?)
}

/// Encodes an entry of everything that happened, with its cursor, for the admins' feed.
#[must_use]
pub fn encode_activity(event: &str, cursor: &str) -> Bytes {
    let prefix = format!(r#"{{"type":"event","feed":"activity","cursor":"{cursor}","#);
    let event = compact(event);
    text_frame(&[&prefix, event.strip_prefix('{').unwrap_or_default()])
}

/// A JSON text without the spaces behind its commas and colons. Other white space stays: without it
/// `4 2`, which is not JSON, would become a number.
fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut previous, mut start) = (false, false, 0, 0);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b' ' if !quoted && matches!(previous, b',' | b':') => {
                compact.push_str(text.get(start..index).unwrap_or_default());
                start = index + 1;
            }
            _ => {}
        }
        previous = byte;
    }
    compact.push_str(text.get(start..).unwrap_or_default());
    compact
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode_text(text: &str) -> Result<(BoardId, EventFrame), BadEvent> {
        encode(&RawValue::from_string(text.to_owned()).expect("JSON"))
    }

    #[test]
    fn rt_ring_an_event_is_passed_on_as_it_was_written() {
        let text =
            r#"{ "board_id":7,"seq":43,"action":"Add","entity":"task","task":{"title":"ü"}}"#;
        let (board, event) = encode_text(text).expect("an event");
        assert_eq!((board.get(), event.seq, event.deletes_board), (7, 43, false));
        let expected = r#"{"type":"event","board":7, "board_id":7,"seq":43,"action":"Add","entity":"task","task":{"title":"ü"}}"#;
        assert_eq!(event.frame[2..], *expected.as_bytes());
    }

    #[test]
    fn rt_message_an_event_is_one_line_however_it_was_written() {
        let text = "{\n\"board_id\": 7,\r\"seq\":43,\"action\":\"Add\",\"entity\":\"task\",\"task\":{\"title\":\"a\\nb\"}\r\n}";
        let (_, event) = encode_text(text).expect("an event");
        assert!(!event.frame.contains(&b'\n') && !event.frame.contains(&b'\r'));
        assert!(event.frame.ends_with(br#""task":{"title":"a\nb"}}"#));
    }

    /// Found by fuzzing: a line break that stood behind no comma and no colon was looked at for ever.
    #[test]
    fn rt_message_line_breaks_end_nothing_wherever_they_stand() {
        let text =
            "{\n\n\"board_id\"\n:7 \n,\"seq\":43\r,\"action\":\"Add\",\"entity\":\"task\"\n}\n";
        for (_, event) in [encode_text(text), encode_spaced(text)].map(|it| it.expect("an event")) {
            assert!(!event.frame.contains(&b'\n') && !event.frame.contains(&b'\r'));
        }
    }

    #[test]
    fn rt_message_an_event_of_the_board_itself_has_one_board_member() {
        let text = r#"{"board_id":7,"seq":2,"action":"Update","entity":"board","board":{"id":7}}"#;
        let (_, event) = encode_text(text).expect("an event");
        let expected = format!(r#"{{"type":"event",{}"#, &text[1..]);
        assert_eq!(event.frame[2..], *expected.as_bytes());
    }

    #[test]
    fn rt6_only_the_deletion_of_the_board_ends_it() {
        for (entity, deletes) in [("board", true), ("task", false)] {
            let text = format!(r#"{{"board_id":7,"seq":1,"action":"Delete","entity":"{entity}"}}"#);
            assert_eq!(encode_text(&text).expect("an event").1.deletes_board, deletes);
        }
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for text in [
            "[]",
            "[7,1,\"Add\",\"task\"]",
            "{}",
            r#"{"board_id":7,"seq":0,"action":"Add","entity":"task"}"#,
            r#"{"board_id":0,"seq":1,"action":"Add","entity":"task"}"#,
            r#"{"board_id":7,"seq":9007199254740992,"action":"Add","entity":"task"}"#,
        ] {
            assert!(encode_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rt6_only_the_removal_of_a_member_ends_their_view() {
        for (action, entity, removes) in [
            ("Delete", "member", Some(3)),
            ("Add", "member", None),
            ("Update", "member", None),
            ("Delete", "task", None),
        ] {
            let text = format!(
                r#"{{"board_id":7,"seq":1,"action":"{action}","entity":"{entity}","member":{{"id":3,"role":"viewer"}}}}"#
            );
            assert_eq!(encode_text(&text).expect("an event").1.removes_member, removes);
        }
    }

    #[test]
    fn rt_trace_whatever_a_traceparent_is_the_event_is_passed_on() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for (value, read) in [
            (format!("\"{good}\""), Some(good)),
            ("\"\\u0027\"".to_owned(), None),
            ("7".to_owned(), None),
            ("{\"a\":1}".to_owned(), None),
            ("null".to_owned(), None),
        ] {
            let text = format!(
                r#"{{"board_id":7,"seq":1,"action":"Add","entity":"task","traceparent":{value}}}"#
            );
            let (_, event) = encode_text(&text).expect("an event");
            assert_eq!(event.trace.as_ref().map(Traceparent::as_str), read, "{value}");
        }
    }

    #[test]
    fn what_postgresql_writes_loses_its_spaces_and_no_others() {
        let text = r#"{"seq": 43, "board_id": 7, "action": "Add", "entity": "task", "task": {"title": "a, b: \"c d\" \\", "labels": ["x y", "z"]}}"#;
        let (_, event) = encode_spaced(text).expect("an event");
        let expected = r#"{"type":"event","board":7,"seq":43,"board_id":7,"action":"Add","entity":"task","task":{"title":"a, b: \"c d\" \\","labels":["x y","z"]}}"#;
        let header = event.frame.len() - expected.len();
        assert_eq!(event.frame[header..], *expected.as_bytes());
    }

    /// Found by fuzzing: white space was left out wherever it stood, also within a number.
    #[test]
    fn what_is_no_json_does_not_become_json_by_losing_its_white_space() {
        for number in ["4 2", "4\t2", "- 4", "4. 2"] {
            let text = format!(
                r#"{{"board_id": 7, "seq": 1, "action": "Add", "entity": "task", "x": {number}}}"#
            );
            assert!(encode_spaced(&text).is_err(), "{text}");
        }
    }
}
