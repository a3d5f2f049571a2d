//! A Redis that has the JSON commands: `tests/redis-json`, which `cargo xtask test install` installs.

use crate::leash::Leash;
use crate::ports;
use crate::stack::{binaries, workspace};
use redis::{Client, Connection};
use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long it may take to start.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// The server, which ends with this value.
#[derive(Debug)]
pub struct RedisJson {
    port: u16,
    _process: Leash,
}

impl RedisJson {
    /// Starts it, empty.
    ///
    /// # Panics
    /// When it is not installed, or does not start.
    #[must_use]
    pub fn start() -> Self {
        let port = ports::free();
        let (folder, packages) = (workspace().join("tests/redis-json"), packages());
        assert!(packages.is_dir(), "{} is missing: cargo xtask test install", packages.display());
        let mut server = Command::new("python3");
        server.arg(folder.join("server.py")).arg(port.to_string()).env("PYTHONPATH", packages);
        let place = std::env::temp_dir().join(format!("redis-json-{port}.log"));
        let log = File::create(&place).expect("a log file");
        let server = Self { port, _process: Leash::start(&server, &log).expect("a shell") };
        let deadline = Instant::now() + READY_LIMIT;
        while server.client().get_connection().is_err() {
            let text = || std::fs::read_to_string(&place).unwrap_or_default();
            assert!(Instant::now() < deadline, "the server does not start: {}", text());
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = std::fs::remove_file(place);
        server
    }

    /// A connection to it.
    ///
    /// # Panics
    /// When it is gone.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.client().get_connection().expect("a connection")
    }

    /// What local-host needs in its environment to use it in place of another Redis.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, String); 2] {
        let host = format!("redis://127.0.0.1:{}", self.port);
        [("SPIN_VARIABLE_REDIS_URL", self.url()), ("SPIN_VARIABLE_REDIS_HOST", host)]
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    fn client(&self) -> Client {
        Client::open(self.url()).expect("an address")
    }
}

/// Where the packages lie: in a folder named after the version that the requirements pin.
fn packages() -> PathBuf {
    let requirements = include_str!("../redis-json/requirements.txt");
    let pinned = requirements.lines().find(|line| line.starts_with("fakeredis=="));
    let name = pinned.expect("a version").replace("==", "-");
    binaries().with_file_name("tools").join(name)
}
