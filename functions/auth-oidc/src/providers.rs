//! The providers: who they are, what they say of themselves, their keys, and codes for tokens.

use crate::signatures::Unchecked;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use http::request::Builder;
use http::{Request, StatusCode, header};
use jsonwebtoken::jwk::Jwk;
use platform::{Call, Failure, fetching, variables};
use serde::Deserialize;
use serde_json::Value;
use shared::http::problem::ProblemKind;
use shared::oidc::{Metadata, Provider};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a provider may take to answer, with being connected to.
const PATIENCE: Duration = Duration::from_secs(5);

/// For how long what a provider says of itself is kept, and its keys.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// How far apart an unknown key makes us ask for the keys again.
const KEYS_APART: Duration = Duration::from_secs(60);

/// What is kept of a provider, with when it was asked for.
#[derive(Clone, Default)]
struct Known {
    metadata: Option<(Metadata, Instant)>,
    keys: Option<(Vec<Jwk>, Instant)>,
}

thread_local! {
    /// By issuer.
    static KNOWN: RefCell<BTreeMap<String, Known>> = const { RefCell::new(BTreeMap::new()) };
}

/// Why a code gave no token.
pub(super) enum NoToken {
    /// The provider does not take the code.
    Refused(String),
    /// It cannot be asked, or does not take us.
    Unavailable(String),
}

/// All providers of the variable.
pub(super) async fn all() -> Result<Vec<Provider>, Failure> {
    shared::oidc::providers(&variables::get("oidc_providers").await?)
        .map_err(|fault| Failure::internal(format_args!("variable oidc_providers: {fault}")))
}

/// The provider that the path names.
///
/// # Errors
/// 404 if there is none of this id.
pub(super) async fn of(call: &Call) -> Result<Provider, Failure> {
    let id = call.provider_id()?;
    let found = all().await?.into_iter().find(|provider| provider.id == id);
    found.ok_or_else(|| Failure::refused(ProblemKind::NotFound, "There is no such provider."))
}

/// A provider is unavailable, or its answer is wrong; the cause is logged.
pub(super) fn unavailable(provider: &Provider, cause: impl std::fmt::Display) -> Failure {
    let cause = format!("oidc provider {}: {cause}", provider.id);
    Failure::unavailable("The provider cannot be reached for now.", cause)
}

/// What the provider says of itself.
pub(super) async fn metadata(provider: &Provider) -> Result<Metadata, Failure> {
    let known = KNOWN.with_borrow(|known| known.get(&provider.issuer)?.metadata.clone());
    if let Some((metadata, _)) = known.filter(|(_, asked)| asked.elapsed() < KEPT) {
        return Ok(metadata);
    }
    let document = get(&Metadata::address(&provider.issuer)).await;
    let metadata = document.and_then(|document| Metadata::read(&document, provider));
    let metadata =
        metadata.map_err(|cause| unavailable(provider, format_args!("discovery: {cause}")))?;
    remember(provider, |known| known.metadata = Some((metadata.clone(), Instant::now())));
    Ok(metadata)
}

/// The keys by which the provider may have signed this token.
pub(super) async fn keys(provider: &Provider, token: &Unchecked<'_>) -> Result<Vec<Jwk>, Failure> {
    let known = KNOWN.with_borrow(|known| known.get(&provider.issuer)?.keys.clone());
    if let Some((keys, asked)) = known {
        let fits = keys.iter().any(|key| token.may_be_of(key));
        if asked.elapsed() < if fits { KEPT } else { KEYS_APART } {
            return Ok(keys);
        }
    }
    let address = metadata(provider).await?.jwks_uri;
    let keys = get(&address).await.and_then(|document| read_keys(&document));
    let keys = keys.map_err(|cause| unavailable(provider, format_args!("keys: {cause}")))?;
    remember(provider, |known| known.keys = Some((keys.clone(), Instant::now())));
    Ok(keys)
}

fn remember(provider: &Provider, change: impl FnOnce(&mut Known)) {
    KNOWN.with_borrow_mut(|known| change(known.entry(provider.issuer.clone()).or_default()));
}

/// The keys of a set; one of a kind that nobody here knows is left out (RFC 7517, 5).
fn read_keys(document: &[u8]) -> Result<Vec<Jwk>, String> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let set: Set = serde_json::from_slice(document).map_err(|error| error.to_string())?;
    Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

async fn get(address: &str) -> Result<Bytes, String> {
    match send(Request::get(address), Bytes::new()).await? {
        (StatusCode::OK, body) => Ok(body),
        (status, _) => Err(format!("answered {status}")),
    }
}

async fn send(request: Builder, body: Bytes) -> Result<(StatusCode, Bytes), String> {
    let request = request.header(header::ACCEPT, "application/json").body(body);
    let answer = fetching::fetch(request.map_err(|error| error.to_string())?, PATIENCE).await;
    answer.map_err(|error| {
        let denied = error.contains("HttpRequestDenied");
        let more = if denied { ": the variable oidc_hosts does not allow this host" } else { "" };
        error + more
    })
}

/// The ID token for a code.
pub(super) async fn exchange(
    provider: &Provider,
    metadata: &Metadata,
    (code, verifier, redirect): (&str, &str, &str),
) -> Result<String, NoToken> {
    #[derive(Default, Deserialize)]
    struct TokenResponse {
        id_token: Option<String>,
        error: Option<String>,
    }
    let mut request = Request::post(&metadata.token_endpoint)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", redirect)
        .append_pair("code_verifier", verifier);
    match &provider.client_secret {
        Some(secret) if !metadata.wants_secret_in_body() => {
            request = request.header(header::AUTHORIZATION, basic(provider, secret.reveal()));
        }
        secret => {
            form.append_pair("client_id", &provider.client_id);
            if let Some(secret) = secret {
                form.append_pair("client_secret", secret.reveal());
            }
        }
    }
    let answer = send(request, form.finish().into()).await;
    let (status, body) =
        answer.map_err(|cause| NoToken::Unavailable(format!("token endpoint: {cause}")))?;
    let response: TokenResponse = serde_json::from_slice(&body).unwrap_or_default();
    let error: String = response.error.unwrap_or_default().escape_default().take(64).collect();
    match (status, response.id_token) {
        (StatusCode::OK, Some(token)) => Ok(token),
        (StatusCode::OK, None) => {
            Err(NoToken::Unavailable("the response has no ID token".to_owned()))
        }
        (StatusCode::BAD_REQUEST, _) if error == "invalid_grant" => Err(NoToken::Refused(error)),
        (status, _) => {
            Err(NoToken::Unavailable(format!("token endpoint: answered {status} {error}")))
        }
    }
}

/// RFC 6749, 2.3.1: both parts are encoded as in a form first.
fn basic(provider: &Provider, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(&provider.client_id), encoded(secret));
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}
