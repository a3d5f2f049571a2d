//! The schema of state-of-the-art mode, as migrations that are built into this crate, and what an
//! operator changes in the database by hand.

pub mod backup;
mod connecting;
pub mod recovery;
pub mod restoration;
pub mod roles;

pub use connecting::{connect, server};

use anyhow::{Context, Result};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Transaction};

mod embedded {
    refinery::embed_migrations!("sql");
}

/// One migration: its number and its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Migration {
    /// Counts from 1 without a gap.
    pub version: i32,
    /// The file's name without number and ending.
    pub name: String,
}

/// Every migration that this build knows, oldest first.
#[must_use]
pub fn known() -> Vec<Migration> {
    let mut known: Vec<Migration> =
        embedded::migrations::runner().get_migrations().iter().map(describe).collect();
    known.sort_unstable_by_key(|migration| migration.version);
    known
}

/// Brings a database to the newest version, or to `target` for tests of the way there. All that is
/// missing is applied in one transaction: either the database is at that version afterwards, or
/// nothing has changed. Afterwards tasks that are not in the search yet are put there, and the flow of boards
/// that are older than its counting is counted, piece by piece: nobody's write waits for more than a piece, and
/// one that was interrupted goes on the next time.
/// Returns what was applied: nothing to a database that is newer than this build, so that programs of the
/// release before can be started on it again.
///
/// Two that migrate at the same time [take turns](take_turn): the second finds nothing to do.
///
/// # Errors
/// When a migration fails, or the database has one that this build knows otherwise (an applied migration
/// is never edited).
pub async fn migrate(client: &mut Client, target: Option<i32>) -> Result<Vec<Migration>> {
    let newer = is_newer(client).await?;
    let applied = apply(client, target, newer).await?;
    if !newer {
        fill(client, target.unwrap_or(i32::MAX)).await?;
    }
    Ok(applied)
}

/// The version that a database is at; none where it was never migrated.
///
/// # Errors
/// When the database refuses.
pub async fn version(client: &Client) -> Result<Option<i32>> {
    const TABLE: &str = "SELECT to_regclass('refinery_schema_history') IS NOT NULL";
    const VERSION: &str = "SELECT max(version) FROM refinery_schema_history";
    if !client.query_typed_one(TABLE, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(None);
    }
    Ok(client.query_typed_one(VERSION, &[]).await?.try_get(0)?)
}

/// Whether the database has migrations that are newer than all that this build knows.
///
/// # Errors
/// When the database refuses.
pub async fn is_newer(client: &Client) -> Result<bool> {
    let version =
        version(client).await.context("the version of the database's schema cannot be read")?;
    Ok(version > known().last().map(|migration| migration.version))
}

/// Waits until nobody else migrates, and keeps others waiting until what is given is dropped. It takes a
/// connection of its own: behind a pooler only a transaction has a session for itself, and the
/// migrations are several.
///
/// # Errors
/// When the database refuses.
pub async fn take_turn(client: &mut Client) -> Result<Transaction<'_>> {
    const REFUSED: &str = "the lock that lets only one program migrate at a time cannot be taken";
    let turn = client.transaction().await.context(REFUSED)?;
    // Refinery's own table may not exist yet, so there is no row to lock.
    let lock = "SELECT pg_advisory_xact_lock($1)";
    turn.query_typed(lock, &[(&LOCK, Type::INT8)]).await.context(REFUSED)?;
    Ok(turn)
}

/// The key of the advisory lock: "taskboar" in ASCII.
const LOCK: i64 = i64::from_be_bytes(*b"taskboar");

/// The version from which on tasks are kept as they are searched.
const SEARCH: i32 = 14;

/// How many tasks are folded in one transaction: some 50 ms.
const FOLDED_AT_ONCE: i64 = 1000;

/// The version from which on the flow of boards is counted.
const FLOW: i32 = 18;

/// Fills in what the migrations up to `version` leave for afterwards.
async fn fill(client: &Client, version: i32) -> Result<()> {
    if version >= SEARCH {
        fill_search(client).await?;
    }
    if version >= FLOW {
        count_flow(client).await?;
    }
    Ok(())
}

/// Counts the boards whose history is older than the counting, one by one.
async fn count_flow(client: &Client) -> Result<()> {
    let waiting = "SELECT id FROM boards WHERE NOT flow_counted ORDER BY id";
    let count = "SELECT board_flow_count($1)";
    for row in client.query_typed(waiting, &[]).await? {
        let board: i64 = row.try_get(0)?;
        client.query_typed(count, &[(&board, Type::INT8)]).await.with_context(|| {
            format!("the history of board {board} could not be counted: migrate again to continue")
        })?;
    }
    Ok(())
}

async fn fill_search(client: &Client) -> Result<()> {
    let fill = "SELECT * FROM task_search_fill($1, $2, $3)";
    let mut last = Some((0_i64, 0_i64));
    while let Some((board, task)) = last {
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&board, Type::INT8), (&task, Type::INT8), (&FOLDED_AT_ONCE, Type::INT8)];
        let row = client
            .query_typed_one(fill, &values)
            .await
            .context("the tasks could not be made searchable: migrate again to continue")?;
        last = row.try_get::<_, Option<i64>>(0)?.zip(row.try_get::<_, Option<i64>>(1)?);
    }
    Ok(())
}

async fn apply(client: &mut Client, target: Option<i32>, newer: bool) -> Result<Vec<Migration>> {
    let runner = embedded::migrations::runner()
        .set_grouped(true)
        .set_abort_divergent(true)
        .set_abort_missing(!newer)
        .set_target(target.map_or(refinery::Target::Latest, refinery::Target::Version));
    let report = runner.run_async(client).await.context("the database could not be migrated")?;
    Ok(report.applied_migrations().iter().map(describe).collect())
}

fn describe(migration: &refinery::Migration) -> Migration {
    Migration { version: migration.version(), name: migration.name().to_owned() }
}
