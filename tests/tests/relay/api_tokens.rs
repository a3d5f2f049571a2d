//! Tokens for programs (docs/contract/api.md, API-TOKENS and API-TOKEN-SCOPE) on sockets and
//! streams.

use crate::support::{Person, Relay, World, ask, expect, seconds, subscribe, until};
use contract_tests::event_stream::NoStream;
use serde_json::{Value, json};
use shared::auth::{ApiToken, Reach, Scope};
use shared::models::Role;
use std::time::{Duration, Instant};

/// Creates a read token for these boards or all, which expires after this many seconds.
async fn make(world: &World, who: &Person, boards: Option<&[u64]>, ends: Option<u64>) -> String {
    static NEXT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
    let reach = Reach { scope: Scope::Read, some_boards: boards.is_some() };
    let bits = [NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed); 32];
    let token = ApiToken::new(who.id, reach, bits);
    let statement = "INSERT INTO api_tokens (digest, user_id, name, scope, boards, expires_at) \
                     VALUES ($1, $2, 'Test', 'read', $3, to_timestamp($4::bigint))";
    let number = |number: u64| i64::try_from(number).expect("in range");
    let boards: Option<Vec<i64>> = boards.map(|ids| ids.iter().copied().map(number).collect());
    let ends = ends.map(|ends| number(seconds() + ends));
    let id = number(who.id);
    world.sql.execute(statement, &[&token.digest(), &id, &boards, &ends]).await.expect("a token");
    token.reveal().to_owned()
}

/// Revokes it, and notifies the relays.
async fn revoke(world: &World, who: &Person, token: &str) {
    let digest = ApiToken::parse(token).expect("a token").digest();
    let statement = "DELETE FROM api_tokens WHERE digest = $1";
    assert_eq!(world.sql.execute(statement, &[&digest]).await.expect("revoked"), 1);
    world.tell_control(who);
}

#[tokio::test]
async fn api_tokens_open_sockets_by_header_or_message_and_streams_until_they_are_revoked() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    until("the feeds are followed", async || {
        relay.log().contains("the feeds are followed").then_some(())
    })
    .await;
    let (token, other) =
        (make(&world, &ada, None, None).await, make(&world, &ada, None, Some(600)).await);
    let (bearer, other) = (format!("Bearer {token}"), format!("Bearer {other}"));
    let mut by_header = relay.open(&[("authorization", &bearer)]).await.expect("a socket");
    let mut by_message = relay.open(&[]).await.expect("a socket");
    by_message.say(&json!({"type": "auth", "token": token})).await;
    for socket in [&mut by_header, &mut by_message] {
        let welcome = socket.message().await;
        assert_eq!(
            (&welcome["type"], &welcome["user"], &welcome["token_expires_at"]),
            (&json!("welcome"), &json!(ada.name), &Value::Null)
        );
        subscribe(socket, board, None).await;
    }
    let mut lasting = relay.open(&[("authorization", &other)]).await.expect("a socket");
    assert!(lasting.message().await["token_expires_at"].is_string());
    subscribe(&mut lasting, board, None).await;
    let path = format!("boards/{board}");
    let headers = [("authorization", &*bearer)];
    let mut stream = relay.open_stream(&path, &headers, None).await.expect("a stream");
    stream.subscribed(board).await;
    world.add(&ada, board, 1).await;
    for socket in [&mut by_header, &mut by_message, &mut lasting] {
        expect(socket, board, 1..=1).await;
    }
    stream.event(1).await;

    let start = Instant::now();
    revoke(&world, &ada, &token).await;
    assert_eq!(by_header.closed().await, 4401);
    assert_eq!(by_message.closed().await, 4401);
    assert_eq!(stream.ended().await, 4401);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    let again = relay.open_stream(&path, &headers, None).await;
    assert!(matches!(again, Err(NoStream::Refused(401))), "{again:?}");
    world.add(&ada, board, 1).await;
    expect(&mut lasting, board, 2..=2).await;
    assert!(!relay.log().contains(&token), "no token in the log");
}

#[tokio::test]
async fn api_tokens_that_are_forged_expired_or_in_a_cookie_open_nothing() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &["--max-sockets-per-user", "1"]).await;
    let good = make(&world, &ada, None, None).await;
    let ours = format!("tb_r{}_", ada.id);
    let forged = good.replacen(&ours, &format!("tb_r{}_", bob.id), 1);
    let raised = good.replacen("tb_r", "tb_a", 1);
    let expired = make(&world, &ada, None, Some(0)).await;
    let path = format!("boards/{board}");
    for token in [&forged, &raised, &expired, &good[..good.len() - 1].to_owned()] {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", &*bearer)];
        let mut socket = relay.open(&headers).await.expect("a handshake");
        assert_eq!(socket.closed().await, 4401, "{token}");
        let stream = relay.open_stream(&path, &headers, None).await;
        assert!(matches!(stream, Err(NoStream::Refused(401))), "{stream:?}");
    }
    let cookie = format!("token={good}");
    let stream = relay.open_stream(&path, &[("cookie", &cookie)], None).await;
    assert!(matches!(stream, Err(NoStream::Refused(401))), "{stream:?}");
    // None of them took the user's only place.
    let bearer = format!("Bearer {good}");
    let mut socket = relay.open(&[("authorization", &bearer)]).await.expect("a socket");
    assert_eq!(socket.message().await["type"], "welcome");
    subscribe(&mut socket, board, None).await;
    let one_more = relay.open_stream(&path, &[("authorization", &bearer)], None).await;
    assert!(matches!(one_more, Err(NoStream::Refused(429))), "{one_more:?}");
}

#[tokio::test]
async fn api_token_scope_a_socket_follows_the_boards_of_its_token_and_never_everything() {
    let world = World::shared().await;
    let admin = world.person_of(Role::Admin).await;
    let (seen, hidden) = (world.board(&admin, &[]).await, world.board(&admin, &[]).await);
    let relay = Relay::start(&world, &[]).await;
    let token = make(&world, &admin, Some(&[seen]), None).await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", &*bearer)];
    let mut socket = relay.open(&headers).await.expect("a socket");
    assert_eq!(socket.message().await["type"], "welcome");
    subscribe(&mut socket, seen, None).await;
    let refused = ask(&mut socket, hidden, None).await;
    assert_eq!((&refused["type"], &refused["code"]), (&json!("error"), &json!("not-found")));
    socket.say(&json!({"type": "subscribe", "feed": "activity"})).await;
    let refused = socket.message_but_heartbeats().await;
    assert_eq!((&refused["type"], &refused["code"]), (&json!("error"), &json!("not-found")));
    let stream = relay.open_stream(&format!("boards/{hidden}"), &headers, None).await;
    assert!(matches!(stream, Err(NoStream::Refused(404))), "{stream:?}");
    let path = format!("boards/{seen}");
    let mut stream = relay.open_stream(&path, &headers, None).await.expect("a stream");
    stream.subscribed(seen).await;
}

#[tokio::test]
async fn rt_token_a_socket_that_changes_to_a_token_for_fewer_boards_loses_the_others_and_the_feed()
{
    let world = World::shared().await;
    let admin = world.person_of(Role::Admin).await;
    let (seen, hidden) = (world.board(&admin, &[]).await, world.board(&admin, &[]).await);
    let relay = Relay::start(&world, &[]).await;
    let all = make(&world, &admin, None, None).await;
    let some = make(&world, &admin, Some(&[seen]), None).await;
    for first in [world.token(&admin), all] {
        let mut socket = relay.open(&[]).await.expect("a socket");
        socket.say(&json!({"type": "auth", "token": first})).await;
        assert_eq!(socket.message().await["type"], "welcome");
        for board in [seen, hidden] {
            subscribe(&mut socket, board, None).await;
        }
        socket.say(&json!({"type": "subscribe", "feed": "activity"})).await;
        let feed = socket.message_but_heartbeats().await;
        socket.say(&json!({"type": "auth", "token": some})).await;
        let mut left = Vec::new();
        let mut welcomed = false;
        while left.is_empty() || !welcomed || (feed["type"] == "subscribed" && left.len() < 2) {
            let message = socket.message_but_heartbeats().await;
            match message["type"].as_str() {
                Some("welcome") => welcomed = true,
                Some("unsubscribed") => {
                    left.push((message["board"].clone(), message["feed"].clone()));
                }
                other => assert_eq!(other, Some("event"), "{message}"),
            }
        }
        assert!(left.contains(&(json!(hidden), Value::Null)), "{left:?}");
        assert!(left.iter().all(|(board, _)| *board != json!(seen)), "{left:?}");
        world.add(&admin, hidden, 1).await;
        world.add(&admin, seen, 1).await;
        let message = socket.message_but_heartbeats().await;
        assert_eq!((&message["type"], &message["board"]), (&json!("event"), &json!(seen)));
    }
}

#[tokio::test]
async fn api_tokens_that_end_are_announced_and_end_their_sockets() {
    let world = World::shared().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let token = make(&world, &ada, None, Some(3)).await;
    let bearer = format!("Bearer {token}");
    let mut socket = relay.open(&[("authorization", &bearer)]).await.expect("a socket");
    let reported = [socket.message().await, socket.message().await];
    assert!(reported.iter().any(|message| message["type"] == "token-expiring"), "{reported:?}");
    assert_eq!(socket.closed().await, 4401);
}
