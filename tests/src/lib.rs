//! The black-box tests' harness: the real servers as child processes, and clients that speak to
//! them as any client would.
//!
//! The harness fails a test by panicking; only what a test may want to see fail gives a `Result`.

pub mod api;
pub mod backups;
pub mod chance;
pub mod databases;
pub mod event_stream;
pub mod follower;
pub mod http;
pub mod leash;
pub mod openapi;
pub mod people;
pub mod ports;
pub mod problem;
pub mod proxy;
pub mod redis_json;
pub mod replica;
pub mod routes;
pub mod socket;
pub mod stack;
pub mod stored;
pub mod stress;
pub mod walk;

pub use api::Api;
pub use databases::Databases;
pub use event_stream::EventStream;
pub use http::{Client, Reply};
pub use socket::Socket;
pub use stack::Stack;
