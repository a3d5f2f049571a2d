//! Passkeys (Web Authentication). What browsers make of them has the standard's own names, and members that nobody here
//! asks for.

use super::scalar::{DisplayName, Guess, PasskeyOptions, Timestamp};
use super::scalar::{NewPasskeyCredential, UsedPasskeyCredential};
use utoipa::ToSchema;

/// What a browser needs to ask its user for a passkey.
#[derive(ToSchema)]
pub(crate) struct PasskeyQuestion {
    public_key: PasskeyOptions,
    /// The number of seconds within which it can be answered, once.
    #[schema(minimum = 1)]
    expires_in: u64,
}

/// The use of a passkey.
#[derive(ToSchema)]
pub(crate) struct PasskeyLogin {
    credential: UsedPasskeyCredential,
}

/// The proof by which the user authenticates again.
#[derive(ToSchema)]
pub(crate) struct OwnProof {
    /// A user without a password omits it, and must have logged in within the last ten minutes.
    #[schema(nullable = false)]
    password: Option<Guess>,
    /// If log-ins ask for a second factor: a code of the app, or a recovery code.
    code: Option<Guess>,
}

/// What a new passkey will be called, and the proof by which the user authenticates again.
#[derive(ToSchema)]
pub(crate) struct PasskeyRequest {
    name: DisplayName,
    /// A user without a password omits it, and must have logged in within the last ten minutes.
    #[schema(nullable = false)]
    password: Option<Guess>,
    /// If log-ins ask for a second factor: a code of the app, or a recovery code.
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
    /// When it was last used to log in; null if it was not yet.
    #[schema(required)]
    last_used_at: Option<Timestamp>,
}

/// Every one, oldest first.
#[derive(ToSchema)]
pub(crate) struct Passkeys {
    #[schema(max_items = 20)]
    items: Vec<Passkey>,
}
