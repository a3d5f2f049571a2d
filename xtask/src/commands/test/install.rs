//! Installs what the tests need and this machine lacks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::Place;
use super::step::Step;
use crate::program;
use crate::system_packages::{self, has_program};

/// The spelling checker's release; its package holds a ready binary.
const TYPOS: &str = "typos==1.52.0";

/// Programs of the system, each with the package that brings it.
const PROGRAMS: [(&str, &str); 5] = [
    ("chromium", "chromium"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("python3", "python3"),
    ("redis-server", "redis-server"),
];

/// Where Debian has PostgreSQL's programs, one folder a version, outside the search path.
const POSTGRESQL: &str = "/usr/lib/postgresql";

/// Runs the step.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    let mut missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| !has_program(program))
        .map(|(_, package)| *package)
        .collect();
    if !has_postgresql() {
        missing.push("postgresql");
    }
    if !missing.is_empty() {
        system_packages::install(&missing)?;
    }
    install_typos(place, step)?;
    install_browser_packages(place, step)
}

fn has_postgresql() -> bool {
    let versions = std::fs::read_dir(POSTGRESQL).into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

/// Where the spelling checker lies once it is installed.
pub(super) fn typos(target: &Path) -> PathBuf {
    target.join("tools").join(TYPOS.replace("==", "-")).join("bin/typos")
}

fn install_typos(place: &Place, step: &mut Step) -> Result<()> {
    let program = typos(&place.workspace.target);
    if program.is_file() {
        return Ok(());
    }
    let present = program::capture(pip(&["--version"]), Duration::from_secs(30));
    if !present.is_ok_and(|(status, _)| status.success()) {
        system_packages::install(&["python3-pip"])?;
    }
    let folder = program.parent().and_then(Path::parent).map(Path::to_owned).unwrap_or_default();
    let mut install = pip(&["install", "--quiet", "--no-deps", "--target"]);
    install.arg(folder).arg(TYPOS);
    step.run(install)?;
    if !program.is_file() {
        bail!("{TYPOS} was installed and has no {}", program.display());
    }
    Ok(())
}

fn pip(arguments: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "--disable-pip-version-check"]).args(arguments);
    command
}

/// Installs the browser tests' packages where their lock file is newer than what is there.
fn install_browser_packages(place: &Place, step: &mut Step) -> Result<()> {
    let folder = place.root.join("tests/browser");
    let lock = folder.join("package-lock.json");
    if !lock.is_file() {
        return Ok(());
    }
    let time = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    if time(&folder.join("node_modules/.package-lock.json")) > time(&lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--no-progress"]);
    step.run(npm)
}
