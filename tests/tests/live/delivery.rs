//! RT1, RT2, RT3: every event once, in order, without gaps.

use contract_tests::api::seq;
use contract_tests::follower::{Follower, Goal};
use contract_tests::replica::canonical;
use contract_tests::{Api, Socket};
use futures::future::join_all;
use serde_json::json;

contract_tests::in_both_modes! {
async fn rt2_200_concurrent_adds_reach_20_clients_exactly_once_and_in_order(api: Api<'static>) {
    let board = api.board("Watched").await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        let mut socket = Socket::open(&api).await;
        let answer = socket.subscribe(board, None).await;
        assert_eq!((&answer["type"], seq(&answer)), (&json!("subscribed"), 0), "{answer}");
        sockets.push(socket);
    }
    let path = api.tasks_path(board);
    let add = |number: usize| api.post(&path, &json!({"title": format!("task {number}")})).send();
    let (replies, received) = tokio::join!(
        join_all((0..200).map(add)),
        join_all(sockets.iter_mut().map(async |socket| {
            let mut events = Vec::new();
            for number in 1..=200 {
                events.push(socket.event(number).await);
            }
            events
        }))
    );
    assert!(replies.iter().all(|reply| reply.status == 201));
    let committed = api.events(board, 0).await;
    for events in received {
        let reported: Vec<_> = events.iter().map(contract_tests::replica::event_of).collect();
        assert_eq!(reported, committed);
    }
    // Nothing comes twice: the very next message is the answer to a ping.
    for socket in &mut sockets {
        socket.say(&json!({"type": "ping"})).await;
        assert_eq!(socket.message_but_heartbeats().await, json!({"type": "pong"}));
    }
}

async fn rt3_a_subscriber_that_comes_amid_traffic_gets_no_hole_between_replay_and_live(api: Api<'static>) {
    let board = api.board("Busy").await;
    let goal = Goal::unknown();
    let late = async |wait_for: u64| {
        while seq(&api.document(board).await) < wait_for {}
        // From the very beginning, from the document's seq, and from anywhere between.
        Follower::new(&api, board, &goal).await.run().await
    };
    let (_, followers) = tokio::join!(
        async {
            api.add_many(board, 300).await;
            goal.is(300);
        },
        join_all((0..12).map(|number| late(number * 25)))
    );
    let document = canonical(&api.document(board).await);
    assert_eq!(followers[0].subscriptions, 1);
    for follower in followers {
        // The last client may find all 300 in its first document.
        assert!(follower.subscriptions <= 1, "{}", follower.subscriptions);
        assert_eq!(follower.resets.len(), 0);
        assert_eq!(follower.replica.canonical(), document);
    }
}

async fn rt1_a_cursor_replays_all_that_came_after_it_before_anything_newer(api: Api<'static>) {
    let board = api.board("Replayed").await;
    api.add_many(board, 40).await;
    let epoch = api.document(board).await["epoch"].as_str().expect("an epoch").to_owned();
    let mut socket = Socket::open(&api).await;
    for after in [0, 17, 39, 40] {
        let answer = socket.subscribe(board, Some((after, &epoch))).await;
        assert_eq!(
            answer,
            json!({"type": "subscribed", "board": board, "seq": 40, "epoch": epoch})
        );
        for number in after + 1..=40 {
            socket.event(number).await;
        }
    }
    api.task(board, "Live").await;
    socket.event(41).await;
}

async fn rt2_two_subscriptions_of_one_socket_do_not_mix(api: Api<'static>) {
    let (one, other) = (api.board("One").await, api.board("Other").await);
    let mut socket = Socket::open(&api).await;
    socket.subscribe(one, None).await;
    socket.subscribe(other, None).await;
    for number in 1..=5 {
        api.task(one, "one").await;
        let event = socket.event(number).await;
        assert_eq!((&event["board_id"], &event["task"]["title"]), (&json!(one), &json!("one")));
        api.task(other, "other").await;
        let event = socket.event(number).await;
        assert_eq!((&event["board_id"], &event["task"]["title"]), (&json!(other), &json!("other")));
    }
}
}
