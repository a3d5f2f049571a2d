//! How much one member may write, and the effect on others (docs/operations.md, "Limits").

use contract_tests::api::{Api, Mode, World};
use contract_tests::{Stack, people};
use serde_json::{Value, json};
use std::time::Duration;

/// A task that is as large as one can be, with this many comments.
fn large_task(comments: usize) -> Value {
    json!({
        "title": "\u{1F370}".repeat(200), "description": "\u{1F370}".repeat(10_000),
        "labels": (0..50).map(|nth| format!("{nth:064}")).collect::<Vec<_>>(),
        "fields": {"a": "x".repeat(16_000)}, "comments": vec!["x"; comments],
    })
}

fn bytes_of(events: &[Value]) -> usize {
    events.iter().map(|event| event.to_string().len()).sum()
}

/// An attack: 1,500 comments, each of which used to repeat the whole task in its event.
#[tokio::test]
async fn limit_import_events_of_a_small_import_stay_small_and_can_be_read() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let document = json!({"name": "Talkative", "tasks": [large_task(1_500)]});
    let sent = document.to_string().len();
    let made = ada.post("/api/boards/import", &document).send().await.expect(201);
    assert_eq!(made.header("event-delivery"), None, "{made}");
    let board = made.json()["id"].as_u64().expect("an id");
    world.databases().assert_delivered(board);
    let streamed = bytes_of(&world.databases().streamed(board));
    assert!(streamed < 12 * sent, "{streamed} bytes of events from {sent}");
    let page = ada.get(&format!("/api/boards/{board}/events?limit=1000")).send().await.expect(200);
    assert_eq!(page.json()["items"].as_array().map(Vec::len), Some(1_000));
    let export = ada.get(&format!("/api/boards/{board}/export")).send().await.expect(200).json();
    assert_eq!(export["tasks"][0]["comments"].as_array().map(Vec::len), Some(1_500));
    assert_eq!(ada.document(board).await["tasks"][0]["comment_count"], 1_500);
}

#[tokio::test]
async fn limit_stream_of_a_board_on_which_nothing_happens_goes_after_24_hours() {
    let world = World::shared().await;
    let (databases, ada) = (world.databases(), world.somebody().await);
    let board = ada.board("Empty").await;
    let stream = format!("{{s{}}}:board:{board}:events", board % 16);
    let left = databases.redis(&["TTL", &stream]).expect("an answer");
    let seconds = left.trim().trim_start_matches(':').parse::<i64>().expect("seconds");
    assert!((86_000..=86_400).contains(&seconds), "{left}");
    // Clients that come later do not find it.
    let _ = databases.redis(&["DEL", &stream]).expect("an answer");
    ada.task(board, "First").await;
    databases.assert_delivered(board);
}

#[tokio::test]
async fn limit_events_of_large_tasks_come_in_several_pages_to_every_reader() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let document = json!({"name": "Large", "tasks": vec![large_task(0); 90]});
    let made = ada.post("/api/boards/import", &document).send().await.expect(201);
    assert_eq!(made.header("event-delivery"), None, "{made}");
    let board = made.json()["id"].as_u64().expect("an id");
    world.databases().assert_delivered(board);
    let page = ada.get(&format!("/api/boards/{board}/events?limit=1000")).send().await.expect(200);
    let (size, page) = (page.body.len(), page.json());
    assert!(size < (1 << 20) + 100_000, "{size}");
    assert_eq!(page["next_after"], page["items"].as_array().map(Vec::len).expect("items"));
    assert_eq!(ada.events(board, 0).await.len(), 90);
    let export =
        ada.get(&format!("/api/boards/{board}/export?events=1000")).send().await.expect(200).json();
    let events = export["events"].as_array().expect("events");
    assert!((2..90).contains(&events.len()), "{}", events.len());
    assert_eq!(events[events.len() - 1]["seq"], 90, "the newest ones");
    let streamed = world.databases().streamed(board);
    assert!(streamed.len() < 90 && bytes_of(&streamed) < 4 << 20, "{}", streamed.len());
}

#[tokio::test]
async fn limit_writes_are_429_with_retry_after_and_reads_go_on() {
    let databases = World::shared().await.databases();
    let environment = databases.environment();
    let mut environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    environment.push(("SPIN_VARIABLE_WRITE_BURST", "5"));
    environment.push(("SPIN_VARIABLE_WRITES_PER_SECOND", "1"));
    let stack = Stack::start_with(&environment, &[]).await;
    let api = async |name: &str| {
        let (token, actor) = people::register(&stack, name).await;
        Api::of_user(&stack, &token, actor)
    };
    let (fast, other) = (api("fast").await, api("other").await);
    let board = fast.board("One").await;
    let members = format!("/api/boards/{board}/members/other");
    let editor = json!({"role": "editor"});
    let _ = fast.request("PUT", &members).json(&editor).send().await.expect(201);
    let tasks = fast.tasks_path(board);
    let add = async |key: &str| {
        fast.post(&tasks, &json!({"title": "t"})).header("idempotency-key", key).send().await
    };
    let mut made = 0;
    let reply = loop {
        let reply = add(&format!("key-{made}")).await;
        if reply.status != 201 {
            break reply;
        }
        made += 1;
        assert!(made < 60, "as many as it likes");
    };
    let seconds: u64 = reply.expect_header("retry-after").parse().expect("seconds");
    assert_eq!(reply.problem(429, "rate-limited")["retry_after"], seconds);
    assert!((1..=5).contains(&seconds), "{seconds}");
    assert_eq!(fast.document(board).await["tasks"].as_array().map(Vec::len), Some(made));
    other.task(board, "of somebody else").await;
    databases.psql("DELETE FROM write_rates").expect("as if time had passed");
    let reply = add(&format!("key-{made}")).await.expect(201);
    assert_eq!(reply.header("idempotency-replayed"), None, "it was not created before");
}

#[tokio::test]
async fn limit_redis_full_evicts_what_is_cached_and_publishes_on() {
    let world = World::start(Mode::TEAMS, &[]).await;
    let (ada, databases) = (world.api(), world.databases());
    let set = |name: &str, value: &str| {
        let answer = databases.redis(&["CONFIG", "SET", name, value]).expect("an answer");
        assert!(answer.starts_with("+OK"), "{answer}");
    };
    let reported = |section: &str, name: &str| -> usize {
        let info = databases.redis(&["INFO", section]).expect("an answer");
        let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.expect("a line").parse().expect("a number")
    };
    // Feeds cannot be evicted, and contain everything that follows: 24 times 1.2 MB; streams as
    // much again.
    set("maxmemory", &(reported("memory", "used_memory") + (46 << 20)).to_string());
    set("maxmemory-policy", "volatile-lru");
    let document = json!({"name": "Large", "tasks": vec![large_task(0); 19]});
    let mut boards = Vec::new();
    for _ in 0..24 {
        let made = ada.post("/api/boards/import", &document).send().await.expect(201);
        assert_eq!(made.header("event-delivery"), None, "{made}");
        boards.push(made.json()["id"].as_u64().expect("an id"));
    }
    assert!(reported("stats", "evicted_keys") > 0, "nothing had to go");
    for board in &boards {
        assert_eq!(ada.events(*board, 0).await.len(), 19);
        ada.task(*board, "after its stream went, or not").await;
        assert_eq!(ada.document(*board).await["tasks"].as_array().map(Vec::len), Some(20));
    }
    // With nothing to evict, events wait for Redis, and reads stay correct meanwhile.
    set("maxmemory-policy", "noeviction");
    set("maxmemory", "1");
    let reply = ada.add(boards[0], &json!({"title": "deferred"})).await;
    assert_eq!(reply.header("event-delivery"), Some("deferred"), "{reply}");
    set("maxmemory", "0");
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while databases.streamed(boards[0]).last().map(|event| &event["seq"]) != Some(&json!(21)) {
        assert!(std::time::Instant::now() < deadline, "the sweeper does not publish it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
