//! The user's own password, given again before something that a stolen token must not do.

use crate::{Call, Failure, login_attempts, password_hashing, token_checker};
use shared::auth::{Claims, password};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::PasswordGuess;
use shared::validation::{FieldError, Invalid};

/// The hash of the user's password, if this, from the field `pointer`, is it. Guesses are limited: a
/// stolen token must not find out the password.
///
/// # Errors
/// 422 if it is not, 429 after too many of them, 401 if the token is revoked, 503 if a store is
/// away.
pub async fn check(
    call: &Call,
    claims: &Claims,
    password: &PasswordGuess,
    pointer: &str,
) -> Result<String, Failure> {
    let found = login_attempts::limit_own(call, claims.user_id, async || {
        let row = token_checker::read_for(call, claims, sql::FIND_PROOF, []).await?;
        let hash = row.optional_text(0)?;
        let right = password_hashing::hash(call, || password::verify(password, hash)).await?;
        Ok(hash.filter(|_| right).map(str::to_owned))
    });
    found.await?.ok_or_else(|| fault(pointer, "is not your password"))
}

/// The same for a user who may have no password: then it is absent, and they must have logged in with a provider or a
/// passkey just now; there is no hash. `missing` is its field, and the fault if one is required.
///
/// # Errors
/// As [`check`]; 403 if they have none and their log-in is too old.
pub async fn prove(
    call: &Call,
    claims: &Claims,
    password: Option<&PasswordGuess>,
    (pointer, missing): (&str, &str),
) -> Result<Option<String>, Failure> {
    if let Some(password) = password {
        return check(call, claims, password, pointer).await.map(Some);
    }
    let row = token_checker::read_for(call, claims, sql::FIND_PROOF, []).await?;
    match (row.optional_text(0)?, row.truth(1)?) {
        (Some(_), _) => Err(fault(pointer, missing)),
        (None, true) => Ok(None),
        (None, false) => {
            let detail = "Log in again with your provider or a passkey first: your last log-in was \
                          more than ten minutes ago.";
            Err(Failure::refused(ProblemKind::ReauthenticationRequired, detail))
        }
    }
}

/// One faulty field (422).
#[must_use]
pub fn fault(pointer: &str, detail: &str) -> Failure {
    Invalid(vec![FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }]).into()
}
