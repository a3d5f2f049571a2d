//! `migrate`: brings the database of state-of-the-art mode to the newest version of the schema.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::console::say;
use crate::workspace::{self, Workspace};
use crate::{cargo, program};

/// The program that does it.
pub(crate) const PROGRAM: &str = "migrate";

/// How long the migrations may take; rebuilding a big table takes long.
const LIMIT: Duration = Duration::from_secs(3600);

/// Brings a database to the newest version of the schema, if it is not there yet.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The database, as postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, required_unless_present = "list")]
    database_url: Option<String>,
    /// List the migrations without applying any
    #[arg(long)]
    list: bool,
}

/// Runs the command.
///
/// # Errors
/// If the program does not compile, the database cannot be reached, or a migration fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    let root = workspace::root()?;
    let workspace = Workspace::load(&root)?;
    say("building the migrations");
    let build = cargo::build_of_programs(&root, workspace.native_packages(), &[PROGRAM]);
    cargo::build(build, "the migrations")?;
    match &options.database_url {
        Some(database_url) if !options.list => apply(&workspace, database_url),
        _ => {
            let mut command = program_of(&workspace);
            command.arg("--list");
            start(command)
        }
    }
}

/// Applies the missing migrations with the built program.
///
/// # Errors
/// As [`run`].
pub(crate) fn apply(workspace: &Workspace, database_url: &str) -> Result<()> {
    // In the environment, not as an argument: every user of the machine can see arguments.
    let mut command = program_of(workspace);
    command.env("DATABASE_URL", database_url);
    start(command)
}

fn program_of(workspace: &Workspace) -> Command {
    Command::new(workspace.target.join("debug").join(PROGRAM))
}

fn start(command: Command) -> Result<()> {
    if !program::run_on_terminal(command, LIMIT)?.success() {
        bail!("the database is unchanged: see above");
    }
    Ok(())
}
