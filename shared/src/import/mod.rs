//! Boards from elsewhere: a document or an export of Trello, read into what becomes a new board.
//!
//! What is faulty is refused, every fault with its pointer; what is right but has no place on a
//! board of ours is listed in warnings (docs/contract/api.md, API-IMPORT).

mod checklists;
mod document;
mod markdown;
mod omission;
mod reading;
mod trello;

use crate::models::{
    Assignee, BoardName, ChecklistTitle, Columns, CommentText, Description, DueAt, ItemText,
};
use crate::requests::TaskContent;
use crate::validation::{FieldError, Fields, Invalid, Unreadable};
pub use omission::Warning;
use serde::Serialize;
use serde_json::{Map, Value};

/// The most tasks that can be imported at once.
pub const MAX_TASKS: usize = 10_000;

/// The most comments that can be imported at once.
pub const MAX_COMMENTS: usize = 20_000;

/// The most items of checklists that can be imported at once.
pub const MAX_ITEMS: usize = 50_000;

/// The most checklists that a task can have, and the most items of one of them.
const MAX_CHECKLISTS_OF_TASK: usize = 20;
const MAX_ITEMS_OF_CHECKLIST: usize = 200;

/// The most bytes that a body to be imported can have. That is more than any other body may: what a
/// board of ours exports, with its newest thousand events, must be importable.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// About how much memory the values of a body can take: what an instance has, less what else it
/// needs room for.
const MAX_MEMORY: usize = 80 * 1024 * 1024;

/// What an object takes, however few its fields are, and what any other value takes.
const OBJECT_MEMORY: usize = 640;
const VALUE_MEMORY: usize = 100;

/// A board to be made, in the shape that `board_import` of `migrations/` takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedBoard {
    name: BoardName,
    description: Description,
    columns: Option<Columns>,
    archived: bool,
    tasks: Vec<ImportedTask>,
}

/// One of its tasks. They are in the order of their columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ImportedTask {
    #[serde(flatten)]
    content: TaskContent,
    /// When it was made, where that is known.
    created_at: Option<DueAt>,
    comments: Vec<ImportedComment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checklists: Vec<ImportedChecklist>,
}

/// A checklist of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ImportedChecklist {
    title: ChecklistTitle,
    items: Vec<ImportedItem>,
}

/// An item of that.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ImportedItem {
    text: ItemText,
    done: bool,
    assigned_to: Option<Assignee>,
    due_at: Option<DueAt>,
}

/// What somebody wrote about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ImportedComment {
    body: CommentText,
    /// Who wrote it, where that was not the importer: a name, and no user of ours.
    author: Option<Assignee>,
    /// When, where that is known.
    created_at: Option<DueAt>,
    updated_at: Option<DueAt>,
}

/// What an import makes, and what it could not carry over, each with its place in the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The board.
    pub board: ImportedBoard,
    /// What is not on it.
    pub warnings: Vec<Warning>,
}

/// Reads a body (JSON in UTF-8) into a board.
///
/// # Errors
/// It is not JSON, or JSON that is no board's, or one with faults, every one with its pointer.
pub fn parse(body: &[u8], importer: &str) -> Result<Import, Unreadable> {
    let fields = Fields::read(body).map_err(|unreadable| match unreadable {
        Unreadable::Invalid(_) => not_a_board(
            "is a list or a single value, and not the export of a board, which is an object: export \
             a single board, and import that",
        )
        .into(),
        malformed @ Unreadable::Malformed(_) => malformed,
    })?;
    Ok(read(fields, importer)?)
}

/// Reads a board document (of either mode, or as exported) or a board exported by Trello, which is
/// recognized by its `lists` and `cards`. `importer` is the importing user's name: they are the only
/// member of the new board, and the author of all that is on it.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn read(fields: Fields, importer: &str) -> Result<Import, Invalid> {
    let body = fields.into_object();
    if let Some(kind) = another_kind(&body) {
        return Err(not_a_board(kind));
    }
    if body.contains_key("lists") || body.contains_key("cards") {
        trello::read(body, importer)
    } else {
        document::read(body, importer)
    }
}

/// What an object is that is often taken for a board's export, in a sentence without its subject.
fn another_kind(body: &Map<String, Value>) -> Option<&'static str> {
    let is_list = |name: &str| body.get(name).is_some_and(Value::is_array);
    if is_list("lists") || is_list("cards") || is_list("tasks") || is_list("columns") {
        return None;
    }
    if body.contains_key("idList") {
        return Some("is the export of a single card: export the whole board, and import that");
    }
    (is_list("boards") || is_list("items"))
        .then_some("is a list of boards: export a single board, and import that")
}

/// The body as a whole is at fault.
fn not_a_board(detail: &str) -> Invalid {
    Invalid(vec![FieldError { pointer: String::new(), detail: detail.to_owned() }])
}

/// Whether a body has too many tiny values to be read within the memory.
/// Counts braces, brackets and commas, also those in texts, which have few.
#[must_use]
pub fn is_too_heavy(body: &[u8]) -> bool {
    let memory = |byte: &u8| match byte {
        b'{' => OBJECT_MEMORY,
        b',' | b'[' => VALUE_MEMORY,
        _ => 0,
    };
    body.iter().map(memory).sum::<usize>() > MAX_MEMORY
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_millions_of_tiny_values_is_too_heavy_and_one_of_text_is_not() {
        let tasks = |count: usize| {
            let task = r#"{"title":"a","fields":{},"comments":["b"]}"#;
            format!(r#"{{"name":"A","tasks":[{}]}}"#, vec![task; count].join(","))
        };
        assert!(!is_too_heavy(tasks(MAX_TASKS).as_bytes()));
        assert!(is_too_heavy(tasks(10 * MAX_TASKS).as_bytes()));
        assert!(is_too_heavy("[1,".repeat(MAX_BYTES / 3).as_bytes()));
        assert!(!is_too_heavy("word, word ".repeat(MAX_BYTES / 11).as_bytes()));
    }
}
