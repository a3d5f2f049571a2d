//! What a client may ask for, and the answers.

use super::Session;
use crate::hub::Cursor;
use shared::models::{BoardId, Seq};
use shared::protocol::{ClientMessage, ErrorCode, ServerMessage, UnsubscribedReason};

impl Session {
    /// Does what a message says.
    pub(super) fn obey(&mut self, text: &str) {
        let message = match ClientMessage::parse(text) {
            Ok(message) => message,
            Err(error) => return self.refuse(&error.to_string(), None),
        };
        match message {
            ClientMessage::Subscribe { board, after, epoch } => {
                self.subscribe(board, Cursor::asked(after.map(Seq::get), epoch));
            }
            ClientMessage::Unsubscribe { board } => self.unsubscribe(board),
            ClientMessage::Ping => self.connection.outbox().say(&ServerMessage::Pong),
            ClientMessage::Presence { board, .. } => {
                self.refuse("presence is not offered in quick-win mode", Some(board));
            }
            ClientMessage::Auth { .. } => {
                self.refuse("quick-win mode has no log-in: send no `auth` here", None);
            }
            ClientMessage::SubscribeFeed { .. } | ClientMessage::UnsubscribeFeed { .. } => {
                self.refuse("feeds are for admins and not offered in quick-win mode", None);
            }
        }
    }

    /// Registers for a board, or moves the cursor where the client is registered already.
    fn subscribe(&self, id: BoardId, cursor: Cursor) {
        let mut outbox = self.connection.outbox();
        if let Some(subscription) = outbox.subscription(id) {
            subscription.cursor = cursor;
            return;
        }
        let limit = self.shared.settings.subscriptions;
        if outbox.subscriptions().len() >= limit {
            let detail = format!("a socket may have {limit} subscriptions: end another one first");
            return outbox.say_error(ErrorCode::TooManySubscriptions, &detail, Some(id));
        }
        let Some(board) = self.shared.hub.watch(id, &self.connection) else {
            let detail = "the relay watches as many boards as it may: try again later";
            return outbox.say_error(ErrorCode::TooManySubscriptions, detail, Some(id));
        };
        outbox.subscribe(board, cursor);
        self.shared.metrics.subscriptions.add(1);
    }

    fn unsubscribe(&self, board: BoardId) {
        let mut outbox = self.connection.outbox();
        let Some(removed) = outbox.unsubscribe(board) else {
            return outbox.say_error(
                ErrorCode::NotFound,
                "there is no subscription of this board",
                Some(board),
            );
        };
        let reason = UnsubscribedReason::Requested;
        outbox.say(&ServerMessage::Unsubscribed { board, reason });
        drop(outbox);
        self.shared.metrics.subscriptions.subtract(1);
        removed.remove(&self.connection);
    }

    /// Tells the head of every subscribed board (RT8).
    pub(super) fn tell_heads(&self) {
        let mut outbox = self.connection.outbox();
        let heads = outbox.subscriptions().iter().filter_map(|subscription| {
            let seq = Seq::new(subscription.board.told()?)?;
            Some((subscription.board.id(), seq))
        });
        let heads = heads.collect();
        outbox.say(&ServerMessage::Heartbeat { heads });
    }

    fn refuse(&self, detail: &str, board: Option<BoardId>) {
        self.connection.outbox().say_error(ErrorCode::BadMessage, detail, board);
    }

    /// Answers a message that came too fast and was dropped.
    pub(super) fn refuse_haste(&self) {
        self.shared.metrics.rate_limited.add(1);
        let settings = &self.shared.settings;
        let detail = format!(
            "at most {} messages a second and {} at once: this one was dropped",
            settings.messages_per_second, settings.message_burst
        );
        self.connection.outbox().say_error(ErrorCode::RateLimited, &detail, None);
    }
}
