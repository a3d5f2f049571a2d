//! By which providers somebody can log in.

use super::scalar::{DisplayName, Timestamp};
use utoipa::ToSchema;

/// An OpenID Connect provider.
#[derive(ToSchema)]
pub(crate) struct Provider {
    /// What it is called in paths.
    #[schema(min_length = 1, max_length = 32, pattern = "^[a-z0-9-]+$")]
    id: String,
    name: DisplayName,
}

/// What the login page has buttons for, beside the password.
#[derive(ToSchema)]
pub(crate) struct ProviderList {
    #[schema(max_items = 10)]
    items: Vec<Provider>,
    /// Whether one can log in by a passkey here.
    passkeys: bool,
}

/// A way to log in: somebody at a provider.
#[derive(ToSchema)]
pub(crate) struct Identity {
    #[schema(minimum = 1)]
    id: u64,
    /// Null where the operator took it away since.
    #[schema(required)]
    provider: Option<Provider>,
    #[schema(max_length = 512)]
    issuer: String,
    created_at: Timestamp,
    /// When somebody logged in by it last.
    last_used_at: Timestamp,
}

/// Every way to log in, oldest first.
#[derive(ToSchema)]
pub(crate) struct Identities {
    items: Vec<Identity>,
    /// Whether a password is one, too.
    password: bool,
}

/// What a provider sends to end log-ins.
#[derive(ToSchema)]
pub(crate) struct LogoutForm {
    /// A signed JWT (OpenID Connect Back-Channel Logout 1.0).
    logout_token: String,
}

/// Where the browser goes to prove to a provider who it is.
#[derive(ToSchema)]
pub(crate) struct LinkStart {
    #[schema(max_length = 8192)]
    location: String,
}
