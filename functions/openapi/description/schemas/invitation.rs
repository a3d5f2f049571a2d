//! Links by which people come in.

use super::list::page;
use super::scalar::{
    BoardId, BoardName, Count, DisplayName, EmailAddress, Guess, InvitationRole, Language,
    LinkToken, Role, Timestamp, Username,
};
use utoipa::ToSchema;

/// What a new link to a board gives, and for how long.
#[derive(ToSchema)]
pub(crate) struct NewInvitation {
    role: InvitationRole,
    #[schema(nullable = false, minimum = 1, maximum = 30, default = 7)]
    expires_in_days: Option<u64>,
    /// How often it may be used; null for any number of times.
    #[schema(minimum = 1, maximum = 1, default = 1)]
    uses: Option<u64>,
    /// The address to which a mail with the link is sent.
    email: Option<EmailAddress>,
    language: Option<Language>,
}

/// For how long a link for a new account is valid.
#[derive(ToSchema)]
pub(crate) struct NewAccountInvitation {
    #[schema(nullable = false, minimum = 1, maximum = 30, default = 7)]
    expires_in_days: Option<u64>,
    /// How often it may be used; null for any number of times.
    #[schema(minimum = 1, maximum = 1, default = 1)]
    uses: Option<u64>,
    /// The address to which a mail with the link is sent.
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
            /// How often it may be used; null for any number of times.
            #[schema(required, minimum = 1, maximum = 1)]
            uses: Option<u64>,
            /// How often it was used.
            used: Count,
            created_by: Username,
            /// Whether it is valid now: its maker may still create such links.
            active: bool,
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
    /// A fresh link to a board. The token is shown only once.
    MadeInvitation role: InvitationRole, token: LinkToken
}
invitation! {
    /// A link for a new account.
    AccountInvitation
}
invitation! {
    /// A fresh link for a new account. The token is shown only once.
    MadeAccountInvitation token: LinkToken
}

page! {
    /// A board's invitations that have not expired and are not used up, newest first.
    InvitationPage of Invitation
}

page! {
    /// The admins' invitations that have not expired and are not used up, newest first.
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
    /// Null for an admin's, which only gives an account.
    #[schema(required)]
    board_name: Option<BoardName>,
    #[schema(required)]
    role: Option<InvitationRole>,
    invited_by: DisplayName,
    expires_at: Timestamp,
    /// Whether people without an account can get one with it.
    registers: bool,
}

/// The board that the user joined. Nulls for an admin's invitation, which leads to no board.
#[derive(ToSchema)]
pub(crate) struct Joined {
    #[schema(required)]
    board_id: Option<BoardId>,
    #[schema(required)]
    role: Option<Role>,
}
