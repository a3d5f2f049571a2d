//! A moment, as every part of the API writes it: RFC 3339 in UTC with milliseconds and `Z`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Milliseconds since 1970-01-01T00:00:00Z; in JSON `"2026-01-02T03:04:05.678Z"`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The moment so many milliseconds after 1970; one outside the calendar's range (years
    /// -9999 to 9999) becomes the nearest end of it.
    #[must_use]
    pub fn from_milliseconds(milliseconds: i64) -> Self {
        Self(jiff::Timestamp::from_millisecond(milliseconds).unwrap_or({
            if milliseconds < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX }
        }))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:.3}", self.0)
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
        let moment: jiff::Timestamp = text.parse().map_err(D::Error::custom)?;
        Ok(Self::from_milliseconds(moment.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_timestamps_are_rfc_3339_in_utc_with_milliseconds_and_z() {
        assert_eq!(Timestamp::from_milliseconds(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Timestamp::from_milliseconds(1_767_323_045_678).to_string(),
            "2026-01-02T03:04:05.678Z"
        );
    }

    #[test]
    fn a_timestamp_reads_what_it_writes() {
        let moment = Timestamp::from_milliseconds(1_767_323_045_678);
        let json = serde_json::to_string(&moment).expect("serialises");
        assert_eq!(serde_json::from_str::<Timestamp>(&json).expect("parses"), moment);
    }
}
