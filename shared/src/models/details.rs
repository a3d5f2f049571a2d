//! What a task of a team's board has beyond title and text: labels, a due date, fields of its own.

use super::Timestamp;
use super::text::{Lines, text};
use crate::validation::{FieldError, FromField};
use serde::Serialize;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// The most labels that a task can have.
pub const MAX_LABELS: usize = 50;

/// The most bytes that a task's `fields` can take, as JSON without white space
/// (docs/contract/api.md, API-FIELDS).
pub const MAX_FIELDS_BYTES: usize = 16 * 1024;

/// How many levels of objects and arrays a task's `fields` can have, itself being the first. Every reader
/// of an event or a board must be able to take it, with some levels around it: many stop at 128.
const MAX_FIELDS_DEPTH: usize = 64;

/// Labels: up to 50 different ones, each one line of 1 to 64 characters.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Labels(Vec<String>);

impl Labels {
    /// How many characters each has.
    pub const LENGTH: RangeInclusive<usize> = 1..=64;
}

impl FromField for Labels {
    fn from_field(value: Value) -> Result<Self, String> {
        Self::with_places(value).map_err(|mut faults| faults.swap_remove(0).detail)
    }

    fn with_places(value: Value) -> Result<Self, Vec<FieldError>> {
        let whole = |detail| Err(vec![FieldError { pointer: String::new(), detail }]);
        let Value::Array(entries) = value else { return whole("must be an array".to_owned()) };
        if entries.len() > MAX_LABELS {
            return whole(format!("must have at most {MAX_LABELS} labels, has {}", entries.len()));
        }
        let mut labels: Vec<String> = Vec::with_capacity(entries.len());
        let mut faults = Vec::new();
        for (nth, entry) in entries.into_iter().enumerate() {
            let detail = match text(entry, Lines::One, *Self::LENGTH.start(), *Self::LENGTH.end()) {
                Ok(label) if labels.contains(&label) => "repeats an earlier label".to_owned(),
                Ok(label) => {
                    labels.push(label);
                    continue;
                }
                Err(detail) => detail,
            };
            faults.push(FieldError { pointer: format!("/{nth}"), detail });
        }
        if faults.is_empty() { Ok(Self(labels)) } else { Err(faults) }
    }
}

/// When a task begins or is due: a moment of the years 1 to 9999, in any offset from UTC.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct DueAt(Timestamp);

impl DueAt {
    /// The moment.
    #[must_use]
    pub fn moment(self) -> Timestamp {
        self.0
    }
}

/// The beginning of the year 1, in milliseconds: PostgreSQL knows no year 0.
const YEAR_1: i64 = -62_135_596_800_000;

impl FromField for DueAt {
    fn from_field(value: Value) -> Result<Self, String> {
        let moment: Option<Timestamp> = serde_json::from_value(value).ok();
        let moment = moment.filter(|moment| moment.milliseconds() >= YEAR_1);
        moment
            .map(Self)
            .ok_or_else(|| "must be an RFC 3339 timestamp, such as 2026-01-02T03:04:05Z".to_owned())
    }
}

/// Any JSON object of up to 16 KiB and 64 levels.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct FreeFields(Map<String, Value>);

impl FromField for FreeFields {
    fn from_field(value: Value) -> Result<Self, String> {
        let size = value.to_string().len();
        if holds_zero(&value) {
            return Err("must not contain the character U+0000".to_owned());
        }
        let levels = depth(&value);
        if levels > MAX_FIELDS_DEPTH {
            return Err(format!("must have at most {MAX_FIELDS_DEPTH} levels, has {levels}"));
        }
        match value {
            Value::Object(fields) if size <= MAX_FIELDS_BYTES => Ok(Self(fields)),
            Value::Object(_) => {
                Err(format!("must have at most {MAX_FIELDS_BYTES} bytes as JSON, has {size}"))
            }
            _ => Err("must be an object".to_owned()),
        }
    }
}

/// Whether a text in it holds the one character that PostgreSQL cannot store.
fn holds_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(entries) => entries.iter().any(holds_zero),
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| name.contains('\0') || holds_zero(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// How many levels of objects and arrays there are; none in a plain value.
fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Array(entries) => entries.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return 0,
    };
    1 + deepest.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn labels_are_up_to_50_different_lines() {
        let labels = Labels::from_field(json!([" a ", "b"])).expect("valid");
        assert_eq!(labels, Labels(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(
            Labels::from_field(json!(["a", " a"])),
            Err("repeats an earlier label".to_owned())
        );
        for wrong in [json!("a"), json!([1]), json!([""]), json!(["a\nb"]), json!(vec!["x"; 51])] {
            assert!(Labels::from_field(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn api_validation_names_each_faulty_label_by_its_place() {
        let faults = Labels::with_places(json!(["a", "", 7, "a"])).expect_err("faulty");
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/1", "/2", "/3"]);
        let whole = Labels::with_places(json!("a")).expect_err("faulty");
        assert_eq!(whole[0].pointer, "");
    }

    #[test]
    fn api_422_for_a_due_date_after_the_year_9999_in_utc() {
        let due = |text: &str| DueAt::from_field(json!(text)).map(|due| due.moment().to_string());
        assert_eq!(due("9999-12-31T23:59:59.999Z"), Ok("9999-12-31T23:59:59.999Z".to_owned()));
        for after in ["9999-12-31T23:59:59-00:01", "9999-12-31T12:00:00-14:00"] {
            assert!(due(after).is_err(), "{after}");
        }
    }

    #[test]
    fn a_due_date_in_a_leap_second_is_the_last_moment_before_it() {
        let due = |text: &str| DueAt::from_field(json!(text)).map(|due| due.moment().to_string());
        let before = Ok("2016-12-31T23:59:59.999Z".to_owned());
        for leap in ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z", "2017-01-01T00:59:60+01:00"]
        {
            assert_eq!(due(leap), before, "{leap}");
        }
        // Minutes have 61 seconds at the end of a month, in UTC, and nowhere else.
        for none in ["2016-12-30T23:59:60Z", "2016-12-31T23:59:61Z", "2016-12-31T12:00:60Z"] {
            assert!(due(none).is_err(), "{none}");
        }
    }

    #[test]
    fn a_due_date_keeps_its_moment_in_utc() {
        let due = DueAt::from_field(json!("2026-01-02T03:04:05+02:00")).expect("valid");
        assert_eq!(due.moment().to_string(), "2026-01-02T01:04:05.000Z");
        for wrong in [json!(1), json!("2026-01-02"), json!("0000-05-01T00:00:00Z"), json!("soon")] {
            assert!(DueAt::from_field(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn api_fields_are_any_object_up_to_16_kib() {
        let of = |size: usize| FreeFields::from_field(json!({"a": "x".repeat(size)}));
        assert!(of(MAX_FIELDS_BYTES - 8).is_ok());
        assert!(of(MAX_FIELDS_BYTES - 7).is_err());
        for wrong in [json!([]), json!("a"), json!({"a": ["\u{0}"]}), json!({"\u{0}": 1})] {
            assert!(FreeFields::from_field(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn api_fields_have_at_most_64_levels() {
        let of = |levels: usize| {
            let inner = (1..levels).fold(json!({}), |inner, nth| match nth % 2 {
                0 => json!({"a": inner, "b": 1}),
                _ => json!([1, inner]),
            });
            FreeFields::from_field(json!({"a": inner}))
        };
        assert!(of(MAX_FIELDS_DEPTH - 1).is_ok());
        assert_eq!(of(MAX_FIELDS_DEPTH), Err("must have at most 64 levels, has 65".to_owned()));
    }
}
