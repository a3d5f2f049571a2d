//! The workspace's folder and its packages, from Cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{cargo, program};

/// The workspace's folder: the nearest parent that contains both `xtask` and a `Cargo.toml`.
///
/// # Errors
/// Outside the workspace.
pub(crate) fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    here.ancestors()
        .find(|folder| folder.join("Cargo.toml").is_file() && folder.join("xtask").is_dir())
        .map(Path::to_owned)
        .with_context(|| format!("{} is not inside the workspace", here.display()))
}

/// Cargo's data about the workspace.
pub(crate) struct Workspace {
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
    /// The folders of all packages, by name.
    pub(crate) packages: BTreeMap<String, PathBuf>,
    /// The packages that only run as WASM components.
    pub(crate) guests: BTreeSet<String>,
    /// The package that builds each file stem.
    makers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

impl Workspace {
    /// Asks Cargo about the workspace at `root`.
    ///
    /// # Errors
    /// If Cargo fails, with its message.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let mut command = cargo::command();
        command.current_dir(root).args(["metadata", "--no-deps", "--format-version", "1"]);
        let (status, output) = program::capture(command, Duration::from_secs(120))?;
        if !status.success() {
            bail!("`cargo metadata` failed:\n{output}");
        }
        // Warnings share the output; the document is the one line that is an object.
        let document = output
            .lines()
            .find(|line| line.starts_with('{'))
            .context("`cargo metadata` printed no document")?;
        Self::from_metadata(serde_json::from_str(document)?)
    }

    fn from_metadata(metadata: Metadata) -> Result<Self> {
        let mut packages = BTreeMap::new();
        let mut guests = BTreeSet::new();
        let mut makers = BTreeMap::new();
        for package in metadata.packages {
            let folder = package.manifest_path.parent().context("a manifest without a folder")?;
            packages.insert(package.name.clone(), folder.to_owned());
            for target in package.targets {
                // A library's file has underscores, a program's has the name unchanged.
                if target.crate_types.iter().any(|kind| kind == "cdylib") {
                    guests.insert(package.name.clone());
                    makers.insert(target.name.replace('-', "_"), package.name.clone());
                } else if target.crate_types.iter().any(|kind| kind == "bin") {
                    makers.entry(target.name).or_insert_with(|| package.name.clone());
                }
            }
        }
        Ok(Self { target: metadata.target_directory, packages, guests, makers })
    }

    /// The packages that run natively, at least their tests.
    pub(crate) fn native_packages(&self) -> impl Iterator<Item = &str> {
        self.packages.keys().filter(|name| !self.guests.contains(*name)).map(String::as_str)
    }

    /// The package that builds `<stem>.wasm`.
    pub(crate) fn maker_of(&self, stem: &str) -> Option<&str> {
        self.makers.get(stem).map(String::as_str)
    }
}
