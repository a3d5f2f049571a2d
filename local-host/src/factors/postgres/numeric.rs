//! `numeric` as text, exactly: every digit that the database has, no more and no fewer.

use std::error::Error;

use postgres_protocol::types as wire;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// Decimal digits in one of PostgreSQL's digits, which are of base 10,000.
const GROUP: usize = 4;

/// The most digits before and after the point.
const MAX_DIGITS: (usize, usize) = (131_072, 16_383);

const NEGATIVE: u16 = 0x4000;
const POSITIVE: u16 = 0x0000;

/// A number of any size, such as `-12.50`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numeric {
    negative: bool,
    /// Without leading zeros, so empty below one.
    whole: String,
    fraction: String,
}

impl Numeric {
    /// Parses digits with at most one point and one sign.
    ///
    /// None where the text is something else, or more than the database could hold.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
        if !are_digits(whole) || !are_digits(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > MAX_DIGITS.0 || fraction.len() > MAX_DIGITS.1 {
            return None;
        }
        Some(Self { negative, whole: whole.to_owned(), fraction: fraction.to_owned() })
    }

    /// The groups of the number, and how many of them are before the point (fewer than none
    /// where it begins with zeros after the point).
    fn groups(&self) -> (Vec<u16>, i32) {
        let before = self.whole.len().next_multiple_of(GROUP);
        let after = self.fraction.len().next_multiple_of(GROUP);
        let digits = format!("{:0>before$}{:0<after$}", self.whole, self.fraction);
        let value = |group: &[u8]| {
            group.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'))
        };
        let mut groups: Vec<u16> = digits.as_bytes().chunks(GROUP).map(value).collect();
        let leading = groups.iter().take_while(|group| **group == 0).count();
        groups.drain(..leading);
        while groups.last() == Some(&0) {
            groups.pop();
        }
        (groups, small(before / GROUP) - small(leading))
    }

    /// Whether it is zero.
    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.bytes().all(|digit| digit == b'0')
    }
}

/// Counts of groups are far below any limit.
fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let magnitude = |number: &Self| {
            let fraction = number.fraction.trim_end_matches('0').to_owned();
            (number.whole.len(), number.whole.clone(), fraction)
        };
        let sign = |number: &Self| match (number.is_zero(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let order = sign(self).cmp(&sign(other));
        Some(order.then_with(|| {
            let order = magnitude(self).cmp(&magnitude(other));
            if self.negative { order.reverse() } else { order }
        }))
    }
}

impl std::fmt::Display for Numeric {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { &self.whole };
        let point = if self.fraction.is_empty() { "" } else { "." };
        write!(formatter, "{sign}{whole}{point}{}", self.fraction)
    }
}

impl ToSql for Numeric {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let (groups, before) = self.groups();
        let weight = if groups.is_empty() { 0 } else { before - 1 };
        let sign = if self.negative && !groups.is_empty() { NEGATIVE } else { POSITIVE };
        out.extend_from_slice(&u16::try_from(groups.len())?.to_be_bytes());
        out.extend_from_slice(&i16::try_from(weight)?.to_be_bytes());
        out.extend_from_slice(&sign.to_be_bytes());
        out.extend_from_slice(&u16::try_from(self.fraction.len())?.to_be_bytes());
        for group in groups {
            out.extend_from_slice(&group.to_be_bytes());
        }
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::NUMERIC
    }

    to_sql_checked!();
}

impl FromSql<'_> for Numeric {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let words: Vec<u16> = raw
            .chunks_exact(2)
            .map(|word| wire::int2_from_sql(word).map(i16::cast_unsigned))
            .collect::<Result<_, _>>()?;
        let [count, weight, sign, scale, groups @ ..] = &*words else {
            return Err("a numeric without its header".into());
        };
        if groups.len() != usize::from(*count) || groups.iter().any(|group| *group > 9999) {
            return Err("a numeric with wrong digits".into());
        }
        let negative = match *sign {
            POSITIVE => false,
            NEGATIVE => true,
            _ => return Err("NaN and infinity are not decimal numbers".into()),
        };
        let before = i32::from(weight.cast_signed()) + 1;
        // Groups that are not there are zeros.
        let group = |index: i32| {
            usize::try_from(index).ok().and_then(|index| groups.get(index)).copied().unwrap_or(0)
        };
        let text = |range: std::ops::Range<i32>| -> String {
            range.map(|index| format!("{:04}", group(index))).collect()
        };
        let scale = usize::from(*scale);
        let mut fraction = text(before..before + small(scale.div_ceil(GROUP)));
        fraction.truncate(scale);
        let whole = text(0..before).trim_start_matches('0').to_owned();
        Ok(Self { negative, whole, fraction })
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::NUMERIC
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_postgres::types::private::BytesMut;
    use tokio_postgres::types::{FromSql as _, ToSql as _, Type};

    use super::Numeric;

    fn bytes(text: &str) -> Vec<u8> {
        let mut out = BytesMut::new();
        let number = Numeric::parse(text).expect("a number");
        number.to_sql(&Type::NUMERIC, &mut out).expect("a number that fits");
        out.to_vec()
    }

    fn there_and_back(text: &str) -> String {
        Numeric::from_sql(&Type::NUMERIC, &bytes(text)).expect("a number").to_string()
    }

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn the_bytes_are_those_that_the_database_sends() {
        assert_eq!(bytes("0"), words(&[0, 0, 0, 0]));
        assert_eq!(bytes("-0.00"), words(&[0, 0, 0, 2]));
        assert_eq!(bytes("1"), words(&[1, 0, 0, 0, 1]));
        assert_eq!(bytes("12345.678"), words(&[3, 1, 0, 3, 1, 2345, 6780]));
        assert_eq!(bytes("-0.00012"), words(&[2, 0xffff, 0x4000, 5, 1, 2000]));
        assert_eq!(bytes("100000000"), words(&[1, 2, 0, 0, 1]));
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["0", "1.50", "-12.5", "0.0001", "0.00000001", "10000", "99999999.9999"] {
            assert_eq!(there_and_back(text), text);
        }
        assert_eq!(there_and_back("+007.10"), "7.10");
        assert_eq!(there_and_back(".5"), "0.5");
        let long = format!("{}.{}", "9".repeat(200), "1".repeat(200));
        assert_eq!(there_and_back(&long), long);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1.2.3", "1e5", "NaN", " 1", "1 ", "--1", "٣"] {
            assert_eq!(Numeric::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_number_are_an_error() {
        for raw in [&[][..], &[0, 1], &words(&[1, 0, 0, 0]), &words(&[0, 0, 0xc000, 0])] {
            assert!(Numeric::from_sql(&Type::NUMERIC, raw).is_err(), "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn every_number_comes_back(text in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?") {
            let expected = text.strip_prefix('-').filter(|digits| {
                digits.bytes().all(|digit| matches!(digit, b'0' | b'.'))
            }).unwrap_or(&text);
            prop_assert_eq!(there_and_back(&text), expected);
        }

        #[test]
        fn numbers_are_ordered_as_numbers(left in -1_000_000_i64..1_000_000, right in -1_000_000_i64..1_000_000) {
            #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
            let text = |number: i64| format!("{:.3}", number as f64 / 1000.0);
            let parse = |number| Numeric::parse(&text(number)).expect("a number");
            prop_assert_eq!(parse(left).partial_cmp(&parse(right)), Some(left.cmp(&right)));
        }
    }
}
