//! Programs and data from the package registries, each pinned to a release, in its own folder below
//! `target/tools`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::step::Step;
use crate::{app, program, system_packages};

/// Where a package comes from.
#[derive(Clone, Copy)]
pub(super) enum Registry {
    /// From PyPI, without dependencies.
    PyPi,
    /// From PyPI, with its dependencies.
    PyPiWithOthers,
    /// From npm.
    Npm,
}

#[derive(Clone, Copy)]
pub(super) struct Tool {
    pub(super) registry: Registry,
    /// Its name and release, in the notation of the registry's own program.
    pub(super) package: &'static str,
    /// The path of the used file, within its folder.
    pub(super) file: &'static str,
    /// The module that has to load, if parts of it are built for only one version of Python.
    pub(super) module: Option<&'static str>,
}

impl Tool {
    /// Its path once it is installed.
    pub(super) fn folder(&self, target: &Path) -> PathBuf {
        let name = self.package.trim_start_matches('@').replace("==", "-").replace(['/', '@'], "-");
        target.join("tools").join(name)
    }

    /// The path of the used file.
    pub(super) fn file(&self, target: &Path) -> PathBuf {
        self.folder(target).join(self.file)
    }

    fn is_there(&self, target: &Path) -> bool {
        let loads = |module| {
            let mut python = Command::new("python3");
            python.args(["-c", &format!("import {module}")]);
            python.env("PYTHONPATH", self.folder(target));
            program::capture(python, Duration::from_secs(60))
                .is_ok_and(|(status, _)| status.success())
        };
        self.file(target).exists() && self.module.is_none_or(loads)
    }

    /// Installs it if it is missing.
    ///
    /// # Errors
    /// If the registry is unavailable, or the package does not work.
    pub(super) fn install(&self, target: &Path, step: &mut Step) -> Result<()> {
        if self.is_there(target) {
            return Ok(());
        }
        let folder = self.folder(target);
        let _ = std::fs::remove_dir_all(&folder);
        match self.registry {
            Registry::PyPi => self.pip(&folder, &["--no-deps"], step)?,
            Registry::PyPiWithOthers => self.pip(&folder, &[], step)?,
            Registry::Npm => self.npm(&folder, step)?,
        }
        if !self.is_there(target) {
            bail!("{} was installed and does not work", self.package);
        }
        Ok(())
    }

    fn pip(&self, folder: &Path, more: &[&str], step: &mut Step) -> Result<()> {
        system_packages::ensure_pip()?;
        let mut install = pip(&["install", "--quiet"]);
        install.args(more).arg("--target").arg(folder).arg(self.package);
        step.run(install)
    }

    fn npm(&self, folder: &Path, step: &mut Step) -> Result<()> {
        app::ensure_node()?;
        std::fs::create_dir_all(folder)?;
        let mut install = Command::new("npm");
        install.args(["install", "--no-audit", "--no-fund", "--no-progress", "--ignore-scripts"]);
        install.arg("--prefix").arg(folder).arg(self.package);
        step.run(install)
    }
}

fn pip(arguments: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "--disable-pip-version-check"]).args(arguments);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_release_has_a_folder_of_its_own() {
        let folder = |package| {
            let tool = Tool { registry: Registry::Npm, package, file: "a", module: None };
            tool.folder(Path::new("target")).to_string_lossy().into_owned()
        };
        assert_eq!(folder("typos==1.52.0"), "target/tools/typos-1.52.0");
        assert_eq!(folder("@a/b@18.4.0-beta.17"), "target/tools/a-b-18.4.0-beta.17");
    }
}
