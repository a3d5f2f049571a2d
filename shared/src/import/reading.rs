//! What both kinds of import do while they read: collect faults and warnings, cut, name authors.

use crate::models::CommentText;
use crate::validation::{FieldError, FromField as _};
use serde_json::{Map, Value};

/// The faults and warnings that were met so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) faults: Vec<FieldError>,
    pub(super) warnings: Vec<FieldError>,
}

impl Findings {
    pub(super) fn fault(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.faults.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    pub(super) fn warn(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.warnings.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    /// The objects of an array that may be missing, each with its pointer.
    pub(super) fn objects(
        &mut self,
        place: &str,
        value: Option<Value>,
    ) -> Vec<(String, Map<String, Value>)> {
        let entries = match value {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                self.fault(place, "must be an array");
                return Vec::new();
            }
        };
        let mut objects = Vec::with_capacity(entries.len());
        for (nth, entry) in entries.into_iter().enumerate() {
            let pointer = format!("{place}/{nth}");
            match entry {
                Value::Object(entry) => objects.push((pointer, entry)),
                _ => self.fault(pointer, "must be an object"),
            }
        }
        objects
    }
}

/// The text, cut to `most` characters, and whether it was.
pub(super) fn cut(text: &str, most: usize) -> (&str, bool) {
    match text.char_indices().nth(most) {
        Some((end, _)) => (text[..end].trim_end(), true),
        None => (text, false),
    }
}

/// A comment that names its author where that is not the importer, who becomes the author of all.
/// `None` where the text is none that a comment can have.
pub(super) fn attributed(
    text: &str,
    author: Option<&str>,
    findings: &mut Findings,
    pointer: &str,
) -> Option<CommentText> {
    let whole = match author {
        Some(author) => format!("**{author}:** {text}"),
        None => text.to_owned(),
    };
    let (kept, is_cut) = cut(&whole, *CommentText::LENGTH.end());
    if is_cut {
        findings.warn(pointer, format!("was cut to {} characters", CommentText::LENGTH.end()));
    }
    match CommentText::from_field(kept.into()) {
        Ok(text) => Some(text),
        Err(detail) => {
            findings.fault(pointer, detail);
            None
        }
    }
}
