//! The names of keys in Redis. What one command or script touches carries the same `{tag}`, so that
//! it lies on one node of a cluster.

use crate::models::{BoardId, UserId};

/// What is known of one token: `good` or `revoked`.
#[must_use]
pub fn token(user: UserId, jti: &str) -> String {
    format!("{{user:{user}}}:token:{jti}")
}

/// The first generation of a user's tokens that counts, and the older token that does as well:
/// `4 g2-5f1c…`.
#[must_use]
pub fn token_generation(user: UserId) -> String {
    format!("{{user:{user}}}:tokens")
}

/// The failed attempts to log in by a name.
#[must_use]
pub fn login_failures_of_name(name: &str) -> String {
    format!("{{login}}:name:{name}:failed")
}

/// The attempts to log in by a name that are being decided.
#[must_use]
pub fn login_attempts_of_name(name: &str) -> String {
    format!("{{login}}:name:{name}:open")
}

/// The failed attempts to log in from an address.
#[must_use]
pub fn login_failures_from(address: &str) -> String {
    format!("{{login}}:address:{address}:failed")
}

/// The attempts to log in from an address that are being decided.
#[must_use]
pub fn login_attempts_from(address: &str) -> String {
    format!("{{login}}:address:{address}:open")
}

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

/// The cached document of a board, which only scripts read and write.
#[must_use]
pub fn board_document(board: BoardId) -> String {
    format!("{{s{}}}:board:{board}:doc", shard(board))
}

/// The stream of all events of a shard's boards: fields `board`, `seq` and `event`.
#[must_use]
pub fn feed(shard: u64) -> String {
    format!("{{s{shard}}}:feed")
}

/// What the keys of all shards look like, and no others.
pub const OF_SHARDS: &str = "{s[0-9]*}:*";

/// The stream of what ends sockets: fields `user` (an id) and `reason`. Whoever reads it checks that
/// user's tokens again.
pub const CONTROL_FEED: &str = "{control}:feed";

/// The epoch of the database whose events the streams hold: where PostgreSQL has another, it was
/// restored, and the streams hold what never happened.
pub const EPOCH: &str = "{control}:epoch";
