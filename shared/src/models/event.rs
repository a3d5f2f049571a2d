//! What happened to a board: the entries of its log and of every subscriber's stream.

use super::{Board, BoardId, Seq, Task, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What was done.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Action {
    /// Something new.
    Add,
    /// A change that kept the task in its column.
    Update,
    /// A task changed its column (and maybe more).
    Move,
    /// Gone.
    Delete,
}

/// What it was done to: the entity as it is afterwards or, for a [`Action::Delete`], as it was.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "entity", rename_all = "lowercase")]
pub enum Subject {
    /// The board itself.
    Board {
        /// The board, without its tasks.
        board: Board,
    },
    /// A task.
    Task {
        /// The task.
        task: Task,
    },
}

/// Who did it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Actor {
    /// The user's id; 0 in quick-win mode, where nobody logs in.
    pub id: u64,
    /// The user's name.
    pub username: Cow<'static, str>,
}

impl Actor {
    /// Everybody: quick-win mode has no login.
    pub const GUEST: Self = Self { id: 0, username: Cow::Borrowed("guest") };
}

/// The changed fields, each with its old and its new value.
pub type Changes = BTreeMap<Cow<'static, str>, [Value; 2]>;

/// One change of one board (docs/contract/api.md, API-EVENT).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Event {
    /// The board.
    pub board_id: BoardId,
    /// Its place in the board's history: one more than the event before.
    pub seq: Seq,
    /// What was done.
    pub action: Action,
    /// What it was done to.
    #[serde(flatten)]
    pub subject: Subject,
    /// For changes of something that was there before and still is: what differs.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
    /// Who did it.
    pub actor: Actor,
    /// When. Never earlier than the event before.
    pub timestamp: Timestamp,
}
