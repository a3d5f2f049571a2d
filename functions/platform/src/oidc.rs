//! The way to an OpenID Connect provider: who the providers are, what they say of themselves, and where a browser goes
//! to log in there (docs/contract/api.md, API-OIDC).

use crate::{Call, Failure, fetching, host, postgres, token_checker, variables};
use bytes::Bytes;
use http::request::Builder;
use http::{Request, StatusCode, header};
use shared::auth::flow::{FLOW_SECONDS, Flow, Linking};
use shared::http::problem::ProblemKind;
use shared::oidc::{Metadata, Provider};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The cookie of a log-in under way.
pub const COOKIE: &str = "sign-in";

/// The page of the app where linked identities are shown.
pub const ACCOUNT: &str = "/profile";

/// For how long what a provider says of itself is kept, and its keys.
pub const KEPT: Duration = Duration::from_secs(60 * 60);

/// How long a provider may take to answer, with being connected to.
const PATIENCE: Duration = Duration::from_secs(5);

thread_local! {
    /// What was asked for, and when, by issuer.
    static KNOWN: RefCell<BTreeMap<String, (Metadata, Instant)>> = const { RefCell::new(BTreeMap::new()) };
}

/// All providers of the variable.
///
/// # Errors
/// 500 where the variable is not as it must be; the log is told what is wrong.
pub async fn providers() -> Result<Vec<Provider>, Failure> {
    shared::oidc::providers(&variables::get("oidc_providers").await?)
        .map_err(|fault| Failure::internal(format_args!("variable oidc_providers: {fault}")))
}

/// Their issuers, as JSON.
///
/// # Errors
/// As [`providers`].
pub async fn issuers() -> Result<String, Failure> {
    let issuers = providers().await?.into_iter().map(|known| known.issuer);
    Ok(issuers.collect::<serde_json::Value>().to_string())
}

/// The provider that the path names.
///
/// # Errors
/// 404 where there is none of this id.
pub async fn provider_of(call: &Call) -> Result<Provider, Failure> {
    let id = call.provider_id()?;
    let found = providers().await?.into_iter().find(|provider| provider.id == id);
    found.ok_or_else(|| Failure::refused(ProblemKind::NotFound, "There is no such provider."))
}

/// A provider is away, or says what it must not; the log is told what.
pub fn unavailable(provider: &Provider, cause: impl std::fmt::Display) -> Failure {
    let cause = format!("oidc provider {}: {cause}", provider.id);
    Failure::unavailable("The provider cannot be reached for now.", cause)
}

/// What the provider says of itself.
///
/// # Errors
/// 503 where it cannot be asked, or says what it must not.
pub async fn metadata(provider: &Provider) -> Result<Metadata, Failure> {
    let known = KNOWN.with_borrow(|known| known.get(&provider.issuer).cloned());
    if let Some((metadata, _)) = known.filter(|(_, asked)| asked.elapsed() < KEPT) {
        return Ok(metadata);
    }
    let document = get(&Metadata::address(&provider.issuer)).await;
    let metadata = document.and_then(|document| Metadata::read(&document, provider));
    let metadata =
        metadata.map_err(|cause| unavailable(provider, format_args!("discovery: {cause}")))?;
    KNOWN.with_borrow_mut(|known| {
        known.insert(provider.issuer.clone(), (metadata.clone(), Instant::now()))
    });
    Ok(metadata)
}

/// A document of a provider's.
///
/// # Errors
/// What went wrong, for the log.
pub async fn get(address: &str) -> Result<Bytes, String> {
    match send(Request::get(address), Bytes::new()).await? {
        (StatusCode::OK, body) => Ok(body),
        (status, _) => Err(format!("answered {status}")),
    }
}

/// What a provider answers.
///
/// # Errors
/// What went wrong, for the log.
pub async fn send(request: Builder, body: Bytes) -> Result<(StatusCode, Bytes), String> {
    let request = request.header(header::ACCEPT, "application/json").body(body);
    let answer = fetching::fetch(request.map_err(|error| error.to_string())?, PATIENCE).await;
    answer.map_err(|error| {
        let denied = error.contains("HttpRequestDenied");
        let more = if denied { ": the variable oidc_hosts does not let us ask there" } else { "" };
        error + more
    })
}

/// Begins a log-in at the provider that the path names: its address, and the cookie that comes back with the browser.
///
/// # Errors
/// 404 where there is no such provider, 503 where it is away.
pub async fn begin(
    call: &Call,
    return_to: String,
    link: Option<Linking>,
    again: bool,
) -> Result<(String, String), Failure> {
    postgres::url().await?;
    let provider = provider_of(call).await?;
    let metadata = metadata(&provider).await?;
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
///
/// # Errors
/// 400 where the request names no host.
pub async fn redirect(call: &Call, provider: &Provider) -> Result<String, Failure> {
    let scheme = if token_checker::is_cookie_secure().await { "https" } else { "http" };
    let host = call.authority().ok_or_else(|| {
        Failure::refused(ProblemKind::MalformedHeader, "The request names no host.")
    })?;
    Ok(format!("{scheme}://{host}/api/auth/oidc/{}/callback", provider.id))
}

/// The `Set-Cookie` of a log-in under way: for this provider's paths alone.
pub async fn cookie(provider: &str, value: &str, seconds: u64) -> String {
    let secure = if token_checker::is_cookie_secure().await { "; Secure" } else { "" };
    format!(
        "{COOKIE}={value}; HttpOnly; SameSite=Lax; Path=/api/auth/oidc/{provider}; \
         Max-Age={seconds}{secure}"
    )
}
