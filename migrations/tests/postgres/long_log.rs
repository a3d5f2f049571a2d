//! The cost of reading from a long log: as much as from a short one.

use serde_json::Value;
use shared::data::sql;
use tokio_postgres::Client;

use crate::support::{ADA, Database, Writes};

/// A log with this many events of 20 tasks, one per second since 2026, besides earlier ones.
async fn long_log(client: &Client, board: i64, events: i32) {
    let fill = "INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
        SELECT $1::bigint, seq + nth,
            jsonb_build_object('board_id', $1::bigint, 'seq', seq + nth, 'actor', jsonb_build_object('id', 1),
                'task', jsonb_build_object('id', nth % 20 + 1, 'title', nth, 'status', 'todo', 'position', 'a0',
                    'description', repeat(md5(nth::text), 20))),
            'task', 'Update', nth % 20 + 1, timestamptz '2026-01-01Z' + nth * interval '1 second', 0, (nth / 3 + 3)::text::xid8
        FROM boards, generate_series(1, $2) AS nth WHERE id = $1::bigint";
    // Times do not go backwards on a board, nor from one era to the next.
    let before = "UPDATE events SET created_at = '2026-01-01Z', era = 0, transaction_id = '1' WHERE board_id = $1";
    client.execute(before, &[&board]).await.expect("earlier events");
    client.execute(fill, &[&board, &events]).await.expect("a log");
    let moved =
        "UPDATE boards SET seq = seq + $2::integer, created_at = '2026-01-01Z' WHERE id = $1";
    client.execute(moved, &[&board, &events]).await.expect("its head");
    client.batch_execute("ANALYZE").await.expect("statistics");
}

/// How many blocks a query reads once it has been planned.
async fn blocks(client: &Client, query: &str) -> u64 {
    let explain = format!("EXPLAIN (ANALYZE, BUFFERS) {query}");
    // The first one reads the catalogue as well.
    let _ = client.query(&explain, &[]).await.expect("a plan");
    let plan = client.query(&explain, &[]).await.expect("a plan");
    let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
    let line = plan.iter().find(|line| line.contains("Buffers: shared")).expect("buffers");
    let of = |kind: &str| -> u64 {
        let reported = line.split_whitespace().find_map(|part| part.strip_prefix(kind));
        reported.map_or(0, |reported| reported.parse().expect("a number"))
    };
    of("hit=") + of("read=")
}

#[tokio::test]
async fn api_board_at_reads_of_each_task_its_newest_and_not_the_whole_log() {
    let mut read = Vec::new();
    for events in [200, 50_000] {
        let (database, board) = Database::with_board().await;
        for number in 0..20 {
            database.client.task(board, &number.to_string()).await;
        }
        long_log(&database.client, board, events).await;
        let newest: i64 = database
            .client
            .query_one("SELECT seq FROM boards WHERE id = $1", &[&board])
            .await
            .expect("a board")
            .get(0);
        let look = format!(
            "SELECT board_document_at(boards, {newest})::text FROM boards WHERE id = {board}"
        );
        let row = database.client.query_one(&look, &[]).await.expect("a look");
        let document: Value = serde_json::from_str(row.get(0)).expect("JSON");
        let tasks = document["tasks"].as_array().expect("tasks");
        // The newest version of each.
        assert_eq!(tasks.len(), 20);
        assert!(tasks.iter().all(|task| task["title"].as_i64() > Some(i64::from(events) - 20)));
        read.push(blocks(&database.client, &look).await);
    }
    assert!(read[1] < 2 * read[0], "{read:?} blocks");
}

#[tokio::test]
async fn api_activity_a_page_of_some_time_does_not_go_through_all_that_came_since() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    long_log(client, board, 50_000).await;
    for (order, actor, of_board) in [
        ("true", "NULL", "NULL"),
        ("false", "NULL", "NULL"),
        ("true", "1", "NULL"),
        ("false", "1", "NULL"),
        ("true", "NULL", "1"),
        ("false", "NULL", "1"),
    ] {
        // The second of almost fourteen hours.
        let page = format!(
            "SELECT count(event), count(next) FROM activity_of_time(NULL, NULL, NULL, NULL, {order}, {actor}, {of_board}, NULL, \
             NULL, '2026-01-01T02:00:00Z', '2026-01-01T03:00:00Z', 10000, 100000000, 11000)"
        );
        let row = client.query_one(&page, &[]).await.expect("a page");
        let (found, more): (i64, i64) = (row.get(0), row.get(1));
        assert_eq!((found, more), (3600, 0), "{order} {actor} {of_board}");
    }
    // And with only a short page requested.
    for order in ["true", "false"] {
        let page = format!(
            "SELECT * FROM activity_of_time(NULL, NULL, NULL, NULL, {order}, NULL, NULL, NULL, NULL, '2026-01-01T02:00:00Z', \
             '2026-01-01T02:01:00Z', 50, 32768, 500)"
        );
        let read = blocks(client, &page).await;
        assert!(read < 400, "{read} blocks");
    }
}

#[tokio::test]
async fn api_admin_users_are_found_by_the_name_that_they_have_now() {
    let (database, _) = Database::with_board().await;
    let found = async |piece: &str| {
        let rows = database
            .client
            .query(
                sql::LIST_USERS,
                &[&ADA, &0_i64, &"g0-1", &0_i64, &50_i64, &piece, &None::<&str>, &None::<bool>],
            )
            .await
            .expect("users");
        let items: Value = serde_json::from_str(rows[0].get(1)).expect("JSON");
        items.as_array().map_or(0, Vec::len)
    };
    database.client.batch_execute("UPDATE users SET role = 'admin'").await.expect("an admin");
    let rename = "UPDATE users SET display_name = 'Zoë Ångström' WHERE username = 'bob'";
    database.client.batch_execute(rename).await.expect("renamed");
    assert_eq!((found("zoe").await, found("BOB").await, found("angstrom").await), (1, 1, 1));
}

#[tokio::test]
async fn a_function_that_forbids_nested_loops_is_not_compiled() {
    // Its plan is estimated at ten billion where a nested loop is needed anyway.
    let (database, _) = Database::with_board().await;
    let compiled = "SELECT proname::text FROM pg_proc
        WHERE 'enable_nestloop=off' = ANY (proconfig) AND NOT 'jit=off' = ANY (proconfig)";
    let rows = database.client.query(compiled, &[]).await.expect("functions");
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(names, [""; 0]);
}
