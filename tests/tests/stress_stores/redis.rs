//! Redis killed, emptied, set back, trimmed or disconnected under load.

use crate::support::{
    GENEROUS, begin, end, finish, go_on, heads, healed, is_cached, plan, says, seen, troubles,
};
use contract_tests::chance::dice;
use contract_tests::stress::{Arena, Conduct, Plan, scaled};
use std::time::{Duration, Instant};

/// Checks that none of this made a write fail.
fn no_write_failed(arena: &Arena) {
    assert_eq!(troubles(arena).1, 0, "writes go on without Redis");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt2_and_rt4_hold_when_redis_is_killed_and_comes_back_with_its_data() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    arena.databases().keep_redis_data();
    for _ in 0..scaled(2) {
        go_on(&mut dice, 300..1_000).await;
        arena.databases().kill_redis();
        go_on(&mut dice, 300..1_500).await;
        seen(&arena).await;
        arena.databases().start_redis();
        healed(&arena, "a restart with its data").await;
    }
    let first = arena.databases().streamed(arena.boards[0]).first().map(contract_tests::api::seq);
    assert_eq!(first, Some(1), "it had lost its data");
    let (deferred, _) = troubles(&arena);
    assert!(deferred > 0, "nobody wrote while Redis was unavailable");
    no_write_failed(&arena);
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt2_and_rt4_hold_when_redis_is_killed_and_comes_back_empty() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    for _ in 0..scaled(3) {
        arena.databases().kill_redis();
        go_on(&mut dice, 100..1_000).await;
        arena.databases().start_redis();
        healed(&arena, "a restart without its data").await;
        go_on(&mut dice, 100..600).await;
    }
    no_write_failed(&arena);
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt2_and_rt4_hold_when_redis_is_set_back_to_what_it_had_some_time_ago_amid_writes() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    arena.databases().keep_redis_data();
    let backup = arena.databases().back_up_redis();
    // Older than any relay's memory: as if a lagging replica took over.
    go_on(&mut dice, 3_000..4_000).await;
    arena.databases().restore_redis(&backup);
    healed(&arena, "a lagging replica took over").await;
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt4_holds_when_redis_is_set_back_and_nobody_writes_any_more() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    arena.databases().keep_redis_data();
    until_all_are_cached(&arena).await;
    let (backup, then) = (arena.databases().back_up_redis(), heads(&arena));
    go_on(&mut dice, 2_000..4_000).await;
    arena.end_writers().await;
    until_all_are_cached(&arena).await;
    let now = heads(&arena);
    assert!(now.iter().all(|(board, head)| then[board] < *head), "{then:?}, then {now:?}");
    // Long enough that no relay checks the last writes any more.
    go_on(&mut dice, 2_500..3_000).await;
    // In half of the runs the relays that saw it remain; new ones know as much.
    let killed = if dice.bool() { arena.relays() } else { 0 };
    (0..killed).for_each(|relay| arena.kill_relay(relay));
    arena.databases().restore_redis(&backup);
    for relay in 0..killed {
        arena.restart_relay(relay).await;
    }
    healed(&arena, "a lagging replica took over in silence").await;
    until_all_are_cached(&arena).await;
    arena.boards.iter().for_each(|board| arena.databases().assert_delivered(*board));
    assert_eq!(heads(&arena), now, "nobody wrote meanwhile");
    if killed == 0 {
        end(&arena).await
    } else {
        finish(&arena).await
    };
}

/// Waits until the cache serves the current version of every board.
///
/// # Panics
/// If it takes too long.
async fn until_all_are_cached(arena: &Arena) {
    let start = Instant::now();
    for board in &arena.boards {
        while !is_cached(arena, *board).await {
            assert!(
                start.elapsed() < GENEROUS,
                "board {board} is not cached in its current version"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt2_and_rt3_hold_when_redis_is_emptied_once_amid_traffic() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    arena.databases().flush_redis();
    healed(&arena, "FLUSHALL").await;
    go_on(&mut dice, 500..1_500).await;
    assert_eq!(troubles(&arena), (0, 0), "Redis was available all the time");
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt2_and_rt3_hold_when_redis_is_emptied_again_and_again_amid_traffic() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    for _ in 0..scaled(12) {
        arena.databases().flush_redis();
        go_on(&mut dice, 0..500).await;
    }
    healed(&arena, "many times FLUSHALL").await;
    assert_eq!(troubles(&arena), (0, 0), "Redis was available all the time");
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt2_and_rt3_hold_when_streams_and_feeds_are_trimmed_below_cursors_of_who_is_away() {
    let mut dice = dice();
    // The relays do not have it in memory either.
    let plan = plan().relay_variable("RELAY_RING_EVENTS", "8");
    let arena = begin(plan, &mut dice).await;
    let mut redis = arena.databases().redis_connection();
    for _ in 0..scaled(3) {
        let away: Vec<_> =
            arena.clients().into_iter().filter(|client| client.plan.restless.is_some()).collect();
        away.iter().for_each(|client| client.conduct(Conduct::Disconnected));
        go_on(&mut dice, 600..1_200).await;
        for board in &arena.boards {
            let (shard, most) = (board % 16, dice.u8(..4));
            for key in [format!("{{s{shard}}}:board:{board}:events"), format!("{{s{shard}}}:feed")]
            {
                let mut trim = redis::cmd("XTRIM");
                let _: u64 =
                    trim.arg(key).arg("MAXLEN").arg(most).query(&mut redis).expect("trimmed");
            }
        }
        away.iter().for_each(|client| client.conduct(Conduct::Follow));
        go_on(&mut dice, 300..800).await;
    }
    let replayed = r#"realtime_relay_replayed_total{source="postgresql"}"#;
    assert!(arena.metric_of_all(replayed).await > 0.0, "nobody needed what was trimmed");
    assert_eq!(troubles(&arena), (0, 0), "Redis was available all the time");
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt4_holds_when_redis_cannot_be_reached_for_a_while_and_late_commands_arrive_afterwards() {
    let mut dice = dice();
    let arena = begin(Plan { redis_by_network: true, ..plan() }, &mut dice).await;
    let network = arena.network.as_ref().expect("a network");
    network.cut();
    let before = troubles(&arena).0;
    says(&arena, "redis", "unavailable").await;
    // Longer than every timeout of functions and relays, and independent of the scale.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let took = seen(&arena).await;
    eprintln!("while Redis cannot be reached events are seen within {took:?}");
    assert!(troubles(&arena).0 > before, "nobody wrote while Redis was unavailable");
    network.heal();
    healed(&arena, "a cut network").await;
    says(&arena, "redis", "ok").await;
    // Events are delivered by the feeds again, not only by the safety net.
    let fed = r#"realtime_relay_feed_events_total{outcome="appended"}"#;
    let fed_before = arena.metric_of_all(fed).await;
    go_on(&mut dice, 1_000..1_001).await;
    assert!(arena.metric_of_all(fed).await > fed_before, "the feeds are not followed again");
    no_write_failed(&arena);
    let outcome = end(&arena).await;
    assert!(outcome.settled < Duration::from_secs(5), "{outcome:?}");
}
