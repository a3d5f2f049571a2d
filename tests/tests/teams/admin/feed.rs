//! The WebSocket feed of all activity, which continues where the pages ended.

use super::{USERS, add_late, admin, all, connect};
use contract_tests::api::{World, seq};
use contract_tests::{Api, Socket};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Subscribes after a cursor, or from now on; returns the cursor that it begins after.
async fn listen(socket: &mut Socket, after: Option<&str>) -> String {
    let mut message = json!({"type": "subscribe", "feed": "activity"});
    if let Some(after) = after {
        message["after"] = json!(after);
    }
    socket.say(&message).await;
    loop {
        let answer = socket.message_but_heartbeats().await;
        if answer["type"] == "subscribed" {
            assert_eq!(answer["feed"], "activity");
            return answer["cursor"].as_str().expect("a cursor").to_owned();
        }
        assert_eq!(answer["type"], "event", "{answer}");
    }
}

/// The feed's next event by this user.
async fn next_of(socket: &mut Socket, who: &Api<'_>) -> Value {
    loop {
        let message = socket.message_but_heartbeats().await;
        assert_eq!((&message["type"], &message["feed"]), (&json!("event"), &json!("activity")));
        assert!(message["cursor"].is_string(), "{message}");
        if message["actor"]["username"] == who.username() {
            return message;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt_activity_goes_on_from_the_cursor_of_a_page_without_a_gap_and_nothing_comes_twice() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let (one, two) = (ada.board("One").await, ada.board("Two").await);
    ada.add_many(one, 20).await;
    // One that is committed only after pages and feed have passed the time when it began.
    let open = connect(world).await;
    open.batch_execute("BEGIN").await.expect("begun");
    add_late(&open, &ada, two, "late").await;
    ada.add_many(one, 20).await;
    let by_ada = format!("user={}", ada.username());
    let (mut seen, cursor) = all(&boss, &format!("{by_ada}&limit=7")).await;
    let mut socket = Socket::open(&boss).await;
    assert_eq!(listen(&mut socket, Some(&cursor)).await, cursor);
    ada.add_many(one, 10).await;
    open.batch_execute("COMMIT").await.expect("committed");
    ada.add_many(one, 10).await;
    let mut last = cursor;
    while seen.len() < 42 {
        let event = next_of(&mut socket, &ada).await;
        last = event["cursor"].as_str().expect("a cursor").to_owned();
        seen.push(event);
    }
    // The connection breaks; another one continues.
    drop(socket);
    let mut socket = Socket::open(&boss).await;
    listen(&mut socket, Some(&last)).await;
    while seen.len() < 63 {
        seen.push(next_of(&mut socket, &ada).await);
    }
    let places: Vec<_> = seen.iter().map(|it| (it["board_id"].as_u64(), seq(it))).collect();
    let of_one: Vec<u64> =
        places.iter().filter(|(board, _)| *board == Some(one)).map(|(_, seq)| *seq).collect();
    assert_eq!(of_one, (0..=60).collect::<Vec<_>>(), "each once, in order");
    assert!(places.contains(&(Some(two), 1)), "what was committed late");
    // And the pages have the same, in the same order.
    let (pages, _) = all(&boss, &by_ada).await;
    let pages: Vec<_> = pages.iter().map(|it| (it["board_id"].as_u64(), seq(it))).collect();
    assert_eq!(places, pages);
}

#[tokio::test]
async fn rt_activity_tells_of_a_deleted_board_and_a_disabled_user_and_goes_on() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let mut socket = Socket::open(&boss).await;
    listen(&mut socket, None).await;
    let board = ada.board("Gone soon").await;
    assert_eq!(next_of(&mut socket, &ada).await["board"]["name"], "Gone soon");
    ada.task(board, "One").await;
    let start = Instant::now();
    assert_eq!(next_of(&mut socket, &ada).await["task"]["title"], "One");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let _ = ada.delete(&ada.board_path(board)).send().await.expect(204);
    let deleted = next_of(&mut socket, &ada).await;
    assert_eq!((&deleted["action"], &deleted["entity"]), (&json!("Delete"), &json!("board")));
    let one = format!("{USERS}/{}", ada.username());
    let _ = boss.patch(&one, &json!({"disabled": true})).send().await.expect(200);
    let disabled = next_of(&mut socket, &boss).await;
    assert_eq!((&disabled["entity"], &disabled["action"]), (&json!("user"), &json!("Update")));
    assert_eq!(disabled["user"]["username"], ada.username());
    assert_eq!(disabled["changes"], json!({"disabled": [false, true]}));
    assert!(disabled.get("board_id").is_none(), "{disabled}");
    let bob = world.somebody().await;
    let board = bob.board("Here").await;
    bob.task(board, "Two").await;
    assert_eq!(next_of(&mut socket, &bob).await["board"]["name"], "Here");
    assert_eq!(next_of(&mut socket, &bob).await["task"]["title"], "Two");
}

#[tokio::test]
async fn rt_activity_ends_for_who_is_no_admin_any_more_and_refuses_cursors_of_nowhere() {
    let world = World::shared().await;
    let (boss, other) = (admin(world).await, admin(world).await);
    let mut socket = Socket::open(&other).await;
    for (after, hint) in [(json!("x"), "cursor"), (json!(7), "cursor"), (json!(""), "cursor")] {
        socket.say(&json!({"type": "subscribe", "feed": "activity", "after": after})).await;
        let error = socket.message_but_heartbeats().await;
        assert_eq!(error["code"], "bad-message", "{error}");
        assert!(error["detail"].as_str().is_some_and(|it| it.contains(hint)), "{error}");
    }
    let lost = json!({"type": "subscribe", "feed": "activity", "after": "1.900000000000.1.1"});
    socket.say(&lost).await;
    let reset = json!({"type": "reset", "feed": "activity", "reason": "epoch"});
    assert_eq!(socket.message_but_heartbeats().await, reset);
    listen(&mut socket, None).await;
    let one = format!("{USERS}/{}", other.username());
    let start = Instant::now();
    let _ = boss.patch(&one, &json!({"role": "user"})).send().await.expect(200);
    let mut message = socket.message_but_heartbeats().await;
    while message["type"] == "event" {
        message = socket.message_but_heartbeats().await;
    }
    let end = json!({"type": "unsubscribed", "feed": "activity", "reason": "removed"});
    assert_eq!(message, end);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    socket.say(&json!({"type": "subscribe", "feed": "activity"})).await;
    assert_eq!(socket.message_but_heartbeats().await["code"], "not-found");
}
