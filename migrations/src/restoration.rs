//! What has to happen to a database that was restored from a backup, before anybody uses it.

use anyhow::{Context, Result};
use tokio_postgres::Client;

/// Begins a new epoch.
pub const RESTORED: &str = include_str!("restored.sql");

/// Parts those who register from now on from those who are lost; several statements.
pub const FRESH_GENERATION: &str = include_str!("fresh_generation.sql");

/// What has begun.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The database's new epoch.
    pub epoch: String,
    /// How many boards there are, those in the trash too.
    pub boards: u64,
}

/// Begins a new epoch, so that cursors of what came after the backup, and is lost, are distinguished from those
/// of what comes now, and log-ins of users who are lost from those of users who come. Each call begins
/// another one.
///
/// # Errors
/// When the database refuses, such as one that was never migrated; it is as it was then.
pub async fn begin_epoch(client: &Client) -> Result<Outcome> {
    const REFUSED: &str = "the database refused: is it migrated (`cargo xtask migrate`)?";
    client.batch_execute(FRESH_GENERATION).await.context(REFUSED)?;
    let row = client.query_typed_one(RESTORED, &[]).await.context(REFUSED)?;
    Ok(Outcome { epoch: row.try_get(0)?, boards: u64::try_from(row.try_get::<_, i64>(1)?)? })
}
