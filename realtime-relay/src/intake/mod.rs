//! What comes in: whoever learns of events, or finds that some were missed, offers them to the hub or
//! has it look at its source.
//!
//! In quick-win mode the functions post events to the internal endpoint, and their heads are compared
//! with the boards' ([`functions`]). In teams mode the feeds in Redis are tailed ([`feeds`]), what was
//! committed and never published is found ([`safety`]) and published (`sweeper`).

pub mod feeds;
pub mod functions;
pub mod safety;
mod sweeper;
