//! Frames as a client sends them, from bytes that arrive in any pieces (RFC 6455, section 5).

use shared::protocol::{CloseCode, MAX_MESSAGE_BYTES};

/// A whole message or control frame of a client.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Incoming {
    /// A text message, put together from its fragments.
    Text(String),
    /// A ping with its payload, which the pong sends back.
    Ping(Vec<u8>),
    /// The answer to a ping.
    Pong,
    /// The client says good-bye.
    Close,
}

/// What a client did that ends the connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Violation {
    /// A frame that RFC 6455 does not allow.
    #[error("protocol error: {0}")]
    Protocol(&'static str),
    /// Text that is not UTF-8.
    #[error("text that is not UTF-8")]
    NotUtf8,
    /// A message above [`MAX_MESSAGE_BYTES`].
    #[error("a message over {MAX_MESSAGE_BYTES} bytes")]
    TooBig,
    /// A binary message: not the protocol.
    #[error("a binary message")]
    Binary,
}

impl Violation {
    /// What the connection is closed with.
    #[must_use]
    pub fn close_code(self) -> CloseCode {
        match self {
            Self::Protocol(_) => CloseCode::ProtocolError,
            Self::NotUtf8 => CloseCode::InvalidText,
            Self::TooBig => CloseCode::MessageTooBig,
            Self::Binary => CloseCode::NotTheProtocol,
        }
    }
}

/// Bytes in, messages out. Between messages it holds no memory.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Bytes of frames that are not complete yet.
    buffer: Vec<u8>,
    /// How many of them are read already.
    consumed: usize,
    /// The fragments so far of a message whose last one is still to come.
    fragments: Option<Vec<u8>>,
}

struct Header {
    last: bool,
    opcode: Opcode,
    mask: [u8; 4],
    /// Where the payload starts, counted from the frame's first byte.
    offset: usize,
    length: usize,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Opcode {
    Continuation,
    Text,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

impl Decoder {
    /// Takes bytes in as they arrived. Call [`Self::take`] until it answers `None` before the
    /// next ones, so that never more than a message and these bytes are held.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message or control frame, or `None` while there is none.
    ///
    /// # Errors
    /// A [`Violation`], after which the connection is of no use.
    pub fn take(&mut self) -> Result<Option<Incoming>, Violation> {
        loop {
            let Some(header) = self.header()? else { return Ok(self.wait()) };
            let start = self.consumed + header.offset;
            let Some(payload) = self.buffer.get_mut(start..start + header.length) else {
                return Ok(self.wait());
            };
            unmask(payload, header.mask);
            self.consumed = start + header.length;
            let payload = self.buffer.get(start..self.consumed).unwrap_or_default();
            if header.opcode.is_control() {
                return control(header.opcode, payload).map(Some);
            }
            let mut message = self.fragments.take().unwrap_or_default();
            message.extend_from_slice(payload);
            if header.last {
                let text = String::from_utf8(message).map_err(|_| Violation::NotUtf8)?;
                return Ok(Some(Incoming::Text(text)));
            }
            self.fragments = Some(message);
        }
    }

    /// How many bytes of memory are held, for tests of the bound: a message's fragments, a frame
    /// that is not complete, what was fed last, and the room that growing buffers keep.
    #[must_use]
    pub fn held(&self) -> usize {
        self.buffer.capacity() + self.fragments.as_ref().map_or(0, Vec::capacity)
    }

    /// Nothing whole is left: forget what was read, and the memory when that was all.
    fn wait(&mut self) -> Option<Incoming> {
        if self.consumed == self.buffer.len() {
            self.buffer = Vec::new();
        } else {
            self.buffer.drain(..self.consumed);
        }
        self.consumed = 0;
        None
    }

    /// The header at the read position, checked, once it is there as a whole.
    fn header(&self) -> Result<Option<Header>, Violation> {
        let bytes = self.buffer.get(self.consumed..).unwrap_or_default();
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        if first & 0x70 != 0 {
            return Err(Violation::Protocol("a reserved bit is set"));
        }
        // Before the opcode: a breach of RFC 6455 is reported before what only breaks our protocol.
        if second & 0x80 == 0 {
            return Err(Violation::Protocol("a client's frame is not masked"));
        }
        let last = first & 0x80 != 0;
        let opcode = self.opcode(first & 0x0f, last)?;
        let Some((length, length_bytes)) = payload_length(second & 0x7f, rest)? else {
            return Ok(None);
        };
        if opcode.is_control() && length > 125 {
            return Err(Violation::Protocol("a control frame over 125 bytes"));
        }
        let so_far =
            if opcode.is_control() { 0 } else { self.fragments.as_ref().map_or(0, Vec::len) };
        let length = usize::try_from(length).map_err(|_| Violation::TooBig)?;
        if length > MAX_MESSAGE_BYTES - so_far {
            return Err(Violation::TooBig);
        }
        let Some(&mask) = rest.get(length_bytes..).and_then(|rest| rest.first_chunk::<4>()) else {
            return Ok(None);
        };
        Ok(Some(Header { last, opcode, mask, offset: 2 + length_bytes + 4, length }))
    }

    fn opcode(&self, number: u8, last: bool) -> Result<Opcode, Violation> {
        let opcode = match number {
            0x0 if self.fragments.is_some() => return Ok(Opcode::Continuation),
            0x0 => return Err(Violation::Protocol("a continuation without a message")),
            0x1 | 0x2 if self.fragments.is_some() => {
                return Err(Violation::Protocol("a new message inside a fragmented one"));
            }
            0x1 => return Ok(Opcode::Text),
            0x2 => return Err(Violation::Binary),
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            _ => return Err(Violation::Protocol("an unknown opcode")),
        };
        if last { Ok(opcode) } else { Err(Violation::Protocol("a fragmented control frame")) }
    }
}

/// The payload's length and how many bytes say it beyond the first; `None` while they are missing.
fn payload_length(short: u8, rest: &[u8]) -> Result<Option<(u64, usize)>, Violation> {
    const LONG: Violation = Violation::Protocol("a length in more bytes than needed");
    match short {
        126 => match rest.first_chunk::<2>().copied().map(u16::from_be_bytes) {
            Some(length) if length < 126 => Err(LONG),
            Some(length) => Ok(Some((length.into(), 2))),
            None => Ok(None),
        },
        127 => match rest.first_chunk::<8>().copied().map(u64::from_be_bytes) {
            Some(length) if length <= 0xffff => Err(LONG),
            Some(length) if length >> 63 != 0 => Err(Violation::Protocol("a negative length")),
            Some(length) => Ok(Some((length, 8))),
            None => Ok(None),
        },
        length => Ok(Some((length.into(), 0))),
    }
}

fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    for (byte, key) in payload.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= key;
    }
}

fn control(opcode: Opcode, payload: &[u8]) -> Result<Incoming, Violation> {
    match opcode {
        Opcode::Ping => Ok(Incoming::Ping(payload.to_vec())),
        Opcode::Close => check_close(payload).map(|()| Incoming::Close),
        _ => Ok(Incoming::Pong),
    }
}

/// A close frame is empty or has a code that may be sent and a reason in UTF-8 (section 7.4).
fn check_close(payload: &[u8]) -> Result<(), Violation> {
    let Some((&code, reason)) = payload.split_first_chunk::<2>() else {
        return if payload.is_empty() {
            Ok(())
        } else {
            Err(Violation::Protocol("a close code of one byte"))
        };
    };
    match u16::from_be_bytes(code) {
        1000..=1003 | 1007..=1014 | 3000..=4999 => {}
        _ => return Err(Violation::Protocol("a close code that may not be sent")),
    }
    std::str::from_utf8(reason).map(|_| ()).map_err(|_| Violation::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client's frame with a fixed mask.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [1, 2, 3, 4];
        let mut frame = vec![first];
        match payload.len() {
            length @ 0..=125 => frame.push(0x80 | length as u8),
            length => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&u16::try_from(length).expect("short").to_be_bytes());
            }
        }
        frame.extend_from_slice(&mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
        frame
    }

    fn decode(bytes: &[u8]) -> Result<Vec<Incoming>, Violation> {
        let mut decoder = Decoder::default();
        decoder.feed(bytes);
        let mut all = Vec::new();
        while let Some(incoming) = decoder.take()? {
            all.push(incoming);
        }
        Ok(all)
    }

    fn is_protocol_error(bytes: &[u8]) -> bool {
        matches!(decode(bytes), Err(Violation::Protocol(_)))
    }

    #[test]
    fn rfc_6455_5_7_the_examples_are_read() {
        let masked_hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        assert_eq!(decode(&masked_hello), Ok(vec![Incoming::Text("Hello".into())]));
        let masked_ping = [0x89, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        assert_eq!(decode(&masked_ping), Ok(vec![Incoming::Ping(b"Hello".to_vec())]));
    }

    #[test]
    fn rfc_6455_5_4_control_frames_may_stand_between_fragments() {
        let bytes = [frame(0x01, b"Hel"), frame(0x8a, b""), frame(0x00, b""), frame(0x80, b"lo")];
        let messages = vec![Incoming::Pong, Incoming::Text("Hello".into())];
        assert_eq!(decode(&bytes.concat()), Ok(messages));
    }

    #[test]
    fn rfc_6455_a_character_may_be_cut_by_fragments_but_not_by_the_end() {
        let umlaut = "ö".as_bytes();
        let cut = [frame(0x01, &umlaut[..1]), frame(0x80, &umlaut[1..])].concat();
        assert_eq!(decode(&cut), Ok(vec![Incoming::Text("ö".into())]));
        assert_eq!(decode(&frame(0x81, &umlaut[..1])), Err(Violation::NotUtf8));
    }

    #[test]
    fn rfc_6455_what_a_client_may_not_send_is_a_protocol_error() {
        assert!(is_protocol_error(&[0x81, 0x05, b'H', b'e', b'l', b'l', b'o']), "not masked");
        assert!(is_protocol_error(&frame(0xc1, b"x")), "a reserved bit");
        assert!(is_protocol_error(&frame(0x83, b"x")), "a reserved opcode");
        assert!(is_protocol_error(&frame(0x80, b"x")), "a continuation without a message");
        assert!(is_protocol_error(&frame(0x09, b"x")), "a fragmented ping");
        assert!(is_protocol_error(&frame(0x89, &[0; 126])), "a long ping");
        assert!(is_protocol_error(&[frame(0x01, b"a"), frame(0x81, b"b")].concat()), "no end");
        assert!(is_protocol_error(&[0x81, 0x80 | 126, 0, 5, 0, 0, 0, 0]), "a long-winded length");
        assert!(is_protocol_error(&[0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]), "a negative length");
        assert!(is_protocol_error(&frame(0x88, &[3])), "half a close code");
        assert!(is_protocol_error(&frame(0x88, &1005_u16.to_be_bytes())), "a code never sent");
    }

    #[test]
    fn close_1009_a_message_over_16_kib_is_refused_before_it_is_read() {
        let whole = frame(0x81, &vec![b'x'; MAX_MESSAGE_BYTES]);
        assert!(decode(&whole).is_ok());
        let header = [0x81, 0x80 | 126, 0x40, 0x01];
        assert_eq!(decode(&header), Err(Violation::TooBig));
        let huge = [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(decode(&huge), Err(Violation::TooBig));
        let parts = [frame(0x01, &vec![b'x'; MAX_MESSAGE_BYTES]), frame(0x80, b"y")].concat();
        assert_eq!(decode(&parts), Err(Violation::TooBig));
    }

    #[test]
    fn close_4400_a_binary_message_is_not_the_protocol() {
        assert_eq!(decode(&frame(0x82, b"x")), Err(Violation::Binary));
        assert_eq!(Violation::Binary.close_code(), CloseCode::NotTheProtocol);
    }

    #[test]
    fn rfc_6455_a_binary_frame_that_breaks_the_framing_too_is_a_protocol_error() {
        assert!(is_protocol_error(&[0x82, 0x01, b'x']), "not masked");
        assert!(is_protocol_error(&[frame(0x01, b"a"), frame(0x82, b"b")].concat()), "inside");
    }

    #[test]
    fn performance_an_idle_decoder_holds_no_memory() {
        let mut decoder = Decoder::default();
        decoder.feed(&frame(0x81, b"hello"));
        while decoder.take().expect("fine").is_some() {}
        assert_eq!(decoder.held(), 0);
    }
}
