//! What the providers are asked for after the way there: their keys, and codes for tokens.

use crate::signatures::Unchecked;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::{Request, StatusCode, header};
use jsonwebtoken::jwk::Jwk;
use platform::Failure;
use platform::oidc::{KEPT, get, metadata, send, unavailable};
use serde::Deserialize;
use serde_json::Value;
use shared::oidc::{Metadata, Provider};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How far apart an unknown key makes us ask for the keys again.
const KEYS_APART: Duration = Duration::from_secs(60);

thread_local! {
    /// What was asked for, and when, by issuer.
    static KNOWN: RefCell<BTreeMap<String, (Vec<Jwk>, Instant)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Why a code gave no token.
pub(super) enum NoToken {
    /// The provider does not take the code.
    Refused(String),
    /// It cannot be asked, or does not take us.
    Unavailable(String),
}

/// The keys by which the provider may have signed this token.
pub(super) async fn keys(provider: &Provider, token: &Unchecked<'_>) -> Result<Vec<Jwk>, Failure> {
    let known = KNOWN.with_borrow(|known| known.get(&provider.issuer).cloned());
    if let Some((keys, asked)) = known {
        let fits = keys.iter().any(|key| token.may_be_of(key));
        if asked.elapsed() < if fits { KEPT } else { KEYS_APART } {
            return Ok(keys);
        }
    }
    let address = metadata(provider).await?.jwks_uri;
    let keys = get(&address).await.and_then(|document| read_keys(&document));
    let keys = keys.map_err(|cause| unavailable(provider, format_args!("keys: {cause}")))?;
    KNOWN.with_borrow_mut(|known| {
        known.insert(provider.issuer.clone(), (keys.clone(), Instant::now()))
    });
    Ok(keys)
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
