//! The records of a run: one JSON object per line.

use crate::Json;
use serde::{Deserialize, Serialize};

/// One line of a recording.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Entry {
    /// Milliseconds since the recording began.
    pub at: u64,
    #[serde(flatten)]
    pub record: Record,
}

/// A record's content. Clients have names that are unique in a recording; a client's connections
/// are numbered, and so are the subscriptions on each of them.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// A write was sent; the same key may be sent again when no answer came.
    Sent {
        client: String,
        /// Its idempotency key, unique in the recording.
        key: String,
        board: u64,
    },
    /// A write was answered with success.
    Acknowledged {
        /// The sender.
        client: String,
        key: String,
        board: u64,
        /// The number of its event.
        seq: u64,
    },
    /// The truth: an event of the board's log, read from the store at the end of the run.
    Committed {
        board: u64,
        seq: u64,
        /// The event of docs/contract/api.md.
        event: Json,
    },
    /// The truth: the board document at the end of the run.
    Final {
        board: u64,
        /// The document of docs/contract/api.md; its `seq` is the last event in it.
        document: Json,
    },
    /// A client fetched a snapshot, from which its replica starts (again).
    Snapshot {
        client: String,
        board: u64,
        /// The document of docs/contract/api.md.
        document: Json,
    },
    /// A client's replica at the end of the run.
    Replica { client: String, board: u64, document: Json },
    Subscribe {
        client: String,
        connection: u64,
        board: u64,
        /// The cursor; if absent: from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<u64>,
    },
    /// The relay granted a subscription.
    Subscribed {
        client: String,
        connection: u64,
        board: u64,
        /// The head that the relay sent.
        seq: u64,
        /// The database's epoch that the relay sent.
        epoch: String,
    },
    Received {
        client: String,
        connection: u64,
        board: u64,
        seq: u64,
        /// The event of docs/contract/api.md.
        event: Json,
    },
    /// The relay ended a subscription with `reset`.
    Reset {
        client: String,
        connection: u64,
        board: u64,
        /// The head that the relay sent.
        seq: u64,
        /// Why: `too-far` or `epoch`.
        reason: String,
    },
    /// A subscription ended with `unsubscribed` or with an error.
    Unsubscribed {
        client: String,
        connection: u64,
        board: u64,
        /// Why: `removed`, `deleted`, `requested`, or the error's code.
        reason: String,
    },
    /// A heartbeat had the head of a board.
    Head { client: String, connection: u64, board: u64, seq: u64 },
    Closed {
        client: String,
        connection: u64,
        /// The close code; none if the connection broke.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u16>,
    },
}
