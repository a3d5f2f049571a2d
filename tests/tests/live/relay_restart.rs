//! RT4: every committed event is seen, even if the relay fails.

use contract_tests::api::{Mode, World, seq};
use contract_tests::follower::{Follower, Goal};
use contract_tests::replica::canonical;
use contract_tests::{Api, Socket, Stack};
use futures::future::join_all;
use serde_json::json;

contract_tests::in_both_modes! {
async fn rt4_a_relay_killed_amid_traffic_costs_no_client_an_event(mode: Mode) {
    let world = World::start(mode, &[]).await;
    let (stack, api) = (&world.stack, world.api());
    let board = api.board("Survivor").await;
    let goal = Goal::unknown();
    let mut followers = Vec::new();
    for _ in 0..5 {
        followers.push(Follower::new(&api, board, &goal).await);
    }
    let traffic = async {
        for round in 0..3 {
            api.add_many(board, 40).await;
            let (_, ()) = tokio::join!(api.add_many(board, 40), async {
                // Under load: some of these events have been posted, others have not.
                while seq(&api.document(board).await) < round * 120 + 50 {}
                stack.kill_relay();
            });
            let deferred = api.add(board, &json!({"title": "deferred"})).await;
            if mode == Mode::QUICK_WIN {
                // No relay is running.
                assert_eq!(deferred.expect_header("event-delivery"), "deferred");
            }
            let (_, ()) = tokio::join!(api.add_many(board, 39), stack.restart_relay());
        }
        goal.is(360);
    };
    let ((), followers) = tokio::join!(traffic, join_all(followers.into_iter().map(Follower::run)));
    let document = api.document(board).await;
    assert_eq!(seq(&document), 360);
    for follower in followers {
        assert!(follower.subscriptions >= 4, "the relay did not die three times");
        assert!(follower.resets.is_empty(), "{:?}", follower.resets);
        assert_eq!(follower.replica.canonical(), canonical(&document));
    }
}

async fn rt4_events_of_the_relays_absence_are_seen_without_any_further_write(mode: Mode) {
    let world = World::start(mode, &[]).await;
    let (stack, api) = (&world.stack, world.api());
    let board = api.board("Quiet").await;
    api.add_many(board, 3).await;
    let goal = Goal::unknown();
    let follower = Follower::new(&api, board, &goal).await;
    stack.kill_relay();
    api.add_many(board, 7).await;
    stack.restart_relay().await;
    goal.is(10);
    let follower = follower.run().await;
    assert_eq!(follower.replica.canonical(), canonical(&api.document(board).await));
}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt4_events_that_never_were_posted_are_found_by_the_relay_itself() {
    // Nothing listens at the relay's address.
    let dead_end = [("SPIN_VARIABLE_RELAY_URL", "http://127.0.0.1:9")];
    let stack = Stack::start_with(&dead_end, &[]).await;
    let api = Api::new(&stack);
    let board = api.board("Unposted").await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    for number in 1..=2 {
        let reply = api.add(board, &json!({"title": "Unposted"})).await;
        assert_eq!(reply.expect_header("event-delivery"), "deferred");
        socket.event(number).await;
    }
    api.add_many(board, 50).await;
    for number in 3..=52 {
        socket.event(number).await;
    }
    let _ = api.delete(&api.board_path(board)).send().await.expect(204);
    assert_eq!(socket.event(53).await["action"], "Delete");
    let unsubscribed = json!({"type": "unsubscribed", "board": board, "reason": "deleted"});
    assert_eq!(socket.message_but_heartbeats().await, unsubscribed);
}
