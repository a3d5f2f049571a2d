//! Importing whole boards.

use crate::support::{ADA, Database, Writes, assert_history_is_sound, code};
use serde_json::json;

#[tokio::test]
async fn api_import_makes_a_board_with_its_history_and_tells_what_it_left_out() {
    let database = Database::new().await;
    let client = &database.client;
    let document = json!({"name": "Imported", "columns": [{"key": "a", "name": "A"}, {"key": "b", "name": "B", "wip_limit": 1}], "tasks": [
        {"title": "one", "status": "b", "comments": ["x", "y"], "assigned_to": "ADA"},
        {"title": "two", "status": "b", "labels": ["l"], "due_at": "2026-01-01T00:00:00Z"},
        {"title": "three", "assigned_to": "bob", "fields": {"k": null}, "comments": ["z"]},
    ]});
    let outcome =
        client.import_board(ADA, document, Some(("key", "print"))).await.expect("imported");
    assert_eq!(
        outcome.entity["warnings"],
        json!([{
            "pointer": "/tasks/2/assigned_to", "code": "not-a-member",
            "arguments": {"name": "bob", "task": "three"},
            "detail": "was left out: bob is not a member of the new board",
        }])
    );
    assert_eq!((&outcome.entity["seq"], &outcome.event["seq"]), (&json!(6), &json!(6)));
    let board = outcome.entity["id"].as_i64().expect("an id");
    assert_history_is_sound(client, board).await;
    assert_eq!(client.column(board, "b").await, [1, 2]);
    let document = client.read_board(ADA, board).await;
    assert_eq!(document, client.read_board_at(ADA, board, 6).await, "RT5");
    assert_eq!(document["tasks"][1]["comment_count"], 2);
    assert_eq!(document["tasks"][1]["assigned_to"], "ada");
    client.task(board, "four").await;
}

#[tokio::test]
async fn api_import_keeps_moments_authors_and_the_archive() {
    let database = Database::new().await;
    let client = &database.client;
    let (made, written, edited) =
        ("2022-01-01T00:00:00.000Z", "2023-01-01T10:00:00.000Z", "2023-02-01T10:00:00.000Z");
    let document = json!({"name": "Imported", "archived": true, "tasks": [{"title": "one", "created_at": made, "comments": [
        {"body": "hers", "author": "Emmy Example", "created_at": written, "updated_at": edited},
        {"body": "mine", "author": null, "created_at": written, "updated_at": null},
        "now",
    ]}]});
    let outcome = client.import_board(ADA, document, None).await.expect("imported");
    assert_eq!((&outcome.entity["archived"], &outcome.entity["seq"]), (&json!(true), &json!(4)));
    let board = outcome.entity["id"].as_i64().expect("an id");
    assert_history_is_sound(client, board).await;
    let statement =
        "SELECT comment_json(comments)::text FROM comments WHERE board_id = $1 ORDER BY id";
    let rows = client.query(statement, &[&board]).await.expect("rows");
    let comment =
        |nth: usize| -> serde_json::Value { serde_json::from_str(rows[nth].get(0)).expect("JSON") };
    let reported = |nth: usize| {
        ["author", "created_by", "created_at", "updated_at"].map(|name| comment(nth)[name].clone())
    };
    assert_eq!(reported(0), ["Emmy Example", "ada", written, edited].map(|text| json!(text)));
    assert_eq!(reported(1), [json!(null), json!("ada"), json!(written), json!(written)]);
    assert_eq!(comment(1).get("author"), None, "only imported comments of others have one");
    assert_eq!(comment(2)["created_at"], outcome.event["timestamp"]);
    let task = client.read_board(ADA, board).await["tasks"][0].clone();
    assert_eq!(
        (&task["created_at"], &task["updated_at"]),
        (&json!(made), &outcome.event["timestamp"])
    );
}

#[tokio::test]
async fn api_import_is_all_or_nothing() {
    let database = Database::new().await;
    let client = &database.client;
    let document = json!({"name": "Imported", "tasks": [{"title": "one"}, {"title": "two", "status": "x"}, {"title": "three", "status": "y"}]});
    let refusal = client.import_board(ADA, document, None).await.expect_err("refused");
    let pointers: Vec<_> = refusal.detail["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert_eq!(
        (refusal.code.as_str(), pointers),
        ("TB422", vec![json!("/tasks/1/status"), json!("/tasks/2/status")])
    );
    let blank = json!({"name": "Imported", "tasks": [{"title": "one"}, {"title": ""}]});
    assert_eq!(code(client.import_board(ADA, blank, None).await), "23514");
    let row = client
        .query_one("SELECT (SELECT count(*) FROM boards) + (SELECT count(*) FROM tasks)", &[])
        .await;
    assert_eq!(row.expect("a row").get::<_, i64>(0), 0);
}

#[tokio::test]
async fn an_import_takes_thousands_of_tasks_at_once() {
    let database = Database::new().await;
    let tasks: Vec<_> = (0..5_000).map(|n| json!({"title": format!("task {n}")})).collect();
    let outcome =
        database.client.import_board(ADA, json!({"name": "Big", "tasks": tasks}), None).await;
    assert_eq!(outcome.expect("imported").entity["seq"], 5_000);
}
