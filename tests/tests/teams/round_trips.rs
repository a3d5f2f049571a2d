//! The statements that a write sends to PostgreSQL (docs/contract/realtime.md, RT-PUBLISH).

use contract_tests::Api;
use contract_tests::api::{Mode, World, id};
use serde_json::json;
use std::collections::BTreeSet;

/// Settings that make the server log one line per message: the process, its duration, the message
/// (`parse`, `bind`, `execute` or `statement`) and the beginning of the statement.
const LOG_SETTINGS: [&str; 3] = [
    "ALTER SYSTEM SET log_min_duration_statement = 0",
    "ALTER SYSTEM SET log_line_prefix = 'process %p '",
    "SELECT pg_reload_conf()",
];

/// The process and the message of a line of the log.
fn message(line: &str) -> Option<(&str, &str)> {
    let (process, rest) = line.strip_prefix("process ")?.split_once(' ')?;
    let (_, reported) = rest.split_once(" ms  ")?;
    Some((process, reported))
}

/// Seven writes: a task is added, changed, moved and commented on; a checklist and its item are
/// added, and the item is ticked.
async fn write(api: &Api<'_>, board: u64) {
    let task = api.task(board, "One").await;
    let path = api.task_path(board, task);
    let _ = api.patch(&path, &json!({"title": "Two"})).send().await.expect(200);
    let _ = api.patch(&path, &json!({"status": "finished"})).send().await.expect(200);
    let comments = format!("{path}/comments");
    let _ = api.request("POST", &comments).json(&json!({"body": "Done"})).send().await.expect(201);
    let lists = format!("{path}/checklists");
    let list = api.post(&lists, &json!({"title": "All"})).send().await.expect(201);
    let items = format!("{lists}/{}/items", id(&list.json()));
    let item = api.post(&items, &json!({"text": "Each"})).send().await.expect(201);
    let item = format!("{path}/items/{}", id(&item.json()));
    let _ = api.patch(&item, &json!({"done": true})).send().await.expect(200);
}

#[tokio::test]
async fn rt_publish_a_write_is_one_statement_and_one_round_trip() {
    let world = World::start(Mode::TEAMS, &[]).await;
    let (api, databases) = (world.api(), world.databases());
    let board = api.board("Counted").await;
    for statement in LOG_SETTINGS {
        databases.psql(statement).expect("set");
    }
    // The host learns each statement's parameter types once.
    write(&api, board).await;
    databases.psql("SELECT 'from here on'").expect("a mark");
    for _ in 0..3 {
        write(&api, board).await;
    }
    let log = databases.postgres_log();
    let (_, counted) = log.rsplit_once("from here on").expect("the mark");
    let messages: Vec<(&str, &str)> = counted.lines().filter_map(message).collect();
    let is_write = |reported: &str| {
        ["tasks: a new", "task: changes", "comments: a new", "checklists: "]
            .iter()
            .any(|name| reported.contains(name))
    };
    let writers: BTreeSet<&str> = messages
        .iter()
        .filter(|(_, reported)| reported.starts_with("execute") && is_write(reported))
        .map(|(process, _)| *process)
        .collect();
    let of_writers: Vec<&str> = messages
        .iter()
        .filter(|(process, _)| writers.contains(process))
        .map(|(_, reported)| reported.split(' ').next().unwrap_or_default())
        .collect();
    // Parsed, bound and executed in one message; nothing else is sent before or after.
    assert_eq!(of_writers, ["parse", "bind", "execute"].repeat(21), "{messages:#?}");
}
