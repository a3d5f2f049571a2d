//! What a log-in asks for beside the password.

use super::one_of;
use super::scalar::{Guess, Timestamp, Token, TotpSecret};
use super::user::Login;
use utoipa::ToSchema;

one_of! {
    /// The response to the right password: a log-in, or its first step.
    LoginAnswer of Login, LoginFirstStep
}

/// The password was right, and a code is asked for.
#[derive(ToSchema)]
pub(crate) struct LoginFirstStep {
    second_factor: FirstStep,
}

/// The token for the second step.
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

/// A user's second factor.
#[derive(ToSchema)]
pub(crate) struct TotpStatus {
    /// Since when log-ins ask for a code; null if they do not.
    #[schema(required)]
    enabled_at: Option<Timestamp>,
    /// How many recovery codes are left.
    #[schema(maximum = 10)]
    recovery_codes: u64,
}

/// The user's own password.
#[derive(ToSchema)]
pub(crate) struct OwnPassword {
    password: Guess,
}

/// The secret from which an authenticator app makes codes. It is shown only once.
#[derive(ToSchema)]
pub(crate) struct TotpEnrolment {
    secret: TotpSecret,
    /// The same for a QR code.
    #[schema(pattern = "^otpauth://totp/")]
    uri: String,
}

/// The app's current code.
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

/// Each replaces a code of the app, once. They are shown only once.
#[derive(ToSchema)]
pub(crate) struct RecoveryCodes {
    #[schema(min_items = 10, max_items = 10)]
    recovery_codes: Vec<String>,
}
