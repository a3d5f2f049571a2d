//! Event streams whose clients read little or nothing, or exceed the limit; and requests for
//! streams that are refused.

use crate::support::{Relay, World, until};
use contract_tests::Client;
use contract_tests::EventStream;
use contract_tests::stack::ALLOWED_ORIGIN;
use serde_json::json;
use std::time::{Duration, Instant};

/// Streams with a receive buffer so small that almost everything queues at the relay.
async fn dawdlers(relay: &Relay, token: &str, board: u64, count: usize) -> Vec<EventStream> {
    let bearer = format!("Bearer {token}");
    let mut streams = Vec::new();
    for _ in 0..count {
        let headers = [("authorization", &*bearer)];
        let path = format!("boards/{board}");
        let mut stream = relay.open_stream(&path, &headers, Some(4_096)).await.expect("a stream");
        stream.subscribed(board).await;
        streams.push(stream);
    }
    streams
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt7_streams_that_are_not_read_lose_nothing_hold_nobody_up_and_cost_no_memory() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let flags = ["--max-sockets-per-user", "500", "--send-buffer", "4096", "--ring-events", "200"];
    let relay = Relay::start(&world, &flags).await;
    let mut quick = relay.stream(&world, &ada, &format!("boards/{board}")).await;
    quick.subscribed(board).await;
    let mut slow = dawdlers(&relay, &world.token(&ada), board, 100).await;
    let mut next = 1;
    let mut write = async |count: u64| {
        for _ in 0..count / 100 {
            world.add_long(&ada, board, 100).await;
            for _ in 0..100 {
                quick.event(next).await;
                next += 1;
            }
        }
    };
    // The ring is full, and so is every slow socket.
    write(300).await;
    let before = relay.memory();
    write(500).await;
    let grown = relay.memory().saturating_sub(before);
    // Separate copies of the unread events of all 100 would take 500 events of 2 KiB each: 100 MiB.
    assert!(grown < 16 << 10, "{grown} KiB more");
    let reads = slow.iter_mut().map(|stream| async {
        for seq in 1..=800 {
            stream.event(seq).await;
        }
    });
    futures::future::join_all(reads).await;
    assert_eq!(relay.metric("realtime_relay_dead_readers_total").await, 0);
}

#[tokio::test]
async fn rt7_only_a_stream_of_which_nothing_at_all_is_read_is_closed() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let flags = ["--send-buffer", "4096", "--dead-reader-ms", "2000"];
    let relay = Relay::start(&world, &flags).await;
    let mut streams = dawdlers(&relay, &world.token(&ada), board, 2).await;
    let mut slow = streams.pop().expect("a stream");
    let start = Instant::now();
    let dawdle = async {
        let mut next = 1;
        while start.elapsed() < Duration::from_secs(5) {
            for _ in 0..10 {
                slow.event(next).await;
                next += 1;
            }
            // This reader's pace is the subject of the test.
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        next
    };
    let closed = until("the other one is closed", async || {
        let dead = relay.metric("realtime_relay_dead_readers_total").await;
        (dead == 1).then(|| start.elapsed())
    });
    let write = world.add_long(&ada, board, 300);
    let ((), next, closed) = futures::join!(write, dawdle, closed);
    assert!(closed >= Duration::from_secs(2), "{closed:?}");
    for seq in next..=300 {
        slow.event(seq).await;
    }
    assert_eq!(relay.metric("realtime_relay_dead_readers_total").await, 1);
}

#[tokio::test]
async fn rt_stream_counts_against_the_same_limits_as_sockets() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let path = format!("/sse/boards/{board}");
    let flags = ["--max-sockets-per-user", "2", "--max-sockets", "3"];
    let relay = Relay::start(&world, &flags).await;
    let socket = relay.socket(&world, &ada).await;
    let _stream = relay.stream(&world, &ada, &format!("boards/{board}")).await;
    let client = Client::new(relay.url.clone());
    let tokens = [&ada, &bob].map(|who| format!("Bearer {}", world.token(who)));
    let third = client.get(&path).header("authorization", &tokens[0]).send().await;
    assert!(third.header("retry-after").is_some(), "{third}");
    let _ = third.problem(429, "too-many-connections");
    let _other = relay.stream(&world, &bob, &format!("boards/{board}")).await;
    let fourth = client.get(&path).header("authorization", &tokens[1]).send().await;
    assert!(fourth.header("retry-after").is_some(), "{fourth}");
    let _ = fourth.problem(503, "unavailable");
    drop(socket);
    until("there is a place again", async || {
        let again = relay.open_stream(&path[5..], &[("authorization", &tokens[0])], None).await;
        again.ok()
    })
    .await;
    let refused =
        relay.metric(r#"realtime_relay_refused_handshakes_total{reason="too-many"}"#).await;
    assert!(refused >= 1, "a refusal is counted");
}

#[tokio::test]
async fn rt_stream_what_is_no_request_for_a_stream_is_a_problem_that_says_why() {
    let world = World::shared().await;
    let (ada, eve) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let client = Client::new(relay.url.clone());
    let own = format!("Bearer {}", world.token(&ada));
    let strange = format!("Bearer {}", world.token(&eve));
    let path = format!("/sse/boards/{board}");
    let get = async |path: &str, headers: &[(&str, &str)]| {
        let call = client.get(path);
        headers.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await
    };
    let missing = get("/sse/boards/9999999", &[("authorization", &own)]).await;
    let missing = missing.problem(404, "not-found");
    let not_mine = get(&path, &[("authorization", &strange)]).await.problem(404, "not-found");
    assert_eq!(missing["detail"], not_mine["detail"], "a stranger's board looks like none");
    for path in ["/sse/boards/x", "/sse/boards/0", "/sse/boards/", "/sse/boards", "/sse/"] {
        let _ = get(path, &[("authorization", &own)]).await.problem(404, "not-found");
    }
    for after in ["x", "-1", "", "1.5", "9007199254740992", "1&after=2"] {
        let path = format!("{path}?after={after}");
        let problem = get(&path, &[("authorization", &own)]).await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], "?after", "{after}: {problem}");
    }
    let headers = [("authorization", &*own), ("last-event-id", "x")];
    let problem = get(&path, &headers).await.problem(400, "malformed-header");
    assert!(problem["detail"].as_str().is_some_and(|why| why.contains("last-event-id")));
    for headers in [&[][..], &[("authorization", "Bearer x")], &[("cookie", "token=x")]] {
        let _ = get(&path, headers).await.problem(401, "unauthorized");
    }
    // A token in the URL is not accepted.
    let token = world.token(&ada);
    let _ = get(&format!("{path}?token={token}"), &[]).await.problem(401, "unauthorized");
    let post = client.request("POST", &path).send().await;
    assert_eq!(post.expect_header("allow"), "GET, OPTIONS");
    let _ = post.problem(405, "method-not-allowed");
    assert!(!relay.log().contains(&token), "no token in the log");
}

#[tokio::test]
async fn rt_stream_is_for_pages_of_allowed_origins_only() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let client = Client::new(relay.url.clone());
    let cookie = format!("token={}", world.token(&ada));
    let path = format!("boards/{board}");
    for origin in ["https://evil.example", "null", "http://board.example"] {
        let call = client.get(&format!("/sse/{path}")).header("origin", origin);
        let reply = call.header("cookie", &cookie).send().await;
        assert_eq!(reply.header("access-control-allow-origin"), None, "{reply}");
        let _ = reply.problem(403, "foreign-origin");
    }
    let headers = [("cookie", &*cookie), ("origin", ALLOWED_ORIGIN)];
    let stream = relay.open_stream(&path, &headers, None).await.expect("a stream");
    assert_eq!(stream.headers["access-control-allow-origin"], ALLOWED_ORIGIN);
    assert_eq!(stream.headers["access-control-allow-credentials"], "true");
    assert_eq!(stream.headers["vary"], "Origin");
    // Refusals are readable as well, so that a page learns the reason.
    let call = client.get(&format!("/sse/{path}")).header("origin", ALLOWED_ORIGIN);
    let reply = call.send().await;
    assert_eq!(reply.header("access-control-allow-origin"), Some(ALLOWED_ORIGIN), "{reply}");
    let _ = reply.problem(401, "unauthorized");
    let call = client.request("OPTIONS", &format!("/sse/{path}")).header("origin", ALLOWED_ORIGIN);
    let reply = call.header("access-control-request-headers", "authorization").send().await;
    let allowed = reply.expect_header("access-control-allow-headers").to_lowercase();
    assert!(allowed.contains("authorization") && allowed.contains("last-event-id"), "{reply}");
    let _ = reply.expect(204);
}

#[tokio::test]
async fn rt_stream_is_503_where_accounts_cannot_be_looked_up() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let bearer = format!("Bearer {}", world.token(&ada));
    world.databases.kill_postgres();
    let client = Client::new(relay.url.clone());
    let call = client.get(&format!("/sse/boards/{board}")).header("authorization", &bearer);
    let reply = call.send().await;
    assert!(reply.header("retry-after").is_some(), "{reply}");
    let _ = reply.problem(503, "unavailable");
}

#[tokio::test]
async fn rt_stream_can_be_opened_on_a_connection_that_was_used_before() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 1).await;
    let relay = Relay::start(&world, &[]).await;
    let host = relay.url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.expect("a connection");
    let token = world.token(&ada);
    let requests = format!(
        "GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n\
         GET /sse/boards/{board}?after=0 HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(requests.as_bytes()).await.expect("sent");
    let mut text = String::new();
    while !text.contains("id: 1\n") {
        let mut bytes = [0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut bytes)).await;
        let count = read.expect("an answer").expect("a connection");
        assert!(count > 0, "ended after: {text}");
        text.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    let answers: Vec<_> = text.match_indices("HTTP/1.1 200 OK\r\n").collect();
    assert_eq!(answers.len(), 2, "{text}");
    assert!(text.contains(&json!({"status": "ok"}).to_string()), "{text}");
}
