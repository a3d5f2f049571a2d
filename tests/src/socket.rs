//! A WebSocket client of the relay.

use crate::api::Api;
use ::http::{HeaderName, HeaderValue, Uri};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use shared::protocol::ServerMessage;
use std::net::Ipv4Addr;
use std::ops::Deref;
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio_websockets::{ClientBuilder, Message, WebSocketStream};

/// How long an expected message may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Why a socket could not be opened, or has ended.
#[derive(Debug)]
pub enum Ended {
    /// The relay closed it with this code and reason.
    Closed(u16, String),
    /// The connection broke, or was refused.
    Broken(String),
}

#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

#[derive(Debug)]
pub struct Text(Message);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.as_text().unwrap_or_default()
    }
}

impl Socket {
    /// Opens a socket and waits for its welcome.
    ///
    /// # Panics
    /// If it is not opened.
    pub async fn open(api: &Api<'_>) -> Self {
        Self::try_open(api).await.expect("a socket")
    }

    /// Opens a socket and waits for its welcome, where the relay may be unavailable.
    ///
    /// # Errors
    /// If it is not opened.
    pub async fn try_open(api: &Api<'_>) -> Result<Self, Ended> {
        let mut socket = Self::connect(api, None, None).await?;
        let welcome = socket.read().await?;
        assert_eq!(welcome["type"], "welcome", "the first message: {welcome}");
        Ok(socket)
    }

    /// Opens a socket as a page of this origin and with this receive buffer, and reads nothing.
    ///
    /// # Errors
    /// If it is not opened.
    pub async fn connect(
        api: &Api<'_>,
        origin: Option<&str>,
        receive_buffer: Option<u32>,
    ) -> Result<Self, Ended> {
        let url = format!("{}{}", api.stack.relay_url(), api.mode.socket);
        let bearer = api.token().map(|token| format!("Bearer {token}"));
        let bearer = bearer.as_deref().map(|bearer| ("authorization", bearer));
        let origin = origin.map(|origin| ("origin", origin));
        let headers: Vec<_> = origin.into_iter().chain(bearer).collect();
        Self::connect_to(&url, &headers, receive_buffer).await
    }

    /// Opens a socket at an address, with these headers.
    ///
    /// # Errors
    /// If it is not opened.
    ///
    /// # Panics
    /// If the address or a header is not valid.
    pub async fn connect_to(
        url: &str,
        headers: &[(&'static str, &str)],
        receive_buffer: Option<u32>,
    ) -> Result<Self, Ended> {
        Self::connect_from(Ipv4Addr::UNSPECIFIED, url, headers, receive_buffer).await
    }

    /// The same from another address of this machine.
    ///
    /// # Errors
    /// If it is not opened.
    ///
    /// # Panics
    /// If an address or a header is not valid.
    pub async fn connect_from(
        own: Ipv4Addr,
        url: &str,
        headers: &[(&'static str, &str)],
        receive_buffer: Option<u32>,
    ) -> Result<Self, Ended> {
        let broken = |error: &dyn std::fmt::Display| Ended::Broken(error.to_string());
        let uri: Uri = url.replace("http:", "ws:").parse().expect("an address");
        let address = uri.authority().expect("host and port").as_str().parse().expect("an address");
        let tcp = TcpSocket::new_v4().expect("a TCP socket");
        if let Some(bytes) = receive_buffer {
            tcp.set_recv_buffer_size(bytes).expect("a small buffer");
        }
        tcp.bind((own, 0).into()).expect("an address of this machine");
        let tcp = tcp.connect(address).await.map_err(|error| broken(&error))?;
        tcp.set_nodelay(true).map_err(|error| broken(&error))?;
        let mut builder = ClientBuilder::from_uri(uri);
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).expect("a header's value");
            builder = builder
                .add_header(HeaderName::from_static(name), value)
                .expect("a header that may be set");
        }
        let (stream, _) = builder.connect_on(tcp).await.map_err(|error| broken(&error))?;
        Ok(Self { stream })
    }

    /// Sends a message.
    ///
    /// # Panics
    /// If the socket is closed.
    pub async fn say(&mut self, message: &Value) {
        self.try_say(message).await.expect("an open socket");
    }

    /// Sends a message on a socket that may be closed.
    ///
    /// # Errors
    /// When it is.
    pub async fn try_say(&mut self, message: &Value) -> Result<(), Ended> {
        let sent = self.stream.send(Message::text(message.to_string())).await;
        sent.map_err(|error| Ended::Broken(error.to_string()))
    }

    /// Sends a text that need not be a message of the protocol.
    ///
    /// # Panics
    /// If the socket is closed.
    pub async fn say_text(&mut self, text: impl Into<String>) {
        self.stream.send(Message::text(text.into())).await.expect("an open socket");
    }

    /// Sends a binary message, which the protocol does not have.
    ///
    /// # Panics
    /// If the socket is closed.
    pub async fn say_bytes(&mut self, bytes: &'static [u8]) {
        self.stream.send(Message::binary(bytes)).await.expect("an open socket");
    }

    /// The next message.
    ///
    /// # Panics
    /// If none comes in time, or the socket ends.
    pub async fn message(&mut self) -> Value {
        self.read().await.unwrap_or_else(|end| panic!("the socket ended: {end:?}"))
    }

    /// The next message that is neither a heartbeat nor presence: both come at any time.
    ///
    /// # Panics
    /// If none comes in time, or the socket ends.
    pub async fn message_but_heartbeats(&mut self) -> Value {
        loop {
            let message = self.message().await;
            if message["type"] != "heartbeat" && message["type"] != "presence" {
                return message;
            }
        }
    }

    /// Reads until the relay closes the socket; returns the code.
    ///
    /// # Panics
    /// If it does not.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.read().await {
                Ok(_) => {}
                Err(Ended::Closed(code, _)) => return code,
                Err(broken) => panic!("the socket broke without a close code: {broken:?}"),
            }
        }
    }

    /// The next message of a socket that may end.
    ///
    /// # Errors
    /// If the socket is closed or breaks.
    ///
    /// # Panics
    /// If nothing comes in time: the contract forbids silence.
    pub async fn read(&mut self) -> Result<Value, Ended> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.stream.next());
            let message = match next.await.expect("a message: the relay is silent") {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(Ended::Broken(error.to_string())),
                None => return Err(Ended::Broken("end of the stream".to_owned())),
            };
            if let Some(text) = message.as_text() {
                return Ok(parse(text));
            }
            if let Some((code, reason)) = message.as_close() {
                return Err(Ended::Closed(code.into(), reason.to_owned()));
            }
        }
    }

    /// The text of the next message, unchanged, however long it takes. Cancelling loses
    /// nothing.
    ///
    /// # Errors
    /// If the socket is closed or breaks.
    pub async fn next_text(&mut self) -> Result<Text, Ended> {
        loop {
            let message = match self.stream.next().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(Ended::Broken(error.to_string())),
                None => return Err(Ended::Broken("end of the stream".to_owned())),
            };
            if message.is_text() {
                return Ok(Text(message));
            }
            if let Some((code, reason)) = message.as_close() {
                return Err(Ended::Closed(code.into(), reason.to_owned()));
            }
        }
    }

    /// Subscribes to a board from now on, or after this event of this epoch; returns the
    /// answer: `subscribed`, `reset` or `error`.
    pub async fn subscribe(&mut self, board: u64, cursor: Option<(u64, &str)>) -> Value {
        self.say(&subscription(board, cursor)).await;
        self.message_but_heartbeats().await
    }

    /// The next event, which must have this number.
    ///
    /// # Panics
    /// If something else comes.
    pub async fn event(&mut self, seq: u64) -> Value {
        let message = self.message_but_heartbeats().await;
        assert_eq!(message["type"], "event", "{message}");
        assert_eq!(message["seq"], seq, "{message}");
        message
    }
}

/// The message that subscribes to a board.
#[must_use]
pub fn subscription(board: u64, cursor: Option<(u64, &str)>) -> Value {
    match cursor {
        Some((after, epoch)) => {
            json!({"type": "subscribe", "board": board, "after": after, "epoch": epoch})
        }
        None => json!({"type": "subscribe", "board": board}),
    }
}

/// A message, which must be one of docs/contract/realtime.md's table.
pub(crate) fn parse(text: &str) -> Value {
    let message: Value = serde_json::from_str(text).expect("JSON");
    // Messages about a feed share their types with those about boards; the type is only ever
    // serialized.
    if message["feed"].is_null()
        && let Err(error) = serde_json::from_str::<ServerMessage>(text)
    {
        panic!("not a message of the protocol ({error}): {text}");
    }
    // Only one of two equal members is read, so the text is longer than necessary.
    assert_eq!(message.to_string().len(), text.len(), "written twice, or with space: {text}");
    message
}
