//! What a passkey signs: a challenge that is ours, for a few minutes and one use. It is signed by us, so that nothing is
//! kept until it was used (docs/adr/0035-passkeys.md).

use super::Refused;
use super::flow::Linking;
use super::keys::{Keys, Purpose};
use crate::models::Timestamp;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::{Deserialize, Serialize};

/// For how long a challenge can be answered, in seconds.
pub const CHALLENGE_SECONDS: u64 = 5 * 60;

/// One challenge. No claims of a token for anything else have these names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// Random, to be unique.
    pub challenge: String,
    /// Who gets a passkey, and by which of their log-ins; `None`: somebody logs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adds_for: Option<Linking>,
    /// When it ends, in seconds since 1970.
    pub ends: u64,
}

impl Challenge {
    /// A fresh one.
    #[must_use]
    pub fn new(random: String, adds_for: Option<Linking>, now: Timestamp) -> Self {
        Self { challenge: random, adds_for, ends: seconds(now) + CHALLENGE_SECONDS }
    }

    /// As browsers take it: in base64url.
    #[must_use]
    pub fn seal(&self, keys: &Keys) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(keys.seal(Purpose::Passkey, self))
    }

    /// The challenge that was answered, if it is ours and in time. Whether it was used the caller finds out.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn open(answered: &str, keys: &Keys, now: Timestamp) -> Result<Self, Refused> {
        let challenge: Self = keys.open(Purpose::Passkey, answered)?;
        if challenge.ends <= seconds(now) { Err(Refused::Expired) } else { Ok(challenge) }
    }
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.milliseconds() / 1_000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_767_323_045;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_milliseconds(i64::try_from(seconds * 1_000).expect("in range"))
    }

    fn keys(secret: &str) -> Keys {
        Keys::new(&secret.repeat(8), "").expect("long enough")
    }

    #[test]
    fn api_passkey_challenge_is_ours_for_five_minutes_and_for_nothing_else() {
        let ours = keys("ours");
        let adds_for = Some(Linking { user_id: 7, generation: 3, jti: "5f1c".to_owned() });
        for adds_for in [None, adds_for] {
            let challenge = Challenge::new("random".to_owned(), adds_for, at(NOW));
            let sent = challenge.seal(&ours);
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(&sent).expect("base64url");
            let answered = String::from_utf8(bytes).expect("a token");
            assert_eq!(Challenge::open(&answered, &ours, at(NOW + 299)), Ok(challenge));
            assert_eq!(Challenge::open(&answered, &ours, at(NOW + 300)), Err(Refused::Expired));
            let stranger = Challenge::open(&answered, &keys("else"), at(NOW));
            assert_eq!(stranger, Err(Refused::Signature));
            let other = crate::auth::Claims::verify(&answered, &ours, at(NOW));
            assert_eq!(other, Err(Refused::Purpose));
        }
        assert_eq!(Challenge::open("", &ours, at(NOW)), Err(Refused::Malformed));
    }
}
