//! Tokens that open a socket, by cookie, header or first message, and tokens that do not.

use crate::support::{Person, Relay, World, keys_of, seconds};
use contract_tests::Socket;
use contract_tests::stack::{ALLOWED_ORIGIN, JWT_SECRET};
use serde_json::{Value, json};
use shared::auth::Claims;

const OLD_SECRET: &str = "contract-tests-only-old-jwt-0123456789abcdef";

/// Reads the welcome of this person.
async fn expect_welcome(socket: &mut Socket, who: &Person, claims: &Claims) -> Value {
    let welcome = socket.message().await;
    assert_eq!(welcome["type"], "welcome", "{welcome}");
    assert_eq!(welcome["user"], who.name.as_str());
    assert_eq!(welcome["protocol"], 1);
    assert_eq!(welcome["token_expires_at"], claims.expires_at().to_string());
    welcome
}

#[tokio::test]
async fn rt_handshake_a_token_comes_by_cookie_by_bearer_or_by_the_first_message() {
    let world = World::shared().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let claims = ada.claims(0);
    let token = claims.sign(&keys_of(JWT_SECRET));
    let (cookie, bearer) = (format!("a=b; token={token}"), format!("Bearer {token}"));
    let by_cookie = [("cookie", &*cookie), ("origin", ALLOWED_ORIGIN)];
    let mut socket = relay.open(&by_cookie).await.expect("a socket");
    expect_welcome(&mut socket, &ada, &claims).await;
    let mut socket = relay.open(&[("authorization", &bearer)]).await.expect("a socket");
    expect_welcome(&mut socket, &ada, &claims).await;
    let behind_a_proxy = [("authorization", "Basic YTpi"), ("cookie", &*cookie)];
    let mut socket = relay.open(&behind_a_proxy).await.expect("a socket");
    expect_welcome(&mut socket, &ada, &claims).await;
    let mut socket = relay.open(&[]).await.expect("a socket");
    socket.say(&json!({"type": "auth", "token": token})).await;
    // A message sent immediately afterwards waits until the token was checked.
    socket.say(&json!({"type": "ping"})).await;
    expect_welcome(&mut socket, &ada, &claims).await;
    assert_eq!(socket.message().await["type"], "pong");
}

#[tokio::test]
async fn rt_token_of_the_previous_secret_counts() {
    let world = World::shared().await;
    let ada = world.person().await;
    let previous = [("SPIN_VARIABLE_JWT_SECRET_PREVIOUS", OLD_SECRET)];
    let relay = Relay::start_with(&world, &[], &previous).await;
    let token = ada.claims(0).sign(&keys_of(OLD_SECRET));
    relay.socket_of(&token).await;
}

#[tokio::test]
async fn close_4401_closes_whoever_has_no_good_token() {
    let world = World::shared().await;
    let (ada, disabled, loggedout) =
        (world.person().await, world.person().await, world.person().await);
    let disable = format!("UPDATE users SET disabled = true WHERE id = {}", disabled.id);
    world.sql.batch_execute(&disable).await.expect("disabled");
    let everywhere = format!("UPDATE users SET token_generation = 1 WHERE id = {}", loggedout.id);
    world.sql.batch_execute(&everywhere).await.expect("logged out");
    let relay = Relay::start(&world, &[]).await;
    let good = keys_of(JWT_SECRET);
    let revoked = ada.claims(0);
    let revoke = "INSERT INTO revoked_tokens VALUES ($1, $2, now())";
    let id = i64::try_from(ada.id).expect("an id");
    world.sql.execute(revoke, &[&revoked.jti, &id]).await.expect("revoked");
    let expired = Claims { exp: seconds() - 1, ..ada.claims(0) };
    let nobody = Claims { user_id: 999_999_999, ..ada.claims(0) };
    let token = ada.claims(0).sign(&good);
    let (head, rest) = token.split_once('.').expect("a token");
    // `{"alg":"none","typ":"JWT"}` and an RS256 header over the same claims.
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{rest}");
    let confused = format!("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{rest}");
    let cut = format!("{head}.{}", &rest[..rest.len() - 2]);
    let tokens = [
        ("no token", "x".to_owned()),
        ("empty", String::new()),
        ("alg none", unsigned),
        ("RS256", confused),
        ("cut", cut),
        ("another key", ada.claims(0).sign(&keys_of(OLD_SECRET))),
        ("expired", expired.sign(&good)),
        ("revoked", revoked.sign(&good)),
        ("disabled", disabled.claims(0).sign(&good)),
        ("logged out everywhere", loggedout.claims(0).sign(&good)),
        ("nobody's", nobody.sign(&good)),
    ];
    for (what, token) in tokens {
        let bearer = format!("Bearer {token}");
        let mut socket = relay.open(&[("authorization", &bearer)]).await.expect("a handshake");
        assert_eq!(socket.closed().await, 4401, "{what}, by header");
        let mut socket = relay.open(&[]).await.expect("a handshake");
        socket.say(&json!({"type": "auth", "token": token})).await;
        assert_eq!(socket.closed().await, 4401, "{what}, by message");
    }
    relay.socket_of(&loggedout.claims(1).sign(&good)).await;
    assert!(!relay.log().contains(rest), "no token in the log");
    assert!(!relay.log().contains(JWT_SECRET), "no secret in the log");
}

#[tokio::test]
async fn close_4401_closes_whoever_says_something_else_first_or_nothing_for_5_seconds() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let mut silent = relay.open(&[]).await.expect("a handshake");
    for first in [
        json!({"type": "subscribe", "board": board}),
        json!({"type": "subscribe", "feed": "activity"}),
        json!({"type": "ping"}),
        json!({"type": "auth"}),
        json!("x"),
    ] {
        let mut socket = relay.open(&[]).await.expect("a handshake");
        socket.say(&first).await;
        assert_eq!(socket.closed().await, 4401, "{first}");
    }
    assert_eq!(silent.closed().await, 4401);
}

#[tokio::test]
async fn rt_handshake_a_foreign_origin_is_refused() {
    let world = World::shared().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let cookie = format!("token={}", world.token(&ada));
    for origin in ["https://evil.example", "null", "http://board.example"] {
        let opened = relay.open(&[("cookie", &cookie), ("origin", origin)]).await;
        assert!(opened.is_err(), "{origin}");
    }
}
