//! Where somebody is logged in, and how they come in again.

use super::list::page;
use super::scalar::{Guess, LinkToken, Password, Timestamp, Username};
use utoipa::ToSchema;

/// A session that is still valid.
#[derive(ToSchema)]
pub(crate) struct Session {
    #[schema(minimum = 1)]
    id: u64,
    /// The client's `User-Agent`.
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
    /// Sessions, newest first.
    SessionPage of Session
}

/// A password reset link. The token is shown only once.
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
