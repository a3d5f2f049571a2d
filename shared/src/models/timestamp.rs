//! A moment, as every part of the API writes it: RFC 3339 in UTC with milliseconds and `Z`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::ops::RangeInclusive;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// Milliseconds since 1970-01-01T00:00:00Z; in JSON `"2026-01-02T03:04:05.678Z"`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(i64);

/// The calendar's ends, the years 0000 and 9999 (RFC 3339, section 5.6), in milliseconds.
const RANGE: RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

impl Timestamp {
    /// The time this many milliseconds after 1970; one that RFC 3339 cannot write becomes the
    /// nearest that it can.
    #[must_use]
    pub fn from_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds.clamp(*RANGE.start(), *RANGE.end()))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let moment = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(self.0);
        let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
        let (hour, minute, second, millisecond) = moment.to_hms_milli();
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z"
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let moment = OffsetDateTime::parse(&text, &Rfc3339)
            .map_err(|_| D::Error::custom("must be an RFC 3339 timestamp"))?;
        let milliseconds = i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).ok();
        let within = milliseconds.filter(|milliseconds| RANGE.contains(milliseconds));
        within.map(Self).ok_or_else(|| D::Error::custom("must be in the years 0000 to 9999 in UTC"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_format_timestamps_are_rfc_3339_in_utc_with_milliseconds_and_z() {
        assert_eq!(Timestamp::from_milliseconds(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Timestamp::from_milliseconds(1_767_323_045_678).to_string(),
            "2026-01-02T03:04:05.678Z"
        );
        assert_eq!(Timestamp::from_milliseconds(-1).to_string(), "1969-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_milliseconds(i64::MIN).to_string(), "0000-01-01T00:00:00.000Z");
        assert_eq!(Timestamp::from_milliseconds(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_timestamp_reads_what_it_writes() {
        let moment = Timestamp::from_milliseconds(1_767_323_045_678);
        let json = serde_json::to_string(&moment).expect("serialises");
        assert_eq!(serde_json::from_str::<Timestamp>(&json).expect("parses"), moment);
    }
}
