//! RT9: in any state of Redis, access rights hold, writers read their own writes, and events reach
//! everybody (RT4).

use contract_tests::api::{Mode, World, seq};
use contract_tests::replica::canonical;
use contract_tests::{Api, Databases, Socket};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// How soon people who lost access must be refused.
const SOON: Duration = Duration::from_secs(1);

/// How long an expected event may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// These tests' servers, for one test at a time: each breaks Redis in its own way.
async fn world() -> MutexGuard<'static, World> {
    static WORLD: OnceCell<Mutex<World>> = OnceCell::const_new();
    let start = async || Mutex::new(World::start(Mode::TEAMS, &[]).await);
    let world = WORLD.get_or_init(start).await.lock().await;
    let databases = world.databases();
    databases.kill_redis();
    databases.start_redis();
    databases.flush_redis();
    world.stack.kill_relay();
    world.stack.restart_relay().await;
    world
}

/// Two cached boards of Ada. Bob is a member of one and will be removed; the other will be deleted.
/// Carol is logged in and will be logged out; Eve has access to none of it.
struct Scene<'world> {
    databases: &'world Databases,
    ada: Api<'world>,
    bob: Api<'world>,
    carol: Api<'world>,
    eve: Api<'world>,
    board: u64,
    doomed: u64,
    /// Ada's, subscribed to the first board; none without a relay.
    socket: Option<Socket>,
}

impl<'world> Scene<'world> {
    async fn of(world: &'world World) -> Self {
        let (ada, carol, eve) =
            (world.somebody().await, world.somebody().await, world.somebody().await);
        let (board, doomed) = (ada.board("Kept").await, ada.board("Doomed").await);
        ada.task(board, "Theirs").await;
        let bob = world.member(&ada, board, "editor").await;
        let _ = ada.add(doomed, &json!({"title": "One"})).await;
        for (person, board) in [(&ada, board), (&bob, board), (&ada, doomed)] {
            until_cached(person, board).await;
        }
        let _ = carol.get("/api/boards").send().await.expect(200);
        let mut socket = Socket::open(&ada).await;
        assert_eq!(seq(&socket.subscribe(board, None).await), 2);
        let databases = world.databases();
        Self { databases, ada, bob, carol, eve, board, doomed, socket: Some(socket) }
    }

    /// Removes Bob, changes a task, deletes the other board, and logs Carol out. Returns whether
    /// all of that was published at once.
    async fn change(&self) -> bool {
        let Self { ada, bob, carol, board, doomed, .. } = self;
        let member = format!("{}/members/{}", ada.board_path(*board), bob.username());
        let (doomed, title) = (ada.board_path(*doomed), json!({"title": "Mine"}));
        let (removed, changed, deleted, left) = tokio::join!(
            ada.delete(&member).send(),
            ada.patch(&ada.task_path(*board, 1), &title).send(),
            ada.delete(&doomed).send(),
            carol.request("POST", "/api/auth/logout").send(),
        );
        let replies =
            [removed.expect(204), changed.expect(200), deleted.expect(204), left.expect(204)];
        replies.iter().all(|reply| reply.header("event-delivery").is_none())
    }

    /// Checks the promises after [`Scene::change`].
    async fn assert_right(&mut self) {
        let Self { databases, ada, bob, carol, eve, board, doomed, socket } = self;
        let (kept, doomed) = (ada.board_path(*board), ada.board_path(*doomed));
        for (who, api, path) in
            [("removed", &*bob, &kept), ("stranger", &*eve, &kept), ("deleted", &*ada, &doomed)]
        {
            let start = Instant::now();
            let reply = api.get(path).send().await;
            assert_eq!(reply.status, 404, "{who}: {reply}");
            assert!(start.elapsed() < SOON, "{who}: {:?}", start.elapsed());
        }
        let start = Instant::now();
        let reply = carol.get("/api/boards").send().await;
        assert_eq!(reply.status, 401, "logged out: {reply}");
        assert!(start.elapsed() < SOON, "logged out: {:?}", start.elapsed());

        let read = ada.get(&kept).send().await.expect(200);
        let seen = read.json();
        assert_eq!((seq(&seen), &seen["tasks"][0]["title"]), (4, &json!("Mine")), "{seen}");
        assert_eq!(canonical(&seen), canonical(&databases.board(*board, "owner")));
        let named = ada.patch(&kept, &json!({"name": "Renamed"})).header("if-match", &read.tag());
        let _ = named.send().await.expect(200);
        let least = format!("{kept}?min_seq=5");
        assert_eq!(ada.get(&least).send().await.expect(200).json()["name"], "Renamed");
        if let Some(socket) = socket {
            for seq in 3..=5 {
                let event = socket.event(seq).await;
                assert_ne!(event["task"]["title"], "Never", "{event}");
            }
        }
    }

    /// A board's keys: its stream, its document, the compressed document, and its shard's feed and
    /// statistics.
    fn keys(board: u64) -> [String; 5] {
        let shard = board % 16;
        let of = |name| format!("{{s{shard}}}:board:{board}:{name}");
        let of_shard = |name| format!("{{s{shard}}}:{name}");
        [of("events"), of("doc"), of("doc:gzip"), of_shard("feed"), of_shard("statistics")]
    }
}

async fn until_cached(api: &Api<'_>, board: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let reply = api.get(&api.board_path(board)).send().await.expect(200);
        if reply.header("x-cache") == Some("hit") {
            return;
        }
        assert!(Instant::now() < deadline, "board {board} is not cached");
    }
}

/// Sends a command to Redis, which must accept it.
fn tell(databases: &Databases, words: &[&str]) {
    let answer = databases.redis(words).expect("an answer");
    assert!(!answer.starts_with('-'), "{answer}");
}

#[tokio::test]
async fn rt9_nobody_reads_what_they_may_not_while_redis_is_absent() {
    let world = world().await;
    let mut scene = Scene::of(&world).await;
    scene.databases.kill_redis();
    assert!(!scene.change().await);
    scene.assert_right().await;
}

#[tokio::test]
async fn rt9_nobody_reads_what_they_may_not_while_redis_is_slow() {
    let world = world().await;
    let mut scene = Scene::of(&world).await;
    scene.databases.freeze_redis();
    assert!(!scene.change().await);
    scene.assert_right().await;
}

#[tokio::test]
async fn rt9_nobody_reads_what_they_may_not_while_redis_only_reads() {
    let world = world().await;
    for words in [
        // A replica without its primary.
        &["REPLICAOF", "127.0.0.1", "1"][..],
        // A primary without its replicas.
        &["CONFIG", "SET", "min-replicas-to-write", "1"],
    ] {
        let mut scene = Scene::of(&world).await;
        tell(scene.databases, words);
        assert!(!scene.change().await, "{words:?}");
        scene.assert_right().await;
        tell(scene.databases, &["REPLICAOF", "NO", "ONE"]);
    }
}

#[tokio::test]
async fn rt9_nobody_reads_what_they_may_not_while_redis_is_full() {
    let world = world().await;
    let mut scene = Scene::of(&world).await;
    tell(scene.databases, &["CONFIG", "SET", "maxmemory", "1"]);
    assert!(!scene.change().await);
    scene.assert_right().await;
    // Counting logins needs little memory, so they still work.
    let _ = world.somebody().await;
}

#[tokio::test]
async fn rt9_what_somebody_else_left_under_the_keys_of_relays_gives_way() {
    let world = world().await;
    let Scene { databases, ada, board, socket, .. } = Scene::of(&world).await;
    let keys = shared::data::keys::shared_by_relays();
    for (key, _) in &keys {
        tell(databases, &["DEL", key]);
        let _ = databases.redis(&["RPUSH", key, "something else"]).expect("an answer");
    }
    let is_left = |(key, _): &&(String, &str)| {
        databases.redis(&["TYPE", key]).expect("an answer").contains("list")
    };
    let deadline = Instant::now() + PATIENCE;
    while let Some((key, _)) = keys.iter().find(is_left) {
        assert!(Instant::now() < deadline, "{key} still has it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Even an event that its function never published.
    let add = format!(
        "SELECT task_add(jsonb_build_object('user_id', id), {board}, '{{\"title\": \"Lost\"}}') \
         FROM users WHERE username = '{}'",
        ada.username()
    );
    let _ = databases.psql(&add).expect("a task");
    assert_eq!(socket.expect("a socket").event(3).await["task"]["title"], "Lost");
    while databases.streamed(board).last().is_none_or(|event| seq(event) < 3) {
        assert!(Instant::now() < deadline + PATIENCE, "nothing is swept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn rt9_nobody_reads_what_they_may_not_where_redis_is_set_back_to_an_old_snapshot() {
    let world = world().await;
    let mut scene = Scene::of(&world).await;
    scene.databases.keep_redis_data();
    let backup = scene.databases.back_up_redis();
    assert!(scene.change().await);
    // Nothing that would repair it.
    scene.socket = None;
    world.stack.kill_relay();
    scene.databases.restore_redis(&backup);
    scene.databases.forget_redis_data();
    scene.assert_right().await;
}

#[tokio::test]
async fn rt9_nobody_reads_what_they_may_not_where_a_stream_is_ahead_of_postgresql() {
    let world = world().await;
    let mut scene = Scene::of(&world).await;
    for board in [scene.board, scene.doomed] {
        let [stream, ..] = Scene::keys(board);
        tell(scene.databases, &["XADD", &stream, "999999-0", "event", "{}"]);
    }
    assert!(scene.change().await);
    scene.assert_right().await;
}

#[tokio::test]
async fn rt4_a_stream_of_events_that_never_happened_is_told_to_nobody() {
    let world = world().await;
    let mut scene = Scene::of(&world).await;
    let [stream, ..] = Scene::keys(scene.board);
    let mut event: Value = scene.databases.logged(scene.board)[0].clone();
    event["task"]["title"] = json!("Never");
    for seq in 3..40 {
        event["seq"] = json!(seq);
        tell(scene.databases, &["XADD", &stream, &format!("{seq}-0"), "event", &event.to_string()]);
    }
    assert!(scene.change().await);
    scene.assert_right().await;
    let streamed = scene.databases.streamed(scene.board);
    assert!(streamed.iter().all(|event| event["task"]["title"] != "Never"), "{streamed:?}");
}

#[tokio::test]
async fn rt9_nobody_reads_what_they_may_not_where_something_else_has_a_boards_names_in_redis() {
    let world = world().await;
    let something_else = [
        &["SET", "something else"][..],
        &["RPUSH", "something else"],
        // A document as an earlier version cached it.
        &["HSET", "seq", "99"],
    ];
    for (place, words) in (0..5).flat_map(|place| something_else.map(|words| (place, words))) {
        let mut scene = Scene::of(&world).await;
        for board in [scene.board, scene.doomed] {
            let key = Scene::keys(board)[place].clone();
            tell(scene.databases, &["DEL", &key]);
            tell(scene.databases, &[&[words[0], &key], &words[1..]].concat());
        }
        assert!(scene.change().await, "{place} {words:?}");
        scene.assert_right().await;
        until_cached(&scene.ada, scene.board).await;
    }
}

#[tokio::test]
async fn rt9_a_cached_board_that_is_of_another_moment_or_not_whole_is_read_by_nobody() {
    let world = world().await;
    let Scene { databases, ada, board, .. } = Scene::of(&world).await;
    for _ in 0..2 {
        let task = json!({"title": "x", "description": "x".repeat(9_000)});
        let _ = ada.add(board, &task).await.expect(201);
    }
    let read = async |gzip: bool| {
        let coding = if gzip { "gzip" } else { "identity" };
        let read = ada.get(&ada.board_path(board)).header("accept-encoding", coding);
        let reply = read.send().await.expect(200);
        (reply.expect_header("x-cache").to_owned(), reply.body)
    };
    let mut redis = databases.redis_connection();
    for (gzip, key) in [(false, &Scene::keys(board)[1]), (true, &Scene::keys(board)[2])] {
        let (_, right) = read(gzip).await;
        assert_eq!(read(gzip).await, ("hit".to_owned(), right.clone()));
        let kept: Vec<u8> = redis::cmd("GET").arg(key).query(&mut redis).expect("a text");
        let end = kept.iter().position(|byte| *byte == b'\n').expect("a line");
        let line = std::str::from_utf8(&kept[..end]).expect("text");
        let with = |line: &str| [line.as_bytes(), &kept[end..]].concat();
        let (_, rest) = line.split_once(' ').expect("a board");
        let (seq, rest) = rest.split_once(' ').expect("a seq");
        let (time, rest) = rest.split_once(' ').expect("a time");
        let (epoch, sizes) = rest.split_once(' ').expect("an epoch");
        for wrong in [
            with(&format!("{} {seq} {time} {epoch} {sizes}", board + 1)),
            with(&format!("{board} 9{seq} {time} {epoch} {sizes}")),
            with(&format!("{board} 1 {time} {epoch} {sizes}")),
            with(&format!("{board} {seq} 2026-01-01T00:00:00.000Z {epoch} {sizes}")),
            with(&line.replace(epoch, "00000000-0000-0000-0000-000000000000")),
            with(&format!("{board} {seq} {time} {epoch} 18446744073709551616")),
            with(""),
            kept[..end].to_vec(),
            kept[..=end].to_vec(),
            kept[..kept.len() - 1].to_vec(),
            [&kept[..], b" "].concat(),
            kept[end + 1..].to_vec(),
            b"\xff\x00".to_vec(),
            Vec::new(),
        ] {
            redis::cmd("SET").arg(key).arg(&wrong).exec(&mut redis).expect("set");
            let reported = String::from_utf8_lossy(&wrong[..wrong.len().min(120)]).into_owned();
            assert_eq!(read(gzip).await, ("miss".to_owned(), right.clone()), "{reported}");
            assert_eq!(read(gzip).await, ("hit".to_owned(), right.clone()), "{reported}");
        }
        let left: i64 = redis::cmd("TTL").arg(key).query(&mut redis).expect("a number");
        assert!((3_000..=3_600).contains(&left), "it expires after an hour: {left}");
    }
}

#[tokio::test]
async fn rt9_a_database_that_was_set_back_and_told_nobody_is_what_everybody_reads() {
    let world = world().await;
    let Scene { databases, ada, board, socket, .. } = Scene::of(&world).await;
    let mut socket = socket.expect("a socket");
    let answers = async || {
        let deadline = Instant::now() + PATIENCE;
        while ada.get(&ada.board_path(board)).send().await.status != 200 {
            assert!(Instant::now() < deadline, "PostgreSQL is back, but reads fail");
        }
    };
    let assert_right = async |expected: u64| {
        let seen = ada.document(board).await;
        assert_eq!(canonical(&seen), canonical(&databases.board(board, "owner")));
        assert_eq!(seq(&seen), expected);
    };
    let backup = databases.back_up_postgres();
    answers().await;
    for (title, seq) in [("lost", 3), ("lost as well", 4)] {
        ada.task(board, title).await;
        assert_eq!(socket.event(seq).await["task"]["title"], title);
    }
    until_cached(&ada, board).await;
    // The lost future is longer than the history that replaces it, and Redis has it.
    for _ in 0..8 {
        let _ = databases.psql("SELECT pg_current_xact_id()").expect("a transaction");
    }
    let lost = databases.psql("SELECT pg_current_xact_id()").expect("a transaction");
    let lost: u64 = lost.trim().parse().expect("a number");
    let swept = || databases.redis(&["GET", "{s0}:swept"]).expect("an answer");
    let swept = || swept().trim().rsplit(' ').next().and_then(|it| it.parse::<u64>().ok());
    let deadline = Instant::now() + PATIENCE;
    while swept() <= Some(lost) {
        assert!(Instant::now() < deadline, "nothing is swept");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // Redis cannot be repaired yet.
    tell(databases, &["REPLICAOF", "127.0.0.1", "1"]);
    databases.set_back_postgres(&backup);
    answers().await;
    assert_right(2).await;
    let reset = socket.message_but_heartbeats().await;
    assert_eq!((&reset["type"], &reset["seq"]), (&json!("reset"), &json!(2)), "{reset}");
    let epoch = ada.document(board).await["epoch"].as_str().expect("an epoch").to_owned();
    let answer = socket.subscribe(board, Some((2, &epoch))).await;
    assert_eq!((&answer["type"], seq(&answer)), (&json!("subscribed"), 2), "{answer}");
    // Different events with the same numbers as in the stream and the document.
    for (title, seq) in [("new", 3), ("new as well", 4)] {
        ada.task(board, title).await;
        assert_right(seq).await;
        assert_eq!(socket.event(seq).await["task"]["title"], title);
    }
    tell(databases, &["REPLICAOF", "NO", "ONE"]);
    let [stream, ..] = Scene::keys(board);
    let deadline = Instant::now() + PATIENCE;
    while databases.redis(&["EXISTS", &stream]).expect("an answer") != ":0\r\n" {
        assert!(Instant::now() < deadline, "the stream of the lost future remains");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    ada.task(board, "newest").await;
    assert_right(5).await;
    assert_eq!(socket.event(5).await["task"]["title"], "newest");
    until_cached(&ada, board).await;
    assert_right(5).await;
}
