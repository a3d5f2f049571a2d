//! docs/contract/realtime.md, RT-MESSAGE: the handshake, the messages and the close codes.

use contract_tests::api::keys;
use contract_tests::socket::Ended;
use contract_tests::stack::ALLOWED_ORIGIN;
use contract_tests::{Api, Client, Socket};
use serde_json::json;

#[tokio::test]
async fn rt_message_welcome_is_the_first_message() {
    let api = Api::shared().await;
    let mut socket = Socket::connect(&api, None, None).await.expect("a socket");
    let welcome = socket.message().await;
    assert_eq!(keys(&welcome), ["heartbeat_ms", "protocol", "reconnect_jitter_ms", "type", "user"]);
    let reported = (&welcome["type"], &welcome["protocol"], &welcome["user"]);
    assert_eq!(reported, (&json!("welcome"), &json!(1), &json!("guest")));
    assert_eq!(
        (&welcome["heartbeat_ms"], &welcome["reconnect_jitter_ms"]),
        (&json!(25_000), &json!(3_000))
    );
}

contract_tests::in_both_modes! {
async fn rt_handshake_a_foreign_origin_is_refused(api: Api<'static>) {
    for foreign in [
        "https://evil.example",
        "http://board.example",
        "null",
        "https://board.example.evil.example",
    ] {
        let refused = Socket::connect(&api, Some(foreign), None).await;
        let Err(Ended::Broken(why)) = refused else { panic!("{foreign} was let in") };
        assert!(why.contains("403"), "{foreign}: {why}");
    }
    let mut socket = Socket::connect(&api, Some(ALLOWED_ORIGIN), None).await.expect("let in");
    assert_eq!(socket.message().await["type"], "welcome");
}

async fn rt_message_what_is_no_message_is_an_error_and_the_socket_stays_open(api: Api<'static>) {
    let board = api.board("Open").await;
    let mut socket = Socket::open(&api).await;
    let wrong = [
        String::new(),
        "ping".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        r#"{"type":"dance"}"#.to_owned(),
        r#"{"type":"subscribe"}"#.to_owned(),
        r#"{"type":"subscribe","board":"1"}"#.to_owned(),
        r#"{"type":"subscribe","board":1,"after":-1}"#.to_owned(),
        "[".repeat(10_000),
        format!("{}{}", r#"{"type":"ping"}x"#, " ".repeat(16 * 1024 - 16)),
    ];
    for text in wrong {
        socket.say_text(text.clone()).await;
        let answer = socket.message_but_heartbeats().await;
        assert_eq!(
            (&answer["type"], &answer["code"]),
            (&json!("error"), &json!("bad-message")),
            "{text}: {answer}"
        );
    }
    assert_eq!(socket.subscribe(board, None).await["type"], "subscribed");
}

async fn limit_messages_a_flood_is_rate_limited_and_the_socket_stays_open(api: Api<'static>) {
    let mut socket = Socket::open(&api).await;
    for _ in 0..60 {
        socket.say(&json!({"type": "ping"})).await;
    }
    let mut pongs = 0;
    let mut limited = 0;
    for _ in 0..60 {
        let answer = socket.message_but_heartbeats().await;
        match answer["type"].as_str() {
            Some("pong") => pongs += 1,
            _ => {
                assert_eq!(answer["code"], "rate-limited", "{answer}");
                limited += 1;
            }
        }
    }
    assert!(pongs >= 30 && limited >= 15, "{pongs} pongs, {limited} refusals");
}

async fn close_4400_for_a_binary_message(api: Api<'static>) {
    let mut socket = Socket::open(&api).await;
    socket.say_bytes(b"\x00\x01").await;
    assert_eq!(socket.closed().await, 4400);
}

async fn close_1009_for_a_message_over_16_kib(api: Api<'static>) {
    let mut socket = Socket::open(&api).await;
    socket.say_text(" ".repeat(16 * 1024 + 1)).await;
    assert_eq!(socket.closed().await, 1009);
}
}

#[tokio::test]
async fn api_probe_the_relay_tells_its_health_and_its_measures() {
    let api = Api::shared().await;
    let relay = Client::new(api.stack.relay_url());
    for path in ["/healthz", "/readyz"] {
        let _ = relay.get(path).send().await.expect(200);
    }
    let operators = Client::new(api.stack.metrics_url());
    let metrics = operators.get("/metrics").send().await.expect(200);
    assert!(metrics.expect_header("content-type").starts_with("text/plain"), "{metrics}");
    assert!(String::from_utf8_lossy(&metrics.body).contains("# TYPE "), "{metrics}");
    for path in ["/metrics", "/none"] {
        let _ = relay.get(path).send().await.problem(404, "not-found");
    }
    for path in ["/readyz", "/ws/quick-win", "/internal/quick-win/events"] {
        let _ = operators.get(path).send().await.problem(404, "not-found");
    }
    let plain = relay.get(api.mode.socket).send().await;
    assert!((400..500).contains(&plain.status), "no WebSocket handshake: {plain}");
}
