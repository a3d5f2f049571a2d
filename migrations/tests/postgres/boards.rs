//! The rules of boards, one by one.

use crate::support::{ADA, BOB, Database, EVE, Writes, assert_history_is_sound, code};
use serde_json::{Value, json};

#[tokio::test]
async fn api_board_a_new_one_has_seq_0_the_default_columns_and_its_creator_as_owner() {
    let database = Database::new().await;
    let client = &database.client;
    let made = client.make_board(ADA, json!({"name": "Alpha"}), None).await.expect("made");
    assert_eq!((&made.event, &made.entity["seq"]), (&Value::Null, &json!(0)));
    assert_eq!(made.entity["role"], "owner");
    let keys: Vec<&Value> = made.entity["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| &column["key"])
        .collect();
    assert_eq!(keys, ["todo", "in_progress", "finished"]);
    let board = made.entity["id"].as_i64().expect("an id");
    let members = client.read_board(ADA, board).await["members"].clone();
    assert_eq!((&members[0]["username"], &members[0]["role"]), (&json!("ada"), &json!("owner")));
    assert_eq!(client.read_board(BOB, board).await, Value::Null, "a stranger sees nothing");
    let own = json!({"name": "B", "description": "d", "columns": [{"key": "a", "name": "A"}, {"key": "b", "name": "B", "wip_limit": 2}]});
    let made = client.make_board(ADA, own, None).await.expect("made").entity;
    assert_eq!(
        made["columns"],
        json!([{"key": "a", "name": "A", "wip_limit": null}, {"key": "b", "name": "B", "wip_limit": 2}])
    );
}

#[tokio::test]
async fn the_limits_of_the_api_stand_in_the_schema_as_well() {
    let database = Database::new().await;
    let client = &database.client;
    let column = |key: &str, limit: Value| json!([{"key": key, "name": "A", "wip_limit": limit}]);
    for wrong in [
        json!({"name": ""}),
        json!({"name": "x".repeat(101)}),
        json!({"name": "x", "description": "x".repeat(10_001)}),
        json!({"name": "x", "columns": []}),
        json!({"name": "x", "columns": column("", json!(null))}),
        json!({"name": "x", "columns": column("A b", json!(null))}),
        json!({"name": "x", "columns": column("a", json!(0))}),
        json!({"name": "x", "columns": column("a", json!(1.5))}),
        json!({"name": "x", "columns": column("a", json!("1"))}),
        json!({"name": "x", "columns": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]}),
        json!({"name": "x", "columns": [{"key": "a", "name": "A", "extra": 1}]}),
    ] {
        let answer = client.make_board(ADA, wrong.clone(), None).await;
        assert!(["23514", "23502"].contains(&code(answer).as_str()), "{wrong}");
    }
    let board = client.create_board(ADA, json!({"name": "ü".repeat(100)})).await;
    for wrong in [
        json!({"title": ""}),
        json!({"title": "x".repeat(201)}),
        json!({"title": "x", "description": "x".repeat(10_001)}),
        json!({"title": "x", "labels": [""]}),
        json!({"title": "x", "labels": vec!["x"; 51]}),
        json!({"title": "x", "labels": ["x".repeat(65)]}),
    ] {
        let answer = client.add_task(ADA, board, wrong.clone(), None).await;
        assert_eq!(code(answer), "23514", "{wrong}");
    }
    assert_eq!(client.read_board(ADA, board).await["seq"], 0);
}

#[tokio::test]
async fn api_role_editors_change_a_board_and_only_owners_its_columns() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let patch = json!({"name": "Beta", "archived": true, "description": "d"});
    let patched = client.patch_board(BOB, board, patch, Some(&[1])).await.expect("patched");
    assert_eq!(
        patched.event["changes"],
        json!({"name": ["Alpha", "Beta"], "archived": [false, true], "description": ["", "d"]})
    );
    assert_eq!(
        (&patched.entity["role"], &patched.entity["version"]),
        (&json!("editor"), &json!(2))
    );
    assert!(patched.event["board"].get("role").is_none(), "an event is the same for all");
    assert_eq!(patched.event["board"]["seq"], patched.event["seq"]);
    let same =
        client.patch_board(BOB, board, json!({"name": "Beta"}), None).await.expect("nothing");
    assert_eq!((same.event, &same.entity["version"]), (Value::Null, &json!(2)));
    assert_eq!(
        code(client.patch_board(BOB, board, json!({"name": "x"}), Some(&[1])).await),
        "TB412"
    );
    let columns = json!({"columns": [{"key": "todo", "name": "To do", "wip_limit": 5}]});
    // The role is checked before the version, and the error names the required role.
    let refusal = client.patch_board(BOB, board, columns.clone(), Some(&[1])).await;
    let refusal = refusal.expect_err("refused");
    assert_eq!(
        (refusal.code.as_str(), refusal.detail),
        ("TB403", json!({"role": "editor", "needed": "owner"}))
    );
    client.patch_board(ADA, board, columns, None).await.expect("patched");
}

#[tokio::test]
async fn a_column_that_still_has_tasks_cannot_be_removed() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let columns = json!({"columns": [{"key": "finished", "name": "F"}]});
    let refusal = client.patch_board(ADA, board, columns.clone(), None).await.expect_err("refused");
    assert_eq!(
        (refusal.code.as_str(), refusal.detail),
        ("TBCOL", json!({"columns": [{"key": "todo", "tasks": 1}]}))
    );
    client.patch_task(ADA, board, task, json!({"status": "finished"}), None).await.expect("moved");
    client.patch_board(ADA, board, columns, None).await.expect("patched");
}

#[tokio::test]
async fn api_trash_a_deleted_board_lies_there_whole_and_comes_back_by_restore() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let before = client.read_board(ADA, board).await;
    assert_eq!(code(client.delete_board(BOB, board, None).await), "TB403");
    assert_eq!(code(client.delete_board(ADA, board, Some(&[9])).await), "TB412");
    let event = client.delete_board(ADA, board, None).await.expect("deleted").event;
    assert_eq!((&event["action"], &event["board"]["seq"]), (&json!("Delete"), &before["seq"]));
    assert_eq!(client.read_board(ADA, board).await, Value::Null);
    assert_eq!(
        code(client.patch_task(ADA, board, task, json!({"title": "x"}), None).await),
        "TB404"
    );
    assert_eq!(code(client.restore_board(BOB, board, None).await), "TB403");
    assert_eq!(code(client.restore_board(EVE, board, None).await), "TB404");
    let restored = client.restore_board(ADA, board, None).await.expect("restored");
    assert_eq!(
        (&restored.event["action"], &restored.event["entity"]),
        (&json!("Add"), &json!("board"))
    );
    let after = client.read_board(ADA, board).await;
    assert_eq!((&after["tasks"], &after["members"]), (&before["tasks"], &before["members"]));
    let again = client.restore_board(ADA, board, None).await.expect("nothing to do");
    assert_eq!(again.event, Value::Null);
    assert_history_is_sound(client, board).await;

    client.delete_board(ADA, board, None).await.expect("deleted");
    let older = "UPDATE boards SET deleted_at = now() - interval '31 days' WHERE id = $1";
    client.execute(older, &[&board]).await.expect("older");
    assert_eq!(code(client.restore_board(ADA, board, None).await), "TB404", "after 30 days");
    let row = client.query_one(shared::data::sql::TIDY_UP, &[]).await.expect("tidied");
    assert_eq!(row.get::<_, i64>(2), 1);
    let left = client
        .query_one("SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM events)", &[])
        .await;
    assert_eq!(left.expect("a row").get::<_, i64>(0), 0);
}

#[tokio::test]
async fn api_format_timestamps_never_go_backwards_along_seq_when_the_clock_does() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    // As if the last write had been made with a clock an hour ahead.
    let ahead = "UPDATE boards SET updated_at = date_trunc('milliseconds', now() + interval '1 hour') WHERE id = $1";
    client.execute(ahead, &[&board]).await.expect("ahead");
    let before = client.read_board(ADA, board).await["updated_at"].clone();
    client.task(board, "one").await;
    assert_eq!(client.read_board(ADA, board).await["updated_at"], before);
}
