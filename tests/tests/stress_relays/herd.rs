//! The herd: hundreds of clients of one board that reconnect at once.

use contract_tests::api::Mode;
use contract_tests::chance::dice;
use contract_tests::stress::{Arena, ClientPlan, Conduct, Plan, WriterPlan, scaled};
use std::time::{Duration, Instant};

/// How long the herd may take to disconnect.
const PATIENCE: Duration = Duration::from_secs(20);

/// Events that the herd misses.
const MISSED: usize = 100;

/// How often a board may be read for the whole herd: a read serves every client that came before
/// it began, and a few come later.
const READS: f64 = 12.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt2_a_herd_that_comes_back_at_once_costs_a_few_reads_of_the_stream() {
    let mut dice = dice();
    // Most of the missed events are in no ring, and must be read again for the returning clients.
    let plan = Plan { relays: 1, ..Plan::new(Mode::TEAMS) };
    let plan = plan.relay_variable("RELAY_RING_EVENTS", "8");
    let arena = Arena::start(plan).await;
    let boards = arena.boards.clone();
    for number in 0..scaled(300) {
        let plan = ClientPlan::new(format!("client-{number}"), number, boards.clone(), &mut dice);
        arena.follow(ClientPlan { jitter: 0, ..plan });
    }
    let clients = arena.clients();
    until("all are subscribed", || {
        clients.iter().all(|client| client.status().subscribed.len() == boards.len())
    })
    .await;
    clients.iter().for_each(|client| client.conduct(Conduct::Disconnected));
    until("all have left", || clients.iter().all(|client| client.status().relay.is_none())).await;
    // A relay that never saw the board: nothing is in its memory, and everything must be read.
    arena.kill_relay(0);
    let plan = WriterPlan::new("writer", 0, boards.clone(), &mut dice);
    let writer = arena.write(plan.count(3 * MISSED).pause(0..1));
    writer.done().await;
    assert!(writer.written().acknowledged >= MISSED, "{:?}", writer.written());
    arena.restart_relay(0).await;

    let before = stream_reads(&arena);
    clients.iter().for_each(|client| client.conduct(Conduct::Follow));
    let outcome = arena.finish().await;
    let reads = stream_reads(&arena) - before;
    let source = arena.metric(0, "realtime_relay_source_reads_total").await;
    eprintln!("{outcome:?}: {reads} reads of streams in Redis, {source} reads of the source");
    assert!(reads >= 1.0, "nothing was read from Redis");
    let replayed = arena.metric(0, r#"realtime_relay_replayed_total{source="redis"}"#).await;
    let least = (MISSED * clients.len()) as f64 * 0.5;
    assert!(replayed >= least, "{replayed} events of {least} at least were read back");
    assert!(reads <= READS, "{reads} reads of streams for one board");
    let allowed = READS + outcome.settled.as_secs_f64();
    assert!(source <= allowed, "{source} reads of the source for one board");
}

/// How often Redis ran a range read of a stream.
fn stream_reads(arena: &Arena) -> f64 {
    let mut connection = arena.databases().redis_connection();
    let info: String =
        redis::cmd("INFO").arg("commandstats").query(&mut connection).expect("statistics");
    let calls = |command: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(command))?;
        line.split(',').next()?.parse::<f64>().ok()
    };
    ["cmdstat_xrange:calls=", "cmdstat_xrevrange:calls="].into_iter().filter_map(calls).sum()
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "timed out: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
