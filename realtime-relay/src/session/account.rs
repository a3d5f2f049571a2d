//! What a session asks the accounts, one question at a time. While one is open the client is not
//! read from: its messages are handled in order, and it cannot pile up questions.

use super::{End, Session};
use crate::accounts::{Accounts, ends_at};
use crate::hub::{Cursor, Membership};
use crate::unavailable::Unavailable;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use shared::auth::{Claims, Refused};
use shared::models::{ActivityCursor, BoardId};
use shared::protocol::{CloseCode, ErrorCode, ServerMessage, UnsubscribedReason};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a client without a token in its handshake may take to send one.
const AUTH_TIME: Duration = Duration::from_secs(5);
/// How long before a token ends its client is warned.
const WARNING: Duration = Duration::from_secs(60);

/// Who opened a socket.
pub enum Identity {
    /// As a guest of quick-win mode.
    Guest,
    /// With an account: the token of the handshake, if there was one.
    Account(Arc<Accounts>, Option<Result<Claims, Refused>>),
}

/// An open question.
pub(super) type Question = BoxFuture<'static, Answer>;

/// What the accounts said.
pub(super) enum Answer {
    /// Whether the API token with which the session begins is valid.
    Known(Result<Option<Claims>, Unavailable>),
    /// Whether the session's present or new token is still valid.
    Current(Result<Option<Claims>, Unavailable>),
    /// Whether the user is a member of the board that they want to follow.
    Member(BoardId, Cursor, Result<Option<u64>, Unavailable>),
    /// The same of a subscription that is there already.
    StillMember(BoardId, Result<Option<u64>, Unavailable>),
    /// Where the admins' feed begins for the user, who is an admin.
    Feed(Result<Begin, Unavailable>),
}

/// The outcome of subscribing to the admins' feed.
pub(super) enum Begin {
    /// It begins after this cursor.
    After(ActivityCursor),
    /// The requested cursor is from before a restore, which lost what it points at.
    Lost,
    /// The user is not an admin.
    Refused,
}

impl Session {
    /// Begins a session with an account.
    pub(super) fn enter(&mut self, token: Option<Result<Claims, Refused>>) -> Option<End> {
        self.deadlines.ends(None, Instant::now() + AUTH_TIME);
        token.and_then(|token| self.authenticate(token))
    }

    /// A token came: by the handshake, as the first message, or as a newer one.
    pub(super) fn authenticate(&mut self, token: Result<Claims, Refused>) -> Option<End> {
        let claims = match token {
            Ok(claims) => claims,
            Err(refused) => {
                tracing::debug!(connection = self.connection.id(), %refused, "no valid token");
                return Some(End::Close(CloseCode::Unauthorized));
            }
        };
        let accounts = Arc::clone(self.accounts.as_ref()?);
        if self.registration.is_none() && claims.api_token.is_some() {
            // Anybody can claim any user. Until the token is checked they take no user's slot.
            self.deadlines.ends(None, ends_at(&claims));
            self.ask(async move { Answer::Known(accounts.current_claims(&claims).await) });
            return None;
        }
        self.admit(&accounts, claims)
    }

    /// Makes the session that of the token's user, if the token is still valid.
    fn admit(&mut self, accounts: &Arc<Accounts>, claims: Claims) -> Option<End> {
        match &self.registration {
            // A socket stays its user's.
            Some(registration) if registration.user() != claims.user_id => {
                return Some(End::Close(CloseCode::Unauthorized));
            }
            Some(_) => {}
            None => match accounts.register(self.connection.id(), claims.clone()) {
                Some(registration) => {
                    registration.attach(&self.connection);
                    self.slot.is_a_users();
                    self.registration = Some(registration);
                    // It came in time; how long the answer about it takes is not the client's doing.
                    self.deadlines.ends(None, ends_at(&claims));
                }
                None => return Some(End::Close(CloseCode::TooManyConnections)),
            },
        }
        let accounts = Arc::clone(accounts);
        self.ask(async move { Answer::Current(accounts.current_claims(&claims).await) });
        None
    }

    /// Asks whether the user may follow a board.
    pub(super) fn ask_membership(&mut self, board: BoardId, cursor: Cursor) {
        let Some(registration) = &self.registration else { return };
        let (accounts, claims) =
            (Arc::clone(registration.accounts()), Arc::clone(registration.claims()));
        self.ask(async move {
            let member = accounts.membership(&claims, board).await;
            Answer::Member(board, cursor, member)
        });
    }

    /// Asks again for a subscription that waits for it, if there is one.
    pub(super) fn ask_rechecks(&mut self) {
        if self.question.is_some() {
            return;
        }
        let Some(registration) = &self.registration else { return };
        let Some(board) = self.connection.outbox().take_recheck() else { return };
        let (accounts, claims) =
            (Arc::clone(registration.accounts()), Arc::clone(registration.claims()));
        self.ask(
            async move { Answer::StillMember(board, accounts.membership(&claims, board).await) },
        );
    }

    /// Asks whether the user may listen to everything, and from where on. Their role is in PostgreSQL,
    /// not in the token.
    pub(super) fn ask_feed(&mut self, after: Option<ActivityCursor>) {
        let Some(registration) = &self.registration else { return };
        let (accounts, claims) =
            (Arc::clone(registration.accounts()), Arc::clone(registration.claims()));
        if claims.api_token.is_some() {
            return self.refuse_feed();
        }
        self.ask(async move {
            let begin = async {
                if !accounts.is_admin(&claims).await? {
                    return Ok(Begin::Refused);
                }
                let now = accounts.activity().now().await?;
                Ok(match after {
                    Some(after) if after > now => Begin::Lost,
                    after => Begin::After(after.unwrap_or(now)),
                })
            };
            Answer::Feed(begin.await)
        });
    }

    fn ask(&mut self, question: impl Future<Output = Answer> + Send + 'static) {
        self.question = Some(question.boxed());
    }

    /// Acts on an answer.
    pub(super) fn learn(&mut self, answer: Answer) -> Option<End> {
        let unavailable = |why: Unavailable| {
            tracing::warn!(%why, "a socket's check got no answer; it has to reconnect");
            Some(End::Close(CloseCode::Restarting))
        };
        match answer {
            Answer::Known(Ok(None)) | Answer::Current(Ok(None)) => {
                return Some(End::Close(CloseCode::Unauthorized));
            }
            Answer::Known(Ok(Some(claims))) => {
                let accounts = Arc::clone(self.accounts.as_ref()?);
                return self.admit(&accounts, claims);
            }
            Answer::Current(Ok(Some(claims))) => self.is_authenticated(claims),
            Answer::Member(board, cursor, Ok(Some(as_of))) => {
                let user = self.registration.as_ref()?.user();
                self.subscribe(board, cursor, Some(Membership { user, as_of }));
            }
            Answer::Member(board, _, Ok(None)) => self.refuse_stranger(board),
            Answer::StillMember(board, Ok(Some(as_of))) => {
                let user = self.registration.as_ref()?.user();
                self.connection.outbox().is_member(board, Membership { user, as_of });
            }
            Answer::StillMember(board, Ok(None)) => self.end_membership(board),
            Answer::Feed(Ok(Begin::After(cursor))) => {
                let Some(accounts) = &self.accounts else { return None };
                accounts.activity().add(&self.connection, cursor);
            }
            Answer::Feed(Ok(Begin::Lost)) => self.connection.outbox().reset_feed(),
            Answer::Feed(Ok(Begin::Refused)) => self.refuse_feed(),
            Answer::Known(Err(why))
            | Answer::Current(Err(why))
            | Answer::Member(_, _, Err(why))
            | Answer::StillMember(_, Err(why))
            | Answer::Feed(Err(why)) => return unavailable(why),
        }
        None
    }

    fn is_authenticated(&mut self, claims: Claims) {
        self.lasts_as_long_as(&claims);
        let name = claims.username.clone();
        let expires_at = claims.has_end().then(|| claims.expires_at().to_string());
        if let Some(registration) = &mut self.registration {
            // It may see less than the token before it.
            if claims.api_token.is_some() && claims.jti != registration.claims().jti {
                registration.accounts().activity().remove(&self.connection);
                self.connection.outbox().recheck_all();
            }
            registration.renew(claims);
        }
        self.welcomed = true;
        self.welcome(name, expires_at);
    }

    /// They are no longer a member: a subscription that was granted ends, another is refused.
    fn end_membership(&self, board: BoardId) {
        let granted = self.connection.outbox().is_granted(board);
        self.leave(board);
        if granted {
            let reason = UnsubscribedReason::Removed;
            self.connection.outbox().send(&ServerMessage::Unsubscribed { board, reason });
        } else {
            self.refuse_stranger(board);
        }
    }

    /// The session ends with this token, after a warning.
    pub(super) fn lasts_as_long_as(&mut self, claims: &Claims) {
        let ends_at = ends_at(claims);
        self.deadlines.ends(ends_at.checked_sub(WARNING), ends_at);
    }

    fn refuse_stranger(&self, board: BoardId) {
        let detail = "there is no such board";
        self.connection.outbox().send_error(ErrorCode::NotFound, detail, Some(board));
    }

    pub(super) fn refuse_feed(&self) {
        let detail = "only admins have this feed";
        self.connection.outbox().send_error(ErrorCode::NotFound, detail, None);
    }
}
