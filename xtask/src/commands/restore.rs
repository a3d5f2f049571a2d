//! `restore`: restores a backup into the database of state-of-the-art mode.

use std::path::PathBuf;

use anyhow::Result;

use super::on_database::{self, LONG};

/// The program that does it.
const PROGRAM: &str = "restore-backup";

/// Restores a backup into a database, in one transaction, and begins a new epoch.
///
/// Into the database at DATABASE_URL, else into the private one of `cargo xtask up --full`, whether that
/// runs or not. The backup is checked first; if anything goes wrong, the database stays as it was.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The backup: a folder that `backup` made
    backup: PathBuf,
    /// Remove what is in the database
    #[arg(long)]
    replace: bool,
    /// Where the private servers have their data [default: .taskboard]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// If there is no database, it is not empty and is not to be replaced, or the backup is incomplete.
pub(crate) fn run(options: &Options) -> Result<()> {
    on_database::run_within(
        LONG,
        PROGRAM,
        "the program that restores backups",
        options.data.clone(),
        |command, _| {
            if options.replace {
                command.arg("--replace");
            }
            command.arg("--").arg(&options.backup);
        },
    )
}
