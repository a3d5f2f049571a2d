//! The results of the reading statements, and who gets them.

use serde_json::{Value, json};
use shared::data::sql;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use crate::support::{ADA, BOB, Database, EVE, MIA, Writes, canonical};

/// The `jti` of everybody's token, of generation 0.
const JTI: &str = "g0-1";

/// The first row's items and its other columns; `None` if there is no row.
async fn page(
    client: &Client,
    statement: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Option<(Vec<Value>, Option<i64>)> {
    let rows = client.query(statement, parameters).await.expect("an answer");
    rows.first().map(|row| (serde_json::from_str(row.get(0)).expect("JSON"), row.get(1)))
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().expect("an id")).collect()
}

async fn boards(
    client: &Client,
    user: i64,
    which: &str,
    cursor: Option<&str>,
    limit: i64,
) -> (Vec<Value>, Option<String>) {
    let numbers = cursor.map(|cursor| cursor.split_once('.').expect("two numbers"));
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let (activity, id) = (numbers.map(|pair| number(pair.0)), numbers.map(|pair| number(pair.1)));
    let row = client
        .query_one(sql::LIST_BOARDS, &[&user, &0_i64, &JTI, &which, &activity, &id, &limit, &true])
        .await;
    let row = row.expect("always a row");
    (serde_json::from_str(row.get(0)).expect("JSON"), row.get(1))
}

#[tokio::test]
async fn api_list_boards_by_newest_activity_page_by_page() {
    let database = Database::new().await;
    let client = &database.client;
    for name in ["1", "2", "3", "4", "5"] {
        client.create_board(ADA, json!({"name": name})).await;
    }
    client.create_board(EVE, json!({"name": "hers"})).await;
    // All with the same time, so that the ids decide; then one with newer activity.
    client.execute("UPDATE boards SET updated_at = '2026-01-01Z'", &[]).await.expect("set");
    client.task(2, "newest").await;
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let (items, next) = boards(client, ADA, "active", cursor.as_deref(), 2).await;
        found.extend(ids(&items));
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(found, [2, 5, 4, 3, 1]);

    client.patch_board(ADA, 5, json!({"archived": true}), None).await.expect("archived");
    client.put_member(ADA, 4, "bob", "editor").await.expect("a member");
    client.delete_board(ADA, 4, None).await.expect("deleted");
    let (archived, _) = boards(client, ADA, "archived", None, 50).await;
    assert_eq!((ids(&archived), &archived[0]["role"]), (vec![5], &json!("owner")));
    let (trash, _) = boards(client, ADA, "deleted", None, 50).await;
    assert_eq!(ids(&trash), [4]);
    assert!(trash[0]["deleted_at"].is_string());
    assert_eq!(boards(client, BOB, "deleted", None, 50).await.0, [Value::Null; 0]);
    assert_eq!(ids(&boards(client, ADA, "active", None, 50).await.0), [2, 3, 1]);
}

#[tokio::test]
async fn api_filter_tasks_come_by_id_page_by_page() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    for request in [
        json!({"title": "Fix the login page", "labels": ["bug", "web"], "due_at": "2026-01-01T00:00:00Z"}),
        json!({"title": "Write", "description": "the LOGIN guide", "assigned_to": "bob", "status": "finished"}),
        json!({"title": "Paint the page", "labels": ["web"], "due_at": "2026-03-01T00:00:00Z", "assigned_to": "Bob"}),
        json!({"title": "Gone login"}),
    ] {
        client.add_task(ADA, board, request, None).await.expect("added");
    }
    client.delete_task(ADA, board, 4, None).await.expect("deleted");
    let find = async |filters: [Option<&str>; 6]| {
        let [status, assignee, label, q, due, updated] = filters;
        let parameters: [&(dyn ToSql + Sync); 13] = [
            &MIA, &0_i64, &JTI, &board, &0_i64, &50_i64, &status, &assignee, &label, &due,
            &updated, &0_i64, &q,
        ];
        if q.is_none() {
            return ids(&page(client, sql::LIST_TASKS, &parameters[..11])
                .await
                .expect("a member")
                .0);
        }
        let row = client.query_one(sql::SEARCH_TASKS, &parameters).await.expect("a member");
        ids(&serde_json::from_str::<Vec<Value>>(row.get(0)).expect("JSON"))
    };
    let none = None;
    assert_eq!(find([none; 6]).await, [1, 2, 3]);
    assert_eq!(find([Some("finished"), none, none, none, none, none]).await, [2]);
    assert_eq!(find([none, Some("BOB"), none, none, none, none]).await, [2, 3]);
    assert_eq!(find([none, none, Some("web"), none, none, none]).await, [1, 3]);
    assert_eq!(find([none, none, none, Some("login"), none, none]).await, [1, 2]);
    assert_eq!(find([none, none, none, Some("login -guide"), none, none]).await, [1]);
    assert_eq!(find([none, none, none, Some("\"the page\""), none, none]).await, [3]);
    assert_eq!(
        find([none, none, none, Some("'\\ & | ! ("), none, none]).await,
        [0; 0],
        "any text may be searched for"
    );
    assert_eq!(find([none, none, none, none, Some("2026-02-01T00:00:00.000Z"), none]).await, [1]);
    assert_eq!(
        find([none, none, Some("web"), Some("page"), Some("2027-01-01T00:00:00Z"), none]).await,
        [1, 3]
    );
    let task = client
        .query_one(sql::READ_TASK, &[&MIA, &0_i64, &JTI, &board, &2_i64])
        .await
        .expect("a task");
    let second: Value = serde_json::from_str(task.get(0)).expect("JSON");
    let updated = second["updated_at"].as_str().expect("a time");
    client.patch_task(ADA, board, 1, json!({"title": "Fixed"}), None).await.expect("patched");
    assert!(find([none, none, none, none, none, Some(updated)]).await.contains(&1));
    assert!(
        !find([none, none, none, none, none, Some(updated)]).await.contains(&2),
        "only later ones"
    );

    let after = async |id: i64| {
        let parameters: [&(dyn ToSql + Sync); 11] =
            [&ADA, &0_i64, &JTI, &board, &id, &2_i64, &none, &none, &none, &none, &none];
        page(client, sql::LIST_TASKS, &parameters).await.expect("a member")
    };
    let (items, next) = after(0).await;
    assert_eq!((ids(&items), next), (vec![1, 2], Some(2)));
    let (items, next) = after(2).await;
    assert_eq!((ids(&items), next), (vec![3], None));
}

#[tokio::test]
async fn api_event_pages_come_oldest_first_without_holes_and_tell_where_to_go_on() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "one").await;
    client.add_comment(BOB, board, 1, "hello", None).await.expect("added");
    client.task(board, "two").await;
    let events = async |after: i64, limit: i64| {
        let row = client
            .query_one(sql::LIST_EVENTS, &[&MIA, &0_i64, &JTI, &board, &after, &limit, &i64::MAX])
            .await
            .expect("a row");
        let items: Vec<Value> = serde_json::from_str(row.get(0)).expect("JSON");
        let seqs: Vec<i64> = items.iter().filter_map(|event| event["seq"].as_i64()).collect();
        (seqs, row.get::<_, Option<i64>>(1), row.get::<_, i64>(2))
    };
    assert_eq!(events(0, 2).await, (vec![1, 2], Some(2), 5));
    assert_eq!(events(2, 3).await, (vec![3, 4, 5], None, 5));
    assert_eq!(events(5, 3).await, (vec![], None, 5));
    assert_eq!(events(9, 3).await, (vec![], None, 5));
    let history = async |limit: i64| {
        let parameters: [&(dyn ToSql + Sync); 8] =
            [&MIA, &0_i64, &JTI, &board, &1_i64, &0_i64, &limit, &i64::MAX];
        let (items, next) = page(client, sql::LIST_TASK_EVENTS, &parameters).await.expect("a task");
        (items.iter().filter_map(|event| event["seq"].as_i64()).collect::<Vec<_>>(), next)
    };
    assert_eq!(history(50).await, (vec![3, 4], None));
    assert_eq!(history(1).await, (vec![3], Some(3)));
    client.delete_task(ADA, board, 1, None).await.expect("deleted");
    assert_eq!(history(50).await.0, [3, 4, 6], "also of a deleted task");
}

/// The rows of a reading statement for a board and task 1, with the token with this `jti`.
async fn read(
    client: &Client,
    statement: &str,
    (user, jti): (i64, &str),
    board: i64,
) -> Vec<tokio_postgres::Row> {
    let prepared = client.prepare(statement).await.expect("a statement");
    let none: Option<&str> = None;
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&user, &0_i64, &jti, &board];
    for kind in &prepared.params()[4..] {
        // A task, a seq or a limit; everything; no filter.
        parameters.push(match *kind {
            Type::INT8 => &1_i64,
            Type::BOOL => &true,
            _ => &none,
        });
    }
    client.query(&prepared, &parameters).await.expect("an answer")
}

#[tokio::test]
async fn api_404_a_stranger_reads_nothing_of_a_board_nor_does_anybody_of_a_deleted_one() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "one").await;
    client.add_comment(BOB, board, 1, "hello", None).await.expect("added");
    let reported = async |user: i64, board: i64| {
        let mut reported = Vec::new();
        for statement in sql::READING {
            let rows = read(client, statement, (user, JTI), board).await;
            let [row] = rows.as_slice() else { panic!("{} rows of {statement}", rows.len()) };
            reported.push(row.get::<_, Option<&str>>(0).is_some());
        }
        reported
    };
    let all = |reported| vec![reported; sql::READING.len()];
    assert_eq!(reported(MIA, board).await, all(true));
    assert_eq!(reported(EVE, board).await, all(false));
    assert_eq!(reported(MIA, 999).await, all(false));
    client.delete_board(ADA, board, None).await.expect("deleted");
    assert_eq!(reported(ADA, board).await, all(false));
    assert_eq!(
        client.log(board).await.len(),
        5,
        "but the relay reads a deleted board's last event"
    );
}

#[tokio::test]
async fn rt9_every_read_finds_out_by_itself_that_a_token_no_longer_counts() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "one").await;
    let revoke = "INSERT INTO revoked_tokens (jti, user_id, expires_at) VALUES ('g0-2', $1, now())";
    client.execute(revoke, &[&MIA]).await.expect("revoked");
    let change = async |what: &str| {
        let change = format!("UPDATE users SET {what} WHERE id = $1");
        client.execute(change.as_str(), &[&MIA]).await.expect("changed");
    };
    let expect = async |counts: bool, jti: &str| {
        for statement in sql::READING.iter().chain([&sql::LIST_BOARDS]) {
            let rows = match *statement {
                sql::LIST_BOARDS => {
                    let none: Option<i64> = None;
                    let parameters: [&(dyn ToSql + Sync); 8] =
                        [&MIA, &0_i64, &jti, &"active", &none, &none, &9_i64, &false];
                    client.query(*statement, &parameters).await.expect("an answer")
                }
                statement => read(client, statement, (MIA, jti), board).await,
            };
            assert_eq!(rows.len(), usize::from(counts), "{jti}: {statement}");
        }
    };
    expect(true, JTI).await;
    expect(false, "g0-2").await;
    change("token_generation = 1, token_kept_jti = 'g0-3'").await;
    expect(false, JTI).await;
    expect(true, "g0-3").await;
    change("token_generation = 0, disabled = true").await;
    expect(false, JTI).await;
}

#[tokio::test]
async fn api_404_nothing_of_a_board_is_looked_at_for_a_stranger() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "one").await;
    client.add_comment(BOB, board, 1, "hello", None).await.expect("added");
    // Enough rows that no sequential scan is as cheap.
    for _ in 0..400 {
        client.task(board, "another").await;
    }
    client.batch_execute("ANALYZE").await.expect("analyzed");
    for statement in sql::READING {
        let explain = format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)\n{statement}");
        let plan = async |user| {
            let rows = read(client, &explain, (user, JTI), board).await;
            rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
        };
        let scans = |plan: &[String]| {
            let mut boards = 0;
            let of_content = |line: &&String| {
                let of = |name: &str| line.contains(&format!(" on {name}"));
                // The board's own row once for its state; reading its content is a second scan.
                boards += usize::from(of("boards"));
                of("tasks") || of("comments") || of("events") || (of("boards") && boards > 1)
            };
            let found =
                |line: &&String| !line.contains("never executed") && !line.contains(" rows=0");
            plan.iter().filter(of_content).filter(found).cloned().collect::<Vec<_>>()
        };
        assert_eq!(scans(&plan(EVE).await), [""; 0], "{statement}");
    }
}

#[tokio::test]
async fn api_list_members_and_comments_page_by_page() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "one").await;
    for body in ["a", "b", "c"] {
        client.add_comment(BOB, board, 1, body, None).await.expect("added");
    }
    client.delete_comment(BOB, board, 1, 2, None).await.expect("deleted");
    let members = page(client, sql::LIST_MEMBERS, &[&ADA, &0_i64, &JTI, &board, &0_i64, &2_i64])
        .await
        .expect("members");
    assert_eq!((ids(&members.0), members.1), (vec![ADA, BOB], Some(BOB)));
    let members = page(client, sql::LIST_MEMBERS, &[&ADA, &0_i64, &JTI, &board, &BOB, &2_i64])
        .await
        .expect("members");
    assert_eq!((ids(&members.0), members.1), (vec![MIA], None));
    let comments =
        page(client, sql::LIST_COMMENTS, &[&ADA, &0_i64, &JTI, &board, &1_i64, &0_i64, &1_i64])
            .await;
    let (items, next) = comments.expect("comments");
    assert_eq!((ids(&items), next), (vec![1], Some(1)));
    let comments =
        page(client, sql::LIST_COMMENTS, &[&ADA, &0_i64, &JTI, &board, &1_i64, &1_i64, &2_i64])
            .await;
    assert_eq!(ids(&comments.expect("comments").0), [3]);
}

#[tokio::test]
async fn api_at_a_later_seq_than_it_has_a_board_is_null() {
    let (database, board) = Database::with_board().await;
    let row = database
        .client
        .query_one(sql::READ_BOARD_AT, &[&ADA, &0_i64, &JTI, &board, &3_i64, &None::<&str>])
        .await
        .expect("a row");
    assert_eq!((row.get::<_, Option<&str>>(0), row.get::<_, i64>(1)), (None, 2));
}

#[tokio::test]
async fn api_export_can_be_imported_and_exported_the_same() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let request = json!({"title": "one", "labels": ["x"], "fields": {"a": [1]}, "start_at": "2025-12-31T00:00:00Z", "due_at": "2026-01-01T00:00:00Z", "description": "d"});
    client.add_task(ADA, board, request, None).await.expect("added");
    client
        .add_task(
            ADA,
            board,
            json!({"title": "two", "status": "finished", "assigned_to": "ada"}),
            None,
        )
        .await
        .expect("added");
    client.add_comment(ADA, board, 1, "hello", None).await.expect("added");
    let export = async |board: i64| -> Value {
        let row = client
            .query_one(sql::EXPORT_BOARD, &[&ADA, &0_i64, &JTI, &board, &1000_i64, &i64::MAX])
            .await
            .expect("a row");
        serde_json::from_str(row.get(0)).expect("JSON")
    };
    let exported = export(board).await;
    assert_eq!(exported["events"].as_array().map(Vec::len), Some(5));
    let mut document = exported.clone();
    for task in document["tasks"].as_array_mut().expect("tasks") {
        let bodies: Vec<Value> = task["comments"]
            .as_array()
            .expect("comments")
            .iter()
            .map(|comment| comment["body"].clone())
            .collect();
        task["comments"] = Value::from(bodies);
    }
    let imported = client.import_board(ADA, document, None).await.expect("imported").entity;
    let again = export(imported["id"].as_i64().expect("an id")).await;
    let plain = |document: &Value| {
        let tasks = document["tasks"].as_array().expect("tasks").iter().map(|task| {
            [
                "title",
                "description",
                "status",
                "labels",
                "fields",
                "start_at",
                "due_at",
                "assigned_to",
            ]
            .map(|name| task[name].clone())
        });
        canonical(&json!([document["name"], document["columns"], tasks.collect::<Vec<_>>()]))
    };
    assert_eq!(plain(&exported), plain(&again));
}

#[tokio::test]
async fn api_activity_a_page_of_a_log_of_100000_events_reads_no_more_than_it_shows() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "first").await;
    let fill = "INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
        SELECT $1::bigint, nth + 100, jsonb_build_object('board_id', $1::bigint, 'seq', nth + 100, 'actor', jsonb_build_object('id', nth % 50 + 100),
            'task', jsonb_build_object('description', repeat(md5(nth::text), 20))),
            'task', 'Add', 1, now(), 0, (nth / 3 + 3)::text::xid8
        FROM generate_series(1, 100000) AS nth";
    client.execute(fill, &[&board]).await.expect("a log");
    client.batch_execute("ANALYZE events").await.expect("statistics");
    for (arguments, filtered) in [
        ("NULL, NULL, NULL, NULL, false, NULL, NULL", "NULL, NULL, NULL, NULL"),
        ("NULL, NULL, NULL, NULL, true, NULL, NULL", "NULL, NULL, NULL, NULL"),
        ("0, '20000', 1, 7, false, NULL, NULL", "NULL, NULL, NULL, NULL"),
        ("0, '20000', 1, 7, true, NULL, NULL", "NULL, NULL, NULL, NULL"),
        ("NULL, NULL, NULL, NULL, true, 107, NULL", "NULL, NULL, NULL, NULL"),
        ("NULL, NULL, NULL, NULL, false, 9999999, NULL", "NULL, NULL, NULL, NULL"),
        ("NULL, NULL, NULL, NULL, true, NULL, 1", "NULL, NULL, NULL, NULL"),
        ("NULL, NULL, NULL, NULL, true, NULL, 9999999", "NULL, NULL, NULL, NULL"),
    ] {
        let explain = format!(
            "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM \
             activity_page({arguments}, {filtered}, 50, 1048576, 10000)"
        );
        // The first one reads the catalogue as well.
        let _ = client.query(&explain, &[]).await.expect("a plan");
        let plan = client.query(&explain, &[]).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
        let line = plan.iter().find(|line| line.contains("Buffers: shared")).expect("buffers");
        let blocks = |kind: &str| -> u64 {
            let reported = line.split_whitespace().find_map(|part| part.strip_prefix(kind));
            reported.map_or(0, |reported| reported.parse().expect("a number"))
        };
        let read = blocks("hit=") + blocks("read=");
        assert!(read < 400, "{read} blocks for ({arguments})");
    }
}
