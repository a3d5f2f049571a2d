//! A place in the order of everything that happened (docs/adr/0016).

/// The four numbers of the log's order: clients take it for an opaque text.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct ActivityCursor {
    /// Since which restore of the database its transactions are counted.
    pub era: i32,
    /// The transaction.
    pub transaction: u64,
    /// The board; 0 for what happened to users.
    pub board: u64,
    /// The event's number there.
    pub seq: u64,
}

impl ActivityCursor {
    /// Reads what its `Display` wrote, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let cursor = Self {
            era: parts.next()?.parse().ok()?,
            transaction: parts.next()?.parse().ok()?,
            board: parts.next()?.parse().ok()?,
            seq: parts.next()?.parse().ok()?,
        };
        // PostgreSQL's numbers end at 2^63; signs and leading zeros are not written.
        let stored = [cursor.transaction, cursor.board, cursor.seq].map(i64::try_from);
        (cursor.to_string() == text && cursor.era >= 0 && stored.iter().all(Result::is_ok))
            .then_some(cursor)
    }
}

impl std::fmt::Display for ActivityCursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { era, transaction, board, seq } = self;
        write!(formatter, "{era}.{transaction}.{board}.{seq}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_activity_a_cursor_is_what_was_given_and_nothing_else() {
        for text in ["1.442.7.43", "0.0.0.0", "2.9223372036854775807.0.1"] {
            assert_eq!(ActivityCursor::parse(text).map(|it| it.to_string()), Some(text.to_owned()));
        }
        for wrong in [
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.x",
            "-1.2.3.4",
            "+1.2.3.4",
            "1.02.3.4",
            "1. 2.3.4",
            "1.9223372036854775808.3.4",
            "1.2.3.18446744073709551616",
            "2147483648.1.1.1",
        ] {
            assert_eq!(ActivityCursor::parse(wrong), None, "{wrong:?}");
        }
        let at = |text| ActivityCursor::parse(text).expect("a cursor");
        assert!(at("1.9.0.0") < at("1.10.7.1") && at("1.99.1.1") < at("2.1.1.1"));
    }
}
