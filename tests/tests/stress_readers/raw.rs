//! A WebSocket client over plain TCP that reads an exact number of bytes.

use crate::field::SMALL;
use crate::support::Relay;
use serde_json::json;
use std::io::{Error, ErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// The handshake's key: any value will do.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// A client with one subscription.
pub(crate) struct Raw {
    stream: TcpStream,
    /// Bytes read that are not a whole frame yet.
    bytes: Vec<u8>,
    /// The events received.
    pub(crate) seqs: Vec<u64>,
    /// The code that the relay closed with.
    pub(crate) closed: Option<u16>,
}

impl Raw {
    /// Subscribes to a board with a small receive buffer; the answer is yet to be read.
    pub(crate) async fn subscribe(relay: &Relay, token: &str, board: u64, after: u64) -> Self {
        let address = relay.url.strip_prefix("http://").expect("an address");
        let socket = TcpSocket::new_v4().expect("a TCP socket");
        socket.set_recv_buffer_size(SMALL).expect("a small buffer");
        let stream = socket.connect(address.parse().expect("an address")).await;
        let mut stream = stream.expect("a connection");
        stream.set_nodelay(true).expect("TCP_NODELAY");
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\
             Authorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("an answer"));
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
        let message = json!({"type": "subscribe", "board": board, "after": after}).to_string();
        let mut raw = Self { stream, bytes: Vec::new(), seqs: Vec::new(), closed: None };
        raw.send(0x81, message.as_bytes()).await.expect("sent");
        raw
    }

    /// Reads at most this many bytes; returns how many there were. Answers pings.
    ///
    /// # Errors
    /// If the connection broke or ended.
    pub(crate) async fn take(&mut self, most: usize) -> Result<usize, Error> {
        let mut buffer = [0; 16 << 10];
        let most = most.min(buffer.len());
        let count = self.stream.read(&mut buffer[..most]).await?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.bytes.extend_from_slice(&buffer[..count]);
        while let Some((operation, payload)) = self.frame() {
            match operation {
                0x1 => self.understand(&payload),
                0x8 => self.closed = Some(u16::from_be_bytes([payload[0], payload[1]])),
                0x9 => self.send(0x8A, &payload).await?,
                other => panic!("a frame of kind {other}"),
            }
        }
        Ok(count)
    }

    /// Reads on until it has this event.
    pub(crate) async fn has(&mut self, seq: u64) {
        while self.seqs.last().is_none_or(|last| *last < seq) {
            self.take(usize::MAX).await.expect("an open socket");
        }
    }

    /// Fails unless the events are exactly these (RT1, RT2, RT3).
    #[track_caller]
    pub(crate) fn assert_all(&self, first: u64, last: u64) {
        let (from, to) = (self.seqs.first(), self.seqs.last());
        let all = self.seqs.iter().copied().eq(first..=last);
        assert!(all, "events {first} to {last}, and not {from:?} to {to:?}");
    }

    fn understand(&mut self, payload: &[u8]) {
        let text = std::str::from_utf8(payload).expect("UTF-8");
        if text.starts_with(r#"{"type":"event","#) {
            let (_, rest) = text.split_once(r#""seq":"#).expect("a number");
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).expect("more");
            self.seqs.push(rest[..end].parse().expect("a number"));
        } else {
            let expected = ["welcome", "subscribed", "heartbeat", "presence"];
            let known = |kind: &str| text.starts_with(&format!(r#"{{"type":"{kind}""#));
            assert!(expected.into_iter().any(known), "{text}");
        }
    }

    /// The next whole frame: its operation and its payload (RFC 6455, section 5.2).
    fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let (first, short) = (*self.bytes.first()?, usize::from(*self.bytes.get(1)?));
        let (start, length) = match short {
            126 => {
                (4, self.bytes.get(2..4)?.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)))
            }
            127 => (
                10,
                self.bytes.get(2..10)?.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)),
            ),
            length => (2, length),
        };
        let payload = self.bytes.get(start..start + length)?.to_vec();
        self.bytes.drain(..start + length);
        Some((first & 0xF, payload))
    }

    /// Sends a short frame, masked with zeros.
    async fn send(&mut self, first: u8, payload: &[u8]) -> Result<(), Error> {
        let length = u8::try_from(payload.len()).expect("a short frame");
        let mut frame = vec![first];
        if length < 126 {
            frame.push(0x80 | length);
        } else {
            frame.extend([0x80 | 126, 0, length]);
        }
        frame.extend([0; 4]);
        frame.extend_from_slice(payload);
        self.stream.write_all(&frame).await
    }
}
