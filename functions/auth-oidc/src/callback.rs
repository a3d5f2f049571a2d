//! The way back from a provider. It is a page's address, so whatever goes wrong ends at a page of the app, with a word
//! that the app says in the user's language.

use crate::page::{LOGIN, failed, to_page};
use crate::providers::{self, NoToken};
use crate::signatures::{Kind, Unchecked};
use http::HeaderValue;
use platform::invitation::Registration;
use platform::oidc::{self, ACCOUNT};
use platform::token_checker::{ByProvider, log_in_by_provider};
use platform::{
    Answer, Call, Failure, StatusCode, credential, header, host, login_attempts, postgres,
    token_checker,
};
use shared::auth::flow::{Flow, Linking};
use shared::data::sql;
use shared::oidc::{Expected, IdClaims, Provider};

/// Why nobody is logged in.
enum Trouble {
    /// One of the contract's words.
    Word(&'static str),
    /// The answer to another log-in than the one this browser began last, or to none: that one goes on.
    Another,
    /// Something else failed; its kind decides the word.
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// 303 to the app, logged in or not.
pub(super) async fn finish(call: &Call) -> Result<Answer, Failure> {
    let id = call.provider_id().unwrap_or_default();
    let mut page = LOGIN;
    let mut answer = match attempt(call, &mut page).await {
        Ok(answer) => answer,
        Err(Trouble::Word(word)) => to_page(page, word),
        Err(Trouble::Another) => return Ok(to_page(page, "expired")),
        Err(Trouble::Failed(failure)) => failed(call, &failure, page),
    };
    if let Ok(cleared) = HeaderValue::from_str(&oidc::cookie(&id, "", 0).await) {
        answer.headers.append(header::SET_COOKIE, cleared);
    }
    Ok(answer)
}

async fn attempt(call: &Call, page: &mut &'static str) -> Result<Answer, Trouble> {
    let provider = oidc::provider_of(call).await?;
    let keys = token_checker::keys().await?;
    let flow = credential::cookie_of(call, oidc::COOKIE)
        .and_then(|cookie| Flow::open(cookie, &keys, &provider.id, host::now()).ok())
        .ok_or(Trouble::Word("expired"))?;
    if flow.link.is_some() {
        *page = ACCOUNT;
    }
    let parameter = |name, most| call.query_text(name, most).ok().flatten();
    if parameter("state", 128).as_ref() != Some(&flow.state) {
        return Err(Trouble::Another);
    }
    // RFC 9207: the answer of another provider must not be taken for this one's.
    if parameter("iss", 512).is_some_and(|issuer| issuer != provider.issuer) {
        return Err(Trouble::Word("invalid"));
    }
    if let Some(error) = parameter("error", 64) {
        return Err(Trouble::Word(match error.as_str() {
            "server_error" | "temporarily_unavailable" => "unavailable",
            _ => "denied",
        }));
    }
    let code = parameter("code", 4096).ok_or(Trouble::Word("invalid"))?;
    let found =
        login_attempts::limit_links(call, async || claims(call, &provider, &flow, &code).await);
    let claims = found.await?.ok_or(Trouble::Word("invalid"))?;
    match &flow.link {
        Some(linking) => link(call, &provider, linking, &claims).await,
        None => log_in(call, &provider, &claims, &flow.return_to).await,
    }
}

/// The claims of the ID token for this code; `None`, which counts as a failure to log in, where it is none that
/// counts.
async fn claims(
    call: &Call,
    provider: &Provider,
    flow: &Flow,
    code: &str,
) -> Result<Option<IdClaims>, Failure> {
    let refused = |why: &dyn std::fmt::Display| {
        eprintln!("oidc provider {}: {why} (request_id {})", provider.id, call.request_id());
        Ok(None)
    };
    let metadata = oidc::metadata(provider).await?;
    let redirect = oidc::redirect(call, provider).await?;
    let exchanged = providers::exchange(provider, &metadata, (code, &flow.verifier, &redirect));
    let token = match exchanged.await {
        Ok(token) => token,
        Err(NoToken::Refused(why)) => return refused(&why),
        Err(NoToken::Unavailable(cause)) => return Err(oidc::unavailable(provider, cause)),
    };
    let Some(unchecked) = Unchecked::of(Kind::Id, &token) else {
        return refused(
            &"the ID token is malformed, or signed by an algorithm that is not accepted",
        );
    };
    let keys = providers::keys(provider, &unchecked).await?;
    let Some(claims) = unchecked.claims::<IdClaims>(&keys) else {
        return refused(&"no key of the provider signed the ID token");
    };
    match claims.check(&Expected { provider, now: host::now() }, &flow.nonce) {
        Ok(()) => Ok(Some(claims)),
        Err(untrue) => refused(&format_args!("ID token: {untrue}")),
    }
}

async fn log_in(
    call: &Call,
    provider: &Provider,
    claims: &IdClaims,
    return_to: &str,
) -> Result<Answer, Trouble> {
    let may_register = provider.register || Registration::configured().await? == Registration::Open;
    let name = claims.username();
    let shown = claims.display_name(&name);
    let mut parameters = [provider.issuer.as_str(), &claims.sub, name.as_str(), shown.as_str()]
        .map(postgres::text)
        .to_vec();
    parameters.push(postgres::Parameter::Boolean(may_register));
    let admin = claims.is_admin(provider);
    parameters.push(admin.map_or(postgres::Parameter::DbNull, postgres::Parameter::Boolean));
    let row = postgres::query_one(call, sql::IDENTITY_LOG_IN, parameters).await?;
    let row = row.ok_or(Trouble::Word("registration-closed"))?;
    if row.truth(6)? {
        return Err(Trouble::Word("account-disabled"));
    }
    let (user, generation) = token_checker::user(&row)?;
    if row.truth(8)? {
        token_checker::tell_relays(call, user.id).await;
    }
    let by = ByProvider {
        identity: row.number(7)?,
        session: claims.sid.as_deref(),
        authenticated_at: claims.authenticated_at(host::now()),
    };
    let cookie = log_in_by_provider(call, &user, generation, by).await?;
    Ok(Answer::empty(StatusCode::SEE_OTHER)
        .with(header::LOCATION, return_to)
        .with(header::SET_COOKIE, &cookie)
        .with(header::CACHE_CONTROL, "no-store"))
}

async fn link(
    call: &Call,
    provider: &Provider,
    linking: &Linking,
    claims: &IdClaims,
) -> Result<Answer, Trouble> {
    let Linking { user_id, generation, jti } = linking;
    let who = serde_json::json!({"user_id": user_id, "generation": generation, "jti": jti});
    let parameters = [who.to_string().as_str(), &provider.issuer, &claims.sub].map(postgres::text);
    let row = postgres::query_one(call, sql::IDENTITY_LINK, parameters.to_vec()).await?;
    let row = row.ok_or_else(|| Failure::internal("identity_link gave no row"))?;
    if !row.truth(0)? {
        return Err(Trouble::Word("identity-taken"));
    }
    Ok(Answer::empty(StatusCode::SEE_OTHER)
        .with(header::LOCATION, ACCOUNT)
        .with(header::CACHE_CONTROL, "no-store"))
}
