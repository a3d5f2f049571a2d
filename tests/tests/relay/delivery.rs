//! Delivery by the feeds: in order, once, with replay from every store, and `reset`.

use crate::support::{PATIENCE, Relay, World, ask, expect, subscribe, until, until_fed};
use shared::data::keys;
use shared::models::BoardId;
use std::time::Instant;

#[tokio::test]
async fn rt1_published_events_come_in_order_to_everybody() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut first, head) = relay.follow(&world, &ada, board, None).await;
    let (mut second, same) = relay.follow(&world, &bob, board, None).await;
    assert_eq!((head, same), (1, 1), "bob's membership is the first event");
    world.add(&ada, board, 30).await;
    expect(&mut first, board, 2..=31).await;
    expect(&mut second, board, 2..=31).await;
    let events = world.commit(&ada, board, 20).await;
    world.publish(&events);
    expect(&mut first, board, 32..=51).await;
    expect(&mut second, board, 32..=51).await;
}

#[tokio::test]
async fn rt1_an_event_is_passed_on_as_it_is_stored() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let stored = world.add(&ada, board, 1).await;
    let mut expected: serde_json::Value = serde_json::from_str(&stored[0]).expect("JSON");
    expected["type"] = "event".into();
    expected["board"] = board.into();
    assert_eq!(socket.event(1).await, expected);
}

#[tokio::test]
async fn rt2_and_rt3_out_of_order_and_duplicate_feed_entries_are_put_right() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &["--check-ms", "86400000"]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let events = world.commit(&ada, board, 6).await;
    for index in [0, 0, 2, 1, 1, 4, 5, 3, 0, 5] {
        world.feed_only(&events[index]);
    }
    expect(&mut socket, board, 1..=6).await;
    let last = world.commit(&ada, board, 1).await;
    world.feed_only(&last[0]);
    expect(&mut socket, board, 7..=7).await;
}

#[tokio::test]
async fn rt2_a_cursor_is_served_from_ring_stream_and_postgresql() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let events = world.commit(&ada, board, 700).await;
    world.publish(&events);
    let relay = Relay::start(&world, &["--ring-events", "50"]).await;
    // Until it relies on Redis it would read everything from PostgreSQL.
    let other = world.board(&ada, &[]).await;
    let (mut beside, _) = relay.follow(&world, &ada, other, None).await;
    until_fed(&relay, &world, &ada, (&mut beside, other), 1).await;
    let (mut socket, head) = relay.follow(&world, &ada, board, Some(0)).await;
    assert_eq!(head, 700);
    expect(&mut socket, board, 1..=700).await;
    let from_redis = r#"realtime_relay_replayed_total{source="redis"}"#;
    assert!(relay.metric(from_redis).await >= 256, "the stream was read");
    // The stream holds only the newest ten; earlier events are in PostgreSQL.
    let stream = keys::board_events(BoardId::new(board).expect("an id"));
    world.redis(&["XTRIM", &stream, "MAXLEN", "10"]);
    let fresh = Relay::start(&world, &["--ring-events", "50"]).await;
    let (mut socket, _) = fresh.follow(&world, &ada, board, Some(100)).await;
    expect(&mut socket, board, 101..=700).await;
    let from_postgres = r#"realtime_relay_replayed_total{source="postgresql"}"#;
    assert!(fresh.metric(from_postgres).await >= 256, "PostgreSQL was read");
    world.add(&ada, board, 1).await;
    expect(&mut socket, board, 701..=701).await;
}

#[tokio::test]
async fn rt2_many_cursors_at_once_share_their_reads() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let events = world.commit(&ada, board, 300).await;
    world.publish(&events);
    let flags = ["--ring-events", "10", "--max-sockets-per-user", "100"];
    let relay = Relay::start(&world, &flags).await;
    let mut sockets = Vec::new();
    for _ in 0..60 {
        sockets.push(relay.socket(&world, &ada).await);
    }
    let replays = sockets.into_iter().map(|mut socket| async move {
        subscribe(&mut socket, board, Some(0)).await;
        expect(&mut socket, board, 1..=300).await;
    });
    futures::future::join_all(replays).await;
    let reads = relay.metric("realtime_relay_source_reads_total").await;
    assert!(reads <= 60, "{reads} reads for 60 clients of two pages each");
}

#[tokio::test]
async fn rt_cursor_over_10000_events_behind_is_reset() {
    // If another test's relay sweeps, the feed announces a head whose event is still to come.
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.big_board(&ada, 10_050).await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    let answer = ask(&mut socket, board, Some(49)).await;
    assert_eq!(answer["type"], "reset", "{answer}");
    assert_eq!((&answer["reason"], &answer["seq"]), (&"too-far".into(), &10_050.into()));
    assert_eq!(subscribe(&mut socket, board, Some(50)).await, 10_050);
    expect(&mut socket, board, 51..=10_050).await;
}

#[tokio::test]
async fn rt_cursor_of_another_epoch_is_reset() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 3).await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    let beyond = ask(&mut socket, board, Some(99)).await;
    assert_eq!((&beyond["type"], &beyond["reason"]), (&"reset".into(), &"epoch".into()));
    let other = serde_json::json!({"type": "subscribe", "board": board, "after": 2, "epoch": "x"});
    socket.say(&other).await;
    let other = socket.message_but_heartbeats().await;
    assert_eq!((&other["type"], &other["reason"]), (&"reset".into(), &"epoch".into()));
    subscribe(&mut socket, board, Some(3)).await;
    // As after restoring a backup: the database has lost its newest event, which Redis still has.
    world.add(&ada, board, 1).await;
    expect(&mut socket, board, 4..=4).await;
    let lost = format!("DELETE FROM events WHERE board_id = {board} AND seq = 4");
    world.sql.batch_execute(&lost).await.expect("lost");
    let lost = format!("UPDATE boards SET seq = 3 WHERE id = {board}");
    world.sql.batch_execute(&lost).await.expect("lost");
    world.sql.batch_execute("SELECT database_restored()").await.expect("restored");
    let reset = socket.message_but_heartbeats().await;
    assert_eq!((&reset["type"], &reset["reason"]), (&"reset".into(), &"epoch".into()), "{reset}");
    assert_eq!(reset["seq"], 3);
    // Redis holds events of the lost future, which are not delivered.
    let mut socket = relay.socket(&world, &ada).await;
    assert_eq!(subscribe(&mut socket, board, Some(2)).await, 3);
    expect(&mut socket, board, 3..=3).await;
    let event = world.commit(&ada, board, 2).await;
    world.publish(&event);
    expect(&mut socket, board, 4..=5).await;
    let marked: serde_json::Value = serde_json::from_str(&event[0]).expect("JSON");
    let mut again = relay.socket(&world, &ada).await;
    subscribe(&mut again, board, Some(3)).await;
    assert_eq!(again.event(4).await["timestamp"], marked["timestamp"]);
    // They are removed from Redis, and the feeds are used again.
    until_fed(&relay, &world, &ada, (&mut socket, board), 6).await;
}

#[tokio::test]
async fn rt1_two_relays_each_deliver_everything() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let (one, other) = (Relay::start(&world, &[]).await, Relay::start(&world, &[]).await);
    let (mut first, _) = one.follow(&world, &ada, board, None).await;
    let (mut second, _) = other.follow(&world, &ada, board, None).await;
    world.add(&ada, board, 20).await;
    expect(&mut first, board, 1..=20).await;
    expect(&mut second, board, 1..=20).await;
    // A crashed relay loses nothing: its client resumes at the other one.
    drop(one);
    world.add(&ada, board, 5).await;
    let (mut resumed, _) = other.follow(&world, &ada, board, Some(20)).await;
    expect(&mut resumed, board, 21..=25).await;
    expect(&mut second, board, 21..=25).await;
}

#[tokio::test]
async fn rt1_boards_of_many_shards_do_not_mix() {
    let world = World::shared().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let mut boards = Vec::new();
    for _ in 0..20 {
        let board = world.board(&ada, &[]).await;
        // Each new shard is followed while other shards' feeds are being read.
        boards.push((board, relay.follow(&world, &ada, board, None).await.0));
        for (board, _) in &boards {
            world.add(&ada, *board, 1).await;
        }
    }
    for (index, (board, socket)) in boards.iter_mut().enumerate() {
        expect(socket, *board, 1..=20 - index as u64).await;
    }
    drop(boards);
    let subscriptions = "realtime_relay_subscriptions";
    until("all subscriptions have ended", async || {
        (relay.metric(subscriptions).await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn rt8_a_heartbeat_carries_the_head_of_each_board() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &["--heartbeat-ms", "50"]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    world.add(&ada, board, 2).await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let message = socket.message().await;
        if message["type"] == "heartbeat" && message["heads"][board.to_string()] == 2 {
            return;
        }
        assert!(Instant::now() < deadline);
    }
}
