//! One watched board: its newest events in order, and who wants them.

use super::ring::Ring;
use super::{HubSettings, Subscriber};
use crate::event::EventFrame;
use crate::lock::lock;
use crate::metrics::{Moments, Offered, Store};
use shared::Traceparent;
use shared::models::{BoardId, UserId};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;
use tokio::time::Instant;

/// How many events that arrived before their predecessors are kept until those are there.
const EARLY_EVENTS: usize = 256;
/// The same in bytes. What does not fit is read from the source afterwards.
const EARLY_BYTES: usize = 1 << 20;
/// How many events keep their time of publication until they are fanned out.
const MOMENTS: usize = 1024;
/// How many removals of members are remembered.
pub(super) const REMOVALS: usize = 1024;

/// A watched board. Its state is behind a lock that is only ever held for a moment: appending,
/// taking a batch out, registering. One task, its owner, reads from the source and hands out.
#[derive(Debug)]
pub struct Board<S> {
    id: BoardId,
    state: Mutex<State<S>>,
    /// Wakes the owner.
    wake: Notify,
    /// Wakes those who wait to learn whether there is such a board.
    pub(super) settled: Notify,
}

/// The state of a board.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Phase {
    /// Its head is being read.
    Loading,
    /// It has a head, and events may follow.
    Live,
    /// Its last event has come.
    Deleted,
    /// There is no such board.
    Missing,
}

/// Older events, read back for subscribers who need them.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) events: Ring,
    pub(super) origin: Store,
    pub(super) used: Instant,
}

#[derive(Debug)]
pub(super) struct State<S> {
    pub(super) phase: Phase,
    /// Which history of the board this is.
    pub(super) epoch: Arc<str>,
    /// Counts the histories seen here, so that a cursor need not hold an epoch.
    pub(super) generation: u32,
    /// The newest event that everything before is known of.
    pub(super) head: u64,
    /// The newest known event; above `head` while something in between is missing.
    pub(super) known: u64,
    /// The newest events up to `head`.
    pub(super) ring: Ring,
    /// Events older than the ring, read back for a while.
    pub(super) segments: Vec<Segment>,
    /// Cursors up to this one are too old: the event after them is no longer kept.
    pub(super) gone_through: Option<u64>,
    /// Events whose predecessors are missing, with their epoch.
    early: BTreeMap<u64, (Arc<str>, EventFrame)>,
    early_bytes: usize,
    /// Since when something is missing.
    pub(super) gap_since: Option<Instant>,
    /// Everybody registered. Copied on write: a pass over it holds no lock.
    pub(super) subscribers: Arc<Vec<Arc<S>>>,
    /// Who waits for the owner to read something, by their id.
    pub(super) waiting: HashMap<u64, Arc<S>>,
    /// The oldest event that somebody waits for, and since when somebody waits for any.
    pub(super) wanted: Option<(u64, Instant)>,
    /// The oldest event that is known to exist and that a request waits for.
    pub(super) awaited: Option<u64>,
    /// Somebody needs the source's head now rather than at the next regular check.
    pub(super) check_wanted: bool,
    /// How many reads of the head were started and how many of them have ended.
    pub(super) checks_started: u64,
    pub(super) checks_ended: u64,
    /// The members who were removed, each with the event that did it, oldest first; all of those
    /// from `examined_from` on.
    pub(super) removals: VecDeque<(UserId, u64)>,
    pub(super) examined_from: u64,
    /// The next event that the owner hands out.
    pub(super) fan_next: u64,
    /// When the events from there on were published, for those of which that is known.
    published: VecDeque<(u64, Moments)>,
    /// The same for those that are traced, with the trace of each.
    traced: VecDeque<Traced>,
}

/// An event that is traced, on its way to the sockets.
#[derive(Debug)]
pub(super) struct Traced {
    pub(super) seq: u64,
    /// When it was published, in milliseconds since 1970.
    pub(super) published: u64,
    /// Its trace.
    pub(super) trace: Traceparent,
}

impl<S: Subscriber> Board<S> {
    pub(super) fn new(id: BoardId, settings: &HubSettings) -> Self {
        let state = State {
            phase: Phase::Loading,
            epoch: Arc::from(""),
            generation: 0,
            head: 0,
            known: 0,
            ring: Ring::new(1, settings.ring_events, settings.ring_bytes),
            segments: Vec::new(),
            gone_through: None,
            early: BTreeMap::new(),
            early_bytes: 0,
            gap_since: None,
            subscribers: Arc::default(),
            waiting: HashMap::new(),
            wanted: None,
            awaited: None,
            check_wanted: false,
            checks_started: 0,
            checks_ended: 0,
            removals: VecDeque::new(),
            examined_from: 1,
            fan_next: 1,
            published: VecDeque::new(),
            traced: VecDeque::new(),
        };
        Self { id, state: Mutex::new(state), wake: Notify::new(), settled: Notify::new() }
    }

    /// Which board this is.
    #[must_use]
    pub fn id(&self) -> BoardId {
        self.id
    }

    /// The newest known `seq`, for heartbeats; `None` until the board is read.
    #[must_use]
    pub fn known_head(&self) -> Option<u64> {
        let state = self.state();
        matches!(state.phase, Phase::Live | Phase::Deleted).then_some(state.known)
    }

    /// Ends a subscriber's registration.
    pub fn remove(&self, subscriber: &S) {
        let mut state = self.state();
        state.waiting.remove(&subscriber.id());
        let subscribers = Arc::make_mut(&mut state.subscribers);
        if let Some(index) = subscribers.iter().position(|other| other.id() == subscriber.id()) {
            subscribers.swap_remove(index);
        }
        let unwatched = subscribers.is_empty();
        drop(state);
        if unwatched {
            self.wake.notify_one();
        }
    }

    pub(super) fn add(&self, subscriber: &Arc<S>) {
        Arc::make_mut(&mut self.state().subscribers).push(Arc::clone(subscriber));
        self.wake.notify_one();
    }

    /// Asks the owner to compare the board with its source now.
    pub(super) fn check(&self) {
        self.state().check_wanted = true;
        self.wake.notify_one();
    }

    /// The source's newest event, read after `known` had been the board's head. Returns how many events
    /// had been missed.
    pub(super) fn report_newest(&self, known: u64, newest: Option<u64>) -> u64 {
        let mut state = self.state();
        let mut missed = 0;
        match newest {
            Some(newest) if newest > state.known => {
                missed = newest - state.known;
                state.known = newest;
                state.gap_since.get_or_insert_with(Instant::now);
            }
            Some(newest) if newest >= known => return 0,
            // It is gone, or another history: reading the source shows which.
            _ => state.check_wanted = true,
        }
        drop(state);
        self.wake.notify_one();
        missed
    }

    pub(super) fn is_watched(&self) -> bool {
        !self.state().subscribers.is_empty()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State<S>> {
        lock(&self.state)
    }

    pub(super) fn wake_owner(&self) {
        self.wake.notify_one();
    }

    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    pub(super) fn offer(&self, epoch: &str, event: EventFrame) -> Offered {
        let mut state = self.state();
        let offered = state.offer(epoch, event);
        let head = state.head;
        let has_come = state.awaited.take_if(|awaited| *awaited <= head).is_some();
        drop(state);
        if has_come {
            self.wake_waiting();
        }
        if offered != Offered::Duplicate && offered != Offered::Unwatched {
            self.wake.notify_one();
        }
        offered
    }

    /// Wakes everybody who waited for the owner to read something.
    pub(super) fn wake_waiting(&self) {
        let waiting = std::mem::take(&mut self.state().waiting);
        waiting.values().for_each(|subscriber| subscriber.notify());
    }

    /// Wakes everybody: what they hold is over (another epoch, a deleted board).
    pub(super) fn wake_all(&self) {
        let subscribers = Arc::clone(&self.state().subscribers);
        subscribers.iter().for_each(|subscriber| subscriber.notify());
        self.settled.notify_waiters();
        self.wake_waiting();
    }
}

impl<S> State<S> {
    /// Takes an event in: appends the one after the head, and keeps a later one until what lacks was read (RT3).
    fn offer(&mut self, epoch: &str, event: EventFrame) -> Offered {
        match self.phase {
            Phase::Deleted | Phase::Missing => return Offered::Unwatched,
            Phase::Loading => {
                self.keep_early(epoch.into(), event);
                return Offered::Early;
            }
            Phase::Live => {}
        }
        if *epoch != *self.epoch {
            self.check_wanted = true;
            return Offered::Foreign;
        }
        self.known = self.known.max(event.seq);
        match event.seq {
            seq if seq <= self.head => Offered::Duplicate,
            seq if seq == self.head + 1 => {
                self.append(event);
                self.absorb_early();
                Offered::Appended
            }
            _ => {
                let epoch = Arc::clone(&self.epoch);
                self.keep_early(epoch, event);
                self.gap_since.get_or_insert_with(Instant::now);
                Offered::Early
            }
        }
    }

    /// Appends the event `head + 1`.
    fn append(&mut self, event: EventFrame) {
        debug_assert_eq!(event.seq, self.head + 1, "RT3: events are appended without a gap");
        self.head = event.seq;
        self.known = self.known.max(event.seq);
        self.ring.push(event.frame);
        if let Some(published) = event.published
            && self.published.len() < MOMENTS
        {
            let moments = Moments { happened: event.timestamp, published };
            self.published.push_back((event.seq, moments));
        }
        if let (Some(published), Some(trace)) = (event.published, event.trace)
            && self.traced.len() < MOMENTS
        {
            self.traced.push_back(Traced { seq: event.seq, published, trace });
        }
        if let Some(user) = event.removes_member {
            self.removals.push_back((user, event.seq));
            if self.removals.len() > REMOVALS
                && let Some((_, forgotten)) = self.removals.pop_front()
            {
                self.examined_from = forgotten + 1;
            }
        }
        // A board that was restored goes on after its deletion.
        if event.deletes_board && event.seq >= self.known {
            self.phase = Phase::Deleted;
        }
    }

    /// Appends those of `events` that are next; returns how many.
    pub(super) fn append_all(&mut self, events: Vec<EventFrame>) -> u64 {
        let before = self.head;
        for event in events {
            if event.seq == self.head + 1 && self.phase == Phase::Live {
                self.append(event);
            }
        }
        let appended = self.head - before;
        self.absorb_early();
        appended
    }

    /// Appends early events whose turn has come and forgets those that are not needed.
    pub(super) fn absorb_early(&mut self) {
        while let Some(entry) = self.early.first_entry() {
            let is_next = *entry.key() == self.head + 1 && *entry.get().0 == *self.epoch;
            if *entry.key() > self.head + 1 && *entry.get().0 == *self.epoch {
                break;
            }
            let (_, event) = entry.remove();
            self.early_bytes -= event.frame.len();
            if is_next && self.phase == Phase::Live {
                self.append(event);
            }
        }
        let newest_early = self.early.last_key_value().map_or(0, |(seq, _)| *seq);
        self.known = self.known.max(newest_early);
        if self.known <= self.head {
            self.gap_since = None;
        } else {
            self.gap_since.get_or_insert_with(Instant::now);
        }
    }

    fn keep_early(&mut self, epoch: Arc<str>, event: EventFrame) {
        match self.early.get(&event.seq) {
            Some((known, _)) if *known == epoch => return,
            // A newer history is posted after an older one.
            Some((_, old)) => self.early_bytes -= old.frame.len(),
            None if self.early.len() >= EARLY_EVENTS => return,
            None => {}
        }
        self.early.remove(&event.seq);
        if self.early_bytes + event.frame.len() <= EARLY_BYTES {
            self.early_bytes += event.frame.len();
            self.early.insert(event.seq, (epoch, event));
        }
    }

    /// A request waits for this event, which is on its way.
    pub(super) fn await_event(&mut self, seq: u64) {
        self.awaited = Some(self.awaited.map_or(seq, |awaited| awaited.min(seq)));
    }

    /// Asks the owner to read this event back.
    pub(super) fn want(&mut self, seq: u64) {
        let (oldest, since) = self.wanted.unwrap_or_else(|| (seq, Instant::now()));
        self.wanted = Some((oldest.min(seq), since));
    }

    /// Starts over with what was read: the board's epoch, head and newest events.
    pub(super) fn load(&mut self, epoch: Arc<str>, known: u64, events: Vec<EventFrame>) {
        if *epoch != *self.epoch {
            self.generation += 1;
            self.gone_through = None;
            self.epoch = epoch;
        }
        let first = events.first().map_or(known + 1, |event| event.seq);
        self.ring.restart(first);
        self.segments.clear();
        self.removals.clear();
        self.examined_from = first;
        self.head = first - 1;
        self.known = known;
        self.phase = Phase::Live;
        self.append_all(events);
        self.fan_next = self.head + 1;
        self.published.clear();
        self.traced.clear();
    }

    /// Whether as many events wait to be handed out as share a write at most.
    pub(super) fn full_write_waits(&self) -> bool {
        (self.head + 1).saturating_sub(self.fan_next) >= super::BATCH_FRAMES as u64
    }

    /// Takes out when the events before `end` were published, as far as that is known.
    pub(super) fn take_published(&mut self, end: u64) -> Vec<Moments> {
        let known = self.published.partition_point(|(seq, _)| *seq < end);
        self.published.drain(..known).map(|(_, moments)| moments).collect()
    }

    /// Takes out those of the events before `end` that are traced.
    pub(super) fn take_traced(&mut self, end: u64) -> Vec<Traced> {
        let known = self.traced.partition_point(|event| event.seq < end);
        self.traced.drain(..known).collect()
    }
}
