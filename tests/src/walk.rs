//! A board's random history: commands of a team in any order.

use crate::api::{Api, id};
use crate::http::Reply;
use fastrand::Rng;
use serde_json::{Value, json};

/// Sends a random command for a board that `api` owns; returns the answer, which may be a refusal.
///
/// # Panics
/// If the answer is neither a success nor an expected refusal.
pub async fn step(api: &Api<'_>, board: u64, dice: &mut Rng) -> Reply {
    let document = api.document(board).await;
    let tasks: Vec<u64> = document["tasks"].as_array().into_iter().flatten().map(id).collect();
    let task = (!tasks.is_empty()).then(|| tasks[dice.usize(..tasks.len())]);
    let reply = match (dice.u8(..16), task) {
        (0, _) => {
            let patch = board_patch(&document, dice);
            api.patch(&api.board_path(board), &patch).send().await
        }
        (1, Some(task)) if tasks.len() > 3 => api.delete(&api.task_path(board, task)).send().await,
        (2..8, Some(task)) => {
            let patch = task_patch(&document, dice);
            api.patch(&api.task_path(board, task), &patch).send().await
        }
        (8 | 9, Some(task)) => {
            let path = format!("{}/comments", api.task_path(board, task));
            api.post(&path, &json!({"body": format!("comment {}", dice.u8(..))})).send().await
        }
        (10, Some(_)) => {
            let seq = dice.u64(1..=document["seq"].as_u64().unwrap_or(1).max(1));
            let path = format!("{}/events/{seq}/undo", api.board_path(board));
            api.request("POST", &path).send().await
        }
        (11, Some(_)) => {
            let name = some(&document, "members", dice)["username"].clone();
            let name = name.as_str().unwrap_or_default().to_owned();
            let path = format!("{}/members/{name}", api.board_path(board));
            let role = ["viewer", "editor", "owner"][dice.usize(..3)];
            // This user stays an owner.
            let role = if name == api.username() { "owner" } else { role };
            api.request("PUT", &path).json(&json!({"role": role})).send().await
        }
        _ => {
            let mut body = task_patch(&document, dice);
            body["title"] = json!(format!("task {}", dice.u16(..)));
            api.post(&api.tasks_path(board), &body).send().await
        }
    };
    // The neighbour may be in another column than the requested one.
    assert!(reply.status < 300 || [409, 422].contains(&reply.status), "{reply}");
    reply
}

/// A random one of a board's tasks, members or columns; null if there is none.
fn some(document: &Value, list: &str, dice: &mut Rng) -> Value {
    let list = document[list].as_array().map_or(&[][..], Vec::as_slice);
    dice.choice(list).cloned().unwrap_or_default()
}

fn board_patch(document: &Value, dice: &mut Rng) -> Value {
    match dice.u8(..4) {
        0 => json!({"name": format!("Board {}", dice.u16(..))}),
        1 => json!({"archived": dice.bool()}),
        2 => {
            json!({"description": if dice.bool() { json!("字 \"\\ \u{7f}") } else { json!(null) }})
        }
        _ => {
            let mut columns = document["columns"].clone();
            if let Some(columns) = columns.as_array_mut() {
                dice.shuffle(columns);
                columns[0]["wip_limit"] =
                    if dice.bool() { json!(dice.u8(1..9)) } else { json!(null) };
            }
            json!({"columns": columns})
        }
    }
}

fn task_patch(document: &Value, dice: &mut Rng) -> Value {
    let mut patch = json!({});
    if dice.u8(..3) == 0 {
        patch["description"] = json!(format!("{} <&> é\n\t\"quoted\" \u{2028}", dice.u32(..)));
    }
    if dice.u8(..3) == 0 {
        patch["labels"] = json!([format!("label {}", dice.u8(..5))]);
    }
    if dice.u8(..3) == 0 {
        patch["fields"] = json!({"a": dice.u8(..), "deep": {"b": [1.5, null, {}]}, "c": null});
    }
    if dice.u8(..4) == 0 {
        patch["start_at"] = json!("2031-02-02T04:05:06.789+01:00");
    }
    if dice.u8(..4) == 0 {
        patch["due_at"] = json!("2031-02-03T04:05:06.789+01:00");
    }
    if dice.u8(..4) == 0 {
        patch["assigned_to"] = some(document, "members", dice)["username"].clone();
    }
    if dice.bool() {
        patch["status"] = some(document, "columns", dice)["key"].clone();
    }
    match dice.u8(..4) {
        0 => patch["before"] = some(document, "tasks", dice)["id"].clone(),
        1 => patch["after"] = some(document, "tasks", dice)["id"].clone(),
        _ => {}
    }
    patch
}
