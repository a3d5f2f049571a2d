//! The endpoint where functions post events: for who knows the secret only, and never believed
//! beyond the order.

use contract_tests::stack::RELAY_SECRET;
use contract_tests::{Api, Client, Reply, Socket};
use serde_json::{Value, json};

const PATH: &str = "/internal/quick-win/events";

async fn post(relay: &Client, secret: &str, body: &Value) -> Reply {
    relay.post(PATH, body).header("authorization", &format!("Bearer {secret}")).send().await
}

#[tokio::test]
async fn rt_quick_win_events_are_taken_from_who_knows_the_secret_only() {
    let api = Api::shared().await;
    let relay = Client::new(api.stack.relay_url());
    let board = api.board("Guarded").await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    let epoch = api.document(board).await["epoch"].clone();
    let forged = json!({
        "board_id": board, "seq": 1, "action": "Add", "entity": "task", "task": {"id": 1, "title": "Forged"},
        "actor": {"id": 0, "username": "guest"}, "timestamp": "2026-01-02T03:04:05.678Z",
    });
    let body = json!({"epoch": epoch, "event": forged});
    let almost = format!("{RELAY_SECRET}x");
    for wrong in ["", "wrong", &RELAY_SECRET[1..], &almost] {
        let _ = post(&relay, wrong, &body).await.problem(401, "unauthorized");
    }
    let _ = relay.post(PATH, &body).send().await.problem(401, "unauthorized");
    api.task(board, "Real").await;
    assert_eq!(socket.event(1).await["task"]["title"], "Real");

    // Posted again, or ahead of what was committed: the board's own history decides.
    let real = api.events(board, 0).await.remove(0);
    let _ = post(&relay, RELAY_SECRET, &json!({"epoch": epoch, "event": real})).await.expect(204);
    let mut ahead = forged.clone();
    ahead["seq"] = json!(9);
    let _ = post(&relay, RELAY_SECRET, &json!({"epoch": epoch, "event": ahead})).await.expect(204);
    api.task(board, "Next").await;
    assert_eq!(socket.event(2).await["task"]["title"], "Next");
}

#[tokio::test]
async fn rt_quick_win_a_posted_body_that_is_no_event_is_refused() {
    let api = Api::shared().await;
    let relay = Client::new(api.stack.relay_url());
    for wrong in [
        json!({}),
        json!([]),
        json!({"epoch": "e"}),
        json!({"epoch": "e", "event": {}}),
        json!({"epoch": "e", "event": {"board_id": 0, "seq": 1}}),
    ] {
        let reply = post(&relay, RELAY_SECRET, &wrong).await;
        assert_eq!(reply.status, 400, "{reply}");
    }
    let large = json!({"epoch": "e", "event": {"padding": "x".repeat(4 << 20)}});
    let call = relay.post(PATH, &large).header("authorization", &format!("Bearer {RELAY_SECRET}"));
    // Who is still sending when the answer comes may see the connection break instead of it.
    if let Ok(reply) = call.try_send().await {
        let _ = reply.problem(413, "payload-too-large");
    }
    let _ = relay.get(PATH).send().await.problem(405, "method-not-allowed");
}
