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
    /// As many of the newest as were asked for, oldest first; none where nothing was asked.
    events: Vec<Event>,
}

/// Something that could not be carried over, or not as it was.
#[derive(ToSchema)]
pub(crate) struct Warning {
    /// A JSON Pointer into the document that was imported.
    pointer: String,
    /// Its kind: the same for ever. More may come.
    #[schema(example = "not-carried")]
    code: String,
    /// What a sentence about it needs.
    arguments: WarningArguments,
    /// What became of it, in a sentence without its subject.
    detail: String,
}

/// What a sentence about a warning needs: each kind has some of these.
#[derive(ToSchema)]
pub(crate) struct WarningArguments {
    /// The title of the task that it is about.
    #[schema(nullable = false)]
    task: Option<String>,
    /// The name of the list that it is about.
    #[schema(nullable = false)]
    list: Option<String>,
    /// The name of a person, a file, a checklist or a field of the board's own.
    #[schema(nullable = false)]
    name: Option<String>,
    /// A label.
    #[schema(nullable = false)]
    label: Option<String>,
    /// A field of the document, as it is called there.
    #[schema(nullable = false)]
    field: Option<String>,
    /// The most that is possible.
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
    /// The board that an import made.
    ImportedBoard {
        /// You own it.
        role: Role,
        /// What could not be carried over.
        warnings: Vec<Warning>,
    }
}

/// A comment to be imported: what an export gives, or its text alone.
#[derive(ToSchema)]
pub(crate) struct CommentToImport {
    body: CommentBody,
    /// Who wrote it; goes before `created_by`.
    author: Option<Assignee>,
    /// The comment's `author`, where it is not you.
    created_by: Option<Assignee>,
    /// The moment of the import where none is given.
    created_at: Option<GivenMoment>,
    updated_at: Option<GivenMoment>,
    /// Left out, like all that only an old board has.
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
    /// Those of a new board where none are given.
    columns: Option<NewColumns>,
    /// In the order in which they stand in their columns.
    tasks: Option<Vec<TaskToImport>>,
    archived: Option<bool>,
    /// Left out, like all that only an old board has.
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
            .description(Some("A board as Trello exports it, known by its lists and cards."))
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
    /// A board document that an export (of a team's or a quick-win board) gave, or a board exported
    /// by Trello.
    BoardImport of BoardToImport, TrelloExport
}
