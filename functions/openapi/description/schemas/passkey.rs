//! Passkeys (Web Authentication). What browsers make of them has the standard's own names, and members that nobody here
//! asks for.

use super::scalar::{DisplayName, Guess, PasskeyOptions, Timestamp};
use super::scalar::{NewPasskeyCredential, UsedPasskeyCredential};
use utoipa::ToSchema;

/// What a browser asks its user for.
#[derive(ToSchema)]
pub(crate) struct PasskeyQuestion {
    public_key: PasskeyOptions,
    /// For how many seconds it can be answered, once.
    #[schema(minimum = 1)]
    expires_in: u64,
}

/// The use of a passkey.
#[derive(ToSchema)]
pub(crate) struct PasskeyLogin {
    credential: UsedPasskeyCredential,
}

/// By what the user proves once more who they are.
#[derive(ToSchema)]
pub(crate) struct OwnProof {
    /// Whoever has no password leaves it out, and has to have logged in within the last ten minutes.
    #[schema(nullable = false)]
    password: Option<Guess>,
    /// Where a log-in asks for a second factor: a code of the app, or a recovery code.
    code: Option<Guess>,
}

/// A passkey that a browser has made.
#[derive(ToSchema)]
pub(crate) struct NewPasskey {
    name: DisplayName,
    credential: NewPasskeyCredential,
}

/// Another name for a passkey.
#[derive(ToSchema)]
pub(crate) struct PasskeyName {
    name: DisplayName,
}

/// A way to log in without a password.
#[derive(ToSchema)]
pub(crate) struct Passkey {
    #[schema(minimum = 1)]
    id: u64,
    name: DisplayName,
    created_at: Timestamp,
    /// When somebody logged in by it last; null: nobody yet.
    #[schema(required)]
    last_used_at: Option<Timestamp>,
}

/// Every one, oldest first.
#[derive(ToSchema)]
pub(crate) struct Passkeys {
    #[schema(max_items = 20)]
    items: Vec<Passkey>,
}
