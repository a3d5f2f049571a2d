//! The peers of the task board: the same handlers in Python and natively in Rust, and other
//! WebSocket servers. Each is set up as its own documentation recommends (docs/performance.md has
//! the sources).

use super::{Build, JWT_SECRET, Server};
use crate::ports;
use anyhow::{Result, bail};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders where peers are installed, and where they log.
#[derive(Clone, Debug)]
pub struct Peers {
    /// Our own programs, `bench-floor` and `bench-raw`.
    pub programs: PathBuf,
    /// `python/` with packages, and `node/` with packages and programs.
    pub installed: PathBuf,
    /// The folder of our programs for peers.
    pub sources: PathBuf,
    pub logs: PathBuf,
}

/// A server for a Python web framework.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PythonServer {
    /// uvicorn with uvloop and httptools, one worker.
    Uvicorn,
    /// granian with uvloop, one worker.
    Granian,
}

/// A peer that pushes events to WebSockets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pusher {
    /// A loop of `send` calls: the system's cost of the bytes alone.
    Raw,
    /// `ws` on Node.js, with ioredis.
    Ws,
    /// socket.io with its Redis Streams adapter.
    SocketIo,
    /// Bun's own WebSocket server and its own Redis client.
    Bun,
    /// Nchan, a module of nginx, subscribed to Redis.
    Nchan,
    /// NATS with its WebSocket listener.
    Nats,
}

/// A running peer, and the address for publishing events, unless it reads a stream in Redis.
#[derive(Debug)]
pub struct Pushed {
    pub server: Server,
    /// Where publishers connect.
    pub publish: SocketAddr,
}

impl PythonServer {
    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uvicorn => "FastAPI on uvicorn",
            Self::Granian => "FastAPI on granian",
        }
    }
}

impl Pusher {
    /// All peers, the cheapest first.
    pub const ALL: [Self; 6] =
        [Self::Raw, Self::Bun, Self::Ws, Self::SocketIo, Self::Nchan, Self::Nats];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw send loop",
            Self::Ws => "ws + ioredis",
            Self::SocketIo => "socket.io + Redis Streams adapter",
            Self::Bun => "Bun",
            Self::Nchan => "Nchan",
            Self::Nats => "NATS WebSocket",
        }
    }

    /// The Redis stream that it reads, if any: each has its own, so that none is busy while another
    /// is measured.
    #[must_use]
    pub fn stream(self) -> &'static str {
        match self {
            Self::Raw => "bench:raw",
            Self::Ws => "bench:ws",
            Self::SocketIo => "bench:socket.io",
            Self::Bun => "bench:bun",
            Self::Nchan | Self::Nats => "bench:none",
        }
    }
}

impl Peers {
    /// FastAPI with the handlers of bench/peers/fastapi_app.py, on a build's database and statements.
    ///
    /// # Errors
    /// When it is not installed, or does not answer.
    pub fn fastapi(&self, server: PythonServer, build: &Build) -> Result<Server> {
        let address = ports::free()?;
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        let mut command = Command::new("python3");
        match server {
            PythonServer::Uvicorn => command.args([
                "-m",
                "uvicorn",
                "fastapi_app:app",
                "--host",
                &host,
                "--port",
                &port,
                "--workers",
                "1",
                "--loop",
                "uvloop",
                "--http",
                "httptools",
                "--no-access-log",
            ]),
            PythonServer::Granian => command.args([
                "-m",
                "granian",
                "fastapi_app:app",
                "--interface",
                "asgi",
                "--host",
                &host,
                "--port",
                &port,
                "--workers",
                "1",
                "--loop",
                "uvloop",
                "--no-access-log",
            ]),
        };
        let path = std::env::join_paths([self.installed.join("python"), self.sources.clone()])?;
        command
            .current_dir(&self.sources)
            .env("PYTHONPATH", path)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("FIND_BOARD", build.statement("find_board")?)
            .env("TASK_ADD", build.statement("task_add")?);
        configure(&mut command, build);
        let log = self.logs.join(format!("{server:?}.log"));
        let mut server = Server::start("host", command, address, &log)?;
        server.answers("/healthz")?;
        Ok(server)
    }

    /// The same handlers in Rust over hyper, without WebAssembly.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn floor(&self, build: &Build) -> Result<Server> {
        let address = ports::free()?;
        let mut command = Command::new(self.programs.join("bench-floor"));
        command.arg(address.to_string());
        configure(&mut command, build);
        let mut server = Server::start("host", command, address, &self.logs.join("floor.log"))?;
        server.answers("/healthz")?;
        Ok(server)
    }

    /// A WebSocket server, which reads its own stream in the build's Redis (except Nchan and NATS).
    ///
    /// # Errors
    /// When it is not installed, or does not answer.
    pub fn pusher(&self, pusher: Pusher, build: &Build) -> Result<Pushed> {
        let address = ports::free()?;
        let publish = if pusher == Pusher::Nats { ports::free()? } else { address };
        let (node, port) = (self.installed.join("node"), address.port().to_string());
        let mut command = match pusher {
            Pusher::Raw => {
                let mut raw = Command::new(self.programs.join("bench-raw"));
                raw.arg(address.to_string());
                raw
            }
            Pusher::Ws => script("node", &node.join("ws.mjs"), &port),
            Pusher::SocketIo => script("node", &node.join("socket_io.mjs"), &port),
            Pusher::Bun => {
                let bun = node.join("node_modules/@oven/bun-linux-x64/bin/bun");
                script(bun.to_string_lossy().as_ref(), &node.join("bun.mjs"), &port)
            }
            Pusher::Nchan => self.nchan(address)?,
            Pusher::Nats => self.nats(address, publish)?,
        };
        command.env("STREAM", pusher.stream());
        configure(&mut command, build);
        let log = self.logs.join(format!("{pusher:?}.log"));
        let mut server = Server::start("relay", command, address, &log)?;
        server.listens()?;
        Ok(Pushed { server, publish })
    }

    fn nchan(&self, address: SocketAddr) -> Result<Command> {
        let folder = self.logs.join("nchan");
        std::fs::create_dir_all(&folder)?;
        let template = std::fs::read_to_string(self.sources.join("nchan.conf"))?;
        let settings = folder.join("nginx.conf");
        let text = template.replace("{folder}", &folder.display().to_string());
        std::fs::write(&settings, text.replace("{address}", &address.to_string()))?;
        let module = Path::new("/usr/lib/nginx/modules/ngx_nchan_module.so");
        if !module.exists() {
            bail!("Nchan is not installed");
        }
        let mut nginx = Command::new("nginx");
        nginx.arg("-c").arg(settings).arg("-p").arg(folder);
        Ok(nginx)
    }

    fn nats(&self, address: SocketAddr, publish: SocketAddr) -> Result<Command> {
        let settings = self.logs.join("nats.conf");
        let text =
            format!("listen: \"{publish}\"\nwebsocket {{ listen: \"{address}\", no_tls: true }}\n");
        std::fs::write(&settings, text)?;
        let server = self.installed.join("python/bin/nats-server");
        if !server.exists() {
            bail!("NATS is not installed");
        }
        let mut nats = Command::new(server);
        nats.arg("-c").arg(settings);
        Ok(nats)
    }
}

fn script(program: &str, file: &Path, port: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(file).env("PORT", port).env("NODE_ENV", "production");
    command
}

fn configure(command: &mut Command, build: &Build) {
    command
        .env("DATABASE_URL", &build.database.database_url)
        .env("REDIS_URL", &build.database.redis_url)
        .env("JWT_SECRET", JWT_SECRET);
}
