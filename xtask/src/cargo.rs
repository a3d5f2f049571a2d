//! Runs Cargo: with its own display on a terminal, else with a line now and then.

use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::console::{self, say};
use crate::program::{self, Event};
use crate::workspace::Workspace;

/// How long one build may take.
const LIMIT: Duration = Duration::from_secs(3600);

/// How often a build without a terminal says that it is still at work.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// The `cargo` that runs this program, without what it told about this program's own package.
pub(crate) fn command() -> Command {
    let mut command =
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".to_owned().into()));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    // A build server begins from nothing: what would make its next build quicker is thrown away.
    if std::env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// The build of some of the native programs.
///
/// All native packages are selected although only some programs are built: Cargo unites the
/// features of what is selected, and with fewer of ours the WebAssembly runtime would be compiled
/// once more than for the tests.
pub(crate) fn build_of_programs(root: &Path, workspace: &Workspace, programs: &[&str]) -> Command {
    let mut command = command();
    command.current_dir(root).arg("build");
    for program in programs {
        command.args(["--bin", program]);
    }
    for package in workspace.native_packages() {
        command.args(["--package", package]);
    }
    command
}

/// Runs a build to its end; `what` names it in the message of a failure ("the components").
///
/// # Errors
/// When the build fails, with all that Cargo said where it did not say it to the terminal.
pub(crate) fn build(command: Command, what: &str) -> Result<()> {
    if std::io::stderr().is_terminal() {
        if !program::run_on_terminal(command, LIMIT)?.success() {
            bail!("{what} did not compile: see above");
        }
        return Ok(());
    }
    let mut output = String::new();
    let mut progress = Progress::default();
    let mut reported = Duration::ZERO;
    let status = program::run(command, LIMIT, &mut |event| match event {
        Event::Line(line) => {
            progress.read(line);
            output.push_str(line);
            output.push('\n');
        }
        Event::Tick(elapsed) => {
            if elapsed >= reported + REPORT_EVERY {
                reported = elapsed;
                let time = console::duration(elapsed);
                say(format!("  still at it after {time}: {}", progress.describe()));
            }
        }
    })?;
    if !status.success() {
        bail!("{what} did not compile:\n{output}");
    }
    Ok(())
}

/// What Cargo's lines tell about how far it is.
#[derive(Default)]
struct Progress {
    begun: u32,
    last: String,
    waits: bool,
}

impl Progress {
    fn read(&mut self, line: &str) {
        let line = line.trim_start();
        self.waits = line.starts_with("Blocking waiting for file lock");
        if let Some(name) = line.strip_prefix("Compiling ") {
            self.begun += 1;
            name.split(' ').next().unwrap_or(name).clone_into(&mut self.last);
        }
    }

    fn describe(&self) -> String {
        if self.waits {
            "waiting for another build to end".to_owned()
        } else if self.begun == 0 {
            "getting ready".to_owned()
        } else {
            format!("{} crates begun, now {}", self.begun, self.last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_names_the_crate_at_work_and_a_build_that_waits() {
        let mut progress = Progress::default();
        assert_eq!(progress.describe(), "getting ready");
        progress.read("    Blocking waiting for file lock on build directory");
        assert_eq!(progress.describe(), "waiting for another build to end");
        progress.read("   Compiling serde v1.0.0");
        progress.read("   Compiling health v0.1.0 (/somewhere/functions/health)");
        assert_eq!(progress.describe(), "2 crates begun, now health");
    }
}
