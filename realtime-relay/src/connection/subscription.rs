//! What a connection is to be given: a board's events, or the admins' feed.

use super::Connection;
use crate::hub::{Board, Cursor, Membership};
use crate::presence::Seat;
use bytes::Bytes;
use shared::models::ActivityCursor;
use std::sync::Arc;

/// One subscription of a connection.
#[derive(Debug)]
pub struct Subscription {
    /// The board.
    pub board: Arc<Board<Connection>>,
    /// Where it stands.
    pub cursor: Cursor,
    /// Whose it is, where boards have members.
    pub member: Option<Membership>,
    /// Nothing is sent: whether the user is a member is being found out.
    pub(super) suspended: bool,
    /// Its place among those who are on the board, where that is told.
    pub(super) seat: Option<Seat>,
}

/// Where a listener stands in the admins' feed: what comes next is after the cursor, but for the frames that wait.
#[derive(Debug)]
pub struct FeedPlace {
    /// The last event that was read for it.
    pub cursor: ActivityCursor,
    /// The rest of the last page.
    pub waiting: Vec<Bytes>,
}
