//! A keep-alive HTTP/1.1 connection for a load generator: requests are prepared bytes, and only an
//! answer's status and length matter.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much is read at once.
const CHUNK: usize = 64 << 10;

const MOST_HEADERS: usize = 64;

/// A request's bytes on the wire.
#[derive(Clone, Debug)]
pub struct Request(Vec<u8>);

impl Request {
    /// A GET request, with the token.
    #[must_use]
    pub fn get(path: &str, token: Option<&str>) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{}\r\n", authorization(token)).into())
    }

    /// A `POST` of a JSON body, with the token, if any.
    #[must_use]
    pub fn post(path: &str, token: Option<&str>, body: &Value) -> Self {
        Self::send("POST", path, token, Some(body))
    }

    /// Any other request, with the JSON body, if any.
    #[must_use]
    pub fn send(method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Self {
        let authorization = authorization(token);
        let body = body.map(Value::to_string).unwrap_or_default();
        let length = body.len();
        Self(
            format!(
                "{method} {path} HTTP/1.1\r\nhost: bench\r\n{authorization}content-type: \
                 application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .into(),
        )
    }
}

fn authorization(token: Option<&str>) -> String {
    token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default()
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// The length of the body, without the transfer coding.
    pub body_bytes: usize,
}

#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// How the end of a body is found.
enum Framing {
    Length(usize),
    Chunked,
}

/// A received head: its length, and how its body is delimited.
struct Head {
    length: usize,
    status: u16,
    framing: Framing,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When the port is closed.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("{address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: vec![0; CHUNK], filled: 0 })
    }

    /// Sends a request and reads its answer to the end.
    ///
    /// # Errors
    /// When the connection breaks, or the response is invalid.
    pub fn exchange(&mut self, request: &Request) -> Result<Answer> {
        self.exchange_with(request, |_| {})
    }

    /// The same, with the body of the answer as JSON.
    ///
    /// # Errors
    /// As [`Self::exchange`]; when it has another status, or the body is not JSON.
    pub fn fetch(&mut self, request: &Request, status: u16) -> Result<Value> {
        let mut body = Vec::new();
        let answer = self.exchange_with(request, |part| body.extend_from_slice(part))?;
        let text = String::from_utf8_lossy(&body);
        ensure!(answer.status == status, "answered {}: {text}", answer.status);
        Ok(serde_json::from_str(&text)?)
    }

    fn exchange_with(
        &mut self,
        request: &Request,
        mut on_body: impl FnMut(&[u8]),
    ) -> Result<Answer> {
        self.stream.write_all(&request.0)?;
        let head = loop {
            match head(&self.buffer[..self.filled])? {
                Some(head) => break head,
                None => self.read_more()?,
            }
        };
        let (mut at, mut body_bytes) = (head.length, 0);
        match head.framing {
            Framing::Length(length) => {
                self.read_until(at + length)?;
                on_body(&self.buffer[at..at + length]);
                (at, body_bytes) = (at + length, length);
            }
            Framing::Chunked => loop {
                let (line, size) = loop {
                    match httparse::parse_chunk_size(&self.buffer[at..self.filled]) {
                        Ok(httparse::Status::Complete((line, size))) => {
                            break (line, usize::try_from(size)?);
                        }
                        Ok(httparse::Status::Partial) => self.read_more()?,
                        Err(_) => bail!("a chunk without a size"),
                    }
                };
                self.read_until(at + line + size + 2)?;
                on_body(&self.buffer[at + line..at + line + size]);
                at += line + size + 2;
                body_bytes += size;
                if size == 0 {
                    break;
                }
            },
        }
        self.buffer.copy_within(at..self.filled, 0);
        self.filled -= at;
        Ok(Answer { status: head.status, body_bytes })
    }

    fn read_until(&mut self, end: usize) -> Result<()> {
        while self.filled < end {
            self.read_more()?;
        }
        Ok(())
    }

    fn read_more(&mut self) -> Result<()> {
        if self.filled + CHUNK > self.buffer.len() {
            self.buffer.resize(self.filled + 2 * CHUNK, 0);
        }
        let length = self.stream.read(&mut self.buffer[self.filled..])?;
        ensure!(length > 0, "the server closed the connection");
        self.filled += length;
        Ok(())
    }
}

fn head(bytes: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(bytes)? else { return Ok(None) };
    let status = response.code.context("an answer without a status")?;
    let value = |name: &str| {
        let header = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| String::from_utf8_lossy(header.value))
    };
    let framing = match (status, value("transfer-encoding"), value("content-length")) {
        (204 | 304, ..) => Framing::Length(0),
        (_, Some(coding), _) if coding.eq_ignore_ascii_case("chunked") => Framing::Chunked,
        (_, None, Some(length)) => Framing::Length(length.trim().parse()?),
        _ => bail!("an answer of no known length"),
    };
    Ok(Some(Head { length, status, framing }))
}
