//! The cached board document (docs/contract/realtime.md, RT-CACHE): never wrong, and fast where
//! possible.

use crate::documents::import;
use contract_tests::Api;
use contract_tests::api::{World, id, seq};
use contract_tests::chance::dice;
use contract_tests::replica::{Replica, canonical};
use contract_tests::walk;
use serde_json::{Value, json};

/// The board, after checking which way the read took.
async fn read(api: &Api<'_>, board: u64, query: &str, expected: &str) -> Value {
    let path = format!("{}{query}", api.board_path(board));
    let reply = api.get(&path).send().await.expect(200);
    assert_eq!(reply.expect_header("x-cache"), expected, "{reply}");
    reply.json()
}

#[tokio::test]
async fn api_read_is_a_miss_after_each_write_and_then_hits_and_both_show_the_write() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Cached").await;
    let first = read(&ada, board, "", "miss").await;
    assert_eq!(read(&ada, board, "", "hit").await, first);
    let (tasks, task) = (ada.tasks_path(board), ada.task_path(board, 1));
    let _ = ada.post(&tasks, &json!({"title": "One"})).send().await.expect(201);
    let _ = ada.post(&tasks, &json!({"title": "Two", "status": "finished"})).send().await;
    let writes = [
        ("PATCH", task.clone(), json!({"title": "Uno", "labels": ["a"]})),
        ("PATCH", task.clone(), json!({"status": "finished", "before": 2})),
        ("PATCH", ada.board_path(board), json!({"name": "Renamed", "description": "long"})),
        ("PATCH", ada.board_path(board), json!({"archived": true})),
        ("DELETE", task, json!({})),
    ];
    for (nth, (method, path, body)) in writes.iter().enumerate() {
        let reply = ada.request(method, path).json(body).send().await;
        assert!(reply.status < 300, "{reply}");
        assert_eq!(reply.header("event-delivery"), None, "{reply}");
        for cache in ["miss", "hit"] {
            let shown = read(&ada, board, "", cache).await;
            assert_eq!(reply.expect_header("event-seq"), shown["seq"].to_string());
            assert_eq!(seq(&shown), nth as u64 + 3);
            assert_eq!(canonical(&shown), canonical(&world.databases().board(board, "owner")));
        }
    }
    world.databases().assert_delivered(board);
}

/// A board as sent to a client with or without gzip: the body's bytes and its content.
async fn sent(api: &Api<'_>, board: u64, gzip: bool, cache: &str) -> (Vec<u8>, Value) {
    let request = api.get(&api.board_path(board));
    let request = if gzip { request.header("accept-encoding", "br, gzip") } else { request };
    let reply = request.send().await.expect(200);
    assert_eq!(reply.expect_header("x-cache"), cache, "{reply}");
    assert_eq!(reply.expect_header("vary"), "Accept-Encoding");
    assert!(gzip || reply.header("content-encoding").is_none(), "{reply}");
    (reply.body.to_vec(), reply.json())
}

#[tokio::test]
async fn api_gzip_a_board_is_the_same_bytes_when_it_is_read_and_when_it_was_kept() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Bytes").await;
    let viewer = world.member(&ada, board, "viewer").await;
    // Small, then large enough to be compressed.
    for tasks in [1, 30] {
        for nth in 0..tasks {
            let fields = json!({"b": [1.5, 1e3, "</\u{1F370}>"], "a": {}, "n": nth});
            let title = format!("{nth} \"quoted\" \\ \u{a0}x");
            let task = json!({"title": title, "description": "x\u{2028}".repeat(300), "fields": fields,
                "labels": ["a", "b \" c"],
                "start_at": "2026-12-02T03:04:05Z", "due_at": "2027-01-02T03:04:05.1Z"});
            let _ = ada.add(board, &task).await.expect(201);
        }
        let _ = ada.post(&format!("{}/comments", ada.task_path(board, 1)), &json!({"body": "b"}));
        let right = canonical(&world.databases().board(board, "owner"));
        for gzip in [false, true] {
            let made = sent(&ada, board, gzip, "miss").await;
            assert_eq!(canonical(&made.1), right);
            assert!((made.0[..2] == [0x1f, 0x8b]) == (gzip && tasks > 1), "{gzip} {tasks}");
            assert!(sent(&ada, board, gzip, "hit").await == made, "{gzip} {tasks}");
            let mut seen = sent(&viewer, board, gzip, "hit").await.1;
            assert_eq!(seen["role"], "viewer");
            seen["role"] = json!("owner");
            assert_eq!(seen, made.1);
        }
    }
}

#[tokio::test]
async fn rt_cache_a_refused_write_and_one_that_changes_nothing_leave_it_as_it_is() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Still").await;
    ada.task(board, "One").await;
    let before = ada.document(board).await;
    let task = ada.task_path(board, 1);
    let _ = ada.patch(&task, &json!({"status": "no-such-column"})).send().await.pointers();
    let same = ada.patch(&task, &json!({"title": "One"})).send().await.expect(200);
    assert_eq!(same.header("event-seq"), None, "{same}");
    assert_eq!(read(&ada, board, "", "hit").await, before);
}

#[tokio::test]
async fn rt9_each_member_sees_their_own_role_and_a_stranger_nothing_in_the_same_document() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Roles").await;
    let editor = world.member(&ada, board, "editor").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let _ = stranger.get(&ada.board_path(board)).send().await.problem(404, "not-found");
    let whole = read(&ada, board, "", "miss").await;
    for (person, role) in [(&ada, "owner"), (&editor, "editor"), (&viewer, "viewer")] {
        let mut seen = read(person, board, "", "hit").await;
        assert_eq!(seen["role"], role);
        seen["role"] = whole["role"].clone();
        assert_eq!(seen, whole);
    }
    let _ = stranger.get(&ada.board_path(board)).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn rt6_a_removed_member_gets_404_from_the_next_read_on_and_a_new_role_at_once() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Leaving").await;
    ada.task(board, "Secret").await;
    let editor = world.member(&ada, board, "editor").await;
    let viewer = world.member(&ada, board, "viewer").await;
    for person in [&ada, &editor, &viewer] {
        let _ = ada.document(board).await;
        assert_eq!(
            read(person, board, "", "hit").await["members"].as_array().map(Vec::len),
            Some(3)
        );
    }
    let put = |person: &Api<'_>| format!("{}/members/{}", ada.board_path(board), person.username());
    let promote = ada.request("PUT", &put(&viewer)).json(&json!({"role": "editor"}));
    let _ = promote.send().await.expect(200);
    assert_eq!(read(&viewer, board, "", "miss").await["role"], "editor");
    ada.remove(board, &editor).await;
    for query in ["", "?min_seq=1", "?at=2"] {
        let path = format!("{}{query}", ada.board_path(board));
        let _ = editor.get(&path).send().await.problem(404, "not-found");
        let known = editor.get(&path).header("if-none-match", "*").send().await;
        let _ = known.problem(404, "not-found");
    }
    let left = read(&viewer, board, "", "miss").await;
    assert_eq!(left["members"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        canonical(&read(&ada, board, "", "hit").await),
        canonical(&world.databases().board(board, "owner"))
    );
}

/// The state left by a function that died between commit and publication.
async fn unpublished(world: &World, api: &Api<'_>, board: u64, title: &str) {
    let statement = format!(
        "SELECT * FROM task_add('{{\"user_id\": {}}}', {board}, '{{\"title\": \"{title}\"}}')",
        api.user_id()
    );
    let _ = world.databases().psql(&statement).expect("an event");
}

#[tokio::test]
async fn rt9_min_seq_reads_ones_own_write_also_where_the_cache_does_not_know_of_it() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Mine").await;
    ada.task(board, "One").await;
    let _ = read(&ada, board, "", "miss").await;
    unpublished(world, &ada, board, "Two").await;
    let fresh = read(&ada, board, "?min_seq=2", "miss").await;
    assert_eq!(canonical(&fresh), canonical(&world.databases().board(board, "owner")));
    assert_eq!(
        ada.get(&format!("{}?min_seq=3", ada.board_path(board))).send().await.pointers(),
        ["?min_seq"]
    );
}

#[tokio::test]
async fn rt4_the_next_publication_brings_what_was_committed_and_not_published_without_a_hole() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    for cached in [true, false] {
        let board = ada.board("Holes").await;
        ada.task(board, "First").await;
        if cached {
            let _ = read(&ada, board, "", "miss").await;
        }
        for missing in [1, 3, 600] {
            let statement = format!(
                "SELECT count(task_add('{{\"user_id\": {}}}', {board}, '{{\"title\": \"lost\"}}')) \
                 FROM generate_series(1, {missing})",
                ada.user_id()
            );
            let _ = world.databases().psql(&statement).expect("events");
            let reply = ada.add(board, &json!({"title": "Next"})).await;
            assert_eq!(reply.header("event-delivery"), None, "{reply}");
            world.databases().assert_delivered(board);
            let document = ada.document(board).await;
            assert_eq!(canonical(&document), canonical(&world.databases().board(board, "owner")));
        }
    }
}

#[tokio::test]
async fn api_trash_a_deleted_board_is_404_from_the_next_read_on_and_comes_back_whole() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Trash").await;
    ada.task(board, "Kept").await;
    let before = read(&ada, board, "", "miss").await;
    let _ = read(&ada, board, "", "hit").await;
    let _ = ada.delete(&ada.board_path(board)).send().await.expect(204);
    for _ in 0..2 {
        let _ = ada.get(&ada.board_path(board)).send().await.problem(404, "not-found");
    }
    let path = format!("{}/restore", ada.board_path(board));
    let _ = ada.request("POST", &path).send().await.expect(200);
    let _ = read(&ada, board, "", "miss").await;
    let after = read(&ada, board, "", "hit").await;
    assert_eq!(canonical(&after), canonical(&world.databases().board(board, "owner")));
    world.databases().assert_delivered(board);

    let _ = ada.delete(&ada.board_path(board)).send().await.expect(204);
    // Restored by a function that died before publishing.
    let restore =
        format!("SELECT * FROM board_restore('{{\"user_id\": {}}}', {board})", ada.user_id());
    let _ = world.databases().psql(&restore).expect("a board");
    for cache in ["miss", "hit"] {
        let after = read(&ada, board, "", cache).await;
        assert_eq!(after["tasks"], before["tasks"]);
        assert_eq!(canonical(&after), canonical(&world.databases().board(board, "owner")));
    }
    ada.task(board, "New").await;
    let after = read(&ada, board, "", "miss").await;
    assert_eq!(canonical(&after), canonical(&world.databases().board(board, "owner")));
    world.databases().assert_delivered(board);
}

#[tokio::test]
async fn rt5_after_a_random_history_cache_log_tables_and_a_follower_agree() {
    let world = World::shared().await;
    let mut dice = dice();
    let ada = world.somebody().await;
    let board = ada.board("Converge").await;
    let _editor = world.member(&ada, board, "editor").await;
    let mut follower = Replica::new(ada.document(board).await);
    for _ in 0..60 {
        let _ = walk::step(&ada, board, &mut dice).await;
    }
    let _ = ada.document(board).await;
    let cached = read(&ada, board, "", "hit").await;
    let at = format!("{}?at={}", ada.board_path(board), cached["seq"]);
    let logged = ada.get(&at).send().await.expect(200).json();
    for event in world.databases().logged(board).iter().skip(1) {
        follower.apply(event);
    }
    let cached = canonical(&cached);
    assert_eq!(cached, canonical(&logged), "the log");
    assert_eq!(cached, canonical(&world.databases().board(board, "owner")), "the tables");
    assert_eq!(cached, follower.canonical(), "the follower");
    world.databases().assert_delivered(board);
}

#[tokio::test]
async fn a_board_of_five_thousand_tasks_is_cached_whole() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let task =
        |number: u32| json!({"title": format!("task {number}"), "description": "x".repeat(200)});
    let tasks: Vec<_> = (1..=5_000).map(task).collect();
    let board =
        id(&import(&ada, &json!({"name": "Large", "tasks": tasks})).await.expect(201).json());
    let first = ada.document(board).await;
    assert_eq!(first["tasks"].as_array().map(Vec::len), Some(5_000));
    let _ = ada.patch(&ada.task_path(board, 2_500), &json!({"before": 1})).send().await.expect(200);
    let _ = ada.document(board).await;
    let cached = read(&ada, board, "?min_seq=5001", "hit").await;
    assert_eq!(cached["tasks"][0]["id"], 2_500);
    assert!(canonical(&cached) == canonical(&world.databases().board(board, "owner")));
}
