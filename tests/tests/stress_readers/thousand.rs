//! RT7: a thousand slow readers of one board slow down nobody else, and cost the relay hardly any
//! memory.

use crate::field::{Field, open, percentiles, resident};
use crate::raw::Raw;
use crate::reader::{Pace, Reader, latencies};
use crate::support::{Person, World};
use crate::writer::{Writer, Written};
use contract_tests::chance::dice;
use contract_tests::stress::scale;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const SLOW: usize = 1_000;
const FAST: usize = 20;
/// Events that the relay keeps in memory.
const RING: u64 = 100;
/// Bytes of an event, and how often there is one.
const BYTES: usize = 2_000;
const EVERY: Duration = Duration::from_millis(30);
/// What the relay may grow by with a thousand sockets, in KiB: 24 KiB for each of them.
const GROWTH: u64 = 24 << 10;

/// Reads a little at a time until the goal is known, and then the rest.
async fn dawdle(mut raw: Raw, bytes: usize, pause: Duration, goal: Arc<AtomicU64>) -> Raw {
    loop {
        let goal = goal.load(Ordering::Relaxed);
        if goal > 0 {
            raw.has(goal).await;
            return raw;
        }
        raw.take(bytes).await.expect("an open socket");
        tokio::time::sleep(pause).await;
    }
}

/// Samples the relay's memory until this time; returns the maximum.
async fn watch(process: u32, until: Instant) -> u64 {
    let mut most = 0;
    while Instant::now() < until {
        most = most.max(resident(process));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    most
}

/// All fast readers' latencies of the events written in this period.
fn latency(fast: &[Reader], written: &[Written], from: Instant, to: Instant) -> [Duration; 2] {
    let of_then: Vec<Written> =
        written.iter().filter(|(_, _, at)| *at >= from && *at < to).copied().collect();
    let all = fast.iter().flat_map(|reader| latencies(&reader.seen(), &of_then)).collect();
    percentiles(all, [50, 99])
}

/// A client returns whose cursor is no longer in the ring, like the crowd's: returns its cursor,
/// and how long it took to catch up.
async fn join_in_the_crowd(
    field: &Field,
    fast: &Reader,
    who: &Person,
    board: u64,
) -> (Reader, u64, Duration) {
    let head = fast.last(board);
    let from = head - RING - 30;
    let socket = open(&field.relays[0], &field.world.token(who), None).await;
    let reader = Reader::start(socket, Pace::Full);
    let start = Instant::now();
    reader.subscribe(board, from);
    reader.has(board, head).await;
    (reader, from, start.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt7_a_thousand_slow_readers_cost_only_themselves() {
    let mut dice = dice();
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let field = Field::start(world, 1, &["--ring-events", &RING.to_string()]).await;
    let process = field.relays[0].process();
    let mut fast = Vec::new();
    for _ in 0..FAST {
        fast.push(field.follow(0, &ada, board).await);
    }
    let began = Instant::now();
    let writer = Writer::start(&field.world, &ada, &[board], EVERY, BYTES).await;
    let alone = watch(process, began + Duration::from_secs(2)).await;
    let crowd_came = Instant::now();
    let goal = Arc::new(AtomicU64::new(0));
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let raw = Raw::subscribe(&field.relays[0], &field.world.token(&ada), board, 0).await;
        let (bytes, pause) = (dice.usize(500..8_000), Duration::from_millis(dice.u64(100..1_000)));
        slow.push(tokio::spawn(dawdle(raw, bytes, pause, Arc::clone(&goal))));
    }
    let crowd_is_there = Instant::now();
    let middle = watch(process, crowd_is_there + Duration::from_secs(3)).await;
    let (newcomer, from, caught_up) = join_in_the_crowd(&field, &fast[0], &ada, board).await;
    let most = watch(process, crowd_is_there + Duration::from_secs(7).mul_f64(scale())).await;
    let crowd_ended = Instant::now();
    let written = writer.stop().await;
    let last = written.last().expect("an event").1;
    goal.store(last, Ordering::Relaxed);
    let quiet = latency(&fast, &written, began, crowd_came);
    let crowded = latency(&fast, &written, crowd_is_there, crowd_ended);
    let mut ends = Vec::new();
    for raw in slow {
        ends.push(raw.await.expect("a reader"));
    }
    let afterwards = resident(process);
    ends.iter().for_each(|raw| raw.assert_all(1, last));
    newcomer.has(board, last).await;
    newcomer.leave().await.assert_all(board, from + 1, last);
    for reader in fast {
        reader.has(board, last).await;
        reader.leave().await.assert_all(board, 1, last);
    }
    drop(ends);
    field.is_left_clean().await;
    eprintln!(
        "RT7: {last} events, {SLOW} slow readers there after {:?}; resident KiB alone {alone}, with \
         them {middle}, at the end {most}, after they caught up {afterwards}, when they had left \
         {}; latency p50/p99 of {FAST} fast readers alone {quiet:?}, with them {crowded:?}; who comes back has what \
         it missed after {caught_up:?}",
        crowd_is_there - crowd_came,
        resident(process),
    );
    assert_eq!(field.relays[0].metric("realtime_relay_dead_readers_total").await, 0);
    assert!(most < alone + GROWTH, "the relay grew from {alone} to {most} KiB");
    assert!(
        most < middle + GROWTH / 4,
        "while they read slowly it grew from {middle} to {most} KiB"
    );
    assert!(caught_up < Duration::from_secs(2), "who came back waited {caught_up:?}");
    assert!(crowded[1] < Duration::from_secs(1), "the others waited: {crowded:?}");
}
