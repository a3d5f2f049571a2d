//! The board document: a whole quick-win board as it is sent, imported and exported.

use super::{Board, Event, Task};
use serde::{Deserialize, Serialize};

/// A board with its tasks (by id) and its newest events (oldest first).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BoardDocument {
    /// The board itself, its fields inlined.
    #[serde(flatten)]
    pub board: Board,
    /// Every task, by id.
    pub tasks: Vec<Task>,
    /// The newest events, oldest first.
    pub events: Vec<Event>,
}
