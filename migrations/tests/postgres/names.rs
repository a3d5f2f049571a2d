//! Names and sort orders in a database whose language has other lower-case rules and another
//! alphabet.

use crate::support::{Database, Writes};
use serde_json::{Value, json};
use tokio_postgres::Client;

/// The users.
const IRIS: i64 = 1;

/// A Turkish database with the users IRIS (1) and Sinan (2).
async fn turkish() -> Database {
    let database = Database::turkish().await;
    for name in ["IRIS", "Sinan"] {
        add(&database.client, name).await.expect("a user");
    }
    let row = database.client.query_one("SELECT lower('I')", &[]).await.expect("a letter");
    assert_eq!(row.get::<_, &str>(0), "ı", "the database's language is Turkish");
    database
}

async fn add(client: &Client, name: &str) -> Result<u64, tokio_postgres::Error> {
    let insert =
        "INSERT INTO users (username, display_name, password_hash) VALUES ($1, $1, '$argon2id$')";
    client.execute(insert, &[&name]).await
}

#[tokio::test]
async fn api_user_a_name_is_one_in_any_case_whatever_the_databases_language() {
    let database = turkish().await;
    let client = &database.client;
    assert!(add(client, "iris").await.is_err(), "the name is taken");
    for name in ["iris", "IRIS", "Iris"] {
        let found = client.query(shared::data::sql::FIND_LOGIN, &[&name]).await.expect("an answer");
        assert_eq!(found.len(), 1, "{name} logs in");
    }
    let board = client.create_board(IRIS, json!({"name": "Alpha"})).await;
    let added = client.put_member(IRIS, board, "SINAN", "editor").await.expect("a member");
    assert_eq!(added.entity["username"], "Sinan");
    let task = json!({"title": "one", "assigned_to": "SINAN"});
    let task = client.add_task(IRIS, board, task, None).await.expect("a task");
    assert_eq!(task.entity["assigned_to"], "Sinan");
    let patch = json!({"assigned_to": "iris"});
    let task = client.patch_task(IRIS, board, 1, patch, None).await.expect("a task");
    assert_eq!(task.entity["assigned_to"], "IRIS");
    let nothing = None::<String>;
    let filter = [
        &IRIS as &(dyn tokio_postgres::types::ToSql + Sync),
        &0_i64,
        &"g0-1",
        &board,
        &0_i64,
        &10_i64,
        &nothing,
        &"Iris",
        &nothing,
        &nothing,
        &nothing,
    ];
    let row = client.query_one(shared::data::sql::LIST_TASKS, &filter).await.expect("a page");
    let page: Value = serde_json::from_str(row.get(0)).expect("JSON");
    assert_eq!(page.as_array().map(Vec::len), Some(1), "{page}");
    client.delete_member(IRIS, board, "sINAN").await.expect("removed");
}

#[tokio::test]
async fn api_import_keeps_the_importers_assignments_whatever_the_databases_language() {
    let database = turkish().await;
    let client = &database.client;
    let tasks =
        ["iris", "IRIS", "Iris", "ırıs"].map(|name| json!({"title": name, "assigned_to": name}));
    let document = json!({"name": "Imported", "tasks": tasks});
    let outcome = client.import_board(IRIS, document, None).await.expect("imported");
    let board = outcome.entity["id"].as_i64().expect("an id");
    let board = client.read_board(IRIS, board).await;
    let assigned: Vec<&Value> =
        board["tasks"].as_array().expect("tasks").iter().map(|task| &task["assigned_to"]).collect();
    assert_eq!(assigned, [&json!("IRIS"), &json!("IRIS"), &json!("IRIS"), &Value::Null]);
    let warnings = outcome.entity["warnings"].as_array().expect("warnings");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0]["pointer"], "/tasks/3/assigned_to");
}

#[tokio::test]
async fn api_move_keeps_the_order_of_bytes_whatever_the_databases_alphabet() {
    let database = turkish().await;
    let client = &database.client;
    let board = client.create_board(IRIS, json!({"name": "Alpha"})).await;
    client.add_task(IRIS, board, json!({"title": "1"}), None).await.expect("a task");
    // Their positions begin with a capital letter: before `a` by bytes, after it alphabetically.
    for front in 1..4_i64 {
        let task = json!({"title": "in front", "before": front});
        client.add_task(IRIS, board, task, None).await.expect("a task");
    }
    client.add_task(IRIS, board, json!({"title": "2", "after": 1}), None).await.expect("a task");
    let document = client.read_board(IRIS, board).await;
    let tasks = document["tasks"].as_array().expect("tasks");
    let order: Vec<_> = tasks.iter().map(|task| task["id"].clone()).collect();
    assert_eq!(order, [4, 3, 2, 1, 5].map(Value::from));
    assert_eq!(document, client.read_board_at(IRIS, board, 5).await, "RT5");
}
