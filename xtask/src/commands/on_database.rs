//! Runs one of the programs that change the database of state-of-the-art mode by hand.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::manifest::Manifest;
use crate::secrets::Secrets;
use crate::stores::{self, Database};
use crate::workspace::{self, Workspace};
use crate::{cargo, program};

/// How long most programs may take.
const LIMIT: Duration = Duration::from_secs(60);

/// How long a program that reads or writes everything may take.
pub(super) const LONG: Duration = Duration::from_secs(24 * 3600);

/// Builds the program and runs it on the database at `DATABASE_URL`, else on the private one whose
/// data is in this folder (or the default one), whether that runs or not. `prepare` adds further
/// settings.
///
/// # Errors
/// If there is no database, or the program fails.
pub(super) fn run(
    name: &str,
    what: &str,
    data: Option<PathBuf>,
    prepare: impl FnOnce(&mut Command, &Database),
) -> Result<()> {
    run_within(LIMIT, name, what, data, prepare)
}

/// The same with this time limit.
///
/// # Errors
/// As [`run`].
pub(super) fn run_within(
    limit: Duration,
    name: &str,
    what: &str,
    data: Option<PathBuf>,
    prepare: impl FnOnce(&mut Command, &Database),
) -> Result<()> {
    let root = workspace::root()?;
    let workspace = Workspace::load(&root)?;
    cargo::build(cargo::build_of_programs(&root, workspace.native_packages(), &[name]), what)?;
    let secrets = Secrets::load_or_make(&root, &Manifest::load(&root)?)?;
    let data = data.unwrap_or_else(|| root.join(stores::FOLDER));
    let database = Database::find(&secrets, &data)?;
    let mut command = Command::new(workspace.target.join("debug").join(name));
    command.env("DATABASE_URL", database.address.url());
    prepare(&mut command, &database);
    if !program::run_on_terminal(command, limit)?.success() {
        bail!("nothing was changed: see above");
    }
    Ok(())
}
