//! Stores that go away amid traffic.

use crate::support::{Person, Relay, World, expect, until};
use std::time::Duration;

/// Events of one test.
const EVENTS: u64 = 150;

/// Writes events and tries to publish each, as functions do while Redis may be away.
async fn write(world: &World, who: &Person, board: u64, mut trouble: impl AsyncFnMut(u64)) {
    for number in 1..=EVENTS {
        let event = world.commit(who, board, 1).await;
        let _ = world.try_publish(&event);
        trouble(number).await;
    }
}

#[tokio::test]
async fn realtime_2_an_emptied_redis_amid_traffic_loses_nothing() {
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
async fn realtime_2_a_restarted_redis_amid_traffic_loses_nothing() {
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
    // Live again, not only by the safety net.
    let fed = r#"realtime_relay_feed_events_total{outcome="appended"}"#;
    let before = relay.metric(fed).await;
    let mut next = EVENTS + 1;
    until("the feeds are followed again", async || {
        world.add(&ada, board, 1).await;
        expect(&mut socket, board, next..=next).await;
        next += 1;
        (relay.metric(fed).await > before).then_some(())
    })
    .await;
}

#[tokio::test]
async fn realtime_4_while_redis_is_away_or_stands_still_events_come_from_postgresql() {
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

#[tokio::test]
async fn realtime_2_a_relay_over_a_postgresql_that_was_away_goes_on() {
    let mut world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let events = world.commit(&ada, board, 2).await;
    world.databases.kill_postgres();
    world.publish(&events);
    expect(&mut socket, board, 1..=2).await;
    let restart = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        world.databases.start_postgres();
    };
    // Whoever comes meanwhile waits for the database.
    let (mut late, ()) = tokio::join!(relay.socket(&world, &ada), restart);
    crate::support::subscribe(&mut late, board, Some(0)).await;
    expect(&mut late, board, 1..=2).await;
    world.reconnect().await;
    world.commit(&ada, board, 1).await;
    expect(&mut socket, board, 3..=3).await;
    expect(&mut late, board, 3..=3).await;
}

#[tokio::test]
async fn realtime_6_where_redis_is_away_a_revoked_token_still_ends_its_socket() {
    let world = World::own().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    world.databases.kill_redis();
    let disable = format!("UPDATE users SET disabled = true WHERE id = {}", ada.id);
    world.sql.batch_execute(&disable).await.expect("disabled");
    assert_eq!(socket.closed().await, 4401);
}
