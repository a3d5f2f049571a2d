//! Guests: their limits, their addresses, and the load that they cause.

use crate::support::functions::SECRET;
use crate::support::wait::until;
use crate::support::{Client, Functions, Relay};
use serde_json::json;

/// A proxy's forwarding header, after the client's own entries.
fn forwarded(address: &str) -> String {
    format!("203.0.113.99, {address}")
}

/// A guest behind a proxy that sends this header.
async fn guest(relay: &Relay, header: &str) -> Client {
    relay.connect(&[("x-forwarded-for", header)]).await.expect("a handshake")
}

#[tokio::test]
async fn close_4409_guests_are_counted_by_the_address_that_the_proxy_wrote_last() {
    let functions = Functions::start().await;
    let flags = ["--max-sockets-per-address", "2", "--client-address-header", "X-Forwarded-For"];
    let relay = Relay::start(&functions, &flags).await;
    let (ada, bob) = (forwarded("192.0.2.1"), forwarded("192.0.2.2"));
    let (mut first, mut second) = (guest(&relay, &ada).await, guest(&relay, &ada).await);
    assert_eq!(first.next().await["type"], "welcome");
    assert_eq!(second.next().await["type"], "welcome");
    // A forged entry before it does not change the address.
    assert_eq!(guest(&relay, "198.51.100.7,192.0.2.1").await.close_code().await, Some(4409));
    assert_eq!(guest(&relay, &bob).await.next().await["type"], "welcome");
    // One customer's network counts as one address.
    for number in 1..=2 {
        let address = format!("2001:db8:1:2::{number}");
        assert_eq!(guest(&relay, &address).await.next().await["type"], "welcome");
    }
    drop(first);
    until("a place is free again", async || guest(&relay, &ada).await.next_or_close().await.ok())
        .await;
}

#[tokio::test]
async fn close_4409_a_header_that_nobody_named_says_nothing() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &["--max-sockets-per-address", "1"]).await;
    let mut first = guest(&relay, "192.0.2.1").await;
    assert_eq!(first.next().await["type"], "welcome");
    assert_eq!(guest(&relay, "192.0.2.2").await.close_code().await, Some(4409));
}

#[tokio::test]
async fn limit_guests_of_a_relay_without_accounts_have_all_places() {
    let functions = Functions::start().await;
    let flags = ["--max-guest-sockets", "1", "--max-sockets", "2"];
    let relay = Relay::start(&functions, &flags).await;
    let (_first, _second) = (relay.client().await, relay.client().await);
    assert!(relay.connect(&[]).await.is_err(), "a third");
    assert_eq!(relay.metric(&functions, "realtime_relay_guests").await, 2);
}

#[tokio::test]
async fn rt_quick_win_silent_guests_on_400_boards_cost_one_question_a_round() {
    const BOARDS: u64 = 400;
    let functions = Functions::start().await;
    (1..=BOARDS).for_each(|board| functions.create(board, "e"));
    let flags = [
        "--check-ms",
        "200",
        "--heartbeat-ms",
        "100",
        "--messages-per-second",
        "1000",
        "--message-burst",
        "1000",
    ];
    let relay = Relay::start(&functions, &flags).await;
    let mut guests = Vec::new();
    for first in (1..=BOARDS).step_by(100) {
        let mut guest = relay.client().await;
        for board in first..first + 100 {
            guest.subscribe(board, None).await;
        }
        guests.push(guest);
    }
    let (reads, rounds) = (functions.all_reads(), functions.heads().len());
    until("ten questions of heads", async || {
        (functions.heads().len() >= rounds + 10).then_some(())
    })
    .await;
    assert_eq!(functions.all_reads(), reads, "reads of boards on which nothing happens");
    let asked = functions.heads().split_off(rounds);
    assert!(asked.contains(&400), "all of them in one request: {asked:?}");
    // RT8 and RT4: events that nobody posted are found on every board.
    for board in [1, 200, BOARDS] {
        functions.commit(board);
        let guest = &mut guests[(board as usize - 1) / 100];
        guest.expect_events(board, 1, 1).await;
    }
    let heads = loop {
        let message = guests[0].next().await;
        if message["heads"]["1"] == 1 {
            break message;
        }
    };
    assert_eq!(heads["heads"]["2"], 0);
}

#[tokio::test]
async fn rt4_functions_that_tell_no_heads_are_asked_board_by_board() {
    let functions = Functions::start().await;
    functions.know_no_heads();
    functions.create(7, "e");
    let relay = Relay::start(&functions, &["--check-ms", "100"]).await;
    let mut client = relay.client().await;
    client.subscribe(7, None).await;
    functions.commit(7);
    client.expect_events(7, 1, 1).await;
}

#[tokio::test]
async fn every_answer_says_nosniff_and_metrics_are_not_for_clients() {
    let functions = Functions::start().await;
    functions.create(7, "e");
    let relay = Relay::start(&functions, &[]).await;
    let metrics = relay.metrics_url.clone();
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 404),
        ("/ws/quick-win", 426),
        ("/sse/quick-win/boards/8", 404),
    ] {
        let (got, headers, _) = functions.get(&format!("{}{path}", relay.url)).await;
        assert_eq!(got, status, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
    let (status, headers, _) = functions.get(&metrics).await;
    assert_eq!(
        (status.as_u16(), &headers["x-content-type-options"]),
        (200, &"nosniff".parse().expect("a value"))
    );
    let base = metrics.strip_suffix("/metrics").expect("its path");
    for path in
        ["/healthz", "/ws/quick-win", "/internal/quick-win/events", "/sse/quick-win/boards/7"]
    {
        assert_eq!(functions.get(&format!("{base}{path}")).await.0, 404, "{path}");
    }
    let body = json!({"epoch": "e", "event": functions.commit(7)}).to_string();
    let status = functions.post_raw(base, &format!("Bearer {SECRET}"), &body).await;
    assert_eq!(status, 404, "only metrics are there");
}
