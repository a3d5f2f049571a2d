//! The tasks of team boards, also as documents.

use super::checklist::{ChecklistToImport, ExportedChecklist};
use super::document::{CommentOrText, ExportedComment};
use super::list::page;
use super::scalar::{
    BoardId, GivenMoment, NewTaskTitle, Position, TaskId, TaskTitle, Timestamp, Username, Version,
};
use serde_json::Value;
use shared::task_fields;
use utoipa::ToSchema;

/// The schemas of the fields' types in responses.
mod responses {
    pub(super) use super::super::scalar::{
        ColumnKey, Description, FreeFields, Labels, Timestamp as DueAt, Username as Assignee,
    };
}

/// The same in requests.
mod given {
    pub(super) use super::super::scalar::{
        ColumnKey, Description, FreeFields, GivenMoment as DueAt, NewLabels as Labels,
        Username as Assignee,
    };
}

/// The same in what is imported.
mod imported {
    pub(super) use super::super::scalar::{
        Assignee, ColumnKey, Description, FreeFields, GivenMoment as DueAt, Labels,
    };
}

/// Defines the schemas from the list of a task's fields.
macro_rules! define {
    ($($name:ident: $type:ident {
        nullable: $nullable:tt, removable: $removable:tt, required: $required:tt,
        $(task: $task:literal,)?
        $(new: $new:literal,)?
        $(patch: $patch:literal,)?
        $(import: $import:literal,)?
    })+) => {
        /// A task of a team's board.
        #[derive(ToSchema)]
        pub(crate) struct Task {
            id: TaskId,
            board_id: BoardId,
            title: TaskTitle,
            position: Position,
            $(
                $(#[doc = $task])?
                #[schema(required = $required, nullable = $nullable)]
                $name: Option<responses::$type>,
            )+
            #[schema(minimum = 0)]
            comment_count: u64,
            /// How many items its checklists have. (Events of earlier versions do not say.)
            #[schema(minimum = 0, required = false)]
            item_count: u64,
            /// How many of them are done.
            #[schema(minimum = 0, required = false)]
            done_count: u64,
            created_by: Username,
            version: Version,
            created_at: Timestamp,
            updated_at: Timestamp,
        }

        /// A new task, at the end of its column or next to another task: give `before` or `after`,
        /// not both.
        #[derive(ToSchema)]
        pub(crate) struct NewTask {
            title: NewTaskTitle,
            $(
                $(#[doc = $new])?
                $name: Option<given::$type>,
            )+
            /// Right before this task of the same column; null for the end.
            before: Option<TaskId>,
            /// Right after this task of the same column; null for the end.
            after: Option<TaskId>,
        }

        /// A merge patch of a task. `status`, `before` and `after` move it.
        #[derive(ToSchema)]
        pub(crate) struct TaskPatch {
            #[schema(nullable = false)]
            title: Option<NewTaskTitle>,
            $(
                $(#[doc = $patch])?
                #[schema(nullable = $removable)]
                $name: Option<given::$type>,
            )+
            /// Right before this task of its column; null for the end.
            before: Option<TaskId>,
            /// Right after this task of its column; null for the end.
            after: Option<TaskId>,
        }

        /// A task of an exported board.
        #[derive(ToSchema)]
        pub(crate) struct ExportedTask {
            id: TaskId,
            title: TaskTitle,
            $(
                #[schema(required, nullable = $nullable)]
                $name: Option<responses::$type>,
            )+
            comments: Vec<ExportedComment>,
            checklists: Vec<ExportedChecklist>,
            created_by: Username,
            created_at: Timestamp,
            updated_at: Timestamp,
        }

        /// A task to be imported.
        #[derive(ToSchema)]
        pub(crate) struct TaskToImport {
            title: TaskTitle,
            $(
                $(#[doc = $import])?
                $name: Option<imported::$type>,
            )+
            comments: Option<Vec<CommentOrText>>,
            #[schema(max_items = 20)]
            checklists: Option<Vec<ChecklistToImport>>,
            /// The time of the import by default.
            created_at: Option<GivenMoment>,
            /// Ignored, like everything that only the old board has.
            id: Option<Value>,
            board_id: Option<Value>,
            position: Option<Value>,
            comment_count: Option<Value>,
            item_count: Option<Value>,
            done_count: Option<Value>,
            created_by: Option<Value>,
            version: Option<Value>,
            updated_at: Option<Value>,
        }
    };
}

task_fields!(define);

page! {
    /// Tasks, by id.
    TaskPage of Task
}
