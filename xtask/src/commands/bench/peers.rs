//! Installs the peers below target/bench, at the versions that bench/peers pins.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::console::{say, warn};
use crate::{app, program, system_packages};

/// How long one installation may take.
const LIMIT: Duration = Duration::from_secs(900);

/// Nchan is a module of the system's nginx.
const NCHAN: [&str; 2] = ["nginx-light", "libnginx-mod-nchan"];

/// The folder where they are installed.
pub(super) fn folder(place: &Path) -> PathBuf {
    place.join("peers")
}

/// Installs what is missing.
///
/// # Errors
/// If FastAPI cannot be installed, which every scenario of the REST path needs. Other missing peers
/// only cause a warning.
pub(super) fn install(root: &Path, place: &Path) -> Result<()> {
    let (sources, folder) = (root.join("bench/peers"), folder(place));
    let (python, node) = (folder.join("python"), folder.join("node"));
    std::fs::create_dir_all(&node)?;
    once(&sources.join("requirements.txt"), &python, || {
        system_packages::ensure_pip()?;
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--upgrade"]);
        pip.arg("--target").arg(&python).arg("-r").arg(sources.join("requirements.txt"));
        run(pip)
    })?;
    for entry in std::fs::read_dir(&sources)? {
        let path = entry?.path();
        let is_for_node = path.extension().is_some_and(|end| end == "mjs" || end == "json");
        if let Some(name) = path.file_name().filter(|_| is_for_node) {
            std::fs::copy(&path, node.join(name))?;
        }
    }
    let of_node = once(&sources.join("package.json"), &node, || {
        app::ensure_node()?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--no-progress", "--ignore-scripts"]);
        npm.current_dir(&node);
        run(npm)
    });
    let of_system = match NCHAN.iter().all(|package| system_packages::is_installed(package)) {
        true => Ok(()),
        false => system_packages::install(&NCHAN),
    };
    for missing in [of_node, of_system].into_iter().filter_map(Result::err) {
        warn(format!("some peers will be missing: {missing:#}"));
    }
    Ok(())
}

/// Installs a file's list of packages into a folder, unless the same list is installed already.
fn once(list: &Path, folder: &Path, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let (wanted, mark) = (std::fs::read_to_string(list)?, folder.join(".installed"));
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say(format!("installing what {} lists", list.display()));
    install()?;
    Ok(std::fs::write(mark, wanted)?)
}

fn run(command: Command) -> Result<()> {
    let (status, output) = program::capture(command, LIMIT)?;
    if !status.success() {
        bail!("an installation failed:\n{output}");
    }
    Ok(())
}
