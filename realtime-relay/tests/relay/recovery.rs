//! Recovery: cursors, resets, restarts of either side, deleted boards, an unavailable source.

use crate::support::wait::{PATIENCE, until};
use crate::support::{Client, Functions, Relay};
use serde_json::{Value, json};
use std::time::Instant;

const RARE_CHECKS: [&str; 2] = ["--check-ms", "600000"];

/// Subscribes with these members and returns the answer.
async fn ask(client: &mut Client, board: u64, after: Option<u64>, epoch: Option<&str>) -> Value {
    let mut message = json!({"type": "subscribe", "board": board});
    if let Some(after) = after {
        message["after"] = after.into();
    }
    if let Some(epoch) = epoch {
        message["epoch"] = epoch.into();
    }
    client.send(message).await;
    client.next_but_heartbeats().await
}

#[tokio::test]
async fn rt2_a_client_resumes_at_its_cursor_after_the_relay_was_killed() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let mut relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.add(&relay.url, 7, 5).await;
    client.expect_events(7, 1, 5).await;
    relay.kill().await;
    (0..700).for_each(|_| drop(functions.commit(7)));
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    let answer = ask(&mut client, 7, Some(5), Some("e1")).await;
    assert_eq!(answer, json!({"type": "subscribed", "board": 7, "seq": 705, "epoch": "e1"}));
    client.expect_events(7, 6, 705).await;
    functions.add(&relay.url, 7, 1).await;
    client.expect_events(7, 706, 706).await;
    let writes = relay.metric(&functions, "realtime_relay_frames_per_write_count").await;
    assert!(writes <= 100, "700 events of a replay share writes: {writes}");
}

#[tokio::test]
async fn rt_replay_a_hundred_clients_that_come_back_at_once_share_the_reads() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    (0..500).for_each(|_| drop(functions.commit(7)));
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    let gate = functions.gate();
    let closed = gate.lock().await;
    let mut clients = Vec::new();
    for index in 0..100 {
        let mut client = relay.client().await;
        client.send(json!({"type": "subscribe", "board": 7, "after": 10 + index})).await;
        clients.push(client);
    }
    drop(closed);
    for (index, client) in (0..).zip(&mut clients) {
        assert_eq!(client.next().await["seq"], 500);
        client.expect_events(7, 11 + index, 500).await;
    }
    let reads = functions.reads(7);
    assert!(reads.len() <= 6, "reads by cursor: {reads:?}");
}

#[tokio::test]
async fn rt_cursor_further_back_than_what_is_kept_is_reset_as_too_far() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    (0..1500).for_each(|_| drop(functions.commit(7)));
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    let answer = ask(&mut client, 7, Some(499), None).await;
    let reset = json!({"type": "reset", "board": 7, "seq": 1500, "reason": "too-far"});
    assert_eq!(answer, reset);
    assert_eq!(ask(&mut client, 7, Some(3), None).await, reset);
    assert_eq!(client.subscribe(7, Some(500)).await, 1500);
    client.expect_events(7, 501, 1500).await;
}

#[tokio::test]
async fn rt_cursor_of_another_epoch_or_from_a_lost_future_is_reset() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    functions.add(&relay.url, 7, 5).await;
    let mut client = relay.client().await;
    let reset = json!({"type": "reset", "board": 7, "seq": 5, "reason": "epoch"});
    assert_eq!(ask(&mut client, 7, Some(2), Some("e0")).await, reset);
    assert_eq!(ask(&mut client, 7, None, Some("e0")).await, reset);
    assert_eq!(ask(&mut client, 7, Some(6), None).await, reset);
    assert_eq!(ask(&mut client, 7, Some(9_007_199_254_740_991), Some("e1")).await, reset);
    assert_eq!(client.subscribe(7, Some(5)).await, 5);
}

#[tokio::test]
async fn rt_cursor_newer_than_what_the_relay_knows_is_no_lost_future() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    let mut first = relay.client().await;
    first.subscribe(7, None).await;
    (0..3).for_each(|_| drop(functions.commit(7)));
    let mut second = relay.client().await;
    assert_eq!(second.subscribe(7, Some(3)).await, 3, "it saw the board before the post came");
    functions.add(&relay.url, 7, 1).await;
    second.expect_events(7, 4, 4).await;
    first.expect_events(7, 1, 4).await;
}

#[tokio::test]
async fn rt_cursor_a_host_that_restarted_resets_the_subscribers_of_the_old_epoch() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--check-ms", "100"]).await;
    functions.add(&relay.url, 7, 5).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.create(7, "e2");
    functions.commit(7);
    let reset = json!({"type": "reset", "board": 7, "seq": 1, "reason": "epoch"});
    assert_eq!(client.next_but_heartbeats().await, reset);
    let answer = ask(&mut client, 7, Some(1), Some("e2")).await;
    assert_eq!(answer, json!({"type": "subscribed", "board": 7, "seq": 1, "epoch": "e2"}));
    functions.add(&relay.url, 7, 1).await;
    client.expect_events(7, 2, 2).await;
}

#[tokio::test]
async fn rt_cursor_an_event_of_a_new_epoch_tells_of_it_before_the_next_check() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    functions.add(&relay.url, 7, 5).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.create(7, "e2");
    functions.add(&relay.url, 7, 1).await;
    let reset = json!({"type": "reset", "board": 7, "seq": 1, "reason": "epoch"});
    assert_eq!(client.next_but_heartbeats().await, reset);
}

#[tokio::test]
async fn rt_cursor_a_board_that_went_with_its_host_ends_the_subscription() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--check-ms", "100"]).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.restart();
    let gone = json!({"type": "unsubscribed", "board": 7, "reason": "deleted"});
    assert_eq!(client.next_but_heartbeats().await, gone);
    let answer = ask(&mut client, 7, Some(0), None).await;
    assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("not-found")));
    assert_eq!(answer["board"], 7);
    functions.create(7, "e2");
    let again = async {
        // For a moment the relay may still answer from its last read.
        loop {
            let answer = ask(&mut client, 7, None, None).await;
            if answer["type"] == "subscribed" {
                return answer;
            }
            assert_eq!(answer["code"], "not-found", "{answer}");
        }
    };
    let answer = tokio::time::timeout(PATIENCE, again).await;
    assert_eq!(answer.expect("created again, it can be followed")["seq"], 0);
}

#[tokio::test]
async fn rt_cursor_a_deleted_boards_last_event_comes_before_the_subscription_ends() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    functions.add(&relay.url, 7, 5).await;
    let mut clients = vec![relay.client().await, relay.client().await];
    for client in &mut clients {
        client.subscribe(7, None).await;
    }
    let deletion = functions.commit_deletion(7);
    functions.post(&relay.url, &deletion).await;
    let gone = json!({"type": "unsubscribed", "board": 7, "reason": "deleted"});
    for client in &mut clients {
        let event = client.next().await;
        assert_eq!((&event["seq"], &event["action"]), (&json!(6), &json!("Delete")));
        assert_eq!((&event["board_id"], &event["board"]), (&json!(7), &json!({"id": 7})));
        assert_eq!(client.next().await, gone);
    }
    let [first, second] = clients.as_mut_slice() else { panic!("two clients") };
    // A client that has everything except the end gets the end; one that has less cannot get it
    // without a gap.
    assert_eq!(first.subscribe(7, Some(5)).await, 6);
    assert_eq!(first.next().await["action"], "Delete");
    assert_eq!(first.next().await, gone);
    assert_eq!(ask(second, 7, Some(2), None).await, gone);
    for (after, epoch) in [(None, None), (Some(6), None), (Some(5), Some("e0"))] {
        let answer = ask(second, 7, after, epoch).await;
        assert_eq!(answer["code"], "not-found", "{after:?} {epoch:?}");
    }
}

#[tokio::test]
async fn rt8_while_the_source_is_unavailable_clients_stay_and_heartbeats_show_what_is_missing() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let flags = ["--check-ms", "100", "--heartbeat-ms", "50"];
    let relay = Relay::start(&functions, &flags).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.set_down(true);
    functions.commit(7);
    let second = functions.commit(7);
    functions.post(&relay.url, &second).await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let message = client.next().await;
        assert_eq!(message["type"], "heartbeat", "RT3: nothing out of order");
        if message["heads"]["7"] == 2 {
            break;
        }
        assert!(Instant::now() < deadline, "RT8: {message}");
    }
    // A new subscriber of an unknown board waits as well.
    functions.create(8, "e8");
    let mut newcomer = relay.client().await;
    newcomer.send(json!({"type": "subscribe", "board": 8})).await;
    assert_eq!(newcomer.next().await["type"], "heartbeat");
    functions.set_down(false);
    client.expect_events(7, 1, 2).await;
    assert_eq!(newcomer.next_but_heartbeats().await["type"], "subscribed");
}

#[tokio::test]
async fn rt_cursor_a_relay_that_missed_more_than_is_kept_says_reset_not_silence() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--check-ms", "100"]).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.set_down(true);
    (0..1200).for_each(|_| drop(functions.commit(7)));
    functions.set_down(false);
    let message = client.next_but_heartbeats().await;
    assert_eq!((&message["type"], &message["reason"]), (&json!("reset"), &json!("too-far")));
    assert_eq!(client.subscribe(7, Some(1200)).await, 1200);
    functions.add(&relay.url, 7, 1).await;
    client.expect_events(7, 1201, 1201).await;
}

#[tokio::test]
async fn boards_that_nobody_watches_are_forgotten_and_read_again_when_needed() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--linger-ms", "50"]).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.add(&relay.url, 7, 2).await;
    client.expect_events(7, 1, 2).await;
    client.send(json!({"type": "unsubscribe", "board": 7})).await;
    assert_eq!(client.next().await["reason"], "requested");
    until("the board is forgotten", async || {
        (relay.metric(&functions, "realtime_relay_boards").await == 0).then_some(())
    })
    .await;
    functions.add(&relay.url, 7, 2).await;
    assert_eq!(client.subscribe(7, Some(2)).await, 4);
    client.expect_events(7, 3, 4).await;
    drop(client);
    until("the connection is gone", async || {
        let sockets = relay.metric(&functions, "realtime_relay_connections").await;
        let subscriptions = relay.metric(&functions, "realtime_relay_subscriptions").await;
        (sockets == 0 && subscriptions == 0).then_some(())
    })
    .await;
}
