//! RT6: tokens that end or are revoked, and users who are disabled, over two relays under steady
//! writes: how long their sockets get events, and that nobody else misses any.

use crate::field::{BUSY, PROMISED, since};
use crate::reader::Pace;
use crate::stage::{Ended, Stage, stale};
use crate::support::{Person, World, keys_of, seconds};
use crate::writer::head;
use contract_tests::stack::JWT_SECRET;
use serde_json::json;
use shared::auth::Claims;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long a token of these scenarios lives.
const SHORT: u64 = 6;
/// How often all tokens are checked without a notification of a change: every two seconds here,
/// every ten by default.
const CALM: [&str; 2] = ["--token-check-ms", "2000"];
const CALM_TIME: Duration = Duration::from_secs(2);

/// Claims that end soon.
fn short(who: &Person) -> Claims {
    Claims { exp: seconds() + SHORT, ..who.claims(0) }
}

/// The moment when these claims expire.
fn end_of(claims: &Claims) -> Instant {
    let end = UNIX_EPOCH + Duration::from_secs(claims.exp);
    Instant::now() + end.duration_since(SystemTime::now()).expect("not expired yet")
}

/// Changes a user in the database.
async fn change(world: &World, who: &Person, what: &str) {
    let statement = format!("UPDATE users SET {what} WHERE id = {}", who.id);
    world.sql.batch_execute(&statement).await.expect("changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_a_token_that_ends_ends_its_sockets_after_a_warning_and_a_newer_one_keeps_them() {
    let claims = std::sync::OnceLock::new();
    let stage = Stage::set(&[], |bob| claims.get_or_init(|| short(bob)).clone()).await;
    let end = end_of(claims.get().expect("claims"));
    let mut warned = Vec::new();
    for reader in &stage.losers {
        let (at, warning) = reader.message_of("token-expiring").await;
        assert_eq!(warning["at"], claims.get().expect("claims").expires_at().to_string());
        warned.push(since(at, end));
    }
    // One of them gets a newer token in time.
    let newer = stage.bob.claims(0).sign(&keys_of(JWT_SECRET));
    stage.losers[0].say(json!({"type": "auth", "token": newer}));
    stage.losers[0].message_of("welcome").await;
    let (at, code) = stage.losers[1].ended().await;
    assert_eq!(code, Some(4401));
    assert!(at >= end - Duration::from_millis(50), "closed {:?} too early", end - at);
    let took = since(end, at);
    stage.go_on(PROMISED + BUSY).await;
    stage.behind.iter().for_each(|reader| reader.set_pace(Pace::Full));
    let (board, other) = (stage.board, stage.other);
    let Ended { field, losers, behind, written } = stage.end().await;
    for board in [board, other] {
        losers[0].has(board, head(&written, board)).await;
    }
    let kept = losers[0].seen();
    assert_eq!(kept.end, None, "the newer token keeps the socket");
    kept.assert_all(board, 3, head(&written, board));
    let late = |reader| stale(reader, &written, end).unwrap_or_default();
    let late = behind.iter().chain(&losers[1..]).map(late).max().expect("readers");
    eprintln!("RT6: token ended: warned {warned:?} before, closed {took:?} after, last {late:?}");
    assert!(took < PROMISED + BUSY && late < PROMISED + BUSY, "{took:?} {late:?}");
    for reader in losers.into_iter().chain(behind) {
        reader.leave().await;
    }
    field.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_a_logout_everywhere_ends_all_sockets_of_the_user_at_every_relay_within_a_second() {
    let stage = Stage::set(&[], |bob| bob.claims(0)).await;
    change(&stage.field.world, &stage.bob, "token_generation = 1").await;
    let lost = Instant::now();
    stage.field.world.tell_control(&stage.bob);
    stage.all_sockets_end("logout everywhere", lost, PROMISED + BUSY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_a_disabled_user_loses_all_sockets_at_every_relay_within_a_second() {
    let stage = Stage::set(&[], |bob| bob.claims(0)).await;
    change(&stage.field.world, &stage.bob, "disabled = true").await;
    let lost = Instant::now();
    stage.field.world.tell_control(&stage.bob);
    stage.all_sockets_end("disabled", lost, PROMISED + BUSY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_what_the_control_feed_was_never_told_is_found_in_postgresql_by_looking_now_and_then() {
    let stage = Stage::set(&CALM, |bob| bob.claims(0)).await;
    change(&stage.field.world, &stage.bob, "token_generation = 1").await;
    let lost = Instant::now();
    stage
        .all_sockets_end("logout everywhere, without a notification", lost, CALM_TIME + BUSY)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_where_redis_is_unavailable_a_logout_ends_all_sockets_all_the_same() {
    let stage = Stage::set_in(World::own().await, &[], |bob| bob.claims(0)).await;
    stage.field.world.databases.kill_redis();
    stage.go_on(Duration::from_millis(500)).await;
    change(&stage.field.world, &stage.bob, "token_generation = 1").await;
    let lost = Instant::now();
    stage.all_sockets_end("logout everywhere without Redis", lost, PROMISED + BUSY).await;
}
