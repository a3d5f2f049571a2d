//! A private Redis: on loopback, with a password, and with an append-only file that a restart
//! loads.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::address::Address;
use super::folder::{self, Folder};
use super::leftover;
use crate::program;
use crate::program::has_program;
use crate::service::{Output, Service};

const PROGRAM: &str = "redis-server";

/// How long it may take to answer whether it is ready.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// Whether it is installed.
pub(super) fn is_installed() -> bool {
    has_program(PROGRAM)
}

/// Ends this folder's server, if one is still running from the last time.
///
/// # Errors
/// If it does not end.
pub(super) fn end_leftover(folder: &Folder) -> Result<()> {
    let place = place(folder);
    leftover::end("Redis", &place.join("redis.pid"), &place, Signal::TERM)
}

/// The server.
///
/// # Errors
/// If its settings cannot be written.
pub(super) fn service(folder: &Folder, address: &Address) -> Result<Service> {
    let place = place(folder);
    folder::make(&place)?;
    // In a file, not as an argument: every user of the machine can see arguments.
    folder::write_private(&place.join("redis.conf"), &settings(address))
        .with_context(|| format!("{} cannot be written to", place.display()))?;
    let mut command = program::tether(Signal::TERM, None);
    command.extend([PROGRAM.to_owned(), "redis.conf".to_owned()]);
    Ok(Service {
        name: "redis",
        output: Output::File(log(folder)),
        command,
        environment: Vec::new(),
        folder: place,
        stop_signal: Signal::TERM,
        after_restart: "runs again; its streams are what they were, but for their last second",
    })
}

fn settings(address: &Address) -> String {
    let (port, password) = (address.port(), address.password().unwrap_or_default());
    format!(
        "bind 127.0.0.1\n\
         port {port}\n\
         requirepass {password}\n\
         daemonize no\n\
         pidfile redis.pid\n\
         loglevel warning\n\
         save \"\"\n\
         appendonly yes\n\
         appendfsync everysec\n\
         maxmemory 512mb\n\
         maxmemory-policy volatile-lru\n"
    )
}

/// Whether the server answers, which it does once it has loaded its data.
pub(super) fn is_ready(address: &Address) -> bool {
    ping(address).is_ok_and(|answer| answer == "+OK\r\n+PONG\r\n")
}

fn ping(address: &Address) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", address.port()))?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    let password = address.password().unwrap_or_default();
    stream.write_all(format!("AUTH {password}\r\nPING\r\nQUIT\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.take(1_000).read_to_string(&mut answer)?;
    Ok(answer.strip_suffix("+OK\r\n").unwrap_or_default().to_owned())
}

/// The path of its log.
pub(super) fn log(folder: &Folder) -> PathBuf {
    folder.path().join("redis.log")
}

fn place(folder: &Folder) -> PathBuf {
    folder.path().join("redis")
}
