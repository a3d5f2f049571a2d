//! The columns of a team's board.

use super::text::{Lines, text};
use crate::validation::{FieldError, Fields, FromField, whole_number};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// The most columns that a board can have.
pub const MAX_COLUMNS: usize = 50;

/// The largest limit of a column.
pub const MAX_WIP_LIMIT: u64 = 999_999;

/// Identifies a column on its board, and is a task's `status`: 1 to 50 of
/// `a-z 0-9 _ -`.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ColumnKey(String);

impl ColumnKey {
    /// How many characters it has.
    pub const LENGTH: RangeInclusive<usize> = 1..=50;

    /// The key itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromField for ColumnKey {
    fn from_field(value: Value) -> Result<Self, String> {
        let Value::String(key) = value else { return Err("must be a string".to_owned()) };
        let allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
        if !Self::LENGTH.contains(&key.len()) || !key.bytes().all(allowed) {
            return Err("must be 1 to 50 of a-z, 0-9, _ and -".to_owned());
        }
        Ok(Self(key))
    }
}

/// What people call a column: one line of 1 to 100 characters.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ColumnName(String);

impl ColumnName {
    /// How many characters it has.
    pub const LENGTH: RangeInclusive<usize> = 1..=100;
}

impl FromField for ColumnName {
    fn from_field(value: Value) -> Result<Self, String> {
        text(value, Lines::One, *Self::LENGTH.start(), *Self::LENGTH.end()).map(Self)
    }
}

/// How many tasks a column takes at most: 1 to 999,999.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct WipLimit(u64);

impl FromField for WipLimit {
    fn from_field(value: Value) -> Result<Self, String> {
        let number = whole_number(&value).filter(|number| (1..=MAX_WIP_LIMIT).contains(number));
        number
            .map(Self)
            .ok_or_else(|| format!("must be a whole number from 1 to {MAX_WIP_LIMIT}, or null"))
    }
}

/// A column.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Column {
    /// See [`ColumnKey`].
    pub key: ColumnKey,
    /// What people call it.
    pub name: ColumnName,
    /// How many tasks it takes; `None` for any number.
    pub wip_limit: Option<WipLimit>,
}

/// The columns of a board, from left to right: 1 to 50, each with a key of its own.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Columns(Vec<Column>);

impl Columns {
    /// Reads `[{key, name, wip_limit?}]`; faults have their place in it (`/0/key`).
    pub fn read(value: Value, faults: &mut Vec<FieldError>) -> Option<Self> {
        let mut fault = |pointer: String, detail: &str| {
            faults.push(FieldError { pointer, detail: detail.to_owned() });
        };
        let Value::Array(entries) = value else {
            fault(String::new(), "must be an array");
            return None;
        };
        if !(1..=MAX_COLUMNS).contains(&entries.len()) {
            fault(String::new(), &format!("must be 1 to {MAX_COLUMNS} columns"));
            return None;
        }
        let mut keys = HashSet::new();
        let mut columns = Vec::with_capacity(entries.len());
        for (nth, entry) in entries.into_iter().enumerate() {
            let Value::Object(entry) = entry else {
                fault(format!("/{nth}"), "must be an object {key, name, wip_limit?}");
                continue;
            };
            match column(entry) {
                Ok(column) if keys.insert(column.key.clone()) => columns.push(column),
                Ok(_) => fault(format!("/{nth}/key"), "is the key of an earlier column"),
                Err(errors) => {
                    errors.iter().for_each(|error| {
                        fault(format!("/{nth}{}", error.pointer), &error.detail);
                    });
                }
            }
        }
        faults.is_empty().then_some(Self(columns))
    }
}

fn column(entry: Map<String, Value>) -> Result<Column, Vec<FieldError>> {
    let mut fields = Fields::of(entry);
    let key = fields.required("key");
    let name = fields.required("name");
    let wip_limit = fields.optional("wip_limit");
    fields.finish().map_err(|invalid| invalid.0)?;
    match (key, name) {
        (Some(key), Some(name)) => Ok(Column { key, name, wip_limit }),
        _ => Err(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Columns, Vec<String>> {
        let mut faults = Vec::new();
        let columns = Columns::read(value, &mut faults);
        columns.ok_or_else(|| faults.into_iter().map(|fault| fault.pointer).collect())
    }

    #[test]
    fn columns_are_1_to_50_with_keys_of_their_own() {
        let columns = read(
            json!([{"key": "to-do", "name": " To do "}, {"key": "b", "name": "B", "wip_limit": 3}]),
        );
        let columns = serde_json::to_value(columns.expect("valid")).expect("JSON");
        assert_eq!(columns[0], json!({"key": "to-do", "name": "To do", "wip_limit": null}));
        assert_eq!(columns[1]["wip_limit"], 3);
        assert_eq!(read(json!({})), Err(vec![String::new()]));
        assert_eq!(read(json!([])), Err(vec![String::new()]));
        let many: Vec<Value> =
            (0..51).map(|n| json!({"key": n.to_string(), "name": "n"})).collect();
        assert_eq!(read(json!(many)), Err(vec![String::new()]));
    }

    #[test]
    fn api_validation_names_every_fault_of_every_column() {
        let faulty = json!([
            {"key": "A", "name": ""}, 7, {"key": "a", "name": "a", "wip_limit": 0, "limit": 1},
            {"key": "b", "name": "b"}, {"key": "b", "name": "c"},
        ]);
        let expected = ["/0/key", "/0/name", "/1", "/2/wip_limit", "/2/limit", "/4/key"];
        assert_eq!(read(faulty), Err(expected.map(str::to_owned).to_vec()));
    }
}
