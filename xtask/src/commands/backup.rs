//! `backup`: makes a backup of the database of state-of-the-art mode.

use std::path::PathBuf;

use anyhow::Result;

use super::on_database::{self, LONG};

/// The program that does it.
const PROGRAM: &str = "make-backup";

/// Makes a backup of the running database, in a folder of its own.
///
/// Of the database at DATABASE_URL, or else of the private one of `cargo xtask up --full`, whether that runs
/// or not. Redis needs no backup.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder of backups; it is created if it does not exist
    folder: PathBuf,
    /// Keep only this many of the newest, once this one is made
    #[arg(long, value_name = "COUNT")]
    keep: Option<u16>,
    /// Where the private servers have their data [default: .taskboard]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// If there is no database, it is not migrated, or PostgreSQL's `pg_dump` is missing, too old or fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    on_database::run_within(
        LONG,
        PROGRAM,
        "the program that makes backups",
        options.data.clone(),
        |command, _| {
            if let Some(keep) = options.keep {
                command.arg("--keep").arg(keep.to_string());
            }
            command.arg("--").arg(&options.folder);
        },
    )
}
