//! The limits of the API hold in the database, whatever writes to it; deleting and dumping leave nothing out.
//! completely.

use serde_json::json;

use crate::support::{ADA, Database, Writes};

/// Statements that would break a limit, each with the limit's name.
const BREACHES: [(&str, &str); 32] = [
    ("UPDATE boards SET name = ''", "boards_name_check"),
    ("UPDATE boards SET name = repeat('x', 101)", "boards_name_check"),
    ("UPDATE boards SET description = repeat('x', 10001)", "boards_description_check"),
    ("UPDATE boards SET columns = '[]'", "boards_columns_check"),
    ("UPDATE boards SET columns = '{}'", "boards_columns_check"),
    ("UPDATE tasks SET title = ''", "tasks_title_check"),
    ("UPDATE tasks SET title = repeat('x', 201)", "tasks_title_check"),
    ("UPDATE tasks SET description = repeat('x', 10001)", "tasks_description_check"),
    ("UPDATE tasks SET status = 'To do'", "tasks_status_check"),
    ("UPDATE tasks SET position = 'a-'", "tasks_position_check"),
    ("UPDATE tasks SET position = repeat('a', 65)", "tasks_position_check"),
    ("UPDATE tasks SET assigned_to = ''", "tasks_assigned_to_check"),
    ("UPDATE tasks SET labels = ARRAY['']", "tasks_labels_check"),
    ("UPDATE tasks SET labels = ARRAY[NULL]", "tasks_labels_check"),
    ("UPDATE tasks SET labels = array_fill('x'::text, '{51}')", "tasks_labels_check"),
    ("UPDATE tasks SET due_at = '10000-01-01Z'", "tasks_due_at_check"),
    ("UPDATE tasks SET due_at = 'infinity'", "tasks_due_at_check"),
    ("UPDATE tasks SET start_at = '-infinity'", "tasks_start_at_check"),
    ("UPDATE tasks SET start_at = '2026-01-02Z', due_at = '2026-01-01Z'", "tasks_start_at_check"),
    ("UPDATE tasks SET fields = '[]'", "tasks_fields_check"),
    ("UPDATE tasks SET fields = jsonb_build_object('a', repeat('x', 16384))", "tasks_fields_check"),
    ("UPDATE tasks SET comment_count = -1", "tasks_comment_count_check"),
    (
        "INSERT INTO tasks (board_id, id, title, status, position, created_by, created_at, updated_at) \
         VALUES (1, 9, repeat('x', 201), 'todo', 'zz', 'ada', now(), now())",
        "tasks_title_check",
    ),
    ("UPDATE comments SET body = ''", "comments_body_check"),
    ("UPDATE comments SET author = ''", "comments_author_check"),
    ("UPDATE checklists SET title = ''", "checklists_title_check"),
    ("UPDATE checklists SET title = repeat('x', 101)", "checklists_title_check"),
    ("UPDATE checklist_items SET text = repeat('x', 1001)", "checklist_items_text_check"),
    ("UPDATE checklist_items SET position = repeat('a', 65)", "checklist_items_position_check"),
    ("UPDATE checklist_items SET assigned_to = ''", "checklist_items_assigned_to_check"),
    ("UPDATE checklist_items SET due_at = 'infinity'", "checklist_items_due_at_check"),
    ("UPDATE events SET action = 'Rename'", "events_action_check"),
];

/// A checklist of the first task, with an item.
async fn checklist(client: &tokio_postgres::Client, board: i64) {
    let who = json!({"user_id": ADA}).to_string();
    let added = "SELECT checklist_add($1::text::jsonb, $2, 1, '{\"title\": \"t\"}')";
    client.execute(added, &[&who, &board]).await.expect("a checklist");
    let added = "SELECT checklist_item_add($1::text::jsonb, $2, 1, 1, '{\"text\": \"i\"}')";
    client.execute(added, &[&who, &board]).await.expect("an item");
}

#[tokio::test]
async fn limit_text_and_the_other_limits_hold_in_the_database_whatever_writes_to_it() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = json!({"title": "t", "labels": ["x"], "fields": {"a": 1}});
    client.add_task(ADA, board, task, None).await.expect("added");
    client.add_comment(ADA, board, 1, "a remark", None).await.expect("added");
    checklist(client, board).await;
    for (statement, limit) in BREACHES {
        let error = client.execute(statement, &[]).await.expect_err(statement);
        let error = error.as_db_error().expect("an answer");
        let reported = (error.code().code(), error.constraint());
        assert_eq!(reported, ("23514", Some(limit)), "{statement}");
    }
    let nothing = "UPDATE tasks SET title = NULL";
    let error = client.execute(nothing, &[]).await.expect_err("a task without a title");
    assert_eq!(error.code().map(tokio_postgres::error::SqlState::code), Some("23502"));
}

#[tokio::test]
async fn a_board_that_is_thrown_away_leaves_nothing_behind() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "one").await;
    checklist(client, board).await;
    client.execute("DELETE FROM boards WHERE id = $1", &[&board]).await.expect("gone");
    let tables = ["tasks", "events", "task_search", "column_flow", "board_members"];
    for table in tables.into_iter().chain(["checklists", "checklist_items"]) {
        let left = format!("SELECT count(*) FROM {table} WHERE board_id = $1");
        let row = client.query_one(&left, &[&board]).await.expect("a row");
        assert_eq!(row.get::<_, i64>(0), 0, "{table}");
    }
}

#[tokio::test]
async fn a_dump_is_restored_whole_and_goes_on() {
    let (database, board) = Database::with_board().await;
    let task = json!({"title": "one", "labels": ["x"], "fields": {"a": 1}});
    database.client.add_task(ADA, board, task, None).await.expect("added");
    database.client.add_comment(ADA, board, 1, "a remark", None).await.expect("added");
    let Some(restored) = database.restored().await else { return };
    let document = database.client.read_board(ADA, board).await;
    assert_eq!(restored.client.read_board(ADA, board).await, document);
    assert_eq!(restored.client.log(board).await, database.client.log(board).await);
    let added = restored.client.add_task(ADA, board, json!({"title": "two"}), None).await;
    assert_eq!(added.expect("added").event["seq"].as_u64(), Some(5));
}
