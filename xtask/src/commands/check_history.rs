//! `check-history`: proves or refutes, using recorded runs, that the real-time promises were kept.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::workspace::{self, Workspace};
use crate::{cargo, program};

/// The program that does it.
const PROGRAM: &str = "check-history";

/// How long it may take: recordings may span days.
const LIMIT: Duration = Duration::from_secs(3600);

/// Checks recorded runs for breaches of the guarantees RT1 to RT5 and RT8.
///
/// docs/history.md describes what a recording contains and how to make one in production. Several files
/// are one recording, read one after the other.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The recording: one JSON object a line
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// If a guarantee was broken, a line is not a record, or a file cannot be read.
pub(crate) fn run(options: &Options) -> Result<()> {
    let root = workspace::root()?;
    let workspace = Workspace::load(&root)?;
    let build = cargo::build_of_programs(&root, workspace.native_packages(), &[PROGRAM]);
    cargo::build(build, "the program that checks recordings")?;
    let mut command = Command::new(workspace.target.join("debug").join(PROGRAM));
    command.args(&options.files);
    if !program::run_on_terminal(command, LIMIT)?.success() {
        bail!("not every guarantee held, or not everything could be read: see above");
    }
    Ok(())
}
