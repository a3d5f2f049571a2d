//! What both kinds of import do while they read: collect faults and warnings, cut texts, read moments.

use super::omission::{Of, Omission, Warning, cut};
use super::{Import, ImportedBoard};
use crate::models::{DueAt, can_be_seen, trim_lines, without_hidden};
use crate::validation::{FieldError, Fields, FromField as _, Invalid};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// The most faults that are listed: the rest would help little, and an answer must
/// not be larger than what was asked.
const MOST_FAULTS: usize = 1_000;

/// The most warnings that are listed.
const MOST_WARNINGS: usize = 20_000;

/// The most fields of one object of a document, more than any that we know.
const MOST_FIELDS: usize = 100;

/// The faults and warnings that were met so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: Vec<FieldError>,
    warnings: Vec<Warning>,
}

impl Findings {
    pub(super) fn fault(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        let (pointer, detail) = (pointer.into(), detail.into());
        note(&mut self.faults, MOST_FAULTS, FieldError { pointer, detail }, |limit| {
            let detail = format!("there are more than the first {limit}, which are listed");
            FieldError { pointer: String::new(), detail }
        });
    }

    pub(super) fn warn(&mut self, pointer: impl Into<String>, omission: Omission) {
        let warning = Warning { pointer: pointer.into(), omission };
        note(&mut self.warnings, MOST_WARNINGS, warning, |limit| Warning {
            pointer: String::new(),
            omission: Omission::More { limit },
        });
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
            self.fault(place, format!("has {} fields, more than known exports have", object.len()));
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

fn note<T>(findings: &mut Vec<T>, most: usize, finding: T, rest: impl FnOnce(usize) -> T) {
    match findings.len().cmp(&most) {
        Ordering::Less => findings.push(finding),
        Ordering::Equal => findings.push(rest(most)),
        Ordering::Greater => {}
    }
}

/// A text of many lines without control characters but tabs and line breaks, which a warning shows,
/// and trimmed.
pub(super) fn plain(text: &str, place: (&str, &str, &Of), findings: &mut Findings) -> String {
    let is_kept = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    let plain: String = text.chars().filter(|letter| is_kept(*letter)).collect();
    if plain.len() != text.len() {
        warn_of_removal(place, findings);
    }
    trim_lines(&plain).to_owned()
}

/// The same, cut to `most` characters, with a warning of that.
pub(super) fn lines(
    text: &str,
    most: usize,
    (pointer, field, of): (&str, &str, &Of),
    findings: &mut Findings,
) -> String {
    let plain = plain(text, (pointer, field, of), findings);
    let (kept, is_cut) = cut(&plain, most);
    if is_cut {
        let field = field.to_owned();
        findings.warn(pointer, Omission::Cut { field, limit: most, of: of.clone() });
    }
    kept.to_owned()
}

/// The same of a text of one line, where anything of it can be seen: a line break becomes a space, and what
/// is invisible is removed as control characters are.
pub(super) fn line(
    text: &str,
    most: usize,
    place: (&str, &str, &Of),
    findings: &mut Findings,
) -> Option<String> {
    let spaced = text.replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ");
    let shown = without_hidden(&spaced);
    // The cut may have left half of what was joined.
    let kept = without_hidden(&lines(&shown, most, place, findings));
    if !can_be_seen(&kept) {
        return None;
    }
    if shown.len() != spaced.len() && !shown.contains(char::is_control) {
        warn_of_removal(place, findings);
    }
    Some(kept)
}

/// Removes what is invisible from a text of one line, which boards from before have, if anything else of it can
/// be seen. Returns whether it has changed.
pub(super) fn clear(value: &mut Value, place: (&str, &str, &Of), findings: &mut Findings) -> bool {
    let Value::String(text) = value else { return false };
    let spaced = text.replace(['\u{2028}', '\u{2029}'], " ");
    let shown = without_hidden(&spaced);
    if shown == *text || !can_be_seen(&shown) {
        return false;
    }
    if shown.len() != spaced.len() {
        warn_of_removal(place, findings);
    }
    *text = shown;
    true
}

fn warn_of_removal((pointer, field, of): (&str, &str, &Of), findings: &mut Findings) {
    let field = field.to_owned();
    findings.warn(pointer, Omission::ControlCharacters { field, of: of.clone() });
}

/// A moment of the years 1 to 9999, where there is one.
pub(super) fn moment(
    value: Option<Value>,
    pointer: &str,
    findings: &mut Findings,
) -> Option<DueAt> {
    let value = value.filter(|value| !value.is_null())?;
    DueAt::from_field(value).map_err(|why| findings.fault(pointer, why)).ok()
}
