//! What comes in: every source of events, or of missed ones, offers them to the hub or
//! has it look at its source.
//!
//! In quick-win mode the functions post events to the internal endpoint, and their heads are compared
//! with the boards' ([`functions`]). In state-of-the-art mode the feeds in Redis are tailed ([`feeds`]), what was
//! committed and never published is found ([`safety`]) and published (`sweeper`).

pub mod feeds;
pub mod functions;
pub mod safety;
mod sweeper;
