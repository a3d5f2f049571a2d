//! Recorded runs: what clients sent and received, the database's log, and the check that the
//! promises of docs/contract/realtime.md were kept.

mod checker;
mod follower;
mod json;
mod record;
mod recording;
mod replica;
mod subscription;
mod truth;
mod verdict;

pub use checker::{Checker, check};
pub use json::Json;
pub use record::{Entry, Record};
pub use recording::Recording;
pub use replica::{Replica, canonical, event_of};
pub use verdict::{Rule, Verdict, Violation};
