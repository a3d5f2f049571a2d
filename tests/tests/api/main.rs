//! The HTTP contract (docs/contract/api.md), tested against the real servers.

mod boards;
mod cross_origin;
mod events;
mod exchanges;
mod host_headers;
mod idempotency;
mod limits;
mod preconditions;
mod races;
mod rules;
mod tasks;
mod web;
