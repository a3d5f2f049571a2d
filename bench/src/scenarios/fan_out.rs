//! Events to many sockets of one board: the cost and latency of a delivery, and whether all arrive.

use super::Stage;
use crate::audience::{Audience, Protocol, Published, Received};
use crate::http::Connection;
use crate::measured::{Column, Row, Spread, compared, plain};
use crate::process::Watched;
use crate::publish::Publisher;
use crate::report::{Machine, Report};
use crate::servers::peers::Pusher;
use crate::servers::{Board, Build, Fixture, Server};
use anyhow::{Context, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Subscribers of the board.
const SUBSCRIBERS: usize = 1_000;

/// Subscribers of a board that everybody watches.
const CROWD: usize = 8_000;

/// Bytes of an event.
const BYTES: usize = 425;

/// How long events may take to arrive after the last was published.
const LINGER: Duration = Duration::from_secs(20);

/// The pause between the last socket and the first event.
const SETTLE: Duration = Duration::from_secs(1);

const COST: Column = compared("CPU µs/delivery");
const P50: Column = plain("p50 ms");
const P99: Column = compared("p99 ms");
const MOST: Column = plain("longest ms");
const REDIS: Column = plain("Redis, CPU µs/event");
const FAULTS: Column = plain("missing, twice or out of order");

/// A compared server.
struct Contestant {
    row: Row,
    relay: Watched,
    address: SocketAddr,
    publisher: Publisher,
    protocol: Protocol,
    subscribers: usize,
    /// The user who makes the boards, for the task board only.
    fixture: Option<Fixture>,
    board: u64,
    /// The number of the next event.
    next: u64,
    /// Ends last.
    _server: Server,
}

pub(super) fn fanout(stage: &Stage) -> Result<Report> {
    let about = "1,000 subscribers of one board, 20 events of 425 bytes a second: 20,000 deliveries. The \
                 raw send loop is what the system charges for the bytes alone: φ is its cost divided by a \
                 server's.";
    measure(stage, "fanout", about, SUBSCRIBERS, 20.0, &Pusher::ALL)
}

pub(super) fn burst(stage: &Stage) -> Result<Report> {
    let about = "1,000 subscribers of one board, 425 events of 425 bytes a second: 425,000 deliveries. The \
                 raw send loop joins up to 16 events in a write.";
    measure(stage, "burst", about, SUBSCRIBERS, 425.0, &Pusher::ALL)
}

/// `crowd`: the relay alone, since the measuring process may not open the sockets of all.
pub(super) fn crowd(stage: &Stage) -> Result<Report> {
    let about =
        "8,000 subscribers of one board, 10 events of 425 bytes a second: 80,000 deliveries.";
    measure(stage, "crowd", about, CROWD, 10.0, &[])
}

fn measure(
    stage: &Stage,
    scenario: &'static str,
    about: &str,
    subscribers: usize,
    per_second: f64,
    pushers: &[Pusher],
) -> Result<Report> {
    let mut machine = Machine::now();
    let boards: Vec<Board> = stage.builds.iter().map(Build::board).collect::<Result<_>>()?;
    let mut contestants = Vec::new();
    for (build, board) in stage.builds.iter().zip(&boards) {
        contestants.push(Contestant::relay(build, board, subscribers)?);
    }
    let mut notes = Vec::new();
    for &pusher in pushers {
        match Contestant::pusher(stage, pusher, subscribers) {
            Ok(contestant) => contestants.push(contestant),
            Err(error) => notes.push(format!("{} was not measured: {error:#}.", pusher.name())),
        }
    }
    let redis = &stage.stores.watched()?[0];
    let count = (stage.duration.as_secs_f64() * per_second).round() as usize;
    for contestant in &mut contestants {
        contestant.run((per_second as usize).max(1), per_second, redis)?;
        contestant.row.series.clear();
    }
    for repeat in 0..stage.repeats {
        contestants.rotate_left(usize::from(repeat > 0));
        for contestant in &mut contestants {
            contestant.run(count, per_second, redis)?;
        }
    }
    machine.ended();
    let number = contestants.len();
    contestants.rotate_right(stage.repeats.saturating_sub(1) % number);
    let rows: Vec<Row> = contestants.into_iter().map(|contestant| contestant.row).collect();
    notes.extend(phi(&rows));
    Ok(Report {
        scenario,
        about: about.to_owned(),
        revisions: stage.revisions.clone(),
        machine,
        rows,
        notes,
    })
}

/// φ of each server, by repeats.
fn phi(rows: &[Row]) -> Option<String> {
    let raw = rows.iter().find(|row| row.name == Pusher::Raw.name())?;
    let of = |row: &Row| {
        let pairs = raw.values(COST).iter().zip(row.values(COST));
        let phi: Vec<f64> = pairs.filter(|(_, it)| **it > 0.0).map(|(raw, it)| raw / it).collect();
        let Spread { least, median, most } = Spread::of(&phi)?;
        Some(format!("{} {median:.2} ({least:.2}–{most:.2})", row.name))
    };
    let others = rows.iter().filter(|row| row.name != raw.name);
    Some(format!("φ: {}.", others.filter_map(of).collect::<Vec<_>>().join(", ")))
}

impl Contestant {
    fn relay(build: &Build, board: &Board, subscribers: usize) -> Result<Self> {
        let server = build.relay(board)?;
        let token = board.fixture.token.clone();
        Ok(Self {
            row: Row::new(build.name.clone()),
            relay: server.watched(),
            address: server.address,
            publisher: Publisher::Board(build.database.redis()?),
            protocol: Protocol::Relay { token, board: 0, after: None },
            subscribers,
            fixture: Some(board.fixture.clone()),
            board: 0,
            next: 0,
            _server: server,
        })
    }

    fn pusher(stage: &Stage, pusher: Pusher, subscribers: usize) -> Result<Self> {
        let build = stage.now();
        let pushed = stage.peers.pusher(pusher, build)?;
        let server = pushed.server;
        let stream = || {
            anyhow::Ok(Publisher::Stream { redis: build.database.redis()?, key: pusher.stream() })
        };
        let (protocol, publisher) = match pusher {
            Pusher::Raw | Pusher::Ws | Pusher::Bun => (Protocol::Plain { path: "/" }, stream()?),
            Pusher::SocketIo => (Protocol::SocketIo, stream()?),
            Pusher::Nchan => {
                let connection = Connection::open(server.address)?;
                (Protocol::Plain { path: "/sub" }, Publisher::Nchan(connection))
            }
            Pusher::Nats => (Protocol::Nats, Publisher::nats(pushed.publish)?),
        };
        // A server that cannot be subscribed to is detected before anything is measured.
        Audience::open(server.address, &protocol, 1)?;
        Ok(Self {
            row: Row::new(pusher.name()),
            relay: server.watched(),
            address: server.address,
            publisher,
            protocol,
            subscribers,
            fixture: None,
            board: 1,
            next: 1,
            _server: server,
        })
    }

    /// Opens the sockets, publishes this many events, and records what arrived. Sockets that wait for the
    /// others' turns would leave heartbeats unanswered. A board is new each time: PostgreSQL, which the relay
    /// asks where one stands that nobody watched, knows nothing of the events.
    fn run(&mut self, count: usize, per_second: f64, redis: &Watched) -> Result<()> {
        if let (Some(fixture), Protocol::Relay { board, .. }) = (&self.fixture, &mut self.protocol)
        {
            let (id, seq) = fixture.board_and_seq()?;
            (*board, self.board, self.next) = (id, id, seq + 1);
        }
        let mut audience = Audience::open(self.address, &self.protocol, self.subscribers)?;
        thread::sleep(SETTLE);
        let published = Published::new(self.next, count);
        self.next += count as u64;
        let limit = Duration::from_secs_f64(count as f64 / per_second) + LINGER;
        let (board, publisher, told) = (self.board, &mut self.publisher, Arc::clone(&published));
        let before = [self.relay.cpu_seconds()?, redis.cpu_seconds()?];
        let received: Result<Received> = thread::scope(|scope| {
            let publishing = scope.spawn(move || publisher.run(&told, board, BYTES, per_second));
            let received = audience.listen(&published, limit);
            publishing.join().map_err(|_| anyhow::anyhow!("the publisher panicked"))??;
            received
        });
        let received = received.with_context(|| self.row.name.clone())?;
        let spent = [self.relay.cpu_seconds()? - before[0], redis.cpu_seconds()? - before[1]];
        self.row.push(COST, spent[0] * 1e6 / received.deliveries.max(1) as f64);
        self.row.push(P50, received.latencies.milliseconds_at(0.5));
        self.row.push(P99, received.latencies.milliseconds_at(0.99));
        self.row.push(MOST, received.latencies.most_milliseconds());
        self.row.push(REDIS, spent[1] * 1e6 / count as f64);
        self.row.push(FAULTS, received.faults.total() as f64);
        Ok(())
    }
}
