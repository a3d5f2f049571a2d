//! People: who they are, what they are called, and the password that proves it.

use super::Timestamp;
use super::text::{Lines, text};
use crate::validation::FromField;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::RangeInclusive;

/// A user's id, 1 or more.
pub type UserId = u64;

/// What a user may do beyond their own boards.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Nothing.
    User,
    /// See and manage the whole installation.
    Admin,
}

impl Role {
    /// The role of this name, as the database and tokens write it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

impl FromField for Role {
    fn from_field(value: Value) -> Result<Self, String> {
        let role = value.as_str().and_then(Self::parse);
        role.ok_or_else(|| "must be one of: user, admin".to_owned())
    }
}

/// A user as the API shows them (docs/contract/api.md, API-USER).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The name they log in with.
    pub username: String,
    /// What they want to be called.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are here.
    pub created_at: Timestamp,
}

/// A name to log in with: 3 to 32 of `a-z A-Z 0-9 _ . -`, unique without regard to case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Username(String);

impl Username {
    /// How many characters it has.
    pub const LENGTH: RangeInclusive<usize> = 3..=32;

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is the same for every way to write this name.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The name of somebody without a usable name.
    #[must_use]
    pub fn of_nobody_known() -> Self {
        Self("user".to_owned())
    }
}

impl FromField for Username {
    fn from_field(value: Value) -> Result<Self, String> {
        let Value::String(name) = value else {
            return Err("must be a string".to_owned());
        };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        if !name.bytes().all(allowed) {
            return Err("may only contain a-z, A-Z, 0-9, _, . and -".to_owned());
        }
        within(&Self::LENGTH, name.len()).map(|()| Self(name))
    }
}

/// What a user wants to be called: one line of 1 to 64 characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DisplayName(String);

impl DisplayName {
    /// How many characters it has.
    pub const LENGTH: RangeInclusive<usize> = 1..=64;

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Username> for DisplayName {
    /// The default display name: the one that the user logs in with.
    fn from(username: &Username) -> Self {
        Self(username.0.clone())
    }
}

impl FromField for DisplayName {
    fn from_field(value: Value) -> Result<Self, String> {
        text(value, Lines::One, *Self::LENGTH.start(), *Self::LENGTH.end()).map(Self)
    }
}

/// A password of 10 to 128 characters. It never prints.
#[derive(Clone, Eq, PartialEq)]
pub struct Password(String);

impl Password {
    /// How many characters it has.
    pub const LENGTH: RangeInclusive<usize> = 10..=128;

    /// What is hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(…)")
    }
}

impl FromField for Password {
    fn from_field(value: Value) -> Result<Self, String> {
        let Value::String(password) = value else {
            return Err("must be a string".to_owned());
        };
        within(&Self::LENGTH, password.chars().count()).map(|()| Self(password))
    }
}

/// The most characters of a name or a password that somebody tries.
pub const MAX_GUESS: usize = 1_024;

/// What somebody who logs in gives as a name: any text of up to 1,024 characters. One that nobody
/// can have is answered like one that nobody has.
#[derive(Clone, Debug)]
pub struct UsernameGuess(String);

impl UsernameGuess {
    /// The name to look for; empty (which nobody is called) where it cannot be one.
    #[must_use]
    pub fn name(&self) -> &str {
        if Username::from_field(Value::from(self.0.as_str())).is_ok() { &self.0 } else { "" }
    }

    /// What its failures are counted by.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.chars().take(64).collect::<String>().to_ascii_lowercase()
    }
}

impl From<&str> for UsernameGuess {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl FromField for UsernameGuess {
    fn from_field(value: Value) -> Result<Self, String> {
        guess(value).map(Self)
    }
}

/// What somebody gives as their password: any text of up to 1,024 characters. It never prints.
#[derive(Clone)]
pub struct PasswordGuess(String);

impl PasswordGuess {
    /// What is checked.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<&Password> for PasswordGuess {
    /// A password that may be the one that was given before.
    fn from(password: &Password) -> Self {
        Self(password.0.clone())
    }
}

impl std::fmt::Debug for PasswordGuess {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordGuess(…)")
    }
}

impl FromField for PasswordGuess {
    fn from_field(value: Value) -> Result<Self, String> {
        guess(value).map(Self)
    }
}

fn within(lengths: &RangeInclusive<usize>, length: usize) -> Result<(), String> {
    let (least, most) = (lengths.start(), lengths.end());
    let fits = lengths.contains(&length);
    fits.then_some(())
        .ok_or_else(|| format!("must have {least} to {most} characters, has {length}"))
}

fn guess(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.chars().count() <= MAX_GUESS => Ok(text),
        Value::String(_) => Err(format!("must have at most {MAX_GUESS} characters")),
        _ => Err("must be a string".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn api_user_a_username_has_3_to_32_of_the_allowed_characters() {
        for right in ["ada", "A.d-a_9", &"x".repeat(32)] {
            assert!(Username::from_field(json!(right)).is_ok(), "{right}");
        }
        let wrong =
            [json!("ab"), json!("x".repeat(33)), json!("ada l"), json!("ädä"), json!(" ada")];
        for wrong in wrong.into_iter().chain([json!(""), json!(7), json!(null), json!("ada\n")]) {
            assert!(Username::from_field(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn api_user_names_are_the_same_without_regard_to_case() {
        let key = |name: &str| Username::from_field(json!(name)).expect("valid").key();
        assert_eq!(key("Ada"), key("aDA"));
        assert_ne!(key("ada"), key("adb"));
    }

    #[test]
    fn api_user_a_display_name_holds_nothing_invisible() {
        for right in ["Ada", "Renée", "علي", "山田", "Ada \u{2764}\u{fe0f}", "e\u{301}"] {
            assert!(DisplayName::from_field(json!(right)).is_ok(), "{right}");
        }
        // Persian, Kannada, Sinhala; a woman at her computer, a family, an eye in a speech bubble.
        for joined in [
            "علی\u{200c}رضا",
            "ರ\u{200d}್ಕ",
            "ශ්\u{200d}රී",
            "Ada \u{1f469}\u{200d}\u{1f4bb}",
            "\u{1f468}\u{1f3fd}\u{200d}\u{1f469}\u{200d}\u{1f467}",
            "\u{1f441}\u{fe0f}\u{200d}\u{1f5e8}\u{fe0f}",
        ] {
            assert!(DisplayName::from_field(json!(joined)).is_ok(), "{joined}");
        }
        for astray in ["علی\u{200c}\u{200c}رضا", "علی\u{200c}", "\u{200d}علی", "a\u{200d}علی"]
        {
            assert!(DisplayName::from_field(json!(astray)).is_err(), "{astray:?}");
        }
        for nothing in ["\u{2800}", "\u{fe0f}", "\u{e0100} \u{2800}", "a\u{2028}b"] {
            assert!(DisplayName::from_field(json!(nothing)).is_err(), "{nothing:?}");
        }
        let bidi =
            ['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'];
        let zero_width =
            ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{e0041}'];
        for hidden in bidi.into_iter().chain(zero_width) {
            for name in
                [format!("a{hidden}b"), format!("{hidden}ab"), format!("ab{hidden}"), hidden.into()]
            {
                assert!(DisplayName::from_field(json!(name)).is_err(), "{name:?}");
                assert!(Username::from_field(json!(name)).is_err(), "{name:?}");
            }
        }
        assert_eq!(
            DisplayName::from_field(json!("a\u{202e}b")),
            Err("must not contain invisible characters such as U+202E".to_owned())
        );
    }

    #[test]
    fn api_user_a_password_has_10_to_128_characters_of_any_kind() {
        assert!(Password::from_field(json!("ü".repeat(10))).is_ok());
        assert!(Password::from_field(json!("ü".repeat(128))).is_ok());
        assert!(Password::from_field(json!("  spaces count  ")).is_ok());
        for wrong in [json!("x".repeat(9)), json!("x".repeat(129)), json!(1_234_567_890)] {
            assert!(Password::from_field(wrong).is_err());
        }
    }

    #[test]
    fn a_guessed_name_that_nobody_can_have_looks_for_nobody() {
        let guess = |name: &str| UsernameGuess::from_field(json!(name)).expect("a text");
        assert_eq!(guess("Ada").name(), "Ada");
        assert_eq!(guess("Ada").key(), "ada");
        for nobody in ["", "a", "a\u{0}da", "ada@example.org"] {
            assert_eq!(guess(nobody).name(), "", "{nobody:?}");
        }
        assert!(PasswordGuess::from_field(json!("wrong")).is_ok(), "any text may be tried");
        assert!(PasswordGuess::from_field(json!("x".repeat(1_025))).is_err());
    }

    #[test]
    fn a_password_never_prints_and_no_fault_of_it_quotes_it() {
        let password = Password::from_field(json!("hunter2hunter2")).expect("valid");
        assert_eq!(format!("{password:?}"), "Password(…)");
        let guess = PasswordGuess::from_field(json!("hunter2hunter2")).expect("a text");
        assert_eq!(format!("{guess:?}"), "PasswordGuess(…)");
        let fault = Password::from_field(json!("hunter2")).expect_err("too short");
        assert!(!fault.contains("hunter2"));
    }
}
