//! Where a board's events can be read again: one trait, one implementation a mode.
//!
//! Live events do not come through here: whoever learns of one (the internal endpoint in quick-win
//! mode, the tail of the Redis feeds in state-of-the-art mode) offers it to the hub, and the hub
//! reads from a source whatever is missing in between.

mod memory;

pub use memory::MemoryStream;

use crate::event::EventFrame;
use futures::future::BoxFuture;
use shared::models::BoardId;
use std::sync::Arc;

/// What a read found.
#[derive(Debug)]
pub enum Read {
    /// The board is there (or was: a deleted board's last event stays readable).
    Page(Page),
    /// The event after the cursor is not kept any more.
    Gone {
        /// Which history of the board this is.
        epoch: Arc<str>,
        /// The newest event.
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
    /// Oldest first and dense from the cursor + 1 on.
    pub events: Vec<EventFrame>,
}

/// The source did not answer; the caller tries again later.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Away(pub String);

/// A log of events by board. The hub asks it for what a ring lacks and whether it missed something.
pub trait EventSource: Send + Sync + 'static {
    /// Its name in `/readyz`.
    fn name(&self) -> &'static str;

    /// Up to `limit` events of `board` after the cursor `after`. A cursor above the head finds no
    /// events but tells the head.
    fn read(&self, board: BoardId, after: u64, limit: usize) -> BoxFuture<'_, Result<Read, Away>>;

    /// Whether it answers at all, for `/readyz`.
    fn answers(&self) -> BoxFuture<'_, Result<(), Away>>;
}
