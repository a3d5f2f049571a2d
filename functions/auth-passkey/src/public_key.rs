//! The public keys of passkeys (COSE, RFC 9052 and 9053) and the signatures that they check: ES256, EdDSA and RS256
//! (RustCrypto, dalek), and no other.

use ciborium::Value;
use sha2::{Digest as _, Sha256};
use shared::passkeys::{EDDSA, ES256, RS256};

/// The bytes of an RSA modulus, least and most.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=512;

/// The most bytes of a key as it is kept.
const MOST_KEY: usize = 2_048;

/// How deep what is read may be nested: a key has one level, and an attestation a few.
const DEPTH: usize = 16;

/// One value in CBOR, and what follows it.
pub(super) fn decode(mut bytes: &[u8]) -> Option<(Value, &[u8])> {
    let value = ciborium::de::from_reader_with_recursion_limit(&mut bytes, DEPTH).ok()?;
    Some((value, bytes))
}

/// A key that signatures can be checked with.
pub(super) enum PublicKey {
    Es256(p256::ecdsa::VerifyingKey),
    EdDsa(ed25519_dalek::VerifyingKey),
    Rs256(rsa::PublicKey),
}

impl PublicKey {
    /// The key at the beginning of these bytes, its stored form, and what follows it.
    pub(super) fn split(bytes: &[u8]) -> Option<(Self, &[u8], &[u8])> {
        let (value, rest) = decode(bytes)?;
        let kept = bytes.get(..bytes.len() - rest.len())?;
        let key = Self::of(&Members(value.as_map()?))?;
        (kept.len() <= MOST_KEY).then_some((key, kept, rest))
    }

    fn of(members: &Members<'_>) -> Option<Self> {
        let kind = members.number(1)?;
        match (members.number(3)?, kind, members.number(-1)) {
            (algorithm, 2, Some(1)) if algorithm == i64::from(ES256) => {
                let (x, y) = (members.bytes(-2)?, members.bytes(-3)?);
                let point = [&[0x04], x, y].concat();
                p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok().map(Self::Es256)
            }
            (algorithm, 1, Some(6)) if algorithm == i64::from(EDDSA) => {
                let key = ed25519_dalek::VerifyingKey::try_from(members.bytes(-2)?);
                key.ok().map(Self::EdDsa)
            }
            (algorithm, 3, None) if algorithm == i64::from(RS256) => {
                let (modulus, exponent) = (members.bytes(-1)?, members.bytes(-2)?);
                if !MODULUS.contains(&modulus.len()) || exponent.len() > 8 {
                    return None;
                }
                let number = rsa::BoxedUint::from_be_slice_vartime;
                let key = rsa::PublicKey::new(number(modulus), number(exponent));
                key.ok().map(Self::Rs256)
            }
            _ => None,
        }
    }

    /// Whether this key has signed that.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(key) => {
                use p256::ecdsa::signature::Verifier as _;
                let signature = p256::ecdsa::Signature::from_der(signature);
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            Self::EdDsa(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature);
                signature.is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }
            Self::Rs256(key) => {
                let scheme = rsa::Pkcs1v15Sign::new::<Sha256>();
                key.verify(scheme, &Sha256::digest(message), signature).is_ok()
            }
        }
    }
}

/// The members of a key.
struct Members<'a>(&'a [(Value, Value)]);

impl Members<'_> {
    fn get(&self, label: i64) -> Option<&Value> {
        let named = |name: &Value| name.as_integer() == Some(label.into());
        self.0.iter().find(|(name, _)| named(name)).map(|(_, value)| value)
    }

    fn number(&self, label: i64) -> Option<i64> {
        self.get(label)?.as_integer()?.try_into().ok()
    }

    fn bytes(&self, label: i64) -> Option<&[u8]> {
        self.get(label)?.as_bytes().map(Vec::as_slice)
    }
}
