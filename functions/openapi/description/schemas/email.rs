//! E-mail addresses, and what goes by mail.

use super::scalar::{EmailAddress, Guess, Language, MailedAccount, Timestamp};
use utoipa::ToSchema;

/// A user's e-mail address.
#[derive(ToSchema)]
pub(crate) struct Email {
    /// It is theirs; null: they have none.
    #[schema(required)]
    address: Option<EmailAddress>,
    /// Since when.
    #[schema(required)]
    verified_at: Option<Timestamp>,
    /// What they have to confirm yet; the one above stays theirs until then.
    #[schema(required)]
    pending: Option<PendingEmail>,
}

/// An address that a mail with a link went to.
#[derive(ToSchema)]
pub(crate) struct PendingEmail {
    address: EmailAddress,
    /// When the link ends.
    expires_at: Timestamp,
}

/// An address to be confirmed.
#[derive(ToSchema)]
pub(crate) struct NewEmail {
    address: EmailAddress,
    /// Of whoever has one; others have to have logged in by their provider within the last ten minutes.
    password: Option<Guess>,
    language: Option<Language>,
}

/// In which language the mail is.
#[derive(ToSchema)]
pub(crate) struct MailWish {
    language: Option<Language>,
}

/// Who wants to have no address any more.
#[derive(ToSchema)]
pub(crate) struct EmailEnd {
    /// As in `NewEmail`.
    password: Option<Guess>,
}

/// Whose password was forgotten.
#[derive(ToSchema)]
pub(crate) struct ForgottenPassword {
    account: MailedAccount,
    language: Option<Language>,
}
