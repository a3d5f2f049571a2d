//! WebSocket frames (RFC 6455, section 5.2) as a client of many sockets reads and writes them: without
//! copying, and without a mask that would cost it more than the servers that it measures.

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
const TEXT: u8 = 0x1;
const PONG: u8 = 0xA;

/// A frame that a server sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Frame<'bytes> {
    /// Text, or bytes.
    Message(&'bytes [u8]),
    /// To be answered with [`pong`].
    Ping(&'bytes [u8]),
    /// The server ends the connection.
    Close(&'bytes [u8]),
    /// Nothing that matters here.
    Other,
}

/// The first frame of these bytes and how long it is; `None` if it is not whole yet.
#[must_use]
pub fn first(bytes: &[u8]) -> Option<(Frame<'_>, usize)> {
    let (kind, short) = (bytes.first()? & 0xF, usize::from(*bytes.get(1)? & 0x7F));
    let (header, length): (usize, usize) = match short {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        short => (2, short),
    };
    let payload = bytes.get(header..header.checked_add(length)?)?;
    let frame = match kind {
        0..=2 => Frame::Message(payload),
        8 => Frame::Close(payload),
        9 => Frame::Ping(payload),
        _ => Frame::Other,
    };
    Some((frame, header + length))
}

/// A text message as a client sends it.
#[must_use]
pub fn text(message: &str) -> Vec<u8> {
    frame(TEXT, message.as_bytes())
}

/// The answer to a ping.
#[must_use]
pub fn pong(payload: &[u8]) -> Vec<u8> {
    frame(PONG, payload)
}

/// With a mask of zeros, which leaves the payload as it is.
fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![FINAL | kind];
    match u8::try_from(payload.len()) {
        Ok(short @ ..126) => frame.push(MASKED | short),
        _ => {
            frame.push(MASKED | 127);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// The numbers of the events in a message: what follows each `"seq":`.
pub fn seqs(message: &[u8]) -> impl Iterator<Item = u64> {
    memchr::memmem::find_iter(message, b"\"seq\":").map(|at| {
        let digits = message[at + 6..].iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(length: usize) -> Vec<u8> {
        let payload = vec![b'x'; length];
        let mut frame = vec![0x81];
        match length {
            0..126 => frame.push(length as u8),
            126..65_536 => {
                frame.push(126);
                frame.extend_from_slice(&(length as u16).to_be_bytes());
            }
            _ => {
                frame.push(127);
                frame.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(&payload);
        frame
    }

    #[test]
    fn a_frame_is_read_once_it_is_whole() {
        for length in [0, 125, 126, 65_535, 65_536] {
            let bytes = sent(length);
            for part in [1, 2, bytes.len() - 1] {
                assert_eq!(first(&bytes[..part.min(bytes.len() - 1)]), None, "{length}, {part}");
            }
            let (frame, size) = first(&bytes).expect("a frame");
            assert_eq!((frame, size), (Frame::Message(&bytes[size - length..]), bytes.len()));
        }
    }

    #[test]
    fn every_event_of_a_message_is_found() {
        let message = br#"42["event",{"seq":7,"a":1}]MSG {"board":7,"seq":18}"#;
        assert_eq!(seqs(message).collect::<Vec<_>>(), [7, 18]);
    }
}
