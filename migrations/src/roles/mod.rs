//! Who is an admin, set with the database: the first one has nobody else to ask.

mod announcing;

use anyhow::{Context, Result};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

pub use announcing::announce;

/// Makes a user an admin.
pub const GRANT: &str = include_str!("grant.sql");

/// Makes an admin a user like others, and revokes all their tokens.
pub const REVOKE: &str = include_str!("revoke.sql");

/// What became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The user's name as it is written.
    pub username: String,
    /// False where it was already so, and nothing happened.
    pub changed: bool,
    pub user: u64,
}

/// Runs [`GRANT`] or [`REVOKE`] for the user of this name, upper or lower case; none where nobody
/// has it.
///
/// # Errors
/// When the database refuses, such as one that was never migrated.
pub async fn set(client: &Client, statement: &str, username: &str) -> Result<Option<Outcome>> {
    let row = client
        .query_typed_opt(statement, &[(&username, Type::TEXT)])
        .await
        .context("the database refused: is it migrated (`cargo xtask migrate`)?")?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Outcome {
        username: row.try_get(0)?,
        changed: row.try_get(1)?,
        user: u64::try_from(row.try_get::<_, i64>(2)?)?,
    }))
}
