//! Tells Redis that a user's tokens were revoked, as the functions do when somebody logs out
//! everywhere: functions forget at once that they knew a token as good, and relays look again.

use std::time::Duration;

use anyhow::{Context, Result};
use redis::{AsyncConnectionConfig, Client};
use shared::data::keys;

use super::Outcome;

/// For how many seconds Redis keeps it: longer than any older answer can be under way or kept.
const SECONDS: u64 = 300;

/// How many entries of the control feed stay: whoever has missed more looks at all sockets anyway.
const ENTRIES: u64 = 1_000;

/// How long Redis may take to be reached, and to answer.
const LIMIT: Duration = Duration::from_secs(5);

/// Tells the Redis at `url` that of this user's tokens only those of the present generation count.
///
/// # Errors
/// When it is no such URL (it is not repeated: it may hold a password), or nobody answers.
pub async fn announce(url: &str, outcome: &Outcome) -> Result<()> {
    let client = Client::open(url).map_err(|_| {
        anyhow::anyhow!("the Redis URL is not of the form redis://:PASSWORD@HOST:PORT/0")
    })?;
    let settings = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(LIMIT))
        .set_response_timeout(Some(LIMIT));
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&settings)
        .await
        .context("Redis cannot be reached")?;
    redis::pipe()
        .cmd("SET")
        .arg(keys::token_generation(outcome.user))
        // No older token is kept.
        .arg(format!("{} ", outcome.generation))
        .arg("EX")
        .arg(SECONDS)
        .ignore()
        .cmd("XADD")
        .arg(keys::CONTROL_FEED)
        .arg("MAXLEN")
        .arg("~")
        .arg(ENTRIES)
        .arg("*")
        .arg("user")
        .arg(outcome.user)
        .arg("reason")
        .arg("logout")
        .ignore()
        .exec_async(&mut connection)
        .await
        .context("Redis refused")
}
