//! The members of team boards.

use super::list::page;
use super::scalar::{DisplayName, Role, Timestamp, UserId, Username};
use utoipa::ToSchema;

/// A user who may see a board.
#[derive(ToSchema)]
pub(crate) struct Member {
    id: UserId,
    username: Username,
    role: Role,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A member with their display name, which only members of the same board see.
#[derive(ToSchema)]
pub(crate) struct MemberEntry {
    id: UserId,
    username: Username,
    display_name: DisplayName,
    role: Role,
    created_at: Timestamp,
    updated_at: Timestamp,
}

page! {
    /// Members, in the order of their ids.
    MemberPage of MemberEntry
}

/// What a member may do from now on.
#[derive(ToSchema)]
pub(crate) struct MemberRole {
    role: Role,
}
