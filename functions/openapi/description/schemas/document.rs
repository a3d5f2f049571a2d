//! Boards as documents: exported and imported.

use super::board::{Columns, board};
use super::event::Event;
use super::scalar::{
    BoardId, BoardName, ColumnKey, CommentBody, CommentId, Description, Epoch, FreeFields, Labels,
    Role, Seq, TaskId, TaskTitle, Timestamp, Username, Version,
};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A comment of an exported task.
#[derive(ToSchema)]
pub(crate) struct ExportedComment {
    id: CommentId,
    body: CommentBody,
    created_by: Username,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A task of an exported board.
#[derive(ToSchema)]
pub(crate) struct ExportedTask {
    id: TaskId,
    title: TaskTitle,
    description: Description,
    status: ColumnKey,
    #[schema(required)]
    assigned_to: Option<Username>,
    labels: Labels,
    #[schema(required)]
    due_at: Option<Timestamp>,
    fields: FreeFields,
    comments: Vec<ExportedComment>,
    created_by: Username,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A whole board as a document that can be imported again.
#[derive(ToSchema)]
pub(crate) struct ExportedBoard {
    id: BoardId,
    name: BoardName,
    description: Description,
    columns: Columns,
    created_at: Timestamp,
    updated_at: Timestamp,
    tasks: Vec<ExportedTask>,
    /// The newest 1,000, oldest first.
    events: Vec<Event>,
}

/// Something that could not be carried over.
#[derive(ToSchema)]
pub(crate) struct Warning {
    /// A JSON Pointer into the document that was imported.
    pointer: String,
    /// What became of it, in a sentence without its subject.
    detail: String,
}

board! {
    /// The board that an import made.
    ImportedBoard {
        /// You own it.
        role: Role,
        /// What could not be carried over.
        warnings: Vec<Warning>,
    }
}

/// A board to be imported: what an export gives (of a team's or a quick-win board), or an export of
/// Trello.
pub(crate) struct BoardImport;

impl PartialSchema for BoardImport {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some(
                "A document that an export (of a team's or a quick-win board) gave, or a board \
                 exported by Trello.",
            ))
            .property("name", super::reference::<BoardName>())
            .required("name")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for BoardImport {}
