//! Links that let somebody in once: a secret of which only the digest is kept
//! (docs/contract/api.md, API-INVITATION and API-RESET).

use crate::models::MAX_GUESS;
use crate::validation::FromField;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The secret in a link: of a fresh one 256 random bits in base64url, of one that somebody shows any
/// text of up to 1,024 characters. It never prints.
#[derive(Clone)]
pub struct LinkToken(String);

impl LinkToken {
    /// A fresh one of these random bits.
    #[must_use]
    pub fn new(bits: [u8; 32]) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(bits))
    }

    /// What its holder is given.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it: SHA-256 in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        Sha256::digest(&self.0).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for LinkToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LinkToken(…)")
    }
}

impl FromField for LinkToken {
    fn from_field(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) if text.chars().count() <= MAX_GUESS => Ok(Self(text)),
            Value::String(_) => Err(format!("must have at most {MAX_GUESS} characters")),
            _ => Err("must be a string".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn api_invitation_a_link_has_43_characters_and_its_digest_is_sha_256() {
        let token = LinkToken::new([0xfb; 32]);
        assert_eq!((token.reveal().len(), &token.reveal()[..4]), (43, "-_v7"));
        assert_eq!(format!("{token:?}"), "LinkToken(…)");
        // FIPS 180-4, the example "abc".
        let shown = LinkToken::from_field(json!("abc")).expect("a text");
        assert_eq!(
            shown.digest(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        for wrong in [json!(7), json!(null), json!("x".repeat(1_025))] {
            assert!(LinkToken::from_field(wrong).is_err());
        }
    }
}
