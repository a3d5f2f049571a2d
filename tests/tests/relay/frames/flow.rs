//! Framing: lengths in each of their forms, masks, reserved bits and opcodes, binary messages.

use super::raw::{CLOSE, PING, PONG, TEXT, frame, frame_with_length, unmasked};
use super::{Case, Scene, ping_message, pong};

/// The header of a text frame with an eight-byte length, up to its mask.
fn long(length: u64) -> Vec<u8> {
    [&[TEXT, 0xff][..], &length.to_be_bytes()].concat()
}

#[tokio::test]
async fn rfc_6455_5_2_lengths_are_read_in_their_shortest_form_only() {
    let mut cases = Vec::new();
    for length in [15, 16, 124, 125, 126, 127, 128, 255, 256, 4095, 4096, 4097, 16_383, 16_384] {
        let what = format!("a message of {length} bytes");
        cases.push(Case::is_received(what, frame(TEXT, &ping_message(length))));
    }
    for (what, length, payload) in [
        ("0 in two bytes", &[0xfe, 0, 0][..], 0),
        ("15 in two bytes", &[0xfe, 0, 15], 15),
        ("125 in two bytes", &[0xfe, 0, 125], 125),
        ("0 in eight bytes", &[0xff, 0, 0, 0, 0, 0, 0, 0, 0], 0),
        ("126 in eight bytes", &[0xff, 0, 0, 0, 0, 0, 0, 0, 126], 126),
        ("65,535 in eight bytes", &[0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 0),
    ] {
        let payload = vec![b' '; payload];
        cases.push(Case::closes(1002, what, frame_with_length(TEXT, length, &payload)));
    }
    cases.push(Case::closes(1002, "the length's highest bit", long(1 << 63)));
    cases.push(Case::closes(1002, "all bits of the length", long(u64::MAX)));
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn close_1009_a_message_over_16_kib_is_refused_by_its_header_alone() {
    let mut cases = vec![
        Case::closes(1009, "16,385 bytes, announced", [TEXT, 0xfe, 0x40, 0x01]),
        Case::closes(1009, "65,535 bytes, announced", [TEXT, 0xfe, 0xff, 0xff]),
        Case::closes(1009, "16,385 bytes, sent", frame(TEXT, &ping_message(16_385))),
        Case::closes(1009, "a first fragment of 16,385", [0x01, 0xfe, 0x40, 0x01]),
    ];
    for length in [65_536, 1 << 20, u64::from(u32::MAX), 1 << 32, 1 << 62, (1 << 63) - 1] {
        cases.push(Case::closes(1009, format!("{length} bytes, announced"), long(length)));
    }
    let heard = [frame(TEXT, &ping_message(15)), long(1 << 30)].concat();
    cases.push(Case::closes(1009, "after a good message", heard).after(vec![pong()]));
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_1_a_client_masks_with_any_key_and_never_not_at_all() {
    let message = ping_message(15);
    let zero = [&[TEXT, 0x8f, 0, 0, 0, 0][..], &message].concat();
    let mut cases = vec![Case::is_received("a mask of zeros", zero)];
    for (what, bytes) in [
        ("a message", unmasked(TEXT, &message)),
        ("an empty message", unmasked(TEXT, b"")),
        ("a ping", unmasked(PING, b"x")),
        ("a pong", unmasked(PONG, b"")),
        ("a good-bye", unmasked(CLOSE, &1000_u16.to_be_bytes())),
        ("binary", unmasked(0x82, b"x")),
    ] {
        cases.push(Case::closes(1002, format!("{what} without a mask"), bytes));
    }
    let second = [frame(TEXT, &message), unmasked(TEXT, &message)].concat();
    cases.push(Case::closes(1002, "the second without a mask", second).after(vec![pong()]));
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_2_reserved_bits_are_a_protocol_error_since_no_extension_was_agreed_on() {
    let mut cases = Vec::new();
    for bits in (0x10..=0x70).step_by(0x10) {
        let text = frame(TEXT | bits, &ping_message(15));
        cases.push(Case::closes(1002, format!("bits {bits:02x} of a message"), text));
    }
    for (what, first) in [
        ("an empty message", TEXT),
        ("binary", 0x82),
        ("a ping", PING),
        ("a pong", PONG),
        ("a good-bye", CLOSE),
    ] {
        cases.push(Case::closes(1002, format!("a bit of {what}"), frame(first | 0x40, b"")));
    }
    let message = ping_message(15);
    let late = [frame(0x01, &message[..7]), frame(0xc0, &message[7..])].concat();
    cases.push(Case::closes(1002, "a bit of a continuation", late));
    let second = [frame(TEXT, &message), frame(TEXT | 0x20, &message)].concat();
    cases.push(Case::closes(1002, "a bit of the second message", second).after(vec![pong()]));
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_2_reserved_opcodes_are_a_protocol_error() {
    let mut cases = Vec::new();
    for opcode in [0x3, 0x4, 0x5, 0x6, 0x7, 0xb, 0xc, 0xd, 0xe, 0xf] {
        let what = format!("opcode {opcode:x}");
        cases.push(Case::closes(1002, format!("{what}, empty"), frame(0x80 | opcode, b"")));
        let second = [frame(TEXT, &ping_message(15)), frame(0x80 | opcode, b"x")].concat();
        cases.push(Case::closes(1002, format!("{what}, later"), second).after(vec![pong()]));
        cases.push(Case::closes(1002, format!("{what}, in parts"), frame(opcode, b"x")));
    }
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn close_4400_binary_is_not_the_protocol() {
    let json = ping_message(15);
    let cases = vec![
        Case::closes(4400, "an empty one", frame(0x82, b"")),
        Case::closes(4400, "JSON in it", frame(0x82, &json)),
        Case::closes(4400, "16 KiB", frame(0x82, &vec![0xff; 16_384])),
        Case::closes(4400, "its first fragment", frame(0x02, &json)),
        Case::closes(4400, "after a good message", [frame(TEXT, &json), frame(0x82, b"")].concat())
            .after(vec![pong()]),
    ];
    Scene::patient().await.try_all(cases).await;
}
