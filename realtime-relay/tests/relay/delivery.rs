//! Delivery in order, exactly once and without silent gaps, whatever happens to the posts.

use crate::support::{Functions, Relay};
use serde_json::json;

/// So long that no periodic check repairs what a test expects to be repaired otherwise.
const RARE_CHECKS: [&str; 2] = ["--check-ms", "600000"];

#[tokio::test]
async fn rt1_and_rt2_a_posted_event_reaches_a_subscribed_client_as_it_was_written() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    assert_eq!(client.subscribe(7, None).await, 0);
    let event = functions.commit(7);
    assert_eq!(functions.post(&relay.url, &event).await, 204);
    let message = client.next().await;
    let mut expected = event.clone();
    expected["type"] = json!("event");
    expected["board"] = json!(7);
    assert_eq!(message, expected, "the event's own members, inlined");
}

#[tokio::test]
async fn rt1_to_rt3_lost_late_and_double_posts_change_nothing_for_a_client() {
    let seed = fastrand::u64(..);
    eprintln!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--check-ms", "200"]).await;
    let mut early = relay.client().await;
    early.subscribe(7, None).await;
    let mut last = 0;
    for round in 0..12 {
        let mut posts = Vec::new();
        for _ in 0..random.usize(1..60) {
            let event = functions.commit(7);
            last += 1;
            for _ in 0..random.usize(0..3) {
                posts.push(event.clone());
            }
        }
        random.shuffle(&mut posts);
        let posting = posts.iter().map(|event| functions.post(&relay.url, event));
        let statuses = futures::future::join_all(posting).await;
        assert!(statuses.iter().all(|status| *status == 204), "round {round}");
    }
    let mut late = relay.client().await;
    assert!(late.subscribe(7, Some(last / 2)).await <= last);
    early.expect_events(7, 1, last).await;
    late.expect_events(7, last / 2 + 1, last).await;
    functions.add(&relay.url, 7, 1).await;
    early.expect_events(7, last + 1, last + 1).await;
    late.expect_events(7, last + 1, last + 1).await;
}

#[tokio::test]
async fn rt3_a_missing_event_is_read_before_its_successor_is_sent() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    let lost = functions.commit(7);
    let second = functions.commit(7);
    functions.post(&relay.url, &second).await;
    client.expect_events(7, 1, 2).await;
    assert_eq!(functions.post(&relay.url, &lost).await, 204, "late: ignored");
    functions.add(&relay.url, 7, 1).await;
    client.expect_events(7, 3, 3).await;
    assert_eq!(relay.metric(&functions, "realtime_relay_gaps_healed_total").await, 2);
}

#[tokio::test]
async fn rt3_posts_in_the_wrong_order_need_no_read() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    let first = functions.commit(7);
    let second = functions.commit(7);
    let (_, _) =
        tokio::join!(functions.post(&relay.url, &second), functions.post(&relay.url, &first));
    client.expect_events(7, 1, 2).await;
}

#[tokio::test]
async fn rt4_a_last_post_that_never_came_is_found_by_the_regular_check() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.commit(7);
    let start = std::time::Instant::now();
    client.expect_events(7, 1, 1).await;
    eprintln!("healed after {:?}", start.elapsed());
}

#[tokio::test]
async fn rt3_subscribers_who_join_while_a_hole_is_filled_miss_nothing() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &RARE_CHECKS).await;
    let mut first = relay.client().await;
    first.subscribe(7, None).await;
    functions.add(&relay.url, 7, 3).await;
    first.expect_events(7, 1, 3).await;
    let gate = functions.gate();
    let closed = gate.lock().await;
    functions.commit(7);
    let fifth = functions.commit(7);
    functions.post(&relay.url, &fifth).await;
    let mut second = relay.client().await;
    assert_eq!(second.subscribe(7, Some(1)).await, 3, "the head before the gap");
    second.expect_events(7, 2, 3).await;
    let mut third = relay.client().await;
    assert_eq!(third.subscribe(7, None).await, 3);
    drop(closed);
    first.expect_events(7, 4, 5).await;
    second.expect_events(7, 4, 5).await;
    third.expect_events(7, 4, 5).await;
}

#[tokio::test]
async fn rt1_boards_do_not_mix_and_each_client_has_its_own_cursors() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    for board in 1..=3 {
        functions.create(board, &format!("e{board}"));
        functions.add(&relay.url, board, 10 * board as usize).await;
    }
    let mut client = relay.client().await;
    assert_eq!(client.subscribe(3, Some(20)).await, 30);
    client.expect_events(3, 21, 30).await;
    assert_eq!(client.subscribe(1, Some(10)).await, 10);
    let mut other = relay.client().await;
    assert_eq!(other.subscribe(1, Some(0)).await, 10);
    other.expect_events(1, 1, 10).await;
    functions.add(&relay.url, 2, 1).await;
    functions.add(&relay.url, 1, 1).await;
    functions.add(&relay.url, 3, 1).await;
    let mut got = [client.next().await, client.next().await];
    got.sort_by_key(|event| event["board"].as_u64());
    assert_eq!((&got[0]["board"], &got[0]["seq"]), (&json!(1), &json!(11)));
    assert_eq!((&got[1]["board"], &got[1]["seq"]), (&json!(3), &json!(31)));
    other.expect_events(1, 11, 11).await;
}

#[tokio::test]
async fn rt1_many_subscribers_all_get_every_event_in_few_writes() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut clients = Vec::new();
    for _ in 0..300 {
        let mut client = relay.client().await;
        client.subscribe(7, None).await;
        clients.push(client);
    }
    let events: Vec<_> = (0..200).map(|_| functions.commit(7)).collect();
    let posts = events.iter().map(|event| functions.post(&relay.url, event));
    futures::future::join_all(posts).await;
    for client in &mut clients {
        client.expect_events(7, 1, 200).await;
    }
    let delivered = relay.metric(&functions, "realtime_relay_deliveries_total").await;
    let writes = relay.metric(&functions, "realtime_relay_frames_per_write_count").await;
    assert_eq!(delivered, 300 * 200);
    eprintln!("{delivered} deliveries in {writes} writes");
    assert!(writes * 2 < delivered, "under load events share writes");
}
