//! A board's existence does not leak: a stranger's 404 and that of a missing board are the same
//! answer, for the same work (docs/contract/api.md).

use contract_tests::Api;
use contract_tests::api::World;
use contract_tests::http::{Call, Reply};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

/// How long an expected event may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// The reads of a board with some thousand events: paths below the board's.
pub(crate) const READS: [&str; 11] = [
    "",
    "?at=3000",
    "/members",
    "/tasks?limit=200",
    "/tasks/1",
    "/tasks/1/comments",
    "/tasks/1/checklists",
    "/tasks/1/events",
    "/events",
    "/export",
    "/analytics",
];

/// An answer's time in each store, in milliseconds.
fn spent(reply: &Reply) -> Vec<(String, f64)> {
    let parts = reply.list("server-timing");
    let read = |part: String| {
        let (name, duration) = part.split_once(";dur=").expect("a duration");
        (name.to_owned(), duration.parse().expect("milliseconds"))
    };
    parts.into_iter().map(read).collect()
}

/// An answer without the parts that differ between requests.
pub(crate) fn shape(reply: &Reply) -> (u16, Vec<String>, Vec<String>, Value) {
    let mut body = reply.json();
    body["request_id"] = Value::Null;
    let mut headers: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    let stores = spent(reply).into_iter().map(|(name, _)| name).collect();
    (reply.status, headers, stores, body)
}

#[tokio::test]
async fn api_404_of_a_stranger_is_that_of_a_board_which_is_not_there_in_every_respect() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Large").await;
    let statement = format!(
        "SELECT count(task_add('{{\"user_id\": {}}}', {board}, jsonb_build_object( \
         'title', 'task ' || n, 'description', repeat('x', 200)))) FROM generate_series(1, 3000) AS n",
        ada.user_id()
    );
    let _ = world.databases().psql(&statement).expect("tasks");
    let whole: f64 = spent(&ada.get(&ada.board_path(board)).send().await.expect(200))
        .iter()
        .map(|(_, duration)| duration)
        .sum();
    for rest in READS {
        let ask = async |board: u64| {
            let reply = stranger.get(&format!("/api/boards/{board}{rest}")).send().await;
            assert_eq!(reply.status, 404, "{rest}: {reply}");
            reply
        };
        assert_eq!(shape(&ask(board).await), shape(&ask(999_999_999).await), "{rest}");
        let mut times = Vec::new();
        for _ in 0..3 {
            times.push(spent(&ask(board).await).iter().map(|(_, it)| it).sum::<f64>());
        }
        // Even on a busy machine one of three is undisturbed.
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(least * 5.0 < whole, "{rest}: {times:?} ms of {whole} ms for all of it");
    }
}

/// The writes of a board: method, path below the board's, and a body that is valid for a member.
pub(crate) fn writes() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("PATCH", "", json!({"name": "Mine"})),
        ("DELETE", "", Value::Null),
        ("POST", "/restore", Value::Null),
        ("PUT", "/members/nobody", json!({"role": "owner"})),
        ("DELETE", "/members/nobody", Value::Null),
        ("POST", "/tasks", json!({"title": "Mine"})),
        ("PATCH", "/tasks/1", json!({"title": "Mine"})),
        ("DELETE", "/tasks/1", Value::Null),
        ("POST", "/tasks/1/comments", json!({"body": "Mine"})),
        ("PATCH", "/tasks/1/comments/1", json!({"body": "Mine"})),
        ("DELETE", "/tasks/1/comments/1", Value::Null),
        ("POST", "/tasks/1/checklists", json!({"title": "Mine"})),
        ("PATCH", "/tasks/1/checklists/1", json!({"title": "Mine"})),
        ("DELETE", "/tasks/1/checklists/1", Value::Null),
        ("POST", "/tasks/1/checklists/1/items", json!({"text": "Mine"})),
        ("PATCH", "/tasks/1/items/1", json!({"text": "Mine"})),
        ("DELETE", "/tasks/1/items/1", Value::Null),
        ("POST", "/tasks/1/items/1/convert", Value::Null),
        ("POST", "/tasks/1/tick", json!({"line": "- [ ] Mine", "done": true})),
        ("POST", "/events/1/undo", Value::Null),
        ("POST", "/invitations", json!({"role": "viewer"})),
        ("POST", "/tokens", json!({"name": "Mine", "scope": "read"})),
    ]
}

pub(crate) fn request<'a>(who: &'a Api<'_>, method: &str, path: &str, body: &Value) -> Call<'a> {
    let call = who.request(method, path);
    match method {
        _ if body.is_null() => call,
        "PATCH" => {
            call.header("content-type", "application/merge-patch+json").body(body.to_string())
        }
        _ => call.json(body),
    }
}

#[tokio::test]
async fn api_404_of_a_strangers_write_waits_for_no_member_and_is_that_of_a_missing_board() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Busy").await;
    ada.task(board, "Hers").await;
    let address = world.databases().database_url();
    let (mut member, connection) =
        tokio_postgres::connect(&address, NoTls).await.expect("PostgreSQL");
    let connection = tokio::spawn(connection);
    let lock = member.transaction().await.expect("a transaction");
    let id = i64::try_from(board).expect("an id");
    let locking = "SELECT FROM boards WHERE id = $1 FOR NO KEY UPDATE";
    let _ = lock.query_one(locking, &[&id]).await.expect("the board");
    let functions = "SELECT count(*) FROM pg_proc WHERE prosrc LIKE '%board_open(%'";
    let functions: i64 = lock.query_one(functions, &[]).await.expect("a row").get(0);
    assert_eq!(i64::try_from(writes().len()), Ok(functions), "each writing function");
    for (method, rest, body) in writes() {
        let ask = async |board: u64| {
            let path = format!("/api/boards/{board}{rest}");
            let call = request(&stranger, method, &path, &body);
            let reply = tokio::time::timeout(PATIENCE, call.send()).await;
            let reply = reply.unwrap_or_else(|_| panic!("{method} {path} waits for a member"));
            assert_eq!(reply.status, 404, "{method} {rest}: {reply}");
            shape(&reply)
        };
        assert_eq!(ask(board).await, ask(999_999_999).await, "{method} {rest}");
    }
    // A member waits for the lock, and strangers do not hold it.
    let waits = async {
        let deadline = Instant::now() + PATIENCE;
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))";
        while lock.query_one(waiting, &[]).await.expect("a row").get::<_, i64>(0) == 0 {
            assert!(Instant::now() < deadline, "nobody waits for the lock");
        }
        lock.rollback().await.expect("the lock is gone");
    };
    let ((), seq) = tokio::join!(waits, ada.task(board, "Hers as well"));
    assert_eq!(seq, 2);
    connection.abort();
}
