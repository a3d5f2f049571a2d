//! The signatures of providers: RS256, ES256 and EdDSA (RustCrypto), and no other. Whatever a token says, a key counts
//! for the algorithm of its kind alone.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::signature::{Error, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, Validation};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use shared::auth::provider;

/// The most bytes of a token.
const MOST_TOKEN: usize = 16 * 1024;

/// The least bytes of an RSA modulus (RFC 7518, 3.3).
const LEAST_MODULUS: usize = 256;

static PROVIDER: CryptoProvider = provider::verifying_by(verifier);

/// Makes jsonwebtoken compute with this: before anything makes a key.
pub(super) fn install() {
    // An error says that it is there already, which is as good.
    let _ = PROVIDER.install_default();
}

/// What a token is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// One that says who somebody is.
    Id,
    /// One that ends log-ins.
    Logout,
}

impl Kind {
    fn is(self, typ: Option<&str>) -> bool {
        let logout = typ.is_some_and(|typ| typ.eq_ignore_ascii_case("logout+jwt"));
        typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"))
            || (logout && matches!(self, Self::Logout))
    }
}

/// A token whose signature nobody has looked at yet.
pub(super) struct Unchecked<'a> {
    token: &'a str,
    algorithm: Algorithm,
    /// The key that it names.
    pub(super) key_id: Option<String>,
}

impl<'a> Unchecked<'a> {
    /// A token of this kind, signed by one of the three algorithms.
    pub(super) fn of(kind: Kind, token: &'a str) -> Option<Self> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
        let good = token.len() <= MOST_TOKEN
            && algorithms.contains(&header.alg)
            && kind.is(header.typ.as_deref())
            && header.crit.is_none();
        good.then_some(Self { token, algorithm: header.alg, key_id: header.kid })
    }

    /// Whether this key can have signed it.
    pub(super) fn may_be_of(&self, key: &Jwk) -> bool {
        let named = self.key_id.is_none() || self.key_id == key.common.key_id;
        let signs = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
        let fits = match (&key.algorithm, self.algorithm) {
            (AlgorithmParameters::RSA(_), Algorithm::RS256) => true,
            (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => {
                key.curve == EllipticCurve::P256
            }
            (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => {
                key.curve == EllipticCurve::Ed25519
            }
            _ => false,
        };
        let meant = key.common.key_algorithm.is_none_or(|meant| {
            meant.to_string().eq_ignore_ascii_case(&format!("{:?}", self.algorithm))
        });
        named && signs && fits && meant
    }

    /// The claims, if one of these keys signed them. What they say is looked at by others.
    pub(super) fn claims<T: DeserializeOwned>(&self, keys: &[Jwk]) -> Option<T> {
        let mut validation = Validation::new(self.algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        keys.iter().filter(|key| self.may_be_of(key)).find_map(|key| {
            let key = DecodingKey::from_jwk(key).ok()?;
            jsonwebtoken::decode(self.token, &key, &validation).ok().map(|token| token.claims)
        })
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match (algorithm, key.family()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa) => Ok(Box::new(rs256(key)?)),
        (Algorithm::ES256, AlgorithmFamily::Ec) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key.try_get_as_bytes()?);
            Ok(Box::new(Es256(key.map_err(|_| ErrorKind::InvalidEcdsaKey)?)))
        }
        (Algorithm::EdDSA, AlgorithmFamily::Ed) => {
            let key = ed25519_dalek::VerifyingKey::try_from(key.try_get_as_bytes()?);
            Ok(Box::new(EdDsa(key.map_err(|_| ErrorKind::InvalidEddsaKey)?)))
        }
        _ => provider::verifier(algorithm, key),
    }
}

struct Rs256(rsa::PublicKey);

fn rs256(key: &DecodingKey) -> Result<Rs256> {
    let DecodingKeyKind::RsaModulusExponent { n, e } = key.kind() else {
        return Err(ErrorKind::InvalidKeyFormat.into());
    };
    if n.len() < LEAST_MODULUS {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    let number = rsa::BoxedUint::from_be_slice_vartime;
    let key = rsa::PublicKey::new(number(n), number(e));
    Ok(Rs256(key.map_err(|_| ErrorKind::InvalidKeyFormat)?))
}

impl Verifier<Vec<u8>> for Rs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let scheme = rsa::Pkcs1v15Sign::new::<Sha256>();
        self.0.verify(scheme, &Sha256::digest(message), signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

struct Es256(p256::ecdsa::VerifyingKey);

impl Verifier<Vec<u8>> for Es256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        use p256::ecdsa::signature::Verifier as _;
        let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| Error::new())?;
        self.0.verify(message, &signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Es256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct EdDsa(ed25519_dalek::VerifyingKey);

impl Verifier<Vec<u8>> for EdDsa {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let signature =
            ed25519_dalek::Signature::from_slice(signature).map_err(|_| Error::new())?;
        self.0.verify_strict(message, &signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for EdDsa {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
