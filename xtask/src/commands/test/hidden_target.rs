//! Proves that a component can be built where the toolchain's target cannot be had.
//!
//! A search path with two stand-ins hides the target from the build command: a `rustup` that fails,
//! and a `rustc` that names a sysroot which has everything but the target. What the command then
//! makes with the system's packages must be a component that answers a request.
//!
//! It takes minutes and depends on little, so what it was last proven with is kept in
//! `hidden_target.proven`, and a run of all steps leaves it out while that is still so.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::Place;
use super::running::Host;
use super::step::Step;
use super::suites::this_program;
use crate::commands::build_components;
use crate::manifest::Manifest;
use crate::program;
use crate::program::has_program;
use crate::system_packages;
use crate::toolchain::{self, TARGET};

/// How long a question to git may take.
const QUESTION_LIMIT: Duration = Duration::from_secs(30);

/// The smallest component that answers without any other.
const COMPONENT: &str = "health";

/// What the second way was last proven with, below the workspace's folder.
const PROVEN: &str = "xtask/src/commands/test/hidden_target.proven";

/// The files that decide how a component is built the second way.
const INPUTS: [&str; 7] = [
    "Cargo.toml",
    "functions/health/Cargo.toml",
    "functions/platform/Cargo.toml",
    "xtask/src/cargo.rs",
    "xtask/src/commands/build_components.rs",
    "xtask/src/commands/test/hidden_target.rs",
    "xtask/src/toolchain.rs",
];

/// Runs the step; among all steps only where something has changed since it was last proven.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    if !has_program("apt-get") {
        step.notes.push("left out: the second way needs a system with apt-get".to_owned());
        return Ok(());
    }
    let inputs = inputs(&place.root)?;
    let proven = std::fs::read_to_string(place.root.join(PROVEN)).unwrap_or_default();
    if !place.is_named("hidden-target") && proven == inputs {
        step.notes.push(format!(
            "left out: nothing that it depends on has changed since it passed ({PROVEN}); \
             `cargo xtask test hidden-target` runs it"
        ));
        return Ok(());
    }
    prove_second_way(place, step)?;
    if proven != inputs {
        std::fs::write(place.root.join(PROVEN), inputs)?;
        step.notes.push(format!("{PROVEN} has changed: commit it"));
    }
    Ok(())
}

/// The digest of each input, and the versions of the spin-sdk and of the system's compiler.
fn inputs(root: &Path) -> Result<String> {
    let mut command = Command::new("git");
    command.current_dir(root).arg("hash-object").args(INPUTS);
    let (status, digests) = program::capture(command, QUESTION_LIMIT)?;
    ensure!(status.success(), "git does not give the digests of {INPUTS:?}: {digests}");
    let digests: Vec<&str> = digests.lines().collect();
    ensure!(digests.len() == INPUTS.len(), "git gives {} digests", digests.len());
    let mut text = String::new();
    for (digest, input) in digests.into_iter().zip(INPUTS) {
        text += &format!("{digest} {input}\n");
    }
    let lock = std::fs::read_to_string(root.join("Cargo.lock"))?;
    let sdk = lock.split("[[package]]").find(|package| package.contains("\nname = \"spin-sdk\"\n"));
    let sdk = sdk.and_then(|package| package.lines().find(|line| line.starts_with("version = ")));
    text += &format!("spin-sdk: {}\n", sdk.context("Cargo.lock has no spin-sdk")?);
    // Old lists would name a compiler that is no longer installed.
    system_packages::update_lists()?;
    let compiler = system_packages::candidate("rustc-web").unwrap_or_default();
    Ok(text + &format!("rustc-web: {compiler}\n"))
}

fn prove_second_way(place: &Place, step: &mut Step) -> Result<()> {
    let manifest = Manifest::load(&place.root)?;
    let file = manifest
        .local_components()
        .remove(COMPONENT)
        .map(|source| place.root.join(source))
        .with_context(|| format!("spin.toml has no component \"{COMPONENT}\""))?;
    // So that what is found afterwards was made by this very build.
    let _ = std::fs::remove_file(&file);
    let outcome = build_without_target(place, step).and_then(|()| prove(place, step, &file));
    // The other steps go on with what the usual build makes.
    let restored = step.run(this_program(place, &["build", "--component", COMPONENT]));
    outcome.and(restored)?;
    step.counts.passed += 1;
    Ok(())
}

fn build_without_target(place: &Place, step: &mut Step) -> Result<()> {
    let folder = place.workspace.target.join("hidden-target");
    let _ = std::fs::remove_dir_all(&folder);
    let search_path = hide_target(&folder)?;
    let mut build = this_program(place, &["build", "--component", COMPONENT]);
    build.env("PATH", search_path).env_remove("RUSTC").env_remove("TASKBOARD_WASM_TOOLCHAIN");
    step.run(build)
}

/// Makes the stand-ins and returns the search path that finds them first.
fn hide_target(folder: &Path) -> Result<std::ffi::OsString> {
    let (programs, sysroot) = (folder.join("bin"), folder.join("sysroot"));
    std::fs::create_dir_all(&programs)?;
    std::fs::create_dir_all(sysroot.join("lib/rustlib"))?;
    let libraries = toolchain::sysroot()?.join("lib/rustlib");
    for entry in std::fs::read_dir(&libraries)? {
        let name = entry?.file_name();
        if name != TARGET {
            symlink(libraries.join(&name), sysroot.join("lib/rustlib").join(&name))?;
        }
    }
    let rustc = which("rustc")?;
    script(&programs.join("rustup"), "echo 'error: no such target can be fetched' >&2; exit 1")?;
    script(
        &programs.join("rustc"),
        &format!(
            "if [ \"$*\" = '--print sysroot' ]; then echo '{}'; else exec '{}' \"$@\"; fi",
            sysroot.display(),
            rustc.display()
        ),
    )?;
    let usual = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&usual)))?)
}

fn which(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .with_context(|| format!("no {name} in the search path"))
}

fn script(path: &Path, body: &str) -> Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o755)
        .open(path)?;
    writeln!(file, "#!/bin/sh\n{body}")?;
    Ok(())
}

/// The file is a component, it was made the second way, and it answers.
fn prove(place: &Place, step: &mut Step, file: &Path) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("{} was not made", file.display()))?;
    ensure!(build_components::is_component(&bytes), "{} is not a component", file.display());
    let name = file.file_name().unwrap_or_default();
    let second_way =
        place.workspace.target.join("build-std").join(TARGET).join("release").join(name);
    ensure!(std::fs::read(second_way)? == bytes, "it was not made the second way");

    let folder = place.workspace.target.join("hidden-target");
    let manifest = folder.join("spin.toml");
    std::fs::write(
        &manifest,
        format!(
            "spin_manifest_version = 2\n\
             [application]\nname = \"hidden-target\"\n\
             [[trigger.http]]\nroute = \"/healthz\"\ncomponent = \"{COMPONENT}\"\n\
             [component.{COMPONENT}]\nsource = \"{}\"\nkey_value_stores = [\"default\"]\n\
             variables = {{ cors_origins = \"\" }}\n",
            file.display()
        ),
    )?;
    let mut command = Command::new(place.workspace.target.join("debug/local-host"));
    command.current_dir(&folder).args(["--listen", "127.0.0.1:0"]);
    let host = Host::start(command, "listening on ")?;
    let answer = host.get("/healthz");
    host.end(step);
    step.note_line(&format!("GET /healthz: {answer:?}"));
    ensure!(answer.as_ref().is_ok_and(|(status, _)| *status == 200), "it does not answer");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn what_it_depends_on_is_there() {
        let root = workspace::root().unwrap();
        let missing: Vec<_> = INPUTS.iter().filter(|input| !root.join(input).is_file()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
