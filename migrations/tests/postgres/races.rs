//! Every rule under real concurrency: many connections writing to one board at the same moment.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio_postgres::Client;

use crate::support::{ADA, Answer, BOB, Database, Writes, assert_history_is_sound, code};

/// How many connections do the same at the same time.
const CROWD: i64 = 64;

/// Runs `act` concurrently on this many separate connections.
async fn crowd<T: Send + 'static, F>(database: &Database, act: impl Fn(Client, i64) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
{
    let clients = join_all((0..CROWD).map(|_| database.connect())).await;
    let barrier = Arc::new(Barrier::new(clients.len()));
    let tasks = clients.into_iter().zip(0..).map(|(client, number)| {
        let barrier = Arc::clone(&barrier);
        let act = act(client, number);
        tokio::spawn(async move {
            barrier.wait().await;
            act.await
        })
    });
    join_all(tasks).await.into_iter().map(|task| task.expect("no panic")).collect()
}

/// How many succeeded; fails unless all others were refused with this code.
#[track_caller]
fn done(answers: Vec<Answer>, refusal: &str) -> usize {
    let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    for answer in refused {
        assert_eq!(code(answer), refusal);
    }
    done.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rt1_64_connections_that_add_at_once_make_a_dense_history_and_no_collision() {
    let (database, board) = Database::with_board().await;
    let answers = crowd(&database, |client, number| async move {
        let request = json!({"title": format!("task {number}")});
        client.add_task(if number % 2 == 0 { ADA } else { BOB }, board, request, None).await
    })
    .await;
    assert_eq!(done(answers, "none"), 64);
    assert_history_is_sound(&database.client, board).await;
    let document = database.client.read_board(ADA, board).await;
    let tasks = document["tasks"].as_array().expect("tasks");
    let distinct =
        |key: &str| tasks.iter().map(|task| task[key].to_string()).collect::<BTreeSet<_>>().len();
    assert_eq!((tasks.len(), distinct("id"), distinct("position")), (64, 64, 64));
    // The global order of events is also each board's order of seq.
    let order = "SELECT array_agg(seq ORDER BY era, transaction_id, board_id, seq) = array_agg(seq ORDER BY seq) FROM events";
    assert!(database.client.query_one(order, &[]).await.expect("a row").get::<_, bool>(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_wip_is_decided_atomically_by_moves_and_adds_alike() {
    let (database, board) = Database::with_board().await;
    for number in 0..CROWD {
        database.client.task(board, &format!("task {number}")).await;
    }
    let columns = json!({"columns": [{"key": "todo", "name": "T"}, {"key": "doing", "name": "D", "wip_limit": 5}]});
    database.client.patch_board(ADA, board, columns, None).await.expect("patched");
    let answers = crowd(&database, |client, number| async move {
        if number % 4 == 0 {
            client.add_task(BOB, board, json!({"title": "new", "status": "doing"}), None).await
        } else {
            client.patch_task(ADA, board, number + 1, json!({"status": "doing"}), None).await
        }
    })
    .await;
    assert_eq!(done(answers, "TBWIP"), 5);
    assert_eq!(database.client.column(board, "doing").await.len(), 5);
    assert_history_is_sound(&database.client, board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_idempotency_a_key_used_64_times_at_once_counts_once() {
    let (database, board) = Database::with_board().await;
    let answers = crowd(&database, |client, _| async move {
        client.add_task(ADA, board, json!({"title": "once"}), Some(("key", "print"))).await
    })
    .await;
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    for answer in &answers {
        assert_eq!((&answer.event, &answer.entity), (&answers[0].event, &answers[0].entity));
    }
    assert_eq!(
        database.client.read_board(ADA, board).await["tasks"].as_array().map(Vec::len),
        Some(1)
    );
    assert_history_is_sound(&database.client, board).await;

    let made = crowd(&database, |client, number| async move {
        if number % 2 == 0 {
            client.make_board(ADA, json!({"name": "once"}), Some(("key", "print"))).await
        } else {
            client.import_board(BOB, json!({"name": "once"}), Some(("key", "print"))).await
        }
    })
    .await;
    let ids: BTreeSet<String> = made
        .into_iter()
        .map(|answer| answer.expect("an answer").entity["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 2, "one for each user: a key belongs to its user");
}

#[tokio::test]
async fn api_422_an_idempotency_key_is_for_one_request_of_one_user_on_one_board_for_24_hours() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let request = json!({"title": "x"});
    let first =
        client.add_task(ADA, board, request.clone(), Some(("key", "print"))).await.expect("added");
    client.patch_task(ADA, board, 1, json!({"title": "later"}), None).await.expect("patched");
    let replay = client
        .add_task(ADA, board, request.clone(), Some(("key", "print")))
        .await
        .expect("replayed");
    assert_eq!(
        (replay.replayed, replay.entity),
        (true, first.entity),
        "the first answer, as it was"
    );
    assert_eq!(
        code(client.add_task(ADA, board, request.clone(), Some(("key", "other"))).await),
        "TBIDK"
    );
    assert_eq!(
        code(client.add_comment(ADA, board, 1, "x", Some(("key", "comment"))).await),
        "TBIDK"
    );
    client
        .add_task(BOB, board, request.clone(), Some(("key", "other")))
        .await
        .expect("another user");
    let undo = client.undo(ADA, board, 4, Some(("undo", "print"))).await.expect("undone");
    assert_eq!(
        client.undo(ADA, board, 4, Some(("undo", "print"))).await.expect("replayed").event,
        undo.event
    );
    let older = "UPDATE idempotency_keys SET created_at = created_at - interval '25 hours'";
    client.execute(older, &[]).await.expect("older");
    let anew =
        client.add_task(ADA, board, request, Some(("key", "another"))).await.expect("added again");
    assert!(!anew.replayed);
    let row = client.query_one(shared::data::sql::TIDY_UP, &[]).await.expect("tidied");
    assert_eq!(row.get::<_, i64>(0), 2, "only those more than 24 hours old");
    client.delete_member(BOB, board, "bob").await.expect("left");
    let gone = client.add_task(BOB, board, json!({"title": "x"}), Some(("key", "other"))).await;
    assert_eq!(
        code(gone),
        "TB404",
        "a stored answer is not replayed to people who may no longer see it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_412_of_64_who_saw_the_same_version_one_wins() {
    let (database, board) = Database::with_board().await;
    let task = database.client.task(board, "one").await;
    let answers = crowd(&database, |client, number| async move {
        client.patch_task(ADA, board, task, json!({"title": format!("{number}")}), Some(&[1])).await
    })
    .await;
    assert_eq!(done(answers, "TB412"), 1);
    let answers = crowd(&database, |client, number| async move {
        client.patch_board(ADA, board, json!({"name": format!("{number}")}), Some(&[1])).await
    })
    .await;
    assert_eq!(done(answers, "TB412"), 1);
    let answers = crowd(&database, |client, _| async move {
        client.delete_task(ADA, board, task, Some(&[2])).await
    })
    .await;
    assert_eq!(done(answers, "TB404"), 1);
    assert_history_is_sound(&database.client, board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rt6_a_member_who_is_removed_while_writing_writes_nothing_afterwards() {
    let (database, board) = Database::with_board().await;
    let answers = crowd(&database, |client, number| async move {
        let mut answers = Vec::new();
        for round in 0..6 {
            if number == 0 && round == 3 {
                answers.push(client.delete_member(ADA, board, "bob").await);
            } else if number > 0 {
                answers.push(client.add_task(BOB, board, json!({"title": "x"}), None).await);
            }
        }
        answers
    })
    .await;
    let written = done(answers.into_iter().flatten().collect(), "TB404");
    let log = database.client.log(board).await;
    assert_eq!(log.len(), 2 + written);
    let removal =
        log.iter().position(|event| event["entity"] == "member" && event["action"] == "Delete");
    let removal = removal.expect("bob's removal");
    assert!(log[removal + 1..].iter().all(|event| event["actor"]["username"] != "bob"));
    assert_history_is_sound(&database.client, board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_move_concurrent_ones_to_one_place_never_collide_or_lose_a_task() {
    let (database, board) = Database::with_board().await;
    for number in 0..=CROWD {
        database.client.task(board, &format!("task {number}")).await;
    }
    let answers = crowd(&database, |client, number| async move {
        let patch = match number % 3 {
            0 => json!({"before": 65}),
            1 => json!({"after": 65}),
            _ => json!({"before": null}),
        };
        client.patch_task(ADA, board, number + 1, patch, None).await
    })
    .await;
    assert_eq!(done(answers, "none"), 64);
    let column = database.client.column(board, "todo").await;
    assert_eq!(column.iter().collect::<BTreeSet<_>>().len(), 65);
    let middle = column.iter().position(|task| *task == 65).expect("it stays");
    assert!(column[..middle].iter().all(|task| task % 3 != 2), "{column:?}");
    assert_history_is_sound(&database.client, board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_409_two_last_owners_who_leave_at_once_leave_one_behind() {
    let (database, board) = Database::with_board().await;
    database.client.put_member(ADA, board, "bob", "owner").await.expect("a second owner");
    let answers = crowd(&database, |client, number| async move {
        match number {
            0 => client.delete_member(ADA, board, "ada").await,
            1 => client.put_member(BOB, board, "bob", "editor").await,
            _ => client.put_member(ADA, board, "mia", "viewer").await,
        }
    })
    .await;
    let owners = "SELECT count(*) FROM board_members WHERE board_id = $1 AND role = 'owner'";
    let owners: i64 = database.client.query_one(owners, &[&board]).await.expect("a row").get(0);
    assert_eq!(owners, 1);
    assert_eq!(answers.iter().take(2).filter(|answer| answer.is_ok()).count(), 1);
}

/// The events of all boards from a cursor on, and the next cursor.
async fn activity(client: &Client, cursor: &str) -> (Vec<Value>, String) {
    let mut parts = cursor.split('.');
    let mut next = || parts.next().unwrap_or("0").to_owned();
    let (era, transaction) = (next().parse::<i32>().expect("a number"), next());
    let (board, seq) =
        (next().parse::<i64>().expect("a number"), next().parse::<i64>().expect("a number"));
    let rows = client
        .query(shared::data::sql::LIST_ACTIVITY, &[&era, &transaction, &board, &seq, &100_i64])
        .await
        .expect("activity");
    let events = rows.iter().map(|row| serde_json::from_str(row.get(0)).expect("JSON")).collect();
    (events, rows.last().map_or(cursor.to_owned(), |row| row.get(1)))
}

/// The same once there are this many: transactions of other tests hold them back for a moment.
pub(crate) async fn activity_of(
    client: &Client,
    cursor: &str,
    count: usize,
) -> (Vec<Value>, String) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let (events, next) = activity(client, cursor).await;
        if events.len() >= count {
            assert_eq!(events.len(), count);
            return (events, next);
        }
        assert!(Instant::now() < deadline, "{} of {count}", events.len());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn api_activity_never_skips_what_is_committed_late() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let other = client.create_board(ADA, json!({"name": "Beta"})).await;
    let (_, cursor) = activity_of(client, "0.0.0.0", 4).await;

    let slow = database.connect().await;
    slow.batch_execute("BEGIN").await.expect("begun");
    slow.add_task(ADA, other, json!({"title": "late"}), None).await.expect("added");
    client.task(board, "early").await;
    let (events, cursor) = activity(client, &cursor).await;
    assert_eq!(events.len(), 0, "events after an open transaction have to wait");
    let unfinished =
        client.query(shared::data::sql::CHANGED_BOARDS, &[&None::<&str>]).await.expect("rows");
    let next: String = unfinished[0].get(2);
    slow.batch_execute("COMMIT").await.expect("committed");
    let (events, _) = activity_of(client, &cursor, 2).await;
    let titles: Vec<&Value> = events.iter().map(|event| &event["task"]["title"]).collect();
    assert_eq!(titles, ["late", "early"]);

    let changed = client.query(shared::data::sql::CHANGED_BOARDS, &[&next]).await.expect("rows");
    let boards: BTreeSet<i64> = changed.iter().map(|row| row.get(0)).collect();
    assert!(boards.contains(&other), "RT4: the sweeper starts where transactions were open");

    // After a restore into a fresh server, transaction ids start low again.
    for table in ["events", "board_creations", "boards"] {
        let shifted = format!(
            "UPDATE {table} SET transaction_id = (transaction_id::text::bigint + 1000000)::text::xid8"
        );
        client.execute(&shifted, &[]).await.expect("shifted");
    }
    client.execute("SELECT database_restored()", &[]).await.expect("restored");
    client.task(board, "after the restore").await;
    let (all, _) = activity_of(client, "0.0.0.0", 7).await;
    assert_eq!(all[6]["task"]["title"], "after the restore", "and nothing of the former era waits");
}
