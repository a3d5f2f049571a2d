//! RT8: every heartbeat carries the heads, so that a client knows how far behind it is.

use contract_tests::Socket;
use contract_tests::api::{Mode, World};
use serde_json::json;

contract_tests::in_both_modes! {
async fn rt8_a_heartbeat_carries_the_head_of_every_subscribed_board_and_of_no_other(mode: Mode) {
    let settings = [("RELAY_HEARTBEAT_MS", "200"), ("RELAY_MAX_SUBSCRIPTIONS", "2")];
    let world = World::start(mode, &settings).await;
    let api = world.api();
    let (one, other, third) = (api.board("1").await, api.board("2").await, api.board("3").await);
    api.add_many(one, 4).await;
    let mut socket = Socket::open(&api).await;
    let heartbeat = async |socket: &mut Socket| loop {
        let message = socket.message().await;
        if message["type"] == "heartbeat" {
            break message;
        }
    };
    assert_eq!(heartbeat(&mut socket).await, json!({"type": "heartbeat", "heads": {}}));
    for board in [one, other] {
        socket.subscribe(board, None).await;
    }
    let heads = |one_head: u64, other_head: u64| json!({"type": "heartbeat", "heads": {one.to_string(): one_head, other.to_string(): other_head}});
    assert_eq!(heartbeat(&mut socket).await, heads(4, 0));
    api.task(one, "Five").await;
    api.task(other, "One").await;
    assert_eq!(heartbeat(&mut socket).await, heads(5, 1));

    // The limit of subscriptions: the third board must wait for another to go.
    let refused = socket.subscribe(third, None).await;
    assert_eq!(
        (&refused["type"], &refused["code"]),
        (&json!("error"), &json!("too-many-subscriptions")),
        "{refused}"
    );
    assert_eq!(heartbeat(&mut socket).await, heads(5, 1));
    socket.say(&json!({"type": "unsubscribe", "board": one})).await;
    assert_eq!(socket.message_but_heartbeats().await["type"], "unsubscribed");
    let message = heartbeat(&mut socket).await;
    assert_eq!(message, json!({"type": "heartbeat", "heads": {other.to_string(): 1}}));
    assert_eq!(socket.subscribe(third, None).await["type"], "subscribed");
}
}
