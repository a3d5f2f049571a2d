//! Events published late, repeatedly, and out of order.

use crate::support::{begin, end, plan};
use contract_tests::chance::dice;
use contract_tests::stress::{Arena, scaled};
use fastrand::Rng;
use shared::data::publication::{Publication, publish_arguments, publish_keys};
use shared::data::{keys, scripts};
use std::time::Duration;

/// Publishes some of a board's events again, out of order, by the usual script; and appends some to
/// the feed without it.
fn meddle(arena: &Arena, board: u64, dice: &mut Rng) {
    let logged: Vec<String> =
        arena.databases().logged(board).iter().map(ToString::to_string).collect();
    if logged.is_empty() {
        return;
    }
    // Old and new ones, some of them twice.
    let newest = logged.len().saturating_sub(20);
    let mut events: Vec<&String> = (0..12)
        .map(|nth| {
            if nth % 3 == 0 {
                &logged[dice.usize(..logged.len())]
            } else {
                &logged[dice.usize(newest..logged.len())]
            }
        })
        .collect();
    dice.shuffle(&mut events);
    let mut redis = arena.databases().redis_connection();
    for chunk in events.chunks(dice.usize(1..=4)) {
        let publications: Vec<_> =
            chunk.iter().map(|event| Publication::of(event).expect("an event")).collect();
        let id = publications[0].board();
        let mut script = redis::cmd("EVAL");
        let keys = publish_keys(id);
        script.arg(scripts::PUBLISH).arg(keys.len()).arg(&keys[..]);
        script.arg(publish_arguments(id, &publications));
        let _: (u64, u64) = script.query(&mut redis).expect("an answer");
        let (again, mut add) = (&publications[0], redis::cmd("XADD"));
        add.arg(keys::feed(keys::shard(id))).arg("*").arg("board").arg(id.get());
        add.arg("seq").arg(again.seq().get()).arg("event").arg(chunk[0]);
        let _: String = add.query(&mut redis).expect("an id");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt1_and_rt2_hold_when_events_are_published_late_and_twice_and_in_any_order() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    for round in 0..scaled(40) {
        let board = arena.boards[dice.usize(..arena.boards.len())];
        meddle(&arena, board, &mut dice);
        if round % 10 == 9 {
            // The stream is created again by the next publication.
            arena.databases().flush_redis();
            meddle(&arena, board, &mut dice);
        }
        // The next round begins at a random moment.
        tokio::time::sleep(Duration::from_millis(dice.u64(..60))).await;
    }
    let twice = r#"realtime_relay_feed_events_total{outcome="duplicate"}"#;
    assert!(arena.metric_of_all(twice).await > 0.0, "nothing came twice");
    end(&arena).await;
}
