//! Fragmentation: messages in parts, control frames between them, stray fragments.

use super::raw::{CLOSE, PING, PONG, TEXT, close_payload, frame};
use super::{Case, Scene, ping_message, pong};

const FIRST: u8 = 0x01;
const MIDDLE: u8 = 0x00;
const LAST: u8 = 0x80;

/// A message in fragments of this size, with these bytes after each but the last.
fn fragments(message: &[u8], size: usize, between: &[u8]) -> Vec<u8> {
    let parts: Vec<_> = message.chunks(size).collect();
    let mut bytes = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        let first = if index == 0 { FIRST } else { MIDDLE };
        bytes.extend(frame(if last { first | 0x80 } else { first }, part));
        if !last {
            bytes.extend_from_slice(between);
        }
    }
    bytes
}

#[tokio::test]
async fn rfc_6455_5_4_a_message_is_put_together_from_its_fragments() {
    let message = ping_message(15);
    let (head, tail) = message.split_at(6);
    let cases = vec![
        Case::is_received("in two", fragments(&message, 8, b"")),
        Case::is_received("in fragments of one byte", fragments(&message, 1, b"")),
        Case::is_received(
            "the first empty",
            [frame(FIRST, b""), frame(MIDDLE, head), frame(LAST, tail)].concat(),
        ),
        Case::is_received(
            "one in the middle empty",
            [frame(FIRST, head), frame(MIDDLE, b""), frame(LAST, tail)].concat(),
        ),
        Case::is_received("the last empty", [frame(FIRST, &message), frame(LAST, b"")].concat()),
        Case::is_received(
            "ten thousand empty ones",
            [frame(FIRST, b""), frame(MIDDLE, b"").repeat(10_000), frame(LAST, &message)].concat(),
        ),
        Case::answers("two messages", fragments(&message, 5, b"").repeat(2), vec![pong(), pong()]),
        Case::is_received(
            "16 KiB in fragments of 1 KiB",
            fragments(&ping_message(16_384), 1024, b""),
        ),
        Case::is_received(
            "16 KiB in fragments of a byte",
            fragments(&ping_message(16_384), 1, b""),
        ),
    ];
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_4_control_frames_between_fragments_are_answered_at_once() {
    let message = ping_message(15);
    let ping = frame(PING, b"now");
    let pongs = |count: usize| {
        let mut answers = vec![(PONG, b"now".to_vec()); count];
        answers.push(pong());
        answers
    };
    let full = [frame(FIRST, &ping_message(16_384)), frame(PING, &[7; 125]), frame(LAST, b"")];
    let cases = vec![
        Case::answers("a ping in two", fragments(&message, 8, &ping), pongs(1)),
        Case::answers("a ping after each byte", fragments(&message, 1, &ping), pongs(14)),
        Case::is_received("a pong after each byte", fragments(&message, 1, &frame(PONG, b""))),
        // A control frame is not part of the message and does not count towards its length.
        Case::answers("125 bytes in 16 KiB", full.concat(), vec![(PONG, vec![7; 125]), pong()]),
        Case::closes(1000, "a good-bye", fragments(&message, 8, &frame(CLOSE, b""))),
        Case::closes(
            1000,
            "a good-bye with a code",
            [frame(FIRST, b"{"), frame(CLOSE, &close_payload(1001, b"gone"))].concat(),
        ),
    ];
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_4_fragments_that_fit_to_nothing_are_a_protocol_error() {
    let message = ping_message(15);
    let whole = fragments(&message, 8, b"");
    let begun = frame(FIRST, b"{");
    let cases = vec![
        Case::closes(1002, "the end of nothing", frame(LAST, b"x")),
        Case::closes(1002, "an empty end of nothing", frame(LAST, b"")),
        Case::closes(1002, "the middle of nothing", frame(MIDDLE, b"x")),
        Case::closes(1002, "one end too many", [whole.clone(), frame(LAST, b"")].concat())
            .after(vec![pong()]),
        Case::closes(
            1002,
            "after a whole message",
            [frame(TEXT, &message), frame(0, b"")].concat(),
        )
        .after(vec![pong()]),
        Case::closes(1002, "a message within", [begun.clone(), frame(TEXT, &message)].concat()),
        Case::closes(1002, "a second start", [begun.clone(), frame(FIRST, b"}")].concat()),
        Case::closes(1002, "binary within", [begun.clone(), frame(0x82, b"x")].concat()),
        Case::closes(1002, "a binary start within", [begun, frame(0x02, b"x")].concat()),
        Case::closes(1002, "a ping in parts", [frame(PING & 15, b""), frame(LAST, b"")].concat()),
    ];
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn close_1009_fragments_are_counted_together() {
    let full = frame(FIRST, &ping_message(16_384));
    let kilobyte = vec![b' '; 1024];
    let endless = [frame(FIRST, b"{"), frame(MIDDLE, &kilobyte).repeat(16)].concat();
    let bytewise = [frame(FIRST, b"{"), frame(MIDDLE, b" ").repeat(16_384)].concat();
    let cases = vec![
        Case::closes(1009, "one byte more", [full.clone(), frame(LAST, b" ")].concat()),
        Case::closes(1009, "one byte more to be continued", [full, frame(MIDDLE, b" ")].concat()),
        Case::closes(1009, "fragments without an end", endless),
        Case::closes(1009, "single bytes without an end", bytewise),
        Case::closes(
            1009,
            "too much announced for what is there already",
            [&frame(FIRST, b"{")[..], &[LAST, 0xfe, 0x40, 0x00]].concat(),
        ),
    ];
    Scene::patient().await.try_all(cases).await;
}
