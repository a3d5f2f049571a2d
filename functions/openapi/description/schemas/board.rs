//! Team boards.

use super::list::page;
use super::member::Member;
use super::scalar::{
    BoardId, BoardName, ColumnKey, ColumnName, Description, DisplayName, Epoch, NewBoardName,
    NewColumnName, Role, Seq, Timestamp, Username, Version, WipLimit,
};
use super::task::Task;
use shared::models::MAX_COLUMNS;
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A column of a board.
#[derive(ToSchema)]
pub(crate) struct Column {
    key: ColumnKey,
    name: ColumnName,
    /// Null for any number of tasks.
    #[schema(required)]
    wip_limit: Option<WipLimit>,
}

/// A column that a client gives. Each needs a key of its own.
#[derive(ToSchema)]
pub(crate) struct NewColumn {
    key: ColumnKey,
    name: NewColumnName,
    /// Null or missing for any number of tasks.
    wip_limit: Option<WipLimit>,
}

/// The columns of a board, from left to right.
pub(crate) struct Columns;

impl PartialSchema for Columns {
    fn schema() -> RefOr<Schema> {
        columns(super::reference::<Column>())
            .description(Some("The columns of a board, from left to right."))
            .into()
    }
}

impl ToSchema for Columns {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Column::name().into_owned(), Column::schema()));
        Column::schemas(schemas);
    }
}

/// Columns that a client gives.
pub(crate) struct NewColumns;

impl PartialSchema for NewColumns {
    fn schema() -> RefOr<Schema> {
        columns(super::reference::<NewColumn>())
            .description(Some("The columns of a board, from left to right, with different keys."))
            .into()
    }
}

impl ToSchema for NewColumns {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((NewColumn::name().into_owned(), NewColumn::schema()));
        NewColumn::schemas(schemas);
    }
}

fn columns(each: RefOr<Schema>) -> ArrayBuilder {
    ArrayBuilder::new().items(each).min_items(Some(1)).max_items(Some(MAX_COLUMNS))
}

/// Defines a board: what all its forms have, and more fields.
macro_rules! board {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        $(#[doc = $doc])+
        #[derive(ToSchema)]
        pub(crate) struct $name {
            id: BoardId,
            epoch: Epoch,
            name: BoardName,
            description: Description,
            columns: Columns,
            /// That of the board's newest event.
            seq: Seq,
            version: Version,
            /// Whether it is archived.
            archived: bool,
            created_at: Timestamp,
            /// When it or anything on it was last changed.
            updated_at: Timestamp,
            $($(#[$attribute])* $field: $type,)*
        }
    };
}
pub(crate) use board;

board! {
    /// A team's board, without its tasks and comments.
    Board {
        /// What you may do on it.
        role: Role,
    }
}

board! {
    /// A board in a list.
    BoardEntry {
        /// What you may do on it.
        role: Role,
        /// Only in the trash: when it was deleted.
        #[schema(nullable = false)]
        deleted_at: Option<Timestamp>,
        /// Only with `?summary=true`: how many tasks the columns have, by their keys; a column
        /// without tasks is missing.
        #[schema(nullable = false)]
        task_counts: Option<std::collections::BTreeMap<String, u64>>,
        /// Only with `?summary=true`.
        #[schema(nullable = false)]
        member_count: Option<u64>,
        /// Only with `?summary=true`: the first five, by when they joined.
        #[schema(nullable = false, max_items = 5)]
        members: Option<Vec<ListedMember>>,
    }
}

/// A member of a board in a list.
#[derive(ToSchema)]
pub(crate) struct ListedMember {
    username: Username,
    display_name: DisplayName,
}

board! {
    /// A board with its tasks and comments.
    BoardDocument {
        /// What you may do on it.
        role: Role,
        /// By column, then position.
        tasks: Vec<Task>,
        /// In the order of their ids.
        members: Vec<Member>,
    }
}

page! {
    /// Boards, newest activity first.
    BoardPage of BoardEntry
}

/// A new board. Without columns it gets `todo`, `in_progress` and `finished`.
#[derive(ToSchema)]
pub(crate) struct NewBoard {
    name: NewBoardName,
    description: Option<Description>,
    columns: Option<NewColumns>,
}

/// A merge patch of a board; `columns` for owners only.
#[derive(ToSchema)]
pub(crate) struct BoardPatch {
    #[schema(nullable = false)]
    name: Option<NewBoardName>,
    /// Null empties it.
    description: Option<Description>,
    #[schema(nullable = false)]
    columns: Option<NewColumns>,
    #[schema(nullable = false)]
    archived: Option<bool>,
}
