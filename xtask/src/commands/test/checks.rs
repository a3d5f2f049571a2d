//! The steps that check code without running it.

use std::process::Command;

use anyhow::{Result, bail};

use super::Place;
use super::install;
use super::step::Step;
use crate::cargo;
use crate::commands::tidy::{self, Tree};
use crate::program::has_program;
use crate::toolchain::{self, TARGET};

/// A `cargo` command in the workspace's folder.
pub(super) fn cargo_in(place: &Place, arguments: &[&str]) -> Command {
    let mut command = cargo::command();
    command.current_dir(&place.root).args(arguments);
    command
}

/// Every package is formatted.
pub(super) fn fmt(place: &Place, step: &mut Step) -> Result<()> {
    step.run(cargo_in(place, &["fmt", "--all", "--check", "--", "--color", "never"]))?;
    let fuzz = ["fmt", "--manifest-path", "realtime-relay/fuzz/Cargo.toml", "--check"];
    step.run(cargo_in(place, &fuzz))
}

/// Cargo.lock fits the manifests.
pub(super) fn lock(place: &Place, step: &mut Step) -> Result<()> {
    let arguments = ["update", "--workspace", "--locked", "--quiet"];
    step.run(cargo_in(place, &arguments))
}

/// The workspace's own rules.
pub(super) fn tidy(place: &Place, step: &mut Step) -> Result<()> {
    let report = tidy::check(&Tree::of_repository(&place.root)?);
    for hint in &report.hints {
        step.note_line(&format!("hint: {hint}"));
    }
    report.faults.iter().for_each(|fault| step.note_line(fault));
    if !report.faults.is_empty() {
        bail!("{} places are not tidy", report.faults.len());
    }
    Ok(())
}

/// Words are spelled right.
pub(super) fn typos(place: &Place, step: &mut Step) -> Result<()> {
    let mut command = Command::new(install::typos(&place.workspace.target));
    command.current_dir(&place.root).args(["--color", "never", "."]);
    step.run(command)
}

/// The files in deploy/ match their schemas and are accepted by their programs.
pub(super) fn deploy(place: &Place, step: &mut Step) -> Result<()> {
    let mut command = Command::new("python3");
    command.current_dir(&place.root).arg("deploy/check/check.py");
    command.args(install::of_deploy_check(&place.workspace.target));
    step.notes.push(
        "by Helm: the chart; by schema: what it makes, SpinApp (our own), compose file; by hadolint: \
         the Containerfile; by Caddy, nginx and HAProxy: their files; nothing of it was run"
            .to_owned(),
    );
    step.run(command)
}

/// Licences, banned crates and sources, where cargo-deny is installed.
pub(super) fn deny(place: &Place, step: &mut Step) -> Result<()> {
    if !has_program("cargo-deny") {
        step.notes.push(
            "left out: cargo-deny is not installed (`cargo install cargo-deny`); tidy has checked \
             the banned crates"
                .to_owned(),
        );
        return Ok(());
    }
    step.run(cargo_in(place, &["deny", "check", "licenses", "bans", "sources"]))
}

/// No warnings in the functions and in the guest of local-host's tests.
pub(super) fn clippy_guest(place: &Place, step: &mut Step) -> Result<()> {
    if !toolchain::has_target()? {
        step.notes.push(format!("left out: this toolchain has no {TARGET} target"));
        return Ok(());
    }
    // With the components' settings: code that runs on this machine during the build is compiled
    // once for both.
    let mut command = cargo_in(place, &["clippy", "--release", "--target", TARGET]);
    for package in place.workspace.guests.iter().map(String::as_str).chain(["platform"]) {
        command.args(["--package", package]);
    }
    command.args(["--", "-D", "warnings"]);
    step.run(command)
}

/// No warnings in the native programs and their tests.
pub(super) fn clippy(place: &Place, step: &mut Step) -> Result<()> {
    if is_done_by_programs(place, step) {
        return Ok(());
    }
    let mut command = cargo_in(place, &["clippy", "--all-targets"]);
    for package in place.workspace.native_packages() {
        command.args(["--package", package]);
    }
    command.args(["--", "-D", "warnings"]);
    step.run(command)
}

/// Whether the step `programs` lints and documents the code in this run; adds a note.
fn is_done_by_programs(place: &Place, step: &mut Step) -> bool {
    let runs = place.named.is_empty() || place.is_named("programs");
    let done = runs && std::env::var_os("CI").is_some();
    if done {
        step.notes
            .push("on a build server by the step `programs`, as they are compiled".to_owned());
    }
    done
}

/// The documentation of the native packages has no dead links.
pub(super) fn docs(place: &Place, step: &mut Step) -> Result<()> {
    if is_done_by_programs(place, step) {
        return Ok(());
    }
    let mut command = cargo_in(place, &["doc", "--no-deps", "--document-private-items"]);
    for package in place.workspace.native_packages() {
        command.args(["--package", package]);
    }
    command.env("RUSTDOCFLAGS", "-D warnings");
    step.run(command)
}
