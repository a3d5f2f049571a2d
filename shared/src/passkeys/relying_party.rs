//! Whose passkeys they are: the origin of the pages, and what browsers are asked for there.

use crate::auth::challenge::CHALLENGE_SECONDS;
use crate::http::origins::origin;
use http::Uri;
use serde_json::{Value, json};
use std::net::IpAddr;

/// The kinds of keys that are taken, best first, by their numbers in COSE (RFC 9053, RFC 8812).
pub const ALGORITHMS: [i32; 3] = [ES256, EDDSA, RS256];
/// ECDSA over P-256.
pub const ES256: i32 = -7;
/// Ed25519.
pub const EDDSA: i32 = -8;
/// RSA, PKCS #1 v1.5.
pub const RS256: i32 = -257;

/// The application's name, as browsers show it.
const NAME: &str = "Taskboard";

/// Who asks for passkeys (the standard's relying party).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RelyingParty {
    pub(super) origin: String,
    pub(super) id: String,
}

/// Who is to get a passkey.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    /// What their passkeys know them by, in base64url.
    pub handle: &'a str,
    /// Their name.
    pub username: &'a str,
    /// What they are called.
    pub display_name: &'a str,
    /// The passkeys that they have: an array of ids in base64url.
    pub credential_ids: &'a Value,
}

impl RelyingParty {
    /// By the variable `public_origin`. `None` if browsers have no passkeys: without an origin, for a plain
    /// address, and over `http` except on this machine.
    #[must_use]
    pub fn of(public_origin: &str) -> Option<Self> {
        let origin = origin(public_origin.trim())?;
        let uri: Uri = origin.parse().ok()?;
        let id = uri.host()?.to_owned();
        let named = id.parse::<IpAddr>().is_err() && !id.starts_with('[');
        let secure = uri.scheme_str() == Some("https") || id == "localhost";
        (named && secure).then_some(Self { origin, id })
    }

    /// What `navigator.credentials.create` takes, in JSON.
    #[must_use]
    pub fn creation(&self, challenge: &str, newcomer: Newcomer<'_>) -> Value {
        let ids = newcomer.credential_ids.as_array().into_iter().flatten();
        let known: Vec<_> = ids.map(|id| json!({"type": "public-key", "id": id})).collect();
        let kinds = ALGORITHMS.map(|algorithm| json!({"type": "public-key", "alg": algorithm}));
        json!({
            "rp": {"id": self.id, "name": NAME},
            "user": {
                "id": newcomer.handle,
                "name": newcomer.username,
                "displayName": newcomer.display_name,
            },
            "challenge": challenge,
            "pubKeyCredParams": kinds,
            "timeout": CHALLENGE_SECONDS * 1_000,
            "attestation": "none",
            "excludeCredentials": known,
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": true,
                "userVerification": "required",
            },
        })
    }

    /// What `navigator.credentials.get` takes, in JSON: any passkey for here will do.
    #[must_use]
    pub fn request(&self, challenge: &str) -> Value {
        json!({
            "challenge": challenge,
            "rpId": self.id,
            "timeout": CHALLENGE_SECONDS * 1_000,
            "userVerification": "required",
            "allowCredentials": [],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_passkey_origin_is_one_that_browsers_have_passkeys_for() {
        for (variable, id) in [
            ("https://Board.Example/", "board.example"),
            ("https://board.example:8443", "board.example"),
            (" http://localhost:3000", "localhost"),
        ] {
            let party = RelyingParty::of(variable).expect("an origin");
            assert_eq!(party.id, id, "{variable}");
        }
        for wrong in [
            "",
            "board.example",
            "http://board.example",
            "https://192.0.2.7",
            "https://[::1]:3000",
            "http://127.0.0.1:3000",
            "https://board.example/path",
        ] {
            assert_eq!(RelyingParty::of(wrong), None, "{wrong}");
        }
    }
}
