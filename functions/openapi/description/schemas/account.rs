//! One's whole account.

use super::email::Email;
use super::scalar::{
    ApiTokenName, BoardId, BoardName, CommentBody, CommentId, DisplayName, Guess, Role, Scope,
    TaskId, TaskTitle, Timestamp,
};
use super::session::Session;
use super::user::User;
use utoipa::ToSchema;

/// What is stored about a user.
#[derive(ToSchema)]
pub(crate) struct AccountExport {
    exported_at: Timestamp,
    user: User,
    email: Email,
    /// Newest first.
    sessions: Vec<Session>,
    /// Their identities at providers, oldest first.
    identities: Vec<OwnIdentity>,
    /// Oldest first.
    #[schema(max_items = 20)]
    passkeys: Vec<OwnPasskey>,
    /// Oldest first.
    api_tokens: Vec<OwnApiToken>,
    boards: Vec<OwnBoard>,
    /// Newest first.
    #[schema(max_items = 10000)]
    tasks: Vec<OwnTask>,
    /// Newest first.
    #[schema(max_items = 10000)]
    comments: Vec<OwnComment>,
    /// Whether there are more tasks or comments.
    cut: bool,
}

/// Their identity at a provider.
#[derive(ToSchema)]
pub(crate) struct OwnIdentity {
    #[schema(max_length = 512)]
    issuer: String,
    #[schema(max_length = 255)]
    subject: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
}

/// One of their passkeys.
#[derive(ToSchema)]
pub(crate) struct OwnPasskey {
    name: DisplayName,
    created_at: Timestamp,
    #[schema(required)]
    last_used_at: Option<Timestamp>,
}

/// A token for a program that they made.
#[derive(ToSchema)]
pub(crate) struct OwnApiToken {
    #[schema(minimum = 1)]
    id: u64,
    name: ApiTokenName,
    scope: Scope,
    created_at: Timestamp,
    #[schema(required)]
    last_used_at: Option<Timestamp>,
    #[schema(required)]
    expires_at: Option<Timestamp>,
}

/// A board of which they are a member.
#[derive(ToSchema)]
pub(crate) struct OwnBoard {
    id: BoardId,
    name: BoardName,
    role: Role,
    joined_at: Timestamp,
}

/// A task that they made.
#[derive(ToSchema)]
pub(crate) struct OwnTask {
    board_id: BoardId,
    id: TaskId,
    title: TaskTitle,
    created_at: Timestamp,
}

/// A comment that they wrote.
#[derive(ToSchema)]
pub(crate) struct OwnComment {
    board_id: BoardId,
    task_id: TaskId,
    id: CommentId,
    body: CommentBody,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A request to delete one's account.
#[derive(ToSchema)]
pub(crate) struct AccountEnd {
    /// Required if the user has one; others must have logged in through their provider within the last ten minutes.
    password: Option<Guess>,
    /// Whether boards with other members, but without another owner, are deleted as well.
    delete_boards: Option<bool>,
}
