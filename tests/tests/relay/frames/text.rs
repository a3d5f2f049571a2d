//! UTF-8: valid and invalid, whole and split at each byte.

use super::raw::{CLOSE, PING, PONG, TEXT, close_payload, frame};
use super::{Case, ENDPOINTS, Scene, pong};

/// Characters of one to four bytes at the ends of their ranges, and some noncharacters.
const VALID: &[&str] = &[
    "",
    "plain",
    "\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}",
    "\u{d7ff}\u{e000}",
    "\u{fffe}\u{ffff}\u{1fffe}\u{10fffe}",
    "\u{feff}first",
    "κόσμε, Ğ, ö, 漢字, 👩‍👩‍👧, e\u{301}",
];

/// Invalid UTF-8 (the Unicode standard, table 3-7), each with the reason.
const INVALID: &[(&str, &[u8])] = &[
    ("a continuation alone", b"\x80"),
    ("the last continuation alone", b"\xbf"),
    ("two of three bytes", b"\xe2\x82"),
    ("three of four bytes", b"\xf0\x9f\x91"),
    ("a start before a letter", b"\xc3x"),
    ("a start before a start", b"\xc3\xc3\xb6"),
    ("an overlong slash of two bytes", b"\xc0\xaf"),
    ("an overlong slash of three bytes", b"\xe0\x80\xaf"),
    ("an overlong slash of four bytes", b"\xf0\x80\x80\xaf"),
    ("an overlong NUL", b"\xc0\x80"),
    ("the longest overlong one of two bytes", b"\xc1\xbf"),
    ("the longest overlong one of three bytes", b"\xe0\x9f\xbf"),
    ("the longest overlong one of four bytes", b"\xf0\x8f\xbf\xbf"),
    ("the first high surrogate", b"\xed\xa0\x80"),
    ("the last low surrogate", b"\xed\xbf\xbf"),
    ("a pair of surrogates", b"\xed\xa0\xbd\xed\xb8\x80"),
    ("one above U+10FFFF", b"\xf4\x90\x80\x80"),
    ("a start of four bytes that never is", b"\xf5\x80\x80\x80"),
    ("five bytes", b"\xf8\x88\x80\x80\x80"),
    ("six bytes", b"\xfc\x84\x80\x80\x80\x80"),
    ("FE", b"\xfe"),
    ("FF", b"\xff"),
];

/// A valid message with this text in it.
fn message(text: &[u8]) -> Vec<u8> {
    [br#"{"type":"ping","x":""#, text, br#""}"#].concat()
}

/// The same in two frames, split at this byte.
fn in_two(message: &[u8], place: usize) -> Vec<u8> {
    let (head, tail) = message.split_at(place);
    [frame(0x01, head), frame(0x80, tail)].concat()
}

#[tokio::test]
async fn rfc_6455_5_6_text_may_be_any_utf_8_cut_by_fragments_anywhere() {
    let mut scene = Scene::patient().await;
    for endpoint in ENDPOINTS {
        let mut raw = scene.raw(endpoint).await;
        for text in VALID {
            let message = message(text.as_bytes());
            for place in 0..=message.len() {
                raw.send(&in_two(&message, place)).await;
                let heard = raw.frame().await;
                assert_eq!(heard, Some(pong()), "{text:?} cut at {place} at {endpoint}");
            }
        }
        raw.send(&frame(CLOSE, b"")).await;
        assert_eq!(raw.rest().await, (Vec::new(), 1000));
        scene.bystander_lives().await;
    }
}

#[tokio::test]
async fn rfc_6455_8_1_and_1007_text_that_is_no_utf_8_ends_the_socket() {
    let cases = INVALID.iter().map(|(what, bytes)| {
        let text = [b"good ".as_slice(), bytes, b" bad"].concat();
        Case::closes(1007, *what, frame(TEXT, &message(&text)))
    });
    let mut cases: Vec<_> = cases.collect();
    // On its own, nothing can complete it.
    cases.extend(INVALID.iter().map(|(what, bytes)| {
        Case::closes(1007, format!("{what} and nothing else"), frame(TEXT, bytes))
    }));
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_8_1_and_1007_text_that_is_no_utf_8_is_found_wherever_fragments_cut_it() {
    let text = "κ\u{10ffff}".as_bytes();
    let text = [text, b"\xed\xa0\x80", b"!"].concat();
    let mut cases: Vec<_> = (0..=text.len())
        .map(|place| Case::closes(1007, format!("cut at {place}"), in_two(&text, place)))
        .collect();
    let bytewise: Vec<u8> = text
        .iter()
        .enumerate()
        .flat_map(|(index, byte)| {
            let last = if index + 1 == text.len() { 0x80 } else { 0 };
            frame(last | u8::from(index == 0), &[*byte])
        })
        .collect();
    cases.push(Case::closes(1007, "in fragments of a byte", bytewise));
    // A control frame in the middle of a character does not break it.
    let umlaut = message("ö".as_bytes());
    let middle = umlaut.iter().position(|byte| *byte == 0xc3).expect("an ö") + 1;
    let (head, tail) = umlaut.split_at(middle);
    let around = [frame(0x01, head), frame(PING, b"\xff"), frame(0x80, tail)].concat();
    cases.push(Case::answers("around a ping", around, vec![(PONG, b"\xff".to_vec()), pong()]));
    let cut_off = [frame(0x01, b"\xc3"), frame(0x80, b"")].concat();
    cases.push(Case::closes(1007, "cut off by an empty end", cut_off));
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_8_1_and_1007_a_reason_for_closing_is_utf_8_as_well() {
    let mut cases: Vec<_> = INVALID
        .iter()
        .map(|(what, bytes)| {
            let payload = close_payload(1000, &[b"bye ", *bytes].concat());
            Case::closes(1007, format!("{what} in a reason"), frame(CLOSE, &payload))
        })
        .collect();
    for text in VALID {
        let payload = close_payload(1000, text.as_bytes());
        cases.push(Case::closes(1000, format!("the reason {text:?}"), frame(CLOSE, &payload)));
    }
    Scene::patient().await.try_all(cases).await;
}
