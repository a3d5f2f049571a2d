//! A test's own relay, and sockets to it.

use super::{PATIENCE, Person, World, expect, until};
use contract_tests::event_stream::{EventStream, NoStream};
use contract_tests::leash::Leash;
use contract_tests::socket::{Ended, Socket};
use contract_tests::stack::{ALLOWED_ORIGIN, JWT_SECRET, RELAY_SECRET, workspace};
use contract_tests::{Client, ports};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

pub(crate) struct Relay {
    pub(crate) url: String,
    /// The URL of its metrics.
    pub(crate) metrics_url: String,
    log: PathBuf,
    process: Leash,
}

impl Relay {
    /// Starts a relay on a world's databases.
    pub(crate) async fn start(world: &World, flags: &[&str]) -> Self {
        Self::start_with(world, flags, &[]).await
    }

    /// The same with additional environment variables.
    pub(crate) async fn start_with(
        world: &World,
        flags: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let (port, metrics_port) = (ports::free(), ports::free());
        let folder = workspace().join("target/contract-tests");
        fs::create_dir_all(&folder).expect("a folder for logs");
        let log = folder.join(format!("relay-{port}.log"));
        let file = File::create(&log).expect("a log file");
        let chosen = std::env::var_os("TASKBOARD_BIN_DIR").map(PathBuf::from);
        let programs = chosen.unwrap_or_else(|| workspace().join("target/debug"));
        let mut command = Command::new(Path::new(&programs).join("realtime-relay"));
        command
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--metrics-listen", &format!("127.0.0.1:{metrics_port}")])
            .args(["--log", "debug,hyper=info,tokio_postgres=info"])
            // Nothing listens there: the functions are not needed.
            .args(["--functions-url", &format!("http://127.0.0.1:{}", ports::free())])
            .args(flags)
            .env("SPIN_VARIABLE_RELAY_SECRET", RELAY_SECRET)
            .env("SPIN_VARIABLE_JWT_SECRET", JWT_SECRET)
            .env("SPIN_VARIABLE_CORS_ORIGINS", ALLOWED_ORIGIN)
            .envs(world.databases.environment())
            .envs(environment.iter().copied());
        let relay = Self {
            url: format!("http://127.0.0.1:{port}"),
            metrics_url: format!("http://127.0.0.1:{metrics_port}"),
            process: Leash::start(&command, &file).expect("a shell"),
            log,
        };
        let client = Client::new(relay.url.clone());
        let deadline = Instant::now() + PATIENCE;
        while client.get("/healthz").try_send().await.is_err() {
            assert!(Instant::now() < deadline, "the relay does not start: {}", relay.log());
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        relay
    }

    pub(crate) fn process(&self) -> u32 {
        self.process.program_id().expect("a running relay")
    }

    /// Everything that it logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// A socket of this person, welcomed.
    pub(crate) async fn socket(&self, world: &World, who: &Person) -> Socket {
        self.socket_of(&world.token(who)).await
    }

    /// A socket with this token, welcomed.
    pub(crate) async fn socket_of(&self, token: &str) -> Socket {
        let bearer = format!("Bearer {token}");
        let mut socket = self.open(&[("authorization", &bearer)]).await.expect("a socket");
        let welcome = socket.message().await;
        assert_eq!(welcome["type"], "welcome", "{welcome}");
        socket
    }

    /// A socket with these headers, from which nothing was read.
    pub(crate) async fn open(&self, headers: &[(&'static str, &str)]) -> Result<Socket, Ended> {
        Socket::connect_to(&format!("{}/ws", self.url), headers, None).await
    }

    /// A socket of this person that follows a board from now or from a cursor; and the head.
    pub(crate) async fn follow(
        &self,
        world: &World,
        who: &Person,
        board: u64,
        after: Option<u64>,
    ) -> (Socket, u64) {
        let mut socket = self.socket(world, who).await;
        let head = subscribe(&mut socket, board, after).await;
        (socket, head)
    }

    /// This person's event stream for a path such as `boards/7?after=42`.
    pub(crate) async fn stream(&self, world: &World, who: &Person, path: &str) -> EventStream {
        let bearer = format!("Bearer {}", world.token(who));
        let stream = self.open_stream(path, &[("authorization", &bearer)], None).await;
        stream.unwrap_or_else(|refused| panic!("no stream of {path}: {refused:?}"))
    }

    /// The event stream of a request with these headers, and with this receive buffer.
    pub(crate) async fn open_stream(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        receive_buffer: Option<u32>,
    ) -> Result<EventStream, NoStream> {
        EventStream::open(&format!("{}/sse/{path}", self.url), headers, receive_buffer).await
    }

    /// Sends the relay a signal.
    pub(crate) fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Waits until the relay exits by itself; returns its exit status.
    pub(crate) async fn ended(self) -> Option<i32> {
        tokio::task::spawn_blocking(|| self.process.ended()).await.expect("it ends")
    }

    /// The relay's memory, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        self.process.memory()
    }

    /// A value from `/metrics`: a sample, or the sum of a family.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let client = Client::new(self.metrics_url.clone());
        let reply = client.get("/metrics").send().await.expect(200);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
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

/// Waits until a relay receives a board's events by the feeds; this socket follows the board and
/// expects `next`. Until then the relay reads PostgreSQL, because Redis was unavailable or the
/// relay has not yet checked that Redis holds the same history. Returns the next expected event.
pub(crate) async fn until_fed(
    relay: &Relay,
    world: &World,
    who: &Person,
    (socket, board): (&mut Socket, u64),
    mut next: u64,
) -> u64 {
    let fed = r#"realtime_relay_feed_events_total{outcome="appended"}"#;
    let before = relay.metric(fed).await;
    until("events come by the feeds", async || {
        world.add(who, board, 1).await;
        expect(socket, board, next..=next).await;
        next += 1;
        (relay.metric(fed).await > before).then_some(())
    })
    .await;
    next
}

/// Waits until a relay counts events; returns its process id, which is in its consumer's name.
pub(crate) async fn joined(relay: &Relay) -> String {
    until("the relay counts", async || {
        let log = relay.log();
        let (_, rest) = log.split_once("events are counted consumer=")?;
        let name = rest.split_whitespace().next()?.trim_matches('"');
        name.rsplit('-').nth(1).map(str::to_owned)
    })
    .await
}

/// Sends a signal to a relay.
pub(crate) async fn signal(relay: &Relay, name: &str) {
    let process = joined(relay).await;
    let status = Command::new("kill").args([name, &process]).status();
    assert!(status.expect("kill").success());
}

/// Subscribes, which must succeed; returns the head.
pub(crate) async fn subscribe(socket: &mut Socket, board: u64, after: Option<u64>) -> u64 {
    let answer = ask(socket, board, after).await;
    assert_eq!(answer["type"], "subscribed", "{answer}");
    assert_eq!(answer["board"], board);
    answer["seq"].as_u64().expect("a cursor")
}

/// Subscribes; returns the answer.
pub(crate) async fn ask(socket: &mut Socket, board: u64, after: Option<u64>) -> Value {
    let mut message = json!({"type": "subscribe", "board": board});
    if let Some(after) = after {
        message["after"] = after.into();
    }
    socket.say(&message).await;
    socket.message_but_heartbeats().await
}
