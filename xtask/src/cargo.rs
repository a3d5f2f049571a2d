//! Runs Cargo: with its own display on a terminal, else with a line now and then.

use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::console::{self, say};
use crate::program::{self, Event};

/// How long one build may take.
const LIMIT: Duration = Duration::from_secs(3600);

/// How often a build without a terminal says that it is still at work.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// The `cargo` that runs this program, without its variables about this program's own package.
pub(crate) fn command() -> Command {
    let mut command =
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".to_owned().into()));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    // Futures that are not optimised are large.
    command.env("RUST_MIN_STACK", (8 << 20).to_string());
    if std::env::var_os("CI").is_some() {
        // A build server begins from nothing, and throws away what would make its next build quicker.
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// The variable that names what compiles the workspace's own packages.
pub(crate) const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";

/// What takes the compiler's place on a build server.
const LINTS_AND_DOCUMENTS: &str = "xtask/lint-and-document";

/// On a build server, has the native packages linted and their documentation read as they are
/// compiled, with warnings as errors.
///
/// Whatever builds or tests them there has to ask for this: a package compiled without it is another
/// one to Cargo.
pub(crate) fn lint(command: &mut Command, root: &Path) {
    if std::env::var_os("CI").is_some() {
        command.env(WRAPPER, root.join(LINTS_AND_DOCUMENTS));
        // `-D warnings`, as `cargo clippy` hands it on. Cargo compares it with what a crate was compiled with.
        command.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    }
}

/// The build of some of the native programs, of which these are the packages.
///
/// All native packages are selected although only some programs are built: Cargo unites the
/// features of what is selected, and with fewer of ours the WebAssembly runtime would be compiled
/// once more than for the tests.
pub(crate) fn build_of_programs<'a>(
    root: &Path,
    native_packages: impl Iterator<Item = &'a str>,
    programs: &[&str],
) -> Command {
    let mut command = command();
    command.current_dir(root).arg("build");
    for program in programs {
        command.args(["--bin", program]);
    }
    for package in native_packages {
        command.args(["--package", package]);
    }
    lint(&mut command, root);
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
    let mut command = command;
    // Verbose, Cargo says when a crate's compiler starts; in JSON, when it has ended.
    command.args(["--verbose", "--message-format=json-render-diagnostics"]);
    let mut output = String::new();
    let mut progress = Progress::default();
    let mut reported = Duration::ZERO;
    let status = program::run(command, LIMIT, &mut |event| match event {
        Event::Line(line) => {
            if !progress.read(line) {
                output.push_str(line);
                output.push('\n');
            }
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

/// How many of the crates at work are named.
const NAMED: usize = 3;

/// The progress that Cargo's lines show.
#[derive(Default)]
struct Progress {
    ended: u32,
    /// The crates whose compilers are at work, the longest first.
    at_work: Vec<String>,
    waits: bool,
}

impl Progress {
    /// Reads a line of Cargo's; true if it only shows progress.
    fn read(&mut self, line: &str) -> bool {
        let text = line.trim_start();
        self.waits = text.starts_with("Blocking waiting for file lock");
        if text.starts_with('{') {
            self.read_message(text);
            return true;
        }
        if let Some(call) = text.strip_prefix("Running `") {
            let mut words = call.split(' ').skip_while(|word| *word != "--crate-name");
            if let Some(name) = words.nth(1).filter(|name| !name.starts_with("build_script_")) {
                self.at_work.push(name.to_owned());
            }
            return true;
        }
        // The last is how Cargo, verbose, ends the message of a crate that did not compile.
        text.starts_with("Fresh ")
            || text.starts_with("Dirty ")
            || (text.starts_with("process didn't exit successfully: ")
                && text.contains(" --crate-name "))
    }

    fn read_message(&mut self, text: &str) {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(text) else { return };
        let Some(name) = message["target"]["name"].as_str() else { return };
        if message["reason"] != "compiler-artifact" || message["fresh"] == true {
            return;
        }
        let name = name.replace('-', "_");
        if let Some(index) = self.at_work.iter().position(|crate_| *crate_ == name) {
            self.at_work.remove(index);
            self.ended += 1;
        }
    }

    fn describe(&self) -> String {
        if self.waits {
            return "waiting for another build to end".to_owned();
        }
        if self.at_work.is_empty() {
            return if self.ended == 0 { "getting ready" } else { "nearly done" }.to_owned();
        }
        let named = self.at_work.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = match self.at_work.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let crates = if self.ended == 1 { "crate" } else { "crates" };
        format!("{} {crates} compiled, now {named}{more}", self.ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line by which Cargo says that a compiler starts.
    fn starts(name: &str) -> String {
        format!("     Running `/toolchain/bin/rustc --crate-name {name} --edition=2021 lib.rs`")
    }

    /// The message by which Cargo says that one has ended.
    fn ends(target: &str) -> String {
        serde_json::json!({
            "reason": "compiler-artifact", "target": { "name": target, "kind": ["lib"] },
            "fresh": false,
        })
        .to_string()
    }

    #[test]
    fn progress_names_the_crates_that_are_compiled_and_no_other() {
        let mut progress = Progress::default();
        assert_eq!(progress.describe(), "getting ready");
        assert!(!progress.read("    Blocking waiting for file lock on build directory"));
        assert_eq!(progress.describe(), "waiting for another build to end");
        assert!(progress.read(&starts("build_script_build")));
        assert!(progress.read(&starts("cranelift_codegen")));
        // It begins last and ends first: it is not what the build waits for.
        assert!(progress.read(&starts("glob")));
        assert_eq!(progress.describe(), "0 crates compiled, now cranelift_codegen, glob");
        assert!(progress.read(&ends("glob")));
        assert_eq!(progress.describe(), "1 crate compiled, now cranelift_codegen");
        assert!(progress.read(&ends("cranelift-codegen")));
        assert_eq!(progress.describe(), "nearly done");
        for name in ["a", "b", "c", "d", "e"] {
            progress.read(&starts(name));
        }
        assert_eq!(progress.describe(), "2 crates compiled, now a, b, c and 2 more");
    }

    #[test]
    fn what_the_compiler_says_stays_for_the_message_of_a_failure() {
        let mut progress = Progress::default();
        assert!(!progress.read("error[E0425]: cannot find value `x` in this scope"));
        assert!(!progress.read("   Compiling health v0.1.0 (functions/health)"));
        assert!(progress.read("       Fresh serde v1.0.0"));
    }
}
