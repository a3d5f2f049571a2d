//! Frames as a server writes them (RFC 6455, section 5.2): final, without mask.

use bytes::Bytes;
use shared::protocol::CloseCode;

const FINAL: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// The most that a control frame carries (section 5.5).
const CONTROL_LIMIT: usize = 125;

/// One text message in one frame. The pieces are joined: an event's frame is made of a prefix and
/// the event's own text, neither of which is copied before.
#[must_use]
pub fn text_frame(pieces: &[&str]) -> Bytes {
    let length = pieces.iter().map(|piece| piece.len()).sum();
    let mut frame = Vec::with_capacity(length + 10);
    push_header(&mut frame, TEXT, length);
    for piece in pieces {
        frame.extend_from_slice(piece.as_bytes());
    }
    frame.into()
}

/// The text of a frame that [`text_frame`] made, sliced out of it; `None` for other frames.
#[must_use]
pub fn text_of(frame: &Bytes) -> Option<Bytes> {
    let header = match frame.get(..2)? {
        [0x81, 127] => 10,
        [0x81, 126] => 4,
        [0x81, _] => 2,
        _ => return None,
    };
    (header <= frame.len()).then(|| frame.slice(header..))
}

/// A close frame with a code and its sentence.
#[must_use]
pub fn close_frame(code: CloseCode) -> Bytes {
    let mut payload = code.code().to_be_bytes().to_vec();
    payload.extend_from_slice(code.reason().as_bytes());
    control_frame(CLOSE, &payload)
}

/// A ping without a payload: its answer is recognised by its kind alone.
#[must_use]
pub fn ping_frame() -> Bytes {
    Bytes::from_static(&[FINAL | PING, 0])
}

/// The answer to a ping: its payload, sent back (section 5.5.3).
#[must_use]
pub fn pong_frame(payload: &[u8]) -> Bytes {
    control_frame(PONG, payload)
}

fn control_frame(opcode: u8, payload: &[u8]) -> Bytes {
    let payload = payload.get(..CONTROL_LIMIT).unwrap_or(payload);
    let mut frame = Vec::with_capacity(2 + payload.len());
    push_header(&mut frame, opcode, payload.len());
    frame.extend_from_slice(payload);
    frame.into()
}

fn push_header(frame: &mut Vec<u8>, opcode: u8, length: usize) {
    frame.push(FINAL | opcode);
    if length < 126 {
        frame.push(length as u8);
    } else if let Ok(short) = u16::try_from(length) {
        frame.push(126);
        frame.extend_from_slice(&short.to_be_bytes());
    } else {
        frame.push(127);
        frame.extend_from_slice(&(length as u64).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6455_5_2_the_length_takes_the_fewest_bytes() {
        for (length, header) in [
            (0, vec![0x81, 0]),
            (125, vec![0x81, 125]),
            (126, vec![0x81, 126, 0, 126]),
            (65_535, vec![0x81, 126, 0xff, 0xff]),
            (65_536, vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let frame = text_frame(&[&"x".repeat(length)]);
            assert_eq!(frame[..header.len()], header[..], "length {length}");
            assert_eq!(frame.len(), header.len() + length);
            assert_eq!(text_of(&frame), Some(frame.slice(header.len()..)));
        }
    }

    #[test]
    fn rfc_6455_5_5_1_a_close_frame_starts_with_its_code() {
        let frame = close_frame(CloseCode::Restarting);
        assert_eq!(frame[0], 0x88);
        assert_eq!(frame[2..4], 1012_u16.to_be_bytes());
        assert_eq!(usize::from(frame[1]), frame.len() - 2);
    }
}
