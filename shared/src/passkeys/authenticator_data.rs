//! What an authenticator says of itself and of the passkey (WebAuthn, section 6.1).

use super::{Refused, RelyingParty};
use sha2::{Digest as _, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// The most bytes of a credential's id (WebAuthn, section 4).
const MOST_ID: usize = 1_023;

/// Authenticator data whose fixed part was read.
#[derive(Clone, Copy, Debug)]
pub struct AuthenticatorData<'a> {
    party_hash: [u8; 32],
    flags: u8,
    sign_count: u32,
    rest: &'a [u8],
}

/// The passkey that was made.
#[derive(Clone, Copy, Debug)]
pub struct Credential<'a> {
    /// Its id.
    pub id: &'a [u8],
    /// The public key in COSE, and what follows it.
    pub key_and_more: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads the fixed part.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (party_hash, rest) = bytes.split_first_chunk()?;
        let (flags, rest) = rest.split_first()?;
        let (count, rest) = rest.split_first_chunk()?;
        let sign_count = u32::from_be_bytes(*count);
        let data = Self { party_hash: *party_hash, flags: *flags, sign_count, rest };
        let more = data.has(HAS_CREDENTIAL) || data.has(HAS_EXTENSIONS);
        (more || rest.is_empty()).then_some(data)
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether the passkey may be copied to the user's other devices.
    #[must_use]
    pub fn is_backup_eligible(&self) -> bool {
        self.has(BACKUP_ELIGIBLE)
    }

    /// Whether something may follow the public key.
    #[must_use]
    pub fn has_extensions(&self) -> bool {
        self.has(HAS_EXTENSIONS)
    }

    /// How often the passkey was used.
    #[must_use]
    pub fn sign_count(&self) -> u32 {
        self.sign_count
    }

    /// Whether it is for us, and its user was there and verified.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn check(&self, party: &RelyingParty) -> Result<(), Refused> {
        if self.party_hash != <[u8; 32]>::from(Sha256::digest(&party.id)) {
            return Err(Refused::RelyingParty);
        }
        if !self.has(USER_PRESENT) || !self.has(USER_VERIFIED) {
            return Err(Refused::NotVerified);
        }
        if self.has(BACKED_UP) && !self.has(BACKUP_ELIGIBLE) {
            return Err(Refused::Backup);
        }
        Ok(())
    }

    /// The passkey that was made, where one was.
    #[must_use]
    pub fn credential(&self) -> Option<Credential<'a>> {
        if !self.has(HAS_CREDENTIAL) {
            return None;
        }
        // The model of the authenticator: nobody asked for it.
        let (_model, rest) = self.rest.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, key_and_more) = rest.split_at_checked(length)?;
        (1..=MOST_ID).contains(&length).then_some(Credential { id, key_and_more })
    }
}
