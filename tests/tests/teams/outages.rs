//! Redis emptied, restarted, frozen or stopped: no read is wrong, no write is lost.

use contract_tests::api::{Mode, World, seq};
use contract_tests::chance::dice;
use contract_tests::replica::canonical;
use contract_tests::{Api, walk};
use futures::future::join_all;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

async fn world() -> World {
    World::start(Mode::TEAMS, &[]).await
}

/// Fails unless the API's board matches PostgreSQL.
async fn assert_right(world: &World, api: &Api<'_>, board: u64) {
    let document = canonical(&api.document(board).await);
    assert_eq!(document, canonical(&world.databases().board(board, "owner")));
}

/// Adds a task; returns whether its event was published.
async fn is_delivered(api: &Api<'_>, board: u64) -> bool {
    let reply = api.add(board, &json!({"title": "Written"})).await;
    let deferred = reply.header("event-delivery");
    assert!(deferred.is_none_or(|value| value == "deferred"), "{reply}");
    deferred.is_none()
}

/// Writes until events are delivered again, then fails if any is missing.
async fn assert_heals(world: &World, api: &Api<'_>, board: u64) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_delivered(api, board).await {
        assert!(Instant::now() < deadline, "Redis is back, but events stay deferred");
    }
    world.databases().assert_delivered(board);
    for _ in 0..2 {
        assert_right(world, api, board).await;
    }
}

#[tokio::test]
async fn rt2_redis_emptied_nothing_is_wrong_or_deferred() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Emptied").await;
    for _ in 0..3 {
        assert!(is_delivered(&api, board).await);
        assert_right(&world, &api, board).await;
        world.databases().flush_redis();
        assert_right(&world, &api, board).await;
        assert!(is_delivered(&api, board).await);
        assert_heals(&world, &api, board).await;
        // Also where the write comes before any read.
        world.databases().flush_redis();
        assert!(is_delivered(&api, board).await);
        assert_heals(&world, &api, board).await;
    }
}

#[tokio::test]
async fn rt2_redis_away_and_restarted_reads_are_right_and_writes_succeed_deferred() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Away").await;
    assert!(is_delivered(&api, board).await);
    assert_right(&world, &api, board).await;
    world.databases().kill_redis();
    for _ in 0..5 {
        assert!(!is_delivered(&api, board).await, "without Redis it cannot have been published");
        assert_right(&world, &api, board).await;
    }
    world.databases().start_redis();
    assert_heals(&world, &api, board).await;
    assert_eq!(world.databases().logged(board).len() as u64, seq(&api.document(board).await));
}

#[tokio::test]
async fn rt2_redis_frozen_holds_nobody_up_for_long_and_loses_nothing() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Frozen").await;
    assert!(is_delivered(&api, board).await);
    assert_right(&world, &api, board).await;
    world.databases().freeze_redis();
    // Every instance of a function may wait once until it notices.
    let start = Instant::now();
    assert!(!is_delivered(&api, board).await);
    let written = start.elapsed();
    assert!(written < Duration::from_secs(4), "{written:?} for a write");
    assert_right(&world, &api, board).await;
    let read = start.elapsed() - written;
    assert!(read < Duration::from_secs(4), "{read:?} for a read");
    world.databases().kill_redis();
    world.databases().start_redis();
    assert_heals(&world, &api, board).await;
}

#[tokio::test]
async fn rt2_redis_that_pauses_and_keeps_its_memory_gets_what_it_missed() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Paused").await;
    assert!(is_delivered(&api, board).await);
    assert_right(&world, &api, board).await;
    let mut pause = redis::cmd("CLIENT");
    let pause = pause.arg("PAUSE").arg(4_000).arg("ALL");
    pause.query::<()>(&mut world.databases().redis_connection()).expect("paused");
    assert!(!is_delivered(&api, board).await);
    assert_heals(&world, &api, board).await;
    assert_eq!(seq(&world.databases().streamed(board)[0]), 1, "its memory was kept");
}

#[tokio::test]
async fn api_503_while_postgresql_is_unavailable_also_where_the_cache_has_the_board() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Database").await;
    let task = api.task(board, "One").await;
    let path = api.board_path(board);
    let document = api.document(board).await;
    world.databases().kill_postgres();
    // Answers that do not need it are correct; the rest are refused.
    let cached = api.get(&path).send().await;
    if cached.status == 200 {
        assert_eq!(cached.json(), document);
    } else {
        let _ = cached.problem(503, "unavailable");
    }
    let _ = api
        .post(&api.tasks_path(board), &json!({"title": "x"}))
        .send()
        .await
        .problem(503, "unavailable");
    let _ = api
        .patch(&api.task_path(board, task), &json!({"title": "x"}))
        .send()
        .await
        .problem(503, "unavailable");
    let _ = api.get(&api.tasks_path(board)).send().await.problem(503, "unavailable");
    world.databases().start_postgres();
    let deadline = Instant::now() + Duration::from_secs(20);
    while api.get(&api.tasks_path(board)).send().await.status != 200 {
        assert!(Instant::now() < deadline, "PostgreSQL is back, but 503 persists");
    }
    assert_heals(&world, &api, board).await;
}

#[tokio::test]
async fn rt4_a_retry_with_its_key_delivers_what_was_deferred() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Retried").await;
    assert!(is_delivered(&api, board).await);
    let (path, body) = (api.tasks_path(board), json!({"title": "Once"}));
    let post =
        async || api.post(&path, &body).header("idempotency-key", "retry").send().await.expect(201);
    world.databases().kill_redis();
    let first = post().await;
    assert_eq!(first.header("event-delivery"), Some("deferred"), "{first}");
    world.databases().start_redis();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let again = post().await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{again}");
        assert_eq!(again.body, first.body);
        if again.header("event-delivery").is_none() {
            break;
        }
        assert!(Instant::now() < deadline, "Redis is back, but events stay deferred");
    }
    world.databases().assert_delivered(board);
    assert_eq!(world.databases().logged(board).len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt5_a_read_amid_writes_and_losses_of_the_cache_is_the_board_at_one_moment() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Amid").await;
    for nth in 0..8 {
        let _ = api.task(board, &format!("task {nth}")).await;
    }
    let done = AtomicBool::new(false);
    let write = async {
        let mut dice = dice();
        for nth in 0..120 {
            let _ = walk::step(&api, board, &mut dice).await;
            if nth % 20 == 19 {
                world.databases().flush_redis();
            }
        }
        done.store(true, Ordering::SeqCst);
    };
    let read = async || {
        let api = world.api();
        let mut seen = BTreeMap::new();
        while !done.load(Ordering::SeqCst) {
            let document = api.document(board).await;
            let text = canonical(&document);
            let before = seen.insert(seq(&document), text.clone());
            assert!(before.is_none_or(|before| before == text), "two boards of one seq");
        }
        seen
    };
    let (seen, ()) = tokio::join!(join_all((0..6).map(|_| read())), write);
    let mut checked = 0;
    for (seq, text) in seen.into_iter().flatten() {
        let path = format!("{}?at={seq}", api.board_path(board));
        assert_eq!(canonical(&api.get(&path).send().await.expect(200).json()), text);
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_idempotency_retries_with_their_keys_through_a_lost_database_create_each_task_once() {
    const WRITERS: usize = 8;
    const TASKS: usize = 12;
    let world = world().await;
    let api = world.api();
    let board = api.board("Lost").await;
    let path = api.tasks_path(board);
    let done = AtomicUsize::new(0);
    let write = async |writer: usize| {
        let client = world.api();
        for nth in 0..TASKS {
            let name = format!("{writer}-{nth}");
            let body = json!({"title": name});
            let deadline = Instant::now() + Duration::from_secs(30);
            loop {
                let reply = client.post(&path, &body).header("idempotency-key", &name).send().await;
                if reply.status == 201 {
                    break;
                }
                assert_eq!(reply.status, 503, "{reply}");
                assert!(Instant::now() < deadline, "the database is back, but 503 persists");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            done.fetch_add(1, Ordering::SeqCst);
        }
    };
    let lose = async {
        for share in [1, 2] {
            while done.load(Ordering::SeqCst) < share * WRITERS * TASKS / 3 {
                tokio::task::yield_now().await;
            }
            world.databases().kill_postgres();
            world.databases().start_postgres();
        }
    };
    tokio::join!(join_all((0..WRITERS).map(write)), lose);
    let document = api.document(board).await;
    let tasks = document["tasks"].as_array().expect("tasks");
    let titles: BTreeSet<&str> = tasks.iter().filter_map(|task| task["title"].as_str()).collect();
    assert_eq!((tasks.len(), titles.len()), (WRITERS * TASKS, WRITERS * TASKS));
    assert_heals(&world, &api, board).await;
}
