//! By which providers somebody can log in.

use super::scalar::{DisplayName, Timestamp};
use utoipa::ToSchema;

/// An OpenID Connect provider.
#[derive(ToSchema)]
pub(crate) struct Provider {
    /// Its name in paths.
    #[schema(min_length = 1, max_length = 32, pattern = "^[a-z0-9-]+$")]
    id: String,
    name: DisplayName,
}

/// What the login page has buttons for, besides the password.
#[derive(ToSchema)]
pub(crate) struct ProviderList {
    #[schema(max_items = 10)]
    items: Vec<Provider>,
    /// Whether users can log in with a passkey here.
    passkeys: bool,
}

/// A way to log in: an identity at a provider.
#[derive(ToSchema)]
pub(crate) struct Identity {
    #[schema(minimum = 1)]
    id: u64,
    /// Null if the operator has removed the provider since.
    #[schema(required)]
    provider: Option<Provider>,
    #[schema(max_length = 512)]
    issuer: String,
    created_at: Timestamp,
    /// When it was last used to log in.
    last_used_at: Timestamp,
}

/// Every way to log in, oldest first.
#[derive(ToSchema)]
pub(crate) struct Identities {
    items: Vec<Identity>,
    /// Whether the user can log in with a password, too.
    password: bool,
}

/// What a provider sends to end sessions.
#[derive(ToSchema)]
pub(crate) struct LogoutForm {
    /// A signed JWT (OpenID Connect Back-Channel Logout 1.0).
    logout_token: String,
}

/// Where the browser has to go to log in at a provider.
#[derive(ToSchema)]
pub(crate) struct LinkStart {
    #[schema(max_length = 8192)]
    location: String,
}
