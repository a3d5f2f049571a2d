//! Stores and hosts that fail amid traffic: nobody misses anything, nobody is cut off for it, and
//! everything that anybody got or was told is counted against the log.
//!
//! They take the machine's whole strength, so they run alone: `cargo xtask stress`, or the step
//! `stress` of `cargo xtask test`.

mod backups;
mod functions;
mod hosts;
mod postgres;
mod publishing;
mod redis;
mod support;
