//! The way to a provider.

use crate::page::{self, ACCOUNT};
use crate::providers;
use platform::{Answer, Call, Failure, StatusCode, header, host, token_checker};
use serde_json::json;
use shared::auth::flow::{self, FLOW_SECONDS, Flow, Linking};
use shared::http::problem::ProblemKind;
use shared::oidc::{Metadata, Provider};
use shared::validation::Invalid;

/// The cookie of a log-in under way.
pub(super) const COOKIE: &str = "sign-in";

/// 303 to the provider. `?return=`: the page to go on with; `?again=true`: the provider shall ask who it is, even
/// where it knows.
pub(super) async fn log_in(call: &Call) -> Result<Answer, Failure> {
    let return_to = call.query_text("return", 512)?.unwrap_or_else(|| "/".to_owned());
    if !flow::is_page(&return_to) {
        return Err(Invalid::query("return", "must be the path of a page of this app").into());
    }
    let again = call.query_switch("again")?;
    match begin(call, return_to, None, again).await {
        Ok((location, cookie)) => Ok(Answer::empty(StatusCode::SEE_OTHER)
            .with(header::LOCATION, &location)
            .with(header::SET_COOKIE, &cookie)
            .with(header::CACHE_CONTROL, "no-store")),
        Err(failure) => Ok(page::failed(call, &failure, page::LOGIN)),
    }
}

/// 200 `{location}`: where a user who is logged in goes to link an identity at the provider.
pub(super) async fn link(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let linking = Linking {
        user_id: claims.user_id,
        generation: claims.generation(),
        jti: claims.jti.clone(),
    };
    let begun = begin(call, ACCOUNT.to_owned(), Some(linking), false).await?;
    let (location, cookie) = begun;
    Ok(Answer::json(StatusCode::OK, json!({"location": location}).to_string())
        .with(header::SET_COOKIE, &cookie)
        .with(header::CACHE_CONTROL, "no-store"))
}

/// The provider's address and the cookie.
async fn begin(
    call: &Call,
    return_to: String,
    link: Option<Linking>,
    again: bool,
) -> Result<(String, String), Failure> {
    platform::postgres::url().await?;
    let provider = providers::of(call).await?;
    let metadata = providers::metadata(&provider).await?;
    let now = host::now();
    let flow = Flow {
        provider: provider.id.clone(),
        state: host::random_link().reveal().to_owned(),
        nonce: host::random_link().reveal().to_owned(),
        verifier: host::random_link().reveal().to_owned(),
        return_to,
        link,
        ends: u64::try_from(now.milliseconds() / 1_000).unwrap_or_default() + FLOW_SECONDS,
    };
    let location = address(&provider, &metadata, &flow, &redirect(call, &provider).await?, again);
    let sealed = flow.seal(&token_checker::keys().await?);
    Ok((location, cookie(&provider.id, &sealed, FLOW_SECONDS).await))
}

fn address(
    provider: &Provider,
    metadata: &Metadata,
    flow: &Flow,
    redirect: &str,
    again: bool,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client_id)
        .append_pair("redirect_uri", redirect)
        .append_pair("scope", &provider.scopes.join(" "))
        .append_pair("state", &flow.state)
        .append_pair("nonce", &flow.nonce)
        .append_pair("code_challenge", &flow.challenge())
        .append_pair("code_challenge_method", "S256");
    if again {
        query.append_pair("prompt", "login").append_pair("max_age", "0");
    }
    let endpoint = &metadata.authorization_endpoint;
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{}", query.finish())
}

/// Where the provider sends the browser back to.
pub(super) async fn redirect(call: &Call, provider: &Provider) -> Result<String, Failure> {
    let scheme = if token_checker::is_cookie_secure().await { "https" } else { "http" };
    let host = call.authority().ok_or_else(|| {
        Failure::refused(ProblemKind::MalformedHeader, "The request names no host.")
    })?;
    Ok(format!("{scheme}://{host}/api/auth/oidc/{}/callback", provider.id))
}

/// The `Set-Cookie` of a log-in under way: for this provider's paths alone.
pub(super) async fn cookie(provider: &str, value: &str, seconds: u64) -> String {
    let secure = if token_checker::is_cookie_secure().await { "; Secure" } else { "" };
    format!(
        "{COOKIE}={value}; HttpOnly; SameSite=Lax; Path=/api/auth/oidc/{provider}; \
         Max-Age={seconds}{secure}"
    )
}
