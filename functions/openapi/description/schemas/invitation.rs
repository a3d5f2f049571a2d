//! Links by which people come in.

use super::list::page;
use super::scalar::{
    BoardId, BoardName, Count, DisplayName, EmailAddress, Guess, InvitationRole, Language,
    LinkToken, Role, Timestamp, Username,
};
use utoipa::ToSchema;

/// Who gets in by a link to a board, and for how long.
#[derive(ToSchema)]
pub(crate) struct NewInvitation {
    role: InvitationRole,
    #[schema(nullable = false, minimum = 1, maximum = 30, default = 7)]
    expires_in_days: Option<u64>,
    /// How often it may be used; null is as often as wanted.
    #[schema(minimum = 1, maximum = 1, default = 1)]
    uses: Option<u64>,
    /// Where a mail with the link goes.
    email: Option<EmailAddress>,
    language: Option<Language>,
}

/// For how long a link to an account counts.
#[derive(ToSchema)]
pub(crate) struct NewAccountInvitation {
    #[schema(nullable = false, minimum = 1, maximum = 30, default = 7)]
    expires_in_days: Option<u64>,
    /// How often it may be used; null is as often as wanted.
    #[schema(minimum = 1, maximum = 1, default = 1)]
    uses: Option<u64>,
    /// Where a mail with the link goes.
    email: Option<EmailAddress>,
    language: Option<Language>,
}

/// Defines an invitation with these fields beside those of all.
macro_rules! invitation {
    ($(#[doc = $doc:literal])+ $name:ident $($more:ident: $type:ty),*) => {
        $(#[doc = $doc])+
        #[derive(ToSchema)]
        pub(crate) struct $name {
            #[schema(minimum = 1)]
            id: u64,
            /// How often it may be used; null is as often as wanted.
            #[schema(required, minimum = 1, maximum = 1)]
            uses: Option<u64>,
            /// How often it was.
            used: Count,
            created_by: Username,
            created_at: Timestamp,
            expires_at: Timestamp,
            $($more: $type,)*
        }
    };
}

invitation! {
    /// A link to a board.
    Invitation role: InvitationRole
}
invitation! {
    /// A fresh link to a board. The token is told this once.
    MadeInvitation role: InvitationRole, token: LinkToken
}
invitation! {
    /// A link to an account.
    AccountInvitation
}
invitation! {
    /// A fresh link to an account. The token is told this once.
    MadeAccountInvitation token: LinkToken
}

page! {
    /// A board's invitations that count, newest first.
    InvitationPage of Invitation
}

page! {
    /// The admins' invitations that count, newest first.
    AccountInvitationPage of AccountInvitation
}

/// The token of a link.
#[derive(ToSchema)]
pub(crate) struct ShownLink {
    token: Guess,
}

/// Where an invitation leads.
#[derive(ToSchema)]
pub(crate) struct InvitationPreview {
    /// Null of an admin's, which leads to an account alone.
    #[schema(required)]
    board_name: Option<BoardName>,
    #[schema(required)]
    role: Option<InvitationRole>,
    invited_by: DisplayName,
    expires_at: Timestamp,
    /// Whether whoever has no account can get one with it.
    registers: bool,
}

/// Where somebody is a member now. Nulls of an admin's invitation, which leads to no board.
#[derive(ToSchema)]
pub(crate) struct Joined {
    #[schema(required)]
    board_id: Option<BoardId>,
    #[schema(required)]
    role: Option<Role>,
}
