//! Which places are taken by guests, by sockets that have not authenticated, and by members.

use crate::support::{Relay, World, until};
use contract_tests::Client;
use contract_tests::socket::Ended;
use serde_json::json;

#[tokio::test]
async fn limit_guests_and_the_silent_take_no_place_of_a_member() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let flags = ["--max-guest-sockets", "2", "--max-sockets-per-address", "2"];
    let relay = Relay::start(&world, &flags).await;
    // From one address, as behind a proxy that does not name its clients.
    let mut silent = relay.open(&[]).await.expect("a handshake");
    let _other = relay.open(&[]).await.expect("a handshake");
    assert!(matches!(relay.open(&[]).await, Err(Ended::Broken(_))), "a third");
    let client = Client::new(relay.url.clone());
    let guest = client.get("/sse/quick-win/boards/1").send().await;
    let _ = guest.problem(503, "unavailable");
    let mut members = Vec::new();
    for who in [&ada, &bob, &ada, &bob] {
        members.push(relay.socket(&world, who).await);
    }
    assert_eq!(relay.metric("realtime_relay_guests").await, 2);
    let reason = r#"realtime_relay_refused_handshakes_total{reason="guests-full"}"#;
    assert_eq!(relay.metric(reason).await, 2);
    // Authenticating frees the guest's place for another.
    silent.say(&json!({"type": "auth", "token": world.token(&ada)})).await;
    assert_eq!(silent.message().await["type"], "welcome");
    assert_eq!(relay.metric("realtime_relay_guests").await, 1);
    let third = relay.open(&[]).await.expect("a place");
    drop(third);
    until("its place is given back", async || {
        (relay.metric("realtime_relay_guests").await <= 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn limit_sockets_per_user_what_is_too_many_takes_no_place_of_others() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let flags = ["--max-sockets", "4", "--max-guest-sockets", "1", "--max-sockets-per-user", "2"];
    let relay = Relay::start(&world, &flags).await;
    let _members = (relay.socket(&world, &ada).await, relay.socket(&world, &ada).await);
    let bearer = format!("Bearer {}", world.token(&ada));
    // The close code is sent in the guests' only place; while that is taken, handshakes are
    // refused: other users' places are never used.
    let headers = [("authorization", &*bearer)];
    let surplus = futures::future::join_all((0..20).map(|_| relay.open(&headers))).await;
    relay.socket(&world, &bob).await;
    for socket in surplus.into_iter().flatten() {
        let mut socket = socket;
        assert_eq!(socket.closed().await, 4409);
    }
}
