//! The closing handshake: codes, reasons, and data after a close frame.

use super::raw::{CLOSE, PING, TEXT, close_payload, frame};
use super::{Case, Scene, ping_message, pong};

fn good_bye(code: u16) -> Vec<u8> {
    frame(CLOSE, &close_payload(code, b""))
}

#[tokio::test]
async fn rfc_6455_7_4_codes_that_a_client_may_send_are_answered_with_1000() {
    let mut cases = vec![Case::closes(1000, "no code", frame(CLOSE, b""))];
    let known = (1000..=1003).chain(1007..=1014);
    for code in known.chain([3000, 3001, 3999, 4000, 4400, 4999]) {
        cases.push(Case::closes(1000, format!("code {code}"), good_bye(code)));
    }
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_7_4_codes_that_are_never_sent_are_a_protocol_error() {
    let mut cases = vec![Case::closes(1002, "half a code", frame(CLOSE, &[3]))];
    for code in [
        0, 1, 99, 999, // no codes at all
        1004, 1005, 1006, 1015, // reserved, for what is never on the wire
        1016, 1017, 1099, 1100, 1999, 2000, 2999, // reserved for the protocol's future
        5000, 6000, 9999, 32_768, 65_535, // no codes at all
    ] {
        cases.push(Case::closes(1002, format!("code {code}"), good_bye(code)));
    }
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_5_1_a_reason_has_123_bytes_at_most() {
    let with_reason = |length| frame(CLOSE, &close_payload(1000, &vec![b'r'; length]));
    let cases = vec![
        Case::closes(1000, "a reason of 1 byte", with_reason(1)),
        Case::closes(1000, "a reason of 123 bytes", with_reason(123)),
        Case::closes(1002, "a reason of 124 bytes", with_reason(124)),
        Case::closes(1002, "a reason of 1,000 bytes", with_reason(1_000)),
    ];
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_5_1_nothing_behind_a_close_frame_is_read() {
    let message = frame(TEXT, &ping_message(15));
    let begun = frame(0x01, b"{");
    let cases = vec![
        Case::closes(1000, "a second one", good_bye(1000).repeat(2)),
        Case::closes(1000, "one with another code", [good_bye(1001), good_bye(1002)].concat()),
        Case::closes(1000, "a message", [good_bye(1000), message.clone()].concat()),
        Case::closes(1000, "a ping", [good_bye(1000), frame(PING, b"x")].concat()),
        Case::closes(1000, "garbage", [good_bye(1000), vec![0xff; 64]].concat()),
        Case::closes(
            1000,
            "the end of a message",
            [&begun, &good_bye(1000), &frame(0x80, b"}")[..]].concat(),
        ),
        Case::closes(1000, "200 KB", [good_bye(1000), message.repeat(10_000)].concat()),
        Case::closes(1000, "behind a message", [message.clone(), good_bye(1000), message].concat())
            .after(vec![pong()]),
        // The first violation of the protocol decides.
        Case::closes(1002, "behind an error", [frame(0x83, b""), good_bye(1000)].concat()),
    ];
    Scene::patient().await.try_all(cases).await;
}
