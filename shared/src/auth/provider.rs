//! What jsonwebtoken computes with: HMAC with SHA-256 (RustCrypto), and no other algorithm but where a program
//! brings it along.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, Result};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use sha2::Sha256;

static PROVIDER: CryptoProvider = verifying_by(verifier);

/// A provider that signs with HMAC alone and verifies by `verifier`, to which [`verifier`] belongs. To be installed
/// before the first key is made.
///
/// The library's own dummies of `key_utils` panic. Nothing of ours reads a key that a token brings along, and if
/// something did, it would be refused.
#[must_use]
pub const fn verifying_by(verifier: Verifying) -> CryptoProvider {
    CryptoProvider {
        signer_factory: signer,
        verifier_factory: verifier,
        key_utils: KeyUtils {
            rsa_pub_components_from_private_key: |_| Err(unsupported()),
            rsa_pub_components_from_public_key: |_| Err(unsupported()),
            ec_pub_components_from_private_key: |_, _| Err(unsupported()),
            ed_pub_components_from_private_key: |_, _| Err(unsupported()),
            compute_digest: |_, _| Err(unsupported()),
        },
    }
}

/// How a signature of an algorithm is verified with a key.
pub type Verifying = fn(&Algorithm, &DecodingKey) -> Result<Box<dyn JwtVerifier>>;

/// Makes jsonwebtoken compute with this. It looks its provider up in a global, and panics if
/// there is none: so creating keys calls this.
pub(super) fn install() {
    // An error says that it is there already, which is as good.
    let _ = PROVIDER.install_default();
}

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn new(algorithm: Algorithm, family: AlgorithmFamily, secret: &[u8]) -> Result<Self> {
        if (algorithm, family) != (Algorithm::HS256, AlgorithmFamily::Hmac) {
            return Err(unsupported());
        }
        let mac = Hmac::new_from_slice(secret).map_err(|_| ErrorKind::InvalidKeyFormat)?;
        Ok(Self(mac))
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    /// Takes as long for every signature.
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> std::result::Result<(), signature::Error> {
        let mac = self.0.clone().chain_update(message);
        mac.verify_slice(signature).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Ok(Box::new(Hs256::new(*algorithm, key.family(), key.as_bytes())?))
}

/// Verifies HMAC with SHA-256.
///
/// # Errors
/// For every other algorithm, and a key that is no secret.
pub fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    Ok(Box::new(Hs256::new(*algorithm, key.family(), key.try_get_as_bytes()?)?))
}

fn unsupported() -> Error {
    ErrorKind::UnsupportedAlgorithm.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    use jsonwebtoken::crypto::{sign, verify};

    #[test]
    fn the_code_is_the_one_of_rfc_7515_appendix_a_1() {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwj\
                      AzZr1Z9CAow";
        let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMD\
                       A4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let expected = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).expect("base64");
        let (signing, checking) =
            (EncodingKey::from_secret(&secret), DecodingKey::from_secret(&secret));
        install();
        let message = message.as_bytes();
        assert_eq!(sign(message, &signing, Algorithm::HS256), Ok(expected.to_owned()));
        assert_eq!(verify(expected, message, &checking, Algorithm::HS256), Ok(true));
        assert_eq!(verify(expected, &message[1..], &checking, Algorithm::HS256), Ok(false));
    }

    #[test]
    fn no_other_algorithm_is_computed_and_no_key_of_another_kind_is_used() {
        install();
        let (secret, rsa) = ([7; 64], DecodingKey::from_rsa_raw_components(&[7; 64], &[1, 0, 1]));
        let signing = EncodingKey::from_secret(&secret);
        for algorithm in [Algorithm::HS384, Algorithm::HS512, Algorithm::RS256, Algorithm::EdDSA] {
            let checking = DecodingKey::from_secret(&secret);
            assert!(sign(b"text", &signing, algorithm).is_err(), "{algorithm:?}");
            assert!(verify("AAAA", b"text", &checking, algorithm).is_err(), "{algorithm:?}");
        }
        for key in [rsa, DecodingKey::from_ed_der(&secret)] {
            assert!(verify("AAAA", b"text", &key, Algorithm::HS256).is_err(), "{key:?}");
        }
    }
}
