//! The two ceremonies: a passkey is made (WebAuthn, section 7.1), and it is used (section 7.2).

use super::public_key::{PublicKey, decode};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use shared::passkeys::{AuthenticatorData, Ceremony, ClientData, Refused, RelyingParty};
use shared::validation::FromField;

/// A passkey that a browser has made, as its `toJSON()` gives it.
#[derive(Clone, Debug)]
pub(super) struct NewCredential {
    id: Vec<u8>,
    client_data: ClientData,
    attestation: Vec<u8>,
}

/// What is kept of a passkey.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct NewPasskey {
    pub(super) credential_id: Vec<u8>,
    /// Its public key, in COSE.
    pub(super) public_key: Vec<u8>,
    /// How often it was used.
    pub(super) sign_count: u32,
    /// Whether it may be copied to its user's other devices.
    pub(super) backup_eligible: bool,
}

/// The use of a passkey, as the browser's `toJSON()` gives it.
#[derive(Clone, Debug)]
pub(super) struct Assertion {
    id: Vec<u8>,
    client_data: ClientData,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_handle: Vec<u8>,
}

/// What was kept of the passkey that is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// Its public key, in base64url of COSE.
    pub(super) public_key: &'a str,
    /// What it knows its user by, in base64url.
    pub(super) handle: &'a str,
    /// How often it was used.
    pub(super) sign_count: u64,
    /// Whether it may be copied.
    pub(super) backup_eligible: bool,
}

impl NewCredential {
    /// The challenge that it answers.
    pub(super) fn challenge(&self) -> Option<String> {
        self.client_data.challenge()
    }

    /// What is to be kept of it. Whether the challenge counts is the caller's matter.
    ///
    /// # Errors
    /// Why it does not count.
    pub(super) fn check(&self, party: &RelyingParty) -> Result<NewPasskey, Refused> {
        self.client_data.check(Ceremony::Create, party)?;
        let bytes = self.authenticator_data().ok_or(Refused::Malformed)?;
        let data = AuthenticatorData::read(&bytes).ok_or(Refused::Malformed)?;
        data.check(party)?;
        let credential = data.credential().ok_or(Refused::Malformed)?;
        let (_, kept, more) = PublicKey::split(credential.key_and_more).ok_or(Refused::Key)?;
        if credential.id != self.id || !(more.is_empty() || data.has_extensions()) {
            return Err(Refused::Malformed);
        }
        Ok(NewPasskey {
            credential_id: self.id.clone(),
            public_key: kept.to_vec(),
            sign_count: data.sign_count(),
            backup_eligible: data.is_backup_eligible(),
        })
    }

    fn authenticator_data(&self) -> Option<Vec<u8>> {
        let (attestation, rest) = decode(&self.attestation)?;
        let mut members = attestation.into_map().ok()?.into_iter();
        let (_, data) = members.find(|(name, _)| name.as_text() == Some("authData"))?;
        data.into_bytes().ok().filter(|_| rest.is_empty())
    }
}

impl Assertion {
    /// The id of the passkey.
    pub(super) fn credential_id(&self) -> &[u8] {
        &self.id
    }

    /// The challenge that it answers.
    pub(super) fn challenge(&self) -> Option<String> {
        self.client_data.challenge()
    }

    /// How often the passkey was used, with this time. Whether the challenge counts is the caller's matter.
    ///
    /// # Errors
    /// Why it does not count.
    pub(super) fn check(&self, party: &RelyingParty, known: Known<'_>) -> Result<u32, Refused> {
        self.client_data.check(Ceremony::Get, party)?;
        let data = AuthenticatorData::read(&self.authenticator_data).ok_or(Refused::Malformed)?;
        data.check(party)?;
        if data.is_backup_eligible() != known.backup_eligible {
            return Err(Refused::Backup);
        }
        if BASE64_URL_SAFE_NO_PAD.encode(&self.user_handle) != known.handle {
            return Err(Refused::User);
        }
        let kept = BASE64_URL_SAFE_NO_PAD.decode(known.public_key).map_err(|_| Refused::Key)?;
        let (key, ..) = PublicKey::split(&kept).ok_or(Refused::Key)?;
        let message = [self.authenticator_data.as_slice(), self.client_data.hash()].concat();
        if !key.has_signed(&message, &self.signature) {
            return Err(Refused::Signature);
        }
        let (count, before) = (u64::from(data.sign_count()), known.sign_count);
        // Passkeys that are on several devices do not count.
        if count <= before && (count, before) != (0, 0) {
            return Err(Refused::Counter);
        }
        Ok(data.sign_count())
    }
}

impl FromField for NewCredential {
    fn from_field(value: Value) -> Result<Self, String> {
        let wire: Wire<AttestationResponse> = read(value)?;
        let response = wire.response;
        let client_data = client_data(&response.client_data.0)?;
        Ok(Self { id: wire.raw_id.0, client_data, attestation: response.attestation.0 })
    }
}

impl FromField for Assertion {
    fn from_field(value: Value) -> Result<Self, String> {
        let wire: Wire<AssertionResponse> = read(value)?;
        let response = wire.response;
        Ok(Self {
            id: wire.raw_id.0,
            client_data: client_data(&response.client_data.0)?,
            authenticator_data: response.authenticator_data.0,
            signature: response.signature.0,
            user_handle: response.user_handle.map(|handle| handle.0).unwrap_or_default(),
        })
    }
}

/// As browsers give it, with more that nobody asked for.
#[derive(Deserialize)]
struct Wire<R> {
    #[serde(rename = "rawId")]
    raw_id: Encoded,
    response: R,
}

#[derive(Deserialize)]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: Encoded,
    #[serde(rename = "attestationObject")]
    attestation: Encoded,
}

#[derive(Deserialize)]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: Encoded,
    #[serde(rename = "authenticatorData")]
    authenticator_data: Encoded,
    signature: Encoded,
    #[serde(rename = "userHandle")]
    user_handle: Option<Encoded>,
}

/// Bytes in base64url.
struct Encoded(Vec<u8>);

impl<'de> Deserialize<'de> for Encoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_URL_SAFE_NO_PAD.decode(text).map(Self).map_err(|_| D::Error::custom("no base64url"))
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|_| SHAPE.to_owned())
}

fn client_data(json: &[u8]) -> Result<ClientData, String> {
    ClientData::read(json).ok_or_else(|| SHAPE.to_owned())
}

const SHAPE: &str = "must be the browser's credential as toJSON() returns it";
