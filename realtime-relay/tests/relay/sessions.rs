//! Clients' messages, the limits, and how sockets end.

use crate::support::wait::until;
use crate::support::{Functions, Relay};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio_websockets::Message;

#[tokio::test]
async fn rt_handshake_a_guest_is_welcomed_at_once() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.connect(&[]).await.expect("a handshake");
    let welcome = json!({
        "type": "welcome", "protocol": 1, "user": "guest",
        "heartbeat_ms": 25_000, "reconnect_jitter_ms": 3_000,
    });
    assert_eq!(client.next().await, welcome);
}

#[tokio::test]
async fn rt_message_a_bad_message_is_answered_and_the_socket_stays() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    for text in [
        "",
        "hello",
        "[1]",
        r#"{"type":"dance"}"#,
        r#"{"type":"subscribe"}"#,
        r#"{"type":"subscribe","board":0.5}"#,
        r#"{"type":"subscribe","feed":"activity"}"#,
        r#"{"type":"auth","token":"t"}"#,
    ] {
        client.say_text(text).await;
        let answer = client.next().await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("bad-message")));
        assert!(answer["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{answer}");
    }
    client.send(json!({"type": "ping"})).await;
    assert_eq!(client.next().await, json!({"type": "pong"}));
}

#[tokio::test]
async fn rt_message_boards_that_are_not_there_are_not_found() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    for board in [1, 9_007_199_254_740_991_u64] {
        client.send(json!({"type": "subscribe", "board": board})).await;
        let answer = client.next().await;
        assert_eq!((&answer["code"], &answer["board"]), (&json!("not-found"), &json!(board)));
    }
    client.send(json!({"type": "unsubscribe", "board": 1})).await;
    assert_eq!(client.next().await["code"], "not-found");
}

#[tokio::test]
async fn limit_messages_10_a_second_with_bursts_of_30_and_the_rest_is_refused() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    for _ in 0..200 {
        client.socket.feed(Message::text(r#"{"type":"ping"}"#)).await.expect("fed");
    }
    client.socket.flush().await.expect("sent");
    let mut pongs = 0;
    for _ in 0..200 {
        let answer = client.next().await;
        if answer["type"] == "pong" {
            pongs += 1;
        } else {
            assert_eq!(answer["code"], "rate-limited");
        }
    }
    assert!((30..=60).contains(&pongs), "{pongs} of 200");
    until("the client may speak again", async || {
        client.send(json!({"type": "ping"})).await;
        (client.next().await["type"] == "pong").then_some(())
    })
    .await;
}

#[tokio::test]
async fn limit_subscriptions_of_a_socket_and_the_socket_stays() {
    let functions = Functions::start().await;
    (1..=3).for_each(|board| functions.create(board, "e"));
    let relay = Relay::start(&functions, &["--max-subscriptions", "2"]).await;
    let mut client = relay.client().await;
    client.subscribe(1, None).await;
    client.subscribe(2, None).await;
    client.send(json!({"type": "subscribe", "board": 3})).await;
    assert_eq!(client.next().await["code"], "too-many-subscriptions");
    client.subscribe(2, Some(0)).await;
    client.send(json!({"type": "unsubscribe", "board": 1})).await;
    assert_eq!(client.next().await["type"], "unsubscribed");
    client.subscribe(3, None).await;
}

#[tokio::test]
async fn rt_cursor_subscribing_again_moves_it() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    functions.add(&relay.url, 7, 10).await;
    let mut client = relay.client().await;
    assert_eq!(client.subscribe(7, Some(8)).await, 10);
    client.expect_events(7, 9, 10).await;
    assert_eq!(client.subscribe(7, Some(5)).await, 10);
    client.expect_events(7, 6, 10).await;
    functions.add(&relay.url, 7, 1).await;
    client.expect_events(7, 11, 11).await;
    client.send(json!({"type": "unsubscribe", "board": 7})).await;
    let answer = json!({"type": "unsubscribed", "board": 7, "reason": "requested"});
    assert_eq!(client.next().await, answer);
    functions.add(&relay.url, 7, 1).await;
    client.send(json!({"type": "ping"})).await;
    assert_eq!(client.next().await["type"], "pong", "no event any more");
}

#[tokio::test]
async fn rt8_heartbeats_carry_the_head_of_each_subscribed_board() {
    let functions = Functions::start().await;
    functions.create(1, "e");
    functions.create(2, "e");
    let relay = Relay::start(&functions, &["--heartbeat-ms", "100"]).await;
    functions.add(&relay.url, 2, 4).await;
    let mut client = relay.client().await;
    assert_eq!(client.next().await, json!({"type": "heartbeat", "heads": {}}));
    client.subscribe(1, None).await;
    client.subscribe(2, None).await;
    let heads = json!({"type": "heartbeat", "heads": {"1": 0, "2": 4}});
    assert_eq!(client.next().await, heads);
}

#[tokio::test]
async fn rfc_6455_a_ping_is_answered_with_its_payload() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    client.socket.send(Message::ping("are you there?".to_owned())).await.expect("sent");
    let pong = client.socket.next().await.expect("an answer").expect("a frame");
    assert!(pong.is_pong());
    assert_eq!(&**pong.as_payload(), b"are you there?");
}

#[tokio::test]
async fn close_4409_an_address_may_not_hold_all_sockets() {
    let functions = Functions::start().await;
    let flags = ["--max-sockets-per-address", "2", "--max-sockets", "3"];
    let relay = Relay::start(&functions, &flags).await;
    let _first = relay.client().await;
    let second = relay.client().await;
    let mut third = relay.connect(&[]).await.expect("a handshake");
    assert_eq!(third.close_code().await, Some(4409));
    drop((second, third));
    until("a place is free again", async || {
        let mut client = relay.connect(&[]).await.ok()?;
        client.next_or_close().await.ok()
    })
    .await;
}

#[tokio::test]
async fn close_1009_and_close_4400_close_with_their_codes() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    client.say_text(&"x".repeat(16 * 1024)).await;
    assert_eq!(client.next().await["code"], "bad-message", "16 KiB are allowed");
    client.say_text(&"x".repeat(16 * 1024 + 1)).await;
    assert_eq!(client.close_code().await, Some(1009));
    let mut client = relay.client().await;
    client.socket.send(Message::binary("x")).await.expect("sent");
    assert_eq!(client.close_code().await, Some(4400));
}

#[tokio::test]
async fn rfc_6455_7_a_clients_good_bye_is_answered() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    client.socket.send(Message::close(None, "")).await.expect("sent");
    assert_eq!(client.close_code().await, Some(1000));
    until("the socket is gone", async || {
        (relay.metric(&functions, "realtime_relay_connections").await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn rt_drain_and_close_1012_a_relay_that_ends_says_so_and_takes_no_new_sockets() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let mut relay = Relay::start(&functions, &["--drain-ms", "1500"]).await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = relay.client().await;
        client.subscribe(7, None).await;
        clients.push(client);
    }
    relay.terminate().await;
    let url = format!("{}/readyz", relay.url);
    until("/readyz turns 503", async || {
        let (status, _, body) = functions.get(&url).await;
        (status == 503 && body.contains("draining")).then_some(())
    })
    .await;
    assert!(relay.connect(&[]).await.is_err(), "no new sockets");
    for client in &mut clients {
        assert_eq!(client.close_code().await, Some(1012));
    }
    assert_eq!(relay.exit_code().await, Some(0));
}
