//! RT8: every heartbeat carries the heads, so that clients know how far behind they are.

use contract_tests::Socket;
use contract_tests::api::{Mode, World};
use serde_json::{Value, json};

contract_tests::in_both_modes! {
async fn rt8_a_heartbeat_carries_the_head_of_every_subscribed_board_and_of_no_other(mode: Mode) {
    let settings = [("RELAY_HEARTBEAT_MS", "200"), ("RELAY_MAX_SUBSCRIPTIONS", "2")];
    let world = World::start(mode, &settings).await;
    let api = world.api();
    let (one, other, third) = (api.board("1").await, api.board("2").await, api.board("3").await);
    api.add_many(one, 4).await;
    let mut socket = Socket::open(&api).await;
    // Heartbeats sent before the expected change are read as well: they have older heads, and only
    // of current or former boards.
    let until = async |socket: &mut Socket, before: &[u64], heads: Value| loop {
        let message = socket.message().await;
        if message["type"] != "heartbeat" {
            continue;
        }
        if message["heads"] == heads {
            break;
        }
        for (board, head) in message["heads"].as_object().expect("heads") {
            let older = heads[board].as_u64().is_none_or(|newest| head.as_u64() <= Some(newest));
            let board: u64 = board.parse().expect("a board");
            assert!(before.contains(&board) && older, "{message}, and not yet {heads}");
        }
    };
    until(&mut socket, &[], json!({})).await;
    for board in [one, other] {
        socket.subscribe(board, None).await;
    }
    let heads = |one_head: u64, other_head: u64| json!({one.to_string(): one_head, other.to_string(): other_head});
    until(&mut socket, &[one, other], heads(4, 0)).await;
    api.task(one, "Five").await;
    api.task(other, "One").await;
    until(&mut socket, &[one, other], heads(5, 1)).await;

    // The limit of subscriptions: the third board must wait until another ends.
    let refused = socket.subscribe(third, None).await;
    assert_eq!(
        (&refused["type"], &refused["code"]),
        (&json!("error"), &json!("too-many-subscriptions")),
        "{refused}"
    );
    until(&mut socket, &[one, other], heads(5, 1)).await;
    socket.say(&json!({"type": "unsubscribe", "board": one})).await;
    assert_eq!(socket.message_but_heartbeats().await["type"], "unsubscribed");
    until(&mut socket, &[one, other], json!({other.to_string(): 1})).await;
    assert_eq!(socket.subscribe(third, None).await["type"], "subscribed");
}
}
