//! RT7: a slow reader slows down nobody else, is not disconnected, and never sees a gap.

use contract_tests::api::{id, seq};
use contract_tests::{Api, Socket};
use serde_json::json;

/// A client that reads little at a time: the rest queues at the relay.
async fn dawdler(api: &Api<'_>, board: u64) -> Socket {
    let mut socket = Socket::connect(api, None, Some(4_096)).await.expect("a socket");
    assert_eq!(socket.message().await["type"], "welcome");
    let answer = socket.subscribe(board, None).await;
    assert_eq!(answer["type"], "subscribed", "{answer}");
    socket
}

contract_tests::in_both_modes! {
async fn rt7_a_client_that_does_not_read_for_a_while_holds_nobody_up_and_loses_nothing(api: Api<'static>) {
    let board = api.board("Dawdled").await;
    let mut slow = dawdler(&api, board).await;
    let mut quick = Socket::open(&api).await;
    quick.subscribe(board, None).await;
    let large = |number: u64| {
        json!({"title": format!("Large {number}"), "description": "x".repeat(6_000)})
    };
    let path = api.task_path(board, id(&api.add(board, &large(1)).await.json()));
    quick.event(1).await;
    // Far more than all buffers between them can hold.
    for number in 2..=400 {
        let _ = api.patch(&path, &large(number)).send().await.expect(200);
        quick.event(number).await;
    }
    for number in 1..=400 {
        slow.event(number).await;
    }
    api.task(board, "Live").await;
    slow.event(401).await;
}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt7_a_client_that_missed_more_than_is_kept_is_reset_and_not_cut_off() {
    let api = Api::shared().await;
    let board = api.board("Slept").await;
    let path = api.task_path(board, api.task(board, "Turned").await);
    let mut slow = dawdler(&api, board).await;
    // A thousand are kept, and the buffers in between hold a hundred.
    for number in 2..=1_601 {
        let title = json!({"title": format!("turn {number} {}", "x".repeat(150))});
        let _ = api.patch(&path, &title).send().await.expect(200);
    }
    let mut last = 1;
    let end = loop {
        let message = slow.message_but_heartbeats().await;
        if message["type"] != "event" {
            break message;
        }
        last += 1;
        assert_eq!(seq(&message), last, "no hole before the reset either");
    };
    assert_eq!(end, json!({"type": "reset", "board": board, "seq": 1601, "reason": "too-far"}));
    let document = api.document(board).await;
    let cursor = (seq(&document), document["epoch"].as_str().expect("an epoch"));
    assert_eq!(slow.subscribe(board, Some(cursor)).await["type"], "subscribed");
    let _ = api.patch(&path, &json!({"title": "live"})).send().await.expect(200);
    slow.event(1_602).await;
}
