//! The labels within a family of metrics.

use super::kinds::{Label, labels};
use crate::websocket::Refusal;
use shared::protocol::{CloseCode, ResetReason};

/// How somebody is connected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Transport {
    /// A guest of quick-win mode by WebSocket.
    QuickWinWebSocket,
    /// An account by WebSocket.
    TeamsWebSocket,
    /// A guest of quick-win mode by event stream.
    QuickWinEventStream,
    /// An account by event stream.
    TeamsEventStream,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MailOutcome {
    /// The server took it.
    Sent,
    /// It will be tried again.
    Deferred,
    /// The server does not take it, or it was tried too often.
    Refused,
    /// Its time was over.
    Expired,
    /// Its link is no longer valid.
    Obsolete,
    /// Too many went to its address.
    Limited,
    /// There is no account for it.
    Nobody,
}

impl MailOutcome {
    /// As the database writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Obsolete => "obsolete",
            Self::Limited => "limited",
            Self::Nobody => "nobody",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.name() == name)
    }
}

impl Label for Transport {
    const ALL: &'static [Self] = &[
        Self::QuickWinWebSocket,
        Self::TeamsWebSocket,
        Self::QuickWinEventStream,
        Self::TeamsEventStream,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::QuickWinWebSocket => r#"mode="quick-win",transport="websocket""#,
            Self::TeamsWebSocket => r#"mode="teams",transport="websocket""#,
            Self::QuickWinEventStream => r#"mode="quick-win",transport="sse""#,
            Self::TeamsEventStream => r#"mode="teams",transport="sse""#,
        }
    }
}

/// Why a handshake was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RefusedHandshake {
    /// It is not a WebSocket handshake.
    NotAnUpgrade,
    /// Another version of WebSocket.
    Version,
    /// Without a good key.
    Key,
    /// Without a `Host`, or with a body.
    Malformed,
    /// A page of an origin that is not listed.
    ForeignOrigin,
    /// The relay is about to end.
    Draining,
    /// The limit of sockets is reached.
    Full,
    /// Guests have as many sockets as they may.
    GuestsFull,
    /// This user, or guests from this address, have as many event streams and sockets as they may.
    /// (A WebSocket is closed with 4409 instead.)
    TooMany,
    /// It has no databases, so there are no accounts.
    NotConfigured,
}

impl From<Refusal> for RefusedHandshake {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAnUpgrade => Self::NotAnUpgrade,
            Refusal::Version => Self::Version,
            Refusal::Key => Self::Key,
            Refusal::Host | Refusal::Body => Self::Malformed,
        }
    }
}

labels!(RefusedHandshake, "reason", {
    NotAnUpgrade: "not-an-upgrade",
    Version: "version",
    Key: "key",
    Malformed: "malformed",
    ForeignOrigin: "foreign-origin",
    Draining: "draining",
    Full: "full",
    GuestsFull: "guests-full",
    TooMany: "too-many",
    NotConfigured: "not-configured",
});

/// Something outside that the relay asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Store {
    /// The functions, for quick-win boards.
    Functions,
    Postgres,
    Redis,
}

labels!(Store, "store", { Functions: "functions", Postgres: "postgresql", Redis: "redis" });

/// What became of an event that was offered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Offered {
    /// It was the next one.
    Appended,
    /// Its predecessor is missing: it waits for it.
    Early,
    /// It was there already.
    Duplicate,
    /// It belongs to another history than the known one: the owner will look.
    Foreign,
    /// Nobody watches the board.
    Unwatched,
}

labels!(Offered, "outcome", {
    Appended: "appended",
    Early: "early",
    Duplicate: "duplicate",
    Foreign: "foreign",
    Unwatched: "unwatched",
});

/// Where replayed events came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReplaySource {
    /// The board's ring.
    Ring,
    /// Read back from this store.
    Source(Store),
}

impl Label for ReplaySource {
    const ALL: &'static [Self] = &[
        Self::Ring,
        Self::Source(Store::Functions),
        Self::Source(Store::Redis),
        Self::Source(Store::Postgres),
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Ring => r#"source="ring""#,
            Self::Source(Store::Functions) => r#"source="functions""#,
            Self::Source(Store::Redis) => r#"source="redis""#,
            Self::Source(Store::Postgres) => r#"source="postgresql""#,
        }
    }
}

/// Who found what was committed and not delivered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sweep {
    /// Who publishes to Redis what is missing there.
    Sweeper,
    /// Who compares the watched boards with PostgreSQL.
    SafetyNet,
}

labels!(Sweep, "by", { Sweeper: "sweeper", SafetyNet: "safety-net" });

/// What became of an entry in the hands of the consumer group.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Monitored {
    Counted,
    /// Another consumer had counted it.
    Duplicate,
    /// Counted, though it is no event.
    Faulty,
}

labels!(Monitored, "outcome", {
    Counted: "counted",
    Duplicate: "duplicate",
    Faulty: "faulty",
});

/// What became of a span that ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SpanOutcome {
    /// The collector has it.
    Exported,
    /// The collector did not take it.
    Failed,
    /// There was no room for it to wait.
    Dropped,
}

labels!(SpanOutcome, "outcome", {
    Exported: "exported",
    Failed: "failed",
    Dropped: "dropped",
});

labels!(MailOutcome, "outcome", {
    Sent: "sent",
    Deferred: "deferred",
    Refused: "refused",
    Expired: "expired",
    Obsolete: "obsolete",
    Limited: "limited",
    Nobody: "nobody",
});

labels!(ResetReason, "reason", { TooFar: "too-far", Epoch: "epoch" });

labels!(CloseCode, "code", {
    Normal: "1000",
    ProtocolError: "1002",
    InvalidText: "1007",
    MessageTooBig: "1009",
    Restarting: "1012",
    NotTheProtocol: "4400",
    Unauthorized: "4401",
    DeadReader: "4408",
    TooManyConnections: "4409",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_labelled_with_its_own_number() {
        for code in CloseCode::ALL {
            assert_eq!(code.label(), format!("code=\"{}\"", code.code()));
        }
    }
}
