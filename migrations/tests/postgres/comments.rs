//! The rules of comments, one by one.

use crate::support::{ADA, BOB, Database, Writes, code};
use serde_json::{Value, json};

#[tokio::test]
async fn api_event_of_a_comment_says_what_is_new_of_its_task_and_no_more() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let event = client.add_comment(BOB, board, task, "hello", None).await.expect("added").event;
    assert_eq!((&event["entity"], &event["comment"]["body"]), (&json!("comment"), &json!("hello")));
    let moment = &event["timestamp"];
    let patch = json!({"id": task, "comment_count": 1, "item_count": 0, "done_count": 0, "version": 2,
        "updated_at": moment});
    assert_eq!((&event["task_patch"], event.get("task")), (&patch, None));
    let now = client.read_board(ADA, board).await["tasks"][0].clone();
    assert!(patch.as_object().expect("an object").iter().all(|(name, value)| now[name] == *value));
    let changed =
        client.patch_comment(BOB, board, task, 1, "bye", Some(&[1])).await.expect("changed");
    assert_eq!(changed.event["changes"], json!({"body": ["hello", "bye"]}));
    assert_eq!(changed.entity["version"], 2);
    let same = client.patch_comment(BOB, board, task, 1, "bye", None).await.expect("nothing");
    assert_eq!(same.event, Value::Null);
    assert_eq!(code(client.patch_comment(BOB, board, task, 1, "x", Some(&[1])).await), "TB412");
    let gone = client.delete_comment(BOB, board, task, 1, None).await.expect("deleted").event;
    assert_eq!(
        (&gone["comment"]["body"], &gone["task_patch"]["comment_count"]),
        (&json!("bye"), &json!(0))
    );
    assert_eq!(code(client.delete_comment(BOB, board, task, 1, None).await), "TB404");
}

#[tokio::test]
async fn api_comment_own_ones_only_and_an_owner_may_delete_any() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let other = client.task(board, "two").await;
    client.add_comment(BOB, board, task, "bob's", None).await.expect("added");
    client.add_comment(ADA, board, task, "ada's", None).await.expect("added");
    assert_eq!(code(client.patch_comment(ADA, board, task, 1, "x", None).await), "TB403");
    assert_eq!(code(client.delete_comment(BOB, board, task, 2, None).await), "TB403");
    assert_eq!(
        code(client.delete_comment(ADA, board, other, 1, None).await),
        "TB404",
        "of another task"
    );
    client.delete_comment(ADA, board, task, 1, None).await.expect("an owner");
    assert_eq!(code(client.add_comment(ADA, board, 99, "x", None).await), "TB404");
    assert_eq!(code(client.add_comment(ADA, board, task, "", None).await), "23514");
}
