//! The endpoint where functions post events: it requires the secret, and never breaks the order
//! of events.

use contract_tests::socket::subscription;
use contract_tests::stack::RELAY_SECRET;
use contract_tests::{Api, Client, Reply, Socket, Stack};
use serde_json::{Value, json};
use tokio::net::TcpListener;

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

    // Posted again, or ahead of the committed events: the board's own history decides.
    let real = api.events(board, 0).await.remove(0);
    let _ = post(&relay, RELAY_SECRET, &json!({"epoch": epoch, "event": real})).await.expect(204);
    let mut ahead = forged.clone();
    ahead["seq"] = json!(9);
    let _ = post(&relay, RELAY_SECRET, &json!({"epoch": epoch, "event": ahead})).await.expect(204);
    api.task(board, "Next").await;
    assert_eq!(socket.event(2).await["task"]["title"], "Next");
}

#[tokio::test]
async fn rt_cursor_of_an_event_on_its_way_is_answered_as_soon_as_that_has_come() {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    let relay = Client::new(stack.relay_url());
    let board = api.board("Crossed").await;
    let mut first = Socket::open(&api).await;
    first.subscribe(board, None).await;
    let epoch = api.document(board).await["epoch"].as_str().expect("an epoch").to_owned();
    // From here on the relay's source is unavailable.
    stack.kill_functions();
    let event = |seq: u64| {
        let event = json!({
            "board_id": board, "seq": seq, "action": "Add", "entity": "task", "task": {"id": seq},
            "actor": {"id": 0, "username": "guest"}, "timestamp": "2026-01-02T03:04:05.678Z",
        });
        json!({"epoch": epoch, "event": event})
    };
    let _ = post(&relay, RELAY_SECRET, &event(2)).await.expect(204);
    let mut second = Socket::open(&api).await;
    second.say(&subscription(board, Some((2, &epoch)))).await;
    second.say(&json!({"type": "ping"})).await;
    assert_eq!(second.message_but_heartbeats().await["type"], "pong", "2 is not there yet");
    let _ = post(&relay, RELAY_SECRET, &event(1)).await.expect(204);
    let answer = second.message_but_heartbeats().await;
    assert_eq!((&answer["type"], &answer["seq"]), (&json!("subscribed"), &json!(2)), "{answer}");
    first.event(1).await;
    first.event(2).await;
}

#[tokio::test]
async fn rt_quick_win_the_answer_to_a_posted_event_closes_its_connection() {
    // Spin keeps connections open and delays each answer on them by 40 ms.
    let api = Api::shared().await;
    let relay = Client::new(api.stack.relay_url());
    let board = api.board("Posted").await;
    api.task(board, "Real").await;
    let epoch = api.document(board).await["epoch"].clone();
    let event = api.events(board, 0).await.remove(0);
    let body = json!({"epoch": epoch, "event": event});
    for (secret, status) in [(RELAY_SECRET, 204), ("wrong", 401)] {
        let reply = post(&relay, secret, &body).await.expect(status);
        assert_eq!(reply.header("connection"), Some("close"), "{reply}");
    }
    let other = relay.get("/healthz").send().await.expect(200);
    assert_eq!(other.header("connection"), None, "{other}");
}

#[tokio::test]
async fn api_timing_a_relay_that_does_not_answer_holds_a_write_up_for_a_second_at_most() {
    // It accepts connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let stack = Stack::start_with(&[("SPIN_VARIABLE_RELAY_URL", &url)], &[]).await;
    let api = Api::new(&stack);
    let board = api.board("Waited for").await;
    let reply = api.add(board, &json!({"title": "Kept"})).await;
    assert_eq!(reply.header("event-delivery"), Some("deferred"), "{reply}");
    let timings = reply.expect_header("server-timing");
    let relay = timings.split(", ").find_map(|timing| timing.strip_prefix("relay;dur="));
    let milliseconds: f64 = relay.expect("the relay's time").parse().expect("milliseconds");
    assert!((900.0..1_800.0).contains(&milliseconds), "{timings}");
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
    // A client that is still sending when the answer comes may see a broken connection instead.
    if let Ok(reply) = call.try_send().await {
        let _ = reply.problem(413, "payload-too-large");
    }
    let _ = relay.get(PATH).send().await.problem(405, "method-not-allowed");
}
