//! Boards from elsewhere: a document or an export of Trello, read into what becomes a new board.
//!
//! What is faulty is refused, every fault with its pointer; what is right but has no place on a
//! board of ours is told in warnings (api.md, "Documents: import and export").

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

#[cfg(test)]
mod properties;
