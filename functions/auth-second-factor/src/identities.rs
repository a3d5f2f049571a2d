//! Linking and unlinking an identity at a provider (docs/contract/api.md, API-OIDC).

use crate::managing::shown;
use crate::proof::Asker;
use platform::{
    Answer, Call, Failure, StatusCode, header, oidc, passkeys, postgres, token_checker,
};
use serde_json::json;
use shared::data::sql;

/// `{password?, code?}` → 200 `{location}`: where the user goes to link an identity at the provider.
pub(super) async fn link(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let asker = Asker::prove(call, &claims, call.fields()?).await?;
    let link = Some(passkeys::own(&claims));
    let (location, cookie) = oidc::begin(call, oidc::ACCOUNT.to_owned(), link, false).await?;
    asker.use_code(call).await?;
    Ok(shown(&json!({"location": location}))?.with(header::SET_COOKIE, &cookie))
}

/// `{password?, code?}` → 204: it is no way to log in any more, and sessions that began with it end, except the caller's.
pub(super) async fn unlink(call: &Call) -> Result<Answer, Failure> {
    let identity = call.identity_id()?;
    let claims = token_checker::signed(call).await?;
    let asker = Asker::prove(call, &claims, call.fields()?).await?;
    asker.owns(4, identity.get(), "There is no such identity.")?;
    let parameters = vec![
        postgres::text(&token_checker::asker(&claims).to_string()),
        postgres::number(identity.get())?,
        postgres::text(&oidc::issuers().await?),
    ];
    asker.use_code(call).await?;
    postgres::query(call, sql::IDENTITY_UNLINK, parameters).await?;
    token_checker::tell_relays(call, claims.user_id).await;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
