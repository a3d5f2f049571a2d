//! The real-time contract (docs/contract/realtime.md), tested against the real servers: RT1 to RT5,
//! RT7 and RT8.

mod convergence;
mod cursors;
mod delivery;
mod event_stream;
mod heartbeat;
mod host_restart;
mod internal;
mod latency;
mod protocol;
mod proxies;
mod relay_restart;
mod slow_reader;
