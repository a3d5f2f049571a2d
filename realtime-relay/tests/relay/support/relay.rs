//! The relay as a process, and WebSocket clients of it.

use super::functions::{Functions, SECRET};
use super::wait::PATIENCE;
use futures::{SinkExt as _, StreamExt as _};
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_websockets::{ClientBuilder, MaybeTlsStream, Message, WebSocketStream};

/// A running relay; killed when dropped.
pub(crate) struct Relay {
    /// `http://…`
    pub(crate) url: String,
    /// Host and port.
    pub(crate) address: String,
    /// The address of its metrics.
    pub(crate) metrics_url: String,
    process: Child,
}

impl Relay {
    /// Starts the built binary on a free port.
    pub(crate) async fn start(functions: &Functions, flags: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_realtime-relay"))
            .args(["--listen", "127.0.0.1:0", "--functions-url", &functions.url])
            .args(["--metrics-listen", "127.0.0.1:0"])
            .args(flags)
            .env("SPIN_VARIABLE_RELAY_SECRET", SECRET)
            .env_remove("SPIN_VARIABLE_CORS_ORIGINS")
            .env_remove("SPIN_VARIABLE_CLIENT_ADDRESS_HEADER")
            .env_remove("SPIN_VARIABLE_DATABASE_URL")
            .env_remove("SPIN_VARIABLE_REDIS_URL")
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the relay starts");
        let stderr = process.stderr.take().expect("its standard error");
        let mut lines = BufReader::new(stderr).lines();
        let mut metrics_url = String::new();
        let url = loop {
            let line = lines.next_line().await.expect("a line").expect("the relay listens");
            if let Some((_, url)) = line.split_once("metrics at ") {
                metrics_url = url.trim().to_owned();
            }
            if let Some((_, url)) = line.split_once("listening on ") {
                break url.trim().to_owned();
            }
        };
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                eprintln!("relay: {line}");
            }
        });
        let address = url.strip_prefix("http://").expect("http").to_owned();
        Self { url, address, metrics_url, process }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id().expect("it runs")
    }

    /// Asks it to end, like an orchestrator.
    pub(crate) async fn terminate(&self) {
        let status = Command::new("kill").arg(self.id().to_string()).status().await;
        assert!(status.expect("kill runs").success());
    }

    /// Ends it at once.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.expect("killed");
    }

    /// Its exit code once it has ended.
    pub(crate) async fn exit_code(&mut self) -> Option<i32> {
        let status = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        status.expect("the relay is shutting down").expect("a status").code()
    }

    /// A welcomed client.
    pub(crate) async fn client(&self) -> Client {
        let mut client = self.connect(&[]).await.expect("a handshake");
        assert_eq!(client.next().await["type"], "welcome");
        client
    }

    /// A client with additional headers in its handshake.
    pub(crate) async fn connect(
        &self,
        headers: &[(&'static str, &str)],
    ) -> Result<Client, tokio_websockets::Error> {
        let uri = format!("ws://{}/ws/quick-win", self.address);
        let mut builder = ClientBuilder::new().uri(&uri).expect("a URI");
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).expect("a value");
            builder = builder.add_header(HeaderName::from_static(name), value).expect("a header");
        }
        let (socket, _) = builder.connect().await?;
        Ok(Client { socket })
    }

    /// A value from `/metrics`: a sample, or the sum of a family.
    pub(crate) async fn metric(&self, functions: &Functions, name: &str) -> u64 {
        let (_, _, text) = functions.get(&self.metrics_url).await;
        let samples = text.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let (_, number) = rest.rsplit_once(' ')?;
            (rest.starts_with(' ') || rest.starts_with('{')).then_some(number)
        });
        let numbers: Vec<u64> = samples.map(|number| number.parse().expect("a number")).collect();
        assert!(!numbers.is_empty(), "{name} is missing in\n{text}");
        numbers.iter().sum()
    }
}

pub(crate) struct Client {
    /// The socket, for tests that do what no client should.
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    pub(crate) async fn send(&mut self, message: Value) {
        self.say_text(&message.to_string()).await;
    }

    /// Sends any text.
    pub(crate) async fn say_text(&mut self, text: &str) {
        self.socket.send(Message::text(text.to_owned())).await.expect("sent");
    }

    /// The next message, in time. Presence is skipped: it may come at any time.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.next_or_close().await {
                Ok(message) if message["type"] == "presence" => {}
                Ok(message) => return message,
                Err(code) => panic!("closed with {code:?}"),
            }
        }
    }

    /// The next message, or the code that the relay closed with.
    pub(crate) async fn next_or_close(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            let Some(Ok(message)) = message.expect("a message in time") else { return Err(None) };
            if let Some((code, _)) = message.as_close() {
                return Err(Some(code.into()));
            }
            if let Some(text) = message.as_text() {
                return Ok(serde_json::from_str(text).expect("JSON"));
            }
        }
    }

    /// The next message that is not a heartbeat.
    pub(crate) async fn next_but_heartbeats(&mut self) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] != "heartbeat" {
                return message;
            }
        }
    }

    /// The relay's close code.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next_or_close().await {
                return code;
            }
        }
    }

    /// Subscribes, which must succeed; returns the head.
    pub(crate) async fn subscribe(&mut self, board: u64, after: Option<u64>) -> u64 {
        let mut message = json!({"type": "subscribe", "board": board});
        if let Some(after) = after {
            message["after"] = after.into();
        }
        self.send(message).await;
        let answer = self.next_but_heartbeats().await;
        assert_eq!(answer["type"], "subscribed", "{answer}");
        assert_eq!(answer["board"], board);
        answer["seq"].as_u64().expect("a cursor")
    }

    /// Expects exactly the events from `first` to `last` of a board, in order (RT1 to RT3).
    pub(crate) async fn expect_events(&mut self, board: u64, first: u64, last: u64) {
        for seq in first..=last {
            let message = self.next_but_heartbeats().await;
            assert_eq!(message["type"], "event", "{message}");
            assert_eq!((&message["board"], &message["seq"]), (&json!(board), &json!(seq)));
            assert_eq!(message["board_id"], board);
        }
    }
}
