//! Recorded runs: what clients sent and received, and what the database says happened.

mod record;
mod recording;

pub use record::{Entry, Record};
pub use recording::Recording;
