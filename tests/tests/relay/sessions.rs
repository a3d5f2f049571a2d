//! Open sockets: newer tokens, tokens that expire or are revoked, the limit per user.

use crate::support::{Person, Relay, World, expect, keys_of, seconds, subscribe, until};
use contract_tests::stack::JWT_SECRET;
use contract_tests::{Client, Socket};
use serde_json::json;
use shared::auth::Claims;

/// Sends a token; returns the next message.
async fn renew(socket: &mut Socket, claims: &Claims) -> serde_json::Value {
    let token = claims.sign(&keys_of(JWT_SECRET));
    socket.say(&json!({"type": "auth", "token": token})).await;
    socket.message_but_heartbeats().await
}

/// Logs one token out, and notifies the relays.
async fn log_out(world: &World, who: &Person, claims: &Claims) {
    let revoke = "INSERT INTO revoked_tokens VALUES ($1, $2, now())";
    let id = i64::try_from(who.id).expect("an id");
    world.sql.execute(revoke, &[&claims.jti, &id]).await.expect("revoked");
    world.tell_control(who);
}

#[tokio::test]
async fn rt6_a_logout_ends_the_sockets_of_that_token_at_once_and_no_others() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &[]).await;
    let claims = ada.claims(0);
    let token = claims.sign(&keys_of(JWT_SECRET));
    let (mut one, mut two) = (relay.socket_of(&token).await, relay.socket_of(&token).await);
    let mut other_device = relay.socket(&world, &ada).await;
    let mut other_user = relay.socket(&world, &bob).await;
    // Once this works, the control feed is being followed.
    until("the feeds are followed", async || {
        relay.log().contains("the feeds are followed").then_some(())
    })
    .await;
    let start = std::time::Instant::now();
    log_out(&world, &ada, &claims).await;
    assert_eq!(one.closed().await, 4401);
    assert_eq!(two.closed().await, 4401);
    let took = start.elapsed();
    assert!(took < std::time::Duration::from_secs(1), "RT6: {took:?}");
    for socket in [&mut other_device, &mut other_user] {
        subscribe(socket, board, None).await;
    }
    world.add(&ada, board, 1).await;
    expect(&mut other_device, board, 2..=2).await;
    expect(&mut other_user, board, 2..=2).await;
    let all = format!("UPDATE users SET token_generation = 1 WHERE id = {}", ada.id);
    world.sql.batch_execute(&all).await.expect("logged out everywhere");
    world.tell_control(&ada);
    assert_eq!(other_device.closed().await, 4401);
    assert_eq!(relay.metric("realtime_relay_revoked_total").await, 3);
}

#[tokio::test]
async fn rt_token_that_ends_is_announced_and_closes_unless_a_newer_one_comes() {
    let world = World::shared().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let short = || Claims { exp: seconds() + 3, ..ada.claims(0) };
    let token = short().sign(&keys_of(JWT_SECRET));
    let (mut ends, mut lives) = (relay.socket_of(&token).await, relay.socket_of(&token).await);
    let warning = lives.message_but_heartbeats().await;
    assert_eq!(warning["type"], "token-expiring", "{warning}");
    let newer = ada.claims(0);
    let welcome = renew(&mut lives, &newer).await;
    assert_eq!(welcome["type"], "welcome", "{welcome}");
    assert_eq!(welcome["token_expires_at"], newer.expires_at().to_string());
    assert_eq!(ends.message_but_heartbeats().await["type"], "token-expiring");
    assert_eq!(ends.closed().await, 4401);
    lives.say(&json!({"type": "ping"})).await;
    assert_eq!(lives.message_but_heartbeats().await["type"], "pong");
    // The older token's expiry no longer ends this socket.
    log_out(&world, &ada, &newer).await;
    assert_eq!(lives.closed().await, 4401);
}

#[tokio::test]
async fn close_4401_closes_a_living_socket_that_is_given_a_bad_or_another_users_token() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    socket.say(&json!({"type": "auth", "token": "x"})).await;
    assert_eq!(socket.closed().await, 4401);
    let mut socket = relay.socket(&world, &ada).await;
    let token = world.token(&bob);
    socket.say(&json!({"type": "auth", "token": token})).await;
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn close_4409_closes_one_socket_too_many_of_a_user() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let relay = Relay::start(&world, &["--max-sockets-per-user", "2"]).await;
    let first = relay.socket(&world, &ada).await;
    let _second = relay.socket(&world, &ada).await;
    let bearer = format!("Bearer {}", world.token(&ada));
    let headers = [("authorization", &*bearer)];
    let mut third = relay.open(&headers).await.expect("a handshake");
    assert_eq!(third.closed().await, 4409);
    relay.socket(&world, &bob).await;
    drop(first);
    until("there is a place again", async || {
        let mut again = relay.open(&headers).await.expect("a handshake");
        again.read().await.is_ok().then_some(())
    })
    .await;
}

#[tokio::test]
async fn close_4400_closes_a_socket_that_speaks_binary() {
    let world = World::shared().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    socket.say_bytes(b"\x00").await;
    assert_eq!(socket.closed().await, 4400);
}

#[tokio::test]
async fn api_probe_readyz_names_redis_and_postgresql() {
    let world = World::own().await;
    let relay = Relay::start(&world, &[]).await;
    let client = Client::new(relay.url.clone());
    let stores = async || {
        let body = client.get("/readyz").try_send().await.expect("an answer").body;
        let ready: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        let stores = &ready["stores"];
        (stores["postgresql"]["status"].clone(), stores["redis"]["status"].clone())
    };
    assert_eq!(stores().await, (json!("ok"), json!("ok")));
    world.databases.kill_redis();
    until("Redis is reported as unavailable", async || {
        (stores().await == (json!("ok"), json!("unavailable"))).then_some(())
    })
    .await;
    world.databases.kill_postgres();
    until("PostgreSQL is reported as unavailable", async || {
        (stores().await == (json!("unavailable"), json!("unavailable"))).then_some(())
    })
    .await;
}
