//! The black-box tests' harness: the real servers as child processes, and clients that use them
//! as any client would.
//!
//! Environment variables, which `cargo xtask test` sets and `cargo test` alone does not need,
//! choose the programs:
//!
//! - `TASKBOARD_BIN_DIR`: the folder with local-host, the relay and `migrate` (else `target/debug`).
//! - `TASKBOARD_POSTGRES_BIN`: the folder with PostgreSQL's `initdb`, `pg_ctl` and `postgres` (else the
//!   newest in `/usr/lib/postgresql`). Programs missing there, such as `psql`, are the system's.
//! - `TASKBOARD_CADDY`: the Caddy to start (else `caddy` in the search path).
//! - `TASKBOARD_REDIS_SERVER`: the Redis, or Valkey, to start (else `redis-server` in the search path).
//!
//! The harness fails a test by panicking; only functions that a test may expect to fail return a
//! `Result`.

pub mod api;
pub mod backups;
pub mod certificates;
pub mod chance;
pub mod collector;
pub mod databases;
pub mod event_stream;
pub mod flow;
pub mod follower;
pub mod http;
pub mod leash;
pub mod openapi;
pub mod people;
pub mod pooler;
pub mod ports;
pub mod problem;
pub mod prometheus;
pub mod proxy;
pub mod redis_cluster;
pub mod redis_server;
pub mod replica;
pub mod routes;
pub mod secured;
mod servers;
pub mod socket;
pub mod stack;
pub mod stored;
pub mod stress;
pub mod walk;

pub use api::Api;
pub use collector::Collector;
pub use databases::Databases;
pub use event_stream::EventStream;
pub use http::{Client, Reply};
pub use socket::Socket;
pub use stack::Stack;
