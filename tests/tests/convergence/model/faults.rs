//! Faults of a request that do not depend on the board.

use super::{Answer, invalid};
use crate::request::{Request, Target};
use serde_json::Value;

/// 422 naming every faulty field at once.
pub(super) fn check(request: &Request, quick_win: bool) -> Result<(), Answer> {
    let body = &request.body;
    let mut faults = Vec::new();
    let mut check = |pointer, is_faulty: bool| {
        if is_faulty {
            faults.push(pointer);
        }
    };
    match request.target {
        Target::NewTask | Target::Task(_) => {
            let missing = request.target == Target::NewTask && body.get("title").is_none();
            check("/title", missing || !is_text(body.get("title"), 1, 200));
            check("/description", !is_optional_text(body.get("description")));
            check("/status", !is_column(body["status"].as_str(), quick_win));
            check("/after", body.get("before").is_some() && body.get("after").is_some());
            check("/titel", body.get("titel").is_some());
        }
        Target::Board => {
            check("/name", !is_text(body.get("name"), 1, 100));
            check("/description", !is_optional_text(body.get("description")));
            let keys: Vec<&Value> = list(&body["columns"]).map(|column| &column["key"]).collect();
            check("/columns/1/key", keys.len() > 1 && keys[0] == keys[1]);
        }
        Target::NewComment(_) | Target::Comment(..) => {
            check("/body", !is_text(body.get("body"), 1, 10_000));
        }
        Target::NewChecklist(_) | Target::Checklist(..) => {
            check("/title", !is_text(body.get("title"), 1, 100));
        }
        Target::NewItem(..) => check("/text", !is_text(body.get("text"), 1, 1_000)),
        _ => {}
    }
    if faults.is_empty() { Ok(()) } else { Err(invalid(faults)) }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Whether it is absent, or a text of at most this many characters.
fn is_text(value: Option<&Value>, least: usize, most: usize) -> bool {
    let length = |text: &str| text.trim().chars().count();
    let fits =
        |value: &Value| value.as_str().is_some_and(|text| (least..=most).contains(&length(text)));
    value.is_none_or(fits)
}

fn is_optional_text(value: Option<&Value>) -> bool {
    value.is_none_or(Value::is_null) || is_text(value, 0, 10_000)
}

fn is_column(key: Option<&str>, quick_win: bool) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    match key {
        Some(key) if quick_win => ["todo", "in_progress", "finished"].contains(&key),
        Some(key) => key.bytes().all(allowed),
        None => true,
    }
}
