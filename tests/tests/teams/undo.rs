//! Undo (docs/contract/api.md, API-UNDO).

use contract_tests::api::{World, seq};
use contract_tests::{Api, Reply};
use serde_json::{Value, json};

async fn undo(api: &Api<'_>, board: u64, seq: u64) -> Reply {
    let path = format!("{}/events/{seq}/undo", api.board_path(board));
    api.request("POST", &path).send().await
}

async fn task(api: &Api<'_>, board: u64) -> Value {
    api.get(&api.task_path(board, 1)).send().await.expect(200).json()
}

async fn patch(api: &Api<'_>, board: u64, patch: Value) -> u64 {
    let reply = api.patch(&api.task_path(board, 1), &patch).send().await.expect(200);
    reply.expect_header("event-seq").parse().expect("a number")
}

#[tokio::test]
async fn api_undo_makes_the_compensating_event_and_answers_it() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Back").await;
    ada.task(board, "One").await;
    let before = task(&ada, board).await;
    let renamed = patch(&ada, board, json!({"title": "Two", "labels": ["a"]})).await;
    let reply = undo(&ada, board, renamed).await.expect(201);
    let event = reply.json();
    assert_eq!((seq(&event), &event["undoes"], &event["action"]), (3, &json!(2), &json!("Update")));
    assert_eq!(reply.expect_header("event-seq"), "3");
    assert_eq!(event["changes"], json!({"title": ["Two", "One"], "labels": [["a"], []]}));
    assert_eq!(event["task"], task(&ada, board).await);
    assert_eq!((&event["task"]["title"], &event["task"]["labels"]), (&before["title"], &json!([])));
    assert_eq!(event, ada.events(board, 2).await[0]);
    assert_eq!(world.databases().streamed(board), ada.events(board, 0).await);
    // An undo can be undone.
    let _ = undo(&ada, board, 3).await.expect(201);
    assert_eq!(task(&ada, board).await["title"], "Two");
}

#[tokio::test]
async fn api_undo_takes_back_every_kind_of_event_of_a_task() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Kinds").await;
    ada.task(board, "One").await;
    let place = task(&ada, board).await["position"].clone();
    let moved = patch(&ada, board, json!({"status": "finished"})).await;
    let _ = undo(&ada, board, moved).await.expect(201);
    let back = task(&ada, board).await;
    assert_eq!((&back["status"], &back["position"]), (&json!("todo"), &place));
    let deleted = ada.delete(&ada.task_path(board, 1)).send().await.expect(204);
    let deleted: u64 = deleted.expect_header("event-seq").parse().expect("a number");
    let restored = undo(&ada, board, deleted).await.expect(201).json();
    assert_eq!((&restored["action"], &restored["undoes"]), (&json!("Add"), &json!(deleted)));
    assert_eq!(task(&ada, board).await["title"], "One");
    ada.task(board, "Two").await;
    let added = seq(&ada.document(board).await);
    let _ = undo(&ada, board, added).await.expect(201);
    let _ = ada.get(&ada.task_path(board, 2)).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn api_undo_of_what_happened_to_the_board_its_members_and_comments() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Old name").await;
    let _ = ada.patch(&ada.board_path(board), &json!({"name": "New"})).send().await.expect(200);
    let _ = undo(&ada, board, 1).await.expect(201);
    assert_eq!(ada.document(board).await["name"], "Old name");
    let ben = world.member(&ada, board, "editor").await;
    let added = seq(&ada.document(board).await);
    let _ = undo(&ben, board, added).await.problem(403, "forbidden");
    let _ = undo(&ada, board, added).await.expect(201);
    let _ = ben.get(&ben.board_path(board)).send().await.problem(404, "not-found");

    ada.task(board, "One").await;
    let comments = format!("{}/comments", ada.task_path(board, 1));
    let comment = ada.post(&comments, &json!({"body": "a word"})).send().await.expect(201);
    let said: u64 = comment.expect_header("event-seq").parse().expect("a number");
    let _ = undo(&ada, board, said).await.expect(201);
    assert_eq!(task(&ada, board).await["comment_count"], 0);
    let _ = undo(&ada, board, said + 1).await.expect(201);
    let back = ada.get(&comments).send().await.expect(200).json();
    assert_eq!(back["items"][0]["body"], "a word");
}

#[tokio::test]
async fn api_409_undo_conflict_names_what_stands_in_the_way() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Conflict").await;
    ada.task(board, "One").await;
    let first = patch(&ada, board, json!({"title": "Two", "description": "d"})).await;
    let other = patch(&ada, board, json!({"labels": ["x"]})).await;
    let later = patch(&ada, board, json!({"title": "Three"})).await;
    let problem = undo(&ada, board, first).await.problem(409, "undo-conflict");
    assert_eq!((&problem["events"], &problem["fields"]), (&json!([later]), &json!(["title"])));
    assert_eq!(seq(&ada.document(board).await), later, "nothing happened");
    // Nothing later touched its labels.
    let _ = undo(&ada, board, other).await.expect(201);
    assert_eq!(task(&ada, board).await["title"], "Three");
    let _ = undo(&ada, board, 1).await.problem(409, "undo-conflict");
    // A second undo conflicts with the first.
    let _ = undo(&ada, board, other).await.problem(409, "undo-conflict");
}

#[tokio::test]
async fn api_undo_is_for_editors_and_of_events_that_there_are() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Rights").await;
    ada.task(board, "One").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let editor = world.member(&ada, board, "editor").await;
    let renamed = patch(&ada, board, json!({"title": "Two"})).await;
    let _ = undo(&viewer, board, renamed).await.problem(403, "forbidden");
    let _ = undo(&stranger, board, renamed).await.problem(404, "not-found");
    for unknown in [0, renamed + 1, 9_007_199_254_740_991] {
        let _ = undo(&editor, board, unknown).await.problem(404, "not-found");
    }
    let _ = undo(&editor, board, renamed).await.expect(201);
}

#[tokio::test]
async fn api_undo_breaks_no_limit_that_another_change_would_not() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Limits").await;
    ada.task(board, "One").await;
    let moved = patch(&ada, board, json!({"status": "finished"})).await;
    ada.task(board, "Two").await;
    let columns = json!([
        {"key": "todo", "name": "To do", "wip_limit": 1}, {"key": "finished", "name": "Finished"},
    ]);
    let path = ada.board_path(board);
    let _ = ada.patch(&path, &json!({"columns": columns})).send().await.expect(200);
    let problem = undo(&ada, board, moved).await.problem(409, "wip-limit");
    assert_eq!((&problem["column"], &problem["wip_limit"]), (&json!("todo"), &json!(1)));

    let wider = json!([
        {"key": "todo", "name": "To do"}, {"key": "finished", "name": "Finished"},
        {"key": "later", "name": "Later"},
    ]);
    let _ = ada.patch(&path, &json!({"columns": wider})).send().await.expect(200);
    let widened = seq(&ada.document(board).await);
    ada.add(board, &json!({"title": "Three", "status": "later"})).await;
    let problem = undo(&ada, board, widened).await.problem(409, "column-in-use");
    assert_eq!(problem["columns"], json!([{"key": "later", "tasks": 1}]));

    let ben = world.member(&ada, board, "owner").await;
    let joined = seq(&ada.document(board).await);
    ada.remove(board, &ada).await;
    let _ = undo(&ben, board, joined).await.problem(409, "last-owner");
    // Only owners may change columns, also by an undo.
    let editor = world.member(&ben, board, "editor").await;
    let _ = undo(&editor, board, widened).await.problem(403, "forbidden");
    let _ = undo(&ben, board, 1).await.problem(409, "undo-conflict");
}

#[tokio::test]
async fn api_409_for_a_board_that_was_deleted_and_restored_by_requests_of_their_own() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Trash").await;
    let _ = ada.delete(&ada.board_path(board)).send().await.expect(204);
    let restore = format!("{}/restore", ada.board_path(board));
    let _ = ada.request("POST", &restore).send().await.expect(200);
    for (seq, events) in [(1, json!([2])), (2, json!([]))] {
        let problem = undo(&ada, board, seq).await.problem(409, "undo-conflict");
        assert_eq!((&problem["events"], &problem["fields"]), (&events, &json!([])), "{seq}");
    }
}

#[tokio::test]
async fn api_204_and_no_event_where_all_is_as_it_was_already() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Still there").await;
    ada.task(board, "One").await;
    ada.task(board, "Two").await;
    // So close behind the first that the midpoint between it and the second, where the first is
    // moved, is also the midpoint between the first's old place and the second.
    for _ in 0..6 {
        ada.add(board, &json!({"title": "Between", "after": 1})).await;
    }
    for between in 3..8 {
        let _ = ada.delete(&ada.task_path(board, between)).send().await.expect(204);
    }
    let moved = patch(&ada, board, json!({"after": 8})).await;
    // The old place is taken: a task that returns to it is placed right after.
    ada.add(board, &json!({"title": "In its place", "before": 8})).await;
    let away = ada.patch(&ada.task_path(board, 8), &json!({"status": "finished"}));
    let _ = away.send().await.expect(200);
    let (before, head) = (task(&ada, board).await, seq(&ada.document(board).await));
    let reply = undo(&ada, board, moved).await.expect(204);
    assert_eq!((reply.header("event-seq"), reply.body.len()), (None, 0));
    assert_eq!((task(&ada, board).await, seq(&ada.document(board).await)), (before, head));
}

#[tokio::test]
async fn api_idempotency_the_same_key_undoes_once() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Once").await;
    ada.task(board, "One").await;
    let renamed = patch(&ada, board, json!({"title": "Two"})).await;
    let path = format!("{}/events/{renamed}/undo", ada.board_path(board));
    let post = async || ada.request("POST", &path).header("idempotency-key", "u").send().await;
    let first = post().await.expect(201);
    let again = post().await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    assert_eq!(seq(&ada.document(board).await), 3);
}
