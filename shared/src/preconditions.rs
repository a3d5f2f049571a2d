//! Entity tags and the two headers that compare them (RFC 9110, sections 8.8.3 and 13.1).

use crate::models::{Board, Seq, Task};

/// The strong entity tag of a representation, quotes included.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EntityTag(String);

impl EntityTag {
    /// A task's: its version.
    #[must_use]
    pub fn of_task(task: &Task) -> Self {
        Self::of_version(task.version)
    }

    /// A board's: its version, its sequence number and the beginning of its epoch. Its
    /// representation holds its tasks as well, and a cache must notice when one of those changed,
    /// or when the board is another one that has the same id after a restart.
    #[must_use]
    pub fn of_board(board: &Board) -> Self {
        Self::of_board_parts(board.version, board.seq, &board.epoch)
    }

    /// The same of a board that is known by its parts.
    #[must_use]
    pub fn of_board_parts(version: u64, seq: Seq, epoch: &str) -> Self {
        let epoch: String = epoch.chars().take(8).collect();
        Self(format!("\"{version}.{seq}.{epoch}\""))
    }

    /// That of anything that has nothing but a version.
    #[must_use]
    pub fn of_version(version: u64) -> Self {
        Self(format!("\"{version}\""))
    }

    /// As in the `ETag` header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A parsed `If-Match` or `If-None-Match` header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Condition {
    /// `*`: whatever it is, it exists.
    Any,
    /// One of these tags.
    Tags(Vec<Tag>),
}

/// One tag of a condition, without its quotes. Whether it is weak means nothing here: none of ours is,
/// until a proxy that compresses marks it so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tag(String);

/// A condition header that does not follow RFC 9110.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("must be * or a list of entity tags such as \"3\"")]
pub struct MalformedCondition;

impl Condition {
    /// Parses the header's value.
    ///
    /// # Errors
    /// [`MalformedCondition`] for anything but `*` and a list of quoted tags.
    pub fn parse(value: &str) -> Result<Self, MalformedCondition> {
        let value = value.trim();
        if value == "*" {
            return Ok(Self::Any);
        }
        let mut rest = value;
        let mut tags = Vec::new();
        loop {
            let (tag, after) = Tag::parse(rest)?;
            tags.push(tag);
            rest = after.trim_start();
            if rest.is_empty() {
                return Ok(Self::Tags(tags));
            }
            rest = rest.strip_prefix(',').ok_or(MalformedCondition)?.trim_start();
        }
    }

    /// Whether an `If-Match` holds for an entity of this version.
    #[must_use]
    pub fn matches_version(&self, version: u64) -> bool {
        self.versions().is_none_or(|versions| versions.contains(&version))
    }

    /// The versions that an `If-Match` names; `None` if any will do. What is no version of ours
    /// is left out: it matches nothing.
    #[must_use]
    pub fn versions(&self) -> Option<Vec<u64>> {
        let Self::Tags(tags) = self else { return None };
        Some(tags.iter().filter_map(Tag::version).collect())
    }

    /// Whether an `If-None-Match` names this representation (weak comparison).
    #[must_use]
    pub fn names(&self, current: &EntityTag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| current.0.trim_matches('"') == tag.0),
        }
    }
}

impl Tag {
    /// The first tag of a list and what follows it.
    fn parse(text: &str) -> Result<(Self, &str), MalformedCondition> {
        let quoted = text.strip_prefix("W/").unwrap_or(text);
        let opened = quoted.strip_prefix('"').ok_or(MalformedCondition)?;
        let (opaque, after) = opened.split_once('"').ok_or(MalformedCondition)?;
        Ok((Self(opaque.to_owned()), after))
    }

    /// The version that it begins with. The rest says of which event and epoch it is (`"3.57.1d08bd32"`),
    /// or how a proxy compressed the answer (`"3-gzip"`).
    fn version(&self) -> Option<u64> {
        let text = self.0.split(['.', '-']).next()?;
        text.parse().ok().filter(|version: &u64| version.to_string() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{BoardId, Timestamp};
    use crate::quick_win::BoardState;
    use crate::validation::FromField;

    fn holds(header: &str, version: u64) -> bool {
        Condition::parse(header).expect("well-formed").matches_version(version)
    }

    #[test]
    fn api_version_if_match_compares_versions() {
        assert!(holds("\"3\"", 3));
        assert!(holds("\"1\", \"3\"", 3));
        assert!(holds("*", 3));
        assert!(holds("\"3.57.1d08bd32\"", 3), "a board's tag, of which the version counts");
        for by_a_proxy in ["W/\"3\"", "\"3-gzip\"", "W/\"3.57.1d08bd32-br\""] {
            assert!(holds(by_a_proxy, 3), "{by_a_proxy}");
        }
        for other in ["\"2\"", "\"33\"", "W/\"2\"", "\"2-3\"", "\"-3\"", "\"3gzip\"", "\"\""] {
            assert!(!holds(other, 3), "{other}");
        }
    }

    #[test]
    fn api_version_if_match_tells_those_that_it_names() {
        let versions = |header: &str| Condition::parse(header).expect("well-formed").versions();
        assert_eq!(versions("*"), None);
        assert_eq!(versions("\"1\", \"3.57.1d08bd32\""), Some(vec![1, 3]));
        assert_eq!(versions("W/\"1\", \"3-gzip\""), Some(vec![1, 3]));
        assert_eq!(versions("\"x\", \"+3\", \"03\""), Some(vec![]));
    }

    #[test]
    fn api_version_if_none_match_compares_the_whole_tag_weakly() {
        let name = FromField::from_field(serde_json::json!("Plan")).expect("a name");
        let id = BoardId::new(7).expect("an id");
        let now = Timestamp::from_milliseconds(0);
        let state = BoardState::new(id, "1d08bd32d2afd03a".to_owned(), name, now);
        let current = EntityTag::of_board(state.board());
        assert_eq!(current.as_str(), "\"1.0.1d08bd32\"");
        let names = |header: &str| Condition::parse(header).expect("well-formed").names(&current);
        assert!(names("\"1.0.1d08bd32\""));
        assert!(names("W/\"1.0.1d08bd32\""));
        assert!(names("\"1\" , \"1.0.1d08bd32\""));
        assert!(names("*"));
        assert!(!names("\"1\""));
        assert!(!names("\"1.1.1d08bd32\""));
        assert!(!names("\"1.0.2e19ce43\""), "another board that got the same id");
    }

    #[test]
    fn api_version_a_malformed_condition_is_refused() {
        for wrong in ["", "3", "\"3", "\"3\" \"4\"", "\"3\",", "w/\"3\"", "* , \"3\""] {
            assert_eq!(Condition::parse(wrong), Err(MalformedCondition), "{wrong:?}");
        }
    }
}
