//! The secrets that sign and check tokens: JSON Web Tokens (RFC 7519) with HS256 and nothing else.

use super::provider;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use std::sync::LazyLock;
use thiserror::Error;

/// The only algorithm. A token never chooses: one that names another is refused (RFC 8725, 3.1).
const ALGORITHM: Algorithm = Algorithm::HS256;

/// What a token is for, which its type says (RFC 8725, 3.11): one for another purpose is not valid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    /// To be somebody who is logged in.
    Session,
    /// To give the second factor after the password.
    SecondFactor,
    /// To remember a log-in that goes on at a provider.
    Flow,
    /// To be signed by a passkey.
    Passkey,
}

impl Purpose {
    fn as_type(self) -> &'static str {
        match self {
            Self::Session => "JWT",
            Self::SecondFactor => "second-factor+jwt",
            Self::Flow => "flow+jwt",
            Self::Passkey => "passkey+jwt",
        }
    }
}

/// The least bytes of a secret: as many as a hash has (RFC 7518, 3.2).
const LEAST_SECRET: usize = 32;

/// A token longer than this is not one of ours.
const MOST_TOKEN: usize = 2_048;

/// What jsonwebtoken checks beside the signature: nothing. It would read a clock for `exp`, which
/// [`super::Claims`] compares with the time it is given, without leeway; and claims that are not ours
/// (`nbf`, `aud`, …) make a token one for another purpose, whatever they say.
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(ALGORITHM);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.leeway = 0;
    validation
});

/// Why a token is refused.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Refused {
    /// It is not a token at all.
    #[error("the token is malformed")]
    Malformed,
    /// It names another algorithm.
    #[error("the token is signed by another algorithm")]
    Algorithm,
    /// None of our secrets signed it.
    #[error("the token is not signed by us")]
    Signature,
    /// It is signed, but not to log in with.
    #[error("the token was made for another purpose")]
    Purpose,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
}

/// A secret is too short to protect anything.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("must have {LEAST_SECRET} bytes or more")]
pub struct WeakSecret;

/// The secrets that are valid at the same time. They never print.
#[derive(Clone)]
pub struct Keys {
    signing: EncodingKey,
    current: Key,
    previous: Option<Key>,
}

#[derive(Clone)]
struct Key {
    checking: DecodingKey,
    id: String,
}

impl Key {
    fn new(secret: &str) -> Result<Self, WeakSecret> {
        check_length(secret)?;
        let mac: Hmac<Sha256> = Hmac::new_from_slice(secret.as_bytes()).map_err(|_| WeakSecret)?;
        // Made from the secret, so that nobody has to give it a name; short enough to reveal nothing.
        let digest = mac.chain_update(b"key id").finalize().into_bytes();
        let id = BASE64_URL_SAFE_NO_PAD.encode(&digest[..6]);
        Ok(Self { checking: DecodingKey::from_secret(secret.as_bytes()), id })
    }
}

/// Whether a secret is long enough.
pub(super) fn check_length(secret: &str) -> Result<(), WeakSecret> {
    if secret.len() < LEAST_SECRET { Err(WeakSecret) } else { Ok(()) }
}

impl Keys {
    /// The secret that signs, and the one that did so before it (empty: none), whose tokens are
    /// still good.
    ///
    /// # Errors
    /// When one of them is too short.
    pub fn new(current: &str, previous: &str) -> Result<Self, WeakSecret> {
        provider::install();
        let previous = if previous.is_empty() { None } else { Some(Key::new(previous)?) };
        let signing = EncodingKey::from_secret(current.as_bytes());
        Ok(Self { signing, current: Key::new(current)?, previous })
    }

    /// The token for this purpose that holds these claims.
    #[must_use]
    pub(super) fn seal(&self, purpose: Purpose, claims: &impl Serialize) -> String {
        let (kid, typ) = (Some(self.current.id.clone()), Some(purpose.as_type().to_owned()));
        let header = Header { kid, typ, ..Header::new(ALGORITHM) };
        jsonwebtoken::encode(&header, claims, &self.signing).unwrap_or_default()
    }

    /// The claims that a token for this purpose holds, if one of the keys signed it. Of a claim that `T`
    /// does not know `T` decides.
    ///
    /// # Errors
    /// Everything but [`Refused::Expired`].
    pub(super) fn open<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        token: &str,
    ) -> Result<T, Refused> {
        if token.len() > MOST_TOKEN {
            return Err(Refused::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::Malformed)?;
        check(purpose, &header)?;
        let keys = std::iter::once(&self.current).chain(&self.previous);
        for key in keys.filter(|key| header.kid.as_ref().is_none_or(|id| *id == key.id)) {
            match jsonwebtoken::decode(token, &key.checking, &VALIDATION) {
                Ok(token) => return Ok(token.claims),
                Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
                Err(error) => return Err(refused(&error)),
            }
        }
        Err(Refused::Signature)
    }
}

/// A member of the header that is not ours (`crit`, `jku`, `zip`, …) would have to be understood,
/// and is not: it makes the token malformed.
fn check(purpose: Purpose, header: &Header) -> Result<(), Refused> {
    if header.alg != ALGORITHM {
        return Err(Refused::Algorithm);
    }
    if !header.typ.as_ref().is_some_and(|typ| typ.eq_ignore_ascii_case(purpose.as_type())) {
        return Err(Refused::Purpose);
    }
    let (typ, kid) = (header.typ.clone(), header.kid.clone());
    let ours = Header { typ, kid, ..Header::new(ALGORITHM) };
    if *header == ours { Ok(()) } else { Err(Refused::Malformed) }
}

/// Why a token with a good header is refused.
fn refused(error: &Error) -> Refused {
    match error.kind() {
        // It is signed, and its claims are others.
        ErrorKind::Json(_) => Refused::Purpose,
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => Refused::Algorithm,
        _ => Refused::Malformed,
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

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

    #[test]
    fn the_id_of_a_key_is_the_one_that_tokens_in_use_name() {
        let keys = Keys::new(SECRET, "").expect("long enough");
        assert_eq!(keys.current.id, "Oe1SUrCb");
    }
}
