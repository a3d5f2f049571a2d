//! The connection of the programs in this crate.

use std::time::Duration;

use anyhow::{Context, Result};
use stores::postgres::Server;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Error};

/// Connects to the database at `url`. The second value ends when the client is dropped.
///
/// # Errors
/// When it is no such URL (it is not repeated: it may hold a password), nobody answers within `limit`,
/// or the one who answers is not who it should be.
pub async fn connect(
    url: &str,
    program: &str,
    limit: Duration,
) -> Result<(Client, JoinHandle<Result<(), Error>>)> {
    let mut server = server(url)?;
    server.config_mut().connect_timeout(limit).application_name(program);
    let connected = timeout(limit, server.connect()).await;
    let (client, connection) = connected
        .context("the server gave no answer in time")
        .and_then(|connected| Ok(connected?))
        .context("the database at DATABASE_URL cannot be reached")?;
    Ok((client, tokio::spawn(connection)))
}

/// The server and the database that a URL names.
///
/// # Errors
/// When it is no such URL; it is not repeated.
pub fn server(url: &str) -> Result<Server> {
    Server::parse(url)
        .context("DATABASE_URL is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE")
}
