//! The rules of tasks, one by one.

use crate::support::{ADA, BOB, Database, EVE, MIA, Writes, assert_history_is_sound, code};
use serde_json::{Value, json};

#[tokio::test]
async fn api_task_ids_count_from_1_on_each_board_and_none_is_given_twice() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    assert_eq!(client.task(board, "one").await, 1);
    assert_eq!(client.task(board, "two").await, 2);
    client.delete_task(ADA, board, 2, None).await.expect("deleted");
    assert_eq!(client.task(board, "three").await, 3);
    let other = client.create_board(ADA, json!({"name": "Beta"})).await;
    assert_eq!(client.task(other, "one").await, 1);
}

#[tokio::test]
async fn api_task_a_new_one_has_every_field_of_the_contract_and_so_has_its_event() {
    let (database, board) = Database::with_board().await;
    let request = json!({
        "title": "Write", "description": "everything", "status": "in_progress", "assigned_to": "ADA",
        "labels": ["b", "a"], "start_at": "2026-02-01T00:00:00Z", "due_at": "2026-02-03T04:05:06.789123+01:00",
        "fields": {"points": 3, "none": null},
    });
    let added = database.client.add_task(BOB, board, request, None).await.expect("added");
    let mut task = added.entity.clone();
    let event = added.event;
    assert_eq!(event["task"], task);
    assert!(event.get("changes").is_none() && event.get("undoes").is_none());
    assert_eq!(event["actor"], json!({"id": BOB, "username": "bob"}));
    assert_eq!((&event["action"], &event["entity"]), (&json!("Add"), &json!("task")));
    assert_eq!(event["timestamp"], task["created_at"]);
    let time = task["created_at"].as_str().expect("a time").to_owned();
    assert!(time.len() == 24 && time.ends_with('Z') && time.contains('.'), "{time}");
    assert_eq!(task["updated_at"], json!(time));
    for volatile in ["created_at", "updated_at", "position"] {
        task.as_object_mut().expect("a task").remove(volatile);
    }
    assert_eq!(
        task,
        json!({
            "id": 1, "board_id": board, "title": "Write", "description": "everything",
            "status": "in_progress", "assigned_to": "ada", "labels": ["b", "a"],
            "start_at": "2026-02-01T00:00:00.000Z", "due_at": "2026-02-03T03:05:06.789Z", "fields": {"points": 3, "none": null},
            "comment_count": 0, "item_count": 0, "done_count": 0, "created_by": "bob", "version": 1,
        })
    );
}

#[tokio::test]
async fn api_patch_merges_fields_by_rfc_7396_and_null_removes() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let first = json!({"fields": {"a": 1, "b": {"c": 2, "d": [1, 2]}}, "description": "x",
        "labels": ["x"], "due_at": "2026-01-01T00:00:00Z", "assigned_to": "bob"});
    client.patch_task(ADA, board, task, first, None).await.expect("patched");
    let second = json!({"fields": {"a": null, "b": {"d": [3], "e": {"f": null}}, "g": 4},
        "description": null, "labels": null, "due_at": null, "assigned_to": null});
    let patched = client.patch_task(ADA, board, task, second, None).await.expect("patched");
    assert_eq!(patched.entity["fields"], json!({"b": {"c": 2, "d": [3], "e": {}}, "g": 4}));
    assert_eq!(patched.entity["description"], "");
    assert_eq!(patched.entity["labels"], json!([]));
    assert_eq!(patched.entity["due_at"], Value::Null);
    assert_eq!(patched.event["changes"]["assigned_to"], json!(["bob", null]));
    assert_eq!(patched.event["action"], "Update");
    let none = client.patch_task(ADA, board, task, json!({"fields": null}), None).await;
    assert_eq!(none.expect("patched").entity["fields"], json!({}));
}

#[tokio::test]
async fn api_fields_hold_16_kib_as_the_client_counts_them_and_no_byte_more() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    // Many members, so that the printed form's spaces alone would exceed the limit.
    let object = |bytes: usize| {
        let mut object: serde_json::Map<String, Value> =
            (0..1_000).map(|n| (format!("k{n:03}"), json!(n % 10))).collect();
        object.insert("pad".to_owned(), json!(""));
        let missing = bytes - Value::from(object.clone()).to_string().len();
        object.insert("pad".to_owned(), json!("ü".repeat(missing / 2) + &"x".repeat(missing % 2)));
        Value::from(object)
    };
    let whole = object(16_384);
    assert_eq!(whole.to_string().len(), 16_384);
    client.add_task(ADA, board, json!({"title": "a", "fields": whole}), None).await.expect("fits");
    let over = json!({"title": "a", "fields": object(16_385)});
    let refusal = client.add_task(ADA, board, over, None).await.expect_err("too big");
    assert_eq!(
        (refusal.code.as_str(), &refusal.detail["errors"][0]["pointer"]),
        ("TB422", &json!("/fields"))
    );
    let more = json!({"fields": {"more": 1}});
    assert_eq!(code(client.patch_task(ADA, board, 1, more, None).await), "TB422");
}

#[tokio::test]
async fn a_write_that_changes_nothing_makes_no_event() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let one = client.task(board, "one").await;
    let two = client.task(board, "two").await;
    let before = client.read_board(ADA, board).await;
    for patch in [
        json!({}),
        json!({"title": "one"}),
        json!({"status": "todo"}),
        json!({"before": two}),
        json!({"fields": {"x": null}}),
        json!({"assigned_to": null}),
    ] {
        let outcome =
            client.patch_task(ADA, board, one, patch.clone(), None).await.expect("nothing");
        assert_eq!(
            (outcome.event, &outcome.entity["version"]),
            (Value::Null, &json!(1)),
            "{patch}"
        );
    }
    for patch in [json!({"after": one}), json!({"before": null}), json!({"after": null})] {
        let outcome =
            client.patch_task(ADA, board, two, patch.clone(), None).await.expect("nothing");
        assert_eq!(outcome.event, Value::Null, "{patch}");
    }
    assert_eq!(client.read_board(ADA, board).await, before, "no seq was used up");
}

#[tokio::test]
async fn api_move_by_status_before_and_after() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    for title in ["1", "2", "3", "4"] {
        client.task(board, title).await;
    }
    let moved = client.patch_task(ADA, board, 4, json!({"before": 1}), None).await.expect("moved");
    assert_eq!(moved.event["action"], "Move");
    assert_eq!(client.column(board, "todo").await, [4, 1, 2, 3]);
    client.patch_task(ADA, board, 1, json!({"after": 2}), None).await.expect("moved");
    assert_eq!(client.column(board, "todo").await, [4, 2, 1, 3]);
    client.patch_task(ADA, board, 4, json!({"before": null}), None).await.expect("moved");
    assert_eq!(client.column(board, "todo").await, [2, 1, 3, 4]);
    client.patch_task(ADA, board, 2, json!({"after": null}), None).await.expect("moved");
    assert_eq!(client.column(board, "todo").await, [1, 3, 4, 2]);
    let across = json!({"status": "finished", "title": "done"});
    let across = client.patch_task(ADA, board, 3, across, None).await.expect("moved").event;
    assert_eq!(across["changes"]["status"], json!(["todo", "finished"]));
    assert_eq!(across["changes"]["title"], json!(["3", "done"]));
    let into = json!({"status": "finished", "before": 3});
    client.patch_task(ADA, board, 1, into, None).await.expect("moved");
    assert_eq!(client.column(board, "finished").await, [1, 3]);
    let added = json!({"title": "between", "status": "finished", "after": 1});
    client.add_task(ADA, board, added, None).await.expect("added");
    assert_eq!(client.column(board, "finished").await, [1, 5, 3]);
    assert_history_is_sound(client, board).await;
}

#[tokio::test]
async fn api_422_names_every_faulty_field_at_once() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "one").await;
    let request =
        json!({"title": "x", "status": "nowhere", "assigned_to": "eve", "before": 1, "after": 1});
    let refusal = client.add_task(ADA, board, request, None).await.expect_err("refused");
    let pointers: Vec<&str> = refusal.detail["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|error| error["pointer"].as_str())
        .collect();
    assert_eq!(
        (refusal.code.as_str(), pointers),
        ("TB422", vec!["/after", "/status", "/assigned_to"])
    );
    for elsewhere in
        [json!({"before": 7}), json!({"status": "finished", "after": 1}), json!({"before": 1})]
    {
        let answer = client.patch_task(ADA, board, 1, elsewhere, None).await;
        assert_eq!(code(answer), "TB422", "not another task in that column");
    }
}

#[tokio::test]
async fn api_wip_counts_only_who_comes_in() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    for title in ["1", "2", "3"] {
        client.task(board, title).await;
    }
    let columns = json!([{"key": "todo", "name": "T", "wip_limit": 3}, {"key": "doing", "name": "D", "wip_limit": 1}]);
    client.patch_board(ADA, board, json!({"columns": columns}), None).await.expect("patched");
    let refusal = client.add_task(ADA, board, json!({"title": "4"}), None).await.expect_err("full");
    assert_eq!(
        (refusal.code.as_str(), refusal.detail),
        ("TBWIP", json!({"status": "todo", "wip_limit": 3}))
    );
    client
        .patch_task(ADA, board, 1, json!({"before": null}), None)
        .await
        .expect("within the column");
    client.patch_task(ADA, board, 1, json!({"status": "doing"}), None).await.expect("room");
    assert_eq!(
        code(client.patch_task(ADA, board, 2, json!({"status": "doing"}), None).await),
        "TBWIP"
    );
    client
        .patch_task(ADA, board, 1, json!({"title": "in place"}), None)
        .await
        .expect("it stays there");
    client.delete_task(ADA, board, 1, None).await.expect("deleted");
    client.patch_task(ADA, board, 2, json!({"status": "doing"}), None).await.expect("room again");
}

#[tokio::test]
async fn api_412_where_if_match_names_another_version() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    client
        .patch_task(ADA, board, task, json!({"title": "two"}), Some(&[7, 1]))
        .await
        .expect("matches");
    let refusal = client.patch_task(BOB, board, task, json!({"title": "3"}), Some(&[1])).await;
    let refusal = refusal.expect_err("refused");
    assert_eq!((refusal.code.as_str(), refusal.detail), ("TB412", json!({"version": 2})));
    assert_eq!(
        code(client.patch_task(BOB, board, task, json!({"title": "two"}), Some(&[])).await),
        "TB412"
    );
    assert_eq!(code(client.delete_task(BOB, board, task, Some(&[1])).await), "TB412");
    client.delete_task(BOB, board, task, Some(&[2])).await.expect("matches");
}

#[tokio::test]
async fn api_task_a_deleted_task_is_404_and_its_event_shows_it_as_it_was() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let event = client.delete_task(BOB, board, task, None).await.expect("deleted").event;
    assert_eq!((&event["action"], &event["task"]["version"]), (&json!("Delete"), &json!(1)));
    assert_eq!(code(client.delete_task(BOB, board, task, None).await), "TB404");
    assert_eq!(
        code(client.patch_task(BOB, board, task, json!({"title": "x"}), None).await),
        "TB404"
    );
    assert_eq!(client.read_board(ADA, board).await["tasks"], json!([]));
}

#[tokio::test]
async fn api_404_for_strangers_and_403_for_viewers_at_every_write_of_a_board() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    client.add_comment(ADA, board, task, "hello", None).await.expect("added");
    for (user, refusal) in [(EVE, "TB404"), (MIA, "TB403"), (99, "TB401")] {
        assert_eq!(code(client.add_task(user, board, json!({"title": "x"}), None).await), refusal);
        assert_eq!(
            code(client.patch_task(user, board, task, json!({"title": "x"}), Some(&[9])).await),
            refusal
        );
        assert_eq!(code(client.delete_task(user, board, task, None).await), refusal);
        assert_eq!(
            code(client.delete_task(user, board, 99, None).await),
            refusal,
            "before the task is looked up"
        );
        assert_eq!(code(client.add_comment(user, board, task, "x", None).await), refusal);
        assert_eq!(code(client.patch_comment(user, board, task, 1, "x", None).await), refusal);
        assert_eq!(code(client.delete_comment(user, board, task, 1, None).await), refusal);
        assert_eq!(code(client.undo(user, board, 1, None).await), refusal);
        assert_eq!(
            code(client.patch_board(user, board, json!({"name": "x"}), None).await),
            refusal
        );
        assert_eq!(code(client.delete_board(user, board, None).await), refusal);
        assert_eq!(code(client.restore_board(user, board, None).await), refusal);
        assert_eq!(code(client.put_member(user, board, "eve", "owner").await), refusal);
        assert_eq!(code(client.delete_member(user, board, "bob").await), refusal);
        assert_eq!(
            code(client.add_task(user, 99, json!({"title": "x"}), None).await),
            if user == 99 { "TB401" } else { "TB404" }
        );
    }
    assert_eq!(client.log(board).await.len(), 4, "nothing happened");
}

#[tokio::test]
async fn api_401_for_a_token_that_was_revoked_in_the_same_call() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let write = async |jti: &str, generation: i64| {
        let who = json!({"user_id": BOB, "jti": jti, "generation": generation}).to_string();
        let request = json!({"title": "x"}).to_string();
        let none: Option<&str> = None;
        let answer = client
            .write(shared::data::sql::TASK_ADD, &[&who, &board, &request, &none, &none])
            .await;
        answer
            .map(|_| ())
            .map_err(|refusal| refusal.detail["reason"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(write("a", 0).await, Ok(()));
    client
        .execute(
            "INSERT INTO revoked_tokens (jti, user_id, expires_at) VALUES ('a', $1, now())",
            &[&BOB],
        )
        .await
        .expect("revoked");
    assert_eq!(write("a", 0).await, Err("revoked".to_owned()));
    client
        .execute(
            "UPDATE users SET token_generation = 1, token_kept_jti = 'b' WHERE id = $1",
            &[&BOB],
        )
        .await
        .expect("revoked");
    assert_eq!(write("b", 0).await, Ok(()), "the token that the password was changed with");
    assert_eq!(write("c", 0).await, Err("revoked".to_owned()));
    assert_eq!(write("c", 1).await, Ok(()));
    client
        .execute("UPDATE users SET disabled = true WHERE id = $1", &[&BOB])
        .await
        .expect("disabled");
    assert_eq!(write("c", 1).await, Err("disabled".to_owned()));
}

#[tokio::test]
async fn api_patch_does_what_the_examples_of_rfc_7396_say() {
    let database = Database::new().await;
    for (target, patch, result) in [
        (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
        (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
        (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
        (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
        (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
        (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
        (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
        (r#"{"a":"foo"}"#, "null", "null"),
        (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
        (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
        ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
        ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
    ] {
        let statement = "SELECT merge_patch($1::text::jsonb, $2::text::jsonb) = $3::text::jsonb";
        let row = database.client.query_one(statement, &[&target, &patch, &result]).await;
        assert!(row.expect("a row").get::<_, bool>(0), "{target} patched by {patch}");
    }
}
