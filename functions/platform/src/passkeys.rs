//! What the functions of passkeys have in common (docs/contract/api.md, API-PASSKEY).

use crate::{Answer, Failure, StatusCode, header, host, token_checker, variables};
use serde_json::{Value, json};
use shared::auth::Claims;
use shared::auth::challenge::{CHALLENGE_SECONDS, Challenge};
use shared::auth::flow::Linking;
use shared::http::problem::ProblemKind;
use shared::passkeys::RelyingParty;

/// Whose passkeys they are here.
///
/// # Errors
/// 503 if browsers have none for the origin of this server's pages.
pub async fn relying_party() -> Result<RelyingParty, Failure> {
    let party = RelyingParty::of(&variables::get("public_origin").await?);
    party.ok_or_else(|| {
        let detail = "Passkeys are not set up here: the variable public_origin has to be the https \
                      origin of the pages, such as https://board.example.";
        Failure::refused(ProblemKind::NotConfigured, detail)
    })
}

/// A challenge that nobody was sent before, as browsers take it.
///
/// # Errors
/// 500 if the secrets are malformed.
pub async fn challenge(adds_for: Option<Linking>) -> Result<String, Failure> {
    let challenge = Challenge::new(host::random_id(), adds_for, host::now());
    Ok(challenge.seal(&token_checker::keys().await?))
}

/// The challenge that was answered, if it is ours and in time.
///
/// # Errors
/// 500 if the secrets are malformed.
pub async fn answered(challenge: Option<String>) -> Result<Option<Challenge>, Failure> {
    let keys = token_checker::keys().await?;
    Ok(challenge.and_then(|answered| Challenge::open(&answered, &keys, host::now()).ok()))
}

/// The user who asks, by their session.
#[must_use]
pub fn own(claims: &Claims) -> Linking {
    Linking { user_id: claims.user_id, generation: claims.generation(), jti: claims.jti.clone() }
}

/// The answer with what the browser asks its user for.
#[must_use]
pub fn asked(options: &Value) -> Answer {
    let json = json!({"public_key": options, "expires_in": CHALLENGE_SECONDS});
    Answer::json(StatusCode::OK, json.to_string()).with(header::CACHE_CONTROL, "no-store")
}
