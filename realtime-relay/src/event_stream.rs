//! Server-Sent Events (HTML Living Standard, section 9.2): what the WebSocket frames of a board say, as
//! blocks of lines. The JSON is the frames' own, sliced and not copied.

use crate::websocket::text_of;
use bytes::{Bytes, BytesMut};
use shared::protocol::CloseCode;
use std::fmt::Write as _;
use std::time::Duration;

/// The number of pieces of each event's block: its first lines, the JSON, its end.
pub const PIECES: usize = 3;

/// The end of a line, and of a block.
const END: Bytes = Bytes::from_static(b"\n\n");
/// Room for the first lines of one event.
const FIRST_LINES: usize = 48;

/// The blocks of the consecutive events `first`, `first + 1`, …, [`PIECES`] pieces each:
/// `id: SEQ`, `event: event`, `data: ` and the JSON, which is one line.
#[must_use]
pub fn events(first: u64, frames: &[Bytes]) -> Vec<Bytes> {
    let mut lines = BytesMut::with_capacity(frames.len() * FIRST_LINES);
    let blocks = (first..).zip(frames).flat_map(|(seq, frame)| {
        // Writing to a growing buffer cannot fail.
        let _ = write!(lines, "id: {seq}\nevent: event\ndata: ");
        [lines.split().freeze(), text_of(frame).unwrap_or_default(), END]
    });
    blocks.collect()
}

/// The block of a message of the session, which has no `id`: a client's cursor stays where it is. The
/// event's name is the message's type, but for `error`, a name that `EventSource` uses itself: that is
/// `refused`. `None` for frames that are no messages (a ping).
#[must_use]
pub fn message(frame: &Bytes) -> Option<Bytes> {
    let json = text_of(frame)?;
    let kind = json.strip_prefix(br#"{"type":""#)?.split(|byte| *byte == b'"').next()?;
    let name = if kind == b"error" { &b"refused"[..] } else { kind };
    Some([b"event: ", name, b"\ndata: ", &json, &END].concat().into())
}

/// What opens every stream: how long to wait before reconnecting.
#[must_use]
pub fn opening(retry: Duration) -> Bytes {
    format!("retry: {}\n\n", retry.as_millis()).into()
}

/// The last lines of a stream: a comment, which `EventSource` passes over, for those who look at it.
#[must_use]
pub fn end(code: CloseCode) -> Bytes {
    format!(": {} {}\n\n", code.code(), code.reason()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::websocket::{ping_frame, text_frame};
    use proptest::prelude::*;

    /// Event name, id and data of each block, by the rules of the standard.
    fn read(text: &str) -> Vec<(String, Option<String>, String)> {
        let blocks = text.split_terminator("\n\n");
        let field = |block: &str, name: &str| {
            let line = block.split('\n').find_map(|line| line.strip_prefix(name));
            line.map(|value| value.strip_prefix(": ").unwrap_or(value).to_owned())
        };
        let parts = |block: &str| {
            let data = field(block, "data").unwrap_or_default();
            (field(block, "event").unwrap_or_default(), field(block, "id"), data)
        };
        blocks.map(parts).collect()
    }

    #[test]
    fn rt_stream_a_message_is_named_by_its_type_and_has_no_id() {
        for (json, name) in [
            (r#"{"type":"subscribed","board":7,"seq":57,"epoch":"e"}"#, "subscribed"),
            (r#"{"type":"heartbeat","heads":{"7":57}}"#, "heartbeat"),
            (r#"{"type":"error","code":"not-found","detail":"d"}"#, "refused"),
        ] {
            let block = message(&text_frame(&[json])).expect("a block");
            let text = String::from_utf8(block.to_vec()).expect("UTF-8");
            assert_eq!(read(&text), [(name.to_owned(), None, json.to_owned())]);
        }
        assert_eq!(message(&ping_frame()), None);
    }

    #[test]
    fn the_opening_and_the_end_are_no_events() {
        assert_eq!(opening(Duration::from_millis(1234)), "retry: 1234\n\n");
        assert!(end(CloseCode::Restarting).starts_with(b": 1012 "));
        assert!(end(CloseCode::Restarting).ends_with(b"\n\n"));
    }

    proptest! {
        #[test]
        fn rt_stream_each_event_is_one_block_with_its_number_and_its_frames_json(
            first in 1_u64..1_000_000,
            lengths in prop::collection::vec(1_usize..70_000, 0..17),
        ) {
            let texts: Vec<String> = lengths.iter().map(|length| "x".repeat(*length)).collect();
            let frames: Vec<Bytes> = texts.iter().map(|text| text_frame(&[text])).collect();
            let pieces = events(first, &frames);
            prop_assert_eq!(pieces.len(), PIECES * frames.len());
            let text = String::from_utf8(pieces.concat()).expect("UTF-8");
            let expected: Vec<_> = (first..)
                .zip(texts)
                .map(|(seq, text)| ("event".to_owned(), Some(seq.to_string()), text))
                .collect();
            prop_assert_eq!(read(&text), expected);
        }
    }
}
