//! Fuzzes the frame decoder: it never panics, never holds more than its bound, answers the same
//! however its bytes are cut, agrees with a second reading of RFC 6455, and gives back what a client
//! encoded.

#![no_main]

#[path = "../../src/websocket/decoder.rs"]
mod decoder;
mod reference;

use decoder::{Decoder, Incoming};
use libfuzzer_sys::fuzz_target;
use reference::Outcome;
use shared::protocol::MAX_MESSAGE_BYTES;

/// A frame's header is never longer: two bytes, a length of eight, a mask of four.
const HEADER: usize = 14;

/// The pieces in which bytes arrive: some short, some as long as a read of the relay.
struct Pieces(u32);

impl Pieces {
    /// The length of the next one, from 1 to 4096 (xorshift: the same for the same start).
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        let most = if self.0 & 1 == 0 { 8 } else { 4096 };
        1 + (self.0 >> 8) as usize % most
    }
}

/// Everything that the decoder makes of bytes in pieces of these lengths.
fn decode(mut bytes: &[u8], mut length: impl FnMut() -> usize) -> Vec<Outcome> {
    let mut decoder = Decoder::default();
    let mut outcomes = Vec::new();
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(length().min(bytes.len()));
        bytes = rest;
        decoder.feed(piece);
        loop {
            // Growing buffers keep up to as much room again as they need.
            let most = 2 * (2 * MAX_MESSAGE_BYTES + HEADER + piece.len());
            assert!(decoder.held() <= most, "{} bytes are held", decoder.held());
            match decoder.take() {
                Ok(Some(incoming)) => outcomes.push(outcome(incoming)),
                Ok(None) => break,
                Err(violation) => {
                    outcomes.push(Outcome::Fault(violation.close_code().code()));
                    return outcomes;
                }
            }
        }
    }
    outcomes
}

fn outcome(incoming: Incoming) -> Outcome {
    match incoming {
        Incoming::Text(text) => Outcome::Text(text),
        Incoming::Ping(payload) => Outcome::Ping(payload),
        Incoming::Pong => Outcome::Pong,
        Incoming::Close => Outcome::Close,
    }
}

fn any(start: u32, bytes: &[u8]) {
    let whole = decode(bytes, || bytes.len());
    assert_eq!(whole, reference::read(bytes), "a second reading of RFC 6455");
    assert_eq!(whole, decode(bytes, || 1), "byte by byte");
    let mut pieces = Pieces(start);
    assert_eq!(whole, decode(bytes, || pieces.next()), "in pieces");
}

/// What a client means to say comes out as it went in. The bytes choose what is said: a kind, a
/// length, how it is fragmented and masked.
fn round_trip(start: u32, mut bytes: &[u8]) {
    let (mut sent, mut meant) = (Vec::new(), Vec::new());
    while let [kind, long, short, cut, mask, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([long & 0x3f, *short])).min(rest.len());
        let (payload, rest) = rest.split_at(length);
        bytes = rest;
        let mask = [*mask, kind ^ mask, !mask, *short];
        match kind % 4 {
            0 => {
                let payload = payload.get(..125).unwrap_or(payload);
                sent.extend(reference::frame(0x89, mask, payload));
                meant.push(Outcome::Ping(payload.to_vec()));
            }
            1 => {
                sent.extend(reference::frame(0x8a, mask, payload.get(..125).unwrap_or(payload)));
                meant.push(Outcome::Pong);
            }
            _ => {
                let mut text = String::from_utf8_lossy(payload).into_owned();
                text.truncate(text.floor_char_boundary(MAX_MESSAGE_BYTES));
                let (head, tail) = text.as_bytes().split_at(usize::from(*cut) % (text.len() + 1));
                sent.extend(reference::frame(0x01, mask, head));
                sent.extend(reference::frame(0x80, mask, tail));
                meant.push(Outcome::Text(text));
            }
        }
    }
    let mut pieces = Pieces(start);
    assert_eq!(decode(&sent, || pieces.next()), meant);
}

fuzz_target!(|data: &[u8]| {
    let [mode, bytes @ ..] = data else { return };
    let start = 1 + u32::from(*mode);
    if mode % 2 == 0 { any(start, bytes) } else { round_trip(start, bytes) }
});
