//! Several relays, hundreds of clients, and relays that die: nobody misses anything, and everything
//! that anybody got is counted against the log.
//!
//! They take the machine's whole strength, so they run alone: `cargo xtask stress`, or the step
//! `stress` of `cargo xtask test`.

mod crowd;
mod herd;
