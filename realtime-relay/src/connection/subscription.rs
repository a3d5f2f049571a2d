//! What a connection subscribes to: a board's events, or the admins' feed.

use super::Connection;
use crate::hub::{Board, Cursor, Membership};
use crate::presence::Seat;
use bytes::Bytes;
use shared::models::ActivityCursor;
use std::sync::Arc;

/// One subscription of a connection.
#[derive(Debug)]
pub struct Subscription {
    pub board: Arc<Board<Connection>>,
    /// Its position.
    pub cursor: Cursor,
    /// The member whose it is, in state-of-the-art mode.
    pub member: Option<Membership>,
    /// Nothing is sent while the user's membership is being checked.
    pub(super) suspended: bool,
    /// Its seat among those who are on the board, if presence is shown.
    pub(super) seat: Option<Seat>,
}

/// A listener's position in the admins' feed: what comes next is after the cursor, except for the frames that wait.
#[derive(Debug)]
pub struct FeedPlace {
    /// The last event that was read for it.
    pub cursor: ActivityCursor,
    /// The rest of the last page.
    pub waiting: Vec<Bytes>,
}
