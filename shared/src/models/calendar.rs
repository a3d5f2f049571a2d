//! Days, and where on earth they begin.

use crate::validation::FromField;
use serde_json::Value;
use time::{Date, Month};

/// A day of the calendar from 1970 to 9999, which begins wherever a [`TimeZone`] says; as a text
/// `2026-11-29`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Day(Date);

impl FromField for Day {
    fn from_field(value: Value) -> Result<Self, String> {
        let date = value.as_str().and_then(date);
        date.map(Self).ok_or_else(|| "must be a day from 1970 on, such as 2026-11-29".to_owned())
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(formatter, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next()?;
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
    (parts.next().is_none() && year >= 1970).then_some(date)
}

/// The name of a time zone as IANA gives them, with a region (`Europe/Berlin`, `Etc/GMT-3`), or `UTC`.
///
/// Whether there is such a zone the database knows. It takes more for one than that, so only names that
/// it cannot take for something else come here: `EST` would be an offset without summer time, and
/// `Anywhere+3` a zone made up on the spot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TimeZone(String);

impl TimeZone {
    /// The most characters that it has.
    pub const MAX_LENGTH: usize = 64;

    /// That of Greenwich, without summer time.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromField for TimeZone {
    fn from_field(value: Value) -> Result<Self, String> {
        let name = value.as_str().filter(|name| is_utc(name) || has_region(name));
        name.map(|name| Self(name.to_owned())).ok_or_else(|| {
            "must be the name of a time zone, such as Europe/Berlin or UTC".to_owned()
        })
    }
}

/// Whether it is UTC, or a number of hours from it.
fn is_utc(name: &str) -> bool {
    let Some(offset) = name.strip_prefix("Etc/GMT") else { return name == "UTC" };
    let hours = |most: u8| {
        let digits = &offset[1..];
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits.len() == 1 || !digits.starts_with('0'));
        plain && digits.parse().is_ok_and(|hours: u8| hours <= most)
    };
    match offset.as_bytes() {
        [] | [b'0'] => true,
        [b'+', ..] => hours(12),
        [b'-', ..] => hours(14),
        _ => false,
    }
}

fn has_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let plain = |part: &&str| {
        part.ends_with(|last: char| last.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte))
    };
    name.len() <= TimeZone::MAX_LENGTH && (2..=3).contains(&parts.len()) && parts.iter().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for day in ["1970-01-01", "2024-02-29", "2026-11-29", "9999-12-31"] {
            assert_eq!(Day::from_field(json!(day)).map(|day| day.to_string()), Ok(day.to_owned()));
        }
        for wrong in [
            "",
            "1969-12-31",
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-1-1",
            "26-11-29",
            "2026-11-29T00:00:00Z",
            "2026-11-29-",
            "2026-11",
            "+2026-11-29",
            "today",
        ] {
            assert!(Day::from_field(json!(wrong)).is_err(), "{wrong}");
        }
        assert!(Day::from_field(json!(20_261_129)).is_err());
    }

    #[test]
    fn a_time_zone_is_a_name_with_a_region_or_utc() {
        for zone in [
            "UTC",
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
            "America/Port-au-Prince",
            "Etc/UTC",
            "Etc/GMT",
            "Etc/GMT0",
            "Etc/GMT+12",
            "Etc/GMT-14",
            "Etc/GMT+0",
            "Mars/Olympus",
        ] {
            assert_eq!(TimeZone::from_field(json!(zone)).map(|zone| zone.0), Ok(zone.to_owned()));
        }
        let long = format!("Europe/{}", "x".repeat(58));
        for wrong in [
            "",
            "EST",
            "CET",
            "utc",
            "Z",
            "+02:00",
            "UTC+2",
            "Foo/Bar+3",
            "Etc/GMT+13",
            "Etc/GMT-15",
            "Etc/GMT-014",
            "Etc/GMT-",
            "Etc/GMT1",
            "Etc/GMT+é",
            "Europe/",
            "/Berlin",
            "../etc/passwd",
            "a/b/c/d",
            "Europe/Berlin ",
            "Europe\\Berlin",
            &long,
        ] {
            assert!(TimeZone::from_field(json!(wrong)).is_err(), "{wrong}");
        }
    }
}
