//! Presence: who is on a board, and what they do there (docs/contract/realtime.md, RT-PRESENCE).
//!
//! Soft state beside the ordered path of events, never on it. Each board has a roster of the
//! sockets that are subscribed; a round, at most four times a second, encodes one message of all
//! who are online. A socket is given the newest message when it has nothing else to write, so
//! nothing is ever queued for it. In state-of-the-art mode relays share changes
//! through Redis; while it is unavailable, each knows only its own sockets.

mod change;
mod ledger;
mod online;
mod pace;
mod queue;
mod roster;
mod sharing;

pub use roster::Seat;

use crate::lock::lock;
use crate::metrics::Metrics;
use crate::redis::Shards;
use online::UserState;
use queue::Queue;
use roster::Roster;
use shared::data::keys;
use shared::models::BoardId;
use sharing::Sharing;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use stores::redis::Servers;

/// The presence of all boards of one mode.
pub struct Presence {
    rosters: Mutex<Rosters>,
    /// Those that wait for a round.
    changed: Arc<Queue<Arc<Roster>>>,
    /// With other relays, where users have names.
    sharing: Option<Sharing>,
    /// The time of the last state: no two states have the same time.
    last_at: AtomicU64,
}

#[derive(Default)]
struct Rosters {
    by_board: HashMap<BoardId, Arc<Roster>>,
    /// How many of them each shard has.
    counts: [usize; keys::SHARDS as usize],
    /// The shards to whose messages of other relays this relay is subscribed.
    subscribed: Shards,
}

impl Presence {
    /// Presence of guests, who have no names: each socket is an entry.
    #[must_use]
    pub fn of_guests() -> Arc<Self> {
        Self::start(None)
    }

    /// Presence of users, shared with other relays through this Redis.
    #[must_use]
    pub fn of_users(redis: Arc<Servers>, beat: Duration, metrics: Arc<Metrics>) -> Arc<Self> {
        let presence = Self::start(Some(Sharing::new(redis, beat, metrics)));
        tokio::spawn(sharing::exchange(Arc::clone(&presence)));
        tokio::spawn(sharing::listen(Arc::clone(&presence)));
        presence
    }

    fn start(sharing: Option<Sharing>) -> Arc<Self> {
        let presence = Arc::new(Self {
            rosters: Mutex::default(),
            changed: Arc::default(),
            sharing,
            last_at: AtomicU64::new(0),
        });
        tokio::spawn(pace::keep(Arc::clone(&presence)));
        presence
    }

    /// A seat for a connection that subscribes to a board.
    #[must_use]
    pub fn seat(&self, board: BoardId, connection: u64, user: Arc<str>) -> Seat {
        let mut rosters = lock(&self.rosters);
        let known = rosters.by_board.get(&board).map(Arc::clone);
        let roster = known.unwrap_or_else(|| {
            let roster = Roster::new(board, self.sharing.is_none(), &self.changed);
            rosters.by_board.insert(board, Arc::clone(&roster));
            self.count(&mut rosters, board, |count| count + 1);
            if let Some(sharing) = &self.sharing {
                sharing.begin(&roster, rosters.subscribed);
            }
            roster
        });
        Seat::take(&roster, connection, user)
    }

    /// A client sets what its user does, as a JSON object without white space between its parts.
    pub fn set_state(&self, seat: &mut Seat, state: String) {
        seat.set_state(UserState::new(self.now(), state.into()));
    }

    /// Forgets a roster that is no longer needed.
    fn forget_if_over(&self, roster: &Arc<Roster>) {
        let mut rosters = lock(&self.rosters);
        let board = roster.board();
        let known = rosters.by_board.get(&board).is_some_and(|known| Arc::ptr_eq(known, roster));
        if known && roster.is_over() {
            rosters.by_board.remove(&board);
            self.count(&mut rosters, board, |count| count.saturating_sub(1));
        }
    }

    fn count(&self, rosters: &mut Rosters, board: BoardId, change: impl Fn(usize) -> usize) {
        let slot = usize::try_from(keys::shard(board)).unwrap_or_default();
        if let Some(count) = rosters.counts.get_mut(slot) {
            *count = change(*count);
        }
        if let Some(sharing) = &self.sharing {
            let counts = rosters.counts.iter().enumerate().filter(|(_, count)| **count > 0);
            sharing.want(counts.fold(0, |shards: Shards, (shard, _)| shards | 1 << shard));
        }
    }

    fn roster(&self, board: BoardId) -> Option<Arc<Roster>> {
        lock(&self.rosters).by_board.get(&board).map(Arc::clone)
    }

    fn all(&self) -> Vec<Arc<Roster>> {
        lock(&self.rosters).by_board.values().map(Arc::clone).collect()
    }

    /// Now, in milliseconds since 1970, or right after the last state.
    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let later = |last: u64| Some(now.max(last.saturating_add(1)));
        let last = self.last_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, later);
        last.map_or(now, |last| now.max(last.saturating_add(1)))
    }
}
