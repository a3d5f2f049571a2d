//! Bytes that no WebSocket library sends, over a plain TCP socket.

use crate::support::{PATIENCE, Relay};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A handshake's key and its `Sec-WebSocket-Accept` (RFC 6455, section 1.3).
pub(crate) const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
pub(crate) const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// First bytes of frames.
pub(crate) const TEXT: u8 = 0x81;
pub(crate) const CLOSE: u8 = 0x88;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8a;

/// A frame from the relay: its first byte and its payload.
pub(crate) type Frame = (u8, Vec<u8>);

/// A TCP connection to the relay.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
}

impl Raw {
    /// A fresh connection.
    pub(crate) async fn connect(relay: &Relay) -> Self {
        let stream = TcpStream::connect(address(relay)).await.expect("connected");
        stream.set_nodelay(true).expect("TCP_NODELAY");
        Self { stream }
    }

    /// A welcomed WebSocket with these lines in its handshake.
    pub(crate) async fn open(relay: &Relay, path: &str, lines: &str) -> Self {
        let mut raw = Self::connect(relay).await;
        raw.send(handshake(relay, path, lines).as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains(ACCEPT), "{head}");
        let (first, welcome) = raw.frame().await.expect("a welcome");
        assert_eq!(first, TEXT);
        assert!(welcome.starts_with(br#"{"type":"welcome""#), "{welcome:?}");
        raw
    }

    /// Sends bytes. Errors are ignored, since the relay may have closed already: the answer is what
    /// counts.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// Sends each byte in its own segment.
    pub(crate) async fn trickle(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.send(&[*byte]).await;
        }
    }

    /// The head of an HTTP answer; if the connection ends early, the part received.
    pub(crate) async fn head(&mut self) -> String {
        let mut head = Vec::new();
        let read = async {
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = self.stream.read_u8().await else { break };
                head.push(byte);
            }
        };
        tokio::time::timeout(PATIENCE, read).await.expect("an answer in time");
        String::from_utf8(head).expect("text")
    }

    /// The next frame; `None` at the end of the connection.
    pub(crate) async fn frame(&mut self) -> Option<Frame> {
        let read = async {
            let first = self.stream.read_u8().await.ok()?;
            let length = match self.stream.read_u8().await.ok()? {
                126 => usize::from(self.stream.read_u16().await.ok()?),
                127 => panic!("the relay sends nothing that long"),
                length => usize::from(length),
            };
            let mut payload = vec![0; length];
            self.stream.read_exact(&mut payload).await.ok()?;
            Some((first, payload))
        };
        tokio::time::timeout(PATIENCE, read).await.expect("a frame in time")
    }

    /// The frames up to the close frame, and its code; nothing follows it.
    pub(crate) async fn rest(&mut self) -> (Vec<Frame>, u16) {
        let mut frames = Vec::new();
        loop {
            let Some((first, payload)) = self.frame().await else {
                panic!("the connection ended without a close frame, after {frames:?}")
            };
            if first != CLOSE {
                frames.push((first, payload));
                continue;
            }
            let (code, reason) = payload.split_first_chunk::<2>().expect("a close code");
            assert!(std::str::from_utf8(reason).is_ok_and(|reason| !reason.is_empty()));
            assert_eq!(self.frame().await, None, "nothing follows a close frame");
            return (frames, u16::from_be_bytes(*code));
        }
    }
}

fn address(relay: &Relay) -> &str {
    relay.url.strip_prefix("http://").expect("an address")
}

/// A complete opening handshake with these additional lines, each with its line end.
pub(crate) fn handshake(relay: &Relay, path: &str, lines: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{lines}\r\n",
        address(relay)
    )
}

/// A client's frame, its length in as few bytes as it needs.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    if let Some(short) = u8::try_from(payload.len()).ok().filter(|length| *length < 126) {
        frame.push(0x80 | short);
    } else {
        frame.push(0x80 | 126);
        frame.extend_from_slice(&u16::try_from(payload.len()).expect("short").to_be_bytes());
    }
    mask(frame, payload)
}

/// A client's frame with these length bytes, whatever its payload.
pub(crate) fn frame_with_length(first: u8, length: &[u8], payload: &[u8]) -> Vec<u8> {
    mask([&[first], length].concat(), payload)
}

fn mask(mut header: Vec<u8>, payload: &[u8]) -> Vec<u8> {
    let key = [0x9d, 0x00, 0xff, 0x41];
    header.extend_from_slice(&key);
    header.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    header
}

/// A client's frame without a mask, which only a server may send.
pub(crate) fn unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
    [&[first, u8::try_from(payload.len()).expect("short")], payload].concat()
}

/// The payload of a client's close frame.
pub(crate) fn close_payload(code: u16, reason: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes(), reason].concat()
}
