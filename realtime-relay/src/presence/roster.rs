//! Who is on one board: the sockets of this relay, and what other relays share about theirs.

use super::change::RemotePresence;
use super::ledger::Ledger;
use super::online::{self, UserState, Users, merge};
use super::queue::Queue;
use crate::hub::Subscriber;
use crate::lock::lock;
use bytes::Bytes;
use shared::models::BoardId;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::time::Instant;

/// Between two messages about a board: a little over a quarter of a second, so that no second sees
/// five of them.
pub(super) const PACE: Duration = Duration::from_millis(275);

/// A board's roster. Changes are only noted; once in a while a round is held, which encodes one
/// message for everybody. What a socket that does not read has missed is not kept for it: it is
/// given the newest message, once it reads.
#[derive(Debug)]
pub(super) struct Roster {
    board: BoardId,
    /// Whether each socket is an entry, for those whose users have no names.
    guests: bool,
    state: Mutex<State>,
    /// The round of the newest message; 0 while there is none.
    newest: AtomicU64,
    /// The rosters that wait for their round.
    changed: Arc<Queue<Arc<Roster>>>,
}

#[derive(Debug)]
pub(super) struct State {
    /// Sockets that are subscribed, or about to be.
    seats: usize,
    /// Those of them that are online, by connection.
    here: BTreeMap<u64, Attendee>,
    /// Those of other relays, by relay.
    pub(super) remote: BTreeMap<Arc<str>, RemotePresence>,
    /// Those of `here`, one entry a user, as of the last round.
    pub(super) users: Users,
    /// What other relays know of them, and what is to be learned from those.
    pub(super) ledger: Ledger,
    /// Something changed since the last round, so that there will be another.
    changed: bool,
    /// How many rounds were held, and when the last.
    round: u64,
    held_at: Option<Instant>,
    frame: Bytes,
}

#[derive(Debug)]
struct Attendee {
    connection: Arc<dyn Subscriber>,
    user: Arc<str>,
    state: UserState,
    /// The first round that counts them.
    since: u64,
}

/// What a round brought.
pub(super) struct Round {
    /// Who has to look at the newest message.
    pub(super) recipients: Vec<Arc<dyn Subscriber>>,
    /// Whether it has to be shared with other relays, and was not waiting for that already.
    pub(super) unshared: bool,
}

impl Roster {
    pub(super) fn new(board: BoardId, guests: bool, changed: &Arc<Queue<Arc<Self>>>) -> Arc<Self> {
        let state = State {
            seats: 0,
            here: BTreeMap::new(),
            remote: BTreeMap::new(),
            users: Users::new(),
            ledger: Ledger::default(),
            changed: false,
            round: 0,
            held_at: None,
            frame: Bytes::new(),
        };
        let changed = Arc::clone(changed);
        Arc::new(Self {
            board,
            guests,
            state: Mutex::new(state),
            newest: AtomicU64::new(0),
            changed,
        })
    }

    pub(super) fn board(&self) -> BoardId {
        self.board
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Whether it is no longer needed.
    pub(super) fn is_over(&self) -> bool {
        let state = self.state();
        state.seats == 0 && !state.changed && state.ledger.is_settled()
    }

    /// Notes that something changed: a round will be held.
    pub(super) fn change(self: &Arc<Self>, state: &mut State) {
        if !std::mem::replace(&mut state.changed, true) {
            self.changed.push(Arc::clone(self));
        }
    }

    /// When its next round may be held.
    pub(super) fn due(&self, now: Instant) -> Instant {
        self.state().held_at.map_or(now, |held_at| held_at + PACE)
    }

    pub(super) fn hold(&self, now: Instant) -> Round {
        let mut state = self.state();
        let State { here, remote, users, ledger, .. } = &mut *state;
        users.clear();
        let frame = if self.guests {
            online::frame(self.board, here.values().map(|it| (&it.user, &it.state)))
        } else {
            here.values().for_each(|it| merge(users, &it.user, &it.state));
            let mut everybody = users.clone();
            let others = remote.values().flat_map(RemotePresence::users);
            others.for_each(|(user, state)| merge(&mut everybody, user, state));
            online::frame(self.board, everybody.iter())
        };
        let unshared = ledger.wait_for_write(users);
        state.changed = false;
        state.held_at = Some(now);
        state.round += 1;
        let round = state.round;
        let differs = frame != state.frame;
        if differs {
            state.frame = frame;
            self.newest.store(round, Ordering::Release);
        }
        let recipients = state.here.values().filter(|it| differs || it.since == round);
        let recipients = recipients.map(|it| Arc::clone(&it.connection)).collect();
        Round { recipients, unshared }
    }
}

/// A subscription's place in the roster of its board, given back when dropped. It is empty until
/// the subscription is granted.
#[derive(Debug)]
pub struct Seat {
    roster: Arc<Roster>,
    connection: u64,
    user: Arc<str>,
    /// The state that was set before the subscription was granted.
    early: Option<UserState>,
    /// The first round that counts the socket, once it is online.
    since: Option<u64>,
    /// The round of the last message that the socket was given.
    seen: u64,
}

impl Seat {
    /// Takes a seat; the caller keeps the roster from ending meanwhile.
    pub(super) fn take(roster: &Arc<Roster>, connection: u64, user: Arc<str>) -> Self {
        roster.state().seats += 1;
        let roster = Arc::clone(roster);
        Self { roster, connection, user, early: None, since: None, seen: 0 }
    }

    /// The subscription was granted: the socket is online, and will be sent who else is, even if that
    /// was sent before.
    pub fn join(&mut self, connection: Arc<dyn Subscriber>) {
        self.seen = 0;
        if self.since.is_some() {
            return;
        }
        let mut state = self.roster.state();
        let since = state.round + 1;
        let attendee = Attendee {
            connection,
            user: Arc::clone(&self.user),
            state: self.early.take().unwrap_or_else(UserState::nothing),
            since,
        };
        state.here.insert(self.connection, attendee);
        self.since = Some(since);
        self.roster.change(&mut state);
    }

    /// The client sets its user's state.
    pub(super) fn set_state(&mut self, new: UserState) {
        let mut state = self.roster.state();
        match state.here.get_mut(&self.connection) {
            Some(attendee) if attendee.state == new => {}
            Some(attendee) => {
                attendee.state = new;
                self.roster.change(&mut state);
            }
            None => self.early = Some(new),
        }
    }

    /// The socket is no longer online, and is sent nothing.
    pub fn leave(&mut self) {
        self.since = None;
        let mut state = self.roster.state();
        if state.here.remove(&self.connection).is_some() {
            self.roster.change(&mut state);
        }
    }

    /// The newest message, with the number of its round, if the socket does not have it.
    #[must_use]
    pub fn pending(&self) -> Option<(u64, Bytes)> {
        let since = self.since?;
        if self.roster.newest.load(Ordering::Acquire) <= self.seen {
            return None;
        }
        let state = self.roster.state();
        let newest = self.roster.newest.load(Ordering::Relaxed);
        (state.round >= since && newest > self.seen).then(|| (newest, state.frame.clone()))
    }

    /// The socket was given the message of this round.
    pub fn mark_sent(&mut self, round: u64) {
        self.seen = round;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.leave();
        let mut state = self.roster.state();
        state.seats -= 1;
        if state.seats == 0 {
            // A last round ends it.
            self.roster.change(&mut state);
        }
    }
}
