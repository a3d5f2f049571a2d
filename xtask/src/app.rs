//! Builds the app in `app/`: installs its packages from the lock file, and makes its web build,
//! which the `web` component serves.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::program;
use crate::program::has_program;
use crate::system_packages;

/// The oldest supported Node.js.
const OLDEST_NODE: u32 = 20;

/// How long installing its packages may take.
const INSTALL_LIMIT: Duration = Duration::from_secs(900);

/// How long bundling may take: the first bundle fills the bundler's cache.
const BUNDLE_LIMIT: Duration = Duration::from_secs(900);

/// The folder of the app in the workspace.
const FOLDER: &str = "app";

/// The names of files that are not sources of the web build.
const NO_SOURCES: [&str; 4] = ["node_modules", "dist", ".expo", "README.md"];

/// A command in the app's folder: without prompts, telemetry and downloads.
pub(crate) fn command(root: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root.join(FOLDER)).args(arguments).envs([
        ("CI", "1"),
        ("EXPO_OFFLINE", "1"),
        ("EXPO_NO_TELEMETRY", "1"),
    ]);
    command
}

/// Ensures that there is a suitable Node.js with npm.
///
/// # Errors
/// If there is none and none can be installed, or it is too old.
pub(crate) fn ensure_node() -> Result<()> {
    let missing: Vec<&str> = [("node", "nodejs"), ("npm", "npm")]
        .into_iter()
        .filter(|(program, _)| !has_program(program))
        .map(|(_, package)| package)
        .collect();
    if !missing.is_empty() {
        system_packages::install(&missing).context(
            "the app is built with Node.js 20 or newer and npm: install them, then try again",
        )?;
    }
    let mut node = Command::new("node");
    node.arg("--version");
    let (_, version) = program::capture(node, Duration::from_secs(60))?;
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => bail!(
            "the app is built with Node.js {OLDEST_NODE} or newer; `node --version` says {}",
            version.trim()
        ),
    }
}

/// The first number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs the packages of `folder` if its lock file is newer than the installed ones; returns
/// whether it did.
///
/// # Errors
/// If npm fails: the registry may be unavailable.
pub(crate) fn install_packages(folder: &Path) -> Result<bool> {
    let lock = folder.join("package-lock.json");
    let time = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    if time(&folder.join("node_modules/.package-lock.json")) > time(&lock) {
        return Ok(false);
    }
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args(["ci", "--no-audit", "--no-fund", "--no-progress"]);
    run(npm, INSTALL_LIMIT)?;
    Ok(true)
}

/// Makes the web build if the app has changed since the last one.
///
/// # Errors
/// If Node.js, a package or the app is broken.
pub(crate) fn build_web(root: &Path) -> Result<()> {
    let folder = root.join(FOLDER);
    let stamp = folder.join("dist/web.digest");
    let digest = digest(&folder)?;
    let made = folder.join("dist/web/index.html").is_file();
    if made && std::fs::read_to_string(&stamp).is_ok_and(|known| known == digest) {
        return Ok(());
    }
    ensure_node()?;
    say("building the app for the web (the first time fetches its packages, a minute or two)");
    install_packages(&folder)?;
    // A file of an earlier build must not be served with those of this one.
    let _ = std::fs::remove_dir_all(folder.join("dist/web"));
    run(command(root, "npm", &["run", "--silent", "web"]), BUNDLE_LIMIT)?;
    std::fs::write(&stamp, digest).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// Runs a program whose output is of interest only when it fails.
fn run(command: Command, limit: Duration) -> Result<()> {
    let shown = format!("{command:?}");
    let (status, output) = program::capture(command, limit)?;
    if !status.success() {
        bail!("{shown} failed ({status}):\n{}", output.trim_end());
    }
    Ok(())
}

/// A digest of the app's sources.
fn digest(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    let mut files = Vec::new();
    find(folder, &mut files)?;
    files.sort_unstable();
    for file in files {
        file.strip_prefix(folder)?.hash(&mut hasher);
        std::fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("{} is missing", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if NO_SOURCES.contains(&name.as_ref()) || name.contains(".test.") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            find(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_nodes_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("node: not found"), None);
    }

    #[test]
    fn a_changed_source_changes_the_digest_and_a_test_or_a_build_does_not() {
        let folder = std::env::temp_dir().join(format!("xtask-app-{}", std::process::id()));
        for inner in ["src", "dist", "node_modules"] {
            std::fs::create_dir_all(folder.join(inner)).unwrap();
        }
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("src/a.ts", "1");
        let first = digest(&folder).unwrap();
        write("src/a.test.ts", "1");
        write("dist/a.js", "1");
        write("node_modules/a.js", "1");
        assert_eq!(digest(&folder).unwrap(), first);
        write("src/a.ts", "2");
        let second = digest(&folder).unwrap();
        assert_ne!(second, first);
        std::fs::rename(folder.join("src/a.ts"), folder.join("src/b.ts")).unwrap();
        assert_ne!(digest(&folder).unwrap(), second);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
