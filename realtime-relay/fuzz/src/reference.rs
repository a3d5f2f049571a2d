//! RFC 6455 read a second time, for whole inputs and without regard to speed: what the relay's
//! decoder is compared with. It shares no line with it.

/// What becomes of a client's bytes.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    Text(String),
    /// A ping with its payload.
    Ping(Vec<u8>),
    Pong,
    /// A good-bye.
    Close,
    /// The connection is closed with this code, and nothing more is read.
    Fault(u16),
}

/// The longest message (docs/contract/realtime.md, CLOSE-1009).
const LONGEST: u64 = 16 * 1024;

/// A frame as it stands on the wire.
struct Wire<'bytes> {
    fin: bool,
    opcode: u8,
    payload: Vec<u8>,
    rest: &'bytes [u8],
}

/// Reads frames until one is incomplete or wrong.
pub fn read(mut bytes: &[u8]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut open: Option<Vec<u8>> = None;
    loop {
        let wire = match wire(bytes, open.as_deref()) {
            Ok(Some(wire)) => wire,
            Ok(None) => return outcomes,
            Err(code) => {
                outcomes.push(Outcome::Fault(code));
                return outcomes;
            }
        };
        bytes = wire.rest;
        let outcome = match (wire.opcode, wire.fin) {
            (0, fin) | (1, fin) => {
                let mut message = open.take().unwrap_or_default();
                message.extend(wire.payload);
                if !fin {
                    open = Some(message);
                    continue;
                }
                String::from_utf8(message).map_or(Outcome::Fault(1007), Outcome::Text)
            }
            (8, _) => close(&wire.payload),
            (9, _) => Outcome::Ping(wire.payload),
            _ => Outcome::Pong,
        };
        let over = matches!(outcome, Outcome::Fault(_));
        outcomes.push(outcome);
        if over {
            return outcomes;
        }
    }
}

/// The next frame (section 5.2); `Ok(None)` where bytes are missing; else the close code of what is
/// wrong. `open` is the message that was begun, if one was (section 5.4).
fn wire<'bytes>(bytes: &'bytes [u8], open: Option<&[u8]>) -> Result<Option<Wire<'bytes>>, u16> {
    if bytes.len() < 2 {
        return Ok(None);
    }
    let (fin, opcode) = (bytes[0] >= 0x80, bytes[0] % 16);
    let (reserved, masked, short) = (bytes[0] / 16 % 8, bytes[1] >= 0x80, bytes[1] % 128);
    let control = opcode >= 8;
    let fits = match opcode {
        0 => open.is_some(),
        1 | 2 => open.is_none(),
        8..=10 => fin,
        _ => false,
    };
    if reserved != 0 || !masked || !fits {
        return Err(1002);
    }
    if opcode == 2 {
        return Err(4400);
    }
    let extended = match short {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let Some(digits) = bytes.get(2..2 + extended) else { return Ok(None) };
    let number = digits.iter().fold(0_u64, |number, digit| (number << 8) + u64::from(*digit));
    let length = if extended == 0 { u64::from(short) } else { number };
    let least = match extended {
        2 => 126,
        8 => 65_536,
        _ => 0,
    };
    if length < least || length >= 1 << 63 || (control && length > 125) {
        return Err(1002);
    }
    let before = if control { 0 } else { open.map_or(0, <[u8]>::len) as u64 };
    if before + length > LONGEST {
        return Err(1009);
    }
    let start = 2 + extended + 4;
    let Some(payload) = bytes.get(start..start + length as usize) else { return Ok(None) };
    let mask = &bytes[start - 4..start];
    let payload = (0..payload.len()).map(|at| payload[at] ^ mask[at % 4]).collect();
    Ok(Some(Wire { fin, opcode, payload, rest: &bytes[start + length as usize..] }))
}

/// A good-bye (sections 5.5.1 and 7.4).
fn close(payload: &[u8]) -> Outcome {
    let code = match payload {
        [] => return Outcome::Close,
        [_] => return Outcome::Fault(1002),
        [high, low, ..] => u16::from_be_bytes([*high, *low]),
    };
    let never = [1004, 1005, 1006, 1015];
    let possible = (1000..1016).contains(&code) || (3000..5000).contains(&code);
    if !possible || never.contains(&code) {
        return Outcome::Fault(1002);
    }
    if std::str::from_utf8(&payload[2..]).is_err() {
        return Outcome::Fault(1007);
    }
    Outcome::Close
}

/// A client's frame with this first byte.
pub fn frame(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    if payload.len() < 126 {
        frame.push(0x80 + payload.len() as u8);
    } else {
        frame.push(0xfe);
        frame.push((payload.len() / 256) as u8);
        frame.push((payload.len() % 256) as u8);
    }
    frame.extend(mask);
    frame.extend((0..payload.len()).map(|at| payload[at] ^ mask[at % 4]));
    frame
}
