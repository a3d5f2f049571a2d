//! The names of keys in Redis. What one command or script touches carries the same `{tag}`, so that
//! it lies on one node of a cluster.

use crate::models::BoardId;

/// Whose guesses of a password are counted together.
#[derive(Clone, Copy, Debug)]
pub enum Guesses<'a> {
    /// Those for a name from an address.
    OfNameFrom(&'a str, &'a str),
    /// Those from an address, for whatever name.
    From(&'a str),
    /// Those for a name, from wherever.
    OfName(&'a str),
    /// Those of links to new passwords from an address.
    OfLinksFrom(&'a str),
    /// Those of a user who is logged in, for their own password.
    OfUser(u64),
    /// Those for the codes of a user's app.
    OfCodes(u64),
    /// Those of recovery codes from an address.
    OfRecoveryFrom(&'a str),
}

impl Guesses<'_> {
    /// The guesses that were wrong.
    #[must_use]
    pub fn failed(self) -> String {
        format!("{}:failed", self.base())
    }

    /// The guesses that are being decided.
    #[must_use]
    pub fn open(self) -> String {
        format!("{}:open", self.base())
    }

    /// Those that wait for others to be decided.
    #[must_use]
    pub fn waiting(self) -> String {
        format!("{}:waiting", self.base())
    }

    fn base(self) -> String {
        match self {
            Self::OfNameFrom(name, address) => format!("{{login}}:name:{name}:address:{address}"),
            Self::From(address) => format!("{{login}}:address:{address}"),
            Self::OfName(name) => format!("{{login}}:name:{name}"),
            Self::OfLinksFrom(address) => format!("{{login}}:address:{address}:links"),
            Self::OfUser(user) => format!("{{login}}:user:{user}"),
            Self::OfCodes(user) => format!("{{login}}:user:{user}:codes"),
            Self::OfRecoveryFrom(address) => format!("{{login}}:address:{address}:recovery"),
        }
    }
}

/// The addresses from which somebody lately logged in by a name.
#[must_use]
pub fn login_addresses(name: &str) -> String {
    format!("{{login}}:name:{name}:addresses")
}

/// The registrations from an address.
#[must_use]
pub fn registrations_from(address: &str) -> String {
    format!("{{login}}:address:{address}:registered")
}

/// The mails that were asked for from an address.
#[must_use]
pub fn mails_from(address: &str) -> String {
    format!("{{login}}:address:{address}:mails")
}

/// How often what limits log-ins, registrations and mails refused one: a hash, fields `logins`,
/// `registrations` and `mails`.
pub const REFUSED: &str = "{login}:refused";

/// The passwords that are being hashed.
pub const PASSWORD_HASHES: &str = "{login}:hashes";

/// How many shards the boards are spread over. Everything of a shard lies on one node of a cluster.
pub const SHARDS: u64 = 16;

/// The shard of a board.
#[must_use]
pub fn shard(board: BoardId) -> u64 {
    board.get() % SHARDS
}

/// The stream of a board's events; an entry's id is `SEQ-0`, its field `event` the event as JSON.
#[must_use]
pub fn board_events(board: BoardId) -> String {
    format!("{{s{}}}:board:{board}:events", shard(board))
}

/// The cached document of a board as it is given to clients that take gzip, or to the others.
#[must_use]
pub fn board_document(board: BoardId, gzip: bool) -> String {
    let form = if gzip { ":gzip" } else { "" };
    format!("{{s{}}}:board:{board}:doc{form}", shard(board))
}

/// The cached analytics of a board: see `analytics_keep.lua`.
#[must_use]
pub fn board_analytics(board: BoardId) -> String {
    format!("{{s{}}}:board:{board}:analytics", shard(board))
}

/// The stream of all events of a shard's boards: fields `board`, `seq` and `event`.
#[must_use]
pub fn feed(shard: u64) -> String {
    format!("{{s{shard}}}:feed")
}

/// How the bytes of a stream or feed lie in it: a list of runs, the newest first, each the id of its
/// first entry, a space and its bytes.
#[must_use]
pub fn runs(stream: &str) -> String {
    format!("{stream}:runs")
}

/// Up to where everything of a shard's boards is published: an epoch, a space and the number of a
/// transaction, below which every event is in its board's stream. It is stored beside the streams, so
/// that a Redis that is set back to an earlier state also knows how far that is complete.
#[must_use]
pub fn swept(shard: u64) -> String {
    format!("{{s{shard}}}:swept")
}

/// Who is on a board through one relay: user → milliseconds since 1970, a space and the state as
/// JSON; and under the empty name the number of the relay's last change of it.
#[must_use]
pub fn presence(board: BoardId, relay: &str) -> String {
    format!("{{s{}}}:board:{board}:presence:{relay}", shard(board))
}

/// The channel on which relays share such changes on a shard's boards. Channels are
/// common to all databases of a Redis, hence the database's number.
#[must_use]
pub fn presence_channel(shard: u64, database: i64) -> String {
    format!("{{s{shard}}}:presence@{database}")
}

/// The relays that share presence: relay → when it last said that it lives.
pub const PRESENCE_RELAYS: &str = "{control}:presence";

/// The consumer group that counts every event of a feed once.
pub const MONITOR_GROUP: &str = "monitor";

/// For how many seconds after its end a minute's counts are kept.
pub const MONITOR_SECONDS: u64 = 2 * 60 * 60;

/// How many events a shard's boards had since Redis last lost its memory: a hash. Field `all` counts
/// all of them, `Move:task` and the like those of an action and an entity, `faulty` entries that are
/// no events. The sum over the shards is that of all boards.
#[must_use]
pub fn monitor_counts(shard: u64) -> String {
    format!("{{s{shard}}}:monitor:counts")
}

/// The same of one minute, counted since 1970, by when the events were published (Redis's clock). It
/// expires [`MONITOR_SECONDS`] after the minute's end.
#[must_use]
pub fn monitor_counts_of_minute(shard: u64, minute: u64) -> String {
    format!("{{s{shard}}}:monitor:counts:{minute}")
}

/// For how many seconds boards and people are counted together.
pub const MONITOR_SPAN: u64 = 600;

/// For how many seconds after its end such a span's counts are kept.
pub const MONITOR_SPAN_SECONDS: u64 = 60 * 60;

/// How many boards, and how many people, are counted separately in a span of a shard.
pub const MONITOR_NAMES: u64 = 1_000;

/// How many events each of a shard's boards had in one span of [`MONITOR_SPAN`], counted since 1970: a
/// hash of board → events.
#[must_use]
pub fn monitor_boards(shard: u64, span: u64) -> String {
    format!("{{s{shard}}}:monitor:boards:{span}")
}

/// How many events each user made on a shard's boards in such a span: a hash of username → events.
#[must_use]
pub fn monitor_people(shard: u64, span: u64) -> String {
    format!("{{s{shard}}}:monitor:people:{span}")
}

/// What else is counted of a shard since Redis last lost its memory: a hash. `reads` of boards that asked
/// the cache, `misses` among them, events that were `deferred` until the sweeper published them; and `since` when
/// the shard's events are counted, in seconds since 1970.
#[must_use]
pub fn statistics(shard: u64) -> String {
    format!("{{s{shard}}}:statistics")
}

/// What PostgreSQL counted of the hour that begins then (in seconds since 1970), where Redis had not: for a moment.
#[must_use]
pub fn events_counted(beginning: u64) -> String {
    format!("{{control}}:counted:{beginning}")
}

/// What each relay says of itself: relay → when, and its report.
pub const RELAY_REPORTS: &str = "{control}:relays";

/// The keys of one name each that all relays share, and of which type each of them is: where it is of
/// another, somebody else has left something there.
#[must_use]
pub fn shared_by_relays() -> Vec<(String, &'static str)> {
    let of_a_shard = |shard| {
        [(feed(shard), "stream"), (swept(shard), "string"), (monitor_counts(shard), "hash")]
    };
    let of_all = [(CONTROL_FEED, "stream"), (PRESENCE_RELAYS, "hash"), (EPOCH, "string")];
    let of_all = of_all.map(|(key, kind)| (key.to_owned(), kind));
    (0..SHARDS).flat_map(of_a_shard).chain(of_all).collect()
}

/// What the keys of all shards look like, and no others.
pub const OF_SHARDS: &str = "{s[0-9]*}:*";

/// The stream of what ends sockets: fields `user` (an id) and `reason`. Its readers check that
/// user's tokens again. An entry with the field `mail` instead says that one is to be sent.
pub const CONTROL_FEED: &str = "{control}:feed";

/// The epoch of the database whose events the streams hold: where PostgreSQL has another, it was
/// restored, and the streams hold what never happened.
pub const EPOCH: &str = "{control}:epoch";
