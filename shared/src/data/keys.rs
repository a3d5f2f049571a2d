//! The names of keys in Redis. What one command or script touches carries the same `{tag}`, so that
//! it lies on one node of a cluster.

use crate::models::UserId;

/// What is known of one token: `good` or `revoked`.
#[must_use]
pub fn token(user: UserId, jti: &str) -> String {
    format!("{{user:{user}}}:token:{jti}")
}

/// The first generation of a user's tokens that counts, and the older token that does as well:
/// `4 g2-5f1c…`.
#[must_use]
pub fn token_generation(user: UserId) -> String {
    format!("{{user:{user}}}:tokens")
}

/// The failed attempts to log in by a name.
#[must_use]
pub fn login_failures_of_name(name: &str) -> String {
    format!("{{login}}:name:{name}:failed")
}

/// The attempts to log in by a name that are being decided.
#[must_use]
pub fn login_attempts_of_name(name: &str) -> String {
    format!("{{login}}:name:{name}:open")
}

/// The failed attempts to log in from an address.
#[must_use]
pub fn login_failures_from(address: &str) -> String {
    format!("{{login}}:address:{address}:failed")
}

/// The attempts to log in from an address that are being decided.
#[must_use]
pub fn login_attempts_from(address: &str) -> String {
    format!("{{login}}:address:{address}:open")
}
