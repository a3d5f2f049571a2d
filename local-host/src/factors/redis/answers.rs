//! Answers of Redis as guests see them: flat lists of simple values.

use redis::Value;

use crate::bindings::spin::redis::redis::{Error, RedisResult};

/// The most that one answer may hold, as in Spin.
const MAX_ANSWER_BYTES: usize = 128 << 20;

/// Refuses an answer of more bytes than a guest may be given.
///
/// # Errors
/// It is too large.
pub(super) fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes > MAX_ANSWER_BYTES {
        let message = format!("query result exceeds limit of {MAX_ANSWER_BYTES} bytes");
        return Err(Error::Other(message));
    }
    Ok(())
}

/// The values of an answer, those of nested arrays in their order, depth first.
///
/// # Errors
/// It holds something that the interface cannot say (a map, a push message), an error of the
/// server inside an array, or too many bytes.
pub(super) fn flatten(answer: Value) -> Result<Vec<RedisResult>, Error> {
    let mut values = Vec::new();
    append(&mut values, answer)?;
    check_size(values.iter().map(size).sum())?;
    Ok(values)
}

fn append(values: &mut Vec<RedisResult>, answer: Value) -> Result<(), Error> {
    values.push(match answer {
        Value::Nil => RedisResult::Nil,
        Value::Int(number) => RedisResult::Int64(number),
        Value::Boolean(truth) => RedisResult::Int64(i64::from(truth)),
        Value::BulkString(bytes) | Value::BigNumber(bytes) => RedisResult::Binary(bytes),
        Value::Double(number) => RedisResult::Binary(number.to_string().into_bytes()),
        Value::SimpleString(text) => RedisResult::Status(text),
        Value::Okay => RedisResult::Status("OK".to_owned()),
        Value::Array(items) | Value::Set(items) => {
            return items.into_iter().try_for_each(|item| append(values, item));
        }
        Value::Map(_) => return Err(unsupported("map")),
        Value::Attribute { .. } => return Err(unsupported("attribute")),
        Value::VerbatimString { .. } => return Err(unsupported("verbatim string")),
        Value::Push { .. } => return Err(unsupported("push message")),
        Value::ServerError(error) => return Err(Error::Other(format!("Server error: {error:?}"))),
        _ => return Err(unsupported("value of a new kind")),
    });
    Ok(())
}

fn unsupported(kind: &str) -> Error {
    Error::Other(format!("the answer holds a {kind}, which this interface cannot express"))
}

fn size(value: &RedisResult) -> usize {
    size_of::<RedisResult>()
        + match value {
            RedisResult::Nil | RedisResult::Int64(_) => 0,
            RedisResult::Binary(bytes) => bytes.len(),
            RedisResult::Status(text) => text.len(),
        }
}

#[cfg(test)]
mod tests {
    use redis::Value;

    use super::flatten;
    use crate::bindings::spin::redis::redis::{Error, RedisResult};

    fn text(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    /// The values as one line of text each.
    fn lines(answer: Value) -> Vec<String> {
        let show = |value| match value {
            RedisResult::Nil => "nil".to_owned(),
            RedisResult::Int64(number) => number.to_string(),
            RedisResult::Status(text) => format!("+{text}"),
            RedisResult::Binary(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        };
        flatten(answer).expect("an answer that can be said").into_iter().map(show).collect()
    }

    #[test]
    fn simple_values_keep_their_kind() {
        assert_eq!(lines(Value::Nil), ["nil"]);
        assert_eq!(lines(Value::Int(-7)), ["-7"]);
        assert_eq!(lines(Value::Boolean(true)), ["1"]);
        assert_eq!(lines(Value::Okay), ["+OK"]);
        assert_eq!(lines(Value::SimpleString("QUEUED".to_owned())), ["+QUEUED"]);
        assert_eq!(lines(text("a value")), ["a value"]);
        assert_eq!(lines(Value::Double(0.5)), ["0.5"]);
        assert_eq!(lines(Value::BigNumber(b"123456789012345678901".to_vec())).len(), 1);
    }

    #[test]
    fn nested_arrays_are_flattened_depth_first_as_in_spin() {
        let entry = |id: &str| {
            Value::Array(vec![text(id), Value::Array(vec![text("field"), text("value")])])
        };
        let entries = Value::Array(vec![entry("1-0"), entry("2-0")]);
        assert_eq!(lines(entries), ["1-0", "field", "value", "2-0", "field", "value"]);
        assert_eq!(lines(Value::Array(vec![])), Vec::<String>::new());
    }

    #[test]
    fn what_the_interface_cannot_say_is_an_error() {
        let map = Value::Map(vec![(text("field"), text("value"))]);
        assert!(matches!(flatten(map), Err(Error::Other(reason)) if reason.contains("map")));
    }
}
