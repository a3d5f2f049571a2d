//! What the browser says of a ceremony: which one it is, the challenge, and the page that asked for it.

use super::{Refused, RelyingParty};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The ceremonies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ceremony {
    /// A passkey is made.
    Create,
    /// It is used.
    Get,
}

impl Ceremony {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// The client data, and the hash that an authenticator signs.
#[derive(Clone, Debug)]
pub struct ClientData {
    said: Said,
    hash: [u8; 32],
}

/// As browsers write it. Members that they add are passed over, as the standard wants.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

impl ClientData {
    /// Reads it.
    #[must_use]
    pub fn read(json: &[u8]) -> Option<Self> {
        let said = serde_json::from_slice(json).ok()?;
        Some(Self { said, hash: Sha256::digest(json).into() })
    }

    /// The challenge that was answered, as it was before it went to the browser.
    #[must_use]
    pub fn challenge(&self) -> Option<String> {
        String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(&self.said.challenge).ok()?).ok()
    }

    /// What an authenticator signs of it.
    #[must_use]
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Whether it is of this ceremony and of our pages.
    ///
    /// # Errors
    /// Why it is not.
    pub fn check(&self, ceremony: Ceremony, party: &RelyingParty) -> Result<(), Refused> {
        if self.said.r#type != ceremony.name() {
            return Err(Refused::Ceremony);
        }
        // Also not within another page's frame.
        if self.said.origin != party.origin || self.said.cross_origin {
            return Err(Refused::Origin);
        }
        Ok(())
    }
}
