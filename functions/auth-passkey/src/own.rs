//! The user's own passkeys: listing them, and adding one.

use crate::ceremonies::{NewCredential, NewPasskey};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use platform::own_password::fault;
use platform::{Answer, Call, Failure, StatusCode, header, passkeys, postgres, token_checker};
use serde_json::{Value, json};
use shared::auth::Claims;
use shared::auth::challenge::Challenge;
use shared::data::sql;
use shared::models::DisplayName;

/// `{items}`, oldest first.
pub(super) async fn list(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let row = token_checker::read_for(call, &claims, sql::LIST_PASSKEYS, []).await?;
    let items: Value = serde_json::from_str(row.text(0)?).map_err(Failure::internal)?;
    Ok(Answer::json(StatusCode::OK, json!({"items": items}).to_string())
        .with(header::CACHE_CONTROL, "no-store"))
}

/// `{name, credential}` → 201 the passkey.
pub(super) async fn add(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let (name, passkey, challenge) = match asked(call, &claims).await {
        Ok(asked) => asked,
        Err(failure) => {
            // A revoked token learns nothing else.
            token_checker::read_for(call, &claims, sql::CHECK_TOKEN, []).await?;
            return Err(failure);
        }
    };
    let parameters = vec![
        postgres::text(&token_checker::asker(&claims).to_string()),
        postgres::text(&challenge.challenge),
        postgres::number(challenge.ends)?,
        postgres::text(&BASE64_STANDARD.encode(&passkey.credential_id)),
        postgres::text(&BASE64_STANDARD.encode(&passkey.public_key)),
        postgres::number(passkey.sign_count.into())?,
        postgres::Parameter::Boolean(passkey.backup_eligible),
        postgres::text(name.as_str()),
    ];
    let row = postgres::query_one(call, sql::PASSKEY_ADD, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("passkey_add gave no row"))?;
    Ok(Answer::json(StatusCode::CREATED, row.text(0)?.to_owned())
        .with(header::CACHE_CONTROL, "no-store"))
}

/// What the passkey is to be called, the passkey, and the challenge that it answers.
async fn asked(
    call: &Call,
    claims: &Claims,
) -> Result<(DisplayName, NewPasskey, Challenge), Failure> {
    let mut fields = call.fields()?;
    let name: Option<DisplayName> = fields.required("name");
    let credential: Option<NewCredential> = fields.required("credential");
    fields.finish()?;
    let (Some(name), Some(credential)) = (name, credential) else { return Err(unread()) };
    let party = passkeys::relying_party().await?;
    let challenge = passkeys::answered(credential.challenge()).await?;
    let challenge = challenge
        .filter(|ours| ours.adds_for == Some(passkeys::own(claims)))
        .ok_or_else(|| refused("answers no valid challenge of yours: ask for another one"))?;
    let passkey = credential.check(&party).map_err(|why| refused(&why.to_string()))?;
    Ok((name, passkey, challenge))
}

fn refused(why: &str) -> Failure {
    fault("/credential", why)
}

pub(super) fn unread() -> Failure {
    Failure::internal("a field that was neither read nor refused")
}
