//! RT7 during failures: slow readers while their relay shuts down, and while Redis is
//! unavailable.

use crate::field::{Field, open, since};
use crate::reader::{Pace, Reader};
use crate::support::{World, subscribe, until};
use crate::writer::{Writer, head};
use contract_tests::chance::dice;
use contract_tests::stress::scaled;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_millis(8);
const BYTES: usize = 3_000;
/// How long a relay may take to end: its sockets' closes are spread over the first part of it.
const DRAIN: &str = "1500";
const ENDED: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt7_slow_readers_neither_keep_a_relay_from_ending_nor_lose_anything_by_it() {
    let mut dice = dice();
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let field = Field::start(world, 2, &["--drain-ms", DRAIN]).await;
    let token = field.world.token(&ada);
    let (mut fast, mut slow) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        fast.push(field.follow(0, &ada, board).await);
        slow.push(field.follow_asleep(0, &token, board).await);
    }
    let stays = field.follow(1, &ada, board).await;
    let writer = Writer::start(&field.world, &ada, &[board], EVERY, BYTES).await;
    // The relay shuts down at a random moment of the traffic.
    tokio::time::sleep(Duration::from_millis(dice.u64(1_500..2_500))).await;
    let process = field.relays[0].process();
    let reported = Instant::now();
    let kill = Command::new("kill").args(["-TERM", &process.to_string()]).status();
    assert!(kill.is_ok_and(|status| status.success()));
    let mut closed = Vec::new();
    for reader in &fast {
        let (at, code) = reader.ended().await;
        assert_eq!(code, Some(1012));
        closed.push(since(reported, at));
    }
    closed.sort_unstable();
    let place = format!("/proc/{process}/exe");
    until("the relay ends", async || (!Path::new(&place).exists()).then_some(())).await;
    let ended = reported.elapsed();
    // They read the rest after it has gone, and resume at the other relay from there.
    let mut ends = Vec::new();
    for reader in slow.iter().chain(&fast) {
        reader.set_pace(Pace::Full);
        ends.push(reader.ended().await.1);
    }
    let mut seen = Vec::new();
    for reader in slow.into_iter().chain(fast) {
        let before = reader.leave().await;
        let mut socket = open(&field.relays[1], &token, None).await;
        let last = before.events.last().map_or(0, |got| got.seq);
        subscribe(&mut socket, board, Some(last)).await;
        seen.push((before, Reader::start(socket, Pace::Full)));
    }
    let written = writer.stop().await;
    let last = head(&written, board);
    for (mut before, reader) in seen {
        reader.has(board, last).await;
        before.events.extend(reader.leave().await.events);
        before.assert_all(board, 1, last);
    }
    stays.has(board, last).await;
    stays.leave().await.assert_all(board, 1, last);
    eprintln!(
        "RT7: drained: who reads is reported after {:?} to {:?}, the relay ended after {ended:?}; \
         sleepers found {ends:?}",
        closed[0],
        closed[closed.len() - 1]
    );
    assert!(ended < ENDED, "the relay ended after {ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt7_slow_readers_get_everything_also_where_redis_is_unavailable_meanwhile() {
    let mut dice = dice();
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let field = Field::start(world, 2, &["--ring-events", "100"]).await;
    let token = field.world.token(&ada);
    let (mut fast, mut slow) = (Vec::new(), Vec::new());
    for relay in [0, 1] {
        fast.push(field.follow(relay, &ada, board).await);
        for _ in 0..5 {
            slow.push(field.follow_asleep(relay, &token, board).await);
        }
    }
    let writer = Writer::start(&field.world, &ada, &[board], EVERY, BYTES).await;
    for _ in 0..scaled(1) {
        // Redis fails and returns at random moments of the traffic.
        tokio::time::sleep(Duration::from_millis(dice.u64(1_000..2_000))).await;
        field.world.databases.kill_redis();
        tokio::time::sleep(Duration::from_millis(dice.u64(1_000..2_000))).await;
        // Some continue while it is unavailable, and some after it has returned without its data.
        slow.iter().step_by(2).for_each(|reader| reader.set_pace(Pace::Full));
        tokio::time::sleep(Duration::from_millis(dice.u64(500..1_500))).await;
        field.world.databases.start_redis();
        slow.iter().for_each(|reader| reader.set_pace(Pace::Full));
    }
    let written = writer.stop().await;
    let last = head(&written, board);
    for reader in slow.into_iter().chain(fast) {
        reader.has(board, last).await;
        let seen = reader.leave().await;
        seen.assert_all(board, 1, last);
        assert!(seen.others.is_empty() && seen.end.is_none(), "{:?}", seen.others);
    }
    for relay in &field.relays {
        assert_eq!(relay.metric("realtime_relay_dead_readers_total").await, 0);
    }
    field.is_left_clean().await;
}
