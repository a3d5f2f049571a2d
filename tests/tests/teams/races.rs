//! Many concurrent requests: 64 clients, each with its own connections.

use contract_tests::api::{Mode, World, assert_dense, id, seq};
use contract_tests::chance::dice;
use contract_tests::replica::canonical;
use contract_tests::{Api, Client, Reply};
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many clients there are.
const CLIENTS: usize = 64;

/// This many clients of one user.
fn clients(api: &Api<'_>) -> Vec<Client> {
    let token = api.token().expect("a token");
    let client = || Client::new(api.stack.functions_url()).with_token(token);
    (0..CLIENTS).map(|_| client()).collect()
}

fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

/// Fails unless log, stream, cache and tables agree on the board, without gaps or two tasks in
/// one place.
async fn assert_sound(world: &World, api: &Api<'_>, board: u64) -> Value {
    let databases = world.databases();
    databases.assert_delivered(board);
    let document = api.document(board).await;
    assert_eq!(canonical(&document), canonical(&databases.board(board, "owner")));
    assert_eq!(seq(&document), databases.logged(board).len() as u64);
    let tasks = document["tasks"].as_array().expect("tasks");
    let places: HashSet<String> =
        tasks.iter().map(|task| format!("{} {}", task["status"], task["position"])).collect();
    assert_eq!(places.len(), tasks.len(), "two tasks in one place");
    document
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn races_64_adds_lose_nothing_and_leave_ids_and_seq_dense() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Adds").await;
    let (clients, path) = (clients(&ada), ada.tasks_path(board));
    let add = async |nth: usize| {
        let status = ["todo", "finished"][nth % 2];
        let body = json!({"title": format!("task {nth}"), "status": status});
        clients[nth].post(&path, &body).send().await.expect(201).json()
    };
    let tasks = join_all((0..CLIENTS).map(add)).await;
    let mut ids: Vec<u64> = tasks.iter().map(id).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=CLIENTS as u64).collect::<Vec<_>>());
    let document = assert_sound(world, &ada, board).await;
    assert_eq!(seq(&document), CLIENTS as u64);
    let logged = world.databases().logged(board);
    assert_dense(&logged, 1);
    // Reading the stream or the feed from its beginning includes the first ones.
    assert_eq!(world.databases().streamed(board), logged);
    assert_eq!(world.databases().fed(board), logged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn races_64_moves_into_a_limited_column_never_fill_it_over_its_limit() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let columns = json!([
        {"key": "todo", "name": "To do"}, {"key": "doing", "name": "Doing", "wip_limit": 5},
    ]);
    let body = json!({"name": "Limited", "columns": columns});
    let board = id(&ada.post(Mode::TEAMS.boards, &body).send().await.expect(201).json());
    ada.add_many(board, CLIENTS).await;
    let clients = clients(&ada);
    let (doing, todo) = (json!({"status": "doing"}), json!({"status": "todo"}));
    let go = async |nth: usize| {
        let path = ada.task_path(board, nth as u64 + 1);
        clients[nth].patch(&path, &doing).send().await
    };
    let mut moved = join_all((0..CLIENTS).map(go)).await;
    assert_eq!((count(&moved, 200), count(&moved, 409)), (5, CLIENTS - 5));
    moved.retain(|reply| reply.status == 409);
    for refused in moved {
        let problem = refused.problem(409, "wip-limit");
        assert_eq!((&problem["column"], &problem["wip_limit"]), (&json!("doing"), &json!(5)));
    }
    // Also with places that become free and are taken, and with added tasks.
    let mut dice = dice();
    let plans: Vec<u8> = (0..CLIENTS).map(|_| dice.u8(..3)).collect();
    let act = async |nth: usize| {
        let path = ada.task_path(board, nth as u64 + 1);
        match plans[nth] {
            0 => clients[nth].patch(&path, &todo).send().await,
            1 => clients[nth].patch(&path, &doing).send().await,
            _ => {
                let body = json!({"title": "new", "status": "doing"});
                clients[nth].post(&ada.tasks_path(board), &body).send().await
            }
        }
    };
    for reply in join_all((0..CLIENTS).map(act)).await {
        assert!([200, 201, 409].contains(&reply.status), "{reply}");
    }
    let document = assert_sound(world, &ada, board).await;
    let tasks = document["tasks"].as_array().expect("tasks");
    let within = tasks.iter().filter(|task| task["status"] == "doing").count();
    assert!(within <= 5, "{within}");
    for seq in 0..=seq(&document) {
        // By the log, the limit held at every moment.
        if seq % 8 == 0 {
            let path = format!("{}?at={seq}", ada.board_path(board));
            let then = ada.get(&path).send().await.expect(200).json();
            let tasks = then["tasks"].as_array().expect("tasks").clone();
            let within = tasks.iter().filter(|task| task["status"] == "doing").count();
            assert!(within <= 5, "{within} at {seq}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn races_64_moves_to_one_place_never_collide_nor_lose_a_task() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Places").await;
    ada.add_many(board, CLIENTS).await;
    let clients = clients(&ada);
    let mut dice = dice();
    for _ in 0..3 {
        let plans: Vec<Value> = (0..CLIENTS)
            .map(|_| match dice.u8(..4) {
                0 => json!({"before": 1}),
                1 => json!({"after": 1}),
                2 => json!({"status": "finished", "before": null}),
                _ => json!({"status": "todo", "after": null}),
            })
            .collect();
        let act = async |nth: usize| {
            let path = ada.task_path(board, nth as u64 + 1);
            clients[nth].patch(&path, &plans[nth]).send().await
        };
        for reply in join_all((0..CLIENTS).map(act)).await {
            // A task is not its own neighbour, nor a neighbour of one in another column.
            assert!([200, 422].contains(&reply.status), "{reply}");
        }
        let document = assert_sound(world, &ada, board).await;
        assert_eq!(document["tasks"].as_array().map(Vec::len), Some(CLIENTS));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn races_64_requests_of_one_idempotency_key_create_once_and_replay_63_times() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Keys").await;
    let clients = clients(&ada);
    for (path, body) in [
        (ada.tasks_path(board), json!({"title": "Once"})),
        (Mode::TEAMS.boards.to_owned(), json!({"name": "Once"})),
    ] {
        let post = async |client: &Client| {
            client.post(&path, &body).header("idempotency-key", "one-key").send().await
        };
        let replies = join_all(clients.iter().map(post)).await;
        assert_eq!(count(&replies, 201), CLIENTS);
        let replayed =
            replies.iter().filter(|reply| reply.header("idempotency-replayed") == Some("true"));
        assert_eq!(replayed.count(), CLIENTS - 1);
        let bodies: HashSet<&[u8]> = replies.iter().map(|reply| &*reply.body).collect();
        assert_eq!(bodies.len(), 1, "all get the first answer");
    }
    let document = assert_sound(world, &ada, board).await;
    assert_eq!(document["tasks"].as_array().map(Vec::len), Some(1));
    let list = ada.get(Mode::TEAMS.boards).send().await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn races_of_64_that_know_one_version_exactly_one_wins_and_the_others_get_412() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Winners").await;
    let task = ada.task(board, "Contested").await;
    let clients = clients(&ada);
    for (path, name) in [(ada.task_path(board, task), "title"), (ada.board_path(board), "name")] {
        let patches: Vec<Value> =
            (0..CLIENTS).map(|nth| json!({name: format!("writer {nth}")})).collect();
        let write = async |nth: usize| {
            let call = clients[nth].patch(&path, &patches[nth]);
            call.header("if-match", "\"1\"").send().await
        };
        let replies = join_all((0..CLIENTS).map(write)).await;
        assert_eq!((count(&replies, 200), count(&replies, 412)), (1, CLIENTS - 1));
        let winner = replies.iter().find(|reply| reply.status == 200).expect("one");
        let read = ada.get(&path).send().await.expect(200).json();
        assert_eq!((&read[name], &read["version"]), (&winner.json()[name], &json!(2)));
        for loser in replies.into_iter().filter(|reply| reply.status == 412) {
            let problem = loser.problem(412, "precondition-failed");
            assert_eq!(problem["current_version"], 2);
        }
    }
    let _ = assert_sound(world, &ada, board).await;
}

/// Adds tasks with many clients of `writer`, who must get 404 once `stop` is done; fails if a write
/// sent after that succeeds.
async fn write_until(writer: &Api<'_>, board: u64, stop: impl Future<Output = ()>) {
    let (clients, path) = (clients(writer), writer.tasks_path(board));
    let stopped = AtomicBool::new(false);
    let write = async |client: &Client| {
        let mut written = 0;
        loop {
            // Checked before the write is sent: a later write must not succeed.
            let was_stopped = stopped.load(Ordering::SeqCst);
            let reply = client.post(&path, &json!({"title": "x"})).send().await;
            assert!([201, 404].contains(&reply.status), "{reply}");
            assert!(!(was_stopped && reply.status == 201), "written too late: {reply}");
            if was_stopped {
                return written;
            }
            written += u32::from(reply.status == 201);
        }
    };
    let stop = async {
        stop.await;
        stopped.store(true, Ordering::SeqCst);
    };
    let (written, ()) = tokio::join!(join_all(clients.iter().map(write)), stop);
    assert!(written.iter().sum::<u32>() > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn races_after_the_answer_to_a_members_removal_no_write_of_theirs_succeeds() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Removed").await;
    let editor = world.member(&ada, board, "editor").await;
    let remove = async {
        while seq(&ada.document(board).await) < 2 * CLIENTS as u64 {}
        ada.remove(board, &editor).await;
    };
    write_until(&editor, board, remove).await;
    let _ = editor.get(&ada.board_path(board)).send().await.problem(404, "not-found");
    ada.task(board, "Of the owner").await;
    let _ = assert_sound(world, &ada, board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn races_after_the_answer_to_a_boards_deletion_no_write_succeeds_and_it_is_the_last_event() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Deleted").await;
    let path = ada.board_path(board);
    let delete = async {
        while seq(&ada.document(board).await) < 2 * CLIENTS as u64 {}
        let _ = ada.delete(&path).send().await.expect(204);
    };
    write_until(&ada, board, delete).await;
    let _ = ada.get(&path).send().await.problem(404, "not-found");
    world.databases().assert_delivered(board);
    let events = world.databases().logged(board);
    let deletions: Vec<u64> =
        events.iter().filter(|event| event["action"] == "Delete").map(seq).collect();
    assert_eq!(deletions, [events.len() as u64]);
}
