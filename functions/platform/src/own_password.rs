//! The password of whoever is logged in, told once more before something that a stolen token must not do.

use crate::{Call, Failure, login_attempts, password_hashing, postgres, token_checker};
use shared::auth::{Claims, password};
use shared::data::sql;
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
        let row = token_checker::read_for(call, claims, sql::FIND_ME, []).await?;
        let hash = row.text(6)?;
        let right = password_hashing::hash(call, || password::verify(password, Some(hash))).await?;
        Ok(right.then(|| hash.to_owned()))
    });
    found.await?.ok_or_else(|| fault(pointer, "is not your password"))
}

/// One faulty field (422).
#[must_use]
pub fn fault(pointer: &str, detail: &str) -> Failure {
    Invalid(vec![FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }]).into()
}
