//! What holds for every input of the decoder.

use super::{Decoder, Incoming, Violation};
use proptest::prelude::*;

/// A client's frame, as this test's own client writes it.
fn encode(last: bool, opcode: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![if last { 0x80 | opcode } else { opcode }];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | length as u8),
        length => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&(length as u16).to_be_bytes());
        }
    }
    frame.extend_from_slice(&mask);
    frame.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ mask[index % 4]));
    frame
}

/// Everything that the decoder makes of bytes that arrive in these pieces.
fn decode(pieces: &[&[u8]]) -> (Vec<Incoming>, Option<Violation>) {
    let mut decoder = Decoder::default();
    let mut all = Vec::new();
    for piece in pieces {
        decoder.feed(piece);
        loop {
            match decoder.take() {
                Ok(Some(incoming)) => all.push(incoming),
                Ok(None) => break,
                Err(violation) => return (all, Some(violation)),
            }
        }
    }
    (all, None)
}

/// The bytes cut at these places (each taken modulo the length).
fn cut<'a>(bytes: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<_> = places.iter().map(|place| place % (bytes.len() + 1)).collect();
    places.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for place in places {
        pieces.push(&bytes[start..place]);
        start = place;
    }
    pieces.push(&bytes[start..]);
    pieces
}

/// A message as a client might send it: text in fragments, a ping or a pong.
fn message() -> impl Strategy<Value = (Vec<u8>, Incoming)> {
    prop_oneof![
        4 => ("\\PC{0,300}", prop::collection::vec(0..300_usize, 0..3), any::<[u8; 4]>()).prop_map(
            |(text, places, mask)| {
                let pieces = cut(text.as_bytes(), &places);
                let count = pieces.len();
                let bytes = pieces.iter().enumerate().flat_map(|(index, piece)| {
                    encode(index + 1 == count, u8::from(index == 0), mask, piece)
                });
                (bytes.collect(), Incoming::Text(text.clone()))
            }
        ),
        1 => (prop::collection::vec(any::<u8>(), 0..125), any::<[u8; 4]>())
            .prop_map(|(payload, mask)| (encode(true, 9, mask, &payload), Incoming::Ping(payload))),
        1 => any::<[u8; 4]>().prop_map(|mask| (encode(true, 10, mask, b""), Incoming::Pong)),
    ]
}

proptest! {
    #[test]
    fn rfc_6455_messages_come_out_as_they_went_in_however_the_bytes_arrive(
        messages in prop::collection::vec(message(), 0..8),
        places in prop::collection::vec(any::<usize>(), 0..20),
    ) {
        let bytes: Vec<u8> = messages.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let expected: Vec<_> = messages.into_iter().map(|(_, incoming)| incoming).collect();
        prop_assert_eq!(decode(&cut(&bytes, &places)), (expected, None));
    }

    #[test]
    fn garbage_gives_the_same_in_any_pieces_and_never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        places in prop::collection::vec(any::<usize>(), 0..20),
    ) {
        prop_assert_eq!(decode(&cut(&bytes, &places)), decode(&[&bytes]));
    }
}
