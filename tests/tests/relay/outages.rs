//! Stores that fail under load.

use crate::support::{Person, Relay, World, expect, until, until_fed};
use serde_json::json;
use shared::data::keys;

/// The number of events in a test.
const EVENTS: u64 = 150;

/// Writes events and tries to publish each, as functions do while Redis may be unavailable.
async fn write(world: &World, who: &Person, board: u64, mut trouble: impl AsyncFnMut(u64)) {
    for number in 1..=EVENTS {
        let event = world.commit(who, board, 1).await;
        let _ = world.try_publish(&event);
        trouble(number).await;
    }
}

#[tokio::test]
async fn rt2_an_emptied_redis_amid_traffic_loses_nothing() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let reading = expect(&mut socket, board, 1..=EVENTS);
    let writing = write(&world, &ada, board, async |number| {
        if number % 40 == 0 {
            world.databases.flush_redis();
        }
    });
    tokio::join!(reading, writing);
    let (mut late, _) = relay.follow(&world, &ada, board, Some(0)).await;
    expect(&mut late, board, 1..=EVENTS).await;
}

#[tokio::test]
async fn rt2_a_restarted_redis_amid_traffic_loses_nothing() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let reading = expect(&mut socket, board, 1..=EVENTS);
    let writing = write(&world, &ada, board, async |number| match number {
        50 => world.databases.kill_redis(),
        100 => world.databases.start_redis(),
        _ => {}
    });
    tokio::join!(reading, writing);
    // Delivered live again, not only by the safety net.
    until_fed(&relay, &world, &ada, (&mut socket, board), EVENTS + 1).await;
}

#[tokio::test]
async fn rt4_while_redis_is_unavailable_or_stands_still_events_come_from_postgresql() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    world.databases.kill_redis();
    world.commit(&ada, board, 2).await;
    expect(&mut socket, board, 1..=2).await;
    let (mut other, _) = relay.follow(&world, &ada, board, Some(0)).await;
    expect(&mut other, board, 1..=2).await;
    world.databases.start_redis();
    world.databases.freeze_redis();
    world.commit(&ada, board, 2).await;
    expect(&mut socket, board, 3..=4).await;
    expect(&mut other, board, 3..=4).await;
    world.databases.kill_redis();
    world.databases.start_redis();
    world.add(&ada, board, 2).await;
    expect(&mut socket, board, 5..=6).await;
    until("the sweeper fills the new Redis", async || {
        (world.stream_length(board) != ":0\r\n").then_some(())
    })
    .await;
}

/// Waits until Redis reports that everything is published.
async fn until_marked(world: &World) {
    let marked = async || (world.redis(&["EXISTS", &keys::swept(0)]) == ":1\r\n").then_some(());
    until("Redis reports that everything is published", marked).await;
}

/// Waits until a relay has seen the publication of everything committed so far.
async fn until_swept(world: &World) {
    let now = world.databases.psql("SELECT pg_current_xact_id()").expect("a transaction");
    let now: u64 = now.trim().parse().expect("a number");
    until("everything is seen published", async || {
        let mark = world.redis(&["GET", &keys::swept(0)]);
        let next: u64 = mark.trim().rsplit(' ').next()?.parse().ok()?;
        (next > now).then_some(())
    })
    .await;
}

#[tokio::test]
async fn rt_sweep_a_redis_that_was_set_back_is_put_right_by_a_relay_that_never_saw_it_otherwise() {
    let world = World::own().await;
    world.databases.keep_redis_data();
    let ada = world.person().await;
    let mut boards = Vec::new();
    for _ in 0..20 {
        let board = world.board(&ada, &[]).await;
        world.add(&ada, board, 2).await;
        boards.push(board);
    }
    let relay = Relay::start(&world, &[]).await;
    until_marked(&world).await;
    let backup = world.databases.back_up_redis();
    for board in &boards {
        world.add(&ada, *board, 30).await;
    }
    until_swept(&world).await;
    drop(relay);
    world.databases.restore_redis(&backup);
    assert_eq!(world.stream_length(boards[0]), ":2\r\n", "Redis was not set back");
    let _relay = Relay::start(&world, &[]).await;
    for board in boards {
        let whole = async || (world.stream_length(board) == ":32\r\n").then_some(());
        until("the streams are complete again, though nobody writes", whole).await;
        world.databases.assert_delivered(board);
    }
}

#[tokio::test]
async fn rt4_what_was_committed_and_not_published_while_no_relay_ran_is_published_by_the_next() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 2).await;
    let relay = Relay::start(&world, &[]).await;
    until_marked(&world).await;
    drop(relay);
    world.commit(&ada, board, 3).await;
    let _relay = Relay::start(&world, &[]).await;
    let whole = async || (world.stream_length(board) == ":5\r\n").then_some(());
    until("the stream is complete", whole).await;
    world.databases.assert_delivered(board);
}

#[tokio::test]
async fn rt2_a_relay_over_a_postgresql_that_was_unavailable_goes_on() {
    let mut world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let events = world.commit(&ada, board, 2).await;
    world.databases.kill_postgres();
    world.publish(&events);
    expect(&mut socket, board, 1..=2).await;
    let failures = r#"realtime_relay_store_failures_total{store="postgresql"}"#;
    let before = relay.metric(failures).await;
    let restart = async {
        until("the relay fails to query PostgreSQL", async || {
            (relay.metric(failures).await > before).then_some(())
        })
        .await;
        world.databases.start_postgres();
    };
    // A client that connects now waits for the database.
    let (mut late, ()) = tokio::join!(relay.socket(&world, &ada), restart);
    crate::support::subscribe(&mut late, board, Some(0)).await;
    expect(&mut late, board, 1..=2).await;
    world.reconnect().await;
    world.commit(&ada, board, 1).await;
    expect(&mut socket, board, 3..=3).await;
    expect(&mut late, board, 3..=3).await;
}

#[tokio::test]
async fn rt6_and_rt_revoke_where_redis_is_unavailable_a_revoked_token_still_ends_its_socket() {
    let world = World::own().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    world.databases.kill_redis();
    let disable = format!("UPDATE users SET disabled = true WHERE id = {}", ada.id);
    world.sql.batch_execute(&disable).await.expect("disabled");
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn close_1012_who_comes_with_a_good_token_while_postgresql_is_unavailable_is_told_to_come_again()
 {
    let world = World::own().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    world.databases.kill_postgres();
    let bearer = format!("Bearer {}", world.token(&ada));
    let mut by_handshake = relay.open(&[("authorization", &bearer)]).await.expect("a socket");
    let mut by_message = relay.open(&[]).await.expect("a socket");
    let token = world.token(&ada);
    by_message.say(&json!({"type": "auth", "token": token})).await;
    // 4401 would make clients log in again, which does not help and is impossible now.
    let codes = tokio::join!(by_handshake.closed(), by_message.closed());
    assert_eq!(codes, (1012, 1012));
}
