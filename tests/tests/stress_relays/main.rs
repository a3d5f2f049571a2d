//! Several relays, hundreds of clients, and relays that die: nobody misses anything, and everything
//! received is checked against the log.
//!
//! They use the whole machine, so they run alone: `cargo xtask stress`, or the step
//! `stress` of `cargo xtask test`.

mod crowd;
mod herd;
