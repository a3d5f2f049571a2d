//! Requests to a server: each after the response to the previous one (closed loop), or at a fixed
//! rate, regardless of the server's state (open loop).
//!
//! Only an open loop measures latencies. A client that waits for each response sends a stalled server
//! nothing, and so records one long wait where a thousand users had one ("coordinated omission"):
//! here each request has a time at which it is due, and its latency counts from then.

use crate::http::{Connection, Request};
use crate::latency::Latencies;
use anyhow::{Result, anyhow, ensure};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The requests to a server.
#[derive(Clone, Debug)]
pub struct Target {
    pub address: SocketAddr,
    /// The requests, sent in turn.
    pub requests: Vec<Request>,
    /// The status that each answer must have.
    pub status: u16,
}

/// The results.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many requests were answered.
    pub answers: u64,
    /// The bytes of their bodies.
    pub body_bytes: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// In an open loop: the time from each request's due time to the end of its answer.
    pub latencies: Latencies,
}

impl Outcome {
    /// Answers per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.answers as f64 / self.seconds
    }

    fn add(&mut self, other: &Self) {
        self.answers += other.answers;
        self.body_bytes += other.body_bytes;
        self.latencies.add(&other.latencies);
    }
}

/// Keeps this many connections busy for a time.
///
/// # Errors
/// When a connection breaks, or an answer has another status.
pub fn closed(target: &Target, connections: usize, duration: Duration) -> Result<Outcome> {
    let (next, end) = (AtomicU64::new(0), Instant::now() + duration);
    on_connections(connections, || {
        let mut connection = Connection::open(target.address)?;
        let mut outcome = Outcome::default();
        while Instant::now() < end {
            ask(target, &mut connection, next.fetch_add(1, Ordering::Relaxed), &mut outcome)?;
        }
        Ok(outcome)
    })
}

/// Sends this many requests a second for a time, over this many connections. A request whose turn comes
/// while all connections wait is late, and its latency shows it.
///
/// # Errors
/// As [`closed`].
pub fn open(target: &Target, connections: usize, rate: f64, duration: Duration) -> Result<Outcome> {
    open_until(target, connections, rate, duration, &AtomicBool::new(false))
}

/// The same, ended early once `stop` is set.
///
/// # Errors
/// As [`closed`].
pub fn open_until(
    target: &Target,
    connections: usize,
    rate: f64,
    duration: Duration,
    stop: &AtomicBool,
) -> Result<Outcome> {
    let next = AtomicU64::new(0);
    // All connections are open before the first request is due.
    let start = Instant::now() + Duration::from_millis(50);
    on_connections(connections, || {
        let mut connection = Connection::open(target.address)?;
        let mut outcome = Outcome::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let offset = Duration::from_secs_f64(number as f64 / rate);
            if offset >= duration || stop.load(Ordering::Relaxed) {
                return Ok(outcome);
            }
            let due = start + offset;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            ask(target, &mut connection, number, &mut outcome)?;
            outcome.latencies.record(due.elapsed());
        }
    })
}

fn ask(
    target: &Target,
    connection: &mut Connection,
    number: u64,
    outcome: &mut Outcome,
) -> Result<()> {
    let index = usize::try_from(number)? % target.requests.len();
    let answer = connection.exchange(&target.requests[index])?;
    ensure!(
        answer.status == target.status,
        "answered {} in place of {}",
        answer.status,
        target.status
    );
    outcome.answers += 1;
    outcome.body_bytes += answer.body_bytes as u64;
    Ok(())
}

/// Runs the same on this many threads, one for each connection.
fn on_connections(
    connections: usize,
    work: impl Fn() -> Result<Outcome> + Sync,
) -> Result<Outcome> {
    let start = Instant::now();
    let outcomes: Vec<Result<Outcome>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(&work)).collect();
        let ended = |thread: thread::ScopedJoinHandle<'_, Result<Outcome>>| {
            thread.join().unwrap_or_else(|_| Err(anyhow!("a connection's thread panicked")))
        };
        threads.into_iter().map(ended).collect()
    });
    let mut all = Outcome { seconds: start.elapsed().as_secs_f64(), ..Outcome::default() };
    for outcome in outcomes {
        all.add(&outcome?);
    }
    Ok(all)
}
