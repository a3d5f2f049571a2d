//! Comparisons of boards and logs: with the model, with a replica, and between the modes.

use crate::model::Model;
use crate::run::{Left, Outcome};
use crate::team::TEAM_BEGINS;
use contract_tests::replica::{Replica, canonical};
use serde_json::{Value, json};

/// Whether a value matches the expected one; objects may have more members.
pub(crate) fn covers(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => expected
            .iter()
            .all(|(name, value)| covers(actual.get(name).unwrap_or(&Value::Null), value)),
        (Value::Array(actual), Value::Array(expected)) => {
            actual.len() == expected.len()
                && actual.iter().zip(expected).all(|(actual, expected)| covers(actual, expected))
        }
        _ => actual == expected,
    }
}

fn differ(what: &str, actual: &Value, expected: &Value) -> String {
    format!("{what}:\nexpected {}\ngot {}", canonical(expected), canonical(actual))
}

/// Checks the server's board against the model's.
pub(crate) fn document(document: &Value, model: &Model) -> Outcome {
    let expected = model.document();
    if covers(document, &expected) {
        return Ok(());
    }
    Err(differ("the server's board is not the model's", document, &expected))
}

/// RT5: checks that a replica equals the server's board byte for byte.
pub(crate) fn replica(replica: &Replica, document: &Value) -> Outcome {
    // `role` is the reader's own, so it differs between readers without an event.
    if replica.canonical() == canonical(document) {
        return Ok(());
    }
    Err(format!("it holds\n{}\nthe server\n{}", replica.canonical(), canonical(document)))
}

/// Checks that the log is the model's, and that its times never go backwards.
pub(crate) fn events(events: &[Value], model: &Model) -> Outcome {
    let exact = |event: &Value, expected: &Value| {
        ["changes", "undoes"].iter().all(|name| event.get(*name) == expected.get(*name))
    };
    for (event, expected) in events.iter().zip(model.events()) {
        if !covers(event, expected) || !exact(event, expected) {
            return Err(differ("an event", event, expected));
        }
    }
    if events.len() != model.events().len() {
        return Err(format!("{} events, not {}", events.len(), model.events().len()));
    }
    let times: Vec<&str> = events.iter().filter_map(|event| event["timestamp"].as_str()).collect();
    if !times.is_sorted() {
        return Err(format!("times go backwards: {times:?}"));
    }
    let entity = |event: &Value| event["entity"].as_str().unwrap_or_default().to_owned();
    for event in events.iter().filter(|event| event["action"] != "Delete") {
        // Checklists and their items have no `updated_at`.
        let is_of_checklist = entity(event).starts_with("checklist");
        if !is_of_checklist && event[entity(event)]["updated_at"] != event["timestamp"] {
            return Err(format!("what changed was not updated then: {event}"));
        }
    }
    Ok(())
}

/// The fields of a task that both modes have.
const TASK: [&str; 6] = ["id", "title", "description", "status", "assigned_to", "version"];

/// Checks that the same history gives the same board, except for the fields of teams' boards.
pub(crate) fn modes(full: &Left, quick_win: &Left) -> Outcome {
    let [full, quick_win] =
        [(full, TEAM_BEGINS), (quick_win, 0)].map(|(left, begins)| plain(left, begins));
    if full == quick_win {
        return Ok(());
    }
    Err(format!(
        "the modes differ:\nstate-of-the-art {}\nquick-win        {}",
        canonical(&full),
        canonical(&quick_win)
    ))
}

/// What both modes must have in common: everything except times, board ids and names.
fn plain(left: &Left, begins: u64) -> Value {
    let document = &left.document;
    let number = |value: &Value| value.as_u64().unwrap_or_default() - begins;
    let mut tasks: Vec<Value> =
        document["tasks"].as_array().into_iter().flatten().map(plain_task).collect();
    tasks.sort_by_key(|task| task["id"].as_u64());
    let event = |event: &Value| {
        let mut plain = json!({
            "seq": number(&event["seq"]),
            "action": event["action"],
            "entity": event["entity"],
            "task": plain_task(&event["task"]),
            "board": {"name": event["board"]["name"], "version": event["board"]["version"]},
            "changes": event["changes"],
        });
        if let Some(changes) = plain["changes"].as_object_mut() {
            changes.remove("position");
        }
        plain
    };
    json!({
        "name": document["name"],
        "version": document["version"],
        "seq": number(&document["seq"]),
        "tasks": tasks,
        "events": left.events.iter().map(event).collect::<Vec<_>>(),
    })
}

fn plain_task(task: &Value) -> Value {
    TASK.iter().map(|name| ((*name).to_owned(), task[*name].clone())).collect()
}
