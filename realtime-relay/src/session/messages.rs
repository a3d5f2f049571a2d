//! What a client may ask for, and the answers.

use super::{End, GUEST, Session};
use crate::hub::{Cursor, Membership};
use serde_json::{Map, Value};
use shared::models::{BoardId, Seq};
use shared::protocol::{
    ClientMessage, CloseCode, ErrorCode, MAX_PRESENCE_BYTES, ServerMessage, UnsubscribedReason,
};

const NO_SUBSCRIPTION: &str = "there is no subscription of this board";

impl Session {
    /// Handles a message.
    pub(super) fn handle_message(&mut self, text: &str) -> Option<End> {
        let message = match ClientMessage::parse(text) {
            Ok(ClientMessage::Auth { token }) if self.accounts.is_some() => {
                let claims = self.accounts.as_ref()?.verify(token.reveal());
                return self.authenticate(claims);
            }
            // Before the token only authentication is allowed.
            _ if !self.welcomed => return Some(End::Close(CloseCode::Unauthorized)),
            Ok(message) => message,
            Err(error) => {
                self.refuse(&error.to_string(), None);
                return None;
            }
        };
        if self.accounts.is_some() {
            self.handle_user_message(message);
        } else {
            self.handle_guest_message(message);
        }
        None
    }

    fn handle_user_message(&mut self, message: ClientMessage) {
        match message {
            ClientMessage::Subscribe { board, after, epoch } => {
                let cursor = Cursor::asked(after.map(Seq::get), epoch);
                if let Err(cursor) = self.move_cursor(board, cursor) {
                    self.ask_membership(board, cursor);
                }
            }
            ClientMessage::Unsubscribe { board } => self.unsubscribe(board),
            ClientMessage::SubscribeFeed { after, .. } => self.ask_feed(after),
            ClientMessage::UnsubscribeFeed { .. } => self.leave_feed(),
            ClientMessage::Ping => self.connection.outbox().send(&ServerMessage::Pong),
            ClientMessage::Presence { board, state } => self.set_presence(board, &state),
            // Taken before.
            ClientMessage::Auth { .. } => {}
        }
    }

    fn handle_guest_message(&mut self, message: ClientMessage) {
        match message {
            ClientMessage::Subscribe { board, after, epoch } => {
                let cursor = Cursor::asked(after.map(Seq::get), epoch);
                if let Err(cursor) = self.move_cursor(board, cursor) {
                    self.subscribe(board, cursor, None);
                }
            }
            ClientMessage::Unsubscribe { board } => self.unsubscribe(board),
            ClientMessage::Ping => self.connection.outbox().send(&ServerMessage::Pong),
            ClientMessage::Presence { board, state } => self.set_presence(board, &state),
            ClientMessage::Auth { .. } => {
                self.refuse("quick-win mode has no log-in: do not send `auth` here", None);
            }
            ClientMessage::SubscribeFeed { .. } | ClientMessage::UnsubscribeFeed { .. } => {
                self.refuse("feeds are for admins and do not exist in quick-win mode", None);
            }
        }
    }

    /// Moves the cursor if the client is registered already; returns it otherwise.
    fn move_cursor(&self, id: BoardId, cursor: Cursor) -> Result<(), Cursor> {
        match self.connection.outbox().subscription(id) {
            Some(subscription) => {
                subscription.cursor = cursor;
                Ok(())
            }
            None => Err(cursor),
        }
    }

    /// Registers for a board.
    pub(super) fn subscribe(&self, id: BoardId, cursor: Cursor, member: Option<Membership>) {
        let mut outbox = self.connection.outbox();
        let limit = self.shared.settings.subscriptions;
        if outbox.subscriptions().len() >= limit {
            let detail = format!("a socket may have {limit} subscriptions: end another one first");
            return outbox.send_error(ErrorCode::TooManySubscriptions, &detail, Some(id));
        }
        let Some(board) = self.shared.hub.watch(id, &self.connection) else {
            let detail = "the relay is at its limit of watched boards: try again later";
            return outbox.send_error(ErrorCode::TooManySubscriptions, detail, Some(id));
        };
        outbox.subscribe(board, cursor, member);
        let user = self.registration.as_ref().map_or(GUEST, |it| &it.claims().username);
        outbox.take_seat(id, self.shared.presence.seat(id, self.connection.id(), user.into()));
        self.shared.metrics.subscriptions.add(1);
    }

    /// Shares with the others on a board what this user does.
    fn set_presence(&self, board: BoardId, state: &Map<String, Value>) {
        let state = Value::from(state.clone()).to_string();
        if state.len() > MAX_PRESENCE_BYTES {
            let detail = format!("a `state` may have at most {MAX_PRESENCE_BYTES} bytes");
            return self.refuse(&detail, Some(board));
        }
        let mut outbox = self.connection.outbox();
        match outbox.seat(board) {
            Some(seat) => self.shared.presence.set_state(seat, state),
            None => outbox.send_error(ErrorCode::NotFound, NO_SUBSCRIPTION, Some(board)),
        }
    }

    fn unsubscribe(&self, board: BoardId) {
        let message = if self.leave(board) {
            let reason = UnsubscribedReason::Requested;
            ServerMessage::Unsubscribed { board, reason }
        } else {
            let detail = NO_SUBSCRIPTION.to_owned();
            ServerMessage::Error { code: ErrorCode::NotFound, detail, board: Some(board) }
        };
        self.connection.outbox().send(&message);
    }

    /// Ends a subscription without a message; returns whether there was one.
    pub(super) fn leave(&self, board: BoardId) -> bool {
        let left = self.connection.outbox().unsubscribe(board);
        if let Some(board) = &left {
            self.shared.metrics.subscriptions.subtract(1);
            board.remove(&self.connection);
        }
        left.is_some()
    }

    fn leave_feed(&self) {
        let Some(accounts) = &self.accounts else { return };
        if self.connection.outbox().end_feed(UnsubscribedReason::Requested) {
            accounts.activity().remove(&self.connection);
        } else {
            self.refuse_feed();
        }
    }

    /// Sends that the token ends soon.
    pub(super) fn send_expiry(&self) {
        if let Some(registration) = &self.registration {
            let at = registration.claims().expires_at().to_string();
            self.connection.outbox().send(&ServerMessage::TokenExpiring { at });
        }
    }

    /// Sends the head of every subscribed board (RT8).
    pub(super) fn send_heads(&self) {
        let mut outbox = self.connection.outbox();
        let heads = outbox.subscriptions().iter().filter_map(|subscription| {
            let seq = Seq::new(subscription.board.known_head()?)?;
            Some((subscription.board.id(), seq))
        });
        let heads = heads.collect();
        outbox.send(&ServerMessage::Heartbeat { heads });
    }

    fn refuse(&self, detail: &str, board: Option<BoardId>) {
        self.connection.outbox().send_error(ErrorCode::BadMessage, detail, board);
    }

    /// Answers a message that came too fast and was dropped.
    pub(super) fn rate_limited(&self) {
        self.shared.metrics.rate_limited.add(1);
        let settings = &self.shared.settings;
        let detail = format!(
            "at most {} messages a second and {} at once: this one was dropped",
            settings.messages_per_second, settings.message_burst
        );
        self.connection.outbox().send_error(ErrorCode::RateLimited, &detail, None);
    }
}
