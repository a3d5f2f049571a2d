//! Event streams: the same order, cursors and endings as on sockets, for read-only clients.

use crate::support::{PATIENCE, Person, Relay, World, expect, keys_of, seconds, subscribe, until};
use contract_tests::event_stream::{EventStream, NoStream};
use contract_tests::stack::JWT_SECRET;
use contract_tests::{Client, chance};
use serde_json::json;
use shared::auth::Claims;
use std::time::{Duration, Instant};

/// Expects exactly these events next, then the end of subscription and stream for this reason.
async fn expect_end(stream: &mut EventStream, board: u64, reason: &str) {
    let end = stream.message().await;
    assert_eq!(end, json!({"type": "unsubscribed", "board": board, "reason": reason}));
    assert_eq!(stream.ended().await, 1000);
}

/// The answer that refuses a stream.
async fn refusal(relay: &Relay, world: &World, who: &Person, path: &str) -> Option<u16> {
    let bearer = format!("Bearer {}", world.token(who));
    match relay.open_stream(path, &[("authorization", &bearer)], None).await {
        Ok(_) => None,
        Err(NoStream::Refused(status)) => Some(status),
        Err(broken) => panic!("no answer: {broken:?}"),
    }
}

#[tokio::test]
async fn rt_stream_says_its_cursor_and_then_each_event_once_in_order() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 3).await;
    let relay = Relay::start(&world, &[]).await;
    let mut stream = relay.stream(&world, &ada, &format!("boards/{board}?after=1")).await;
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(stream.headers[name], value);
    }
    assert!(!stream.headers["x-request-id"].is_empty());
    let cursor = stream.message().await;
    assert_eq!((&cursor["type"], &cursor["seq"]), (&"subscribed".into(), &3.into()), "{cursor}");
    assert!(cursor["epoch"].as_str().is_some_and(|epoch| !epoch.is_empty()), "{cursor}");
    assert!(stream.retry.is_some_and(|retry| (300..=3_000).contains(&retry)), "{stream:?}");
    let (mut socket, _) = relay.follow(&world, &ada, board, Some(1)).await;
    for seq in 2..=3 {
        assert_eq!(stream.event(seq).await, socket.event(seq).await, "the socket's message");
    }
    world.add(&ada, board, 40).await;
    for seq in 4..=43 {
        stream.event(seq).await;
    }
    assert_eq!(stream.last_event_id, Some(43));
}

#[tokio::test]
async fn rt_stream_last_event_id_wins_over_after_and_without_both_a_stream_starts_from_now_on() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 5).await;
    let relay = Relay::start(&world, &[]).await;
    let bearer = format!("Bearer {}", world.token(&ada));
    let cookie = format!("token={}", world.token(&ada));
    let url = format!("boards/{board}");
    let from = format!("boards/{board}?after=1");
    for (path, headers, first) in [
        (&from, &[("authorization", &*bearer), ("last-event-id", "4")][..], 5),
        (&from, &[("authorization", &bearer), ("last-event-id", "")], 2),
        (&url, &[("cookie", &cookie), ("last-event-id", "0")], 1),
        (&url, &[("cookie", &cookie)], 6),
    ] {
        let mut stream = relay.open_stream(path, headers, None).await.expect("a stream");
        assert_eq!(stream.subscribed(board).await, 5, "{path} {headers:?}");
        if first == 6 {
            world.add(&ada, board, 1).await;
        }
        stream.event(first).await;
    }
}

#[tokio::test]
async fn rt_stream_a_cursor_of_no_use_is_reset_and_the_stream_ends() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 2).await;
    let big = world.big_board(&ada, 10_050).await;
    // A board's stream may hold more than are replayed, since it is trimmed only from time to time.
    for event in world.stored(big, 49, 20).await {
        // If another test's relay has published the board, they already exist.
        world.try_stream_only(&event);
    }
    let relay = Relay::start(&world, &[]).await;
    for (path, board, seq, reason) in [
        (format!("boards/{board}?after=99"), board, 2, "epoch"),
        (format!("boards/{board}?after=1&epoch=another"), board, 2, "epoch"),
        (format!("boards/{big}?after=49"), big, 10_050, "too-far"),
    ] {
        let mut stream = relay.stream(&world, &ada, &path).await;
        let expected = json!({"type": "reset", "board": board, "seq": seq, "reason": reason});
        assert_eq!(stream.message().await, expected, "{path}");
        assert_eq!(stream.ended().await, 1000);
        assert_eq!(stream.last_event_id, None, "no event was given");
    }
    let mut stream = relay.stream(&world, &ada, &format!("boards/{big}?after=50")).await;
    assert_eq!(stream.subscribed(big).await, 10_050);
    for seq in 51..=10_050 {
        stream.event(seq).await;
    }
}

#[tokio::test]
async fn rt6_a_removed_member_gets_nothing_after_their_removal_and_the_stream_ends() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &[]).await;
    let path = format!("boards/{board}");
    let mut stream = relay.stream(&world, &bob, &path).await;
    stream.subscribed(board).await;
    let removal = world.remove_member(&ada, board, &bob).await;
    let after = world.commit(&ada, board, 3).await;
    let start = Instant::now();
    world.publish(&[&[removal], &after[..]].concat());
    stream.event(2).await;
    expect_end(&mut stream, board, "removed").await;
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "RT6: {took:?}");
    assert_eq!(refusal(&relay, &world, &bob, &path).await, Some(404));
}

#[tokio::test]
async fn rt6_a_deleted_board_ends_its_streams_after_its_last_event() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 2).await;
    let relay = Relay::start(&world, &[]).await;
    let path = format!("boards/{board}");
    let mut stream = relay.stream(&world, &ada, &path).await;
    stream.subscribed(board).await;
    let who = format!(r#"{{"user_id": {}}}"#, ada.id);
    let id = i64::try_from(board).expect("an id");
    let delete = "SELECT (board_delete($1::text::jsonb, $2)).event::text";
    let event: String = world.sql.query_one(delete, &[&who, &id]).await.expect("deleted").get(0);
    let start = Instant::now();
    world.publish(&[event]);
    stream.event(3).await;
    expect_end(&mut stream, board, "deleted").await;
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "RT6: {took:?}");
    // A disconnected client gets the end; one that has seen it finds nothing, and EventSource gives
    // up.
    let mut away = relay.stream(&world, &ada, &format!("{path}?after=1")).await;
    expect_end(&mut away, board, "deleted").await;
    for path in [&format!("{path}?after=3"), &path] {
        assert_eq!(refusal(&relay, &world, &ada, path).await, Some(404), "{path}");
    }
}

#[tokio::test]
async fn rt6_a_logout_ends_the_streams_of_that_token_and_the_reconnect_is_401() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    until("the feeds are followed", async || {
        relay.log().contains("the feeds are followed").then_some(())
    })
    .await;
    let claims = ada.claims(0);
    let bearer = format!("Bearer {}", claims.sign(&keys_of(JWT_SECRET)));
    let headers = [("authorization", &*bearer)];
    let path = format!("boards/{board}");
    let mut stream = relay.open_stream(&path, &headers, None).await.expect("a stream");
    stream.subscribed(board).await;
    let mut other_device = relay.stream(&world, &ada, &path).await;
    other_device.subscribed(board).await;
    let revoke = "INSERT INTO revoked_tokens VALUES ($1, $2, now())";
    let id = i64::try_from(ada.id).expect("an id");
    world.sql.execute(revoke, &[&claims.jti, &id]).await.expect("revoked");
    let start = Instant::now();
    world.tell_control(&ada);
    assert_eq!(stream.ended().await, 4401);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "RT6: {took:?}");
    let client = Client::new(relay.url.clone());
    let again = client.get(&format!("/sse/{path}")).header("authorization", &bearer).send().await;
    assert_eq!(again.expect_header("www-authenticate"), "Bearer");
    let _ = again.problem(401, "unauthorized");
    world.add(&ada, board, 1).await;
    other_device.event(1).await;
}

#[tokio::test]
async fn rt_token_that_ends_is_announced_and_ends_its_stream() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let short = Claims { exp: seconds() + 3, ..ada.claims(0) };
    let bearer = format!("Bearer {}", short.sign(&keys_of(JWT_SECRET)));
    let headers = [("authorization", &*bearer)];
    let path = format!("boards/{board}");
    let mut stream = relay.open_stream(&path, &headers, None).await.expect("a stream");
    let first = [stream.message().await, stream.message().await];
    let expiry = json!({"type": "token-expiring", "at": short.expires_at().to_string()});
    assert!(first.contains(&expiry), "{first:?}");
    assert_eq!(stream.ended().await, 4401);
    let again = relay.open_stream(&path, &headers, None).await;
    assert!(matches!(again, Err(NoStream::Refused(401))), "{again:?}");
}

#[tokio::test]
async fn rt8_heartbeats_carry_the_head_also_where_events_cannot_be_had() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &["--heartbeat-ms", "200"]).await;
    let mut stream = relay.stream(&world, &ada, &format!("boards/{board}")).await;
    stream.subscribed(board).await;
    let deadline = Instant::now() + PATIENCE;
    let mut heads = async |head: u64| loop {
        assert!(Instant::now() < deadline, "no heartbeat has the head {head}");
        let message = stream.read().await.expect("a connection").expect("a message");
        if message["type"] == "heartbeat" && message["heads"] == json!({board.to_string(): head}) {
            break;
        }
    };
    heads(0).await;
    world.add(&ada, board, 2).await;
    heads(2).await;
}

#[tokio::test]
async fn rt2_and_rt3_a_reader_that_reconnects_at_random_gets_each_event_once() {
    let mut dice = chance::dice();
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relays =
        [Relay::start(&world, &["--ring-events", "8"]).await, Relay::start(&world, &[]).await];
    let write = async {
        let mut dice = dice.fork();
        for _ in 0..60 {
            let events = world.commit(&ada, board, dice.usize(1..5)).await;
            // Some are never published, some twice and out of order.
            let mut published: Vec<_> = events.iter().filter(|_| dice.u8(..8) > 0).collect();
            dice.shuffle(&mut published);
            published.iter().for_each(|event| world.feed_only(event));
        }
        world.add(&ada, board, 1).await;
        let count = "SELECT seq FROM boards WHERE id = $1";
        let id = i64::try_from(board).expect("an id");
        world.sql.query_one(count, &[&id]).await.expect("a board").get::<_, i64>(0)
    };
    let read = async {
        let (mut last, mut connections) = (0_u64, 0);
        let mut dice = chance::dice();
        while connections < 25 {
            let relay = &relays[dice.usize(..2)];
            let bearer = format!("Bearer {}", world.token(&ada));
            let id = last.to_string();
            let headers = [("authorization", &*bearer), ("last-event-id", &*id)];
            let path = format!("boards/{board}?after=0");
            let mut stream = relay.open_stream(&path, &headers, None).await.expect("a stream");
            connections += 1;
            stream.subscribed(board).await;
            for _ in 0..dice.u32(..6) {
                // The last one may have come long ago.
                if last > 59 && connections > 20 {
                    break;
                }
                last += 1;
                stream.event(last).await;
            }
        }
        last
    };
    let (head, last) = futures::join!(write, read);
    let head = u64::try_from(head).expect("a number");
    let mut stream = relays[0].stream(&world, &ada, &format!("boards/{board}?after={last}")).await;
    stream.subscribed(board).await;
    for seq in last + 1..=head {
        stream.event(seq).await;
    }
}

#[tokio::test]
async fn rt_replay_streams_and_sockets_that_come_back_at_once_share_their_reads() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.big_board(&ada, 600).await;
    let relay = Relay::start(&world, &["--max-sockets-per-user", "500"]).await;
    let path = format!("boards/{board}?after=0");
    let streams = (0..60).map(|_| async {
        let mut stream = relay.stream(&world, &ada, &path).await;
        stream.subscribed(board).await;
        for seq in 1..=600 {
            stream.event(seq).await;
        }
    });
    let sockets = (0..20).map(|_| async {
        let mut socket = relay.socket(&world, &ada).await;
        subscribe(&mut socket, board, Some(0)).await;
        expect(&mut socket, board, 1..=600).await;
    });
    futures::join!(futures::future::join_all(streams), futures::future::join_all(sockets));
    let reads = relay.metric("realtime_relay_source_reads_total").await;
    assert!(reads <= 60, "{reads} reads for 80 readers of three pages each");
}
