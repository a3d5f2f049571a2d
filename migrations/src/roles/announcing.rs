//! Tells the relays that a user's tokens were revoked, as the functions do when somebody logs out
//! everywhere.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use redis::AsyncConnectionConfig;
use shared::data::keys;
use stores::Authorities;
use stores::redis::Servers;

use super::Outcome;

/// How many entries of the control feed stay: a relay that has missed more checks all sockets anyway.
const ENTRIES: u64 = 1_000;

/// How long Redis may take to be reached, and to answer.
const LIMIT: Duration = Duration::from_secs(5);

/// Has the relays at the Redis of this URL look at the tokens of this user's sockets again. Over TLS the
/// authorities in `ca_file` are trusted, or the system's.
///
/// # Errors
/// When it is not such a URL (it is not repeated: it may contain a password), nobody answers, or the one who does
/// is not who it should be.
pub async fn announce(url: &str, ca_file: Option<&Path>, outcome: &Outcome) -> Result<()> {
    let authorities = ca_file.map(Authorities::read).transpose()?;
    let servers = Servers::parse(url, authorities.as_ref())
        .context("REDIS_URL is not of the form redis://:PASSWORD@HOST:PORT/0")?;
    let topology = servers.find(LIMIT).await.context("Redis at REDIS_URL cannot be reached")?;
    let place = topology.place_of(keys::CONTROL_FEED);
    let server = place.and_then(|place| topology.servers().get(place));
    let client = &server.context("no node of the cluster serves the relays' feed")?.client;
    let settings = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(LIMIT))
        .set_response_timeout(Some(LIMIT));
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&settings)
        .await
        .context("Redis at REDIS_URL cannot be reached")?;
    redis::cmd("XADD")
        .arg(keys::CONTROL_FEED)
        .arg("MAXLEN")
        .arg("~")
        .arg(ENTRIES)
        .arg("*")
        .arg("user")
        .arg(outcome.user)
        .arg("reason")
        .arg("logout")
        .exec_async(&mut connection)
        .await
        .context("Redis refused")
}
