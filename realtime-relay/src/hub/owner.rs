//! The one task that owns a board: it reads what is missing and hands out what is new.

use super::board::{Board, Phase, Segment};
use super::fan_out;
use super::ring::Ring;
use super::{Hub, Subscriber};
use crate::event::EventFrame;
use crate::stream::{EventSource, Page, Purpose, Read};
use crate::unavailable::Unavailable;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use shared::models::MAX_ID;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Events in one read.
const READ_LIMIT: usize = 256;
/// How long a predecessor may be late before it is read: functions that finish together post in
/// any order.
const GAP_GRACE: Duration = Duration::from_millis(10);
/// How long a request for older events waits for others: clients that come back at once come within
/// milliseconds, each with its own cursor, and the oldest one's read serves all.
const HISTORY_GRACE: Duration = Duration::from_millis(5);
/// How long to wait after a failed read, doubled each time up to the longest.
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(2);
/// How long older events stay after their last use, and how many runs of them.
const SEGMENT_LIFE: Duration = Duration::from_secs(10);
const SEGMENTS: usize = 8;
/// A pass shorter than this is not worth a rest.
const SHORT_PASS: Duration = Duration::from_micros(500);
/// The longest rest between two passes: at 400 events a second a full write comes together.
const LONGEST_REST: Duration = Duration::from_millis(40);

/// What is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Job {
    /// The head and the newest events.
    Load,
    /// What came after the cursor.
    Check(u64),
    /// Older events, from the one after the cursor on.
    History(u64),
}

/// The result of a job.
enum Fetched {
    Loaded(Option<Loaded>),
    Read(Read),
}

struct Loaded {
    epoch: Arc<str>,
    head: u64,
    events: Vec<EventFrame>,
}

struct Owner<S> {
    hub: Arc<Hub<S>>,
    board: Arc<Board<S>>,
    /// After a failure nothing is read before this.
    retry_at: Instant,
    retry_after: Duration,
    check_at: Instant,
    /// The next pass does not start before this, unless a full write waits.
    rest_until: Instant,
    /// Since when nobody watches.
    unwatched_since: Option<Instant>,
}

/// Owns the board until nobody needs it any more.
pub(super) async fn run<S: Subscriber>(hub: Arc<Hub<S>>, board: Arc<Board<S>>) {
    let now = Instant::now();
    let mut owner = Owner {
        hub: Arc::clone(&hub),
        board: Arc::clone(&board),
        retry_at: now,
        retry_after: FIRST_RETRY,
        check_at: now,
        rest_until: now,
        unwatched_since: None,
    };
    let mut reading: Option<(Job, BoxFuture<'_, Result<Fetched, Unavailable>>)> = None;
    loop {
        if reading.is_none()
            && let Some(job) = owner.due_job()
        {
            reading = Some((job, start(&*hub.source, &board, job)));
        }
        let deadline = owner.deadline(reading.is_some());
        let result = async {
            match &mut reading {
                Some((job, future)) => (*job, future.await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = board.woken() => {}
            (job, found) = result => {
                reading = None;
                owner.handle_fetched(job, found);
            }
            () = tokio::time::sleep_until(deadline) => {}
        }
        owner.hand_out().await;
        if owner.is_done() {
            return;
        }
    }
}

fn start<'source, S: Subscriber>(
    source: &'source dyn EventSource,
    board: &Board<S>,
    job: Job,
) -> BoxFuture<'source, Result<Fetched, Unavailable>> {
    let id = board.id();
    match job {
        Job::Load => load(source, id).map(|loaded| loaded.map(Fetched::Loaded)).boxed(),
        Job::Check(after) => {
            let read = source.read(id, after, READ_LIMIT, Purpose::Head);
            read.map(|read| read.map(Fetched::Read)).boxed()
        }
        Job::History(after) => {
            let read = source.read(id, after, READ_LIMIT, Purpose::History);
            read.map(|read| read.map(Fetched::Read)).boxed()
        }
    }
}

/// Reads a board's head and its newest events; `None` when there is no such board.
async fn load(
    source: &dyn EventSource,
    board: shared::models::BoardId,
) -> Result<Option<Loaded>, Unavailable> {
    let (epoch, head) = match source.read(board, MAX_ID, 1, Purpose::Head).await? {
        Read::NotFound => return Ok(None),
        Read::Gone { epoch, head } | Read::Page(Page { epoch, head, .. }) => (epoch, head),
    };
    // The newest few first, or the last where those do not fit into one page; a board that keeps only
    // its last event (its deletion) has just that.
    let last = head.saturating_sub(1);
    for after in [head.saturating_sub(READ_LIMIT as u64), last] {
        match source.read(board, after, READ_LIMIT, Purpose::Head).await? {
            Read::NotFound => return Ok(None),
            Read::Page(page) if after == last || reaches(&page, head) => {
                let Page { epoch, head, events, .. } = page;
                return Ok(Some(Loaded { epoch, head, events }));
            }
            Read::Gone { .. } | Read::Page(_) => {}
        }
    }
    Ok(Some(Loaded { epoch, head, events: Vec::new() }))
}

/// Whether a page holds everything up to this event.
fn reaches(page: &Page, head: u64) -> bool {
    page.events.last().is_none_or(|newest| newest.seq >= head)
}

impl<S: Subscriber> Owner<S> {
    /// What must be read now.
    fn due_job(&mut self) -> Option<Job> {
        let now = Instant::now();
        let mut state = self.board.state();
        if now < self.retry_at || state.phase == Phase::Missing {
            return None;
        }
        if state.phase == Phase::Loading {
            return Some(Job::Load);
        }
        if state.phase == Phase::Live {
            let gap_is_due = state.gap_since.is_some_and(|since| now >= since + GAP_GRACE);
            if gap_is_due || state.check_wanted || now >= self.check_at {
                state.check_wanted = false;
                state.checks_started += 1;
                return Some(Job::Check(state.head));
            }
        }
        let (seq, _) = state.wanted.take_if(|(_, since)| now >= *since + HISTORY_GRACE)?;
        Some(Job::History(seq - 1))
    }

    /// When to look again if nobody wakes the owner.
    fn deadline(&self, reading: bool) -> Instant {
        let state = self.board.state();
        let far = Instant::now() + LONGEST_RETRY;
        let mut deadline = far;
        if !reading && state.phase == Phase::Live {
            let gap = state.gap_since.map_or(far, |since| since + GAP_GRACE);
            let history = state.wanted.map_or(far, |(_, since)| since + HISTORY_GRACE);
            let asked = if state.check_wanted { self.retry_at } else { far };
            let read_at = gap.min(self.check_at).min(history).min(asked);
            deadline = deadline.min(read_at).max(self.retry_at);
        } else if !reading && state.phase != Phase::Missing {
            deadline = self.retry_at.max(Instant::now() + FIRST_RETRY);
        }
        // While a board is read again nothing is handed out.
        if state.phase != Phase::Loading && state.fan_next <= state.head {
            deadline = deadline.min(self.rest_until);
        }
        self.unwatched_since
            .map_or(deadline, |since| deadline.min(since + self.hub.settings.linger))
    }

    fn handle_fetched(&mut self, job: Job, found: Result<Fetched, Unavailable>) {
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                if let Job::History(after) = job {
                    self.board.state().want(after + 1);
                }
                return self.back_off(&why.0);
            }
        };
        if self.retry_after > FIRST_RETRY {
            tracing::info!(board = %self.board.id(), "the source answers again");
        }
        self.retry_after = FIRST_RETRY;
        self.hub.metrics.source_reads.add(1);
        match (job, found) {
            (_, Fetched::Loaded(loaded)) => self.loaded(loaded),
            (Job::History(after), Fetched::Read(read)) => self.read_back(after, read),
            (Job::Check(after), Fetched::Read(read)) => self.checked(after, read),
            (Job::Load, Fetched::Read(_)) => {}
        }
    }

    /// The source is unavailable: try again later. Subscribers stay, and their heartbeats show what is
    /// known to be missing.
    fn back_off(&mut self, why: &str) {
        self.hub.metrics.source_failures.add(1);
        if self.retry_after == FIRST_RETRY {
            tracing::warn!(board = %self.board.id(), why, "the source is unavailable; trying again");
        }
        let jitter = 0.75 + fastrand::f64() / 2.0;
        self.retry_at = Instant::now() + self.retry_after.mul_f64(jitter);
        self.retry_after = (self.retry_after * 2).min(LONGEST_RETRY);
    }

    fn loaded(&mut self, loaded: Option<Loaded>) {
        let mut state = self.board.state();
        match loaded {
            Some(Loaded { epoch, head, events }) => state.load(epoch, head, events),
            None => state.phase = Phase::Missing,
        }
        drop(state);
        self.plan_check();
        self.board.wake_all();
    }

    /// What a read after the head found: nothing, missed events (RT3), or another history.
    fn checked(&mut self, after: u64, read: Read) {
        let mut state = self.board.state();
        let certain = !matches!(&read, Read::Page(Page { certain: false, .. }));
        if certain {
            state.checks_ended = state.checks_started;
        }
        let mut all = true;
        match read {
            Read::NotFound => state.phase = Phase::Missing,
            Read::Gone { epoch, .. } if *epoch == *state.epoch => {
                // So much was missed that the next event is gone: subscribers that need it are reset.
                state.gone_through = state.gone_through.max(Some(after));
                state.phase = Phase::Loading;
            }
            Read::Page(page) if *page.epoch == *state.epoch && page.head >= after => {
                state.known = state.known.max(page.head);
                let healed = state.append_all(page.events);
                if healed == 0 && state.known > state.head {
                    // It does not have the event that was announced: no reason to hurry.
                    self.retry_at = Instant::now() + FIRST_RETRY;
                }
                self.hub.metrics.gaps_healed.add(healed);
                all = false;
            }
            Read::Gone { epoch, head } | Read::Page(Page { epoch, head, .. }) => {
                tracing::info!(board = %self.board.id(), "the board has another history now");
                state.epoch = epoch;
                state.generation += 1;
                state.gone_through = None;
                state.head = head;
                state.phase = Phase::Loading;
            }
        }
        drop(state);
        self.plan_check();
        if all {
            self.board.wake_all();
        } else {
            self.board.wake_waiting();
        }
    }

    fn read_back(&mut self, after: u64, read: Read) {
        let mut state = self.board.state();
        match read {
            Read::Page(page) if *page.epoch == *state.epoch && !page.events.is_empty() => {
                let mut events = Ring::new(after + 1, READ_LIMIT, usize::MAX);
                page.events.into_iter().for_each(|event| events.push(event.frame));
                // Those who asked for one of these meanwhile are served by them.
                state.wanted.take_if(|(seq, _)| events.holds(*seq));
                if state.segments.len() >= SEGMENTS {
                    let oldest = state.segments.iter().enumerate().min_by_key(|(_, it)| it.used);
                    if let Some((index, _)) = oldest {
                        state.segments.swap_remove(index);
                    }
                }
                let served = state.waiting.len() as u64;
                self.hub.metrics.subscribers_per_read.observe(served, 1);
                let origin = page.origin;
                state.segments.push(Segment { events, origin, used: Instant::now() });
            }
            Read::Gone { epoch, .. } if *epoch == *state.epoch => {
                state.gone_through = state.gone_through.max(Some(after));
            }
            Read::Page(_) | Read::Gone { .. } => state.check_wanted = true,
            Read::NotFound => state.phase = Phase::Missing,
        }
        drop(state);
        self.board.wake_waiting();
    }

    /// The next regular look at the source, spread so that boards do not all ask at once.
    fn plan_check(&mut self) {
        let jitter = 0.8 + fastrand::f64() / 5.0;
        self.check_at = Instant::now() + self.hub.settings.check_interval.mul_f64(jitter);
    }

    /// Hands new events out. A single event after a pause leaves at once. After a pass the owner
    /// rests as long as the pass took, times the events that it carried: when events come faster
    /// than passes, the rests grow and more events share each write. A full write waits for nothing.
    async fn hand_out(&mut self) {
        loop {
            if Instant::now() < self.rest_until && !self.board.state().full_write_waits() {
                return;
            }
            let start = Instant::now();
            let passed =
                fan_out::pass(&self.board, &self.hub.metrics, self.hub.traces.as_deref()).await;
            let took = start.elapsed();
            let Some(events) = passed else { return };
            if took >= SHORT_PASS {
                self.rest_until = Instant::now() + (took * events).min(LONGEST_REST);
            }
        }
    }

    /// Whether the owner can go: the board is gone, or nobody has watched it for a while.
    fn is_done(&mut self) -> bool {
        let now = Instant::now();
        let mut state = self.board.state();
        state.segments.retain(|segment| now < segment.used + SEGMENT_LIFE);
        let phase = state.phase;
        drop(state);
        if matches!(phase, Phase::Deleted | Phase::Missing) {
            // First forgotten, then looked at: nobody can join in between.
            self.hub.forget(&self.board, false);
            return !self.board.is_watched();
        }
        if self.board.is_watched() {
            self.unwatched_since = None;
            return false;
        }
        let since = *self.unwatched_since.get_or_insert(now);
        now >= since + self.hub.settings.linger && self.hub.forget(&self.board, true)
    }
}
