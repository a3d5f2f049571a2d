//! The connection of the programs in this crate.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls};

/// Connects to the database at `url`. The second value ends when the client is dropped.
///
/// # Errors
/// When it is no such URL (it is not repeated: it may hold a password), or nobody answers.
pub async fn connect(
    url: &str,
    program: &str,
    limit: Duration,
) -> Result<(Client, JoinHandle<Result<(), Error>>)> {
    let mut config: Config = url.parse().context(
        "the database URL is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE",
    )?;
    config.connect_timeout(limit);
    config.application_name(program);
    let (client, connection) =
        config.connect(NoTls).await.context("the database cannot be reached")?;
    Ok((client, tokio::spawn(connection)))
}
