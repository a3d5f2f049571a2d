//! The tasks of team boards.

use super::list::page;
use super::scalar::{
    BoardId, ColumnKey, Description, FreeFields, GivenMoment, Labels, Position, TaskId, TaskTitle,
    Timestamp, Username, Version,
};
use utoipa::ToSchema;

/// A task of a team's board.
#[derive(ToSchema)]
pub(crate) struct Task {
    id: TaskId,
    board_id: BoardId,
    title: TaskTitle,
    description: Description,
    /// Its column.
    status: ColumnKey,
    position: Position,
    /// The member who does it, if anybody yet.
    #[schema(required)]
    assigned_to: Option<Username>,
    labels: Labels,
    #[schema(required)]
    due_at: Option<Timestamp>,
    fields: FreeFields,
    #[schema(minimum = 0)]
    comment_count: u64,
    created_by: Username,
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
}

page! {
    /// Tasks, by id.
    TaskPage of Task
}

/// A task to be added, at the end of its column or beside another task: give `before` or `after`,
/// not both.
#[derive(ToSchema)]
pub(crate) struct NewTask {
    title: TaskTitle,
    description: Option<Description>,
    /// The first column where none is given.
    status: Option<ColumnKey>,
    /// A member of the board.
    assigned_to: Option<Username>,
    labels: Option<Labels>,
    due_at: Option<GivenMoment>,
    fields: Option<FreeFields>,
    /// Right before this task of the same column; null for the end.
    before: Option<TaskId>,
    /// Right after this task of the same column; null for the end.
    after: Option<TaskId>,
}

/// A merge patch of a task. `status`, `before` and `after` move it.
#[derive(ToSchema)]
pub(crate) struct TaskPatch {
    #[schema(nullable = false)]
    title: Option<TaskTitle>,
    /// Null empties it.
    description: Option<Description>,
    #[schema(nullable = false)]
    status: Option<ColumnKey>,
    /// A member of the board; null for nobody.
    assigned_to: Option<Username>,
    /// Null removes them all.
    labels: Option<Labels>,
    due_at: Option<GivenMoment>,
    /// Merged into what is there: null removes a member, or all.
    fields: Option<FreeFields>,
    /// Right before this task of its column; null for the end.
    before: Option<TaskId>,
    /// Right after this task of its column; null for the end.
    after: Option<TaskId>,
}
