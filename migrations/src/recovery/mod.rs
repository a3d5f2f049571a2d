//! A link by which somebody who forgot their password sets a new one, made with the database.

use anyhow::{Context, Result};
use shared::auth::LinkToken;
use std::fs::File;
use std::io::Read as _;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

/// Makes such a link.
pub const MAKE: &str = include_str!("reset_link.sql");

/// Whom it lets in, and until when.
#[derive(Clone, Debug)]
pub struct ResetLink {
    /// The user's name as it is written.
    pub username: String,
    /// The secret in the link, which is stored nowhere.
    pub token: LinkToken,
    /// A moment of RFC 3339.
    pub expires_at: String,
    /// Whether they are disabled: it counts only once they are not.
    pub disabled: bool,
}

/// Where the app is: what a link begins with, without a slash at the end.
///
/// # Errors
/// Where no browser would find it there.
pub fn address(text: &str) -> Result<String, String> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let plain =
        |rest: &str| rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@".contains(&byte));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(rest) if !rest.is_empty() && !rest.contains('/') && plain(rest) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("must look like https://board.example".to_owned()),
    }
}

/// Makes one for the user of this name, upper or lower case; none where nobody has it. Once it is used,
/// `without_second_factor` also turns off the codes that a log-in asks for.
///
/// # Errors
/// When the system gives no random bits, or the database refuses, such as one that was never migrated.
pub async fn make(
    client: &Client,
    username: &str,
    without_second_factor: bool,
) -> Result<Option<ResetLink>> {
    let mut bits = [0_u8; 32];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bits))
        .context("the system's random source cannot be read")?;
    let token = LinkToken::new(bits);
    let row = client
        .query_typed_opt(
            MAKE,
            &[
                (&username, Type::TEXT),
                (&token.digest(), Type::TEXT),
                (&without_second_factor, Type::BOOL),
            ],
        )
        .await
        .context("the database refused: is it migrated (`cargo xtask migrate`)?")?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(ResetLink {
        username: row.try_get(0)?,
        token,
        expires_at: row.try_get(1)?,
        disabled: row.try_get(2)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn api_reset_a_link_begins_with_an_address_that_a_browser_opens() {
        for (given, taken) in [
            ("https://board.example", "https://board.example"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("https://[::1]:3000", "https://[::1]:3000"),
        ] {
            assert_eq!(address(given), Ok(taken.to_owned()));
        }
        for bad in [
            "",
            "board.example",
            "ftp://board.example",
            "https://",
            "https:///",
            "https://a/b",
            "https://a?b",
            "https://a#b",
            "https://a b",
            "https://ada@a",
            " https://a",
        ] {
            assert!(address(bad).is_err(), "{bad:?}");
        }
    }
}
