//! The watched boards: each has one owner that keeps its events in order and hands them out.
//!
//! A board lives here while somebody watches it and a little longer. Everything that it knows can
//! be read again from the source, so forgetting one loses nothing and memory stays bounded.

mod board;
mod cursor;
mod fan_out;
mod finding;
mod owner;
mod ring;
#[cfg(test)]
mod tests;

pub use board::Board;
pub use cursor::{Cursor, Membership, Served};
pub use fan_out::{Batch, Delivered};
pub use ring::{BATCH_BYTES, BATCH_FRAMES};

use crate::event::EventFrame;
use crate::lock::lock;
use crate::metrics::{Metrics, Offered, Sweep};
use crate::stream::EventSource;
use shared::models::BoardId;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use telemetry::traces::Traces;

/// The hub's limits and intervals.
#[derive(Clone, Copy, Debug)]
pub struct HubSettings {
    /// Boards watched at once.
    pub boards: usize,
    /// Events kept in memory by board.
    pub ring_events: usize,
    /// Bytes of events kept in memory by board.
    pub ring_bytes: usize,
    /// How often a watched board is compared with the source.
    pub check_interval: Duration,
    /// How long a board stays after its last subscriber left.
    pub linger: Duration,
}

/// A subscriber of boards: what the hub knows of a connection.
pub trait Subscriber: Debug + Send + Sync + 'static {
    /// Their number, unique in this process.
    fn id(&self) -> u64;

    /// Notifies them that something changed for them.
    fn notify(&self);

    /// Gives each of these what it lacks of a batch, at once where it can; calls `tell` with the
    /// outcome.
    fn deliver(batch: &Batch<Self>, subscribers: &[Arc<Self>], tell: impl FnMut(Delivered))
    where
        Self: Sized;
}

/// All watched boards.
pub struct Hub<S> {
    boards: Mutex<HashMap<BoardId, Arc<Board<S>>>>,
    source: Arc<dyn EventSource>,
    settings: HubSettings,
    metrics: Arc<Metrics>,
    traces: Option<Arc<Traces>>,
}

impl<S: Subscriber> Hub<S> {
    /// A hub without boards, over this source. `traces` get the spans of traced events.
    #[must_use]
    pub fn new(
        source: Arc<dyn EventSource>,
        settings: HubSettings,
        metrics: Arc<Metrics>,
        traces: Option<Arc<Traces>>,
    ) -> Arc<Self> {
        Arc::new(Self { boards: Mutex::default(), source, settings, metrics, traces })
    }

    /// Registers a subscriber with a board, whose owner starts if it was not watched before.
    /// `None` when no more boards can be watched.
    #[must_use]
    pub fn watch(self: &Arc<Self>, id: BoardId, subscriber: &Arc<S>) -> Option<Arc<Board<S>>> {
        self.take(id, |board| board.add(subscriber))
    }

    /// A board that somebody is about to watch. It is read, and stays for a while without them.
    /// `None` when no more boards can be watched.
    #[must_use]
    pub fn look_up(self: &Arc<Self>, id: BoardId) -> Option<Arc<Board<S>>> {
        self.take(id, |_| {})
    }

    fn take(self: &Arc<Self>, id: BoardId, with: impl FnOnce(&Board<S>)) -> Option<Arc<Board<S>>> {
        let mut boards = lock(&self.boards);
        let room = boards.len() < self.settings.boards;
        match boards.entry(id) {
            Entry::Occupied(entry) => {
                with(entry.get());
                Some(Arc::clone(entry.get()))
            }
            Entry::Vacant(_) if !room => None,
            Entry::Vacant(entry) => {
                let board = Arc::new(Board::new(id, &self.settings));
                with(&board);
                entry.insert(Arc::clone(&board));
                self.metrics.boards.add(1);
                self.source.watched(id);
                tokio::spawn(owner::run(Arc::clone(self), Arc::clone(&board)));
                Some(board)
            }
        }
    }

    /// Accepts a live event. It may come late, twice or before its predecessor: the board's owner
    /// sorts it out. Boards that nobody watches need no events.
    pub fn offer(&self, id: BoardId, epoch: &str, event: EventFrame) -> Offered {
        let board = lock(&self.boards).get(&id).map(Arc::clone);
        board.map_or(Offered::Unwatched, |board| board.offer(epoch, event))
    }

    /// Whether somebody watches this board.
    #[must_use]
    pub fn watches(&self, id: BoardId) -> bool {
        lock(&self.boards).contains_key(&id)
    }

    /// The heads of all watched boards that have been read.
    #[must_use]
    pub fn heads(&self) -> HashMap<BoardId, u64> {
        let heads = |board: Arc<Board<S>>| {
            let state = board.state();
            (state.phase == board::Phase::Live).then_some((board.id(), state.head))
        };
        self.all().into_iter().filter_map(heads).collect()
    }

    /// Reports a board's newest event in its source, read after `known` had been the board's head.
    pub fn report_newest(&self, id: BoardId, known: u64, newest: Option<u64>) {
        let board = lock(&self.boards).get(&id).map(Arc::clone);
        if let Some(board) = board
            && let missed @ 1.. = board.report_newest(known, newest)
        {
            self.metrics.swept_boards.of(Sweep::SafetyNet).add(1);
            self.metrics.swept_events.of(Sweep::SafetyNet).add(missed);
        }
    }

    /// Compares boards with their source now.
    pub fn check_where(&self, wanted: impl Fn(BoardId) -> bool) {
        self.all().iter().filter(|board| wanted(board.id())).for_each(|board| board.check());
    }

    /// Compares with their source those boards that have another epoch than this gives for them; returns
    /// which.
    pub fn check_epochs<'a>(
        &self,
        epoch_of: impl Fn(BoardId) -> Option<&'a str>,
    ) -> HashSet<BoardId> {
        let other = |board: &Arc<Board<S>>| {
            let state = board.state();
            let is_other = epoch_of(board.id()).is_some_and(|epoch| *state.epoch != *epoch);
            state.phase == board::Phase::Live && is_other
        };
        let others = self.all().into_iter().filter(other);
        others.inspect(|board| board.check()).map(|board| board.id()).collect()
    }

    fn all(&self) -> Vec<Arc<Board<S>>> {
        lock(&self.boards).values().map(Arc::clone).collect()
    }

    /// The source of missing events.
    #[must_use]
    pub fn source(&self) -> &(dyn EventSource + 'static) {
        &*self.source
    }

    /// Forgets a board, so that its next subscriber starts from the source. With `only_if_unwatched` it
    /// stays when somebody watches it; returns whether it is gone.
    fn forget(&self, board: &Arc<Board<S>>, only_if_unwatched: bool) -> bool {
        let mut boards = lock(&self.boards);
        if only_if_unwatched && board.is_watched() {
            return false;
        }
        if boards.get(&board.id()).is_some_and(|known| Arc::ptr_eq(known, board)) {
            boards.remove(&board.id());
            self.metrics.boards.subtract(1);
            self.source.unwatched(board.id());
        }
        true
    }
}
