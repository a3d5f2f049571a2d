//! What has to happen to a database that was restored from a backup, before anybody uses it.

use anyhow::{Context, Result};
use tokio_postgres::Client;

/// Begins a new epoch.
pub const RESTORED: &str = include_str!("restored.sql");

/// What has begun.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The database's new epoch.
    pub epoch: String,
    /// How many boards there are, those in the trash too.
    pub boards: u64,
}

/// Begins a new epoch, so that cursors of what came after the backup, and is lost, are told from those
/// of what comes now. Each call begins another one.
///
/// # Errors
/// When the database refuses, such as one that was never migrated; it is as it was then.
pub async fn begin_epoch(client: &Client) -> Result<Outcome> {
    let row = client
        .query_typed_one(RESTORED, &[])
        .await
        .context("the database refused: is it migrated (`cargo xtask migrate`)?")?;
    Ok(Outcome { epoch: row.try_get(0)?, boards: u64::try_from(row.try_get::<_, i64>(1)?)? })
}
