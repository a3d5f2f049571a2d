//! The relay's WebSocket messages in both directions and its close codes
//! (docs/contract/realtime.md, RT-MESSAGE).
//!
//! Every message is one JSON object in one text frame. Unknown members are ignored, so that a
//! newer client can speak with an older relay and the other way round; an unknown `type` is not.

use crate::models::{ActivityCursor, BoardId, Seq};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The protocol's version, as the [`ServerMessage::Welcome`] says it.
pub const PROTOCOL: u32 = 1;
/// The longest message that a client may send, in bytes; above it the socket closes with
/// [`CloseCode::MessageTooBig`].
pub const MAX_MESSAGE_BYTES: usize = 16 * 1024;
/// The longest epoch that a client may name, in bytes. Epochs are short random ids.
pub const MAX_EPOCH_BYTES: usize = 64;
/// The longest presence state, in bytes of its JSON text without white space between its parts.
pub const MAX_PRESENCE_BYTES: usize = 1024;

/// Why a socket was closed, and what its client does next.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(u16)]
pub enum CloseCode {
    /// The client said good-bye first.
    Normal = 1000,
    /// The client broke RFC 6455 (section 7.4.1).
    ProtocolError = 1002,
    /// A text message or a close reason that is not UTF-8.
    InvalidText = 1007,
    /// A message over [`MAX_MESSAGE_BYTES`].
    MessageTooBig = 1009,
    /// The relay restarts: reconnect with jitter and the cursor.
    Restarting = 1012,
    /// Not this protocol (a binary message, say): do not retry.
    NotTheProtocol = 4400,
    /// No token, or an expired or revoked one: get a new one first.
    Unauthorized = 4401,
    /// The reader read nothing at all for 30 s, or did not answer a ping: reconnect with the cursor.
    DeadReader = 4408,
    /// Too many connections of this user or address.
    TooManyConnections = 4409,
}

impl CloseCode {
    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The sentence sent along (at most 123 bytes: a close frame's limit).
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Normal => "bye",
            Self::ProtocolError => "this breaks RFC 6455",
            Self::InvalidText => "a text message must be UTF-8",
            Self::MessageTooBig => "a message may have 16 KiB at most",
            Self::Restarting => "restarting: reconnect with your cursor",
            Self::NotTheProtocol => "messages are JSON in text frames",
            Self::Unauthorized => "the token is missing, expired or revoked",
            Self::DeadReader => "nothing was read for too long: reconnect with your cursor",
            Self::TooManyConnections => "too many connections",
        }
    }
}

/// A token as a client sends it. It never shows in logs: its `Debug` prints dots.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    /// The text itself, for verifying it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// The feeds that are not of one board.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feed {
    /// Every event of every board as it happens; for admins.
    Activity,
}

/// What a client may say.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub enum ClientMessage {
    /// The first message of a client without a cookie, or a newer token on a living socket.
    Auth {
        /// The token.
        token: Token,
    },
    /// Send the board's events from a cursor on.
    Subscribe {
        /// The board.
        board: BoardId,
        /// The last event that the client has; without it: from now on.
        after: Option<Seq>,
        /// The epoch that the cursor belongs to.
        epoch: Option<String>,
    },
    /// Send a feed's events from a cursor on.
    SubscribeFeed {
        /// The feed.
        feed: Feed,
        /// The client's cursor; without it: from now on.
        after: Option<ActivityCursor>,
    },
    /// No more events of this board.
    Unsubscribe {
        /// The board.
        board: BoardId,
    },
    /// No more events of this feed.
    UnsubscribeFeed {
        /// The feed.
        feed: Feed,
    },
    /// What the user is doing on a board, e.g. `{"editing":12}`, until they say something else or the
    /// subscription ends.
    Presence {
        /// The board, to which the socket is subscribed.
        board: BoardId,
        /// Any object up to [`MAX_PRESENCE_BYTES`]; `{}`, as before the first, is to do nothing.
        state: Map<String, Value>,
    },
    /// For clients that cannot send WebSocket pings.
    Ping,
}

/// The longest sentence about a bad message, in bytes. Such a sentence quotes the message, and what
/// it quotes grows by escaping: a client could have sevenfold of what it sends queued for it.
const MAX_FAULT_BYTES: usize = 256;

/// Why a text is not a [`ClientMessage`], for the `detail` of a `bad-message` error: not JSON,
/// not an object, or with a missing or faulty member.
#[derive(Debug, thiserror::Error)]
#[error("not a message of this protocol: {0}")]
pub struct BadMessage(String);

impl From<serde_json::Error> for BadMessage {
    fn from(error: serde_json::Error) -> Self {
        let mut fault = error.to_string();
        if fault.len() > MAX_FAULT_BYTES {
            fault.truncate(fault.floor_char_boundary(MAX_FAULT_BYTES));
            fault.push('…');
        }
        Self(fault)
    }
}

impl ClientMessage {
    /// Reads one message.
    ///
    /// # Errors
    /// [`BadMessage`] says what is wrong in words for the client's developer.
    pub fn parse(text: &str) -> Result<Self, BadMessage> {
        Ok(serde_json::from_str(text)?)
    }
}

/// The messages in JSON: `subscribe` serves boards and feeds.
#[derive(Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Wire {
    Auth {
        #[serde(deserialize_with = "member::token")]
        token: Token,
    },
    Subscribe {
        #[serde(
            default,
            deserialize_with = "member::board_or_none",
            skip_serializing_if = "Option::is_none"
        )]
        board: Option<BoardId>,
        #[serde(
            default,
            deserialize_with = "member::after",
            skip_serializing_if = "Option::is_none"
        )]
        after: Option<After>,
        #[serde(
            default,
            deserialize_with = "member::epoch",
            skip_serializing_if = "Option::is_none"
        )]
        epoch: Option<String>,
        #[serde(
            default,
            deserialize_with = "member::feed",
            skip_serializing_if = "Option::is_none"
        )]
        feed: Option<Feed>,
    },
    Unsubscribe {
        #[serde(
            default,
            deserialize_with = "member::board_or_none",
            skip_serializing_if = "Option::is_none"
        )]
        board: Option<BoardId>,
        #[serde(
            default,
            deserialize_with = "member::feed",
            skip_serializing_if = "Option::is_none"
        )]
        feed: Option<Feed>,
    },
    Presence {
        #[serde(deserialize_with = "member::board")]
        board: BoardId,
        #[serde(deserialize_with = "member::state")]
        state: Map<String, Value>,
    },
    Ping,
}

/// Where a subscription begins: of a board after an event, of a feed after a cursor.
#[derive(Serialize)]
#[serde(untagged)]
enum After {
    Seq(Seq),
    Cursor(String),
}

impl TryFrom<Wire> for ClientMessage {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        const ONE: &str = "exactly one of `board` and `feed` must be given";
        Ok(match wire {
            Wire::Auth { token } => Self::Auth { token },
            Wire::Subscribe { board: Some(board), after, epoch, feed: None } => {
                let after = match after {
                    Some(After::Cursor(_)) => return Err("`after`: must be a number for a board"),
                    Some(After::Seq(seq)) => Some(seq),
                    None => None,
                };
                Self::Subscribe { board, after, epoch }
            }
            Wire::Subscribe { board: None, feed: Some(feed), after, .. } => {
                const FAULT: &str = "`after`: must be a cursor from a page or the feed";
                let after = match after {
                    Some(After::Cursor(text)) => Some(ActivityCursor::parse(&text).ok_or(FAULT)?),
                    Some(After::Seq(_)) => return Err(FAULT),
                    None => None,
                };
                Self::SubscribeFeed { feed, after }
            }
            Wire::Unsubscribe { board: Some(board), feed: None } => Self::Unsubscribe { board },
            Wire::Unsubscribe { board: None, feed: Some(feed) } => Self::UnsubscribeFeed { feed },
            Wire::Subscribe { .. } | Wire::Unsubscribe { .. } => return Err(ONE),
            Wire::Presence { board, state } => Self::Presence { board, state },
            Wire::Ping => Self::Ping,
        })
    }
}

impl From<ClientMessage> for Wire {
    fn from(message: ClientMessage) -> Self {
        match message {
            ClientMessage::Auth { token } => Self::Auth { token },
            ClientMessage::Subscribe { board, after, epoch } => {
                let after = after.map(After::Seq);
                Self::Subscribe { board: Some(board), after, epoch, feed: None }
            }
            ClientMessage::SubscribeFeed { feed, after } => {
                let after = after.map(|after| After::Cursor(after.to_string()));
                Self::Subscribe { board: None, after, epoch: None, feed: Some(feed) }
            }
            ClientMessage::Unsubscribe { board } => {
                Self::Unsubscribe { board: Some(board), feed: None }
            }
            ClientMessage::UnsubscribeFeed { feed } => {
                Self::Unsubscribe { board: None, feed: Some(feed) }
            }
            ClientMessage::Presence { board, state } => Self::Presence { board, state },
            ClientMessage::Ping => Self::Ping,
        }
    }
}

/// What the relay may say.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ServerMessage {
    /// The socket is open and its user known.
    Welcome {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The user's name; `guest` in quick-win mode.
        user: String,
        /// A heartbeat comes at least this often, in milliseconds.
        heartbeat_ms: u64,
        /// Wait a random time up to this, in milliseconds, before reconnecting.
        reconnect_jitter_ms: u64,
        /// When the token ends; absent if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token_expires_at: Option<String>,
    },
    /// A cursor: events after the asked one up to `seq` follow, then live ones.
    Subscribed {
        /// The board.
        board: BoardId,
        /// The board's newest event at this moment.
        seq: Seq,
        /// What the cursor belongs to.
        epoch: String,
    },
    /// The feed's events follow. (Only ever written by the relay; it shares its type's name with the
    /// answer for boards.)
    #[serde(rename = "subscribed", skip_deserializing)]
    FeedSubscribed {
        /// The feed.
        feed: Feed,
        /// What comes is after this.
        cursor: String,
    },
    /// The subscription of a feed is over.
    #[serde(rename = "unsubscribed", skip_deserializing)]
    FeedUnsubscribed {
        /// The feed.
        feed: Feed,
        /// Why.
        reason: UnsubscribedReason,
    },
    /// The cursor is of a future that the database has lost: the subscription is over. Read the list of
    /// events again.
    #[serde(rename = "reset", skip_deserializing)]
    FeedReset {
        /// The feed.
        feed: Feed,
        /// Why.
        reason: ResetReason,
    },
    /// One event, with the event's own members inlined. Its board is `board_id`: `board` is, where
    /// the event is about the board itself, that entity.
    Event {
        /// The board.
        board_id: BoardId,
        /// The rest of the event of docs/contract/api.md.
        #[serde(flatten)]
        event: Map<String, Value>,
    },
    /// The cursor is of no use any more and the subscription is over: fetch the board, subscribe
    /// from its `seq`.
    Reset {
        /// The board.
        board: BoardId,
        /// The board's newest event.
        seq: Seq,
        /// Why.
        reason: ResetReason,
    },
    /// Who is on a board and what they do: after [`ServerMessage::Subscribed`], and whenever it
    /// changes, at most four times a second. It is outside the order of events.
    Presence {
        /// The board.
        board: BoardId,
        /// One entry a user, sorted by user; in quick-win mode one for each socket.
        online: Vec<Online>,
        /// How many are online, where `online` holds but some of them: 100 at most, and 32 KiB, those
        /// first who set a state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<u64>,
    },
    /// The subscription is over.
    Unsubscribed {
        /// The board.
        board: BoardId,
        /// Why.
        reason: UnsubscribedReason,
    },
    /// The relay lives; the newest `seq` it knows of, by subscribed board.
    Heartbeat {
        /// Board id (a JSON member's name, so text) → newest `seq`.
        #[serde(with = "heads")]
        heads: BTreeMap<BoardId, Seq>,
    },
    /// The token ends in a minute: send a newer one.
    TokenExpiring {
        /// When it ends.
        at: String,
    },
    /// Something in a message was wrong; the socket stays open.
    Error {
        /// What kind of error, for programs.
        code: ErrorCode,
        /// What was wrong, for people.
        detail: String,
        /// The board that it is about, if it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<BoardId>,
    },
    /// The answer to [`ClientMessage::Ping`].
    Pong,
}

/// Why a cursor is of no use any more.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResetReason {
    /// The events after it are no longer kept.
    TooFar,
    /// It belongs to another history of the board.
    Epoch,
}

/// Why a subscription ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnsubscribedReason {
    /// The user is not a member any more.
    Removed,
    /// The board is gone.
    Deleted,
    /// The client asked.
    Requested,
}

/// What kind of error a message caused.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// Not a message of this protocol, or one that this endpoint does not offer.
    BadMessage,
    /// No such board (or not a member of it).
    NotFound,
    /// Unsubscribe from another board first.
    TooManySubscriptions,
    /// Too many messages a second: this one was dropped.
    RateLimited,
}

/// One user on a board.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Online {
    /// The user's name.
    pub user: String,
    /// The state that they set by [`ClientMessage::Presence`]; of a user with several sockets the newest that
    /// is not empty.
    pub state: Map<String, Value>,
}

/// A client's members, each read so that a fault names it: for a tagged enum's members serde says what
/// is wrong and not which.
mod member {
    use super::{After, BoardId, Feed, MAX_EPOCH_BYTES, Map, Seq, Token, Value};
    use serde::{Deserialize, Deserializer, de::Error, de::Unexpected, de::Visitor};

    fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        name: &str,
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::deserialize(deserializer).map_err(|error| D::Error::custom(format!("`{name}`: {error}")))
    }

    pub(super) fn token<'de, D: Deserializer<'de>>(from: D) -> Result<Token, D::Error> {
        // What is in its place may be a secret all the same: it is not quoted.
        Token::deserialize(from).map_err(|_| D::Error::custom("`token`: must be a string"))
    }

    pub(super) fn board<'de, D: Deserializer<'de>>(from: D) -> Result<BoardId, D::Error> {
        named("board", from)
    }

    pub(super) fn board_or_none<'de, D>(from: D) -> Result<Option<BoardId>, D::Error>
    where
        D: Deserializer<'de>,
    {
        named("board", from)
    }

    pub(super) fn after<'de, D: Deserializer<'de>>(from: D) -> Result<Option<After>, D::Error> {
        named("after", from)
    }

    impl<'de> Deserialize<'de> for After {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Either;

            impl Visitor<'_> for Either {
                type Value = After;

                fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    to.write_str("a whole number, or a cursor")
                }

                fn visit_u64<E: Error>(self, number: u64) -> Result<After, E> {
                    Seq::try_from(number).map(After::Seq).map_err(E::custom)
                }

                fn visit_i64<E: Error>(self, number: i64) -> Result<After, E> {
                    Err(E::invalid_value(Unexpected::Signed(number), &self))
                }

                fn visit_str<E: Error>(self, text: &str) -> Result<After, E> {
                    Ok(After::Cursor(text.to_owned()))
                }
            }

            from.deserialize_any(Either)
        }
    }

    pub(super) fn epoch<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
        let epoch: Option<String> = named("epoch", from)?;
        if epoch.as_ref().is_some_and(|epoch| epoch.len() > MAX_EPOCH_BYTES) {
            let most = format!("`epoch`: must have {MAX_EPOCH_BYTES} bytes at most");
            return Err(D::Error::custom(most));
        }
        Ok(epoch)
    }

    pub(super) fn feed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Feed>, D::Error> {
        named("feed", from)
    }

    pub(super) fn state<'de, D>(from: D) -> Result<Map<String, Value>, D::Error>
    where
        D: Deserializer<'de>,
    {
        named("state", from)
    }
}

/// Board ids as the names of a JSON object. Written out because the buffering that serde does for
/// tagged enums does not turn such names back into numbers by itself.
mod heads {
    use super::{BTreeMap, BoardId, Seq};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        heads: &BTreeMap<BoardId, Seq>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(heads.iter().map(|(board, seq)| (board.to_string(), seq)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<BoardId, Seq>, D::Error> {
        BTreeMap::<String, Seq>::deserialize(deserializer)?
            .into_iter()
            .map(|(name, seq)| match BoardId::parse(&name) {
                Some(board) => Ok((board, seq)),
                None => Err(D::Error::custom(format!("{name:?} is not a board id"))),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn board(number: u64) -> BoardId {
        BoardId::new(number).expect("a board id")
    }

    fn seq(number: u64) -> Seq {
        Seq::new(number).expect("a seq")
    }

    #[test]
    fn rt_message_every_client_message_of_the_table_is_read_and_written_back() {
        let table = [
            (json!({"type":"ping"}), ClientMessage::Ping),
            (
                json!({"type":"subscribe","board":7,"after":42,"epoch":"e"}),
                ClientMessage::Subscribe {
                    board: board(7),
                    after: Some(seq(42)),
                    epoch: Some("e".into()),
                },
            ),
            (
                json!({"type":"subscribe","board":7}),
                ClientMessage::Subscribe { board: board(7), after: None, epoch: None },
            ),
            (
                json!({"type":"subscribe","feed":"activity"}),
                ClientMessage::SubscribeFeed { feed: Feed::Activity, after: None },
            ),
            (
                json!({"type":"subscribe","feed":"activity","after":"1.442.7.43"}),
                ClientMessage::SubscribeFeed {
                    feed: Feed::Activity,
                    after: ActivityCursor::parse("1.442.7.43"),
                },
            ),
            (
                json!({"type":"unsubscribe","board":7}),
                ClientMessage::Unsubscribe { board: board(7) },
            ),
            (
                json!({"type":"presence","board":7,"state":{"editing":12}}),
                ClientMessage::Presence {
                    board: board(7),
                    state: Map::from_iter([("editing".into(), json!(12))]),
                },
            ),
        ];
        for (wire, message) in table {
            assert_eq!(ClientMessage::parse(&wire.to_string()).expect("parses"), message);
            assert_eq!(serde_json::to_value(&message).expect("serialises"), wire);
        }
    }

    #[test]
    fn rt_message_what_is_none_of_the_messages_is_refused_with_a_reason() {
        for (text, hint) in [
            ("", "EOF"),
            ("[]", "not a message"),
            ("{}", "type"),
            (r#"{"type":"dance"}"#, "dance"),
            (r#"{"type":"subscribe"}"#, "exactly one"),
            (r#"{"type":"subscribe","board":7,"feed":"activity"}"#, "exactly one"),
            (r#"{"type":"subscribe","board":"7"}"#, "`board`: invalid type"),
            (r#"{"type":"subscribe","board":0}"#, "`board`: must lie between 1"),
            (r#"{"type":"subscribe","board":7,"after":-1}"#, "`after`: invalid value"),
            (r#"{"type":"subscribe","board":7,"after":9007199254740992}"#, "`after`: must lie"),
            (r#"{"type":"subscribe","board":7,"after":"1"}"#, "`after`: must be a number"),
            (r#"{"type":"subscribe","board":7,"after":[]}"#, "`after`: invalid type"),
            (r#"{"type":"subscribe","feed":"activity","after":7}"#, "`after`: must be a cursor"),
            (r#"{"type":"subscribe","feed":"activity","after":"x"}"#, "`after`: must be a cursor"),
            (r#"{"type":"subscribe","board":7,"epoch":7}"#, "`epoch`: invalid type"),
            (r#"{"type":"subscribe","feed":"all"}"#, "`feed`: unknown variant"),
            (r#"{"type":"subscribe","board":7,"board":8}"#, "duplicate field `board`"),
            (r#"{"type":"unsubscribe","board":null}"#, "exactly one"),
            (r#"{"type":"auth"}"#, "missing field `token`"),
            (r#"{"type":"auth","token":{"a":1}}"#, "`token`: must be a string"),
            (r#"{"type":"presence","board":7}"#, "missing field `state`"),
            (r#"{"type":"presence","board":7,"state":[]}"#, "`state`: invalid type"),
        ] {
            let error = ClientMessage::parse(text).expect_err(text).to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }

    #[test]
    fn rt_message_what_is_said_of_a_bad_message_is_short_however_long_the_message() {
        let long = "\u{7f}".repeat(16_000);
        for text in [
            format!(r#"{{"type":"subscribe","board":"{long}"}}"#),
            format!(r#"{{"type":"{long}"}}"#),
            format!(r#"{{"type":"subscribe","board":7,"epoch":"{long}"}}"#),
            format!(r#"{{"type":"auth","token":["{long}"]}}"#),
        ] {
            let error = ClientMessage::parse(&text).expect_err("a bad message").to_string();
            assert!(error.len() < 400, "{} bytes", error.len());
        }
    }

    #[test]
    fn rt_message_an_event_names_its_board_by_board_id_also_where_it_holds_the_board() {
        for (wire, member) in [
            (json!({"type":"event","board":7,"board_id":7,"seq":1,"entity":"task"}), json!(7)),
            (
                json!({"type":"event","board_id":7,"seq":2,"entity":"board","board":{"id":7}}),
                json!({"id": 7}),
            ),
        ] {
            let message: ServerMessage = serde_json::from_value(wire).expect("parses");
            let ServerMessage::Event { board_id, event } = message else {
                panic!("not an event: {message:?}")
            };
            assert_eq!((board_id, &event["board"]), (board(7), &member));
        }
    }

    #[test]
    fn rt8_a_heartbeat_names_the_heads_by_board() {
        let heartbeat = ServerMessage::Heartbeat { heads: [(board(7), seq(57))].into() };
        let text = serde_json::to_string(&heartbeat).expect("serialises");
        assert_eq!(text, r#"{"type":"heartbeat","heads":{"7":57}}"#);
        assert_eq!(serde_json::from_str::<ServerMessage>(&text).expect("parses"), heartbeat);
    }

    #[test]
    fn rt_message_the_relays_messages_look_like_the_table() {
        for (message, wire) in [
            (
                ServerMessage::Welcome {
                    protocol: PROTOCOL,
                    user: "guest".into(),
                    heartbeat_ms: 25_000,
                    reconnect_jitter_ms: 3_000,
                    token_expires_at: None,
                },
                json!({"type":"welcome","protocol":1,"user":"guest","heartbeat_ms":25000,"reconnect_jitter_ms":3000}),
            ),
            (
                ServerMessage::Reset { board: board(7), seq: seq(57), reason: ResetReason::TooFar },
                json!({"type":"reset","board":7,"seq":57,"reason":"too-far"}),
            ),
            (
                ServerMessage::Unsubscribed {
                    board: board(7),
                    reason: UnsubscribedReason::Deleted,
                },
                json!({"type":"unsubscribed","board":7,"reason":"deleted"}),
            ),
            (
                ServerMessage::Error {
                    code: ErrorCode::TooManySubscriptions,
                    detail: "d".into(),
                    board: None,
                },
                json!({"type":"error","code":"too-many-subscriptions","detail":"d"}),
            ),
        ] {
            assert_eq!(serde_json::to_value(&message).expect("serialises"), wire);
            assert_eq!(serde_json::from_value::<ServerMessage>(wire).expect("parses"), message);
        }
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let message = ClientMessage::parse(r#"{"type":"auth","token":"s3cret"}"#).expect("parses");
        assert!(!format!("{message:?}").contains("s3cret"));
    }

    #[test]
    fn rfc_6455_a_close_reason_fits_into_a_control_frame() {
        for code in [
            CloseCode::Normal,
            CloseCode::ProtocolError,
            CloseCode::InvalidText,
            CloseCode::MessageTooBig,
            CloseCode::Restarting,
            CloseCode::NotTheProtocol,
            CloseCode::Unauthorized,
            CloseCode::DeadReader,
            CloseCode::TooManyConnections,
        ] {
            assert!(code.reason().len() <= 123, "{code:?}");
        }
    }
}
