//! Tokens for programs (docs/contract/api.md, API-TOKENS and API-TOKEN-SCOPE).
//!
//! Such a token says whose it is and what it is for, so that this can be decided before the database is
//! asked. It is no proof of that: the database knows the SHA-256 of the whole text, so that one in which
//! any character was changed is unknown.

use crate::models::{MAX_ID, UserId};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// By what people, and programs that look for secrets in files, recognize one.
const PREFIX: &str = "tb_";

/// How many characters the random part has: 256 bits in base64url.
const SECRET: usize = 43;

/// What a program may do with a token, each more than the one before.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look at boards.
    Read,
    /// Change what is on them as an editor may.
    Write,
    /// Change the boards themselves, and who is on them, as an owner may.
    Admin,
}

impl Scope {
    /// All of them, least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Read => 'r',
            Self::Write => 'w',
            Self::Admin => 'a',
        }
    }
}

/// How far a token reaches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reach {
    /// What may be done with it.
    pub scope: Scope,
    /// Whether it is for some of its user's boards only.
    pub some_boards: bool,
}

/// A token of this form, whether we issued it or not: `tb_`, the scope's letter, `b` where it is for some
/// boards only, the user's id, `_` and the random part. It never prints.
#[derive(Clone)]
pub struct ApiToken {
    text: String,
    user_id: UserId,
    reach: Reach,
}

impl ApiToken {
    /// A fresh one of these random bits.
    #[must_use]
    pub fn new(user_id: UserId, reach: Reach, bits: [u8; 32]) -> Self {
        let some = if reach.some_boards { "b" } else { "" };
        let secret = BASE64_URL_SAFE_NO_PAD.encode(bits);
        let text = format!("{PREFIX}{}{some}{user_id}_{secret}", reach.scope.letter());
        Self { text, user_id, reach }
    }

    /// Whether a text means to be one.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// The one of this text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (head, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let scope = Scope::ALL.into_iter().find(|scope| head.starts_with(scope.letter()))?;
        let head = head.strip_prefix(scope.letter())?;
        let (some_boards, id) = head.strip_prefix('b').map_or((false, head), |id| (true, id));
        let canonical = id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0');
        let user_id: UserId = canonical.then(|| id.parse().ok()).flatten()?;
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let fits = secret.len() == SECRET && secret.bytes().all(letter);
        (fits && user_id <= MAX_ID).then(|| Self {
            text: text.to_owned(),
            user_id,
            reach: Reach { scope, some_boards },
        })
    }

    /// What its maker is given.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What is kept of it: SHA-256 in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        Sha256::digest(&self.text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whose it says that it is.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.user_id
    }

    /// How far it says that it reaches.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

impl std::fmt::Debug for ApiToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ApiToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Claims;
    use proptest::prelude::*;

    fn token(scope: Scope, some_boards: bool) -> ApiToken {
        ApiToken::new(7, Reach { scope, some_boards }, [0xfb; 32])
    }

    #[test]
    fn api_tokens_tell_whose_they_are_and_what_for() {
        let secret = BASE64_URL_SAFE_NO_PAD.encode([0xfb; 32]);
        for (scope, some, head) in
            [(Scope::Read, false, "r"), (Scope::Write, true, "wb"), (Scope::Admin, false, "a")]
        {
            let made = token(scope, some);
            assert_eq!(made.reveal(), format!("tb_{head}7_{secret}"));
            let read = ApiToken::parse(made.reveal()).expect("one of ours");
            assert_eq!((read.user_id(), read.reach()), (7, Reach { scope, some_boards: some }));
            assert_eq!((read.digest(), made.digest().len()), (made.digest(), 64));
            assert_eq!(format!("{made:?}"), "ApiToken(…)");
        }
    }

    #[test]
    fn api_tokens_belong_to_no_generation_of_log_ins() {
        let claims = Claims::of_api_token(&token(Scope::Write, false));
        assert_eq!((claims.generation(), claims.user_id), (-1, 7));
        let told = claims.with_details("ada".to_owned(), Some(5));
        assert_eq!((told.username.as_str(), told.exp), ("ada", 5));
    }

    #[test]
    fn api_tokens_of_another_form_are_none() {
        let secret = "x".repeat(43);
        let (short, long, odd) = ("x".repeat(42), "x".repeat(44), format!("{}.", "x".repeat(42)));
        for text in [
            "",
            "tb_",
            "tb_w7",
            &format!("tb_w7_{short}"),
            &format!("tb_w7_{long}"),
            &format!("tb_w7_{odd}"),
            &format!("tb_w_{secret}"),
            &format!("tb_w07_{secret}"),
            &format!("tb_w+7_{secret}"),
            &format!("tb_x7_{secret}"),
            &format!("tb_7_{secret}"),
            &format!("tb_bw7_{secret}"),
            &format!("TB_w7_{secret}"),
            &format!("tb_w9007199254740992_{secret}"),
        ] {
            assert!(ApiToken::parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_it_panic(text in ".{0,80}", tail in "tb_[rwab0-9]{0,5}_.{0,60}") {
            for text in [text, tail] {
                if let Some(read) = ApiToken::parse(&text) {
                    prop_assert_eq!(read.reveal(), text);
                }
            }
        }
    }
}
