//! The password of whoever is logged in, told once more before something that a stolen token must not do.

use crate::{Call, Failure, login_attempts, password_hashing, token_checker};
use shared::auth::{Claims, password};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::PasswordGuess;
use shared::validation::{FieldError, Invalid};

/// The hash of the user's password, if this, which stands at `pointer`, is it. Guesses are limited: a
/// stolen token must not find out the password.
///
/// # Errors
/// 422 where it is not, 429 after too many of them, 401 where the token is revoked, 503 where a store is
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

/// The same of a user who may have no password: then nothing stands there, and they have to have logged in by a provider
/// or a passkey just now; there is no hash. `missing` is where it stands, and what is said where one is wanted.
///
/// # Errors
/// As [`check`]; 403 where they have none and their log-in is too old.
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
            let detail = "Log in by your provider or a passkey once more first: it is more than ten minutes ago.";
            Err(Failure::refused(ProblemKind::ReauthenticationRequired, detail))
        }
    }
}

/// One faulty field (422).
#[must_use]
pub fn fault(pointer: &str, detail: &str) -> Failure {
    Invalid(vec![FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }]).into()
}
