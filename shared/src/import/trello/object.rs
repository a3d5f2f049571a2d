//! An object of an export of Trello, read field by field: what nobody reads gets a warning, if it has content.

use crate::import::omission::{Of, Omission};
use crate::import::reading::{Findings, line, lines, plain};
use serde_json::{Map, Value};

/// An object, with its place in the body and what to call it.
pub(super) struct Object {
    pub(super) place: String,
    pub(super) of: Of,
    fields: Map<String, Value>,
}

impl Object {
    pub(super) fn new(place: impl Into<String>, fields: Map<String, Value>) -> Self {
        Self { place: place.into(), of: Of::default(), fields }
    }

    pub(super) fn pointer(&self, name: &str) -> String {
        format!("{}/{}", self.place, name.replace('~', "~0").replace('/', "~1"))
    }

    /// A field as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// What `read` makes of a field; where it makes nothing, the field stays.
    pub(super) fn take_as<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let made = read(self.fields.get(name)?)?;
        self.fields.remove(name);
        Some(made)
    }

    pub(super) fn is_array(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(Value::is_array)
    }

    /// How many entries an array has that may be missing.
    pub(super) fn count(&self, name: &str) -> usize {
        self.fields.get(name).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// The texts that the objects of such an array have under `field`.
    pub(super) fn texts_of<'a>(
        &'a self,
        name: &str,
        field: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let entries = self.fields.get(name).and_then(Value::as_array);
        entries.into_iter().flatten().filter_map(move |entry| entry[field].as_str())
    }

    /// A text that may be missing or `null`.
    pub(super) fn text(&mut self, name: &str, findings: &mut Findings) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => {
                findings.fault(self.pointer(name), "must be a string");
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, name: &str, findings: &mut Findings) -> Option<String> {
        if self.fields.get(name).is_none_or(Value::is_null) {
            findings.fault(self.pointer(name), "is required");
        }
        self.text(name, findings)
    }

    /// A switch that is off where it is missing or `null`.
    pub(super) fn switch(&mut self, name: &str, findings: &mut Findings) -> bool {
        match self.take(name) {
            None => false,
            Some(Value::Bool(on)) => on,
            Some(_) => {
                findings.fault(self.pointer(name), "must be true or false");
                false
            }
        }
    }

    /// Its position among its kind (`pos`); those without one come last.
    pub(super) fn rank(&mut self, findings: &mut Findings) -> f64 {
        let Some(value) = self.take("pos") else { return f64::MAX };
        value.as_f64().unwrap_or_else(|| {
            findings.fault(self.pointer("pos"), "must be a number");
            f64::MAX
        })
    }

    /// The objects of an array that may be missing.
    pub(super) fn objects(&mut self, name: &str, findings: &mut Findings) -> Vec<Self> {
        let place = self.pointer(name);
        let objects = findings.objects(&place, self.fields.remove(name));
        let of = || self.of.clone();
        objects.into_iter().map(|(place, fields)| Self { place, of: of(), fields }).collect()
    }

    /// The texts of an array that may be missing, each with its place.
    pub(super) fn texts(&mut self, name: &str, findings: &mut Findings) -> Vec<(String, String)> {
        let place = self.pointer(name);
        let entries = match self.take(name) {
            None => return Vec::new(),
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                findings.fault(place, "must be an array");
                return Vec::new();
            }
        };
        let mut texts = Vec::with_capacity(entries.len());
        for (nth, entry) in entries.into_iter().enumerate() {
            let pointer = format!("{place}/{nth}");
            match entry {
                Value::String(text) => texts.push((pointer, text)),
                _ => findings.fault(pointer, "must be a string"),
            }
        }
        texts
    }

    /// A text of one line, cut to `most` characters.
    pub(super) fn line(
        &self,
        name: &str,
        text: &str,
        most: usize,
        findings: &mut Findings,
    ) -> Option<String> {
        line(text, most, (&self.pointer(name), name, &self.of), findings)
    }

    /// A text of many lines, cut to `most` characters.
    pub(super) fn lines(
        &self,
        name: &str,
        text: &str,
        most: usize,
        findings: &mut Findings,
    ) -> String {
        lines(text, most, (&self.pointer(name), name, &self.of), findings)
    }

    /// A text of many lines, however long.
    pub(super) fn plain(&self, name: &str, text: &str, findings: &mut Findings) -> String {
        plain(text, (&self.pointer(name), name, &self.of), findings)
    }

    /// A name of one line, or this one where nothing of it can be seen, with a warning: the object is one
    /// of the `field` of the file.
    pub(super) fn name(
        &self,
        given: &str,
        most: usize,
        (field, instead): (&'static str, &str),
        findings: &mut Findings,
    ) -> String {
        self.line("name", given, most, findings).unwrap_or_else(|| {
            let (name, of) = (instead.to_owned(), self.of.clone());
            findings.warn(self.pointer("name"), Omission::Unnamed { field, name, of });
            instead.to_owned()
        })
    }

    /// Leaves a field out, with a warning if it says something.
    pub(super) fn leave(&mut self, name: &str, findings: &mut Findings) {
        if self.take(name).is_some_and(|value| says_something(&value)) {
            findings.warn(self.pointer(name), Omission::field(name, &self.of));
        }
    }

    /// Leaves out all that was not read, with warnings of what says something, but for what is known
    /// to be empty of meaning anywhere but at Trello.
    pub(super) fn leave_rest(mut self, of_trello: &[&str], findings: &mut Findings) {
        for name in self.fields.keys().cloned().collect::<Vec<_>>() {
            if !of_trello.contains(&name.as_str()) {
                self.leave(&name, findings);
            }
        }
    }
}

/// Whether a value has any content that its absence would not have.
pub(super) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(entries) => entries.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
    }
}
