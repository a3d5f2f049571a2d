//! Handing new events to everybody who waits for them, one write a subscriber.
//!
//! The owner of a board writes to the sockets itself. Waking a thousand tasks would cost as much
//! again as the writes (a wake and a poll are about a microsecond); so a connection's own task is
//! woken only when its socket did not take everything, and then helps itself from the ring. Where
//! there are thousands of sockets, workers on the other cores write to some of them.

use super::Subscriber;
use super::board::{Board, Phase, Traced};
use crate::metrics::{Metrics, Moments};
use bytes::{Bytes, BytesMut};
use shared::models::UserId;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};
use telemetry::traces::Traces;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

/// The subscribers of a slice: about a millisecond of writes, after which other tasks run.
const SLICE: usize = 128;
/// Subscribers for which a worker is worth its start: about five milliseconds of writes.
const SUBSCRIBERS_A_WORKER: usize = 1024;

/// Consecutive events of one board, joined once for everybody.
#[derive(Debug)]
pub struct Batch<S> {
    board: Arc<Board<S>>,
    generation: u32,
    first: u64,
    frames: Vec<Bytes>,
    /// Members removed by one of the events: they read themselves, up to there.
    removed: Vec<UserId>,
    joined: Bytes,
    /// Where each frame starts in `joined`.
    starts: Vec<usize>,
}

/// The outcome of a batch at one subscriber.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Delivered {
    /// The socket took this many frames.
    Written(usize),
    /// They read them later themselves, or need none of these.
    Skipped,
}

impl<S> Batch<S> {
    fn new(board: &Arc<Board<S>>, generation: u32, first: u64, frames: Vec<Bytes>) -> Self {
        let mut starts = Vec::with_capacity(frames.len());
        let mut length = 0;
        for frame in &frames {
            starts.push(length);
            length += frame.len();
        }
        let joined = match frames.as_slice() {
            [only] => only.clone(),
            _ => {
                let mut joined = BytesMut::with_capacity(length);
                frames.iter().for_each(|frame| joined.extend_from_slice(frame));
                joined.freeze()
            }
        };
        let removed = Vec::new();
        Self { board: Arc::clone(board), generation, first, frames, removed, joined, starts }
    }

    /// Whether one of the events removes anybody.
    #[must_use]
    pub fn removes_some(&self) -> bool {
        !self.removed.is_empty()
    }

    /// Whether one of the events removes this user.
    #[must_use]
    pub fn removes(&self, user: UserId) -> bool {
        self.removed.contains(&user)
    }

    /// The board that the events are of.
    #[must_use]
    pub fn board(&self) -> &Arc<Board<S>> {
        &self.board
    }

    /// For a cursor at `next`: which of the frames it lacks. None when the batch ends before it,
    /// and none when something before the batch is missing: RT3.
    #[must_use]
    pub fn lacking(&self, next: u64, generation: u32) -> Option<usize> {
        if generation != self.generation {
            return None;
        }
        let index = usize::try_from(next.checked_sub(self.first)?).ok()?;
        (index < self.frames.len()).then_some(index)
    }

    /// The bytes of the frames from this index on.
    #[must_use]
    pub fn bytes(&self, index: usize) -> &[u8] {
        let start = self.starts.get(index).copied().unwrap_or(self.joined.len());
        self.joined.get(start..).unwrap_or_default()
    }

    /// The frames from this index on, one by one.
    #[must_use]
    pub fn frames(&self, index: usize) -> &[Bytes] {
        self.frames.get(index..).unwrap_or_default()
    }
}

/// Hands the next batch of new events to every subscriber; returns how many each gets, `None` when there
/// are none.
pub(super) async fn pass<S: Subscriber>(
    board: &Arc<Board<S>>,
    metrics: &Arc<Metrics>,
    traces: Option<&Traces>,
) -> Option<u32> {
    let Next { batch, published, traced, subscribers, ended } = next_batch(board)?;
    let events = u32::try_from(batch.frames.len()).unwrap_or(u32::MAX);
    let cores = Handle::current().metrics().num_workers();
    let workers = (subscribers.len() / SUBSCRIBERS_A_WORKER).min(cores);
    let round =
        Round { batch, subscribers, metrics: Arc::clone(metrics), taken: AtomicUsize::new(0) };
    if round.hold(workers).await {
        metrics.published_and_written(&published);
        traces.into_iter().for_each(|traces| record_spans(traces, board, &traced));
    }
    if ended {
        board.wake_all();
    }
    Some(events)
}

/// Records a span of each traced event that was written, from its publication to now.
fn record_spans<S: Subscriber>(traces: &Traces, board: &Board<S>, traced: &[Traced]) {
    for Traced { seq, published, trace } in traced {
        let began = UNIX_EPOCH + Duration::from_millis(*published);
        let place = [("taskboard.board", board.id().get()), ("taskboard.seq", *seq)];
        traces.passed_on("publish to write", trace.as_str(), began, place);
    }
}

/// A batch on its way to the subscribers, who are cut into slices. A worker that is done with a slice takes
/// the next one, so that all are done at about the same time.
struct Round<S> {
    batch: Batch<S>,
    subscribers: Arc<Vec<Arc<S>>>,
    metrics: Arc<Metrics>,
    /// How many slices were taken.
    taken: AtomicUsize,
}

impl<S: Subscriber> Round<S> {
    /// Writes to all subscribers with this many workers, the caller included; returns whether any
    /// socket took something. Every slice is written when this ends, so the next batch finds no worker
    /// still busy with this one.
    async fn hold(self, workers: usize) -> bool {
        if workers < 2 {
            return self.work().await;
        }
        let round = Arc::new(self);
        let mut others = JoinSet::new();
        for _ in 1..workers {
            let round = Arc::clone(&round);
            others.spawn(async move { round.work().await });
        }
        let written = round.work().await;
        others.join_all().await.contains(&true) || written
    }

    /// Writes slice after slice until none is left; returns whether any socket took something.
    async fn work(&self) -> bool {
        let mut written = false;
        while let Some(slice) = self.slice(self.taken.fetch_add(1, Ordering::Relaxed)) {
            written |= deliver(&self.batch, slice, &self.metrics);
            if self.slice(self.taken.load(Ordering::Relaxed)).is_some() {
                tokio::task::yield_now().await;
            }
        }
        written
    }

    fn slice(&self, number: usize) -> Option<&[Arc<S>]> {
        self.subscribers.chunks(SLICE).nth(number)
    }
}

/// Writes to each of these; returns whether any of them took something.
fn deliver<S: Subscriber>(batch: &Batch<S>, subscribers: &[Arc<S>], metrics: &Metrics) -> bool {
    let mut writes = [0_u64; super::BATCH_FRAMES + 1];
    S::deliver(batch, subscribers, |delivered| {
        if let Delivered::Written(frames) = delivered
            && let Some(count) = writes.get_mut(frames)
        {
            *count += 1;
        }
    });
    let mut written = false;
    for (frames, count) in writes.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        metrics.wrote(frames, count);
        written = true;
    }
    written
}

/// What is handed out next.
struct Next<S> {
    batch: Batch<S>,
    /// When its events were published, as far as that is known.
    published: Vec<Moments>,
    /// Those of them that are traced.
    traced: Vec<Traced>,
    subscribers: Arc<Vec<Arc<S>>>,
    /// Whether it ends with the board's last event.
    ended: bool,
}

/// Takes the next batch out.
fn next_batch<S: Subscriber>(board: &Arc<Board<S>>) -> Option<Next<S>> {
    let mut state = board.state();
    if state.phase == Phase::Loading || state.fan_next > state.head {
        return None;
    }
    if !state.ring.holds(state.fan_next) {
        // More came in one go than the ring holds: everybody reads from the source.
        state.fan_next = state.head + 1;
        let end = state.fan_next;
        drop((state.take_published(end), state.take_traced(end)));
        drop(state);
        board.wake_all();
        return None;
    }
    let first = state.fan_next;
    let frames = state.ring.batch(first);
    state.fan_next += frames.len() as u64;
    let ended = state.phase == Phase::Deleted && state.fan_next > state.head;
    let mut batch = Batch::new(board, state.generation, first, frames);
    let removals = state.removals.iter().rev().take_while(|(_, seq)| *seq >= first);
    batch.removed = removals.map(|(user, _)| *user).collect();
    let end = first + batch.frames.len() as u64;
    let (published, traced) = (state.take_published(end), state.take_traced(end));
    let subscribers = Arc::clone(&state.subscribers);
    Some(Next { batch, published, traced, subscribers, ended })
}

#[cfg(test)]
mod slices;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Connection;
    use crate::hub::HubSettings;
    use shared::models::BoardId;

    fn batch(first: u64, texts: &[&'static str]) -> Batch<Connection> {
        let settings = HubSettings {
            boards: 1,
            ring_events: 1,
            ring_bytes: 1,
            check_interval: Duration::from_secs(1),
            linger: Duration::from_secs(1),
        };
        let board = Arc::new(Board::new(BoardId::new(7).expect("an id"), &settings));
        let frames = texts.iter().map(|text| Bytes::from_static(text.as_bytes())).collect();
        Batch::new(&board, 3, first, frames)
    }

    #[test]
    fn rt3_a_batch_is_only_for_cursors_within_it() {
        let batch = batch(10, &["a", "bb", "ccc"]);
        let lacking: Vec<_> = (8..15).map(|next| batch.lacking(next, 3)).collect();
        assert_eq!(lacking, [None, None, Some(0), Some(1), Some(2), None, None]);
        assert_eq!(batch.lacking(10, 2), None, "another history");
    }

    #[test]
    fn rt2_each_cursor_gets_the_frames_that_it_lacks() {
        for texts in [&["a", "bb", "ccc"][..], &["only"]] {
            let batch = batch(10, texts);
            for index in 0..texts.len() {
                assert_eq!(batch.bytes(index), texts[index..].concat().as_bytes());
                assert_eq!(batch.frames(index).concat(), texts[index..].concat().as_bytes());
            }
        }
    }
}
