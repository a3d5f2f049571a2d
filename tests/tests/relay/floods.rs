//! Floods in the mode with accounts: one user's sockets, and sockets that never authenticate.

use crate::support::{Relay, World, expect, until};
use contract_tests::Socket;
use futures::future::join_all;

#[tokio::test]
async fn close_4409_a_user_has_20_sockets_and_each_one_more_is_closed() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut bystander, head) = relay.follow(&world, &bob, board, None).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(relay.follow(&world, &ada, board, None).await.0);
    }
    let bearer = format!("Bearer {}", world.token(&ada));
    let headers = [("authorization", &*bearer)];
    let opened = (0..30).map(|_| relay.open(&headers));
    for opened in join_all(opened).await {
        assert_eq!(opened.expect("a handshake").closed().await, 4409);
    }
    world.add(&ada, board, 1).await;
    for socket in sockets.iter_mut().chain([&mut bystander]) {
        expect(socket, board, head + 1..=head + 1).await;
    }
    drop(sockets);
    until("their places and subscriptions are given back", async || {
        let connections = relay.metric("realtime_relay_connections").await;
        let subscriptions = relay.metric("realtime_relay_subscriptions").await;
        ((connections, subscriptions) == (1, 1)).then_some(())
    })
    .await;
    relay.follow(&world, &ada, board, None).await;
}

#[tokio::test]
async fn close_4401_closes_three_hundred_sockets_that_never_say_who_they_are() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut bystander, head) = relay.follow(&world, &ada, board, None).await;
    let opened = join_all((0..300).map(|_| relay.open(&[]))).await;
    let mut silent: Vec<_> = opened.into_iter().map(|it| it.expect("a handshake")).collect();
    world.add(&ada, board, 1).await;
    expect(&mut bystander, board, head + 1..=head + 1).await;
    let codes = join_all(silent.iter_mut().map(Socket::closed)).await;
    assert!(codes.iter().all(|code| *code == 4401), "{codes:?}");
    until("their places are given back", async || {
        (relay.metric("realtime_relay_connections").await == 1).then_some(())
    })
    .await;
    world.add(&ada, board, 1).await;
    expect(&mut bystander, board, head + 2..=head + 2).await;
}
