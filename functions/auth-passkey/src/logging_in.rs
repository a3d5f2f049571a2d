//! A log-in by a passkey: neither a name nor a password, and no second step.

use crate::ceremonies::{Assertion, Known};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use platform::token_checker::{self, ByPasskey};
use platform::{Answer, Call, Failure, login_attempts, passkeys, postgres};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::passkeys::RelyingParty;

/// 200 `{public_key, expires_in}`: what the browser asks the user for.
pub(super) async fn begin(call: &Call) -> Result<Answer, Failure> {
    if !call.body().is_empty() {
        call.fields()?.finish()?;
    }
    let party = passkeys::relying_party().await?;
    Ok(passkeys::asked(&party.request(&passkeys::challenge(None).await?)))
}

/// `{credential}` → 200 `{user, token, expires_at}`.
pub(super) async fn log_in(call: &Call) -> Result<Answer, Failure> {
    let mut fields = call.fields()?;
    let assertion: Option<Assertion> = fields.required("credential");
    fields.finish()?;
    let assertion = assertion.ok_or_else(crate::own::unread)?;
    let party = passkeys::relying_party().await?;
    postgres::url().await?;
    let answer = login_attempts::limit_links(call, async || check(call, &party, &assertion).await);
    answer.await?.ok_or_else(|| {
        let detail = "This passkey is not valid here, or too much time has passed. Please try \
                      again, or log in another way.";
        Failure::refused(ProblemKind::PasskeyInvalid, detail)
    })
}

async fn check(
    call: &Call,
    party: &RelyingParty,
    assertion: &Assertion,
) -> Result<Option<Answer>, Failure> {
    let challenge = passkeys::answered(assertion.challenge()).await?;
    let Some(challenge) = challenge.filter(|ours| ours.adds_for.is_none()) else {
        return Ok(None);
    };
    let id = BASE64_STANDARD.encode(assertion.credential_id());
    let row = postgres::query_one(call, sql::FIND_PASSKEY, vec![postgres::text(&id)]).await?;
    let Some(row) = row else { return Ok(None) };
    let known = Known {
        public_key: row.text(7)?,
        sign_count: row.number(8)?,
        backup_eligible: row.truth(9)?,
        handle: row.text(10)?,
    };
    let passkey = row.number(6)?;
    match assertion.check(party, known) {
        Ok(sign_count) => {
            let (user, generation) = token_checker::user(&row)?;
            let by = ByPasskey { passkey, sign_count, challenge: &challenge };
            token_checker::log_in_by_passkey(call, &user, generation, by).await
        }
        Err(refused) => {
            // Only the log has the reason, and only for known passkeys, so strangers do not fill it.
            Failure::internal(format_args!("passkey {passkey} {refused}")).log(call.request_id());
            Ok(None)
        }
    }
}
