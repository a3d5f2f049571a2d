//! Boards from elsewhere: a document or an export of Trello, read into what becomes a new board.
//!
//! What is faulty is refused, every fault with its pointer; what is right but has no place on a
//! board of ours is told in warnings (docs/contract/api.md, API-IMPORT).

mod document;
mod reading;
mod trello;

use crate::models::{
    BoardName, ColumnKey, Columns, CommentText, Description, DueAt, FreeFields, Labels, TaskTitle,
};
use crate::validation::{FieldError, Fields, Invalid};
use serde::Serialize;

/// The most tasks that can be imported at once.
pub const MAX_TASKS: usize = 10_000;

/// The most comments that can be imported at once.
pub const MAX_COMMENTS: usize = 20_000;

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
    tasks: Vec<ImportedTask>,
}

/// One of its tasks. They come in the order in which they stand in their columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ImportedTask {
    title: TaskTitle,
    description: Description,
    status: Option<ColumnKey>,
    assigned_to: Option<String>,
    labels: Labels,
    due_at: Option<DueAt>,
    fields: FreeFields,
    comments: Vec<CommentText>,
}

/// What an import makes, and what it could not carry over, each with its place in the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The board.
    pub board: ImportedBoard,
    /// What is not on it.
    pub warnings: Vec<FieldError>,
}

/// Reads a board document (of either mode, or as exported) or a board exported by Trello, which is
/// told by its `lists` and `cards`. `importer` is the name of whoever imports it: they are the only
/// member of the new board, and the author of all that is on it.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn read(fields: Fields, importer: &str) -> Result<Import, Invalid> {
    let body = fields.into_object();
    if body.contains_key("lists") || body.contains_key("cards") {
        trello::read(body, importer)
    } else {
        document::read(body, importer)
    }
}

/// Whether a body has so many tiny values that reading it would take more memory than there is.
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
