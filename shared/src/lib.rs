//! What the functions and the relay both know: models, rules and wire formats, without I/O.
//!
//! Nothing here reads a clock, an environment, a file or a socket, and nothing draws random
//! numbers: times, ids and randomness are arguments, so every rule can be tested by itself.

pub mod auth;
mod client_address;
pub mod csv;
pub mod data;
pub mod import;
pub mod models;
pub mod oidc;
pub mod origins;
pub mod preconditions;
pub mod problem;
pub mod protocol;
pub mod quick_win;
pub mod request_id;
pub mod requests;
mod traceparent;
pub mod validation;

pub use client_address::client_address;
pub use traceparent::Traceparent;
