//! Boards as documents: exported and imported.

use super::board::{Columns, NewColumns, board};
use super::event::Event;
use super::one_of;
use super::scalar::{
    Assignee, BoardId, BoardName, CommentBody, CommentId, Description, Epoch, GivenMoment, Role,
    Seq, Timestamp, Username, Version,
};
use super::task::{ExportedTask, TaskToImport};
use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A comment of an exported task.
#[derive(ToSchema)]
pub(crate) struct ExportedComment {
    id: CommentId,
    body: CommentBody,
    created_by: Username,
    /// As in a comment.
    #[schema(nullable = false)]
    author: Option<Assignee>,
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
    archived: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    tasks: Vec<ExportedTask>,
    /// As many of the newest as were asked for, oldest first; none by default.
    events: Vec<Event>,
}

/// Something that could not be imported, or not unchanged.
#[derive(ToSchema)]
pub(crate) struct Warning {
    /// A JSON Pointer into the document that was imported.
    pointer: String,
    /// Its kind: stable. New kinds may be added.
    #[schema(example = "not-carried")]
    code: String,
    /// The arguments for a sentence about it.
    arguments: WarningArguments,
    /// What became of it, in a sentence without its subject.
    detail: String,
}

/// The arguments for a sentence about a warning: each kind has some of these.
#[derive(ToSchema)]
pub(crate) struct WarningArguments {
    /// The title of the task that it is about.
    #[schema(nullable = false)]
    task: Option<String>,
    /// The name of the list that it is about.
    #[schema(nullable = false)]
    list: Option<String>,
    /// The name of a person, a file, a checklist or a custom field of the board.
    #[schema(nullable = false)]
    name: Option<String>,
    /// A label.
    #[schema(nullable = false)]
    label: Option<String>,
    /// A field of the document, as it is called there.
    #[schema(nullable = false)]
    field: Option<String>,
    /// The limit.
    #[schema(nullable = false)]
    limit: Option<u64>,
    /// How many there are.
    #[schema(nullable = false)]
    count: Option<u64>,
    /// How many tasks are on it.
    #[schema(nullable = false)]
    tasks: Option<u64>,
    /// How many comments it has.
    #[schema(nullable = false)]
    comments: Option<u64>,
}

board! {
    /// The imported board.
    ImportedBoard {
        /// You own it.
        role: Role,
        /// What could not be imported.
        warnings: Vec<Warning>,
    }
}

/// A comment to be imported: what an export gives, or its text alone.
#[derive(ToSchema)]
pub(crate) struct CommentToImport {
    body: CommentBody,
    /// The author; takes precedence over `created_by`.
    author: Option<Assignee>,
    /// The comment's `author`, unless it is you.
    created_by: Option<Assignee>,
    /// The time of the import by default.
    created_at: Option<GivenMoment>,
    updated_at: Option<GivenMoment>,
    /// Ignored, like everything that only the old board has.
    id: Option<Value>,
    board_id: Option<Value>,
    task_id: Option<Value>,
    version: Option<Value>,
}

one_of! {
    /// A comment, or its text alone.
    CommentOrText of CommentToImport, CommentBody
}

/// A board document, of a team's or a quick-win board, to be imported.
#[derive(ToSchema)]
pub(crate) struct BoardToImport {
    name: BoardName,
    description: Option<Description>,
    /// Those of a new board by default.
    columns: Option<NewColumns>,
    /// In the order of their columns.
    tasks: Option<Vec<TaskToImport>>,
    archived: Option<bool>,
    /// Ignored, like everything that only the old board has.
    id: Option<Value>,
    epoch: Option<Value>,
    seq: Option<Value>,
    version: Option<Value>,
    role: Option<Value>,
    created_at: Option<Value>,
    updated_at: Option<Value>,
    events: Option<Value>,
    members: Option<Value>,
}

/// A board as Trello exports it.
pub(crate) struct TrelloExport;

impl PartialSchema for TrelloExport {
    fn schema() -> RefOr<Schema> {
        let entries = || ArrayBuilder::new().items(ObjectBuilder::new());
        ObjectBuilder::new()
            .description(Some("A board as Trello exports it, recognized by its lists and cards."))
            .property("name", ObjectBuilder::new().schema_type(Type::String))
            .property("lists", entries())
            .property("cards", entries())
            .required("name")
            .required("lists")
            .required("cards")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for TrelloExport {}

one_of! {
    /// A board document from an export (of a team's or a quick-win board), or a board exported
    /// by Trello.
    BoardImport of BoardToImport, TrelloExport
}
