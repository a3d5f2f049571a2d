//! A board as its events show it: itself, without its tasks.

use super::{BoardId, BoardName, Seq, Timestamp};
use serde::{Deserialize, Serialize};

/// A quick-win board.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Board {
    /// Counts from 1 in each run of the host.
    pub id: BoardId,
    /// A random text made with the board: it distinguishes this board from another that had the same id
    /// in an earlier run, so that a cursor from there is never taken for one of this board.
    pub epoch: String,
    /// What people call it.
    pub name: BoardName,
    /// The sequence number of its newest event; 0 before the first.
    pub seq: Seq,
    /// Grows by one with every change of the board itself (not of its tasks); 1 when it is new.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it or anything on it was last changed.
    pub updated_at: Timestamp,
}
