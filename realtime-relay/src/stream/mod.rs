//! Where a board's events can be read again: one trait, one implementation a mode.
//!
//! Live events do not come through here: whatever receives one (the internal endpoint in quick-win
//! mode, the tail of the Redis feeds in state-of-the-art mode) offers it to the hub, and the hub
//! reads from a source whatever is missing in between.

pub mod memory;
pub mod redis;

pub use memory::MemoryStream;
pub use redis::RedisStream;

use crate::event::EventFrame;
use crate::metrics::Store;
use crate::unavailable::Unavailable;
use futures::future::BoxFuture;
use shared::data::reason::reason;
use shared::models::BoardId;
use std::sync::Arc;

/// How far behind the head a cursor may be, in events.
pub const REPLAY_LIMIT: u64 = 10_000;

/// What a read found.
#[derive(Debug)]
pub enum Read {
    /// The board is there (or was: a deleted board's last event stays readable).
    Page(Page),
    /// The event after the cursor is no longer kept, or not replayed from so far behind.
    Gone {
        /// Which history of the board this is.
        epoch: Arc<str>,
        head: u64,
    },
    /// There is no such board.
    NotFound,
}

/// Some events of one board.
#[derive(Debug)]
pub struct Page {
    /// Which history of the board this is.
    pub epoch: Arc<str>,
    /// The newest event when this was read; 0 before the first.
    pub head: u64,
    /// Whether there is certainly nothing after `head`. A cache alone does not know.
    pub certain: bool,
    /// Who gave the events.
    pub origin: Store,
    /// Oldest first and dense from the cursor + 1 on.
    pub events: Vec<EventFrame>,
}

/// What a read is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// To learn the newest event, and what leads there.
    Head,
    /// To replay older events.
    History,
}

/// A store does not answer, or not as a whole.
#[derive(Clone, Debug)]
pub struct Unready {
    /// What does not work, for everybody.
    pub detail: String,
    /// Why, for the log.
    pub why: Unavailable,
}

impl Unready {
    /// For a store of which nothing works.
    #[must_use]
    pub fn of(why: Unavailable) -> Self {
        Self { detail: reason(&why.0).unwrap_or("it does not answer").to_owned(), why }
    }
}

/// A store's name in `/readyz`, and the question whether it answers.
pub type StoreState<'a> = (&'static str, BoxFuture<'a, Result<(), Unready>>);

/// A log of events by board. The hub asks it for what a ring lacks and whether it missed something.
pub trait EventSource: Send + Sync + 'static {
    /// Up to `limit` events of `board` after the cursor `after`, fewer where they are large: a page
    /// ends when it has about a MiB. A cursor above the head finds no
    /// events but has the head.
    fn read(
        &self,
        board: BoardId,
        after: u64,
        limit: usize,
        purpose: Purpose,
    ) -> BoxFuture<'_, Result<Read, Unavailable>>;

    /// The board is watched from now on: live events are wanted. Must not block.
    fn watched(&self, _board: BoardId) {}

    /// The board is no longer watched. Must not block.
    fn unwatched(&self, _board: BoardId) {}

    /// Whether its stores answer at all, for `/readyz`.
    fn answers(&self) -> Vec<StoreState<'_>>;
}
