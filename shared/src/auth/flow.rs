//! What a browser keeps while its user is at an OpenID Connect provider: signed by us, and of no other use.

use super::Refused;
use super::keys::{Keys, Purpose};
use crate::models::Timestamp;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How long a log-in may take at the provider, in seconds.
pub const FLOW_SECONDS: u64 = 10 * 60;

/// One log-in under way. No claims of a token to log in with have these names, nor the other way round.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The id of the provider that it was begun with.
    pub provider: String,
    /// What the provider sends back, so that nobody else's answer is taken.
    pub state: String,
    /// What the ID token has to hold.
    pub nonce: String,
    /// The secret of PKCE (RFC 7636).
    pub verifier: String,
    /// The page to go on with.
    pub return_to: String,
    /// Who is logged in and wants to log in by the provider as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Linking>,
    /// When it ends, in seconds since 1970.
    pub ends: u64,
}

/// Whose account gets another way in: the token that asked for it has to count at the end as well.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Linking {
    /// The user.
    pub user_id: u64,
    /// The generation of their token.
    pub generation: i64,
    /// The token.
    pub jti: String,
}

impl Flow {
    /// What PKCE's challenge is (S256).
    #[must_use]
    pub fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }

    /// The value of the cookie.
    #[must_use]
    pub fn seal(&self, keys: &Keys) -> String {
        keys.seal(Purpose::Flow, self)
    }

    /// The flow of a cookie that is ours, in time, and of this provider.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn open(
        cookie: &str,
        keys: &Keys,
        provider: &str,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let flow: Self = keys.open(Purpose::Flow, cookie)?;
        if flow.provider != provider {
            return Err(Refused::Purpose);
        }
        let now = u64::try_from(now.milliseconds() / 1_000).unwrap_or_default();
        if flow.ends <= now { Err(Refused::Expired) } else { Ok(flow) }
    }
}

/// A page of the app: a path of this origin, and no endpoint of the API.
#[must_use]
pub fn is_page(path: &str) -> bool {
    let plain = path.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\');
    plain && path.len() <= 512 && path.starts_with('/') && !path.starts_with("//") && {
        path != "/api" && !path.starts_with("/api/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Claims;
    use crate::models::{Role, User};

    const NOW: u64 = 1_767_323_045;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_milliseconds(i64::try_from(seconds * 1_000).expect("in range"))
    }

    fn keys(secret: &str) -> Keys {
        Keys::new(&secret.repeat(8), "").expect("long enough")
    }

    fn flow() -> Flow {
        Flow {
            provider: "house".to_owned(),
            state: "s".to_owned(),
            nonce: "n".to_owned(),
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(),
            return_to: "/boards/7".to_owned(),
            link: None,
            ends: NOW + FLOW_SECONDS,
        }
    }

    #[test]
    fn api_oidc_a_flow_counts_with_its_provider_until_it_ends_and_for_nothing_else() {
        let ours = keys("ours");
        let sealed = flow().seal(&ours);
        assert_eq!(Flow::open(&sealed, &ours, "house", at(NOW)), Ok(flow()));
        let ended = Flow::open(&sealed, &ours, "house", at(NOW + FLOW_SECONDS));
        assert_eq!(ended, Err(Refused::Expired));
        assert_eq!(Flow::open(&sealed, &ours, "other", at(NOW)), Err(Refused::Purpose));
        assert_eq!(Flow::open(&sealed, &keys("else"), "house", at(NOW)), Err(Refused::Signature));
        assert_eq!(Claims::verify(&sealed, &ours, at(NOW)), Err(Refused::Purpose));
        let user = User {
            id: 7,
            username: "ada".to_owned(),
            display_name: "Ada".to_owned(),
            role: Role::User,
            created_at: at(NOW),
        };
        let token = Claims::issue(&user, 3, "5f1c", at(NOW)).sign(&ours);
        assert_eq!(Flow::open(&token, &ours, "house", at(NOW)), Err(Refused::Purpose));
    }

    #[test]
    fn api_oidc_the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        assert_eq!(flow().challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn api_oidc_one_comes_back_to_a_page_of_the_same_origin_alone() {
        for page in ["/", "/boards/7?task=1#x", "/profile"] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "",
            "boards",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a b",
            "/\n",
            "/api/auth/me",
            "/api",
        ] {
            assert!(!is_page(other), "{other:?}");
        }
    }
}
