//! The edge of HTTP that functions and relay share: who asks, from which address and page, by which id
//! a request is found again, and every kind of problem that it can meet.

mod client_address;
mod credential;
pub mod origins;
pub mod problem;
pub mod request_id;

pub use client_address::client_address;
pub use credential::{COOKIE, Credential, cookie};
pub use origins::Origins;
