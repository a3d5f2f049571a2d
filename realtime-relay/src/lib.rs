//! The real-time relay: takes the events of boards in order and pushes them to WebSocket clients and to
//! readers of event streams.
//!
//! Reading order: [`server`] (listens), [`http`] (routes, handshake, internal endpoint),
//! [`session`] (one client), [`hub`] (boards, their order and the fan-out), [`stream`] (where
//! events are read: memory or Redis and PostgreSQL), [`intake`] (where events come from),
//! [`accounts`] (who may), [`presence`] (who is there), [`monitor`] (counts what happens), [`mail`]
//! (sends mails). The contract is `docs/contract/realtime.md`; the tests
//! quote its rules.

pub mod accounts;
pub mod connection;
pub mod database;
pub mod event;
pub mod event_stream;
pub mod http;
pub mod http_connections;
pub mod hub;
pub mod intake;
pub mod lock;
pub mod mail;
pub mod metrics;
pub mod monitor;
pub mod presence;
mod redis;
pub mod server;
pub mod session;
pub mod settings;
pub mod sockets;
pub mod stream;
pub mod unavailable;
pub mod websocket;
