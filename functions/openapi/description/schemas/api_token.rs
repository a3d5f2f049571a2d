//! Tokens for programs.

use super::list::page;
use super::scalar::{ApiTokenName, ApiTokenText, BoardId, BoardName, Scope, Timestamp, Username};
use utoipa::ToSchema;

/// What a token is for.
#[derive(ToSchema)]
pub(crate) struct NewApiToken {
    name: ApiTokenName,
    scope: Scope,
    /// The boards that it sees, of those that you are on; null is all of them.
    #[schema(min_items = 1, max_items = 20)]
    boards: Option<Vec<BoardId>>,
    /// Null is for ever.
    #[schema(minimum = 1, maximum = 365, default = 90)]
    expires_in_days: Option<u64>,
}

/// What a board's token is for.
#[derive(ToSchema)]
pub(crate) struct NewBoardApiToken {
    name: ApiTokenName,
    scope: Scope,
    /// Null is for ever.
    #[schema(minimum = 1, maximum = 365, default = 90)]
    expires_in_days: Option<u64>,
}

/// A board that a token sees.
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
            /// Those of its boards that whoever made it is on; null is all that they are on.
            #[schema(required)]
            boards: Option<Vec<ApiTokenBoard>>,
            created_by: Username,
            created_at: Timestamp,
            /// To a minute; null where it was never used.
            #[schema(required)]
            last_used_at: Option<Timestamp>,
            /// Null is never.
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
    /// A fresh token for a program, which is told this once.
    MadeApiToken token: ApiTokenText
}

page! {
    /// Tokens that count, newest first.
    ApiTokenPage of ApiToken
}
