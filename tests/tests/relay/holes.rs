//! Missed events: gaps in the feeds, events never published, trimmed feeds.

use crate::support::{Relay, World, expect, until};
use shared::data::keys;
use shared::models::BoardId;
use std::time::{Duration, Instant};

/// Only a gap makes the relay check.
const NO_CHECKS: [&str; 2] = ["--check-ms", "86400000"];

#[tokio::test]
async fn rt3_a_hole_in_the_feed_is_filled_from_the_stream() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &NO_CHECKS).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let events = world.commit(&ada, board, 6).await;
    events.iter().for_each(|event| world.stream_only(event));
    // PostgreSQL no longer has them: they can only come from the stream.
    let forget = format!("DELETE FROM events WHERE board_id = {board} AND seq < 6");
    world.sql.batch_execute(&forget).await.expect("forgotten");
    world.feed_only(&events[5]);
    expect(&mut socket, board, 1..=6).await;
}

#[tokio::test]
async fn rt3_a_hole_in_the_feed_is_filled_from_postgresql() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &NO_CHECKS).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let events = world.commit(&ada, board, 6).await;
    world.feed_only(&events[5]);
    expect(&mut socket, board, 1..=6).await;
    // The stream lacks the middle of the next gap.
    let events = world.commit(&ada, board, 6).await;
    world.stream_only(&events[1]);
    world.stream_only(&events[4]);
    world.feed_only(&events[5]);
    expect(&mut socket, board, 7..=12).await;
}

#[tokio::test]
async fn rt_feed_a_faulty_entry_is_no_reason_to_stop() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &NO_CHECKS).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let feed = keys::feed(keys::shard(BoardId::new(board).expect("an id")));
    let number = board.to_string();
    for event in ["", "{}", "[1]", r#"{"board_id":1}"#, "\u{fffd}"] {
        world.redis(&["XADD", &feed, "*", "board", &number, "seq", "1", "event", event]);
    }
    world.redis(&["XADD", &feed, "*", "something", "else"]);
    world.add(&ada, board, 3).await;
    expect(&mut socket, board, 1..=3).await;
}

#[tokio::test]
async fn rt4_an_event_that_was_never_published_is_delivered_and_then_published() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 2).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let start = Instant::now();
    world.commit(&ada, board, 3).await;
    expect(&mut socket, board, 3..=5).await;
    let took = start.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
    until("the sweeper publishes", async || (world.stream_length(board) == ":5\r\n").then_some(()))
        .await;
    world.add(&ada, board, 1).await;
    expect(&mut socket, board, 6..=6).await;
}

#[tokio::test]
async fn rt4_what_was_written_while_no_relay_ran_is_there_afterwards() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 2).await;
    world.commit(&ada, board, 3).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, head) = relay.follow(&world, &ada, board, Some(1)).await;
    assert_eq!(head, 5);
    expect(&mut socket, board, 2..=5).await;
}

#[tokio::test]
async fn rt3_a_feed_that_is_trimmed_and_a_stream_that_is_trimmed_leave_no_hole() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let id = BoardId::new(board).expect("an id");
    for round in 0..10 {
        let events = world.commit(&ada, board, 10).await;
        world.publish(&events);
        // Either before or after the relay has read it.
        world.redis(&["XTRIM", &keys::feed(keys::shard(id)), "MAXLEN", "2"]);
        world.redis(&["XTRIM", &keys::board_events(id), "MAXLEN", "1"]);
        expect(&mut socket, board, round * 10 + 1..=round * 10 + 10).await;
    }
}
