//! Events of many boards: the cost for Redis and the relay, compared with events of one board.

use super::Stage;
use crate::audience::Followers;
use crate::measured::{Column, Row, compared, plain};
use crate::process::Watched;
use crate::publish::{self, event};
use crate::report::{Machine, Report};
use crate::servers::{Board, Build, Server};
use anyhow::{Context, Result};
use shared::models::BoardId;
use std::thread;
use std::time::{Duration, Instant};

/// Boards that are active.
const BOARDS: usize = 10_000;

/// How many of these each socket follows: a relay accepts that many messages at once.
const BOARDS_OF_A_SOCKET: usize = 30;

/// Events a second.
const RATE: f64 = 425.0;

/// Bytes of an event.
const BYTES: usize = 425;

/// How long events may take to arrive after the last was published.
const LINGER: Duration = Duration::from_secs(20);

const REDIS: Column = compared("Redis, CPU µs/event");
const RELAY: Column = compared("relay, CPU µs/event");
const MISSING: Column = plain("missing or twice");

/// A relay with followers of its boards.
struct Contestant {
    row: Row,
    relay: Watched,
    redis: redis::Connection,
    followers: Followers,
    boards: Vec<u64>,
    /// How many events each board has had.
    rounds: u64,
    /// Ends last.
    _server: Server,
}

pub(super) fn boards(stage: &Stage) -> Result<Report> {
    let mut machine = Machine::now();
    let build = stage.now();
    let host = build.board()?;
    let mut contestants = Vec::new();
    for (name, count) in [("10,000 boards", BOARDS), ("one board", 1)] {
        contestants.push(Contestant::new(name, build, &host, count)?);
    }
    let redis = &stage.stores.watched()?[0];
    let count = (stage.duration.as_secs_f64() * RATE).round() as usize;
    for repeat in 0..stage.repeats {
        contestants.rotate_left(usize::from(repeat > 0));
        for contestant in &mut contestants {
            contestant.run(count, redis)?;
        }
    }
    machine.ended();
    let number = contestants.len();
    contestants.rotate_right(stage.repeats.saturating_sub(1) % number);
    Ok(Report {
        scenario: "boards",
        about:
            "425 events of 425 bytes a second, of 10,000 boards in turn and of one. Each board is \
                followed by a socket, each socket follows 30."
                .to_owned(),
        revisions: stage.revisions.clone(),
        machine,
        rows: contestants.into_iter().map(|contestant| contestant.row).collect(),
        notes: Vec::new(),
    })
}

impl Contestant {
    fn new(name: &str, build: &Build, host: &Board, count: usize) -> Result<Self> {
        let server = build.relay(host)?;
        let boards = new_boards(build, host, count)?;
        let groups = boards.chunks(BOARDS_OF_A_SOCKET);
        let followers = Followers::open(server.address, &host.fixture.token, groups)?;
        Ok(Self {
            row: Row::new(name),
            relay: server.watched(),
            redis: build.database.redis()?,
            followers,
            boards,
            rounds: 0,
            _server: server,
        })
    }

    /// Publishes this many events or a few more, evenly to all boards, and records the cost.
    fn run(&mut self, count: usize, redis: &Watched) -> Result<()> {
        let rounds = count.div_ceil(self.boards.len());
        let count = rounds * self.boards.len();
        let limit = Duration::from_secs_f64(count as f64 / RATE) + LINGER;
        let before = [redis.cpu_seconds()?, self.relay.cpu_seconds()?];
        let Self { redis: connection, followers, boards, .. } = self;
        let first = self.rounds + 1;
        let received = thread::scope(|scope| {
            let publishing = scope.spawn(move || publish(connection, boards, first, rounds));
            let received = followers.count(count as u64, limit);
            publishing.join().map_err(|_| anyhow::anyhow!("the publisher panicked"))??;
            received
        })?;
        self.rounds += rounds as u64;
        let spent = [redis.cpu_seconds()? - before[0], self.relay.cpu_seconds()? - before[1]];
        self.row.push(REDIS, spent[0] * 1e6 / count as f64);
        self.row.push(RELAY, spent[1] * 1e6 / count as f64);
        self.row.push(MISSING, (count as u64).abs_diff(received) as f64);
        Ok(())
    }
}

/// This many boards of the registered user, created in bulk.
fn new_boards(build: &Build, host: &Board, count: usize) -> Result<Vec<u64>> {
    let owner = host.fixture.claims()?["user_id"].as_u64().context("a token of nobody")?;
    let made: Vec<i64> = build.database.value(&format!(
        "SELECT array_agg((board_insert(id, username, '{{\"name\": \"Benchmark\"}}', now())).id) \
         FROM users, generate_series(1, {count}) WHERE id = {owner}"
    ))?;
    made.into_iter().map(|id| Ok(u64::try_from(id)?)).collect()
}

/// Publishes each event when it is due, to the boards in turn.
fn publish(redis: &mut redis::Connection, boards: &[u64], first: u64, rounds: usize) -> Result<()> {
    let start = Instant::now();
    let each = (first..).take(rounds).flat_map(|seq| boards.iter().map(move |board| (*board, seq)));
    for (number, (board, seq)) in each.enumerate() {
        let event = event(board, seq, BYTES);
        let due = start + Duration::from_secs_f64(number as f64 / RATE);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        publish::add(redis, BoardId::new(board).context("a board's id")?, seq, &event)?;
    }
    Ok(())
}
