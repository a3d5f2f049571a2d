//! What the application's variables have to look like (docs/variables.md). `/readyz` names each that is invalid.

use crate::auth::Keys;
use crate::data::redis_address::RedisAddress;
use crate::http::Origins;
use crate::http::origins::origin;
use crate::oidc;
use http::{HeaderName, Uri};
use std::ops::RangeInclusive;

/// The variables that can be invalid. Those that say where components may connect to (`database_host`, `oidc_hosts`,
/// `redis_host`) are checked by the host when it starts.
pub const CHECKED: [&str; 21] = [
    "client_address_header",
    "cookie_secure",
    "cors_origins",
    "database_url",
    "jwt_secret",
    "jwt_secret_previous",
    "login_failures_per_address",
    "mail_enabled",
    "mails_per_address",
    "max_password_hashes",
    "oidc_providers",
    "public_origin",
    "redis_url",
    "registration",
    "registrations_per_address",
    "relay_public_url",
    "relay_secret",
    "relay_url",
    "trace_ratio",
    "write_burst",
    "writes_per_second",
];

/// The fewest bytes of the secret between functions and relay: a shorter one can be guessed.
const LEAST_RELAY_SECRET: usize = 16;

/// The range of a variable that is a number; `None` for others.
fn numbers(name: &str) -> Option<RangeInclusive<u64>> {
    Some(match name {
        "login_failures_per_address" | "mails_per_address" | "registrations_per_address" => {
            1..=1_000_000
        }
        "max_password_hashes" => 1..=1_000,
        "write_burst" | "writes_per_second" => 1..=1_000_000_000,
        _ => return None,
    })
}

/// The values of a variable that is one of some words; `None` for others.
fn words(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "cookie_secure" | "mail_enabled" => &["true", "false"],
        "registration" => &["open", "invite", "closed"],
        _ => return None,
    })
}

/// The number that a variable says.
///
/// # Errors
/// What is wrong with it, as in [`fault`].
pub fn number(name: &str, value: &str) -> Result<u64, String> {
    let range = numbers(name).unwrap_or(0..=u64::MAX);
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("must be a number from {} to {}", range.start(), range.end()))
}

/// The word that a variable says.
///
/// # Errors
/// What is wrong with it, as in [`fault`].
pub fn word<'a>(name: &str, value: &'a str) -> Result<&'a str, String> {
    let words = words(name).unwrap_or_default();
    if words.contains(&value) {
        return Ok(value);
    }
    Err(format!("must be {}", words.join(" or ")))
}

/// The share that a variable says.
///
/// # Errors
/// What is wrong with it, as in [`fault`].
pub fn ratio(value: &str) -> Result<f64, String> {
    let ratio = value.parse().ok().filter(|ratio: &f64| (0.0..=1.0).contains(ratio));
    ratio.ok_or_else(|| "must be a number from 0 to 1".to_owned())
}

/// What is wrong with this value of a variable, as the rest of a sentence that begins with its name. It does not contain
/// the value, which may be a secret. `None` if the value is valid, or the variable is not among [`CHECKED`].
#[must_use]
pub fn fault(name: &str, value: &str) -> Option<String> {
    let must = |fine: bool, what: &str| (!fine).then(|| format!("must be {what}"));
    let empty = value.is_empty();
    if numbers(name).is_some() {
        return number(name, value).err();
    }
    if words(name).is_some() {
        return word(name, value).err();
    }
    match name {
        "client_address_header" => {
            must(empty || value.parse::<HeaderName>().is_ok(), "a header's name, or empty")
        }
        "cors_origins" => must(
            Origins::parse(value).is_ok(),
            "origins such as https://board.example, separated by commas",
        ),
        "database_url" => {
            let fine = begins_with(value, &["postgres://", "postgresql://"]);
            must(
                empty || fine,
                "of the form postgres://user:password@host:5432/taskboard, or empty",
            )
        }
        "jwt_secret" => Keys::new(value, "").err().map(|weak| weak.to_string()),
        "jwt_secret_previous" | "redis_url" if empty => None,
        "jwt_secret_previous" => Keys::new(value, "").err().map(|weak| format!("{weak}, or none")),
        "oidc_providers" => oidc::providers(value).err().map(|fault| format!("is wrong: {fault}")),
        "public_origin" => must(
            value.trim().is_empty() || origin(value.trim()).is_some(),
            "an origin such as https://board.example, or empty",
        ),
        "redis_url" => redis(value),
        "relay_public_url" => must(
            empty || is_public_relay(value),
            "an address such as wss://relay.example, a port such as :3001, or empty",
        ),
        "relay_secret" => (value.len() < LEAST_RELAY_SECRET)
            .then(|| format!("must have {LEAST_RELAY_SECRET} bytes or more")),
        "relay_url" => must(
            origin(value).is_some() && !value.ends_with('/'),
            "scheme, host and port and nothing else, such as http://127.0.0.1:3001",
        ),
        "trace_ratio" => ratio(value).err(),
        _ => None,
    }
}

fn begins_with(value: &str, schemes: &[&str]) -> bool {
    schemes.iter().any(|scheme| value.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
}

fn redis(value: &str) -> Option<String> {
    let schemes = ["redis://", "rediss://", "redis+sentinel://", "rediss+sentinel://"];
    match RedisAddress::parse(value) {
        Err(why) => Some(format!("is wrong: {why}")),
        Ok(_) if !begins_with(value, &schemes) => {
            Some("must begin with redis:// or rediss://, or with redis+sentinel://".to_owned())
        }
        Ok(_) => None,
    }
}

fn is_public_relay(value: &str) -> bool {
    if let Some(port) = value.strip_prefix(':') {
        return port.parse::<u16>().is_ok();
    }
    let Ok(address) = value.parse::<Uri>() else { return false };
    let scheme = address.scheme_str().unwrap_or_default();
    ["http", "https", "ws", "wss"].contains(&scheme)
        && address.authority().is_some_and(|authority| !authority.host().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    /// A valid value, and some that are not.
    const EXAMPLES: [(&str, &str, &[&str]); CHECKED.len()] = [
        ("client_address_header", "x-forwarded-for", &["x forwarded", "x:"]),
        ("cookie_secure", "false", &["", "False", "0"]),
        ("cors_origins", "https://a.example, http://localhost:3000", &["a.example", "*"]),
        ("database_url", "postgresql://u:p%40@h/db?sslmode=require", &["h:5432", "mysql://h"]),
        ("jwt_secret", SECRET, &["", "short"]),
        ("jwt_secret_previous", SECRET, &["short"]),
        ("login_failures_per_address", "20", &["", "0", "many", "-1"]),
        ("mail_enabled", "true", &["", "yes", "True"]),
        ("mails_per_address", "20", &["0"]),
        ("max_password_hashes", "2", &["0", "1001"]),
        ("oidc_providers", "[]", &["[", "{}", r#"[{"id": "A"}]"#]),
        ("public_origin", "https://board.example", &["board.test", "https://a.example/b"]),
        ("redis_url", "rediss://u:p@a:6379,b:6379/0", &["h:6379", "http://h", "redis:/h"]),
        ("registration", "invite", &["", "Invite"]),
        ("registrations_per_address", "30", &["0"]),
        ("relay_public_url", ":3001", &[":x", "relay.test", "ftp://relay.test"]),
        ("relay_secret", SECRET, &["", "short"]),
        ("relay_url", "http://127.0.0.1:3001", &["", "127.0.0.2:3001", "http://relay/"]),
        ("trace_ratio", "0.5", &["", "2", "NaN", "-0.1"]),
        ("write_burst", "100", &["0", "1.5"]),
        ("writes_per_second", "10", &["0", "ten"]),
    ];

    #[test]
    fn api_probe_a_valid_variable_has_no_fault_and_an_invalid_one_is_described_without_its_value() {
        for (name, right, wrong) in EXAMPLES {
            assert!(CHECKED.contains(&name), "{name}");
            assert_eq!(fault(name, right), None, "{name}");
            for value in wrong {
                let told = fault(name, value).unwrap_or_default();
                assert!(!told.is_empty(), "{name}: {value:?}");
                assert!(value.len() < 4 || !told.contains(value), "{name}: {told}");
            }
        }
    }

    #[test]
    fn api_probe_every_variable_of_the_manifest_is_checked_here_or_by_the_host() {
        let manifest = include_str!("../../spin.toml");
        let declared =
            manifest.split("[variables]").nth(1).and_then(|rest| rest.split("[[").next());
        let declared =
            declared.expect("variables").lines().filter_map(|line| line.split_once(" = "));
        let by_host = ["database_host", "oidc_hosts", "redis_host"];
        let mut count = 0;
        for (name, value) in declared {
            assert!(CHECKED.contains(&name) || by_host.contains(&name), "{name} is new: its form?");
            let default = value.split('"').nth(1).filter(|_| value.contains("default"));
            assert_eq!(default.and_then(|default| fault(name, default)), None, "{name}");
            count += usize::from(CHECKED.contains(&name));
        }
        assert_eq!(count, CHECKED.len());
    }
}
