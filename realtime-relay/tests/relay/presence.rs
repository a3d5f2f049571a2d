//! Presence of guests, who have no names: each socket is a separate entry.

use crate::support::wait::until;
use crate::support::{Client, Functions, Relay};
use serde_json::{Value, json};

/// Reads until exactly these states are online.
async fn until_online(client: &mut Client, board: u64, states: &[Value]) {
    let entries = states.iter().map(|state| json!({"user": "guest", "state": state}));
    let online: Vec<_> = entries.collect();
    let expected = json!({"type": "presence", "board": board, "online": online});
    loop {
        let message = client.next_or_close().await.expect("a message");
        if message == expected {
            return;
        }
        assert_eq!((&message["type"], &message["board"]), (&json!("presence"), &json!(board)));
    }
}

async fn tell(client: &mut Client, board: u64, state: Value) {
    client.send(json!({"type": "presence", "board": board, "state": state})).await;
}

#[tokio::test]
async fn rt_presence_of_guests_is_an_entry_for_each_socket() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    functions.create(8, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut first = relay.client().await;
    first.send(json!({"type": "subscribe", "board": 7})).await;
    let answer = first.next_or_close().await.expect("a message");
    assert_eq!(answer["type"], "subscribed", "before any presence: {answer}");
    until_online(&mut first, 7, &[json!({})]).await;
    let mut second = relay.client().await;
    second.subscribe(7, None).await;
    second.subscribe(8, None).await;
    until_online(&mut first, 7, &[json!({}), json!({})]).await;
    tell(&mut second, 7, json!({"editing": 12})).await;
    until_online(&mut first, 7, &[json!({}), json!({"editing": 12})]).await;
    tell(&mut first, 7, json!({"viewing": [1, 2]})).await;
    until_online(&mut first, 7, &[json!({"viewing": [1, 2]}), json!({"editing": 12})]).await;
    // Another board has its own presence.
    let mut third = relay.client().await;
    third.subscribe(8, None).await;
    until_online(&mut third, 8, &[json!({}), json!({})]).await;
    drop(second);
    until_online(&mut third, 8, &[json!({})]).await;
    until_online(&mut first, 7, &[json!({"viewing": [1, 2]})]).await;
    first.send(json!({"type": "unsubscribe", "board": 7})).await;
    assert_eq!(first.next().await["type"], "unsubscribed");
    tell(&mut first, 7, json!({})).await;
    let answer = first.next().await;
    assert_eq!((&answer["code"], &answer["board"]), (&json!("not-found"), &json!(7)));
    // The state ended with the subscription.
    first.subscribe(7, None).await;
    until_online(&mut first, 7, &[json!({})]).await;
}

#[tokio::test]
async fn rt_presence_is_told_where_events_are_read_back_and_after_them() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--ring-events", "10"]).await;
    functions.add(&relay.url, 7, 300).await;
    let mut client = relay.client().await;
    client.send(json!({"type": "subscribe", "board": 7, "after": 0})).await;
    // Sent before the subscription is granted.
    tell(&mut client, 7, json!({"editing": 1})).await;
    assert_eq!(client.next().await["type"], "subscribed");
    client.expect_events(7, 1, 300).await;
    tell(&mut client, 7, json!({"editing": 2})).await;
    until_online(&mut client, 7, &[json!({"editing": 2})]).await;
    functions.add(&relay.url, 7, 1).await;
    client.expect_events(7, 301, 301).await;
}

#[tokio::test]
async fn rt_presence_of_a_crowd_is_cut_and_says_how_many_there_are() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut clients = Vec::new();
    for _ in 0..120 {
        let mut client = relay.client().await;
        client.subscribe(7, None).await;
        clients.push(client);
    }
    let mut last = clients.pop().expect("a client");
    tell(&mut last, 7, json!({"editing": 1})).await;
    loop {
        let message = last.next_or_close().await.expect("a message");
        let online = message["online"].as_array().expect("presence");
        if message["total"] == 120 && online.len() == 100 && online[99]["state"]["editing"] == 1 {
            break;
        }
    }
    drop(clients);
    until_online(&mut last, 7, &[json!({"editing": 1})]).await;
    drop(last);
    until("nobody is left", async || {
        (relay.metric(&functions, "realtime_relay_subscriptions").await == 0).then_some(())
    })
    .await;
}
