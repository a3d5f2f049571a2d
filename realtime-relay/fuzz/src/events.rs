//! Fuzzes the encoding of events from what Redis, PostgreSQL and the functions hand over: it never
//! panics, and the frame that it makes is JSON with every member of the event.

#![no_main]

#[path = "../../src/event.rs"]
mod event;
#[path = "../../src/websocket/frame.rs"]
#[expect(dead_code, reason = "events are text frames; the other kinds are not made here")]
mod frame;
/// Where the encoder looks for it.
mod websocket {
    pub use crate::frame::text_frame;
}

use event::{BadEvent, EventFrame, encode, encode_spaced};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, value::RawValue};
use shared::models::{BoardId, MAX_ID};

/// A frame's text, whose length its header must tell.
fn payload(frame: &[u8]) -> &[u8] {
    let (header, length) = match frame {
        [0x81, 126, high, low, ..] => (4, usize::from(u16::from_be_bytes([*high, *low]))),
        [0x81, 127, _, _, _, _, a, b, c, d, ..] => {
            (10, u32::from_be_bytes([*a, *b, *c, *d]) as usize)
        }
        [0x81, short, ..] => (2, usize::from(*short)),
        _ => panic!("no text frame"),
    };
    assert_eq!(frame.len(), header + length);
    &frame[header..]
}

fn check(members: &Map<String, Value>, encoded: Result<(BoardId, EventFrame), BadEvent>) {
    let Ok((board, event)) = encoded else { return };
    assert!((1..=MAX_ID).contains(&event.seq));
    let sent: Map<String, Value> =
        serde_json::from_slice(payload(&event.frame)).expect("an object");
    assert_eq!((&sent["seq"], &sent["board_id"]), (&event.seq.into(), &board.get().into()));
    for (name, value) in members {
        assert_eq!(sent.get(name), Some(value), "{name}");
    }
    let deletes = members["action"] == "Delete";
    assert_eq!(event.deletes_board, deletes && members["entity"] == "board");
    assert!(event.removes_member.is_none() || (deletes && members["entity"] == "member"));
}

fuzz_target!(|text: &str| {
    let Ok(raw) = serde_json::from_str::<&RawValue>(text) else {
        assert!(encode_spaced(text).is_err(), "what is no JSON is no event");
        return;
    };
    let (as_written, spaced) = (encode(raw), encode_spaced(text));
    // Numbers that no value holds (1e999) are passed on and cannot be compared.
    if let Ok(members) = serde_json::from_str::<Map<String, Value>>(text) {
        assert_eq!(as_written.is_ok(), spaced.is_ok());
        check(&members, as_written);
        check(&members, spaced);
    }
});
