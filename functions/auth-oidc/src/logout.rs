//! A provider reports that somebody logged out there (OpenID Connect Back-Channel Logout 1.0).

use crate::providers;
use crate::signatures::{Kind, Unchecked};
use platform::{Answer, Call, Failure, StatusCode, header, host, oidc, postgres, token_checker};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::oidc::{Expected, LogoutClaims, Provider};

/// `logout_token=…` as a form → 200: the log-ins that it names have ended, if there were any.
pub(super) async fn end(call: &Call) -> Result<Answer, Failure> {
    postgres::url().await?;
    let provider = oidc::provider_of(call).await?;
    let form = form_urlencoded::parse(call.body());
    let token =
        form.into_iter().find_map(|(name, value)| (name == "logout_token").then_some(value));
    let token = token.ok_or_else(|| refused("the form has none"))?;
    let claims = read(&provider, &token).await?;
    let mut parameters = [&provider.issuer, &claims.jti].map(|text| postgres::text(text)).to_vec();
    parameters.push(postgres::number(claims.remembered_until())?);
    parameters
        .extend([&claims.sub, &claims.sid].map(|text| postgres::optional_text(text.as_deref())));
    let rows = postgres::query(call, sql::IDENTITY_LOG_OUT, parameters).await?;
    if rows.is_empty() {
        return Err(refused("it was used before"));
    }
    for row in &rows {
        if let Some(user) = row.optional_number(0)? {
            token_checker::tell_relays(call, user).await;
        }
    }
    Ok(Answer::empty(StatusCode::OK).with(header::CACHE_CONTROL, "no-store"))
}

async fn read(provider: &Provider, token: &str) -> Result<LogoutClaims, Failure> {
    let unchecked = Unchecked::of(Kind::Logout, token).ok_or_else(|| refused("it is malformed"))?;
    let keys = providers::keys(provider, &unchecked).await?;
    let claims: LogoutClaims =
        unchecked.claims(&keys).ok_or_else(|| refused("no key of the provider signed it"))?;
    let checked = claims.check(&Expected { provider, now: host::now() });
    checked.map_err(|untrue| refused(&untrue.to_string()))?;
    Ok(claims)
}

fn refused(why: &str) -> Failure {
    let detail = format!("The logout token is not valid: {why}.");
    Failure::refused(ProblemKind::LogoutTokenInvalid, detail)
}
