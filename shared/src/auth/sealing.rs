//! Secrets that the database keeps and cannot read: XChaCha20-Poly1305 under a key that is derived from the
//! secret that signs tokens (docs/adr/0028-second-factors.md; those of mails: docs/adr/0034-mails.md).

use super::WeakSecret;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// What keeps the derived keys apart from whatever else is made of the same secret.
const SECOND_FACTORS: &[u8] = b"secrets of second factors";
const MAILS: &[u8] = b"links in mails";

/// The bytes of a nonce: enough that random ones never collide.
const NONCE: usize = 24;

/// Seals and opens. It never prints.
#[derive(Clone)]
pub struct Sealer {
    current: XChaCha20Poly1305,
    previous: Option<XChaCha20Poly1305>,
}

/// What was sealed.
#[derive(Clone, Eq, PartialEq)]
pub struct Opened {
    /// The secret.
    pub secret: Vec<u8>,
    /// Whether it was sealed under the previous secret, and has to be sealed again.
    pub outdated: bool,
}

impl Sealer {
    /// By the secret that signs tokens, and the one that did so before it (empty: none).
    ///
    /// # Errors
    /// When one of them is too short.
    pub fn new(current: &str, previous: &str) -> Result<Self, WeakSecret> {
        Self::labelled(current, previous, SECOND_FACTORS)
    }

    /// The same for links that wait to be mailed, which it seals for no user (0): of whom they will be is not known yet.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_mails(current: &str, previous: &str) -> Result<Self, WeakSecret> {
        Self::labelled(current, previous, MAILS)
    }

    fn labelled(current: &str, previous: &str, label: &[u8]) -> Result<Self, WeakSecret> {
        let previous = if previous.is_empty() { None } else { Some(cipher(previous, label)?) };
        Ok(Self { current: cipher(current, label)?, previous })
    }

    /// The secret of this user as a text of base64url. `nonce` is random.
    #[must_use]
    pub fn seal(&self, user_id: u64, secret: &[u8], nonce: [u8; NONCE]) -> String {
        let aad = user_id.to_be_bytes();
        let payload = Payload { msg: secret, aad: &aad };
        // It fails for what is longer than memory is.
        let sealed = self.current.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// What [`Self::seal`] was given for this user; `None` if neither secret opens it.
    #[must_use]
    pub fn open(&self, user_id: u64, sealed: &str) -> Option<Opened> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, text) = bytes.split_first_chunk::<NONCE>()?;
        let aad = user_id.to_be_bytes();
        let by = |cipher: &XChaCha20Poly1305| {
            cipher.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: &aad }).ok()
        };
        let opened = by(&self.current).map(|secret| Opened { secret, outdated: false });
        opened.or_else(|| {
            let secret = by(self.previous.as_ref()?)?;
            Some(Opened { secret, outdated: true })
        })
    }
}

fn cipher(secret: &str, label: &[u8]) -> Result<XChaCha20Poly1305, WeakSecret> {
    super::keys::check_length(secret)?;
    let mac: Hmac<Sha256> = Hmac::new_from_slice(secret.as_bytes()).map_err(|_| WeakSecret)?;
    let key: [u8; 32] = mac.chain_update(label).finalize().into_bytes().into();
    Ok(XChaCha20Poly1305::new(&key.into()))
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sealer(…)")
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Opened(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "old-old-old-old-old-old-old-old-old-old";
    const NEW: &str = "new-new-new-new-new-new-new-new-new-new";

    fn sealer(current: &str, previous: &str) -> Sealer {
        Sealer::new(current, previous).expect("long enough")
    }

    fn opened(sealer: &Sealer, user: u64, sealed: &str) -> Option<(Vec<u8>, bool)> {
        sealer.open(user, sealed).map(|opened| (opened.secret, opened.outdated))
    }

    #[test]
    fn api_totp_a_sealed_secret_is_its_users_alone_and_no_change_of_it_opens() {
        let sealer = sealer(NEW, "");
        let sealed = sealer.seal(7, b"secret", [5; NONCE]);
        assert_eq!(opened(&sealer, 7, &sealed), Some((b"secret".to_vec(), false)));
        assert_eq!(opened(&sealer, 8, &sealed), None);
        for place in 0..sealed.len() {
            let mut other = sealed.clone();
            let changed = if &sealed[place..=place] == "B" { "C" } else { "B" };
            other.replace_range(place..=place, changed);
            assert_eq!(opened(&sealer, 7, &other), None, "{other}");
        }
        for text in ["", "short", "ä", &"A".repeat(32)] {
            assert_eq!(opened(&sealer, 7, text), None, "{text}");
        }
    }

    #[test]
    fn api_email_what_is_sealed_for_a_mail_is_no_secret_of_a_second_factor() {
        let mails = Sealer::of_mails(NEW, OLD).expect("long enough");
        let sealed = mails.seal(0, b"link", [5; NONCE]);
        assert_eq!(opened(&mails, 0, &sealed), Some((b"link".to_vec(), false)));
        assert_eq!(opened(&sealer(NEW, ""), 0, &sealed), None);
        assert_eq!(opened(&mails, 0, &sealer(NEW, "").seal(0, b"link", [5; NONCE])), None);
    }

    #[test]
    fn api_totp_a_secret_outlives_one_change_of_the_secret_that_signs_tokens() {
        let sealed = sealer(OLD, "").seal(7, b"secret", [5; NONCE]);
        assert_eq!(opened(&sealer(NEW, OLD), 7, &sealed), Some((b"secret".to_vec(), true)));
        assert_eq!(opened(&sealer(NEW, ""), 7, &sealed), None);
        assert!(Sealer::new("short", "").is_err() && Sealer::new(NEW, "short").is_err());
        assert_eq!(format!("{:?}", sealer(NEW, OLD)), "Sealer(…)");
    }
}
