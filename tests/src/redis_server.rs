//! A test's own empty Redis besides the shared databases.

use crate::leash::Leash;
use crate::{ports, servers};
use redis::{Client, Connection};
use std::fs::File;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long it may take to start.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// The server, which ends with this value.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    _process: Leash,
}

impl RedisServer {
    /// Starts one.
    ///
    /// # Panics
    /// If it is not installed, or does not start.
    #[must_use]
    pub fn start() -> Self {
        let port = ports::free();
        let folder = std::env::temp_dir();
        Self::run(&servers::redis(&servers::redis_program(), port, &folder), port)
    }

    /// Starts the server of this command, on this port.
    pub(crate) fn run(server: &Command, port: u16) -> Self {
        let place = std::env::temp_dir().join(format!("redis-{port}.log"));
        let log = File::create(&place).expect("a log file");
        let server = Self { port, _process: Leash::start(server, &log).expect("a shell") };
        let deadline = Instant::now() + READY_LIMIT;
        while server.client().get_connection().is_err() {
            let text = || std::fs::read_to_string(&place).unwrap_or_default();
            assert!(Instant::now() < deadline, "the server does not start: {}", text());
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = std::fs::remove_file(place);
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A connection to it.
    ///
    /// # Panics
    /// If it has ended.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.client().get_connection().expect("a connection")
    }

    fn client(&self) -> Client {
        Client::open(("127.0.0.1", self.port)).expect("an address")
    }
}
