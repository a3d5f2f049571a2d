//! What a session asks the accounts, one question at a time. While one is open the client is not
//! read from: its messages are obeyed in their order, and it cannot pile up questions.

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
/// So long before a token ends its client is told.
const WARNING: Duration = Duration::from_secs(60);

/// How somebody came in.
pub enum Door {
    /// As a guest of quick-win mode.
    Guest,
    /// With an account: the token of the handshake, if there was one.
    Account(Arc<Accounts>, Option<Result<Claims, Refused>>),
}

/// An open question.
pub(super) type Question = BoxFuture<'static, Answer>;

/// What the accounts said.
pub(super) enum Answer {
    /// Whether the API token counts that the session is to begin with.
    Known(Result<Option<Claims>, Unavailable>),
    /// Whether the token that the session has, or is to have, still counts.
    Counts(Result<Option<Claims>, Unavailable>),
    /// Whether the user is a member of the board that they want to follow.
    Member(BoardId, Cursor, Result<Option<u64>, Unavailable>),
    /// The same of a subscription that is there already.
    StillMember(BoardId, Result<Option<u64>, Unavailable>),
    /// Where the admins' feed begins for the user, who is an admin.
    Feed(Result<Begin, Unavailable>),
}

/// What becomes of a subscription of the admins' feed.
pub(super) enum Begin {
    /// It begins after this cursor.
    After(ActivityCursor),
    /// The cursor that was asked for is of a future that the database has lost.
    Lost,
    /// The user is no admin.
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
                tracing::debug!(connection = self.connection.id(), %refused, "no good token");
                return Some(End::Close(CloseCode::Unauthorized));
            }
        };
        let accounts = Arc::clone(self.accounts.as_ref()?);
        if self.registration.is_none() && claims.api_token.is_some() {
            // Anybody can say whose it is. Until that is known they are nobody, and take nobody's place.
            self.deadlines.ends(None, ends_at(&claims));
            self.ask(async move { Answer::Known(accounts.counts(&claims).await) });
            return None;
        }
        self.admit(&accounts, claims)
    }

    /// Makes the session that of the token's user, if the token still counts.
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
                    self.place.is_a_users();
                    self.registration = Some(registration);
                    // It came in time; how long the answer about it takes is not the client's doing.
                    self.deadlines.ends(None, ends_at(&claims));
                }
                None => return Some(End::Close(CloseCode::TooManyConnections)),
            },
        }
        let accounts = Arc::clone(accounts);
        self.ask(async move { Answer::Counts(accounts.counts(&claims).await) });
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

    /// Asks whether the user may listen to everything, and from where on. What they are PostgreSQL knows,
    /// not the token.
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
        let away = |why: Unavailable| {
            tracing::warn!(%why, "a socket's question had no answer; it shall reconnect");
            Some(End::Close(CloseCode::Restarting))
        };
        match answer {
            Answer::Known(Ok(None)) | Answer::Counts(Ok(None)) => {
                return Some(End::Close(CloseCode::Unauthorized));
            }
            Answer::Known(Ok(Some(claims))) => {
                let accounts = Arc::clone(self.accounts.as_ref()?);
                return self.admit(&accounts, claims);
            }
            Answer::Counts(Ok(Some(claims))) => self.is_authenticated(claims),
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
            | Answer::Counts(Err(why))
            | Answer::Member(_, _, Err(why))
            | Answer::StillMember(_, Err(why))
            | Answer::Feed(Err(why)) => return away(why),
        }
        None
    }

    fn is_authenticated(&mut self, claims: Claims) {
        self.lasts_as_long_as(&claims);
        let name = claims.username.clone();
        let expires_at = claims.has_end().then(|| claims.expires_at().to_string());
        if let Some(registration) = &mut self.registration {
            registration.renew(claims);
        }
        self.welcomed = true;
        self.welcome(name, expires_at);
    }

    /// They are no member any more: a subscription that was granted ends, another is refused.
    fn end_membership(&self, board: BoardId) {
        let granted = self.connection.outbox().is_granted(board);
        self.leave(board);
        if granted {
            let reason = UnsubscribedReason::Removed;
            self.connection.outbox().say(&ServerMessage::Unsubscribed { board, reason });
        } else {
            self.refuse_stranger(board);
        }
    }

    /// The session ends with this token, and is told so before.
    pub(super) fn lasts_as_long_as(&mut self, claims: &Claims) {
        let ends_at = ends_at(claims);
        self.deadlines.ends(ends_at.checked_sub(WARNING), ends_at);
    }

    fn refuse_stranger(&self, board: BoardId) {
        let detail = "there is no such board";
        self.connection.outbox().say_error(ErrorCode::NotFound, detail, Some(board));
    }

    pub(super) fn refuse_feed(&self) {
        let detail = "there is no such feed for you: it is the admins'";
        self.connection.outbox().say_error(ErrorCode::NotFound, detail, None);
    }
}
