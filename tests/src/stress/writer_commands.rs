//! A writer's random commands.

use crate::api::Mode;
use fastrand::Rng;
use serde_json::{Value, json};
use shared::models::TaskTitle;
use shared::validation::FromField as _;

const STATUSES: [&str; 3] = ["todo", "in_progress", "finished"];

/// The range of guessed task ids: the first ones of a board.
const TASKS: u64 = 30;

/// A request of a writer, without its key.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Value,
    /// Whether it creates something, which its key lets exist only once.
    pub(super) creates: bool,
}

/// A random command on this board. Creations carry the key, so that they can be counted.
pub(super) fn random(mode: Mode, board: u64, key: &str, dice: &mut Rng) -> Command {
    let path = format!("{}/{board}", mode.boards);
    let task = format!("{path}/tasks/{}", dice.u64(1..=TASKS));
    let command = |method, path, body, creates| Command { method, path, body, creates };
    let has_comments = mode == Mode::TEAMS;
    match dice.u32(..20) {
        0..8 => {
            let body = json!({"title": key, "status": status(dice), "description": text(dice)});
            command("POST", format!("{path}/tasks"), body, true)
        }
        14..16 => command("DELETE", task, Value::Null, false),
        16..19 if has_comments => {
            command("POST", format!("{task}/comments"), json!({"body": key}), true)
        }
        8..14 | 16..19 => command("PATCH", task, patch(dice), false),
        _ => command("PATCH", path, json!({"name": text(dice)}), false),
    }
}

fn patch(dice: &mut Rng) -> Value {
    let mut patch = json!({});
    if dice.bool() {
        patch["title"] = json!(text(dice));
    }
    if dice.bool() || patch == json!({}) {
        patch["status"] = json!(status(dice));
    }
    if dice.u32(..4) == 0 {
        patch["description"] = json!(text(dice));
    }
    patch
}

fn status(dice: &mut Rng) -> &'static str {
    STATUSES[dice.usize(..STATUSES.len())]
}

/// A short text of characters of any script, none of them white space or one that a title must not have.
fn text(dice: &mut Rng) -> String {
    let length = dice.usize(1..20);
    let characters = std::iter::repeat_with(|| dice.char('!'..));
    let fits = |character: &char| {
        let title = TaskTitle::from_field(json!(format!("a{character}b")));
        !character.is_whitespace() && title.is_ok()
    };
    format!("x{}", characters.filter(fits).take(length).collect::<String>())
}
