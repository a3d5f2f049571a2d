//! The steps that build and run: components, programs, Rust's tests, the browser's tests.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Place;
use super::checks::cargo_in;
use super::install;
use super::step::Step;
use super::stores;
use crate::app as client;
use crate::cargo;
use crate::commands::build_components;
use crate::program::has_program;

/// Builds the components, and the guest of local-host's tests, by the command that people use.
pub(super) fn components(place: &Place, step: &mut Step) -> Result<()> {
    step.run(this_program(place, &["build", "--test-guest"]))
}

/// Checks the app's types and style, and runs its tests.
pub(super) fn app(place: &Place, step: &mut Step) -> Result<()> {
    for script in ["typecheck", "lint", "format", "test"] {
        step.run(client::command(&place.root, "npm", &["run", "--silent", script]))?;
    }
    Ok(())
}

/// Makes the app's bundle for one kind of phone, compiled for their engine (Hermes): the other's is of
/// the same modules but for a handful of React Native's own.
pub(super) fn phones(place: &Place, step: &mut Step) -> Result<()> {
    let bundle = ["run", "--silent", "phones", "--", "--platform", "android"];
    step.run(client::command(&place.root, "npm", &bundle))
}

/// Builds all Rust tests, and with them the programs that black-box tests start.
pub(super) fn programs(place: &Place, step: &mut Step) -> Result<()> {
    step.run(cargo_test(place, &["--no-run"]))
}

/// Runs the tests of all native packages, with all failures reported at once.
pub(super) fn native(place: &Place, step: &mut Step) -> Result<()> {
    let mut command = cargo_test(place, &["--no-fail-fast"]);
    // Most of them wait for servers most of the time; with many more some would time out.
    let threads = 1 + std::thread::available_parallelism().map_or(1, NonZero::get);
    command.env("RUST_TEST_THREADS", threads.to_string());
    stores::use_for(&mut command, place, step)?;
    step.run(command)
}

/// `cargo test` of all native packages: always the same ones, so that Cargo chooses the same features
/// for what they share and compiles it once.
pub(super) fn cargo_test(place: &Place, arguments: &[&str]) -> Command {
    let mut command = cargo_in(place, &["test"]);
    for package in place.workspace.native_packages() {
        command.args(["--package", package]);
    }
    command.args(arguments);
    cargo::lint(&mut command, &place.root);
    set_environment(place, &mut command);
    command
}

/// Counts the instructions of the hottest steps, by the command that people use.
pub(super) fn counts(place: &Place, step: &mut Step) -> Result<()> {
    step.run(this_program(place, &["bench", "counts"]))
}

/// Fuzzes each target for some seconds, by the command that people use for longer.
pub(super) fn fuzz(place: &Place, step: &mut Step) -> Result<()> {
    if !has_program("c++") {
        step.notes.push("left out: there is no C++ compiler for libFuzzer (`c++`)".to_owned());
        return Ok(());
    }
    step.run(this_program(place, &["fuzz", "--seconds", "10"]))
}

/// Runs the tests that send what schemathesis makes up, one after the other.
pub(super) fn schemathesis(place: &Place, step: &mut Step) -> Result<()> {
    // Of all packages: a choice of one would have other features, and all be compiled once more.
    let mut command =
        cargo_test(place, &["--test", "schemathesis", "--", "--ignored", "--test-threads=1"]);
    command.env("TASKBOARD_SCHEMATHESIS", install::schemathesis(&place.workspace.target));
    stores::use_for(&mut command, place, step)?;
    step.run(command)
}

/// How many of the browser's tests may fail at first. A browser, its servers and its stores share the
/// machine with two others: what fails is run once more, and both outcomes are reported. More than that
/// is no accident.
const UNSTABLE: u64 = 2;

/// Runs the browser's tests, three files at a time: each starts servers and a browser of its own, and
/// waits for them most of the time.
pub(super) fn browser(place: &Place, step: &mut Step) -> Result<()> {
    let folder = place.root.join("tests/browser");
    let mut files = Vec::new();
    find_tests(&folder, &mut files)?;
    if files.is_empty() {
        bail!("{} holds no *.test.mjs", folder.display());
    }
    files.sort_unstable();
    let run = |step: &mut Step, files: &[PathBuf]| {
        let mut command = Command::new("node");
        command
            .current_dir(&folder)
            .args(["--test", "--test-concurrency=3", "--test-reporter=tap"])
            .args(files);
        set_environment(place, &mut command);
        step.run(command)
    };
    let before = step.counts;
    let Err(error) = run(step, &files) else {
        return Ok(());
    };
    let failed: Vec<PathBuf> = step.take_failed_files().into_iter().collect();
    let lost = step.counts.failed - before.failed;
    if failed.is_empty() || lost > UNSTABLE {
        return Err(error);
    }
    let first = step.take_failures();
    let passed = step.counts.passed;
    step.counts.failed = before.failed;
    run(step, &failed)?;
    step.counts.passed = passed + lost;
    let told = first.join("\n");
    step.notes.push(format!("UNSTABLE: failed once, passed when its file ran again:\n{told}"));
    Ok(())
}

/// This program, to be started once more in the workspace's folder.
pub(super) fn this_program(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(&place.program);
    command.current_dir(&place.root).args(arguments);
    command
}

/// Tells tests where the things are that they start.
pub(super) fn set_environment(place: &Place, command: &mut Command) {
    let target = &place.workspace.target;
    command
        .env("TASKBOARD_BIN_DIR", target.join("debug"))
        .env("TASKBOARD_CADDY", install::caddy(target))
        .env("TASKBOARD_GUEST_WASM", build_components::guest_path(target));
}

fn find_tests(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("{} is missing", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("node_modules") {
            find_tests(&path, files)?;
        } else if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    Ok(())
}
