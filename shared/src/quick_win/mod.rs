//! Quick-win mode's rules: one board as a pure state machine, and how it is stored.

mod answers;
mod board;
mod storage;

#[cfg(test)]
mod properties;

pub use answers::{Answers, KEPT_KEYS, KeyedRequest};
pub use board::{Applied, BoardState, Command, MAX_TASKS, Refusal};
pub use storage::{AddedTask, BoardHead, EventsPage, KEPT_EVENTS, NotABoard, StoredBoard};

/// The most boards that a host keeps at a time.
pub const MAX_BOARDS: u64 = 1_000;

/// For how many boards one answer has the newest event.
pub const MAX_HEADS: usize = 1_000;

/// How many deletion events are kept: those of the newest deletions.
pub const KEPT_ENDS: u64 = 100;
