//! What both kinds of import do while they read: collect faults and warnings, cut, name authors.

use super::{Import, ImportedBoard};
use crate::models::CommentText;
use crate::validation::{FieldError, Fields, FromField as _, Invalid};
use serde_json::{Map, Value};

/// The most faults that are told: whoever has more learns little from the rest, and an answer must
/// not be larger than what was asked.
const MOST_FAULTS: usize = 1_000;

/// The most warnings that are told.
const MOST_WARNINGS: usize = 20_000;

/// The most fields of one object of a document, more than any that we know.
const MOST_FIELDS: usize = 100;

/// The faults and warnings that were met so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: Vec<FieldError>,
    warnings: Vec<FieldError>,
}

impl Findings {
    pub(super) fn fault(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        note(&mut self.faults, MOST_FAULTS, pointer.into(), detail.into());
    }

    pub(super) fn warn(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        note(&mut self.warnings, MOST_WARNINGS, pointer.into(), detail.into());
    }

    /// The faults of what is at this place.
    pub(super) fn faults_at(&mut self, place: &str, faults: Vec<FieldError>) {
        for FieldError { pointer, detail } in faults {
            self.fault(place.to_owned() + &pointer, detail);
        }
    }

    pub(super) fn is_faultless(&self) -> bool {
        self.faults.is_empty()
    }

    /// What was imported, or why it was not.
    pub(super) fn conclude(self, board: Option<ImportedBoard>) -> Result<Import, Invalid> {
        match board {
            Some(board) if self.faults.is_empty() => Ok(Import { board, warnings: self.warnings }),
            _ => Err(Invalid(self.faults)),
        }
    }

    /// The fields of an object that must not have others than ours.
    pub(super) fn fields(&mut self, place: &str, object: Map<String, Value>) -> Option<Fields> {
        if object.len() > MOST_FIELDS {
            self.fault(place, format!("has {} fields, more than any that are known", object.len()));
            return None;
        }
        Some(Fields::of(object))
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

fn note(findings: &mut Vec<FieldError>, most: usize, pointer: String, detail: String) {
    if findings.len() < most {
        findings.push(FieldError { pointer, detail });
    } else if findings.len() == most {
        let detail = format!("more was found than the first {most}, which are told");
        findings.push(FieldError { pointer: String::new(), detail });
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
