//! Signing and checking texts: JWS Compact Serialization (RFC 7515) with HS256 and nothing else.

use super::token::Refused;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::borrow::Cow;
use thiserror::Error;

/// The only algorithm. A token never chooses: one that names another is refused (RFC 8725, 3.1).
const ALGORITHM: &str = "HS256";

/// What is signed; a token for another purpose says another type (RFC 8725, 3.11).
const TYPE: &str = "JWT";

/// The least bytes of a secret: as many as a hash has (RFC 7518, 3.2).
const LEAST_SECRET: usize = 32;

/// A token longer than this is none of ours.
const MOST_TOKEN: usize = 2_048;

/// A secret is too short to protect anything.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("must have {LEAST_SECRET} bytes or more")]
pub struct WeakSecret;

/// The secrets that are valid at the same time. They never print.
#[derive(Clone)]
pub struct Keys {
    current: Key,
    previous: Option<Key>,
}

#[derive(Clone)]
struct Key {
    mac: Hmac<Sha256>,
    id: String,
}

/// A member that is not listed here (`crit`, `jku`, `zip`, …) would have to be understood, and is
/// not: it makes the token malformed.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow)]
    typ: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    kid: Option<Cow<'a, str>>,
}

impl Key {
    fn new(secret: &str) -> Result<Self, WeakSecret> {
        if secret.len() < LEAST_SECRET {
            return Err(WeakSecret);
        }
        let mac = Hmac::new_from_slice(secret.as_bytes()).map_err(|_| WeakSecret)?;
        // Made from the secret, so that nobody has to give it a name; short enough to tell nothing.
        let digest = mac.clone().chain_update(b"key id").finalize().into_bytes();
        Ok(Self { id: BASE64_URL_SAFE_NO_PAD.encode(&digest[..6]), mac })
    }
}

impl Keys {
    /// The secret that signs, and the one that did so before it (empty: none), whose tokens are
    /// still good.
    ///
    /// # Errors
    /// When one of them is too short.
    pub fn new(current: &str, previous: &str) -> Result<Self, WeakSecret> {
        let previous = if previous.is_empty() { None } else { Some(Key::new(previous)?) };
        Ok(Self { current: Key::new(current)?, previous })
    }

    /// The token that holds this text.
    #[must_use]
    pub(super) fn seal(&self, payload: &str) -> String {
        let key = &self.current;
        let (algorithm, id) = (ALGORITHM, &key.id);
        let header = format!(r#"{{"alg":"{algorithm}","typ":"{TYPE}","kid":"{id}"}}"#);
        let mut token = BASE64_URL_SAFE_NO_PAD.encode(header);
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = key.mac.clone().chain_update(&token).finalize().into_bytes();
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        token
    }

    /// The text that a token holds, if one of the keys signed it.
    ///
    /// # Errors
    /// Everything but [`Refused::Expired`] and [`Refused::Purpose`] of the claims.
    pub(super) fn open(&self, token: &str) -> Result<Vec<u8>, Refused> {
        if token.len() > MOST_TOKEN {
            return Err(Refused::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Refused::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(Refused::Malformed)?;
        let header = decode(header)?;
        let header: Header<'_> = serde_json::from_slice(&header).map_err(|_| Refused::Malformed)?;
        if header.alg != ALGORITHM {
            return Err(Refused::Algorithm);
        }
        if !header.typ.eq_ignore_ascii_case(TYPE) {
            return Err(Refused::Purpose);
        }
        let signature = decode(signature)?;
        let named = |key: &&Key| header.kid.as_ref().is_none_or(|id| *id == key.id);
        let signed =
            |key: &Key| key.mac.clone().chain_update(message).verify_slice(&signature).is_ok();
        let mut keys = std::iter::once(&self.current).chain(&self.previous).filter(named);
        if keys.any(signed) { decode(payload) } else { Err(Refused::Signature) }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys(…)")
    }
}

fn decode(part: &str) -> Result<Vec<u8>, Refused> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn the_code_is_the_one_of_rfc_7515_appendix_a_1() {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwj\
                      AzZr1Z9CAow";
        let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMD\
                       A4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let mac: Hmac<Sha256> =
            Hmac::new_from_slice(&decode(secret).expect("base64")).expect("a key");
        let key = Key { mac, id: "any".to_owned() };
        let keys = Keys { current: key, previous: None };
        let token = format!("{message}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let payload = keys.open(&token).expect("signed");
        assert!(payload.starts_with(b"{\"iss\":\"joe\""));
    }

    #[test]
    fn a_secret_shorter_than_the_hash_is_refused() {
        assert_eq!(Keys::new(&SECRET[1..], "").err(), Some(WeakSecret));
        assert_eq!(Keys::new(SECRET, "short").err(), Some(WeakSecret));
        assert!(Keys::new(SECRET, "").is_ok());
    }

    #[test]
    fn keys_never_print() {
        let keys = Keys::new(SECRET, SECRET).expect("long enough");
        assert_eq!(format!("{keys:?}"), "Keys(…)");
    }
}
