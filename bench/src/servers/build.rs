//! A build of one revision of the task board: local-host with components, and the relay.

use super::{JWT_SECRET, Server};
use crate::http::{Connection, Request};
use crate::ports;
use crate::stores::{Database, Stores};
use anyhow::{Context, Result};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The secret between functions and relay.
const RELAY_SECRET: &str = "benchmarks-only-relay-0123456789abcdef";

/// A folder with `bin/`, `spin.toml` and the files that it names, and `sql/`.
#[derive(Clone, Debug)]
pub struct Build {
    /// Its name in tables: `now`, or a revision.
    pub name: String,
    folder: PathBuf,
    logs: PathBuf,
    number: u8,
    /// Its part of the stores.
    pub database: Database,
}

/// A running local-host with a registered user.
#[derive(Debug)]
pub struct Board {
    pub host: Server,
    /// The credential of the caller.
    pub fixture: Fixture,
}

/// The data for requests and statements.
#[derive(Clone, Debug)]
pub struct Fixture {
    address: SocketAddr,
    pub token: String,
}

impl Build {
    /// The build in a folder, with an empty database with this number.
    ///
    /// # Errors
    /// When a store or the migrations fail.
    pub fn new(
        name: &str,
        folder: &Path,
        logs: &Path,
        number: u8,
        stores: &Stores,
    ) -> Result<Self> {
        let database = stores.database(number, &folder.join("bin/migrate"))?;
        let (name, folder, logs) = (name.to_owned(), folder.to_owned(), logs.to_owned());
        Ok(Self { name, folder, logs, number, database })
    }

    /// Recreates its database, empty.
    ///
    /// # Errors
    /// When that fails.
    pub fn empty(&self, stores: &Stores) -> Result<()> {
        stores.database(self.number, &self.folder.join("bin/migrate")).map(drop)
    }

    /// Derives the data that `migrate` derives for data older than the schema.
    ///
    /// # Errors
    /// When that fails.
    pub fn migrate(&self) -> Result<()> {
        self.database.migrate(&self.folder.join("bin/migrate"))
    }

    /// A statement of the build, by the name of its file without `.sql`.
    ///
    /// # Errors
    /// When there is none.
    pub fn statement(&self, name: &str) -> Result<String> {
        let path = self.folder.join("sql").join(name).with_extension("sql");
        std::fs::read_to_string(&path).with_context(|| path.display().to_string())
    }

    /// Starts local-host and registers a user.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn board(&self) -> Result<Board> {
        let address = ports::free()?;
        let mut command = Command::new(self.folder.join("bin/local-host"));
        command.arg("--from").arg(self.folder.join("spin.toml"));
        command.arg("--listen").arg(address.to_string());
        self.configure(&mut command);
        let log = self.logs.join(format!("{}-local-host.log", self.name));
        let mut host = Server::start("host", command, address, &log)?;
        host.answers("/healthz")?;
        // A run starts it more than once on the same database.
        let name = format!("ada-{:08x}", fastrand::u32(..));
        let fixture = Fixture { address, token: register(address, &name)? };
        Ok(Board { host, fixture })
    }

    /// Starts a relay for it.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn relay(&self, board: &Board) -> Result<Server> {
        let address = ports::free()?;
        let mut command = Command::new(self.folder.join("bin/realtime-relay"));
        command.arg("--listen").arg(address.to_string());
        self.configure(&mut command);
        command
            .env("RELAY_FUNCTIONS_URL", format!("http://{}", board.host.address))
            // The events of a benchmark are in Redis only: PostgreSQL has none of them.
            .env("RELAY_CHECK_MS", "3600000");
        for limit in ["SOCKETS", "SOCKETS_PER_USER", "SOCKETS_PER_ADDRESS"] {
            command.env(format!("RELAY_MAX_{limit}"), "100000");
        }
        let log = self.logs.join(format!("{}-relay.log", self.name));
        let mut relay = Server::start("relay", command, address, &log)?;
        relay.answers("/readyz")?;
        Ok(relay)
    }

    fn configure(&self, command: &mut Command) {
        let Database { database_url, redis_url } = &self.database;
        command
            .current_dir(&self.logs)
            .env("SPIN_VARIABLE_JWT_SECRET", JWT_SECRET)
            .env("SPIN_VARIABLE_RELAY_SECRET", RELAY_SECRET)
            .env("SPIN_VARIABLE_DATABASE_URL", database_url)
            .env("SPIN_VARIABLE_DATABASE_HOST", host_of(database_url))
            .env("LOCAL_HOST_POSTGRES_SESSIONS", "own")
            .env("SPIN_VARIABLE_REDIS_URL", redis_url)
            .env("SPIN_VARIABLE_REDIS_HOST", host_of(redis_url));
        // A load generator writes faster than a person, and registers from one address.
        for limit in ["WRITE_BURST", "WRITES_PER_SECOND", "REGISTRATIONS_PER_ADDRESS"] {
            command.env(format!("SPIN_VARIABLE_{limit}"), "1000000");
        }
    }
}

impl Fixture {
    /// Creates boards; returns their ids.
    ///
    /// # Errors
    /// When one is refused.
    pub fn boards(&self, count: usize) -> Result<Vec<u64>> {
        let mut connection = Connection::open(self.address)?;
        let body = json!({"name": "Benchmark"});
        let request = Request::post("/api/boards", Some(&self.token), &body);
        let ids = (0..count).map(|_| id(&connection.fetch(&request, 201)?));
        ids.collect()
    }

    /// Creates a board; returns its id, and the number of its newest event.
    ///
    /// # Errors
    /// When it is refused.
    pub fn board_and_seq(&self) -> Result<(u64, u64)> {
        let board = *self.boards(1)?.first().context("a board")?;
        let read = Connection::open(self.address)?.fetch(&read_board(board, &self.token), 200)?;
        Ok((board, read["seq"].as_u64().context("a board without a seq")?))
    }

    /// Adds this many tasks to a board, and returns its document for members.
    ///
    /// # Errors
    /// When one is refused.
    pub fn fill(&self, board: u64, tasks: usize) -> Result<Value> {
        let mut connection = Connection::open(self.address)?;
        for number in 0..tasks {
            connection.fetch(&add_task(board, &self.token, number), 201)?;
        }
        connection.fetch(&read_board(board, &self.token), 200)
    }

    /// The claims of the token, unverified.
    ///
    /// # Errors
    /// When it is not a token.
    pub fn claims(&self) -> Result<Value> {
        let payload = self.token.split('.').nth(1).context("a token of three parts")?;
        Ok(serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload)?)?)
    }
}

/// The request that adds a task with a typical title and description.
#[must_use]
pub fn add_task(board: u64, token: &str, number: usize) -> Request {
    let body = json!({
        "title": format!("Write down what was agreed, part {number}"),
        "description": "The three of us met and found a way. Who was there reads it until Friday.",
        "labels": ["meeting", "notes"],
    });
    Request::post(&format!("/api/boards/{board}/tasks"), Some(token), &body)
}

/// The request that reads a board.
#[must_use]
pub fn read_board(board: u64, token: &str) -> Request {
    Request::get(&format!("/api/boards/{board}"), Some(token))
}

/// Registers a user; returns the token.
fn register(address: SocketAddr, name: &str) -> Result<String> {
    let body = registration(name);
    let answer =
        Connection::open(address)?.fetch(&Request::post("/api/auth/register", None, &body), 201)?;
    Ok(answer["token"].as_str().context("no token")?.to_owned())
}

/// The body for registering a user with this name.
#[must_use]
pub fn registration(name: &str) -> Value {
    json!({"username": name, "password": "correct horse battery"})
}

fn id(entity: &Value) -> Result<u64> {
    entity["id"].as_u64().context("an entity without an id")
}

/// Scheme, host and port of an address: what a function may connect to.
fn host_of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let place = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{}", place.rsplit('@').next().unwrap_or_default())
}
