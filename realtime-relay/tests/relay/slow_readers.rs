//! RT7: a slow reader affects only itself.

use crate::support::wait::until;
use crate::support::{Client, Functions, Relay};
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio_websockets::MaybeTlsStream;

/// Commits and posts events of two kilobytes, far more than the sockets' buffers hold.
async fn add_long_events(functions: &Functions, relay: &Relay, count: usize) {
    let text = "x".repeat(2000);
    for _ in 0..count {
        let event = functions.commit_text(7, &text);
        functions.post(&relay.url, &event).await;
    }
}

async fn subscribed(relay: &Relay) -> Client {
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    client
}

#[tokio::test]
async fn rt7_a_reader_that_slept_through_thousands_of_events_gets_all_of_them() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--ring-events", "5000"]).await;
    let mut sleeper = subscribed(&relay).await;
    let mut awake = subscribed(&relay).await;
    add_long_events(&functions, &relay, 3000).await;
    // The others do not wait for it.
    awake.expect_events(7, 1, 3000).await;
    sleeper.expect_events(7, 1, 3000).await;
    add_long_events(&functions, &relay, 1).await;
    sleeper.expect_events(7, 3001, 3001).await;
    assert_eq!(relay.metric(&functions, "realtime_relay_dead_readers_total").await, 0);
}

#[tokio::test]
async fn rt7_a_reader_that_fell_off_the_ring_is_served_from_the_source() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &["--ring-events", "50"]).await;
    let mut sleeper = subscribed(&relay).await;
    let mut awake = subscribed(&relay).await;
    for round in 0..9 {
        add_long_events(&functions, &relay, 100).await;
        awake.expect_events(7, round * 100 + 1, round * 100 + 100).await;
    }
    sleeper.expect_events(7, 1, 900).await;
    let replayed = r#"realtime_relay_replayed_total{source="functions"}"#;
    assert!(relay.metric(&functions, replayed).await > 0, "it did fall behind the ring");
}

#[tokio::test]
async fn rt7_and_close_4408_only_a_reader_that_reads_nothing_at_all_is_closed() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let flags = ["--ring-events", "5000", "--dead-reader-ms", "1500"];
    let relay = Relay::start(&functions, &flags).await;
    let dead = subscribed(&relay).await;
    let slow = subscribed(&relay).await;
    let mut awake = subscribed(&relay).await;
    // Reads a little from time to time, from the first event on and for longer than a dead reader's
    // timeout.
    let MaybeTlsStream::Plain(mut socket) = slow.socket.into_inner();
    let mut slow = tokio::spawn(async move {
        let mut bytes = vec![0; 48 << 10];
        while socket.read(&mut bytes).await.is_ok_and(|count| count > 0) {
            // This reader's pace is the subject of the test.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    // This one reads while the events are added: adding them may take longer than the limit.
    tokio::join!(add_long_events(&functions, &relay, 1500), awake.expect_events(7, 1, 1500));
    let longer = tokio::time::timeout(Duration::from_secs(3), &mut slow).await;
    assert!(longer.is_err(), "the slow one was closed");
    until("the dead reader is counted", async || {
        let dead = relay.metric(&functions, "realtime_relay_dead_readers_total").await;
        (dead == 1).then_some(())
    })
    .await;
    until("its socket is gone, the others remain", async || {
        let open = relay.metric(&functions, "realtime_relay_connections").await;
        (open == 2).then_some(())
    })
    .await;
    drop(dead);
    functions.add(&relay.url, 7, 1).await;
    awake.expect_events(7, 1501, 1501).await;
    slow.abort();
}
