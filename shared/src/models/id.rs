//! Numbers that name things: board ids, task ids and event sequence numbers.

use serde::{Deserialize, Serialize};

/// The largest id or sequence number: 2^53-1, the largest integer that every JSON reader keeps
/// exact (RFC 8259, section 6).
pub const MAX_ID: u64 = (1 << 53) - 1;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, from $least:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(try_from = "u64", into = "u64")]
        pub struct $name(u64);

        impl TryFrom<u64> for $name {
            type Error = String;

            fn try_from(number: u64) -> Result<Self, String> {
                let range = || format!("must lie between {} and {MAX_ID}", $least);
                Self::new(number).ok_or_else(range)
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl $name {
            /// The id of this number, if it is in range.
            #[must_use]
            pub fn new(number: u64) -> Option<Self> {
                ($least..=MAX_ID).contains(&number).then_some(Self(number))
            }

            /// The id written in plain decimal digits (no sign, no leading zero), as in a path.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let canonical = text.bytes().all(|byte| byte.is_ascii_digit())
                    && (text.len() == 1 || !text.starts_with('0'));
                canonical.then(|| text.parse().ok().and_then(Self::new)).flatten()
            }

            /// The number itself.
            #[must_use]
            pub fn get(self) -> u64 {
                self.0
            }

            /// The number after this one.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

id! {
    /// A board's id, 1 or more.
    BoardId, from 1
}
id! {
    /// A task's id: tasks count from 1 on each board.
    TaskId, from 1
}
id! {
    /// A comment's id: comments count from 1 on each board.
    CommentId, from 1
}
id! {
    /// A checklist's id: checklists count from 1 on each board.
    ChecklistId, from 1
}
id! {
    /// The id of an item of a checklist: items count from 1 on each board.
    ChecklistItemId, from 1
}
id! {
    /// The id of a link by which people come in.
    InvitationId, from 1
}
id! {
    /// The id of somebody's log-in.
    SessionId, from 1
}
id! {
    /// The id of a token for a program.
    ApiTokenId, from 1
}
id! {
    /// The id of a way to log in by a provider.
    IdentityId, from 1
}
id! {
    /// The id of a passkey.
    PasskeyId, from 1
}
id! {
    /// A board's event sequence number: 0 before its first event, then dense.
    Seq, from 0
}

impl Seq {
    /// Where every board starts.
    pub const ZERO: Self = Self(0);
}

impl TaskId {
    /// The first task of a board.
    pub const FIRST: Self = Self(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_canonical_decimal_within_two_to_the_53() {
        assert_eq!(BoardId::parse("7").map(BoardId::get), Some(7));
        assert_eq!(BoardId::parse("9007199254740991").map(BoardId::get), Some(MAX_ID));
        assert_eq!(Seq::parse("0"), Some(Seq::ZERO));
        for wrong in
            ["", "0", "07", "+7", "-1", "7.0", " 7", "9007199254740992", "99999999999999999999"]
        {
            assert_eq!(BoardId::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn an_id_in_json_is_held_to_its_range() {
        let board = |text| serde_json::from_str::<BoardId>(text).map(BoardId::get);
        assert_eq!(board("1").ok(), Some(1));
        assert_eq!(board("9007199254740991").ok(), Some(MAX_ID));
        assert_eq!(serde_json::from_str::<Seq>("0").ok(), Some(Seq::ZERO));
        for wrong in ["0", "-1", "1.0", "1e2", "\"1\"", "9007199254740992", "18446744073709551615"]
        {
            assert!(board(wrong).is_err(), "{wrong}");
        }
        let said = board("0").expect_err("out of range").to_string();
        assert!(said.contains("between 1 and 9007199254740991"), "{said}");
    }
}
