//! What people write about tasks.

use super::list::page;
use super::scalar::{
    Assignee, BoardId, CommentBody, CommentId, TaskId, Timestamp, Username, Version,
};
use utoipa::ToSchema;

/// A comment on a task.
#[derive(ToSchema)]
pub(crate) struct Comment {
    id: CommentId,
    board_id: BoardId,
    task_id: TaskId,
    body: CommentBody,
    created_by: Username,
    /// The author, if `created_by` imported it and did not write it: an unverified name,
    /// not a user's.
    #[schema(nullable = false)]
    author: Option<Assignee>,
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
}

page! {
    /// Comments, oldest first.
    CommentPage of Comment
}

/// A new comment.
#[derive(ToSchema)]
pub(crate) struct NewComment {
    body: CommentBody,
}

/// A merge patch of a comment.
#[derive(ToSchema)]
pub(crate) struct CommentPatch {
    #[schema(nullable = false)]
    body: Option<CommentBody>,
}
