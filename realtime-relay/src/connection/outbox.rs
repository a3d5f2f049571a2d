//! What goes out of one socket, in order, without a queue of events: cursors instead.
//!
//! A subscriber that keeps up is written to by the boards' owners directly. Once its socket does
//! not take everything, `direct` is off and the connection's own task writes, helping itself from
//! the rings at the socket's pace, until nothing is left. All that a slow reader holds is the frame
//! that it is in the middle of.

use super::subscription::{FeedPlace, Subscription};
use super::{Connection, Wire};
use crate::event_stream;
use crate::hub::{Batch, Cursor, Delivered, Served};
use crate::metrics::{Metrics, ReplaySource};
use crate::websocket::{close_frame, text_frame};
use bytes::Bytes;
use shared::models::{BoardId, Seq};
use shared::protocol::{CloseCode, ErrorCode, ServerMessage, UnsubscribedReason};
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::Arc;
use tokio::net::TcpStream;

/// Writes in a row before other tasks get a turn.
const WRITES_A_TURN: usize = 8;
/// Messages of the session itself that may wait; above this its client is not read from.
const CONTROL_LIMIT: usize = 32;
/// Pieces in one write.
const PIECES: usize = crate::hub::BATCH_FRAMES;

/// What is to be written to a socket.
#[derive(Debug, Default)]
pub struct Outbox {
    pub(super) wire: Wire,
    /// Boards' owners may write: nothing else waits, and every live cursor is at its board's head.
    pub(super) direct: bool,
    /// The rest of a frame of which the socket took the beginning.
    pub(super) partial: Vec<Bytes>,
    /// Messages of the session itself: welcome, answers, heartbeats, pings.
    control: VecDeque<Bytes>,
    pub(super) subscriptions: Vec<Subscription>,
    /// Boards whose membership must be asked again.
    pub(super) rechecks: Vec<BoardId>,
    /// The client's position in the admins' feed, if it subscribed to that: few do.
    pub(super) feed: Option<Box<FeedPlace>>,
    /// Which subscription is looked at first: each gets its turn.
    turn: usize,
    close_requested: Option<CloseCode>,
    /// The socket took bytes since this was last asked.
    pub(super) progress: bool,
    /// Events went out since the client last answered a ping.
    pub(super) busy: bool,
    pub(super) broken: bool,
    /// Writing is tried although the socket was found full.
    pub(super) write_anyway: bool,
}

/// What a socket lacks of a batch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lacks {
    /// Nothing that it can be given now.
    Nothing,
    /// Something that its own task sees to, which must be notified.
    ItsTask,
    /// The frames from this index on, for the subscription at this place.
    Frames(usize, usize),
}

/// How far a connection's own writing got.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WriteOutcome {
    /// Nothing is left to write.
    Done,
    /// There is more; others go first.
    More,
    /// The socket takes nothing now.
    Blocked,
    /// The socket is broken.
    Broken,
}

impl Outbox {
    /// The outbox of an event stream that begins with these bytes.
    pub(super) fn event_stream(beginning: Bytes) -> Self {
        Self { wire: Wire::EventStream, control: [beginning].into(), ..Self::default() }
    }

    /// Appends a message of the session.
    pub fn push(&mut self, frame: Bytes) {
        self.direct = false;
        match self.wire {
            Wire::WebSocket => self.control.push_back(frame),
            Wire::EventStream => self.control.extend(event_stream::message(&frame)),
        }
    }

    /// Appends a message of the session.
    pub fn send(&mut self, message: &ServerMessage) {
        match serde_json::to_string(message) {
            Ok(text) => self.push(text_frame(&[&text])),
            Err(error) => tracing::error!(%error, "a message could not be written as JSON"),
        }
    }

    pub fn send_error(&mut self, code: ErrorCode, detail: &str, board: Option<BoardId>) {
        self.send(&ServerMessage::Error { code, detail: detail.to_owned(), board });
    }

    /// Whether the client may send more: it reads what it is sent.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.control.len() < CONTROL_LIMIT
    }

    /// Whether the socket took bytes since this was last asked.
    pub fn take_progress(&mut self) -> bool {
        std::mem::take(&mut self.progress)
    }

    /// Whether events went out since the last [`Self::mark_idle`].
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// The client answered a ping: it has read everything up to there.
    pub fn mark_idle(&mut self) {
        self.busy = false;
    }

    pub(super) fn request_close(&mut self, code: CloseCode) {
        self.direct = false;
        self.close_requested.get_or_insert(code);
    }

    /// The code that somebody asked to close with.
    #[must_use]
    pub fn close_requested(&self) -> Option<CloseCode> {
        self.close_requested
    }

    /// The closing frame, after the answers that wait: whether a client's last requests are answered
    /// must not depend on how its bytes were cut into segments.
    pub fn finish(&mut self, code: CloseCode) {
        self.feed = None;
        self.control.push_back(match self.wire {
            Wire::WebSocket => close_frame(code),
            Wire::EventStream => event_stream::end(code),
        });
    }

    /// Which of its subscriptions lacks the frames of a batch from which index on, if its own task does
    /// not see to that.
    pub(super) fn lacks(&mut self, batch: &Batch<Connection>) -> Lacks {
        if batch.removes_some() {
            self.drop_removed(batch.board());
        }
        if !self.direct {
            return Lacks::Nothing;
        }
        if self.wire == Wire::EventStream {
            // Its own task makes blocks of the frames.
            self.direct = false;
            return Lacks::ItsTask;
        }
        let mut subscriptions = self.subscriptions.iter();
        let subscription = subscriptions.position(|it| Arc::ptr_eq(&it.board, batch.board()));
        let found = subscription.and_then(|place| Some((place, self.subscriptions.get(place)?)));
        let Some((place, subscription)) = found else { return Lacks::Nothing };
        let Subscription {
            cursor: Cursor::Live { next, generation },
            suspended: false,
            member,
            ..
        } = subscription
        else {
            return Lacks::Nothing;
        };
        if member.is_some_and(|member| batch.removes(member.user)) {
            self.direct = false;
            return Lacks::ItsTask;
        }
        batch.lacking(*next, *generation).map_or(Lacks::Nothing, |from| Lacks::Frames(place, from))
    }

    /// The result of writing the frames that a subscription lacked, and whether the
    /// connection must be notified.
    pub(super) fn wrote(
        &mut self,
        place: usize,
        frames: &[Bytes],
        written: std::io::Result<usize>,
    ) -> (Delivered, bool) {
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                self.broken |= error.kind() != ErrorKind::WouldBlock;
                self.direct = false;
                return (Delivered::Skipped, true);
            }
        };
        self.busy = true;
        let (begun, partial) = cut(frames, written);
        if let Some(Subscription { cursor: Cursor::Live { next, .. }, .. }) =
            self.subscriptions.get_mut(place)
        {
            *next += begun as u64;
        }
        let whole = begun == frames.len() && partial.is_empty();
        if !whole {
            self.keep(partial, &[]);
            self.progress |= written > 0;
            self.direct = false;
        }
        (Delivered::Written(begun), !whole)
    }

    /// One write at most, of what is due next.
    fn step(&mut self, connection: &Arc<Connection>, metrics: &Metrics) -> WriteOutcome {
        let stream = connection.stream();
        if !self.partial.is_empty() && !self.finish_message(stream) {
            return self.blocked();
        }
        if !self.control.is_empty() {
            let pieces: Vec<_> = self.control.iter().take(PIECES).cloned().collect();
            let begun = self.write(stream, &pieces, 1);
            self.control.drain(..begun);
            if self.control.is_empty() {
                self.control = VecDeque::new();
            }
            return self.after_write(begun, pieces.len());
        }
        if let Some(outcome) = self.serve_feed(stream, metrics) {
            return outcome;
        }
        let count = self.subscriptions.len();
        for offset in 0..count {
            let index = (self.turn + offset) % count;
            if let Some(outcome) = self.serve(index, connection, metrics) {
                self.turn = index + 1;
                return outcome;
            }
        }
        let presence = (0..count).find_map(|index| self.serve_presence(index, stream, metrics));
        presence.unwrap_or(WriteOutcome::Done)
    }

    /// Serves the admins' feed; `None` when there is nothing of it now.
    fn serve_feed(&mut self, stream: &TcpStream, metrics: &Metrics) -> Option<WriteOutcome> {
        let place = self.feed.as_ref().filter(|place| !place.waiting.is_empty())?;
        let frames: Vec<_> = place.waiting.iter().take(PIECES).cloned().collect();
        let begun = self.write(stream, &frames, 1);
        if let Some(place) = &mut self.feed {
            place.waiting.drain(..begun);
        }
        if begun > 0 {
            self.busy = true;
            metrics.wrote(begun, 1);
        }
        Some(self.after_write(begun, frames.len()))
    }

    /// Serves one subscription; `None` when there is nothing for it now.
    fn serve(
        &mut self,
        index: usize,
        connection: &Arc<Connection>,
        metrics: &Metrics,
    ) -> Option<WriteOutcome> {
        let subscription = self.subscriptions.get_mut(index)?;
        if subscription.suspended {
            return None;
        }
        let board = subscription.board.id();
        let (cursor, member) = (&mut subscription.cursor, subscription.member);
        let end = match subscription.board.serve(cursor, member, connection) {
            Served::Nothing => return None,
            Served::Frames(frames, source) => {
                return Some(self.replay(index, &frames, source, connection, metrics));
            }
            Served::Subscribed { seq, epoch } => {
                if let Some(seat) = &mut subscription.seat {
                    seat.join(Arc::<Connection>::clone(connection));
                }
                let epoch = epoch.to_string();
                self.send(&ServerMessage::Subscribed { board, seq: number(seq), epoch });
                return Some(WriteOutcome::More);
            }
            Served::Reset { seq, reason } => {
                metrics.reset(reason);
                ServerMessage::Reset { board, seq: number(seq), reason }
            }
            Served::Deleted => {
                ServerMessage::Unsubscribed { board, reason: UnsubscribedReason::Deleted }
            }
            Served::Removed => {
                ServerMessage::Unsubscribed { board, reason: UnsubscribedReason::Removed }
            }
            Served::Recheck => {
                subscription.suspended = true;
                self.rechecks.push(board);
                return None;
            }
            Served::NotFound => ServerMessage::Error {
                code: ErrorCode::NotFound,
                detail: "there is no such board".to_owned(),
                board: Some(board),
            },
        };
        self.send(&end);
        self.subscriptions.swap_remove(index).board.remove(connection);
        metrics.subscriptions.subtract(1);
        Some(WriteOutcome::More)
    }

    fn replay(
        &mut self,
        index: usize,
        frames: &[Bytes],
        source: ReplaySource,
        connection: &Arc<Connection>,
        metrics: &Metrics,
    ) -> WriteOutcome {
        let Some(Cursor::Live { next, .. }) = self.subscriptions.get(index).map(|it| &it.cursor)
        else {
            return WriteOutcome::More;
        };
        let begun = self.write_events(connection.stream(), *next, frames);
        if let Some(Subscription { cursor: Cursor::Live { next, .. }, .. }) =
            self.subscriptions.get_mut(index)
        {
            *next += begun as u64;
        }
        if begun > 0 {
            self.busy = true;
            metrics.wrote(begun, 1);
            metrics.replayed(source, begun);
        }
        self.after_write(begun, frames.len())
    }

    pub(super) fn after_write(&self, begun: usize, pieces: usize) -> WriteOutcome {
        if begun == pieces && self.partial.is_empty() && !self.broken {
            WriteOutcome::More
        } else {
            self.blocked()
        }
    }

    fn blocked(&self) -> WriteOutcome {
        if self.broken { WriteOutcome::Broken } else { WriteOutcome::Blocked }
    }
}

impl Connection {
    /// Writes what waits, up to a few writes. After [`WriteOutcome::Done`] boards' owners write directly.
    #[must_use]
    pub fn write_pending(self: &Arc<Self>, metrics: &Metrics) -> WriteOutcome {
        for _ in 0..WRITES_A_TURN {
            let mut outbox = self.outbox();
            if outbox.broken {
                return WriteOutcome::Broken;
            }
            match outbox.step(self, metrics) {
                WriteOutcome::More => {}
                WriteOutcome::Done => {
                    outbox.direct = true;
                    return WriteOutcome::Done;
                }
                other => {
                    outbox.direct = false;
                    return other;
                }
            }
        }
        WriteOutcome::More
    }

    /// Writes although the socket was found full; returns whether it took any bytes. The kernel calls
    /// it writable only when a third of its buffer is free, and takes bytes long before that.
    #[must_use]
    pub fn write_anyway(self: &Arc<Self>, metrics: &Metrics) -> bool {
        let mut outbox = self.outbox();
        outbox.write_anyway = true;
        let _ = outbox.step(self, metrics);
        outbox.write_anyway = false;
        outbox.take_progress()
    }
}

/// A sequence number of the wire; those in a board came from there, so none is out of range.
fn number(seq: u64) -> Seq {
    Seq::new(seq).unwrap_or(Seq::ZERO)
}

/// After `written` bytes of these pieces: how many are out or begun, and the rest of the last one.
pub(super) fn cut(pieces: &[Bytes], written: usize) -> (usize, Bytes) {
    let mut rest = written;
    for (index, piece) in pieces.iter().enumerate() {
        if rest == 0 {
            return (index, Bytes::new());
        }
        if rest < piece.len() {
            return (index + 1, piece.slice(rest..));
        }
        rest -= piece.len();
    }
    (pieces.len(), Bytes::new())
}
