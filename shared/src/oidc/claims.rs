//! What ID tokens (OpenID Connect Core 1.0, 3.1.3.7) and logout tokens (Back-Channel Logout 1.0, 2.6) have to say.

use super::settings::Provider;
use crate::models::{DisplayName, Timestamp, Username};
use crate::validation::FromField as _;
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// By how much clocks may differ, in seconds.
const LEEWAY: u64 = 60;

/// How long ago a logout token may have been issued, in seconds: for this long it is remembered.
const LOGOUT_SECONDS: u64 = 10 * 60;

/// The longest subject and `sid`, in bytes (OpenID Connect Core 1.0, 2).
const MOST_NAME: usize = 255;

/// The name of the event in a logout token.
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Why a signed token is not taken: the claim at fault.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the claim {0} has the wrong value")]
pub struct Untrue(pub &'static str);

/// Whose tokens are taken, and when.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Of whom.
    pub provider: &'a Provider,
    /// At this moment.
    pub now: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl Expected<'_> {
    fn seconds(&self) -> u64 {
        u64::try_from(self.now.milliseconds() / 1_000).unwrap_or_default()
    }

    /// Looks at what both kinds have.
    fn check(
        &self,
        iss: &str,
        aud: &Audience,
        azp: Option<&str>,
        iat: u64,
        exp: u64,
    ) -> Result<(), Untrue> {
        let (now, client) = (self.seconds(), &self.provider.client_id);
        let audience = aud.as_slice();
        // Of several audiences one has to be the party that it was issued to.
        let ours = audience.contains(client)
            && azp.is_none_or(|party| party == client)
            && (audience.len() == 1 || azp.is_some());
        match () {
            () if iss != self.provider.issuer => Err(Untrue("iss")),
            () if !ours => Err(Untrue("aud")),
            () if exp.saturating_add(LEEWAY) <= now => Err(Untrue("exp")),
            () if iat > now + LEEWAY => Err(Untrue("iat")),
            () => Ok(()),
        }
    }
}

fn name(text: &str, claim: &'static str) -> Result<(), Untrue> {
    let good = (1..=MOST_NAME).contains(&text.len()) && !text.chars().any(char::is_control);
    if good { Ok(()) } else { Err(Untrue(claim)) }
}

/// The claims of an ID token.
#[derive(Debug, Deserialize)]
pub struct IdClaims {
    iss: String,
    /// Whom it is of, to its issuer.
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: u64,
    iat: u64,
    nonce: Option<String>,
    /// The session at the provider.
    pub sid: Option<String>,
    /// When the user proved there who they are, in seconds since 1970.
    pub auth_time: Option<u64>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl IdClaims {
    /// Ensures that the token is of this provider, for us, in time, and the one that was asked for.
    ///
    /// # Errors
    /// The claim that says something else.
    pub fn check(&self, expected: &Expected<'_>, nonce: &str) -> Result<(), Untrue> {
        expected.check(&self.iss, &self.aud, self.azp.as_deref(), self.iat, self.exp)?;
        if self.nonce.as_deref() != Some(nonce) {
            return Err(Untrue("nonce"));
        }
        name(&self.sub, "sub")?;
        self.sid.as_deref().map_or(Ok(()), |sid| name(sid, "sid"))
    }

    /// When the user authenticated, in seconds since 1970: now if the provider does not say, and never
    /// later than that.
    #[must_use]
    pub fn authenticated_at(&self, now: Timestamp) -> u64 {
        let now = u64::try_from(now.milliseconds() / 1_000).unwrap_or_default();
        self.auth_time.map_or(now, |time| time.min(now))
    }

    /// Whether the groups make them an admin; `None` if they say nothing about that.
    #[must_use]
    pub fn is_admin(&self, provider: &Provider) -> Option<bool> {
        if provider.admin_groups.is_empty() {
            return None;
        }
        let groups = match self.more.get(&provider.groups_claim) {
            Some(Value::String(group)) => vec![group.as_str()],
            Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        Some(groups.iter().any(|group| provider.admin_groups.iter().any(|admins| admins == group)))
    }

    /// The username that a new account is given, where nobody has it: what the provider calls them as far as that can
    /// be a name here.
    #[must_use]
    pub fn username(&self) -> Username {
        let told = ["preferred_username", "email", "name"].iter().find_map(|claim| {
            let text = self.more.get(*claim)?.as_str()?.split('@').next()?;
            let fit = |letter: char| {
                let plain = letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
                if plain { Some(letter) } else { letter.is_whitespace().then_some('-') }
            };
            let fitting: String = text.trim().chars().filter_map(fit).take(32).collect();
            Username::from_field(fitting.into()).ok()
        });
        told.unwrap_or_else(Username::of_nobody_known)
    }

    /// The display name that a new account is given.
    #[must_use]
    pub fn display_name(&self, username: &Username) -> DisplayName {
        let name = self.more.get("name").cloned().unwrap_or_default();
        DisplayName::from_field(name).unwrap_or_else(|_| DisplayName::from(username))
    }
}

/// The claims of a logout token.
#[derive(Debug, Deserialize)]
pub struct LogoutClaims {
    iss: String,
    aud: Audience,
    iat: u64,
    /// Some providers' have none: the specification wants it since it is final.
    exp: Option<u64>,
    /// What names the token.
    pub jti: String,
    /// Whose log-ins end.
    pub sub: Option<String>,
    /// Which of them end.
    pub sid: Option<String>,
    events: Map<String, Value>,
    nonce: Option<Value>,
}

impl LogoutClaims {
    /// Ensures that the token is of this provider, for us, in time, and one that ends something.
    ///
    /// # Errors
    /// The claim that says something else.
    pub fn check(&self, expected: &Expected<'_>) -> Result<(), Untrue> {
        let exp = self.ends();
        expected.check(&self.iss, &self.aud, None, self.iat, exp)?;
        if self.nonce.is_some() {
            return Err(Untrue("nonce"));
        }
        if !self.events.get(LOGOUT_EVENT).is_some_and(Value::is_object) {
            return Err(Untrue("events"));
        }
        if self.sub.is_none() && self.sid.is_none() {
            return Err(Untrue("sub"));
        }
        name(&self.jti, "jti")?;
        self.sub.as_deref().map_or(Ok(()), |sub| name(sub, "sub"))?;
        self.sid.as_deref().map_or(Ok(()), |sid| name(sid, "sid"))
    }

    /// When it is no longer valid, in seconds since 1970.
    fn ends(&self) -> u64 {
        let latest = self.iat.saturating_add(LOGOUT_SECONDS);
        self.exp.map_or(latest, |exp| exp.min(latest))
    }

    /// Until when it has to be remembered, so that it counts once.
    #[must_use]
    pub fn remembered_until(&self) -> u64 {
        self.ends().saturating_add(LEEWAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::providers;
    use serde_json::json;

    const NOW: u64 = 1_767_323_045;

    fn provider() -> Provider {
        let provider = json!([{
            "id": "a", "name": "A", "issuer": "https://id.example", "client_id": "board",
            "groups_claim": "roles", "admin_groups": ["ops", "it"],
        }]);
        providers(&provider.to_string()).expect("a provider").remove(0)
    }

    fn with(base: Value, change: &Value) -> Value {
        let mut claims = base;
        for (name, value) in change.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        claims
    }

    fn id(change: &Value) -> IdClaims {
        let base = json!({"iss": "https://id.example", "sub": "7", "aud": "board", "exp": NOW + 300,
            "iat": NOW, "nonce": "n"});
        serde_json::from_value(with(base, change)).expect("claims")
    }

    fn fault(change: &Value) -> Option<&'static str> {
        let now = Timestamp::from_milliseconds(i64::try_from(NOW * 1_000).expect("in range"));
        let expected = Expected { provider: &provider(), now };
        id(change).check(&expected, "n").err().map(|Untrue(claim)| claim)
    }

    #[test]
    fn api_oidc_an_id_token_is_of_its_provider_for_us_in_time_and_the_one_that_was_asked_for() {
        assert_eq!(fault(&json!({})), None);
        assert_eq!(fault(&json!({"aud": ["board"]})), None);
        assert_eq!(fault(&json!({"aud": ["board", "x"], "azp": "board"})), None);
        assert_eq!(fault(&json!({"exp": NOW - 59, "iat": NOW + 60})), None);
        for (change, claim) in [
            (json!({"iss": "https://id.example/"}), "iss"),
            (json!({"aud": "other"}), "aud"),
            (json!({"aud": []}), "aud"),
            (json!({"aud": ["board", "other"]}), "aud"),
            (json!({"azp": "other"}), "aud"),
            (json!({"exp": NOW - 60}), "exp"),
            (json!({"iat": NOW + 61}), "iat"),
            (json!({"nonce": "m"}), "nonce"),
            (json!({"nonce": null}), "nonce"),
            (json!({"sub": ""}), "sub"),
            (json!({"sub": "x".repeat(256)}), "sub"),
            (json!({"sid": ""}), "sid"),
        ] {
            assert_eq!(fault(&change), Some(claim), "{change}");
        }
    }

    #[test]
    fn api_oidc_a_logout_token_is_for_us_in_time_and_tells_of_a_logout() {
        let now = Timestamp::from_milliseconds(i64::try_from(NOW * 1_000).expect("in range"));
        let provider = provider();
        let fault = |change: &Value| {
            let base = json!({"iss": "https://id.example", "aud": "board", "iat": NOW, "jti": "j",
                "exp": NOW + 120, "sub": "7", "sid": "s", "events": {LOGOUT_EVENT: {}}});
            let claims: LogoutClaims = serde_json::from_value(with(base, change)).expect("claims");
            let expected = Expected { provider: &provider, now };
            claims.check(&expected).err().map(|Untrue(claim)| claim)
        };
        for good in [json!({}), json!({"exp": null}), json!({"sub": null}), json!({"sid": null})] {
            assert_eq!(fault(&good), None, "{good}");
        }
        for (change, claim) in [
            (json!({"iss": "x"}), "iss"),
            (json!({"aud": "x"}), "aud"),
            (json!({"exp": NOW - 60}), "exp"),
            (json!({"iat": NOW - 660}), "exp"),
            (json!({"iat": NOW + 61}), "iat"),
            (json!({"nonce": "n"}), "nonce"),
            (json!({"events": {}}), "events"),
            (json!({"events": {LOGOUT_EVENT: true}}), "events"),
            (json!({"sub": null, "sid": null}), "sub"),
            (json!({"jti": ""}), "jti"),
        ] {
            assert_eq!(fault(&change), Some(claim), "{change}");
        }
    }

    #[test]
    fn api_oidc_groups_make_admins_by_the_name_of_their_claim() {
        let is_admin = |change: Value| id(&change).is_admin(&provider());
        assert_eq!(is_admin(json!({"roles": ["staff", "ops"]})), Some(true));
        assert_eq!(is_admin(json!({"roles": "it"})), Some(true));
        assert_eq!(is_admin(json!({"roles": ["OPS", 7]})), Some(false));
        assert_eq!(is_admin(json!({"groups": ["ops"]})), Some(false));
        let silent = Provider { admin_groups: Vec::new(), ..provider() };
        assert_eq!(id(&json!({"roles": ["ops"]})).is_admin(&silent), None);
    }

    #[test]
    fn api_oidc_a_new_account_is_called_as_the_provider_calls_its_user_as_far_as_that_is_a_name() {
        let names = |change: Value| {
            let claims = id(&change);
            let username = claims.username();
            let shown = claims.display_name(&username);
            (username.as_str().to_owned(), shown.as_str().to_owned())
        };
        let told = |username: &str, shown: &str| (username.to_owned(), shown.to_owned());
        let full = json!({"preferred_username": "ada", "name": "Ada L.", "email": "a@b.example"});
        assert_eq!(names(full), told("ada", "Ada L."));
        assert_eq!(names(json!({"preferred_username": "ada@b.example"})), told("ada", "ada"));
        assert_eq!(names(json!({"email": "ada.l+x@b.example"})), told("ada.lx", "ada.lx"));
        assert_eq!(names(json!({"name": "Ada Lovelace"})), told("Ada-Lovelace", "Ada Lovelace"));
        assert_eq!(names(json!({"name": "Ωμέγα"})), told("user", "Ωμέγα"));
        assert_eq!(names(json!({"name": "a\u{202e}b", "preferred_username": 7})).0, "user");
    }
}
