//! Redis emptied, restarted, frozen or away: nothing that is read is wrong, nothing that is written
//! is lost.

use contract_tests::Api;
use contract_tests::api::{Mode, World, seq};
use contract_tests::replica::canonical;
use serde_json::json;
use std::time::{Duration, Instant};

async fn world() -> World {
    World::start(Mode::STATE_OF_THE_ART, &[]).await
}

/// Fails unless the API says of the board what PostgreSQL says.
async fn assert_right(world: &World, api: &Api<'_>, board: u64) {
    let document = canonical(&api.document(board).await);
    assert_eq!(document, canonical(&world.databases().board(board, "owner")));
}

/// Adds a task; tells whether everybody was told of it.
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
        assert!(Instant::now() < deadline, "Redis is back, and events stay deferred");
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
        assert!(!is_delivered(&api, board).await, "without Redis nobody can have been told");
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
    let start = Instant::now();
    assert!(!is_delivered(&api, board).await);
    assert_right(&world, &api, board).await;
    assert!(start.elapsed() < Duration::from_secs(12), "{:?}", start.elapsed());
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
async fn api_503_while_postgresql_is_away_also_where_the_cache_has_the_board() {
    let world = world().await;
    let api = world.api();
    let board = api.board("Database").await;
    let task = api.task(board, "One").await;
    let path = api.board_path(board);
    let document = api.document(board).await;
    world.databases().kill_postgres();
    // Whatever can be told without it is right; nothing else is told.
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
        assert!(Instant::now() < deadline, "PostgreSQL is back, and 503 stays");
    }
    assert_heals(&world, &api, board).await;
}
