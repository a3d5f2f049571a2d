//! What a subscriber gets next: the decision, taken under the board's lock.

use super::Subscriber;
use super::board::{Board, Phase, State};
use crate::metrics::ReplaySource;
use crate::stream::REPLAY_LIMIT;
use bytes::Bytes;
use shared::models::UserId;
use shared::protocol::ResetReason;
use std::sync::Arc;
use tokio::time::Instant;

/// The position of a subscription.
#[derive(Debug)]
pub enum Cursor {
    /// As the client requested it; not answered yet.
    Asked(Box<Asked>),
    /// Answered: this event comes next.
    Live {
        next: u64,
        /// Which of the board's histories it belongs to.
        generation: u32,
    },
}

/// The member whose subscription it is, in state-of-the-art mode.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Membership {
    pub user: UserId,
    /// The newest event of the board when the user was found to be a member.
    pub as_of: u64,
}

/// A client's requested position.
#[derive(Debug, Default)]
pub struct Asked {
    /// The last event that the client has; `None`: from now on.
    pub after: Option<u64>,
    /// The history that it belongs to, if the client knows it.
    pub epoch: Option<String>,
    /// The read of the head that decides whether a cursor above the known head is from a lost
    /// future or just newer than what the relay knows.
    decided_by: Option<u64>,
}

impl Cursor {
    /// A cursor as the client requested it.
    #[must_use]
    pub fn asked(after: Option<u64>, epoch: Option<String>) -> Self {
        Self::Asked(Box::new(Asked { after, epoch, decided_by: None }))
    }
}

/// What a subscriber gets next.
#[derive(Debug)]
pub enum Served {
    /// Nothing now: it has everything, or it is woken when what it needs was read.
    Nothing,
    /// The request is granted; the cursor is live from here on.
    Subscribed {
        seq: u64,
        /// Which history this is.
        epoch: Arc<str>,
    },
    /// The next events, for one write.
    Frames(Vec<Bytes>, ReplaySource),
    /// The cursor cannot be served; the subscription is over.
    Reset { seq: u64, reason: ResetReason },
    /// The board was deleted and everything before that was sent; the subscription is over.
    Deleted,
    /// The user was removed from the board and everything before that was sent; the subscription is
    /// over.
    Removed,
    /// Too much happened since the user was found to be a member: it must be asked again.
    Recheck,
    /// There is no such board; the subscription is over.
    NotFound,
}

/// Where an event can be had.
enum Availability {
    InMemory,
    TooOld,
    /// The owner must read it first.
    Unread,
}

impl<S: Subscriber> Board<S> {
    /// Decides what this subscription of this subscriber gets next. When that is nothing yet, the
    /// subscriber will be notified.
    pub fn serve(
        &self,
        cursor: &mut Cursor,
        member: Option<Membership>,
        subscriber: &Arc<S>,
    ) -> Served {
        let mut state = self.state();
        let served = match cursor {
            Cursor::Asked(asked) => match state.answer(asked, member) {
                Some((Served::Recheck, _)) => return Served::Recheck,
                Some((served, next)) => {
                    *cursor = Cursor::Live { next, generation: state.generation };
                    Some(served)
                }
                None => None,
            },
            Cursor::Live { next, generation } => state.follow(*next, *generation, member),
        };
        served.unwrap_or_else(|| {
            state.waiting.insert(subscriber.id(), Arc::clone(subscriber));
            drop(state);
            self.wake_owner();
            Served::Nothing
        })
    }
}

impl<S: Subscriber> Board<S> {
    /// Whether a subscription may receive what happens on the board now, apart from its events: it was
    /// granted, and its user was not removed since (RT6), whether they have read that or not.
    #[must_use]
    pub fn is_open_to(&self, cursor: &Cursor, member: Option<Membership>) -> bool {
        let Cursor::Live { generation, .. } = cursor else { return false };
        let state = self.state();
        state.phase == Phase::Live
            && *generation == state.generation
            && member.is_none_or(|member| state.removed_at(member).is_none())
    }
}

impl<S> State<S> {
    /// The answer to a request, with the event that comes next; `None` when the owner must read first.
    fn answer(&mut self, asked: &mut Asked, member: Option<Membership>) -> Option<(Served, u64)> {
        let reset = |seq, reason| Some((Served::Reset { seq, reason }, 0));
        match self.phase {
            Phase::Loading => return None,
            Phase::Missing => return Some((Served::NotFound, 0)),
            Phase::Live | Phase::Deleted => {}
        }
        let after = asked.after.unwrap_or(self.head);
        if self.phase == Phase::Deleted && !self.lacks_the_end(asked) {
            return Some((Served::NotFound, 0));
        }
        // What the API no longer shows is not replayed either.
        if self.phase == Phase::Deleted && member.is_some() {
            return Some((Served::Deleted, 0));
        }
        if !self.is_of_epoch(asked) {
            return reset(self.head, ResetReason::Epoch);
        }
        if after > self.head {
            if after <= self.known {
                // It is known to exist and on its way.
                self.await_event(after);
                return None;
            }
            let decided_by = *asked.decided_by.get_or_insert(self.checks_started + 1);
            if self.checks_ended >= decided_by {
                return reset(self.head, ResetReason::Epoch);
            }
            self.check_wanted = true;
            return None;
        }
        // One rule wherever the events could be had: a board's stream may keep a few more.
        let is_too_far = self.head.saturating_sub(after) > REPLAY_LIMIT;
        if is_too_far && self.phase == Phase::Live {
            return reset(self.head, ResetReason::TooFar);
        }
        if after < self.head {
            match self.availability(after + 1) {
                Availability::InMemory => {}
                Availability::TooOld if self.phase == Phase::Deleted => {
                    return Some((Served::Deleted, 0));
                }
                Availability::TooOld => return reset(self.head, ResetReason::TooFar),
                Availability::Unread => {
                    self.want(after + 1);
                    return None;
                }
            }
        }
        // RT6: every event since the user was found to be a member has been looked at, and none
        // removed them. Those that follow are looked at as they come.
        let is_unsure = |member: Membership| {
            member.as_of + 1 < self.examined_from || self.removed_at(member).is_some()
        };
        if member.is_some_and(is_unsure) {
            return Some((Served::Recheck, 0));
        }
        let epoch = Arc::clone(&self.epoch);
        Some((Served::Subscribed { seq: self.head, epoch }, after + 1))
    }

    /// What follows for a live cursor: the events after it, or a reset (RT3); `None` when the owner must read first.
    fn follow(&mut self, next: u64, generation: u32, member: Option<Membership>) -> Option<Served> {
        if generation != self.generation {
            return Some(Served::Reset { seq: self.head, reason: ResetReason::Epoch });
        }
        let removed_at = member.and_then(|member| self.removed_at(member));
        if removed_at.is_some_and(|removed_at| next > removed_at) {
            return Some(Served::Removed);
        }
        if removed_at.is_none() && member.is_some_and(|member| self.may_forget(member, next)) {
            return Some(Served::Recheck);
        }
        match self.phase {
            Phase::Loading => return None,
            Phase::Missing => return Some(Served::Deleted),
            Phase::Deleted if next > self.head => return Some(Served::Deleted),
            Phase::Live if next > self.head => return Some(Served::Nothing),
            Phase::Live | Phase::Deleted => {}
        }
        match self.availability(next) {
            Availability::InMemory => {
                let last = removed_at.unwrap_or(u64::MAX);
                Some(self.batch(next, last))
            }
            Availability::TooOld if self.phase == Phase::Deleted => Some(Served::Deleted),
            Availability::TooOld => {
                Some(Served::Reset { seq: self.head, reason: ResetReason::TooFar })
            }
            Availability::Unread => {
                self.want(next);
                None
            }
        }
    }

    /// Whether an event that removed this member may be forgotten, where a reader that is at `next`
    /// has not passed it: then too many others were removed since.
    fn may_forget(&self, member: Membership, next: u64) -> bool {
        member.as_of + 1 < self.examined_from && next <= self.examined_from
    }

    fn availability(&self, seq: u64) -> Availability {
        if self.ring.holds(seq) || self.segments.iter().any(|segment| segment.events.holds(seq)) {
            Availability::InMemory
        } else if self.gone_through.is_some_and(|gone| seq <= gone + 1) {
            Availability::TooOld
        } else {
            Availability::Unread
        }
    }

    /// The event that removed this member, after they had been found to be one.
    fn removed_at(&self, member: Membership) -> Option<u64> {
        let mut removals = self.removals.iter();
        let removal = removals.find(|(user, seq)| *user == member.user && *seq > member.as_of);
        removal.map(|(_, seq)| *seq)
    }

    /// The events from `next` on, `last` at most.
    fn batch(&mut self, next: u64, last: u64) -> Served {
        let segment = self.segments.iter_mut().find(|segment| segment.events.holds(next));
        let (mut frames, source) = match segment {
            Some(segment) if !self.ring.holds(next) => {
                segment.used = Instant::now();
                (segment.events.batch(next), ReplaySource::Source(segment.origin))
            }
            _ => (self.ring.batch(next), ReplaySource::Ring),
        };
        let most = usize::try_from((last - next).saturating_add(1)).unwrap_or(usize::MAX);
        frames.truncate(most);
        Served::Frames(frames, source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Connection;
    use crate::event::EventFrame;
    use crate::hub::HubSettings;
    use proptest::prelude::*;
    use shared::models::BoardId;
    use std::time::Duration;

    const SETTINGS: HubSettings = HubSettings {
        boards: 1,
        ring_events: 100,
        ring_bytes: usize::MAX,
        check_interval: Duration::from_secs(1),
        linger: Duration::from_secs(1),
    };

    /// A board whose events from `first` on were read; every third of them removes user 7.
    fn board(first: u64, last: u64) -> Board<Connection> {
        let board = Board::new(BoardId::new(7).expect("an id"), &SETTINGS);
        let events = (first..=last).map(event).collect();
        board.state().load(Arc::from("e"), last, events);
        board
    }

    fn removes(seq: u64) -> bool {
        seq.is_multiple_of(3)
    }

    fn event(seq: u64) -> EventFrame {
        let frame = Bytes::copy_from_slice(&seq.to_be_bytes());
        EventFrame {
            seq,
            frame,
            deletes_board: false,
            removes_member: removes(seq).then_some(7),
            timestamp: None,
            published: None,
            trace: None,
        }
    }

    fn asked(after: u64) -> Asked {
        Asked { after: Some(after), ..Asked::default() }
    }

    #[test]
    fn rt6_who_may_have_been_removed_since_is_asked_about_again() {
        let board = board(10, 14);
        let mut state = board.state();
        let mut answer = |user, as_of| {
            let member = Some(Membership { user, as_of });
            match state.answer(&mut asked(14), member) {
                Some((Served::Subscribed { seq: 14, .. }, 15)) => true,
                Some((Served::Recheck, _)) => false,
                other => panic!("{other:?}"),
            }
        };
        assert!(!answer(8, 8), "9 was not looked at: it may have removed them");
        assert!(answer(8, 9), "none of 10 to 14 removes user 8");
        assert!(!answer(7, 9), "12 removes user 7");
        assert!(!answer(7, 11));
        assert!(answer(7, 12), "they came back");
        assert!(answer(7, 20), "PostgreSQL is ahead of what came here");
        assert!(matches!(state.answer(&mut asked(14), None), Some((Served::Subscribed { .. }, _))));
    }

    #[test]
    fn rt6_whose_removal_may_be_forgotten_is_asked_about_again_before_they_get_more() {
        let board = board(1, 1);
        let mut state = board.state();
        let (generation, member) = (state.generation, Membership { user: 7, as_of: 1 });
        // Many are removed after user 7 was.
        let removal = |seq, user| EventFrame { removes_member: Some(user), ..event(seq) };
        let last = 3 + u64::try_from(super::super::board::REMOVALS).expect("a number");
        state.append_all(
            std::iter::once(removal(2, 7)).chain((3..=last).map(|seq| removal(seq, 8))).collect(),
        );
        for next in [1, 2, 3] {
            let follows = state.follow(next, generation, Some(member));
            assert!(matches!(follows, Some(Served::Recheck)), "{next}: {follows:?}");
        }
        let still = Membership { as_of: last, ..member };
        assert!(matches!(state.follow(last + 1, generation, Some(still)), Some(Served::Nothing)));
        let caught_up = state.follow(last + 1, generation, Some(member));
        assert!(matches!(caught_up, Some(Served::Nothing)), "it passed all that is forgotten");
    }

    proptest! {
        #[test]
        fn rt6_a_member_gets_everything_up_to_their_removal_and_nothing_after(
            as_of in 0_u64..40, next in 1_u64..40, last in 1_u64..40, user in 7_u64..=8,
        ) {
            let board = board(1, last);
            let mut state = board.state();
            let generation = state.generation;
            let member = Membership { user, as_of };
            let removal = (as_of + 1..=last).find(|seq| user == 7 && removes(*seq));
            let end = removal.unwrap_or(last);
            let (mut next, mut got) = (next, Vec::new());
            let first = next;
            loop {
                match state.follow(next, generation, Some(member)) {
                    Some(Served::Frames(frames, _)) => {
                        prop_assert!(!frames.is_empty());
                        next += frames.len() as u64;
                        let seq = |frame: &Bytes| u64::from_be_bytes(frame[..8].try_into().expect("8"));
                        got.extend(frames.iter().map(seq));
                    }
                    Some(Served::Nothing) => {
                        prop_assert_eq!(removal.filter(|removal| *removal < next), None);
                        break;
                    }
                    Some(Served::Removed) => {
                        prop_assert!(removal.is_some_and(|removal| removal < next));
                        break;
                    }
                    other => prop_assert!(false, "{other:?}"),
                }
            }
            prop_assert_eq!(got, (first..=end).collect::<Vec<_>>());
        }
    }
}
