//! People and their logins.

use super::scalar::{
    DisplayName, Guess, NewDisplayName, Password, Timestamp, Token, UserId, UserRole, Username,
};
use utoipa::ToSchema;

/// A user.
#[derive(ToSchema)]
pub(crate) struct User {
    id: UserId,
    username: Username,
    display_name: DisplayName,
    role: UserRole,
    created_at: Timestamp,
}

/// A fresh log-in. The token is also in the cookie `token`.
#[derive(ToSchema)]
pub(crate) struct Login {
    user: User,
    token: Token,
    /// When the token ends.
    expires_at: Timestamp,
}

/// A request for an account.
#[derive(ToSchema)]
pub(crate) struct Registration {
    username: Username,
    password: Password,
    /// The username by default.
    display_name: Option<NewDisplayName>,
    /// The token of an invitation; needed where registration is not open to all.
    invitation: Option<Guess>,
}

/// A username and its password.
#[derive(ToSchema)]
pub(crate) struct Credentials {
    username: Guess,
    password: Guess,
}

/// A merge patch of one's own account. A new `password` needs the `current_password`.
#[derive(ToSchema)]
pub(crate) struct UserPatch {
    /// Null makes it the username again.
    display_name: Option<NewDisplayName>,
    #[schema(nullable = false)]
    password: Option<Password>,
    #[schema(nullable = false)]
    current_password: Option<Guess>,
}
