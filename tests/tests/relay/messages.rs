//! Invalid messages: each is answered with the faulty member and its fault, and the socket stays
//! open.

use crate::support::{Relay, World, expect, subscribe};
use contract_tests::Socket;
use serde_json::{Value, json};

/// The next message that is not about presence.
async fn answer(socket: &mut Socket) -> Value {
    loop {
        let message = socket.message_but_heartbeats().await;
        if message["type"] != "presence" {
            return message;
        }
    }
}

/// A subscription with these additional members, in JSON.
fn subscription(board: &str, rest: &str) -> String {
    format!(r#"{{"type":"subscribe","board":{board}{rest}}}"#)
}

/// Faulty messages, each with a part of the answer.
fn bad_messages() -> Vec<(String, &'static str)> {
    let deep =
        |depth| format!(r#"{{"type":"ping","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let mut cases: Vec<(String, &str)> = [
        ("", "EOF"),
        (" ", "EOF"),
        ("{", "EOF"),
        (r#"{"type":"ping""#, "EOF"),
        (r#"{"type":"ping"}}"#, "trailing"),
        (r#"{"type":"ping"}{"type":"ping"}"#, "trailing"),
        ("null", "not a message"),
        ("[]", "not a message"),
        ("\"ping\"", "not a message"),
        ("42", "not a message"),
        ("{}", "`type`"),
        (r#"{"type":null}"#, "type"),
        (r#"{"type":7}"#, "type"),
        (r#"{"type":"PING"}"#, "PING"),
        (r#"{"type":"welcome"}"#, "welcome"),
        (r#"{"type":"ping","type":"ping"}"#, "duplicate field `type`"),
        ("{\"type\":\"ping\u{0}\"}", "control character"),
        (r#"{"type":"ping\u0000"}"#, "unknown variant"),
        (r#"{"type":"ping","x":"\ud800"}"#, "hex escape"),
        (r#"{"type":"ping","x":01}"#, "invalid number"),
        (r#"{"type":"ping","x":NaN}"#, "expected"),
        (r#"{'type':'ping'}"#, "key must be a string"),
        ("\u{feff}{\"type\":\"ping\"}", "expected"),
        (r#"{"type":"subscribe"}"#, "exactly one of `board` and `feed`"),
        (r#"{"type":"subscribe","board":null}"#, "exactly one of `board` and `feed`"),
        (r#"{"type":"subscribe","board":7,"feed":"activity"}"#, "exactly one"),
        (r#"{"type":"subscribe","feed":"Activity"}"#, "`feed`"),
        (r#"{"type":"unsubscribe"}"#, "exactly one of `board` and `feed`"),
        (r#"{"type":"unsubscribe","board":"7"}"#, "`board`"),
        (r#"{"type":"presence","board":7}"#, "`state`"),
        (r#"{"type":"presence","state":{}}"#, "`board`"),
        (r#"{"type":"presence","board":7,"state":[]}"#, "`state`"),
        (r#"{"type":"auth"}"#, "`token`"),
        (r#"{"type":"auth","token":7}"#, "`token`"),
    ]
    .map(|(text, hint)| (text.to_owned(), hint))
    .into();
    for board in [
        "0",
        "-1",
        "-0",
        "1.0",
        "0.5",
        "1e3",
        "1e999",
        "9007199254740992",
        "18446744073709551615",
        "18446744073709551616",
        "\"7\"",
        "[7]",
        "{}",
        "true",
    ] {
        let hint = if board == "1e999" { "number out of range" } else { "`board`" };
        cases.push((subscription(board, ""), hint));
    }
    for after in ["-1", "0.5", "1e0", "9007199254740992", "18446744073709551616", "\"1\"", "[]"] {
        cases.push((subscription("7", &format!(r#","after":{after}"#)), "`after`"));
    }
    let long = format!(r#","epoch":"{}""#, "e".repeat(65));
    for epoch in [r#","epoch":7"#, r#","epoch":["e"]"#, &long] {
        cases.push((subscription("7", epoch), "`epoch`"));
    }
    cases.push((subscription("7", r#","board":7"#), "duplicate field `board`"));
    cases.push((subscription("7", r#","after":1,"after":1"#), "duplicate field `after`"));
    cases.push((deep(200), "recursion limit"));
    cases.push((deep(8_000), "recursion limit"));
    cases.push(("x".repeat(16 * 1024), "expected"));
    cases.push((subscription(&format!("\"{}\"", "\u{7f}".repeat(16_000)), ""), "`board`"));
    cases
}

#[tokio::test]
async fn rt_message_bad_message_names_what_is_wrong_and_the_socket_stays_open() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let flags = ["--messages-per-second", "1000000", "--message-burst", "1000000"];
    let relay = Relay::start(&world, &flags).await;
    let (mut socket, head) = relay.follow(&world, &ada, board, None).await;
    for (text, hint) in bad_messages() {
        let what: String = text.chars().take(80).collect();
        socket.say_text(text).await;
        let said = answer(&mut socket).await;
        assert_eq!(
            (&said["type"], &said["code"]),
            (&json!("error"), &json!("bad-message")),
            "{what}"
        );
        let detail = said["detail"].as_str().expect("a sentence");
        assert!(detail.contains(hint), "{what}: {detail}");
        assert!(detail.len() < 400, "{what}: {} bytes", detail.len());
    }
    world.add(&ada, board, 1).await;
    expect(&mut socket, board, head + 1..=head + 1).await;
}

#[tokio::test]
async fn rt_message_what_is_unknown_or_too_much_in_a_message_is_passed_over() {
    let world = World::shared().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    for text in [
        r#"{"type":"ping","newer":{"a":[1,2.5e300,null]}}"#.to_owned(),
        r#" { "x" : "\u0000" , "type" : "ping" } "#.to_owned(),
        r#"{"type":"ping","x":1,"x":2}"#.to_owned(),
        format!(r#"{{"type":"ping","x":{}{}}}"#, "[".repeat(100), "]".repeat(100)),
        format!(r#"{{"type":"ping","x":{}}}"#, "9".repeat(300)),
        r#"{"\u0074ype":"\u0070ing"}"#.to_owned(),
    ] {
        socket.say_text(text.clone()).await;
        assert_eq!(answer(&mut socket).await, json!({"type": "pong"}), "{text}");
    }
}

#[tokio::test]
async fn rt_cursor_beyond_everything_gets_reset_and_ids_of_nothing_not_found() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 1).await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.socket(&world, &ada).await;
    for after in [2, 1_000_000, 9_007_199_254_740_991_u64] {
        socket.say(&json!({"type": "subscribe", "board": board, "after": after})).await;
        let reset = json!({"type": "reset", "board": board, "seq": 1, "reason": "epoch"});
        assert_eq!(answer(&mut socket).await, reset, "after {after}");
    }
    for epoch in ["", "another", &"e".repeat(64)] {
        socket.say(&json!({"type": "subscribe", "board": board, "after": 1, "epoch": epoch})).await;
        let said = answer(&mut socket).await;
        assert_eq!((&said["type"], &said["reason"]), (&json!("reset"), &json!("epoch")), "{epoch}");
    }
    for nothing in [999_999_999, 9_007_199_254_740_991_u64] {
        for kind in ["subscribe", "unsubscribe"] {
            socket.say(&json!({"type": kind, "board": nothing})).await;
            let said = answer(&mut socket).await;
            assert_eq!((&said["code"], &said["board"]), (&json!("not-found"), &json!(nothing)));
        }
    }
    assert_eq!(subscribe(&mut socket, board, Some(0)).await, 1);
    expect(&mut socket, board, 1..=1).await;
}

#[tokio::test]
async fn rt_token_a_second_auth_renews_and_a_thousand_of_them_are_rate_limited() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let mut socket = relay.open(&[]).await.expect("a handshake");
    let token = world.token(&ada);
    for _ in 0..1_000 {
        socket.say(&json!({"type": "auth", "token": token})).await;
    }
    let (mut welcomed, mut refused) = (0, 0);
    while welcomed + refused < 1_000 {
        let said = answer(&mut socket).await;
        match said["type"].as_str() {
            Some("welcome") => welcomed += 1,
            _ if said["code"] == "rate-limited" => refused += 1,
            _ => panic!("{said}"),
        }
    }
    assert!((30..200).contains(&welcomed), "{welcomed} of 1000");
    let (mut other, head) = relay.follow(&world, &ada, board, None).await;
    world.add(&ada, board, 1).await;
    expect(&mut other, board, head + 1..=head + 1).await;
}
