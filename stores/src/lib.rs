//! Connections to PostgreSQL and Redis: plain, or over TLS if the address requests it.

#![warn(missing_docs)]

pub mod postgres;
pub mod redis;
mod trust;

use std::error::Error;

pub use self::trust::{Authorities, TrustError};

/// An error with its causes, in one line: on its own it often says only "db error" or "error
/// performing TLS handshake".
#[must_use]
pub fn describe(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
