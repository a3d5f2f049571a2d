//! Reading a request body field by field, so that every fault is named at once.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// One fault of a request, in a problem document's `errors`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct FieldError {
    /// A JSON Pointer (RFC 6901) into the body, or `?name` for a query parameter.
    pub pointer: String,
    /// What is wrong there, in a sentence without its subject ("must not be empty").
    pub detail: String,
}

/// Every fault of a request that could be read but not accepted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    /// One faulty query parameter.
    #[must_use]
    pub fn query(name: &str, detail: impl Into<String>) -> Self {
        Self(vec![FieldError { pointer: format!("?{name}"), detail: detail.into() }])
    }
}

/// A whole number that is not below 0, also written as `12.0`: JSON knows of one kind of numbers.
#[must_use]
pub fn whole_number(value: &Value) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
    let of = |number: f64| {
        (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
    };
    value.as_u64().or_else(|| value.as_f64().and_then(of))
}

/// A value that can be read from one field of a JSON object.
pub trait FromField: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// What is wrong, in a sentence without its subject ("must be a string").
    fn from_field(value: Value) -> Result<Self, String>;

    /// The same, with every fault at its place in the value (`/1` for the second of an array).
    ///
    /// # Errors
    /// Each fault; the pointer of one of the whole value is empty.
    fn with_places(value: Value) -> Result<Self, Vec<FieldError>> {
        Self::from_field(value)
            .map_err(|detail| vec![FieldError { pointer: String::new(), detail }])
    }
}

impl FromField for bool {
    fn from_field(value: Value) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| "must be true or false".to_owned())
    }
}

/// What a merge patch (RFC 7396) says of one field.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Patch<T> {
    /// Nothing: it stays.
    #[default]
    Keep,
    /// `null`: it goes.
    Remove,
    /// It becomes this.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the patch says nothing of the field.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The new value, where there is one.
    #[must_use]
    pub fn value(self) -> Option<T> {
        match self {
            Self::Keep | Self::Remove => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// What goes is `null`; what stays must be left out ([`Patch::is_keep`]).
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Remove => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

/// Why a body could not be read at all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unreadable {
    /// It is not JSON; where and why.
    Malformed(String),
    /// It is JSON but no object.
    Invalid(Invalid),
}

impl From<Invalid> for Unreadable {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// The fields of a request body. Each is taken once by name; [`Fields::finish`] then reports every
/// fault that was met, and every field that nobody asked for.
#[derive(Debug)]
pub struct Fields {
    rest: Map<String, Value>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// The fields of this body.
    ///
    /// # Errors
    /// [`Unreadable::Malformed`] for what is not JSON in UTF-8 (with or without its mark in front),
    /// [`Unreadable::Invalid`] for JSON that is not an object.
    pub fn read(body: &[u8]) -> Result<Self, Unreadable> {
        let body = body.strip_prefix(UTF_8_MARK).unwrap_or(body);
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self::of(fields)),
            Ok(_) => Err(Unreadable::Invalid(Invalid(vec![FieldError {
                pointer: String::new(),
                detail: "must be a JSON object".to_owned(),
            }]))),
            Err(error) => Err(Unreadable::Malformed(why_malformed(body, &error))),
        }
    }

    /// The fields of an object that was read already.
    #[must_use]
    pub fn of(fields: Map<String, Value>) -> Self {
        Self { rest: fields, known: Vec::new(), errors: Vec::new() }
    }

    /// The whole object, for who reads it in another way.
    #[must_use]
    pub fn into_object(self) -> Map<String, Value> {
        self.rest
    }

    /// A field that must be there.
    pub fn required<T: FromField>(&mut self, name: &'static str) -> Option<T> {
        match self.take(name) {
            Some(value) => self.parse(name, value),
            None => {
                self.fault(name, "is required");
                None
            }
        }
    }

    /// A field that may be missing or `null`.
    pub fn optional<T: FromField>(&mut self, name: &'static str) -> Option<T> {
        match self.take(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.parse(name, value),
        }
    }

    /// A field of a merge patch that can be changed but not removed.
    pub fn replacement<T: FromField>(&mut self, name: &'static str) -> Option<T> {
        match self.take(name) {
            None => None,
            Some(Value::Null) => {
                self.fault(name, "cannot be removed");
                None
            }
            Some(value) => self.parse(name, value),
        }
    }

    /// A field of a merge patch that can be changed and removed.
    pub fn patch<T: FromField>(&mut self, name: &'static str) -> Patch<T> {
        match self.take(name) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Remove,
            Some(value) => self.parse(name, value).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// A field of a merge patch that can be changed, and removed where that is said.
    pub(crate) fn change<T: FromField>(&mut self, name: &'static str, removable: bool) -> Patch<T> {
        if removable {
            self.patch(name)
        } else {
            self.replacement(name).map_or(Patch::Keep, Patch::Set)
        }
    }

    /// A field of a merge patch with parts of its own, whose faults have their place in it.
    pub fn patch_with<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value, &mut Vec<FieldError>) -> Option<T>,
    ) -> Patch<T> {
        match self.take(name) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Remove,
            Some(value) => {
                let mut faults = Vec::new();
                let read = read(value, &mut faults);
                self.faults_within(name, faults);
                read.map_or(Patch::Keep, Patch::Set)
            }
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Every fault of every field that was asked for, and every field that was not.
    pub fn finish(mut self) -> Result<(), Invalid> {
        let known = self.known.join(", ");
        for name in self.rest.keys() {
            self.errors.push(FieldError {
                pointer: pointer(name),
                detail: format!("is not a field of this request; its fields are: {known}"),
            });
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Invalid(self.errors)) }
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.rest.remove(name)
    }

    fn parse<T: FromField>(&mut self, name: &'static str, value: Value) -> Option<T> {
        T::with_places(value).map_err(|faults| self.faults_within(name, faults)).ok()
    }

    fn faults_within(&mut self, name: &str, faults: Vec<FieldError>) {
        let whole = pointer(name);
        self.errors.extend(faults.into_iter().map(|FieldError { pointer: place, detail }| {
            FieldError { pointer: whole.clone() + &place, detail }
        }));
    }

    /// Notes a fault of a field.
    pub fn fault(&mut self, name: &str, detail: impl Into<String>) {
        self.errors.push(FieldError { pointer: pointer(name), detail: detail.into() });
    }
}

/// What some programs write in front of a text in UTF-8 (RFC 8259, section 8.1: it may be ignored).
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a body is not JSON: what it is instead, where that is plain, or where its fault is.
fn why_malformed(body: &[u8], error: &serde_json::Error) -> String {
    let text = body.trim_ascii();
    let begins = |with: &[u8]| body.starts_with(with);
    let is_wide = |place: usize| body.len() > 3 && body[place] == 0 && body[place + 2] == 0;
    let kind = if text.is_empty() {
        "it is empty"
    } else if begins(b"\xff\xfe") || begins(b"\xfe\xff") || is_wide(0) || is_wide(1) {
        "it is UTF-16, and must be UTF-8"
    } else if begins(b"\x1f\x8b") {
        "it is compressed with gzip: unpack it first"
    } else if begins(b"PK\x03\x04") {
        "it is a ZIP archive: unpack it first"
    } else if text[0] == b'<' {
        "it is HTML or XML, such as a page that was saved instead of the file"
    } else if std::str::from_utf8(body).is_err() {
        "it is not UTF-8"
    } else if is_table(text) {
        "it looks like a table (CSV)"
    } else if error.is_eof() {
        return format!("it ends early, like a file that was cut off ({error})");
    } else {
        return error.to_string();
    };
    kind.to_owned()
}

/// Whether a text that is not JSON begins with a line of several cells.
fn is_table(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n');
    let head = lines.next().unwrap_or_default();
    let begins_json = matches!(head.first(), Some(b'{' | b'['));
    !begins_json && lines.next().is_some() && head.iter().any(|byte| b",;\t".contains(byte))
}

/// The JSON Pointer of a top-level field (RFC 6901, section 3: `~` and `/` are escaped).
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use crate::models::{NewTask, TaskPatch};

    use super::*;

    fn pointers(invalid: &Invalid) -> Vec<&str> {
        invalid.0.iter().map(|error| error.pointer.as_str()).collect()
    }

    #[test]
    fn api_validation_names_every_faulty_field_at_once() {
        let body =
            br#"{"title": "", "description": 7, "status": "done", "assigned_to": [], "a/b~": 1}"#;
        let invalid = NewTask::parse(Fields::read(body).expect("an object")).expect_err("faulty");
        assert_eq!(
            pointers(&invalid),
            ["/title", "/description", "/status", "/assigned_to", "/a~1b~0"]
        );
    }

    #[test]
    fn api_validation_names_a_missing_field_with_its_pointer() {
        let invalid = NewTask::parse(Fields::read(b"{}").expect("an object")).expect_err("faulty");
        assert_eq!(pointers(&invalid), ["/title"]);
        assert_eq!(invalid.0[0].detail, "is required");
    }

    #[test]
    fn api_400_for_a_body_that_is_not_json_and_422_for_one_that_is_no_object() {
        assert!(matches!(Fields::read(b"{\"a\":"), Err(Unreadable::Malformed(_))));
        assert!(matches!(Fields::read(b"\xff"), Err(Unreadable::Malformed(_))));
        assert!(matches!(Fields::read(b""), Err(Unreadable::Malformed(_))));
        assert!(matches!(Fields::read(b"[1]"), Err(Unreadable::Invalid(_))));
    }

    #[test]
    fn api_400_names_what_a_body_is_that_is_not_json() {
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "{\"name\": 1}".encode_utf16().flat_map(order).collect()
        };
        let (low, high) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        let marked = [b"\xff\xfe".as_slice(), &low].concat();
        let bodies: [(&[u8], &str); 12] = [
            (b"", "empty"),
            (b" \n", "empty"),
            (&low, "UTF-16"),
            (&high, "UTF-16"),
            (&marked, "UTF-16"),
            (b"\x1f\x8b\x08\x00", "gzip"),
            (b"PK\x03\x04", "ZIP"),
            (b" <!doctype html><title>Log in</title>", "HTML"),
            (b"{\"a\": \"\xe4\"}", "not UTF-8"),
            (b"\"Name\",\"List\"\nA,B\n", "CSV"),
            (b"{\"name\": \"A\", \"tasks\": [{", "ends early"),
            (b"{\"name\": }", "line 1 column 10"),
        ];
        for (body, kind) in bodies {
            let Err(Unreadable::Malformed(why)) = Fields::read(body) else { panic!("{kind}") };
            assert!(why.contains(kind), "{why:?} is not about {kind}");
        }
    }

    #[test]
    fn api_format_takes_utf_8_with_its_mark_in_front() {
        let fields = Fields::read(b"\xef\xbb\xbf{\"name\": 1}").expect("an object");
        assert_eq!(fields.into_object().get("name"), Some(&Value::from(1)));
    }

    #[test]
    fn api_patch_null_removes_what_can_be_removed_and_is_refused_elsewhere() {
        let read = |body: &[u8]| TaskPatch::parse(Fields::read(body).expect("an object"));
        let patch = read(br#"{"assigned_to": null, "description": null}"#).expect("valid");
        assert_eq!(patch.assigned_to, Patch::Remove);
        assert_eq!(patch.description.expect("set").as_str(), "");
        let invalid = read(br#"{"title": null, "status": null}"#).expect_err("faulty");
        assert_eq!(pointers(&invalid), ["/title", "/status"]);
    }
}
