//! Stores and hosts that fail under load: nobody misses anything, nobody is disconnected for it,
//! and every received event and answer is checked against the log.
//!
//! They use the whole machine, so they run alone: `cargo xtask stress`, or the step
//! `stress` of `cargo xtask test`.

mod backups;
mod functions;
mod hosts;
mod postgres;
mod publishing;
mod redis;
mod support;
