//! How often a password may be guessed.

use super::{Auth, LOGIN, PASSWORD, World, fresh_name};
use contract_tests::Reply;
use futures::future::join_all;
use serde_json::json;

#[track_caller]
fn assert_limited(reply: Reply) {
    let seconds = reply.expect_header("retry-after").to_owned();
    let number: u64 = seconds.parse().expect("seconds");
    assert!((1..=900).contains(&number), "{reply}");
    let problem = reply.problem(429, "too-many-attempts");
    assert_eq!(problem["retry_after"], number);
}

fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

#[tokio::test]
async fn api_429_after_5_failures_for_a_name_whatever_the_address_and_the_password() {
    let world = World::shared().await;
    let (name, token) = world.client().somebody().await;
    for attempt in 0..5 {
        let written = if attempt % 2 == 0 { name.clone() } else { name.to_uppercase() };
        let _ = world.client().try_login(&written, "wrong").await.expect(401);
    }
    assert_limited(world.client().try_login(&name, "wrong").await);
    assert_limited(world.client().try_login(&name, PASSWORD).await);
    let auth = world.client();
    let _ = auth.me(&token).await.expect(200);
    let (other, _) = auth.somebody().await;
    let _ = auth.login(&other).await;
}

#[tokio::test]
async fn api_429_after_20_failures_from_an_address_whatever_the_name() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, _) = auth.somebody().await;
    for number in 0..20 {
        let _ = auth.try_login(&format!("nobody-{number}-here"), "wrong").await.expect(401);
        // Being let in does not wash the address clean.
        if number % 7 == 0 {
            let _ = auth.login(&name).await;
        }
    }
    assert_limited(auth.try_login(&fresh_name(), "wrong").await);
    assert_limited(auth.try_login(&name, PASSWORD).await);
    let _ = world.client().login(&name).await;
}

#[tokio::test]
async fn api_429_counts_for_the_address_that_connects_whatever_a_header_says() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    for number in 0..30 {
        let guess = json!({"username": name, "password": "wrong"});
        // Without the header of a proxy the address is that of the connection.
        let call = auth.client.post(LOGIN, &guess);
        let forged = call.header("spin-client-addr", &format!("192.0.2.{number}:4711"));
        let _ = forged.send().await.problem(400, "malformed-header");
    }
    // None of them was a guess, so the name is not limited either.
    let _ = auth.login(&name).await;
}

#[tokio::test]
async fn api_login_forgets_the_failures_of_its_name() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    for _ in 0..3 {
        for _ in 0..4 {
            let _ = auth.try_login(&name, "wrong").await.expect(401);
        }
        let _ = auth.login(&name).await;
    }
}

#[tokio::test]
async fn api_429_also_for_guesses_at_the_same_time() {
    let world = World::shared().await;
    let (name, _) = world.client().somebody().await;
    let clients: Vec<Auth> = (0..32).map(|_| world.client()).collect();
    let replies = join_all(clients.iter().map(|auth| auth.try_login(&name, "wrong"))).await;
    assert_eq!((count(&replies, 401), count(&replies, 429)), (5, 27));
}

#[tokio::test]
async fn api_login_many_at_the_same_time_do_not_limit_each_other() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    let replies = join_all((0..24).map(|_| auth.try_login(&name, PASSWORD))).await;
    assert_eq!(count(&replies, 200), 24);
}

#[tokio::test]
async fn api_me_a_stolen_token_cannot_guess_the_password() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, token) = auth.somebody().await;
    let guess = json!({"password": "another password", "current_password": "wrong"});
    for _ in 0..5 {
        assert_eq!(auth.patch_me(&token, &guess).await.pointers(), ["/current_password"]);
    }
    assert_limited(auth.patch_me(&token, &guess).await);
    assert_limited(world.client().try_login(&name, PASSWORD).await);
    let _ = auth.patch_me(&token, &json!({"display_name": "Free"})).await.expect(200);
}
