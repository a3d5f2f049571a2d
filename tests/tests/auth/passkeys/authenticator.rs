//! An authenticator in software (Web Authentication, sections 6 and 7): it creates and uses P-256
//! passkeys, also in ways that no honest authenticator would.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use rcgen::{KeyPair, PublicKeyData as _, SigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The origin that the tests claim; no page is loaded.
pub(super) const ORIGIN: &str = "https://board.example";

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
/// The flag BE: it may be backed up to other devices.
pub(super) const ELIGIBLE: u8 = 0x08;
/// The flag BS: it is backed up.
pub(super) const COPIED: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;

/// A passkey, and what its authenticator and browser report.
#[derive(Clone)]
pub(super) struct Passkey {
    pub(super) key: Arc<KeyPair>,
    pub(super) id: Vec<u8>,
    pub(super) count: u32,
    pub(super) flags: u8,
    pub(super) party: String,
    pub(super) origin: String,
    pub(super) cross_origin: bool,
    /// The ceremony type that the browser claims, where it is not the true one.
    pub(super) kind: Option<&'static str>,
    /// The user handle, in base64url.
    pub(super) user: String,
}

impl Passkey {
    /// A new passkey.
    pub(super) fn new() -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        Self {
            key: Arc::new(key),
            id: (0..20).map(|_| fastrand::u8(..)).collect(),
            count: 0,
            flags: PRESENT | VERIFIED,
            party: "board.example".to_owned(),
            origin: ORIGIN.to_owned(),
            cross_origin: false,
            kind: None,
            user: String::new(),
        }
    }

    /// The same without user verification.
    pub(super) fn unverified(&self) -> Self {
        Self { flags: self.flags & !VERIFIED, ..self.clone() }
    }

    /// The same without user presence.
    pub(super) fn unattended(&self) -> Self {
        Self { flags: self.flags & !PRESENT, ..self.clone() }
    }

    /// The browser's answer after creating it with our options.
    pub(super) fn made(&mut self, options: &Value) -> Value {
        self.user = text(&options["user"]["id"]);
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.authenticator_data(HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        let length = u16::try_from(data.len()).expect("short").to_be_bytes();
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59";
        let object = [head.as_slice(), &length, &data].concat();
        json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&client_data),
                "attestationObject": base64url(&object),
                "transports": ["internal"],
            },
        })
    }

    /// The browser's answer after using it.
    pub(super) fn used(&self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.authenticator_data(0);
        let message = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature = self.key.sign(&message).expect("a signature");
        json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&client_data),
                "authenticatorData": base64url(&data),
                "signature": base64url(&signature),
                "userHandle": self.user,
            },
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said = json!({
            "type": self.kind.unwrap_or(kind),
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
            "added_later": "by a browser",
        });
        said.to_string().into_bytes()
    }

    fn authenticator_data(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(&self.party).to_vec();
        data.push(self.flags | more);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.der_bytes();
        let head = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20";
        [head.as_slice(), &point[1..33], b"\x22\x58\x20", &point[33..]].concat()
    }
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub(super) fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
