//! What admins see of everybody.

use super::event::{Actor, Event};
use super::list::page;
use super::one_of;
use super::scalar::{
    ActivityCursor, BoardId, BoardName, Changes, ColumnKey, DisplayName, Seq, Timestamp, UserId,
    UserRole, Username,
};
use utoipa::ToSchema;

/// A user, as admins see them.
#[derive(ToSchema)]
pub(crate) struct AdminUser {
    id: UserId,
    username: Username,
    display_name: DisplayName,
    role: UserRole,
    /// A disabled user can neither log in nor use a token.
    disabled: bool,
    created_at: Timestamp,
    /// When they last logged in, had a socket open (to a minute) or changed a board.
    #[schema(required)]
    last_seen_at: Option<Timestamp>,
    /// How many of their tokens are valid.
    #[schema(minimum = 0)]
    sessions: u64,
}

page! {
    /// Users, in the order of their ids.
    AdminUserPage of AdminUser
}

/// A merge patch of what a user may do.
#[derive(ToSchema)]
pub(crate) struct AdminUserPatch {
    #[schema(nullable = false)]
    role: Option<UserRole>,
    #[schema(nullable = false)]
    disabled: Option<bool>,
}

/// A user as an event shows them.
#[derive(ToSchema)]
pub(crate) struct UserInEvent {
    id: UserId,
    username: Username,
    display_name: DisplayName,
    role: UserRole,
    disabled: bool,
    created_at: Timestamp,
}

/// What the event is about.
#[derive(ToSchema)]
pub(crate) enum UserEntity {
    #[schema(rename = "user")]
    Only,
}

/// What was done.
#[derive(ToSchema)]
pub(crate) enum UserAction {
    Update,
}

/// An admin changed what a user may do.
#[derive(ToSchema)]
pub(crate) struct UserEvent {
    /// Its place among the events of users.
    seq: Seq,
    #[schema(inline)]
    action: UserAction,
    #[schema(inline)]
    entity: UserEntity,
    /// The user after the change.
    user: UserInEvent,
    changes: Changes,
    actor: Actor,
    timestamp: Timestamp,
}

one_of! {
    /// One change of one board or of a user; `entity` says of what.
    Activity of Event, UserEvent
}

/// A part of everything that happened, in commit order.
#[derive(ToSchema)]
pub(crate) struct ActivityPage {
    items: Vec<Activity>,
    /// The `after` of the next page in this order; null if there is no more for now.
    #[schema(required)]
    next_after: Option<ActivityCursor>,
    /// Where to continue with what happens next, here or in the WebSocket feed.
    cursor: ActivityCursor,
}

/// What the servers are doing. While Redis is unavailable, everything from it is null.
#[derive(ToSchema)]
pub(crate) struct AdminStats {
    at: Timestamp,
    stores: StoreStates,
    users: UserCounts,
    boards: BoardCounts,
    tasks: TaskCounts,
    #[schema(required)]
    events: Option<EventCounts>,
    #[schema(required)]
    people: Option<ActivePeople>,
    /// The ten with most events in the last hour.
    #[schema(required, max_items = 10)]
    busiest_boards: Option<Vec<BusyBoard>>,
    /// Open connections of all relays.
    #[schema(required, minimum = 0)]
    connections: Option<u64>,
    /// Those that reported within ten seconds.
    #[schema(required)]
    relays: Option<Vec<RelayReport>>,
    #[schema(required)]
    latency: Option<Latencies>,
    #[schema(required)]
    stream: Option<StreamLag>,
    #[schema(required)]
    cache: Option<CacheUse>,
    #[schema(required)]
    deliveries: Option<Deliveries>,
}

/// Whether a store answers.
#[derive(ToSchema)]
pub(crate) enum StoreState {
    #[schema(rename = "ok")]
    Ok,
    #[schema(rename = "unavailable")]
    Unavailable,
    #[schema(rename = "not configured")]
    NotConfigured,
}

/// Whether the stores answer.
#[derive(ToSchema)]
pub(crate) struct StoreStates {
    postgresql: StoreState,
    redis: StoreState,
}

/// How many users there are.
#[derive(ToSchema)]
pub(crate) struct UserCounts {
    #[schema(minimum = 0)]
    total: u64,
    #[schema(minimum = 0)]
    admins: u64,
    #[schema(minimum = 0)]
    disabled: u64,
}

/// How many boards there are.
#[derive(ToSchema)]
pub(crate) struct BoardCounts {
    /// All except the deleted ones.
    #[schema(minimum = 0)]
    total: u64,
    #[schema(minimum = 0)]
    archived: u64,
    /// Those in the trash.
    #[schema(minimum = 0)]
    deleted: u64,
}

/// How many tasks there are on boards that are not deleted.
#[derive(ToSchema)]
pub(crate) struct TaskCounts {
    #[schema(minimum = 0)]
    total: u64,
    /// By the columns' keys over all boards, largest count first.
    #[schema(max_items = 50)]
    by_column: Vec<ColumnCount>,
}

/// How many tasks there are in columns with this key.
#[derive(ToSchema)]
pub(crate) struct ColumnCount {
    column: ColumnKey,
    #[schema(minimum = 1)]
    tasks: u64,
}

/// How much happened in the last 60 minutes.
#[derive(ToSchema)]
pub(crate) struct EventCounts {
    /// Oldest first; the last one is not over yet.
    #[schema(min_items = 60, max_items = 60)]
    per_minute: Vec<MinuteCount>,
    /// By action and entity, such as `Move:task`.
    by_kind: std::collections::BTreeMap<String, u64>,
}

/// How much happened in a minute.
#[derive(ToSchema)]
pub(crate) struct MinuteCount {
    /// When it began.
    minute: Timestamp,
    #[schema(minimum = 0)]
    events: u64,
}

/// Who changed boards in the last hour.
#[derive(ToSchema)]
pub(crate) struct ActivePeople {
    #[schema(minimum = 0)]
    active: u64,
    #[schema(max_items = 10)]
    busiest: Vec<BusyPerson>,
}

/// Somebody, and how much they did.
#[derive(ToSchema)]
pub(crate) struct BusyPerson {
    username: Username,
    #[schema(minimum = 1)]
    events: u64,
}

/// A board, and how much happened to it.
#[derive(ToSchema)]
pub(crate) struct BusyBoard {
    board_id: BoardId,
    /// Null if the board is gone.
    #[schema(required)]
    name: Option<BoardName>,
    #[schema(minimum = 1)]
    events: u64,
}

/// What a relay reports about itself.
#[derive(ToSchema)]
pub(crate) struct RelayReport {
    /// A name that no other relay has.
    #[schema(min_length = 1)]
    relay: String,
    version: String,
    started_at: Timestamp,
    reported_at: Timestamp,
    #[schema(minimum = 0)]
    connections: u64,
    /// How many of these are guests'.
    #[schema(minimum = 0)]
    guests: u64,
    #[schema(minimum = 0)]
    subscriptions: u64,
    /// Boards in its memory.
    #[schema(minimum = 0)]
    boards: u64,
    /// How far it is behind the feeds that it reads.
    #[schema(required, minimum = 0)]
    feed_lag_ms: Option<u64>,
    #[schema(required)]
    publish_to_socket: Option<Latency>,
    #[schema(required)]
    write_to_glass: Option<Latency>,
}

/// How long events of the last minute took.
#[derive(ToSchema)]
pub(crate) struct Latency {
    /// The number of measurements.
    #[schema(minimum = 1)]
    events: u64,
    /// Half of them took no longer, in milliseconds.
    #[schema(minimum = 0)]
    p50_ms: f64,
    /// 99 % of them took no longer.
    #[schema(minimum = 0)]
    p99_ms: f64,
}

/// Of all relays together; null if nothing was delivered.
#[derive(ToSchema)]
pub(crate) struct Latencies {
    /// From the entry in Redis to the last write to a follower who keeps up.
    #[schema(required)]
    publish_to_socket: Option<Latency>,
    /// The same from the event's `timestamp`.
    #[schema(required)]
    write_to_glass: Option<Latency>,
}

/// What was published and not yet counted.
#[derive(ToSchema)]
pub(crate) struct StreamLag {
    /// Given to no consumer.
    #[schema(minimum = 0)]
    lag_entries: u64,
    /// Given to one, but not counted.
    #[schema(minimum = 0)]
    pending_entries: u64,
}

/// Boards read through the cache since Redis last lost its data.
#[derive(ToSchema)]
pub(crate) struct CacheUse {
    #[schema(minimum = 0)]
    hits: u64,
    #[schema(minimum = 0)]
    misses: u64,
    /// Null before the first.
    #[schema(required, minimum = 0, maximum = 1)]
    hit_rate: Option<f64>,
}

/// How events were delivered.
#[derive(ToSchema)]
pub(crate) struct Deliveries {
    /// Events that the sweeper delivered, since Redis last lost its data.
    #[schema(minimum = 0)]
    deferred: u64,
}
