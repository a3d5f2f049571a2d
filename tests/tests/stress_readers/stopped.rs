//! RT7: a reader that stops for long and then continues gets what it missed, from whichever store
//! still has it.

use crate::field::Field;
use crate::reader::Pace;
use crate::support::{Person, World};
use crate::writer::{Writer, write_many};
use contract_tests::chance::dice;
use contract_tests::stress::scaled;
use serde_json::json;
use shared::data::keys;
use shared::models::BoardId;
use std::time::Duration;

const FROM_REDIS: &str = r#"realtime_relay_replayed_total{source="redis"}"#;
const FROM_POSTGRES: &str = r#"realtime_relay_replayed_total{source="postgresql"}"#;

/// Removes all but the newest entries of a board's stream.
fn trim(world: &World, board: u64, keep: u64) {
    let stream = keys::board_events(BoardId::new(board).expect("an id"));
    world.redis(&["XTRIM", &stream, "MAXLEN", &keep.to_string()]);
}

/// Commits this many events in one statement; the relays find and publish them.
async fn commit_many(world: &World, owner: &Person, board: u64, count: i32) {
    let statement = "SELECT count((board_patch($1::text::jsonb, $2, \
                     jsonb_build_object('name', 'n' || n), NULL)).entity) \
                     FROM generate_series(1, $3) AS n";
    let board = i64::try_from(board).expect("an id");
    world.sql.query_one(statement, &[&owner.who(), &board, &count]).await.expect("committed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt7_a_reader_that_stopped_for_long_gets_all_it_missed_from_ring_stream_and_postgresql() {
    let mut dice = dice();
    let world = World::shared().await;
    let ada = world.person().await;
    let (board, other) = (world.board(&ada, &[]).await, world.board(&ada, &[]).await);
    let field = Field::start(world, 1, &["--ring-events", "100"]).await;
    let relay = &field.relays[0];
    let awake = field.follow(0, &ada, board).await;
    let sleeper = field.follow_asleep(0, &field.world.token(&ada), board).await;
    let elsewhere = field.follow(0, &ada, other).await;
    let steady = Writer::start(&field.world, &ada, &[other], Duration::from_millis(20), 100).await;
    let mut head = 0;
    for _ in 0..scaled(2) {
        let count = dice.u64(560..700);
        head = write_many(&field.world, &ada, board, count, 3_000).await;
        awake.has(board, head).await;
        // The newest are in the ring, older ones in the stream, the oldest in PostgreSQL only.
        trim(&field.world, board, dice.u64(430..450));
        // It may stop for any time shorter than a dead reader's timeout.
        tokio::time::sleep(Duration::from_millis(dice.u64(500..2_000))).await;
        sleeper.set_pace(Pace::Full);
        sleeper.has(board, head).await;
        sleeper.set_pace(Pace::Stopped);
    }
    assert_eq!(relay.metric("realtime_relay_dead_readers_total").await, 0);
    let written = steady.stop().await.len() as u64;
    elsewhere.has(other, written).await;
    elsewhere.leave().await.assert_all(other, 1, written);
    awake.leave().await.assert_all(board, 1, head);
    let slept = sleeper.leave().await;
    slept.assert_all(board, 1, head);
    assert!(slept.others.is_empty() && slept.end.is_none(), "no reset: {:?}", slept.others);
    for source in [FROM_REDIS, FROM_POSTGRES] {
        assert!(relay.metric(source).await > 0, "{source}");
    }
    field.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt7_a_reader_over_10000_events_behind_is_reset_and_goes_on_from_there() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let field = Field::start(world, 1, &[]).await;
    let awake = field.follow(0, &ada, board).await;
    let sleeper = field.follow_asleep(0, &field.world.token(&ada), board).await;
    // More than the buffers between the relay and the reader can hold.
    let mut head = write_many(&field.world, &ada, board, 200, 3_000).await;
    for _ in 0..105 {
        commit_many(&field.world, &ada, board, 100).await;
        head += 100;
        awake.has(board, head - 1_000.min(head)).await;
    }
    awake.has(board, head).await;
    trim(&field.world, board, 100);
    sleeper.set_pace(Pace::Full);
    let (_, reset) = sleeper.message_of("reset").await;
    assert_eq!((&reset["board"], &reset["reason"]), (&json!(board), &json!("too-far")), "{reset}");
    let from = reset["seq"].as_u64().expect("a cursor");
    assert_eq!(from, head, "{reset}");
    let got = sleeper.last(board);
    assert!(got > 0 && got + 10_000 < head, "it was at {got} of {head}");
    sleeper.seen().assert_all(board, 1, got);
    // It fetches the board, and continues from its seq.
    sleeper.subscribe(board, from);
    let last = write_many(&field.world, &ada, board, 20, 10).await;
    sleeper.has(board, last).await;
    let slept = sleeper.leave().await;
    let after: Vec<u64> = slept.of(board).map(|got| got.seq).filter(|seq| *seq > got).collect();
    assert_eq!(after, (from + 1..=last).collect::<Vec<_>>());
    awake.has(board, last).await;
    awake.leave().await.assert_all(board, 1, last);
    field.is_left_clean().await;
}
