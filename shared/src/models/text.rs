//! Texts that people type, each with its limits.

use super::visible::{can_be_seen, hidden};
use crate::validation::FromField;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether a text may run over several lines.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Lines {
    One,
    Many,
}

/// The text of a JSON string, trimmed, if it has `least` to `most` characters (Unicode scalar
/// values) and no control character but, in texts of many lines, tab and line breaks. What must not be
/// empty must not look empty either: something of it can be seen. A line has nothing invisible, by which it
/// could pass for another one, but joiners where a script or an emoji needs them.
pub(super) fn text(
    value: Value,
    lines: Lines,
    least: usize,
    most: usize,
) -> Result<String, String> {
    let Value::String(raw) = value else {
        return Err("must be a string".to_owned());
    };
    let forbidden = |character: char| {
        character.is_control() && !(lines == Lines::Many && matches!(character, '\n' | '\r' | '\t'))
    };
    if raw.chars().any(forbidden) {
        return Err(match lines {
            Lines::One => "must be a single line without control characters".to_owned(),
            Lines::Many => {
                "must not contain control characters other than tabs and line breaks".to_owned()
            }
        });
    }
    let trimmed = match lines {
        Lines::One => raw.trim(),
        Lines::Many => trim_lines(&raw),
    };
    let length = trimmed.chars().count();
    if length < least {
        return Err("must not be empty".to_owned());
    }
    if least > 0 && !can_be_seen(trimmed) {
        return Err("must contain a visible character".to_owned());
    }
    if lines == Lines::One
        && let Some(found) = hidden(trimmed)
    {
        let code = u32::from(found);
        return Err(format!("must not contain invisible characters such as U+{code:04X}"));
    }
    if length > most {
        return Err(format!("must have at most {most} characters, has {length}"));
    }
    Ok(if trimmed.len() == raw.len() { raw } else { trimmed.to_owned() })
}

/// A text of many lines without blank lines before it and without white space after it. The indent of
/// its first line stays: in Markdown it may say that this is code.
pub(crate) fn trim_lines(text: &str) -> &str {
    let text = text.trim_end();
    let indent = text.len() - text.trim_start().len();
    text[..indent].rfind(['\n', '\r']).map_or(text, |end| &text[end + 1..])
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $lines:expr, $least:literal, $most:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// How many characters it has.
            pub const LENGTH: std::ops::RangeInclusive<usize> = $least..=$most;

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromField for $name {
            fn from_field(value: Value) -> Result<Self, String> {
                text(value, $lines, $least, $most).map(Self)
            }
        }
    };
}

text! {
    /// A board's name: one line of 1 to 100 characters.
    BoardName, Lines::One, 1, 100
}
text! {
    /// A task's title: one line of 1 to 200 characters.
    TaskTitle, Lines::One, 1, 200
}
text! {
    /// A task's description: up to 10,000 characters, in Markdown; empty if there is none.
    Description, Lines::Many, 0, 10_000
}
text! {
    /// A comment's text: 1 to 10,000 characters, in Markdown.
    CommentText, Lines::Many, 1, 10_000
}
text! {
    /// A checklist's title: one line of 1 to 100 characters.
    ChecklistTitle, Lines::One, 1, 100
}
text! {
    /// What an item of a checklist says: one line of 1 to 1,000 characters.
    ItemText, Lines::One, 1, 1_000
}
text! {
    /// A line of a task's description, with its indent: 1 to 10,000 characters.
    DescriptionLine, Lines::Many, 1, 10_000
}
text! {
    /// Who does a task: one line of 1 to 64 characters.
    Assignee, Lines::One, 1, 64
}

text! {
    /// What somebody calls a token for a program: one line of 1 to 64 characters.
    ApiTokenName, Lines::One, 1, 64
}

impl Description {
    /// No description.
    #[must_use]
    pub fn empty() -> Self {
        Self(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_is_trimmed_and_its_characters_are_counted_not_its_bytes() {
        let name = BoardName::from_field(json!("  Größe  ")).expect("valid");
        assert_eq!(name.as_str(), "Größe");
        assert!(BoardName::from_field(json!("ü".repeat(100))).is_ok());
        assert_eq!(
            BoardName::from_field(json!("ü".repeat(101))),
            Err("must have at most 100 characters, has 101".to_owned())
        );
    }

    #[test]
    fn a_text_of_many_lines_keeps_the_indent_of_its_first_one() {
        for (typed, kept) in [
            ("    code\n    more\n", "    code\n    more"),
            ("\n \n  a\n\n b \t\n ", "  a\n\n b"),
            ("\r\n\ta", "\ta"),
            ("a", "a"),
            (" \n\t ", ""),
            ("", ""),
        ] {
            let text = Description::from_field(json!(typed)).expect("valid");
            assert_eq!(text.as_str(), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_text_that_is_no_string_or_blank_or_holds_controls_is_refused() {
        assert_eq!(TaskTitle::from_field(json!(7)), Err("must be a string".to_owned()));
        assert_eq!(
            TaskTitle::from_field(json!(" \t ")),
            Err("must be a single line without control characters".to_owned())
        );
        assert_eq!(TaskTitle::from_field(json!("   ")), Err("must not be empty".to_owned()));
        assert!(TaskTitle::from_field(json!("a\nb")).is_err());
        assert!(TaskTitle::from_field(json!("a\u{0}b")).is_err());
        for unseen in ["\u{200b}", " \u{200d}\u{feff} ", "\u{2800}", "\u{fe0f}"] {
            let why = Err("must contain a visible character".to_owned());
            assert_eq!(TaskTitle::from_field(json!(unseen)), why, "{unseen:?}");
            assert!(Description::from_field(json!(unseen)).is_ok(), "{unseen:?}");
        }
        for spoilt in ["a\u{200b}b", "\u{202e}a", "a\u{2028}b", "a\u{feff}", "a\u{200d}b"] {
            let why = TaskTitle::from_field(json!(spoilt)).expect_err("invisible");
            assert!(why.starts_with("must not contain invisible characters such as U+"), "{why}");
            assert!(ApiTokenName::from_field(json!(spoilt)).is_err(), "{spoilt:?}");
            assert!(BoardName::from_field(json!(spoilt)).is_err(), "{spoilt:?}");
            assert!(Description::from_field(json!(spoilt)).is_ok(), "{spoilt:?}");
            assert!(CommentText::from_field(json!(spoilt)).is_ok(), "{spoilt:?}");
        }
        for sound in
            ["\u{1f469}\u{200d}\u{1f4bb}", "\u{2764}\u{fe0f}", "می\u{200c}خواهم", "a\u{2028}"]
        {
            assert!(TaskTitle::from_field(json!(sound)).is_ok(), "{sound:?}");
        }
        assert!(Description::from_field(json!("a\n\tb")).is_ok());
        assert!(Description::from_field(json!("a\u{0}b")).is_err());
    }
}
