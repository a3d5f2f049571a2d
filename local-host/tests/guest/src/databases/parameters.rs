//! Parameters of statements as JSON: a list of objects with one key, the type.

use serde_json::Value;
use spin_sdk::pg::{Interval, ParameterValue, RangeBoundKind};

type Bound<V> = Option<(V, RangeBoundKind)>;

/// The parameters, none if there is no list.
///
/// # Errors
/// If one is unknown.
pub(super) fn parameters(values: &Value) -> Result<Vec<ParameterValue>, String> {
    let values = values.as_array().into_iter().flatten();
    values.map(|value| parameter(value).ok_or_else(|| format!("no parameter: {value}"))).collect()
}

fn parameter(value: &Value) -> Option<ParameterValue> {
    let (kind, value) = value.as_object()?.iter().next()?;
    let whole = || value.as_i64();
    let part = |index: usize| value[index].as_i64();
    let text = || value.as_str().map(str::to_owned);
    let short = |index| part(index).and_then(|part| u8::try_from(part).ok());
    Some(match kind.as_str() {
        "boolean" => ParameterValue::Boolean(value.as_bool()?),
        "int8" => ParameterValue::Int8(whole()?.try_into().ok()?),
        "int16" => ParameterValue::Int16(whole()?.try_into().ok()?),
        "int32" => ParameterValue::Int32(whole()?.try_into().ok()?),
        "int64" => ParameterValue::Int64(whole()?),
        "floating32" =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "that is what is asked for")]
            ParameterValue::Floating32(value.as_f64()? as f32)
        }
        "floating64" => ParameterValue::Floating64(value.as_f64()?),
        "str" => ParameterValue::Str(text()?),
        "binary" => ParameterValue::Binary(text()?.into_bytes()),
        "date" => ParameterValue::Date((part(0)?.try_into().ok()?, short(1)?, short(2)?)),
        "time" => {
            ParameterValue::Time((short(0)?, short(1)?, short(2)?, part(3)?.try_into().ok()?))
        }
        "datetime" => ParameterValue::Datetime((
            part(0)?.try_into().ok()?,
            short(1)?,
            short(2)?,
            short(3)?,
            short(4)?,
            short(5)?,
            part(6)?.try_into().ok()?,
        )),
        "timestamp" => ParameterValue::Timestamp(whole()?),
        "uuid" => ParameterValue::Uuid(text()?),
        "jsonb" => ParameterValue::Jsonb(text()?.into_bytes()),
        "decimal" => ParameterValue::Decimal(text()?),
        "range_int32" => ParameterValue::RangeInt32(range(value, |bound| {
            bound.as_i64().and_then(|bound| bound.try_into().ok())
        })),
        "range_int64" => ParameterValue::RangeInt64(range(value, Value::as_i64)),
        "range_decimal" => {
            ParameterValue::RangeDecimal(range(value, |bound| bound.as_str().map(str::to_owned)))
        }
        "array_int32" => ParameterValue::ArrayInt32(array(value, |item| {
            item.as_i64().and_then(|item| item.try_into().ok())
        })?),
        "array_int64" => ParameterValue::ArrayInt64(array(value, Value::as_i64)?),
        "array_decimal" => {
            ParameterValue::ArrayDecimal(array(value, |item| item.as_str().map(str::to_owned))?)
        }
        "array_str" => {
            ParameterValue::ArrayStr(array(value, |item| item.as_str().map(str::to_owned))?)
        }
        "interval" => ParameterValue::Interval(Interval {
            micros: part(0)?,
            days: part(1)?.try_into().ok()?,
            months: part(2)?.try_into().ok()?,
        }),
        "null" => ParameterValue::DbNull,
        _ => return None,
    })
}

/// `["[", 1, 5, ")"]`; `null` for a side without a bound.
fn range<V>(value: &Value, read: impl Fn(&Value) -> Option<V>) -> (Bound<V>, Bound<V>) {
    let kind = |bracket: &Value| match bracket.as_str() {
        Some("[" | "]") => RangeBoundKind::Inclusive,
        _ => RangeBoundKind::Exclusive,
    };
    let lower = read(&value[1]).map(|bound| (bound, kind(&value[0])));
    let upper = read(&value[2]).map(|bound| (bound, kind(&value[3])));
    (lower, upper)
}

fn array<V>(value: &Value, read: impl Fn(&Value) -> Option<V>) -> Option<Vec<Option<V>>> {
    Some(value.as_array()?.iter().map(read).collect())
}
