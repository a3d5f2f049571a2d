//! A history whose people all act concurrently: the outcome is unknown, but some properties must
//! hold in any case.

use crate::client::Client;
use crate::command::{Fate, Step, What};
use crate::compare;
use crate::request::{Known, Request, Target};
use crate::run::{Outcome, replayed};
use crate::team::{Team, Teams};
use contract_tests::api::{assert_dense, seq};
use futures::future::{join_all, try_join_all};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many people act.
const PEOPLE: u8 = 3;

/// How many clients follow.
const CLIENTS: u8 = 3;

/// The board as a person saw it last.
struct Seen(Value);

/// A successful write that named a version: the task, the version and the event.
type Won = (u64, String, u64);

/// The same in state-of-the-art mode.
///
/// # Errors
/// What is wrong.
pub(crate) async fn in_a_team(history: &[Step]) -> Outcome {
    at_once(history, &Teams::shared().await.full).await
}

/// The same in quick-win mode, for the commands that it supports.
///
/// # Errors
/// What is wrong.
pub(crate) async fn in_quick_win(history: &[Step]) -> Outcome {
    at_once(history, &Teams::shared().await.quick_win).await
}

/// Runs all people's histories and the clients concurrently.
async fn at_once(history: &[Step], team: &Team) -> Outcome {
    let (board, origin) = team.board("A crowd", ["owner", "editor"]).await;
    let observer = team.api(team.observer());
    let followers = join_all((0..CLIENTS).map(|_| Client::new(observer, board))).await;
    let of_person = |person| {
        history.iter().filter_map(move |step| match step {
            Step::Do(who, what) if *who == person => Some(*what),
            _ => None,
        })
    };
    let of_client = |client| {
        history.iter().filter_map(move |step| match step {
            Step::Client(which, fate) if *which == client => Some(*fate),
            _ => None,
        })
    };
    let people = (0..PEOPLE).map(|person| act(team, board, person, of_person(person).collect()));
    let clients = (0..).zip(followers).map(|(index, client)| {
        let fates: Vec<Fate> = of_client(index).collect();
        follow(client, fates)
    });
    let (won, clients) = futures::try_join!(
        async { Ok::<_, String>(join_all(people).await) },
        try_join_all(clients)
    )?;
    let document = observer.document(board).await;
    for (index, mut client) in clients.into_iter().enumerate() {
        client.read_to(seq(&document)).await.map_err(|why| format!("client {index}: {why}"))?;
        compare::replica(&client.replica, &document)
            .map_err(|why| format!("client {index}: {why}"))?;
    }
    let events = observer.events(board, 0).await;
    assert_dense(&events, 1);
    compare::replica(&replayed(origin.clone(), &events), &document)
        .map_err(|why| format!("the log, replayed from its first event: {why}"))?;
    check_limits(&origin, &events)?;
    check_versions(&events)?;
    check_winners(won.into_iter().flatten())
}

async fn follow(mut client: Client<'_>, fates: Vec<Fate>) -> Outcome<Client<'_>> {
    for fate in fates {
        client.suffer(fate).await?;
    }
    Ok(client)
}

/// Sends one person's requests in sequence; returns the successful ones that named a
/// version.
async fn act(team: &Team, board: u64, person: u8, doings: Vec<What>) -> Vec<Won> {
    let api = team.api(person.into());
    let mut won = Vec::new();
    for what in doings {
        let seen = Seen(api.document(board).await);
        let request = Request::new(person, &what, &seen, &team.people, team.begins());
        let reply = request.send(api, board, &team.people).await;
        let refused = [403, 404, 409, 412, 422].contains(&reply.status);
        assert!(reply.status < 300 || refused, "{request:?}\n{reply}");
        if let (Target::Task(id) | Target::TaskGone(id), Some(version), Some(event)) =
            (request.target, request.if_match, reply.header("event-seq"))
            && version != "*"
        {
            won.push((id, version, event.parse().expect("a number")));
        }
    }
    won
}

/// At most one write of each version of a task succeeds.
fn check_winners(won: impl Iterator<Item = Won>) -> Outcome {
    let mut first: BTreeMap<(u64, String), u64> = BTreeMap::new();
    for (task, version, event) in won {
        if let Some(other) = first.insert((task, version.clone()), event) {
            return Err(format!(
                "events {other} and {event} both changed {version} of task {task}"
            ));
        }
    }
    Ok(())
}

/// Each event of a task raises its version by exactly one.
fn check_versions(events: &[Value]) -> Outcome {
    let mut versions: BTreeMap<u64, u64> = BTreeMap::new();
    let mut counted: BTreeMap<u64, [Option<u64>; 2]> = BTreeMap::new();
    for event in events {
        let task = event.get("task").or(event.get("task_patch")).unwrap_or(&Value::Null);
        let (Some(id), Some(version)) = (task["id"].as_u64(), task["version"].as_u64()) else {
            continue;
        };
        let last = versions.get(&id).copied().unwrap_or_default();
        let kept = ["entity", "action"].map(|name| event[name].as_str().unwrap_or_default());
        let expected = match kept {
            // A deletion shows the task as it was, and a comment's text is not part of the task.
            ["task", "Delete"] | ["comment", "Update"] => last,
            // Only the numbers of items and of done items are part of the task.
            ["checklist" | "checklist_item", _] => {
                let counts = ["item_count", "done_count"].map(|name| task[name].as_u64());
                let known = counted.insert(id, counts).unwrap_or([Some(0); 2]);
                last + u64::from(known != counts)
            }
            _ => last + 1,
        };
        if version != expected {
            return Err(format!("version {expected} of task {id} must come next: {event}"));
        }
        versions.insert(id, version + u64::from(kept == ["task", "Delete"]));
    }
    Ok(())
}

/// Checks that no task ever entered a full column.
fn check_limits(origin: &Value, events: &[Value]) -> Outcome {
    let mut columns = origin["columns"].clone();
    let mut within: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for event in events {
        if event["entity"] == "board" {
            columns = event["board"]["columns"].clone();
        }
        if event["entity"] != "task" {
            continue;
        }
        let id = event["task"]["id"].as_u64().unwrap_or_default();
        let column = event["task"]["status"].as_str().unwrap_or_default().to_owned();
        let stayed = within.get(&column).is_some_and(|tasks| tasks.contains(&id));
        for tasks in within.values_mut() {
            tasks.remove(&id);
        }
        if event["action"] == "Delete" {
            continue;
        }
        let tasks = within.entry(column.clone()).or_default();
        tasks.insert(id);
        let known = columns.as_array().into_iter().flatten().find(|known| known["key"] == column);
        let limit = known.and_then(|column| column["wip_limit"].as_u64());
        if !stayed && limit.is_some_and(|limit| tasks.len() as u64 > limit) {
            return Err(format!("{column} took {} tasks, over its limit: {event}", tasks.len()));
        }
    }
    Ok(())
}

impl Known for Seen {
    fn task_version(&self, task: u64) -> u64 {
        let mut tasks = self.0["tasks"].as_array().into_iter().flatten();
        let found = tasks.find(|known| known["id"] == json!(task));
        found.and_then(|task| task["version"].as_u64()).unwrap_or(1)
    }

    fn comment_version(&self, _: u64) -> u64 {
        1
    }

    fn checklist_version(&self, _: u64) -> u64 {
        1
    }

    fn item_version(&self, _: u64) -> u64 {
        1
    }

    fn board_version(&self) -> u64 {
        self.0["version"].as_u64().unwrap_or(1)
    }

    fn head(&self) -> u64 {
        seq(&self.0)
    }
}
