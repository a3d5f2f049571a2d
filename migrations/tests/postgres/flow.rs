//! How work flows (docs/contract/api.md, API-ANALYTICS): the counts kept by each write equal a
//! count of the whole log, also for boards older than the counting.

use crate::support::{ADA, BOB, Database, Refusal, Writes, add_people};
use serde_json::{Value, json};
use shared::data::analytics::{Finishes, beginning};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

/// All counts of a board, as texts.
async fn counted(client: &Client, board: i64) -> Vec<String> {
    let statement = "SELECT column_flow::text FROM column_flow WHERE board_id = $1
        UNION ALL SELECT (id, entered_at, started_at, finished_at)::text FROM tasks WHERE board_id = $1 ORDER BY 1";
    let rows = client.query(statement, &[&board]).await.expect("rows");
    rows.iter().map(|row| row.get(0)).collect()
}

/// Fails unless the writes' counts equal a count of the log.
pub(crate) async fn assert_flow_is_sound(client: &Client, board: i64) {
    let kept = counted(client, board).await;
    client.execute("SELECT board_flow_count($1)", &[&board]).await.expect("counted");
    assert_eq!(kept, counted(client, board).await, "board {board}");
}

/// A row of the statement for reading analytics; `answered` and `known` are the caller's cached
/// values.
async fn reported(
    client: &Client,
    board: i64,
    answered: Option<&str>,
    known: Option<&str>,
) -> Result<Row, Refusal> {
    let none: Option<&str> = None;
    let statement = shared::data::sql::BOARD_ANALYTICS;
    let asked: [&(dyn ToSql + Sync); 10] =
        [&ADA, &0_i64, &"g0-1", &board, &none, &none, &"UTC", &10_i64, &answered, &known];
    Ok(client.query_one(statement, &asked).await?)
}

async fn analytics(client: &Client, board: i64) -> Result<Value, Refusal> {
    let row = reported(client, board, None, None).await?;
    let text = |column: usize| row.get::<_, String>(column);
    let finishes = |column| serde_json::from_str::<Finishes>(&text(column)).expect("finishes");
    let mut all = finishes(7);
    all.add(finishes(4));
    let beginning = beginning(&text(1), &mut all, row.get(2), !text(6).starts_with(']'));
    let text = [beginning, text(6), text(3)].concat();
    Ok(serde_json::from_str(&text).expect("JSON"))
}

/// Adds, moves, deletes and restores tasks, and changes columns.
async fn work(client: &Client, board: i64) {
    let first = client.task(board, "One").await;
    let second = client.task(board, "Two").await;
    for status in ["in_progress", "finished", "todo", "finished"] {
        client.patch_task(ADA, board, first, json!({"status": status}), None).await.expect("moved");
    }
    let gone = client.delete_task(BOB, board, second, None).await.expect("deleted");
    let columns = json!({"columns": [
        {"key": "todo", "name": "T"}, {"key": "finished", "name": "F"}, {"key": "released", "name": "R"},
    ]});
    client.patch_board(ADA, board, columns, None).await.expect("changed");
    let seq = gone.event["seq"].as_i64().expect("a seq");
    client.undo(ADA, board, seq, None).await.expect("back");
    client
        .patch_task(ADA, board, second, json!({"status": "released"}), None)
        .await
        .expect("moved");
}

#[tokio::test]
async fn api_analytics_of_a_board_that_is_older_than_the_counting_are_those_of_its_log() {
    let mut database = Database::empty().await;
    migrations::migrate(&mut database.client, Some(17)).await.expect("migrated");
    add_people(&database.client).await;
    let mut boards = Vec::new();
    for _ in 0..3 {
        let board = database.client.create_board(ADA, json!({"name": "Old"})).await;
        database.client.put_member(ADA, board, "bob", "editor").await.expect("a member");
        work(&database.client, board).await;
        boards.push(board);
    }
    migrations::migrate(&mut database.client, None).await.expect("migrated");
    let client = &database.client;
    let new = client.create_board(ADA, json!({"name": "New"})).await;
    client.put_member(ADA, new, "bob", "editor").await.expect("a member");
    work(client, new).await;
    let expected = analytics(client, new).await.expect("an answer");
    assert_eq!(expected["days"][29]["added"], 2);
    for board in boards {
        let reported = analytics(client, board).await.expect("an answer");
        assert_eq!(reported["days"][29], expected["days"][29]);
        assert_eq!(reported["lead_time"]["count"], expected["lead_time"]["count"]);
        // Later writes continue from there.
        client.task(board, "Three").await;
        assert_flow_is_sound(client, board).await;
    }
}

#[tokio::test]
async fn api_503_for_the_analytics_of_a_board_that_is_not_counted_yet_and_its_writes_go_on() {
    let (mut database, board) = Database::with_board().await;
    let uncount = "UPDATE boards SET flow_counted = false; DELETE FROM column_flow";
    database.client.batch_execute(uncount).await.expect("not counted");
    work(&database.client, board).await;
    let refusal = analytics(&database.client, board).await.expect_err("to be refused");
    assert_eq!(refusal.code, "TB503");
    migrations::migrate(&mut database.client, None).await.expect("migrated");
    let reported = analytics(&database.client, board).await.expect("an answer");
    assert_eq!(reported["days"][29]["added"], 2);
    assert_flow_is_sound(&database.client, board).await;
}

#[tokio::test]
async fn api_analytics_of_a_board_that_was_deleted_for_good_leave_nothing() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    work(client, board).await;
    client.delete_board(ADA, board, None).await.expect("deleted");
    let old = "UPDATE boards SET deleted_at = deleted_at - interval '31 days'";
    client.batch_execute(old).await.expect("old");
    client.query(shared::data::sql::TIDY_UP, &[]).await.expect("tidied");
    assert_eq!(counted(client, board).await, [""; 0]);
}

#[tokio::test]
async fn limit_analytics_an_answer_is_shown_for_a_minute_while_nothing_happens() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    work(client, board).await;
    let hour_ago = "UPDATE boards SET updated_at = updated_at - interval '1 hour'";
    client.batch_execute(hour_ago).await.expect("an hour ago");
    let row = reported(client, board, None, None).await.expect("a row");
    let (moment, closed_of): (String, String) = (row.get(0), row.get(5));
    let (of, _) = moment.rsplit_once(' ').expect("a time");
    let made = async |ago: &str| {
        let statement = format!("SELECT rfc3339(clock_timestamp() - interval '{ago}')");
        let row = client.query_one(&statement, &[]).await.expect("a row");
        format!("{of} {}", row.get::<_, String>(0))
    };
    let (young, old, later) = (made("50 s").await, made("61 s").await, made("-1 hour").await);
    for (answered, is_shown) in [
        (&*moment, true),
        (&young, true),
        (&old, false),
        (&later, false),
        (&format!("1{moment}"), false),
        (&moment.replace(" 20", " 19"), false),
        ("", false),
    ] {
        let row = reported(client, board, Some(answered), None).await.expect("a row");
        let [shown, opening, closed] = [0, 1, 6].map(|column| row.get::<_, Option<String>>(column));
        assert_eq!((shown.as_deref() == Some(answered), opening.is_none()), (is_shown, is_shown));
        assert_eq!(closed.is_none(), is_shown, "{answered}");
    }
    // Known parts are not returned again.
    let row = reported(client, board, None, Some(&closed_of)).await.expect("a row");
    let [opening, closed] = [1, 6].map(|column| row.get::<_, Option<String>>(column));
    assert_eq!((opening.is_some(), closed), (true, None));
}
