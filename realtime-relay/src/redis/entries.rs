//! Reading what Redis answers about streams: entries, their ids and fields.

use redis::Value;

/// An entry's id: milliseconds and a number, or a board's seq and 0.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Id(pub(crate) u64, pub(crate) u64);

impl Id {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (high, low) = text.split_once('-')?;
        Some(Self(high.parse().ok()?, low.parse().ok()?))
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}-{}", self.0, self.1)
    }
}

/// An entry of a stream.
pub(crate) struct Entry<'a> {
    pub(crate) id: Id,
    fields: &'a [Value],
}

impl<'a> Entry<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        let [id, Value::Array(fields)] = array(value)? else { return None };
        Some(Self { id: Id::parse(text(id)?)?, fields })
    }

    pub(crate) fn field(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.fields.chunks_exact(2);
        pairs.find_map(|pair| match pair {
            [key, value] if text(key) == Some(name) => text(value),
            _ => None,
        })
    }

    /// A field that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.field(name)?.parse().ok()
    }
}

/// The value of a name in a list of names and values, as XINFO answers them.
pub(crate) fn value_of<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let mut pairs = array(value)?.chunks_exact(2);
    pairs.find_map(|pair| match pair {
        [key, value] if text(key) == Some(name) => Some(value),
        _ => None,
    })
}

/// The entries that XRANGE answers. One that cannot be read is left out: a gap, found as such.
pub(crate) fn entries(value: &Value) -> impl Iterator<Item = Entry<'_>> {
    array(value).unwrap_or_default().iter().filter_map(Entry::read)
}

/// The streams that XREAD answers, by key.
pub(crate) fn streams(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    array(value).unwrap_or_default().iter().filter_map(|stream| match array(stream)? {
        [key, entries] => Some((text(key)?, entries)),
        _ => None,
    })
}

pub(crate) fn array(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(values) => Some(values),
        _ => None,
    }
}

pub(crate) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

pub(crate) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok(),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    #[test]
    fn entries_are_read_from_what_redis_answers() {
        let fields = Value::Array(["board", "7", "seq", "43", "event", "{}"].map(bulk).to_vec());
        let entry = Value::Array(vec![bulk("1700000000000-5"), fields]);
        let list = Value::Array(vec![entry, Value::Nil, bulk("x")]);
        let answer = Value::Array(vec![Value::Array(vec![bulk("{s7}:feed"), list])]);
        let (key, list) = streams(&answer).next().expect("a stream");
        assert_eq!(key, "{s7}:feed");
        let read: Vec<_> = entries(list).collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].id, Id(1_700_000_000_000, 5));
        assert_eq!(read[0].id.to_string(), "1700000000000-5");
        assert_eq!((read[0].number("seq"), read[0].field("event")), (Some(43), Some("{}")));
        assert_eq!(read[0].field("reason"), None);
        assert_eq!(streams(&Value::Nil).count(), 0);
        assert!(Id(2, 0) > Id(1, 9));
        assert_eq!(Id::parse("x-1"), None);
    }
}
