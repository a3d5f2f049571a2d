//! Values between guests and the database: parameters outwards, rows and columns inwards.

use std::error::Error as _;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use serde::de::IgnoredAny;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql, Type};
use uuid::Uuid;

use super::numeric::Numeric;
use super::wire_types::{Bounds, IntervalValue, JsonText, Null, Range, Unknown};
use crate::bindings::spin::postgres::postgres::{Column, DbDataType, DbValue, ParameterValue};

/// A parameter ready to be sent.
pub(super) type Parameter = Box<dyn ToSql + Send + Sync>;

/// Year, month and day; hour, minute, second and nanosecond.
type DateAndTime = (i32, u8, u8, u8, u8, u8, u32);

/// The parameters of a statement.
///
/// # Errors
/// The first that is no value of its type, such as the 31st of February.
pub(super) fn parameters(values: Vec<ParameterValue>) -> Result<Vec<Parameter>, String> {
    values.into_iter().map(parameter).collect()
}

fn parameter(value: ParameterValue) -> Result<Parameter, String> {
    Ok(match value {
        ParameterValue::Boolean(value) => Box::new(value),
        ParameterValue::Int8(value) => Box::new(value),
        ParameterValue::Int16(value) => Box::new(value),
        ParameterValue::Int32(value) => Box::new(value),
        ParameterValue::Int64(value) => Box::new(value),
        ParameterValue::Floating32(value) => Box::new(value),
        ParameterValue::Floating64(value) => Box::new(value),
        ParameterValue::Str(value) => Box::new(value),
        ParameterValue::Binary(value) => Box::new(value),
        ParameterValue::Date((year, month, day)) => Box::new(date(year, month, day)?),
        ParameterValue::Time((hour, minute, second, nanosecond)) => {
            Box::new(time(hour, minute, second, nanosecond)?)
        }
        ParameterValue::Datetime(value) => Box::new(date_and_time(value)?),
        ParameterValue::Timestamp(seconds) => Box::new(
            DateTime::from_timestamp(seconds, 0)
                .ok_or_else(|| format!("invalid timestamp {seconds}"))?,
        ),
        ParameterValue::Uuid(text) => {
            Box::new(Uuid::try_parse(&text).map_err(|_| format!("invalid UUID {text}"))?)
        }
        ParameterValue::Jsonb(text) => Box::new(json(text)?),
        ParameterValue::Decimal(text) => Box::new(decimal(&text)?),
        ParameterValue::RangeInt32(bounds) => Box::new(Range(bounds)),
        ParameterValue::RangeInt64(bounds) => Box::new(Range(bounds)),
        ParameterValue::RangeDecimal(bounds) => Box::new(Range(decimal_bounds(bounds)?)),
        ParameterValue::ArrayInt32(items) => Box::new(items),
        ParameterValue::ArrayInt64(items) => Box::new(items),
        ParameterValue::ArrayDecimal(items) => Box::new(
            items
                .into_iter()
                .map(|item| item.as_deref().map(decimal).transpose())
                .collect::<Result<Vec<_>, _>>()?,
        ),
        ParameterValue::ArrayStr(items) => Box::new(items),
        ParameterValue::Interval(interval) => Box::new(IntervalValue(interval)),
        ParameterValue::DbNull => Box::new(Null),
    })
}

fn date(year: i32, month: u8, day: u8) -> Result<NaiveDate, String> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into())
        .ok_or_else(|| format!("invalid date y={year}, m={month}, d={day}"))
}

fn time(hour: u8, minute: u8, second: u8, nanosecond: u32) -> Result<NaiveTime, String> {
    NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nanosecond)
        .ok_or_else(|| format!("invalid time {hour}:{minute}:{second}:{nanosecond}"))
}

fn date_and_time(value: DateAndTime) -> Result<NaiveDateTime, String> {
    let (year, month, day, hour, minute, second, nanosecond) = value;
    Ok(date(year, month, day)?.and_time(time(hour, minute, second, nanosecond)?))
}

fn json(text: Vec<u8>) -> Result<JsonText, String> {
    serde_json::from_slice::<IgnoredAny>(&text)
        .map_err(|error| format!("invalid JSON: {error}"))?;
    Ok(JsonText(text))
}

fn decimal(text: &str) -> Result<Numeric, String> {
    Numeric::parse(text).ok_or_else(|| format!("invalid decimal {text}"))
}

fn decimal_bounds((lower, upper): Bounds<String>) -> Result<Bounds<Numeric>, String> {
    let parse = |(text, kind): (String, _)| Ok::<_, String>((decimal(&text)?, kind));
    Ok((lower.map(parse).transpose()?, upper.map(parse).transpose()?))
}

pub(super) fn columns(row: &Row) -> Vec<Column> {
    let describe = |column: &tokio_postgres::Column| Column {
        name: column.name().to_owned(),
        data_type: data_type(column.type_()),
    };
    row.columns().iter().map(describe).collect()
}

fn data_type(kind: &Type) -> DbDataType {
    match *kind {
        Type::BOOL => DbDataType::Boolean,
        Type::INT2 => DbDataType::Int16,
        Type::INT4 => DbDataType::Int32,
        Type::INT8 => DbDataType::Int64,
        Type::FLOAT4 => DbDataType::Floating32,
        Type::FLOAT8 => DbDataType::Floating64,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => DbDataType::Str,
        Type::BYTEA => DbDataType::Binary,
        Type::DATE => DbDataType::Date,
        Type::TIME => DbDataType::Time,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => DbDataType::Datetime,
        Type::UUID => DbDataType::Uuid,
        Type::JSONB => DbDataType::Jsonb,
        Type::NUMERIC => DbDataType::Decimal,
        Type::INT4_RANGE => DbDataType::RangeInt32,
        Type::INT8_RANGE => DbDataType::RangeInt64,
        Type::NUM_RANGE => DbDataType::RangeDecimal,
        Type::INT4_ARRAY => DbDataType::ArrayInt32,
        Type::INT8_ARRAY => DbDataType::ArrayInt64,
        Type::NUMERIC_ARRAY => DbDataType::ArrayDecimal,
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::BPCHAR_ARRAY => DbDataType::ArrayStr,
        Type::INTERVAL => DbDataType::Interval,
        _ => DbDataType::Other(kind.name().to_owned()),
    }
}

/// The values of a row.
///
/// A `timestamptz` is refused as Spin refuses it, so that a component which reads one is noticed
/// here and not only in production.
///
/// # Errors
/// The first value that the interface cannot express.
pub(super) fn values(row: &Row) -> Result<Vec<DbValue>, String> {
    (0..row.len()).map(|index| value(row, index)).collect()
}

fn value(row: &Row, index: usize) -> Result<DbValue, String> {
    let kind = row.columns()[index].type_();
    match *kind {
        Type::BOOL => read(row, index, DbValue::Boolean),
        Type::INT2 => read(row, index, DbValue::Int16),
        Type::INT4 => read(row, index, DbValue::Int32),
        Type::INT8 => read(row, index, DbValue::Int64),
        Type::FLOAT4 => read(row, index, DbValue::Floating32),
        Type::FLOAT8 => read(row, index, DbValue::Floating64),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => read(row, index, DbValue::Str),
        Type::BYTEA => read(row, index, DbValue::Binary),
        Type::DATE => read(row, index, |date: NaiveDate| {
            DbValue::Date((date.year(), small(date.month()), small(date.day())))
        }),
        Type::TIME => read(row, index, |time: NaiveTime| {
            let (hour, minute, second) = hour_minute_second(time);
            DbValue::Time((hour, minute, second, time.nanosecond()))
        }),
        Type::TIMESTAMP | Type::TIMESTAMPTZ => read(row, index, |value: NaiveDateTime| {
            let (hour, minute, second) = hour_minute_second(value.time());
            let (month, day) = (small(value.month()), small(value.day()));
            let nanosecond = value.nanosecond();
            DbValue::Datetime((value.year(), month, day, hour, minute, second, nanosecond))
        }),
        Type::UUID => read(row, index, |uuid: Uuid| DbValue::Uuid(uuid.to_string())),
        Type::JSONB => read(row, index, |JsonText(text)| DbValue::Jsonb(text)),
        Type::NUMERIC => read(row, index, |number: Numeric| DbValue::Decimal(number.to_string())),
        Type::INT4_RANGE => read(row, index, |Range(bounds)| DbValue::RangeInt32(bounds)),
        Type::INT8_RANGE => read(row, index, |Range(bounds)| DbValue::RangeInt64(bounds)),
        Type::NUM_RANGE => read(row, index, |Range((lower, upper)): Range<Numeric>| {
            let text = |(number, kind): (Numeric, _)| (number.to_string(), kind);
            DbValue::RangeDecimal((lower.map(text), upper.map(text)))
        }),
        Type::INT4_ARRAY => read(row, index, DbValue::ArrayInt32),
        Type::INT8_ARRAY => read(row, index, DbValue::ArrayInt64),
        Type::NUMERIC_ARRAY => read(row, index, |items: Vec<Option<Numeric>>| {
            let text = |item: Option<Numeric>| item.map(|number| number.to_string());
            DbValue::ArrayDecimal(items.into_iter().map(text).collect())
        }),
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::BPCHAR_ARRAY => {
            read(row, index, DbValue::ArrayStr)
        }
        Type::INTERVAL => read(row, index, |IntervalValue(interval)| DbValue::Interval(interval)),
        _ => read(row, index, |Unknown(bytes)| DbValue::Unsupported(bytes)),
    }
}

fn read<'r, V: FromSql<'r>>(
    row: &'r Row,
    index: usize,
    express: impl FnOnce(V) -> DbValue,
) -> Result<DbValue, String> {
    match row.try_get::<_, Option<V>>(index) {
        Ok(value) => Ok(value.map_or(DbValue::DbNull, express)),
        Err(error) => {
            let reason = error.source().map(|source| format!(": {source}")).unwrap_or_default();
            Err(format!("{error}{reason}"))
        }
    }
}

fn hour_minute_second(time: NaiveTime) -> (u8, u8, u8) {
    (small(time.hour()), small(time.minute()), small(time.second()))
}

/// Months, days, hours, minutes and seconds fit.
fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// About how many bytes of memory a row takes.
pub(super) fn size(row: &[DbValue]) -> usize {
    let held = |value: &DbValue| match value {
        DbValue::Str(text) | DbValue::Uuid(text) | DbValue::Decimal(text) => text.len(),
        DbValue::Binary(bytes) | DbValue::Jsonb(bytes) | DbValue::Unsupported(bytes) => bytes.len(),
        DbValue::ArrayInt32(items) => size_of_val(items.as_slice()),
        DbValue::ArrayInt64(items) => size_of_val(items.as_slice()),
        DbValue::ArrayDecimal(items) | DbValue::ArrayStr(items) => {
            let text = items.iter().flatten().map(String::len).sum::<usize>();
            size_of_val(items.as_slice()) + text
        }
        DbValue::RangeDecimal((lower, upper)) => {
            [lower, upper].into_iter().flatten().map(|(text, _)| text.len()).sum()
        }
        _ => 0,
    };
    size_of_val(row) + row.iter().map(held).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{ParameterValue, parameter};

    #[test]
    fn values_that_do_not_exist_are_refused_before_they_are_sent() {
        for value in [
            ParameterValue::Date((2026, 2, 31)),
            ParameterValue::Date((i32::MAX, 1, 1)),
            ParameterValue::Time((24, 0, 0, 0)),
            ParameterValue::Datetime((2026, 13, 1, 0, 0, 0, 0)),
            ParameterValue::Timestamp(i64::MAX),
            ParameterValue::Uuid("not one".to_owned()),
            ParameterValue::Jsonb(b"{\"a\":".to_vec()),
            ParameterValue::Decimal("1e5".to_owned()),
            ParameterValue::ArrayDecimal(vec![None, Some("x".to_owned())]),
        ] {
            let shown = format!("{value:?}");
            assert!(parameter(value).is_err(), "{shown}");
        }
    }
}
