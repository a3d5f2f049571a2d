//! Lays out a release from what is built already, and runs it as its images would, with what its files
//! say.

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

/// Where local-host keeps compiled components where nothing is said: other steps have filled it.
fn compiled_components() -> PathBuf {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    cache.unwrap_or_else(std::env::temp_dir).join("local-host")
}
