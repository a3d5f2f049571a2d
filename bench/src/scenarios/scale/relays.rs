//! Relays on this data: catching up, and very many sockets.

use super::{LARGE, OWN_BOARDS, Size, Table};
use crate::audience::{Audience, Protocol, Published, Received};
use crate::latency::Latencies;
use crate::measured::number;
use crate::publish::Publisher;
use crate::scenarios::Stage;
use crate::servers::{Board, Build};
use anyhow::{Result, anyhow, ensure};
use std::thread;
use std::time::{Duration, Instant};

/// How far back a cursor may be (RT-CURSOR), and one that is near.
const FAR: u64 = 10_000;
const NEAR: u64 = 100;

/// Events of a board like the others.
const EVENTS: u64 = 900;

/// How many clients return, in sequence.
const RETURNS: u64 = 20;

/// Sockets of each of the two relays: with 20,000 files for a process all of them fit into one.
const SOCKETS: usize = 9_900;

/// Events of the large board that they receive each second.
const DELIVERED: usize = 20;
const PER_SECOND: f64 = 2.0;
const BYTES: usize = 425;

/// How long catching up may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Returning clients: the time from the open socket to their last event.
pub(super) fn replay(
    build: &Build,
    board: &Board,
    large: u64,
    size: Size,
    table: &mut Table,
) -> Result<()> {
    let relay = build.relay(board)?;
    let cases: [(&str, u64, u64, u64); 4] = [
        ("replay, all 900 events", 0, EVENTS, EVENTS),
        ("replay, the last 100", 0, NEAR, EVENTS),
        ("large board, replay of the last 10,000", LARGE, FAR, large),
        ("large board, replay of the last 100", LARGE, NEAR, large),
    ];
    for (name, of, count, newest) in cases {
        let mut latencies = Latencies::default();
        for number in 0..RETURNS {
            // A different board each time, so that the relay has nothing of it in memory.
            let id = if of == LARGE {
                LARGE
            } else {
                OWN_BOARDS - number - if count == NEAR { RETURNS } else { 0 }
            };
            let after = newest - count;
            let token = board.fixture.token.clone();
            let protocol = Protocol::Relay { token, board: id, after: Some(after) };
            let published = Published::new(after + 1, usize::try_from(count)?);
            let start = Instant::now();
            let received =
                Audience::open(relay.address, &protocol, 1)?.listen(&published, LIMIT)?;
            latencies.record(start.elapsed());
            ensure!(received.deliveries == count, "{name}: {} of {count}", received.deliveries);
        }
        table.measured(name, size, &latencies, None);
    }
    Ok(())
}

/// Two relays with very many sockets each on the large board.
pub(super) fn many_sockets(
    stage: &Stage,
    board: &Board,
    size: Size,
    table: &mut Table,
) -> Result<()> {
    let build = stage.now();
    let relays = [build.relay(board)?, build.relay(board)?];
    let token = board.fixture.token.clone();
    let protocol = Protocol::Relay { token, board: LARGE, after: None };
    let empty: Vec<f64> =
        relays.iter().map(|relay| relay.watched().memory_kib()).collect::<Result<_>>()?;
    let mut audiences = Vec::new();
    for relay in &relays {
        let start = Instant::now();
        audiences.push(Audience::open(relay.address, &protocol, SOCKETS)?);
        let rate = SOCKETS as f64 / start.elapsed().as_secs_f64();
        table
            .notes
            .push(format!("{SOCKETS} sockets were subscribed at {} a second.", number(rate)));
    }
    for (relay, empty) in relays.iter().zip(empty) {
        let all = relay.watched().memory_kib()?;
        table.notes.push(format!(
            "A relay with {SOCKETS} sockets: {} MiB PSS, {} KiB a socket.",
            number(all / 1024.0),
            number((all - empty) / SOCKETS as f64)
        ));
    }
    let newest = build.database.value::<i64>("SELECT seq FROM boards WHERE id = 1")?;
    let published = Published::new(u64::try_from(newest)? + 1, DELIVERED);
    let mut publisher = Publisher::Board(build.database.redis()?);
    let before: f64 =
        relays.iter().map(|relay| relay.watched().cpu_seconds()).sum::<Result<f64>>()?;
    let received = thread::scope(|scope| {
        let listening: Vec<_> = audiences
            .iter_mut()
            .map(|audience| scope.spawn(|| audience.listen(&published, LIMIT)))
            .collect();
        publisher.run(&published, LARGE, BYTES, PER_SECOND)?;
        let ended = |one: thread::ScopedJoinHandle<'_, Result<Received>>| {
            one.join().unwrap_or_else(|_| Err(anyhow!("an audience panicked")))
        };
        listening.into_iter().map(ended).collect::<Result<Vec<_>>>()
    })?;
    let after: f64 =
        relays.iter().map(|relay| relay.watched().cpu_seconds()).sum::<Result<f64>>()?;
    let mut latencies = Latencies::default();
    received.iter().for_each(|received| latencies.add(&received.latencies));
    let deliveries: u64 = received.iter().map(|received| received.deliveries).sum();
    let faults: u64 = received.iter().map(|received| received.faults.total()).sum();
    table.notes.push(format!(
        "{DELIVERED} events of {BYTES} bytes to all {} sockets: {deliveries} deliveries, {faults} faults, {} µs of the relays' \
         processor time each.",
        2 * SOCKETS,
        number((after - before) * 1e6 / deliveries.max(1) as f64),
    ));
    table.measured("an event to 19,800 sockets of two relays", size, &latencies, None);
    Ok(())
}
