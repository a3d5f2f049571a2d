//! `restored`: begins a new epoch, after the database was restored from a backup.

use std::path::PathBuf;

use anyhow::Result;

use super::on_database;

/// The program that does it.
const PROGRAM: &str = "database-restored";

/// Begins a new epoch, after the database was restored from a backup.
///
/// Run it before anybody uses the database again: clients have cursors of events that came after the
/// backup and are lost. The relays notice the new epoch, delete all boards from Redis, and send
/// every client a `reset`, after which it fetches its boards again. It is the database at DATABASE_URL, or else the private
/// one of `cargo xtask up --full`, whether that runs or not.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where the private servers have their data [default: .taskboard]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// If there is no database, or it is not migrated.
pub(crate) fn run(options: &Options) -> Result<()> {
    let what = "the program that begins a new epoch";
    on_database::run(PROGRAM, what, options.data.clone(), |_, _| {})
}
