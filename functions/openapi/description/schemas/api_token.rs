//! Tokens for programs.

use super::list::page;
use super::scalar::{
    ApiTokenName, ApiTokenText, BoardId, BoardName, NewApiTokenName, Scope, Timestamp, Username,
};
use utoipa::ToSchema;

/// What a token is for.
#[derive(ToSchema)]
pub(crate) struct NewApiToken {
    name: NewApiTokenName,
    scope: Scope,
    /// The boards that it gives access to, of those of which you are a member; null for all of them.
    #[schema(min_items = 1, max_items = 20)]
    boards: Option<Vec<BoardId>>,
    /// Null for one that never expires.
    #[schema(minimum = 1, maximum = 365, default = 90)]
    expires_in_days: Option<u64>,
}

/// What a board's token is for.
#[derive(ToSchema)]
pub(crate) struct NewBoardApiToken {
    name: NewApiTokenName,
    scope: Scope,
    /// Null for one that never expires.
    #[schema(minimum = 1, maximum = 365, default = 90)]
    expires_in_days: Option<u64>,
}

/// A board that a token gives access to.
#[derive(ToSchema)]
pub(crate) struct ApiTokenBoard {
    id: BoardId,
    name: BoardName,
}

/// Defines a token with these fields beside those of all.
macro_rules! token {
    ($(#[doc = $doc:literal])+ $name:ident $($more:ident: $type:ty),*) => {
        $(#[doc = $doc])+
        #[derive(ToSchema)]
        pub(crate) struct $name {
            #[schema(minimum = 1)]
            id: u64,
            name: ApiTokenName,
            scope: Scope,
            /// Those of its boards of which its maker is a member; null for all of these.
            #[schema(required)]
            boards: Option<Vec<ApiTokenBoard>>,
            /// The board whose token it is; null for a personal one.
            #[schema(required)]
            board_id: Option<BoardId>,
            created_by: Username,
            created_at: Timestamp,
            /// To a minute; null if it was never used.
            #[schema(required)]
            last_used_at: Option<Timestamp>,
            /// Null for never.
            #[schema(required)]
            expires_at: Option<Timestamp>,
            $($more: $type,)*
        }
    };
}

token! {
    /// A token for a program.
    ApiToken
}
token! {
    /// A fresh token for a program, shown only once.
    MadeApiToken token: ApiTokenText
}

page! {
    /// Valid tokens, newest first.
    ApiTokenPage of ApiToken
}
