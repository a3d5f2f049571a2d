//! What a log-in asks for beside the password.

use super::one_of;
use super::scalar::{Guess, Timestamp, Token, TotpSecret};
use super::user::Login;
use utoipa::ToSchema;

one_of! {
    /// What the right password gives: a log-in, or the first step of one.
    LoginAnswer of Login, LoginFirstStep
}

/// The password was right, and a code is asked for.
#[derive(ToSchema)]
pub(crate) struct LoginFirstStep {
    second_factor: FirstStep,
}

/// What the second step is taken with.
#[derive(ToSchema)]
pub(crate) struct FirstStep {
    /// It logs nobody in.
    token: Token,
    /// Five minutes from now.
    expires_at: Timestamp,
}

/// The second step of a log-in.
#[derive(ToSchema)]
pub(crate) struct SecondStep {
    token: Guess,
    /// A code of the app, or a recovery code.
    code: Guess,
}

/// What a user has of codes.
#[derive(ToSchema)]
pub(crate) struct TotpStatus {
    /// Since when a log-in asks for a code; null: it asks for none.
    #[schema(required)]
    enabled_at: Option<Timestamp>,
    /// How many recovery codes are left.
    #[schema(maximum = 10)]
    recovery_codes: u64,
}

/// The user's own password, once more.
#[derive(ToSchema)]
pub(crate) struct OwnPassword {
    password: Guess,
}

/// What an authenticator app makes codes of. It is told this once.
#[derive(ToSchema)]
pub(crate) struct TotpEnrolment {
    secret: TotpSecret,
    /// The same for a QR code.
    #[schema(pattern = "^otpauth://totp/")]
    uri: String,
}

/// The app's present code.
#[derive(ToSchema)]
pub(crate) struct TotpConfirmation {
    code: Guess,
}

/// The user's own password, and a code of the app or a recovery code.
#[derive(ToSchema)]
pub(crate) struct PasswordAndCode {
    password: Guess,
    code: Guess,
}

/// Each stands in for a code of the app, once. They are told this once.
#[derive(ToSchema)]
pub(crate) struct RecoveryCodes {
    #[schema(min_items = 10, max_items = 10)]
    recovery_codes: Vec<String>,
}
