//! The outbox's subscriptions of boards, and its place in the admins' feed.

use super::Connection;
use super::outbox::{Outbox, WriteOutcome};
use super::subscription::{FeedPlace, Subscription};
use crate::hub::{Board, Cursor, Membership};
use crate::metrics::Metrics;
use crate::presence::Seat;
use bytes::Bytes;
use shared::models::{ActivityCursor, BoardId};
use shared::protocol::{Feed, ResetReason, ServerMessage, UnsubscribedReason};
use std::sync::Arc;
use tokio::net::TcpStream;

impl Outbox {
    #[must_use]
    pub fn subscriptions(&self) -> &[Subscription] {
        &self.subscriptions
    }

    pub fn subscription(&mut self, board: BoardId) -> Option<&mut Subscription> {
        self.direct = false;
        self.subscriptions.iter_mut().find(|subscription| subscription.board.id() == board)
    }

    /// Adds a subscription; its board already has the connection registered.
    pub fn subscribe(
        &mut self,
        board: Arc<Board<Connection>>,
        cursor: Cursor,
        member: Option<Membership>,
    ) {
        self.direct = false;
        self.subscriptions.reserve_exact(1);
        self.subscriptions.push(Subscription {
            board,
            cursor,
            member,
            suspended: false,
            seat: None,
        });
    }

    /// Gives the subscription of this board its seat among those who are on it.
    pub fn take_seat(&mut self, board: BoardId, seat: Seat) {
        if let Some(subscription) = self.subscription(board) {
            subscription.seat = Some(seat);
        }
    }

    /// The seat of the subscription of this board.
    pub fn seat(&mut self, board: BoardId) -> Option<&mut Seat> {
        let mut subscriptions = self.subscriptions.iter_mut();
        subscriptions.find(|it| it.board.id() == board).and_then(|it| it.seat.as_mut())
    }

    /// A board whose membership must be asked again; [`Self::is_member`] takes the answer.
    pub fn take_recheck(&mut self) -> Option<BoardId> {
        self.rechecks.pop()
    }

    /// Suspends all subscriptions until it is known whether the socket's new token sees their boards.
    pub fn recheck_all(&mut self) {
        self.direct = false;
        for subscription in self.subscriptions.iter_mut().filter(|it| !it.suspended) {
            subscription.suspended = true;
            self.rechecks.push(subscription.board.id());
        }
    }

    /// Whether the client was sent that it has this subscription.
    pub fn is_granted(&mut self, board: BoardId) -> bool {
        let subscription = self.subscription(board);
        subscription.is_some_and(|it| matches!(it.cursor, Cursor::Live { .. }))
    }

    /// A suspended subscription goes on: its user is a member as of then.
    pub fn is_member(&mut self, board: BoardId, member: Membership) {
        if let Some(subscription) = self.subscription(board) {
            subscription.member = Some(member);
            subscription.suspended = false;
        }
    }

    /// The admins' feed follows, from this cursor on.
    pub fn begin_feed(&mut self, cursor: ActivityCursor) {
        self.feed = Some(Box::new(FeedPlace { cursor, waiting: Vec::new() }));
        let cursor = cursor.to_string();
        self.send(&ServerMessage::FeedSubscribed { feed: Feed::Activity, cursor });
    }

    /// The client's position in the admins' feed, if it subscribed to that.
    #[must_use]
    pub fn feed(&self) -> Option<&FeedPlace> {
        self.feed.as_deref()
    }

    /// The next page of the admins' feed, if the client is still at its beginning.
    pub fn turn_page(
        &mut self,
        from: ActivityCursor,
        frames: &[Bytes],
        to: ActivityCursor,
    ) -> bool {
        let place = self.feed.as_deref_mut();
        let Some(place) = place.filter(|it| it.cursor == from && it.waiting.is_empty()) else {
            return false;
        };
        *place = FeedPlace { cursor: to, waiting: frames.to_vec() };
        self.direct = false;
        true
    }

    /// The cursor in the admins' feed is from before a restore.
    pub fn reset_feed(&mut self) {
        self.feed = None;
        let reason = ResetReason::Epoch;
        self.send(&ServerMessage::FeedReset { feed: Feed::Activity, reason });
    }

    /// Ends the admins' feed; whether there was any.
    pub fn end_feed(&mut self, reason: UnsubscribedReason) -> bool {
        let ended = self.feed.take().is_some();
        if ended {
            self.send(&ServerMessage::FeedUnsubscribed { feed: Feed::Activity, reason });
        }
        ended
    }

    /// Members were removed from a board: they are no longer on it, even if the client has yet to read
    /// that.
    pub(super) fn drop_removed(&mut self, board: &Arc<Board<Connection>>) {
        let subscription = self.subscriptions.iter_mut().find(|it| Arc::ptr_eq(&it.board, board));
        if let Some(Subscription { board, cursor, member, seat: Some(seat), .. }) = subscription
            && matches!(cursor, Cursor::Live { .. })
            && !board.is_open_to(cursor, *member)
        {
            seat.leave();
        }
    }

    /// Gives one subscription the newest presence of its board; `None` when it has that, or may not
    /// see it. Only the newest: what came in between is not kept.
    pub(super) fn serve_presence(
        &mut self,
        index: usize,
        stream: &TcpStream,
        metrics: &Metrics,
    ) -> Option<WriteOutcome> {
        let subscription = self.subscriptions.get(index)?;
        let (round, frame) = subscription.seat.as_ref()?.pending()?;
        let (cursor, member) = (&subscription.cursor, subscription.member);
        if subscription.suspended || !subscription.board.is_open_to(cursor, member) {
            return None;
        }
        let begun = self.write_message(stream, &frame);
        if begun > 0 {
            self.busy = true;
            metrics.presence_messages.add(1);
            if let Some(seat) = self.subscriptions.get_mut(index)?.seat.as_mut() {
                seat.mark_sent(round);
            }
        }
        Some(self.after_write(begun, 1))
    }

    /// Removes a subscription. Its board still has the connection registered.
    pub fn unsubscribe(&mut self, board: BoardId) -> Option<Arc<Board<Connection>>> {
        let index = self.subscriptions.iter().position(|it| it.board.id() == board)?;
        Some(self.subscriptions.swap_remove(index).board)
    }

    /// Removes all subscriptions.
    pub fn unsubscribe_all(&mut self) -> Vec<Subscription> {
        std::mem::take(&mut self.subscriptions)
    }
}
