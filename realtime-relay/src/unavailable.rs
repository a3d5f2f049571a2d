//! That a store did not answer.

/// A store did not answer; the caller tries again later.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);
