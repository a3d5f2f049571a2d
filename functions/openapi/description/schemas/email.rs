//! E-mail addresses, and what goes by mail.

use super::scalar::{EmailAddress, Guess, Language, MailedAccount, Timestamp};
use utoipa::ToSchema;

/// A user's e-mail address.
#[derive(ToSchema)]
pub(crate) struct Email {
    /// The confirmed address; null if they have none.
    #[schema(required)]
    address: Option<EmailAddress>,
    /// When it was confirmed.
    #[schema(required)]
    verified_at: Option<Timestamp>,
    /// The address that they have yet to confirm; the one above stays in use until then.
    #[schema(required)]
    pending: Option<PendingEmail>,
}

/// An address to which a mail with a link was sent.
#[derive(ToSchema)]
pub(crate) struct PendingEmail {
    address: EmailAddress,
    /// When the link expires.
    expires_at: Timestamp,
}

/// An address to be confirmed.
#[derive(ToSchema)]
pub(crate) struct NewEmail {
    address: EmailAddress,
    /// Required if the user has one; others must have logged in through their provider within the last ten minutes.
    password: Option<Guess>,
    language: Option<Language>,
}

/// The language of the mail.
#[derive(ToSchema)]
pub(crate) struct MailWish {
    language: Option<Language>,
}

/// A request to remove one's address.
#[derive(ToSchema)]
pub(crate) struct EmailEnd {
    /// As in `NewEmail`.
    password: Option<Guess>,
}

/// The account whose password was forgotten.
#[derive(ToSchema)]
pub(crate) struct ForgottenPassword {
    account: MailedAccount,
    language: Option<Language>,
}
