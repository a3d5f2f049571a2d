//! A reader of event streams, as the HTML Living Standard (section 9.2) describes `EventSource`.

use crate::socket::{PATIENCE, parse};
use serde_json::Value;
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

#[derive(Debug)]
pub struct EventStream {
    stream: TcpStream,
    /// Received bytes that were not read yet.
    buffer: Vec<u8>,
    /// For a chunked answer, as proxies send it: the bytes received of the next chunk.
    chunk: Option<Vec<u8>>,
    /// The answer's headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The id of the last event that had one: sent as `Last-Event-ID` when reconnecting.
    pub last_event_id: Option<u64>,
    /// How long to wait before reconnecting, in milliseconds.
    pub retry: Option<u64>,
    comment: Option<String>,
}

/// Why there is no stream.
#[derive(Debug)]
pub enum NoStream {
    /// The answer had this status.
    Refused(u16),
    /// There was no answer.
    Broken(std::io::Error),
}

impl EventStream {
    /// Opens a stream at an address such as `http://127.0.0.1:3001/sse/boards/7?after=42`.
    ///
    /// # Errors
    /// If there is none.
    ///
    /// # Panics
    /// If the answer is not HTTP.
    pub async fn open(
        url: &str,
        headers: &[(&str, &str)],
        receive_buffer: Option<u32>,
    ) -> Result<Self, NoStream> {
        let rest = url.strip_prefix("http://").expect("http");
        let (host, path) = rest.split_once('/').expect("a path");
        let socket = TcpSocket::new_v4().map_err(NoStream::Broken)?;
        if let Some(bytes) = receive_buffer {
            socket.set_recv_buffer_size(bytes).map_err(NoStream::Broken)?;
        }
        let address = host.parse().expect("an address");
        let mut stream = socket.connect(address).await.map_err(NoStream::Broken)?;
        let mut request = format!("GET /{path} HTTP/1.1\r\nhost: {host}\r\n");
        for (name, value) in [("accept", "text/event-stream")].iter().chain(headers) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await.map_err(NoStream::Broken)?;
        let mut opened = Self {
            stream,
            buffer: Vec::new(),
            chunk: None,
            headers: BTreeMap::new(),
            last_event_id: None,
            retry: None,
            comment: None,
        };
        let head = opened.take_until(b"\r\n\r\n").await.map_err(NoStream::Broken)?;
        let Some(head) = head else {
            let kind = std::io::ErrorKind::UnexpectedEof;
            return Err(NoStream::Broken(kind.into()));
        };
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3));
        let status = status.and_then(|status| status.parse().ok()).expect("a status line");
        for line in lines {
            let (name, value) = line.split_once(": ").expect("a header");
            let before = opened.headers.insert(name.to_lowercase(), value.to_owned());
            assert_eq!(before, None, "{name} appears twice");
        }
        if opened.headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            opened.chunk = Some(Vec::new());
            let received = std::mem::take(&mut opened.buffer);
            opened.receive(&received);
        }
        if status == 200 { Ok(opened) } else { Err(NoStream::Refused(status)) }
    }

    /// The next message; `None` at the stream's end.
    ///
    /// # Errors
    /// If the connection breaks.
    ///
    /// # Panics
    /// If nothing comes in time, if a message is not one of the protocol's in an event of its name,
    /// or if anything but a board's events has an id, or these have another than their number.
    pub async fn read(&mut self) -> Result<Option<Value>, std::io::Error> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.take_until(b"\n\n")).await;
            let Some(block) = next.expect("a message: the relay is silent")? else {
                return Ok(None);
            };
            if let Some(message) = self.understand(&block) {
                return Ok(Some(message));
            }
        }
    }

    fn understand(&mut self, block: &str) -> Option<Value> {
        let (mut name, mut id, mut data) = ("message", None, Vec::new());
        for line in block.split('\n') {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" => self.comment = Some(value.to_owned()),
                "event" => name = value,
                "id" => id = Some(value.parse().expect("a number")),
                "data" => data.push(value),
                "retry" => self.retry = Some(value.parse().expect("milliseconds")),
                other => panic!("not a field of the standard: {other:?}"),
            }
        }
        let [data] = data[..] else {
            assert!(data.is_empty(), "more than one line: {data:?}");
            return None;
        };
        let message = parse(data);
        let kind = message["type"].as_str().expect("a type");
        assert_eq!(name, if kind == "error" { "refused" } else { kind }, "{message}");
        let own = if kind == "event" { message["seq"].as_u64() } else { None };
        assert_eq!(id, own, "{message}");
        self.last_event_id = id.or(self.last_event_id);
        Some(message)
    }

    /// The next message that is neither a heartbeat nor presence.
    ///
    /// # Panics
    /// If none comes in time, or the stream ends.
    pub async fn message(&mut self) -> Value {
        loop {
            let message = self.read().await.expect("a connection");
            let message = message.unwrap_or_else(|| panic!("ended: {:?}", self.comment));
            if message["type"] != "heartbeat" && message["type"] != "presence" {
                return message;
            }
        }
    }

    /// Expects `subscribed` for this board; returns the head.
    ///
    /// # Panics
    /// If something else comes.
    pub async fn subscribed(&mut self, board: u64) -> u64 {
        let message = self.message().await;
        assert_eq!((&message["type"], &message["board"]), (&"subscribed".into(), &board.into()));
        message["seq"].as_u64().expect("a cursor")
    }

    /// The next event, which must have this number.
    ///
    /// # Panics
    /// If something else comes.
    pub async fn event(&mut self, seq: u64) -> Value {
        let message = self.message().await;
        assert_eq!(
            (&message["type"], &message["seq"]),
            (&"event".into(), &seq.into()),
            "{message}"
        );
        message
    }

    /// Reads to the end; returns the close code from the last comment.
    ///
    /// # Panics
    /// If the stream does not end, or ends without a comment.
    pub async fn ended(&mut self) -> u16 {
        while self.read().await.expect("an end, and no broken connection").is_some() {}
        let comment = self.comment.as_deref().and_then(|comment| comment.split(' ').next());
        comment.expect("a last comment").parse().expect("a code")
    }

    /// The part before this delimiter; `None` at the stream's end.
    async fn take_until(&mut self, end: &[u8]) -> Result<Option<String>, std::io::Error> {
        let mut searched = 0;
        loop {
            let rest = &self.buffer[searched..];
            if let Some(index) = rest.windows(end.len()).position(|window| window == end) {
                let text = self.buffer[..searched + index].to_vec();
                self.buffer.drain(..searched + index + end.len());
                return Ok(Some(String::from_utf8(text).expect("UTF-8")));
            }
            searched = self.buffer.len().saturating_sub(end.len());
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes).await? {
                0 => {
                    let rest = String::from_utf8_lossy(&self.buffer);
                    assert!(rest.is_empty(), "the stream ends within a block: {rest}");
                    return Ok(None);
                }
                count => self.receive(&bytes[..count]),
            }
        }
    }

    /// Adds received bytes to the body, decoding chunks.
    fn receive(&mut self, bytes: &[u8]) {
        let Some(chunk) = &mut self.chunk else {
            self.buffer.extend_from_slice(bytes);
            return;
        };
        chunk.extend_from_slice(bytes);
        while let Some(head) = chunk.windows(2).position(|window| window == b"\r\n") {
            let size = std::str::from_utf8(&chunk[..head]).expect("a chunk's size");
            let size = usize::from_str_radix(size, 16).expect("a chunk's size");
            let (start, end) = (head + 2, head + 2 + size);
            if chunk.len() < end + 2 {
                break;
            }
            self.buffer.extend_from_slice(&chunk[start..end]);
            chunk.drain(..end + 2);
        }
    }
}
