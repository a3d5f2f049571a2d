//! How much a member may write: events, pages of them, the history of an import, the rate of
//! writes.

use serde_json::{Value, json};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use crate::support::{ADA, BOB, Database, Refusal, Replica, Writes, canonical};

/// A description of the maximum length, in characters of four bytes.
fn longest() -> String {
    "\u{1F370}".repeat(10_000)
}

/// The sizes of a board's events in bytes.
async fn sizes(client: &Client, board: i64) -> Vec<usize> {
    client.log(board).await.iter().map(|event| event.to_string().len()).collect()
}

#[tokio::test]
async fn api_event_of_a_comment_is_slim_however_large_its_task_is() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = json!({"title": "one", "description": longest(), "labels": vec!["x".repeat(60)]});
    client.add_task(ADA, board, task, None).await.expect("added");
    let before = sizes(client, board).await.len();
    client.add_comment(BOB, board, 1, "x", None).await.expect("added");
    client.patch_comment(BOB, board, 1, 1, "y", None).await.expect("changed");
    client.delete_comment(BOB, board, 1, 1, None).await.expect("deleted");
    let sizes = sizes(client, board).await.split_off(before);
    assert!(sizes.iter().all(|size| *size < 1_000), "{sizes:?}");
}

#[tokio::test]
async fn rt5_a_history_of_whole_tasks_in_comments_is_still_told_and_followed() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let task = client.task(board, "one").await;
    let first = client.read_board(ADA, board).await;
    client.add_comment(BOB, board, task, "old", None).await.expect("added");
    let old = client.read_board(ADA, board).await;
    // As written by an earlier version.
    let rewrite = "UPDATE events SET event = event - 'task_patch' || jsonb_build_object('task', $1::text::jsonb) \
                   WHERE board_id = $2 AND entity = 'comment'";
    let whole = old["tasks"][0].to_string();
    client.execute(rewrite, &[&whole, &board]).await.expect("rewritten");
    client.add_comment(BOB, board, task, "new", None).await.expect("added");
    let new = client.read_board(ADA, board).await;
    client.delete_task(ADA, board, task, None).await.expect("deleted");
    for state in [&first, &old, &new] {
        let reported =
            client.read_board_at(ADA, board, state["seq"].as_i64().expect("a seq")).await;
        assert_eq!(canonical(&reported), canonical(state));
    }
    let mut replica = Replica::new(first);
    let log = client.log(board).await;
    for event in log.iter().filter(|event| event["entity"] == "comment") {
        replica.apply(event).expect("the next event");
    }
    assert_eq!(replica.canonical(), canonical(&new));
}

#[tokio::test]
async fn limit_events_page_ends_by_bytes_and_holds_an_event_at_least() {
    use shared::data::sql;
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    for _ in 0..6 {
        let task = json!({"title": "t", "description": longest()});
        client.add_task(ADA, board, task, None).await.expect("added");
    }
    client.patch_task(ADA, board, 1, json!({"title": "u"}), None).await.expect("changed");
    client.patch_task(ADA, board, 1, json!({"title": "v"}), None).await.expect("changed");
    let ask = async |statement: &str, parameters: &[&(dyn ToSql + Sync)]| {
        let row = client.query_one(statement, parameters).await.expect("a row");
        let items: Vec<Value> = serde_json::from_str(row.get(0)).expect("JSON");
        let seqs = items.iter().map(|event| event["seq"].as_i64().expect("a seq"));
        (seqs.collect::<Vec<_>>(), row.get::<_, Option<i64>>(1))
    };
    // Two members have joined before; each task has slightly more than 40 kB.
    let events = async |after: i64, bytes: i64| {
        let reader: [&(dyn ToSql + Sync); 4] = [&ADA, &0_i64, &"g0-1", &board];
        ask(sql::LIST_EVENTS, &[&reader[..], &[&after, &1_000_i64, &bytes]].concat()).await
    };
    assert_eq!(events(2, 1).await, (vec![3], Some(3)));
    assert_eq!(events(2, 50_000).await, (vec![3, 4], Some(4)));
    assert_eq!(events(4, 1_000_000).await, (vec![5, 6, 7, 8, 9, 10], None));
    let history = async |after: i64, bytes: i64| {
        let reader: [&(dyn ToSql + Sync); 5] = [&ADA, &0_i64, &"g0-1", &board, &1_i64];
        ask(sql::LIST_TASK_EVENTS, &[&reader[..], &[&after, &200_i64, &bytes]].concat()).await
    };
    assert_eq!(history(0, 1).await, (vec![3], Some(3)));
    assert_eq!(history(3, 50_000).await, (vec![9, 10], None));
    let rows = client.query(sql::BOARD_EVENTS, &[&board, &2_i64, &256_i64, &100_000_i64]).await;
    assert_eq!(rows.expect("events").len(), 3);
    let parameters: [&(dyn ToSql + Sync); 6] =
        [&ADA, &0_i64, &"g0-1", &board, &1_000_i64, &50_000_i64];
    let row = client.query_one(sql::EXPORT_BOARD, &parameters).await;
    let document: Value = serde_json::from_str(row.expect("a row").get(0)).expect("JSON");
    let events = document["events"].as_array().expect("events");
    let seqs: Vec<&Value> = events.iter().map(|event| &event["seq"]).collect();
    assert_eq!(seqs, [9, 10], "the newest ones");
}

#[tokio::test]
async fn limit_import_events_of_more_than_32_mib_are_refused_and_nothing_is_made() {
    let database = Database::new().await;
    let client = &database.client;
    let import = async |tasks: usize| {
        let task = json!({"title": "t", "description": longest()});
        client.import_board(ADA, json!({"name": "Large", "tasks": vec![task; tasks]}), None).await
    };
    let Err(Refusal { code, detail }) = import(840).await else { panic!("imported") };
    assert_eq!(code, "TB422");
    let reported = detail["errors"][0]["detail"].as_str().expect("a detail");
    assert!(reported.contains("33554432"), "{reported}");
    let row = client.query_one("SELECT count(*) FROM boards", &[]).await.expect("a row");
    assert_eq!(row.get::<_, i64>(0), 0);
    import(700).await.expect("below it");
}

/// Ada, with this write rate.
fn within(burst: u32, per_second: u32) -> String {
    json!({"user_id": ADA, "writes": {"burst": burst, "per_second": per_second}}).to_string()
}

async fn add(client: &Client, who: &str, board: i64, title: &str) -> Result<(), Refusal> {
    let task = json!({"title": title}).to_string();
    let none: Option<&str> = None;
    let parameters: [&(dyn ToSql + Sync); 5] = [&who, &board, &task, &none, &none];
    client.query_one(shared::data::sql::TASK_ADD, &parameters).await?;
    Ok(())
}

#[tokio::test]
async fn limit_writes_a_burst_goes_through_and_then_so_many_a_second() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let who = within(5, 1);
    for _ in 0..5 {
        add(client, &who, board, "t").await.expect("within the burst");
    }
    let refusal = add(client, &who, board, "t").await.expect_err("too much");
    assert_eq!((refusal.code.as_str(), &refusal.detail), ("TB429", &json!({"retry_after": 1})));
    client.task(board, "of somebody whom nobody limits").await;
    let bob = json!({"user_id": BOB, "writes": {"burst": 5, "per_second": 1}}).to_string();
    add(client, &bob, board, "t").await.expect("each has their own limit");
    // A refusal costs nothing: waiting for the named time is enough.
    let wait = "UPDATE write_rates SET paid_until = paid_until - interval '1 s' WHERE user_id = $1";
    client.execute(wait, &[&ADA]).await.expect("a second later");
    add(client, &who, board, "t").await.expect("one more");
    add(client, &who, board, "t").await.expect_err("and no other");
}

#[tokio::test]
async fn limit_writes_begin_anew_where_the_clock_was_set_back() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let who = within(3, 1);
    for _ in 0..3 {
        add(client, &who, board, "t").await.expect("within the burst");
    }
    add(client, &who, board, "t").await.expect_err("too much");
    // As if all that had happened before the clock was set back by a year.
    let back = "UPDATE write_rates SET paid_until = paid_until + interval '1 year', \
                charged_at = charged_at + interval '1 year'";
    client.execute(back, &[]).await.expect("set back");
    for _ in 0..3 {
        add(client, &who, board, "t").await.expect("within a new burst");
    }
    let refusal = add(client, &who, board, "t").await.expect_err("too much again");
    assert_eq!((refusal.code.as_str(), &refusal.detail), ("TB429", &json!({"retry_after": 1})));
}

#[tokio::test]
async fn limit_writes_what_is_large_counts_more_and_what_changes_nothing_counts_nothing() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let who = within(4, 1);
    add(client, &who, board, "t").await.expect("one");
    let none: Option<Vec<i64>> = None;
    let patch = async |patch: Value| {
        let patch = patch.to_string();
        let parameters: [&(dyn ToSql + Sync); 5] = [&who, &board, &1_i64, &patch, &none];
        client.query_one(shared::data::sql::TASK_PATCH, &parameters).await.map(drop)
    };
    for _ in 0..9 {
        patch(json!({"title": "t"})).await.expect("nothing");
    }
    patch(json!({"description": longest()})).await.expect("80 kB count as two");
    add(client, &who, board, "t").await.expect("the fourth");
    let refusal = add(client, &who, board, "t").await.expect_err("too much");
    assert_eq!(refusal.code, "TB429");
}

#[tokio::test]
async fn limit_writes_counts_boards_and_imports_as_well() {
    let database = Database::new().await;
    let client = &database.client;
    let who = within(2, 1);
    let make = async |statement: &str, document: Value| {
        let document = document.to_string();
        let none: Option<&str> = None;
        let parameters: [&(dyn ToSql + Sync); 4] = [&who, &document, &none, &none];
        client.query_one(statement, &parameters).await.map(drop).map_err(Refusal::from)
    };
    use shared::data::sql::{BOARD_CREATE, BOARD_IMPORT};
    make(BOARD_CREATE, json!({"name": "One"})).await.expect("made");
    let task = json!({"title": "t", "description": longest()});
    let document = json!({"name": "Two", "tasks": vec![task; 16]});
    make(BOARD_IMPORT, document).await.expect("imported, and charged afterwards");
    let refusal = make(BOARD_CREATE, json!({"name": "Three"})).await.expect_err("too much");
    let seconds = refusal.detail["retry_after"].as_i64().expect("seconds");
    assert!((5..=11).contains(&seconds), "640 kB count as ten: {seconds}");
}

/// How many rows of the activity's tables this connection has read.
async fn rows_read(client: &Client) -> i64 {
    let statement = "SELECT sum(seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables
        WHERE relname IN ('events', 'board_creations', 'user_events')";
    client.query_one(statement, &[]).await.expect("a number").get(0)
}

#[tokio::test]
async fn api_activity_a_page_reads_what_it_tells_and_no_more_of_the_logs() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let add = format!(
        "SELECT count(task_add('{{\"user_id\": {ADA}}}', {board}, jsonb_build_object('title', n::text)))
         FROM generate_series(1, 3000) AS n"
    );
    client.batch_execute(&add).await.expect("tasks");
    client.batch_execute("ANALYZE").await.expect("analyzed");
    for newest in [false, true] {
        for [by, of] in [["NULL", "NULL"], [&ADA.to_string(), "NULL"], ["NULL", &board.to_string()]]
        {
            let page = format!(
                "SELECT count(*) FROM activity_page(
                 NULL, NULL, NULL, NULL, {newest}, {by}, {of}, NULL, NULL, NULL, NULL, 50, 32768, 500)"
            );
            // Within a transaction they only grow; earlier reads may be included.
            client.batch_execute("BEGIN").await.expect("the beginning");
            let before = rows_read(client).await;
            client.batch_execute(&page).await.expect("a page");
            let rows = rows_read(client).await - before;
            client.batch_execute("COMMIT").await.expect("the end");
            assert!((50..=100).contains(&rows), "{rows}, newest {newest}, by {by}, of {of}");
        }
    }
}
