//! Publishing events at a steady pace, in each server's own way.

use crate::audience::Published;
use crate::http::{Connection, Request};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use shared::data::keys;
use shared::models::BoardId;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// Where events go.
pub enum Publisher {
    /// Into the streams of the board, as docs/contract/realtime.md has them (RT-PUBLISH).
    Board(redis::Connection),
    /// Into a stream of Redis.
    Stream { redis: redis::Connection, key: &'static str },
    /// To Nchan's publisher.
    Nchan(Connection),
    /// To the subject `board` of NATS.
    Nats(TcpStream),
}

impl Publisher {
    /// A publisher for NATS, at the address where it accepts clients.
    ///
    /// # Errors
    /// When it is not NATS.
    pub fn nats(address: SocketAddr) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line)?;
        ensure!(line.starts_with("INFO"), "not NATS: {line}");
        stream.write_all(b"CONNECT {\"verbose\":false,\"pedantic\":false}\r\n")?;
        Ok(Self::Nats(stream))
    }

    /// Publishes all events of a run, each when it is due, this many a second.
    ///
    /// # Errors
    /// When one is not accepted.
    pub fn run(
        &mut self,
        published: &Published,
        board: u64,
        bytes: usize,
        per_second: f64,
    ) -> Result<()> {
        let start = Instant::now();
        for (number, seq) in published.events().enumerate() {
            let event = event(board, seq, bytes);
            let due = start + Duration::from_secs_f64(number as f64 / per_second);
            thread::sleep(due.saturating_duration_since(Instant::now()));
            published.note(seq, due);
            self.publish(board, seq, &event)?;
        }
        Ok(())
    }

    fn publish(&mut self, board: u64, seq: u64, event: &str) -> Result<()> {
        match self {
            Self::Board(redis) => {
                add(redis, BoardId::new(board).context("a board's id")?, seq, event)?;
            }
            Self::Stream { redis, key } => {
                let mut add = redis::cmd("XADD");
                add.arg(*key).arg("MAXLEN").arg("~").arg(10_000).arg("*");
                add.arg("event").arg(event).query::<String>(redis)?;
            }
            Self::Nchan(connection) => {
                let event = serde_json::from_str(event)?;
                let answer = connection.exchange(&Request::post("/pub", None, &event))?;
                ensure!(answer.status < 300, "Nchan answers {}", answer.status);
            }
            Self::Nats(stream) => {
                write!(stream, "PUB board {}\r\n{event}\r\n", event.len())?;
            }
        }
        Ok(())
    }
}

/// Puts an event into the streams of its board, as docs/contract/realtime.md has them (RT-PUBLISH).
///
/// # Errors
/// When Redis does not accept it.
pub fn add(redis: &mut redis::Connection, board: BoardId, seq: u64, event: &str) -> Result<()> {
    let mut pipeline = redis::pipe();
    let stream = pipeline.atomic().cmd("XADD").arg(keys::board_events(board));
    stream.arg(format!("{seq}-0")).arg("event").arg(event).ignore();
    let feed = pipeline.cmd("XADD").arg(keys::feed(keys::shard(board))).arg("*");
    feed.arg("board").arg(board.to_string()).arg("seq").arg(seq).arg("event").arg(event).ignore();
    Ok(pipeline.query::<()>(redis)?)
}

/// An event of a board, of exactly this many bytes.
#[must_use]
pub fn event(board: u64, seq: u64, bytes: usize) -> String {
    let with = |description: &str| {
        json!({
            "board_id": board, "seq": seq, "action": "Update", "entity": "task",
            "timestamp": "2026-01-02T03:04:05.678Z", "actor": {"id": 1, "username": "ada"},
            "task": {"id": 12, "title": "Write down", "status": "todo", "description": description},
        })
        .to_string()
    };
    with(&"x".repeat(bytes.saturating_sub(with("").len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_as_long_as_it_is_to_be() {
        for seq in [1, 12_345] {
            assert_eq!(event(7, seq, 425).len(), 425);
        }
    }
}
