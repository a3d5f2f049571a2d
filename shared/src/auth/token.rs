//! What a token says, how it is issued, and when it is refused.

use super::api_token::{ApiToken, Reach};
use super::keys::{Keys, Purpose, Refused};
use crate::models::{MAX_ID, Role, Timestamp, User, UserId};
use serde::{Deserialize, Serialize};

/// How long a token is valid: one month, 30 days, in seconds (docs/contract/api.md, API-TOKEN).
pub const TOKEN_SECONDS: u64 = 30 * 24 * 60 * 60;

/// How long somebody who knew the password has to give the second factor, in seconds
/// (docs/contract/api.md, API-SECOND-FACTOR).
pub const STEP_SECONDS: u64 = 5 * 60;

/// The claims of a token. Another one in it means that it was signed for another purpose.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub username: String,
    /// What they could do when it was issued.
    pub role: Role,
    /// What names this token: where it was issued by us, the user's generation of tokens and a
    /// random part, as in `g3-5f1c…`.
    pub jti: String,
    /// When it was issued, in seconds since 1970.
    pub iat: u64,
    /// When it ends, in seconds since 1970.
    pub exp: u64,
    /// Of an API token, what it is for; none of a log-in. Nobody signs it: the database knows it by the
    /// digest, which is `jti`.
    #[serde(skip)]
    pub api_token: Option<Reach>,
}

/// When what has no end ends: the last second of the year 9999.
const NEVER: u64 = 253_402_300_799;

impl Claims {
    /// The claims of a new token for this user, issued in their present generation of tokens and
    /// named by 128 random bits.
    #[must_use]
    pub fn issue(user: &User, generation: u64, random_id: &str, now: Timestamp) -> Self {
        let iat = seconds(now);
        Self {
            user_id: user.id,
            username: user.username.clone(),
            role: user.role,
            jti: format!("g{generation}-{random_id}"),
            iat,
            exp: iat + TOKEN_SECONDS,
            api_token: None,
        }
    }

    /// What an API token claims to be. Until the database was asked nothing of it is certain; whose name
    /// that is and when it ends, only the database knows.
    #[must_use]
    pub fn of_api_token(token: &ApiToken) -> Self {
        Self {
            user_id: token.user_id(),
            username: String::new(),
            role: Role::User,
            jti: token.digest(),
            iat: 0,
            exp: NEVER,
            api_token: Some(token.reach()),
        }
    }

    /// The same with what the database has: the user's name, and when the token ends, in seconds
    /// since 1970.
    #[must_use]
    pub fn with_details(self, username: String, ends: Option<u64>) -> Self {
        match self.api_token {
            Some(_) => Self { username, exp: ends.unwrap_or(NEVER), ..self },
            None => self,
        }
    }

    /// The claims of somebody who gave this user's password and has yet to give the second factor. Those of
    /// the token that they get for it have the same `jti`: so it can be got only once.
    #[must_use]
    pub fn begin(user: &User, generation: u64, random_id: &str, now: Timestamp) -> Self {
        let claims = Self::issue(user, generation, random_id, now);
        Self { exp: claims.iat + STEP_SECONDS, ..claims }
    }

    /// The random part of its name.
    #[must_use]
    pub fn random_id(&self) -> &str {
        self.jti.split_once('-').map_or(self.jti.as_str(), |(_, random)| random)
    }

    /// The generation of tokens that it belongs to: revoking all of a user's tokens begins a new
    /// one. A `jti` of another shape belongs to the first, and an API token to none (-1).
    #[must_use]
    pub fn generation(&self) -> i64 {
        if self.api_token.is_some() {
            return -1;
        }
        let number = self.jti.strip_prefix('g').and_then(|rest| rest.split_once('-'));
        let number: Option<u64> = number.and_then(|(number, _)| number.parse().ok());
        number.and_then(|number| i64::try_from(number).ok()).unwrap_or_default()
    }

    /// Whether it ends at all; some API tokens do not.
    #[must_use]
    pub fn has_end(&self) -> bool {
        self.exp != NEVER
    }

    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        let milliseconds = self.exp.saturating_mul(1_000);
        Timestamp::from_milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX))
    }

    /// The token.
    #[must_use]
    pub fn sign(&self, keys: &Keys) -> String {
        keys.seal(Purpose::Session, self)
    }

    /// The token of a first step, which logs nobody in.
    #[must_use]
    pub fn sign_step(&self, keys: &Keys) -> String {
        keys.seal(Purpose::SecondFactor, self)
    }

    /// The claims of a token that is ours and still valid. Whether it was revoked is another
    /// question.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(token: &str, keys: &Keys, now: Timestamp) -> Result<Self, Refused> {
        Self::verify_for(Purpose::Session, token, keys, now)
    }

    /// The same of the token of a first step.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify_step(token: &str, keys: &Keys, now: Timestamp) -> Result<Self, Refused> {
        Self::verify_for(Purpose::SecondFactor, token, keys, now)
    }

    fn verify_for(
        purpose: Purpose,
        token: &str,
        keys: &Keys,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let claims: Self = keys.open(purpose, token)?;
        let visible = claims.jti.bytes().all(|byte| byte.is_ascii_graphic());
        if !(1..=MAX_ID).contains(&claims.user_id)
            || !(1..=64).contains(&claims.jti.len())
            || !visible
        {
            return Err(Refused::Purpose);
        }
        if claims.exp <= seconds(now) { Err(Refused::Expired) } else { Ok(claims) }
    }
}

/// Whole seconds since 1970.
fn seconds(moment: Timestamp) -> u64 {
    u64::try_from(moment.milliseconds() / 1_000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const OLD: &str = "old-old-old-old-old-old-old-old-old-old";
    const NEW: &str = "new-new-new-new-new-new-new-new-new-new";
    const NOW: u64 = 1_767_323_045;

    fn keys(current: &str, previous: &str) -> Keys {
        Keys::new(current, previous).expect("long enough")
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_milliseconds(i64::try_from(seconds * 1_000).expect("in range"))
    }

    fn claims() -> Claims {
        let user = User {
            id: 7,
            username: "ada".to_owned(),
            display_name: "Ada".to_owned(),
            role: Role::User,
            created_at: at(NOW),
        };
        Claims::issue(&user, 3, "5f1c", at(NOW))
    }

    fn part(json: &Value) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(json.to_string())
    }

    /// A token of any header, rightly signed by this secret all the same.
    fn forge(header: &Value, claims: &Value, secret: &str) -> String {
        use hmac::{Hmac, KeyInit as _, Mac as _};
        let message = format!("{}.{}", part(header), part(claims));
        let mac: Hmac<sha2::Sha256> = Hmac::new_from_slice(secret.as_bytes()).expect("a key");
        let signature = mac.chain_update(&message).finalize().into_bytes();
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    fn verify(token: &str) -> Result<Claims, Refused> {
        Claims::verify(token, &keys(NEW, ""), at(NOW))
    }

    #[test]
    fn api_token_says_who_it_is_for_30_days() {
        let token = claims().sign(&keys(NEW, ""));
        let read = verify(&token).expect("valid");
        assert_eq!(read, claims());
        assert_eq!(read.exp - read.iat, 2_592_000);
        assert_eq!(read.generation(), 3);
        assert_eq!(read.expires_at(), at(NOW + 2_592_000));
        let names: Value = serde_json::to_value(claims()).expect("JSON");
        let names: Vec<&String> = names.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["exp", "iat", "jti", "role", "user_id", "username"]);
    }

    #[test]
    fn api_token_an_expired_one_is_refused_from_the_second_on_that_it_names() {
        let token = claims().sign(&keys(NEW, ""));
        let read = |now| Claims::verify(&token, &keys(NEW, ""), at(now));
        assert!(read(NOW + TOKEN_SECONDS - 1).is_ok());
        assert_eq!(read(NOW + TOKEN_SECONDS), Err(Refused::Expired));
    }

    #[test]
    fn api_token_only_the_time_that_is_given_decides_not_the_clock_of_the_machine() {
        let keys = keys(NEW, "");
        for now in [1_u64, 4_000_000_000] {
            let body = Claims { iat: now, exp: now + 1, ..claims() };
            let token = body.sign(&keys);
            assert_eq!(Claims::verify(&token, &keys, at(now)), Ok(body), "{now}");
            let over = Claims::verify(&token, &keys, at(now + 1));
            assert_eq!(over, Err(Refused::Expired), "{now}, without leeway");
        }
    }

    #[test]
    fn api_token_two_secrets_are_valid_at_once_so_that_they_can_be_rotated() {
        let token = claims().sign(&keys(OLD, ""));
        let read = |keys: &Keys| Claims::verify(&token, keys, at(NOW));
        assert!(read(&keys(NEW, OLD)).is_ok());
        assert_eq!(read(&keys(NEW, "")), Err(Refused::Signature));
        let fresh = claims().sign(&keys(NEW, OLD));
        assert!(verify(&fresh).is_ok(), "the new secret signs");
        let kid = |token: &str| token.split('.').next().map(str::to_owned);
        assert_ne!(kid(&token), kid(&fresh), "the header tells which one signed");
    }

    #[test]
    fn api_second_factor_the_token_of_a_first_step_is_no_login_and_the_other_way_round() {
        let keys = keys(NEW, "");
        let (step, session) = (claims().sign_step(&keys), claims().sign(&keys));
        assert_eq!(verify(&step), Err(Refused::Purpose));
        assert_eq!(Claims::verify_step(&session, &keys, at(NOW)), Err(Refused::Purpose));
        assert_eq!(Claims::verify_step(&step, &keys, at(NOW)), Ok(claims()));
        assert_eq!(claims().random_id(), "5f1c");
    }

    #[test]
    fn api_token_alg_none_and_every_other_algorithm_are_refused() {
        let body = serde_json::to_value(claims()).expect("JSON");
        let refused = |algorithm: &str, why: Refused| {
            let header = json!({"alg": algorithm, "typ": "JWT"});
            let signed = forge(&header, &body, NEW);
            assert_eq!(verify(&signed), Err(why), "{algorithm}");
            let unsigned = format!("{}.{}.", part(&header), part(&body));
            assert_eq!(verify(&unsigned), Err(why), "{algorithm}");
        };
        for algorithm in ["HS384", "HS512", "RS256", "ES256", "PS512", "EdDSA"] {
            refused(algorithm, Refused::Algorithm);
        }
        // These name none.
        for algorithm in ["none", "None", "NONE", "nOnE", "hs256", "ES512", ""] {
            refused(algorithm, Refused::Malformed);
        }
        let unsigned = format!("{}.{}.", part(&json!({"alg": "HS256", "typ": "JWT"})), part(&body));
        assert_eq!(verify(&unsigned), Err(Refused::Signature));
    }

    #[test]
    fn api_token_of_another_key_is_refused_whatever_key_it_names() {
        let body = serde_json::to_value(claims()).expect("JSON");
        for header in [
            json!({"alg": "HS256", "typ": "JWT"}),
            json!({"alg": "HS256", "typ": "JWT", "kid": "unknown"}),
            json!({"alg": "HS256", "typ": "JWT", "kid": "../../dev/null"}),
        ] {
            assert_eq!(verify(&forge(&header, &body, OLD)), Err(Refused::Signature), "{header}");
        }
        let unnamed = forge(&json!({"alg": "HS256", "typ": "JWT"}), &body, NEW);
        assert!(verify(&unnamed).is_ok(), "a key need not be named");
        let other = forge(&json!({"alg": "HS256", "typ": "JWT", "kid": "other"}), &body, NEW);
        assert_eq!(verify(&other), Err(Refused::Signature));
    }

    #[test]
    fn api_token_signed_for_another_purpose_is_refused() {
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let good = serde_json::to_value(claims()).expect("JSON");
        assert!(verify(&forge(&header, &good, NEW)).is_ok());
        let with = |name: &str, value: Value| {
            let mut body = good.clone();
            body[name] = value;
            body
        };
        let mut lacking: Vec<Value> = Vec::new();
        for name in ["user_id", "username", "role", "jti", "iat", "exp"] {
            let mut body = good.clone();
            body.as_object_mut().expect("an object").remove(name);
            lacking.push(body);
        }
        let wrong = [
            json!({"sub": "7", "exp": NOW + 60}),
            with("purpose", json!("password-reset")),
            with("aud", json!("billing")),
            with("nbf", json!(NOW + 60)),
            with("user_id", json!(0)),
            with("user_id", json!("7")),
            with("role", json!("root")),
            with("jti", json!("")),
            with("jti", json!("a\u{0}b")),
            with("exp", json!("soon")),
        ];
        for body in wrong.into_iter().chain(lacking) {
            assert_eq!(verify(&forge(&header, &body, NEW)), Err(Refused::Purpose), "{body}");
        }
        for header in [json!({"alg": "HS256", "typ": "reset+jwt"}), json!({"alg": "HS256"})] {
            assert_eq!(verify(&forge(&header, &good, NEW)), Err(Refused::Purpose), "{header}");
        }
    }

    #[test]
    fn api_token_a_header_that_asks_to_be_understood_is_refused() {
        let good = serde_json::to_value(claims()).expect("JSON");
        for (name, value) in [
            ("crit", json!(["exp"])),
            ("jku", json!("https://evil.example/keys")),
            ("jwk", json!({"kty": "oct", "k": "AAAA"})),
            ("zip", json!("DEF")),
            ("cty", json!("JWT")),
            ("x5c", json!(["AAAA"])),
            ("b64", json!(false)),
        ] {
            let mut header = json!({"alg": "HS256", "typ": "JWT"});
            header[name] = value;
            assert_eq!(verify(&forge(&header, &good, NEW)), Err(Refused::Malformed), "{name}");
        }
    }

    #[test]
    fn api_token_what_is_no_token_is_malformed() {
        let token = claims().sign(&keys(NEW, ""));
        let long = "x".repeat(3_000);
        let padded = format!("{token}=");
        for text in ["", ".", "..", "...", "a.b", "a.b.c", "ä.ö.ü", &long, &padded, &token[1..]]
        {
            assert_eq!(verify(text), Err(Refused::Malformed), "{text}");
        }
    }

    #[test]
    fn a_jti_of_another_shape_belongs_to_the_first_generation() {
        for jti in ["5f1c", "g-5f1c", "gx-1", "550e8400-e29b-41d4-a716-446655440000"] {
            assert_eq!(Claims { jti: jti.to_owned(), ..claims() }.generation(), 0, "{jti}");
        }
    }

    proptest! {
        #[test]
        fn api_token_is_refused_with_any_character_changed(
            place in 0_usize..200, character in "[A-Za-z0-9_.=-]",
        ) {
            let token = claims().sign(&keys(NEW, ""));
            let place = place % token.len();
            let mut forged = token.clone();
            forged.replace_range(place..=place, &character);
            prop_assume!(forged != token);
            prop_assert!(verify(&forged).is_err(), "{}", forged);
        }

        #[test]
        fn no_text_makes_the_check_panic(text in ".{0,200}") {
            prop_assert!(verify(&text).is_err());
        }
    }
}
