//! Undoing events.

use crate::support::{ADA, BOB, Database, Writes, code};
use serde_json::{Value, json};

/// The seq of the newest event.
async fn head(client: &tokio_postgres::Client, board: i64) -> i64 {
    client.read_board(ADA, board).await["seq"].as_i64().expect("a seq")
}

async fn read_task(client: &tokio_postgres::Client, board: i64, task: i64) -> Value {
    let document = client.read_board(ADA, board).await;
    let mut tasks = document["tasks"].as_array().expect("tasks").iter();
    tasks.find(|found| found["id"] == task).expect("there").clone()
}

#[tokio::test]
async fn api_undo_takes_back_any_change_of_a_task_and_can_be_undone_itself() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let one = client.task(board, "one").await;
    client.task(board, "two").await;
    let before = client.read_board(ADA, board).await;
    let patch = json!({"title": "1", "status": "finished", "labels": ["x"], "fields": {"a": {"b": null}},
        "start_at": "2025-01-01T00:00:00Z", "due_at": "2026-01-01T00:00:00Z", "assigned_to": "bob", "description": "d"});
    let done = client.patch_task(BOB, board, one, patch, None).await.expect("patched").event;
    let after = client.read_board(ADA, board).await;
    let undone = client
        .undo(BOB, board, done["seq"].as_i64().expect("a seq"), None)
        .await
        .expect("undone")
        .event;
    assert_eq!((&undone["action"], &undone["undoes"]), (&json!("Move"), &done["seq"]));
    let plain = |document: &Value| {
        let mut tasks = document["tasks"].clone();
        for task in tasks.as_array_mut().expect("tasks") {
            task["version"] = Value::Null;
            task["updated_at"] = Value::Null;
        }
        tasks
    };
    assert_eq!(plain(&client.read_board(ADA, board).await), plain(&before));
    client.undo(BOB, board, undone["seq"].as_i64().expect("a seq"), None).await.expect("undone");
    assert_eq!(plain(&client.read_board(ADA, board).await), plain(&after));
}

#[tokio::test]
async fn api_409_undo_conflict_names_what_stands_in_the_way() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    client
        .patch_task(ADA, board, task, json!({"title": "two", "description": "d"}), None)
        .await
        .expect("patched");
    let seq = head(client, board).await;
    client
        .patch_task(ADA, board, task, json!({"labels": ["x"]}), None)
        .await
        .expect("another field");
    client.add_comment(ADA, board, task, "hello", None).await.expect("no field at all");
    client
        .patch_task(ADA, board, task, json!({"title": "three", "labels": []}), None)
        .await
        .expect("the same field");
    let refusal = client.undo(ADA, board, seq, None).await.expect_err("refused");
    assert_eq!(
        (refusal.code.as_str(), refusal.detail),
        ("TBUND", json!({"events": [seq + 3], "fields": ["title"]}))
    );
    client.undo(ADA, board, seq + 1, None).await.expect_err("labels were changed twice");
    client.undo(ADA, board, seq + 3, None).await.expect("the newest can be undone");
    let refusal = client.undo(ADA, board, seq + 3, None).await.expect_err("but not twice");
    assert_eq!(refusal.detail["events"], json!([seq + 4]));
    assert_eq!(code(client.undo(ADA, board, 999, None).await), "TB404");
}

#[tokio::test]
async fn api_undo_of_a_move_goes_on_after_the_task_made_room_for_others() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let doing = json!({"title": "two", "status": "in_progress"});
    let neighbour = client.add_task(BOB, board, doing, None).await.expect("added").entity;
    let moved = json!({"status": "in_progress", "before": neighbour["id"]});
    let moved = client.patch_task(ADA, board, task, moved, None).await.expect("moved").event;
    let seq = moved["seq"].as_i64().expect("a seq");
    // Everything is moved right after it, until there is no room.
    let version = async || read_task(client, board, task).await["version"].clone();
    let before = version().await;
    for _ in 0..400 {
        let next = json!({"title": "x", "status": "in_progress", "after": task});
        client.add_task(BOB, board, next, None).await.expect("added");
        if version().await != before {
            break;
        }
    }
    assert_ne!(version().await, before, "it made room");
    let undone = client.undo(ADA, board, seq, None).await.expect("undone").event;
    assert_eq!((&undone["undoes"], &undone["task"]["status"]), (&json!(seq), &json!("todo")));
    assert_eq!(undone["task"]["position"], moved["changes"]["position"][0]);
    // People's own moves still conflict.
    let again = undone["seq"].as_i64().expect("a seq");
    client.task(board, "three").await;
    let last = json!({"after": null});
    client.patch_task(BOB, board, task, last, None).await.expect("moved by another user");
    assert_eq!(code(client.undo(ADA, board, again, None).await), "TBUND");
}

#[tokio::test]
async fn api_undo_of_an_addition_deletes_and_of_a_deletion_brings_back_whole() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let added = head(client, board).await;
    client.add_comment(BOB, board, task, "hello", None).await.expect("added");
    assert_eq!(code(client.undo(ADA, board, added, None).await), "TBUND", "it has a comment");
    client.delete_task(ADA, board, task, None).await.expect("deleted");
    let deleted = head(client, board).await;
    assert_eq!(code(client.undo(ADA, board, deleted - 1, None).await), "TBUND", "its task is gone");
    // Another task has its place by now.
    client.task(board, "two").await;
    let back = client.undo(BOB, board, deleted, None).await.expect("back").event;
    assert_eq!((&back["action"], &back["task"]["comment_count"]), (&json!("Add"), &json!(1)));
    assert_eq!(client.column(board, "todo").await, [2, 1]);
    client.patch_comment(BOB, board, task, 1, "with its comments", None).await.expect("changed");
    let fresh = client.task(board, "three").await;
    let event =
        client.undo(ADA, board, head(client, board).await, None).await.expect("undone").event;
    assert_eq!((&event["action"], &event["task"]["id"]), (&json!("Delete"), &json!(fresh)));
}

#[tokio::test]
async fn api_undo_of_comments_is_for_whoever_might_have_done_it() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    client.add_comment(BOB, board, task, "a", None).await.expect("added");
    client.patch_comment(BOB, board, task, 1, "b", None).await.expect("changed");
    let seq = head(client, board).await;
    assert_eq!(code(client.undo(ADA, board, seq, None).await), "TB403", "another's words");
    client.undo(BOB, board, seq, None).await.expect("undone");
    client.delete_comment(ADA, board, task, 1, None).await.expect("an owner");
    let back = client.undo(BOB, board, seq + 2, None).await.expect("back");
    assert_eq!(
        (&back.entity["body"], &back.event["task_patch"]["comment_count"]),
        (&json!("a"), &json!(1))
    );
    client.undo(ADA, board, seq + 3, None).await.expect("an owner undoes it");
    assert_eq!(client.read_board(ADA, board).await["tasks"][0]["comment_count"], 0);
}

#[tokio::test]
async fn api_undo_of_members_and_of_the_board_keeps_their_rules() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.put_member(ADA, board, "bob", "owner").await.expect("an owner");
    let promoted = head(client, board).await;
    assert_eq!(code(client.undo(BOB, board, 1, None).await), "TBUND");
    client.undo(ADA, board, promoted, None).await.expect("an editor again");
    assert_eq!(code(client.undo(BOB, board, 2, None).await), "TB403");
    client.delete_member(ADA, board, "mia").await.expect("off");
    let back = client.undo(ADA, board, head(client, board).await, None).await.expect("back");
    assert_eq!(back.entity["role"], "viewer");

    client
        .patch_board(
            ADA,
            board,
            json!({"name": "Beta", "columns": [{"key": "new", "name": "N"}]}),
            None,
        )
        .await
        .expect("patched");
    let patched = head(client, board).await;
    client.task(board, "one").await;
    assert_eq!(
        code(client.undo(BOB, board, patched, None).await),
        "TB403",
        "only owners may change columns"
    );
    assert_eq!(
        code(client.undo(ADA, board, patched, None).await),
        "TBCOL",
        "its column has a task"
    );
    client.delete_task(ADA, board, 1, None).await.expect("deleted");
    client.undo(ADA, board, patched, None).await.expect("undone");
    assert_eq!(client.read_board(ADA, board).await["name"], "Alpha");
    let gone = client.undo(ADA, board, patched + 2, None).await.expect_err("its column is gone");
    assert_eq!((gone.code.as_str(), &gone.detail["fields"]), ("TBUND", &json!(["status"])));
}
