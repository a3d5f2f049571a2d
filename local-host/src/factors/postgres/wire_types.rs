//! Values whose form on the wire no library of ours knows: ranges, intervals, JSON text, NULL of
//! any type, and everything unknown.

use std::error::Error;

use postgres_protocol::IsNull as WireNull;
use postgres_protocol::types as wire;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::bindings::spin::postgres::postgres::{Interval, RangeBoundKind};

type SqlError = Box<dyn Error + Sync + Send>;

/// The bounds of a range; none where it has none on that side.
pub(super) type Bounds<V> = (Option<(V, RangeBoundKind)>, Option<(V, RangeBoundKind)>);

/// A range, as the interface has it: an empty one has no bounds, as in Spin.
#[derive(Debug)]
pub(super) struct Range<V>(pub(super) Bounds<V>);

impl<V: PartialOrd> Range<V> {
    /// Whether nothing is in it. The database would refuse such bounds; as in Spin they are the
    /// empty range.
    fn is_reversed(&self) -> bool {
        matches!(&self.0, (Some((lower, _)), Some((upper, _))) if lower > upper)
    }
}

fn element(range: &Type) -> Option<&Type> {
    match range.kind() {
        Kind::Range(element) => Some(element),
        _ => None,
    }
}

impl<V: ToSql + PartialOrd> ToSql for Range<V> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, SqlError> {
        let element = element(kind).ok_or("not the type of a range")?;
        if self.is_reversed() {
            wire::empty_range_to_sql(out);
            return Ok(IsNull::No);
        }
        let bound = |bound: &Option<(V, RangeBoundKind)>, out: &mut BytesMut| {
            let Some((value, kind)) = bound else { return Ok(wire::RangeBound::Unbounded) };
            value.to_sql(element, out)?;
            Ok(match kind {
                RangeBoundKind::Inclusive => wire::RangeBound::Inclusive(WireNull::No),
                RangeBoundKind::Exclusive => wire::RangeBound::Exclusive(WireNull::No),
            })
        };
        wire::range_to_sql(|out| bound(&self.0.0, out), |out| bound(&self.0.1, out), out)?;
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        element(kind).is_some_and(V::accepts)
    }

    to_sql_checked!();
}

impl<'a, V: FromSql<'a>> FromSql<'a> for Range<V> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, SqlError> {
        let element = element(kind).ok_or("not the type of a range")?;
        let bound = |bound: wire::RangeBound<Option<&'a [u8]>>| {
            let (raw, kind) = match bound {
                wire::RangeBound::Unbounded => return Ok(None),
                wire::RangeBound::Inclusive(raw) => (raw, RangeBoundKind::Inclusive),
                wire::RangeBound::Exclusive(raw) => (raw, RangeBoundKind::Exclusive),
            };
            let raw = raw.ok_or("a range with a bound that is NULL")?;
            Ok::<_, SqlError>(Some((V::from_sql(element, raw)?, kind)))
        };
        Ok(Self(match wire::range_from_sql(raw)? {
            wire::Range::Empty => (None, None),
            wire::Range::Nonempty(lower, upper) => (bound(lower)?, bound(upper)?),
        }))
    }

    fn accepts(kind: &Type) -> bool {
        element(kind).is_some_and(V::accepts)
    }
}

/// Months, days and microseconds, which the database does not mix.
#[derive(Debug)]
pub(super) struct IntervalValue(pub(super) Interval);

impl ToSql for IntervalValue {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, SqlError> {
        out.extend_from_slice(&self.0.micros.to_be_bytes());
        out.extend_from_slice(&self.0.days.to_be_bytes());
        out.extend_from_slice(&self.0.months.to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::INTERVAL
    }

    to_sql_checked!();
}

impl FromSql<'_> for IntervalValue {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, SqlError> {
        let (micros, rest) = raw.split_at_checked(8).ok_or("an interval that is too short")?;
        let (days, months) = rest.split_at_checked(4).ok_or("an interval that is too short")?;
        Ok(Self(Interval {
            micros: i64::from_be_bytes(micros.try_into()?),
            days: i32::from_be_bytes(days.try_into()?),
            months: i32::from_be_bytes(months.try_into()?),
        }))
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::INTERVAL
    }
}

/// JSON as its text, so that numbers keep all their digits. Spin parses and writes it again.
#[derive(Debug)]
pub(super) struct JsonText(pub(super) Vec<u8>);

/// The byte before the text of a `jsonb`.
const JSONB_VERSION: u8 = 1;

impl ToSql for JsonText {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, SqlError> {
        if *kind == Type::JSONB {
            out.extend_from_slice(&[JSONB_VERSION]);
        }
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::JSON | Type::JSONB)
    }

    to_sql_checked!();
}

impl FromSql<'_> for JsonText {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, SqlError> {
        match raw.split_first() {
            Some((&JSONB_VERSION, text)) => Ok(Self(text.to_vec())),
            _ => Err("a jsonb of an unknown version".into()),
        }
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::JSONB
    }
}

/// NULL, whatever the type of the parameter.
#[derive(Debug)]
pub(super) struct Null;

impl ToSql for Null {
    fn to_sql(&self, _: &Type, _: &mut BytesMut) -> Result<IsNull, SqlError> {
        Ok(IsNull::Yes)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The bytes of a value that the interface has no type for.
#[derive(Debug)]
pub(super) struct Unknown(pub(super) Vec<u8>);

impl FromSql<'_> for Unknown {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, SqlError> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::types::private::BytesMut;
    use tokio_postgres::types::{FromSql, ToSql, Type};

    use super::{Bounds, IntervalValue, JsonText, Range};
    use crate::bindings::spin::postgres::postgres::{Interval, RangeBoundKind};

    fn bytes(value: &impl ToSql, kind: &Type) -> Vec<u8> {
        let mut out = BytesMut::new();
        value.to_sql(kind, &mut out).expect("a value that can be sent");
        out.to_vec()
    }

    fn there_and_back(bounds: Bounds<i32>) -> String {
        let raw = bytes(&Range(bounds), &Type::INT4_RANGE);
        let Range(bounds) = Range::<i32>::from_sql(&Type::INT4_RANGE, &raw).expect("a range");
        format!("{bounds:?}")
    }

    #[test]
    fn ranges_keep_their_bounds_even_at_the_limits() {
        let (inclusive, exclusive) = (RangeBoundKind::Inclusive, RangeBoundKind::Exclusive);
        for bounds in [
            (None, None),
            (Some((1, inclusive)), None),
            (None, Some((i32::MAX, inclusive))),
            (Some((i32::MAX, exclusive)), None),
            (Some((i32::MIN, exclusive)), Some((i32::MAX, exclusive))),
            (Some((5, inclusive)), Some((5, inclusive))),
        ] {
            assert_eq!(there_and_back(bounds), format!("{bounds:?}"));
        }
        let reversed = (Some((2, inclusive)), Some((1, inclusive)));
        assert_eq!(there_and_back(reversed), "(None, None)");
    }

    #[test]
    fn ranges_and_intervals_of_wrong_bytes_are_errors() {
        for raw in [&[][..], &[0], &[2, 0, 0, 0, 9], &[1, 1]] {
            assert!(Range::<i32>::from_sql(&Type::INT4_RANGE, raw).is_err(), "{raw:?}");
        }
        for raw in [&[][..], &[0; 15], &[0; 17]] {
            assert!(IntervalValue::from_sql(&Type::INTERVAL, raw).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn intervals_keep_their_three_parts() {
        let sent = IntervalValue(Interval { micros: -1, days: i32::MAX, months: -14 });
        let raw = bytes(&sent, &Type::INTERVAL);
        let IntervalValue(read) = IntervalValue::from_sql(&Type::INTERVAL, &raw).expect("one");
        assert_eq!((read.micros, read.days, read.months), (-1, i32::MAX, -14));
    }

    #[test]
    fn json_is_sent_and_read_as_it_stands() {
        let text = br#"{"a": 123456789012345678901234567890}"#;
        let raw = bytes(&JsonText(text.to_vec()), &Type::JSONB);
        assert_eq!(raw[0], 1);
        let JsonText(read) = JsonText::from_sql(&Type::JSONB, &raw).expect("JSON");
        assert_eq!(read, text);
        assert_eq!(bytes(&JsonText(text.to_vec()), &Type::JSON), text);
        assert!(JsonText::from_sql(&Type::JSONB, b"\x02{}").is_err());
    }
}
