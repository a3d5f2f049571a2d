//! E-mail addresses.

use super::Username;
use crate::validation::FromField;
use email_address::{EmailAddress as Parsed, Options};
use serde_json::Value;

/// An address that a mail can be sent to: of ASCII characters, without quotes, at a name of a host. It is the same
/// without regard to case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// How many characters it has at most (RFC 5321, section 4.5.3.1.3).
    pub const MOST: usize = 254;

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let options =
            Options::default().with_required_tld().without_domain_literal().without_display_text();
        let fits = text.len() <= Self::MOST && text.is_ascii() && !text.contains('"');
        let is_one = fits && Parsed::parse_with_options(text, options).is_ok();
        is_one.then(|| Self(text.to_owned()))
    }
}

impl FromField for EmailAddress {
    fn from_field(value: Value) -> Result<Self, String> {
        let Value::String(text) = value else {
            return Err("must be a string".to_owned());
        };
        Self::parse(text.trim()).ok_or_else(|| "must be an e-mail address".to_owned())
    }
}

/// Whose password was forgotten, as somebody typed it: a name or an address. What can be neither is nobody's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountGuess(String);

impl AccountGuess {
    /// The name or the address; empty if it can be neither.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromField for AccountGuess {
    fn from_field(value: Value) -> Result<Self, String> {
        let Value::String(text) = value else {
            return Err("must be a string".to_owned());
        };
        if text.chars().count() > EmailAddress::MOST {
            return Err(format!("must have at most {} characters", EmailAddress::MOST));
        }
        let text = text.trim();
        let is_name = Username::from_field(text.into()).is_ok();
        let usable = is_name || EmailAddress::parse(text).is_some();
        Ok(Self(if usable { text.to_owned() } else { String::new() }))
    }
}

/// A language that mails are written in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The language of this tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        match tag {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            _ => None,
        }
    }

    /// Its tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
}

impl FromField for Language {
    fn from_field(value: Value) -> Result<Self, String> {
        let language = value.as_str().and_then(Self::parse);
        language.ok_or_else(|| "must be one of: en, de".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn api_email_an_address_is_one_that_a_mail_can_be_sent_to() {
        for right in ["ada@example.org", " ada@example.org ", "a.b+c@x-y.example.org", "A@B.CO"] {
            let read = EmailAddress::from_field(json!(right)).map(|read| read.as_str().to_owned());
            assert_eq!(read.as_deref(), Ok(right.trim()), "{right}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for wrong in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@localhost",
            "ada@[127.0.0.1]",
            "a b@example.org",
            "Ada <ada@example.org>",
            "\"a\"@example.org",
            "ada@exämple.org",
            "a@example.org\r\nBcc: b@example.org",
            "a@example.org,b@example.org",
            "a..b@example.org",
            &long,
        ] {
            assert!(EmailAddress::from_field(json!(wrong)).is_err(), "{wrong:?}");
        }
        assert!(EmailAddress::from_field(json!(7)).is_err());
    }

    #[test]
    fn api_forgot_what_nobody_can_be_called_is_nobodys() {
        let guess = |text: &str| AccountGuess::from_field(json!(text)).expect("a text");
        for usable in ["Ada", "ada@example.org", " ada "] {
            assert_eq!(guess(usable).as_str(), usable.trim());
        }
        for nobody in ["", "a", "a b", "a\u{0}da", "ada@", "ä@example.org"] {
            assert_eq!(guess(nobody).as_str(), "", "{nobody:?}");
        }
        for wrong in [json!(null), json!(7), json!("x".repeat(255))] {
            assert!(AccountGuess::from_field(wrong).is_err());
        }
    }
}
