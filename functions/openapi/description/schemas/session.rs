//! Where somebody is logged in, and how they come in again.

use super::list::page;
use super::scalar::{Guess, LinkToken, Password, Timestamp, Username};
use utoipa::ToSchema;

/// A log-in that still counts.
#[derive(ToSchema)]
pub(crate) struct Session {
    #[schema(minimum = 1)]
    id: u64,
    /// What the client said that it is.
    #[schema(required, max_length = 200)]
    user_agent: Option<String>,
    created_at: Timestamp,
    /// To a quarter of an hour.
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

page! {
    /// Log-ins, newest first.
    SessionPage of Session
}

/// A link to a new password. The token is told this once.
#[derive(ToSchema)]
pub(crate) struct ResetLink {
    username: Username,
    token: LinkToken,
    expires_at: Timestamp,
}

/// A link's token, and the new password.
#[derive(ToSchema)]
pub(crate) struct PasswordReset {
    token: Guess,
    password: Password,
}

/// Whose password it is.
#[derive(ToSchema)]
pub(crate) struct PasswordResetDone {
    username: Username,
}
