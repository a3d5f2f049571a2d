//! Makes a release from existing builds, and runs it as its images would, with its own
//! configuration files.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::Place;
use super::install;
use super::step::Step;
use crate::commands::release;

pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    let target = &place.workspace.target;
    let out = target.join("release-of-tests");
    let folder = release::lay_out(&place.root, &place.workspace, &target.join("debug"), &out)?;
    if !rustix::process::geteuid().is_root() {
        step.notes.push("laid out and not run: its own network needs root".to_owned());
        return Ok(());
    }
    let mut command = Command::new("python3");
    command.current_dir(&place.root).arg("deploy/check/run.py");
    command.args(install::of_release_check(target)).arg(folder).arg(compiled_components());
    step.run(command)
}

/// local-host's default cache of compiled components, which other steps have filled.
fn compiled_components() -> PathBuf {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    cache.unwrap_or_else(std::env::temp_dir).join("local-host")
}
