//! The servers that are measured: the task board as built, the native floor, and the peers.

mod build;
pub mod peers;

pub use build::{Board, Build, Fixture, add_task, read_board, registration};

use crate::http::{Connection, Request};
use crate::process::Watched;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to answer; the first start compiles components.
const READY_LIMIT: Duration = Duration::from_secs(180);

/// The polling interval.
const TICK: Duration = Duration::from_millis(20);

/// The secret that signs tokens.
pub const JWT_SECRET: &str = "benchmarks-only-jwt-0123456789abcdef";

/// A running server, which ends with this value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    role: &'static str,
    pub address: SocketAddr,
}

impl Server {
    /// Starts a program that will listen on this address, with its output in a file in the folder.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn start(
        role: &'static str,
        mut command: Command,
        address: SocketAddr,
        log: &Path,
    ) -> Result<Self> {
        let log = File::create(log).with_context(|| log.display().to_string())?;
        let program = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| program)?;
        Ok(Self { child, role, address })
    }

    /// Waits until it answers requests for a path.
    ///
    /// # Errors
    /// When it ends, or takes too long.
    pub fn answers(&mut self, path: &str) -> Result<()> {
        let request = Request::get(path, None);
        self.wait(|address| {
            Connection::open(address)
                .and_then(|mut connection| connection.exchange(&request))
                .is_ok_and(|answer| answer.status < 500)
        })
    }

    /// Waits until it accepts connections.
    ///
    /// # Errors
    /// When it ends, or takes too long.
    pub fn listens(&mut self) -> Result<()> {
        self.wait(|address| std::net::TcpStream::connect(address).is_ok())
    }

    fn wait(&mut self, is_ready: impl Fn(SocketAddr) -> bool) -> Result<()> {
        let deadline = Instant::now() + READY_LIMIT;
        while !is_ready(self.address) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the {} ended ({status}) before it answered", self.role);
            }
            if Instant::now() > deadline {
                bail!("the {} does not answer", self.role);
            }
            thread::sleep(TICK);
        }
        Ok(())
    }

    #[must_use]
    pub fn watched(&self) -> Watched {
        Watched { role: self.role, id: self.child.id() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let id = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        // Asked to end, so that child processes end as well.
        let asked = id.map(|id| rustix::process::kill_process(id, rustix::process::Signal::TERM));
        let deadline = Instant::now() + Duration::from_secs(3);
        while asked.is_some() && Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(TICK);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
