//! What the functions and the relay both know: models, rules and wire formats, without I/O.
//!
//! Nothing here reads a clock, an environment, a file or a socket, and nothing draws random
//! numbers: times, ids and randomness are arguments, so every rule can be tested by itself.

#![warn(missing_docs)]

pub mod auth;
pub mod csv;
pub mod data;
pub mod http;
pub mod import;
pub mod models;
pub mod oidc;
pub mod passkeys;
pub mod preconditions;
pub mod protocol;
pub mod quick_win;
pub mod requests;
pub mod settings;
mod traceparent;
pub mod validation;

pub use traceparent::Traceparent;
