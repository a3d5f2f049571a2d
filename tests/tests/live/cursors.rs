//! The results of a cursor: replay, `reset`, `not-found`, `unsubscribed`.

use contract_tests::api::seq;
use contract_tests::{Api, Socket};
use serde_json::{Value, json};

async fn epoch(api: &Api<'_>, board: u64) -> String {
    api.document(board).await["epoch"].as_str().expect("an epoch").to_owned()
}

fn is_error(message: &Value, code: &str, board: u64) {
    assert_eq!((&message["type"], &message["code"]), (&json!("error"), &json!(code)), "{message}");
    assert_eq!(message["board"], board, "{message}");
}

#[tokio::test]
async fn rt3_reset_too_far_for_a_cursor_more_than_1000_events_behind() {
    let api = Api::shared().await;
    let board = api.board("Long").await;
    let epoch = epoch(&api, board).await;
    let path = api.task_path(board, api.task(board, "Turned").await);
    for number in 2..=1_005 {
        let _ =
            api.patch(&path, &json!({"title": format!("turn {number}")})).send().await.expect(200);
    }
    let mut socket = Socket::open(&api).await;
    let reset = json!({"type": "reset", "board": board, "seq": 1005, "reason": "too-far"});
    assert_eq!(socket.subscribe(board, Some((4, &epoch))).await, reset);
    assert_eq!(socket.subscribe(board, Some((0, &epoch))).await, reset);
    let answer = socket.subscribe(board, Some((5, &epoch))).await;
    assert_eq!((&answer["type"], seq(&answer)), (&json!("subscribed"), 1_005), "{answer}");
    for number in 6..=1_005 {
        socket.event(number).await;
    }
    let _ = api.patch(&path, &json!({"title": "live"})).send().await.expect(200);
    socket.event(1_006).await;
}

contract_tests::in_both_modes! {
async fn rt_cursor_reset_epoch_for_a_cursor_of_another_history(api: Api<'static>) {
    let board = api.board("Again").await;
    api.add_many(board, 3).await;
    let mut socket = Socket::open(&api).await;
    let reset = json!({"type": "reset", "board": board, "seq": 3, "reason": "epoch"});
    for after in [0, 2, 3, 4] {
        assert_eq!(socket.subscribe(board, Some((after, "another"))).await, reset);
    }
    // A reset ends the subscription: later events reach only clients that subscribe again.
    api.task(board, "Unheard").await;
    let answer = socket.subscribe(board, Some((4, &epoch(&api, board).await))).await;
    assert_eq!((&answer["type"], seq(&answer)), (&json!("subscribed"), 4), "{answer}");
    api.task(board, "Heard").await;
    socket.event(5).await;
}

async fn rt_cursor_without_one_a_subscription_starts_from_now_on(api: Api<'static>) {
    let board = api.board("Now").await;
    api.add_many(board, 3).await;
    let mut socket = Socket::open(&api).await;
    let answer = socket.subscribe(board, None).await;
    let expected =
        json!({"type": "subscribed", "board": board, "seq": 3, "epoch": epoch(&api, board).await});
    assert_eq!(answer, expected);
    api.task(board, "Next").await;
    socket.event(4).await;
}

async fn rt_cursor_not_found_for_a_board_that_is_none(api: Api<'static>) {
    let mut socket = Socket::open(&api).await;
    let unknown = 9_007_199_254_740_991;
    is_error(&socket.subscribe(unknown, None).await, "not-found", unknown);
    is_error(&socket.subscribe(unknown, Some((3, "any"))).await, "not-found", unknown);
    let answer = socket.subscribe(0, None).await;
    assert_eq!(answer["code"], "bad-message", "no id of a board: {answer}");
    // A board created later under the requested id can be followed.
    let board = api.board("Late").await;
    let next = board + 1;
    let answer = socket.subscribe(next, None).await;
    if answer["type"] == "error" {
        is_error(&answer, "not-found", next);
        while api.board("Later").await < next {}
        let answer = socket.subscribe(next, None).await;
        assert_eq!(answer["type"], "subscribed", "{answer}");
    }
}

async fn rt_cursor_a_deleted_board_tells_its_end_and_then_unsubscribes(api: Api<'static>) {
    let board = api.board("Ending").await;
    let epoch = epoch(&api, board).await;
    api.add_many(board, 2).await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    let _ = api.delete(&api.board_path(board)).send().await.expect(204);
    let end = socket.event(3).await;
    assert_eq!((&end["action"], &end["entity"]), (&json!("Delete"), &json!("board")));
    let unsubscribed = json!({"type": "unsubscribed", "board": board, "reason": "deleted"});
    assert_eq!(socket.message_but_heartbeats().await, unsubscribed);

    // A client that was disconnected then learns of it by its cursor, on this socket or another.
    let mut other = Socket::open(&api).await;
    for socket in [&mut socket, &mut other] {
        let mut answer = socket.subscribe(board, Some((2, &epoch))).await;
        if answer["type"] == "subscribed" {
            // A quick-win board's last event stays readable.
            assert_eq!(seq(&answer), 3, "{answer}");
            assert_eq!(socket.event(3).await["action"], "Delete");
            answer = socket.message_but_heartbeats().await;
        }
        assert_eq!(answer, unsubscribed);
    }
    // A client without a cursor, or without events that were deleted with the board, learns that it
    // is gone; a mode that keeps the history sends that first.
    for cursor in [None, Some((0, &*epoch))] {
        let mut answer = other.subscribe(board, cursor).await;
        let mut reported = cursor.map_or(3, |(after, _)| after);
        while answer["type"] == "subscribed" || answer["type"] == "event" {
            if answer["type"] == "event" {
                reported += 1;
                assert_eq!(seq(&answer), reported, "no hole before the end either");
            }
            answer = other.message_but_heartbeats().await;
        }
        assert!(answer == unsubscribed || answer["code"] == "not-found", "{answer}");
    }
}

async fn rt_cursor_unsubscribed_means_that_nothing_more_comes(api: Api<'static>) {
    let board = api.board("Left").await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    api.task(board, "Heard").await;
    socket.event(1).await;
    socket.say(&json!({"type": "unsubscribe", "board": board})).await;
    let unsubscribed = json!({"type": "unsubscribed", "board": board, "reason": "requested"});
    assert_eq!(socket.message_but_heartbeats().await, unsubscribed);
    let mut witness = Socket::open(&api).await;
    witness.subscribe(board, None).await;
    api.task(board, "Unheard").await;
    witness.event(2).await;
    socket.say(&json!({"type": "ping"})).await;
    assert_eq!(socket.message_but_heartbeats().await, json!({"type": "pong"}));
}
}
