//! `tidy`: the rules of this workspace that no compiler checks.

mod circles;
mod components;
mod contract;
mod files;
mod findings;
mod layers;
mod limits;
mod links;
mod locks;
mod rule_ids;
mod sql_functions;
mod titles;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::console::{self, Colour, say};
use crate::{program, workspace};

/// Checks the layers of packages, circles of modules, lock files, components, file sizes, findings, links,
/// the contract's ids and the list of replaced SQL functions.
#[derive(clap::Args)]
pub(crate) struct Options {}

/// Runs the command.
///
/// # Errors
/// If a rule is broken; each place is printed.
pub(crate) fn run(_: &Options) -> Result<()> {
    let report = check(&Tree::of_repository(&workspace::root()?)?);
    for hint in &report.hints {
        say(format!("{} {hint}", console::paint(Colour::Yellow, "hint:")));
    }
    for fault in &report.faults {
        say(fault);
    }
    if !report.faults.is_empty() {
        bail!("{} places are not tidy", report.faults.len());
    }
    say("tidy");
    Ok(())
}

/// The results of the checks.
pub(crate) struct Report {
    /// Broken rules, each with its place.
    pub(crate) faults: Vec<String>,
    /// Hints, which do not fail the check.
    pub(crate) hints: Vec<String>,
}

/// Runs all checks on a tree.
pub(crate) fn check(tree: &Tree) -> Report {
    let checks = [
        layers::check,
        circles::check,
        locks::check,
        components::check,
        files::check,
        findings::check,
        links::check,
        contract::check,
        sql_functions::check,
    ];
    Report {
        faults: checks.iter().flat_map(|check| check(tree)).collect(),
        hints: files::hints(tree),
    }
}

/// The files that are, or would be, committed.
pub(crate) struct Tree {
    root: PathBuf,
    /// Relative paths with `/`, sorted.
    files: Vec<String>,
}

impl Tree {
    /// The repository's tracked files and new files that are not ignored.
    ///
    /// # Errors
    /// If git cannot list them.
    pub(crate) fn of_repository(root: &Path) -> Result<Self> {
        let mut git = Command::new("git");
        git.current_dir(root)
            // Names are printed unquoted, one per line.
            .args(["-c", "core.quotePath=false"])
            .args(["ls-files", "--cached", "--others", "--exclude-standard"]);
        let (status, output) = program::capture(git, Duration::from_secs(60))?;
        if !status.success() {
            bail!("git cannot list the files:\n{output}");
        }
        let mut files: Vec<String> = output
            .lines()
            // Git also lists a deleted file until the deletion is committed.
            .filter(|file| root.join(file).exists())
            .map(str::to_owned)
            .collect();
        files.sort_unstable();
        files.dedup();
        Ok(Self { root: root.to_owned(), files })
    }

    /// The files whose path has this ending.
    fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = &'a str> {
        self.files.iter().map(String::as_str).filter(move |file| file.ends_with(end))
    }

    /// The files with this name, in any folder.
    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.ending(name).filter(move |file| {
            file.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        })
    }

    /// A file's text; empty if it cannot be read as text.
    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.root.join(file)).unwrap_or_default()
    }
}

/// The folder of a file in the tree; empty at the root.
fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod made_up {
    use super::*;

    /// A small tree in a temporary folder, removed when dropped.
    pub(super) struct MadeUp(pub(super) Tree);

    impl MadeUp {
        pub(super) fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let id = std::process::id();
            let root = std::env::temp_dir().join(format!("xtask-tidy-{name}-{id}"));
            for (file, text) in files {
                let path = root.join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            let mut files: Vec<String> = files.iter().map(|(file, _)| (*file).to_owned()).collect();
            files.sort_unstable();
            Self(Tree { root, files })
        }
    }

    impl Drop for MadeUp {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0.root);
        }
    }

    #[test]
    fn a_name_is_matched_whole() {
        let tree = MadeUp::new(
            "named",
            &[("Cargo.toml", ""), ("a/Cargo.toml", ""), ("a/NotCargo.toml", "")],
        );
        assert_eq!(tree.0.named("Cargo.toml").collect::<Vec<_>>(), ["Cargo.toml", "a/Cargo.toml"]);
        assert_eq!(folder_of("a/b/c"), "a/b");
        assert_eq!(folder_of("c"), "");
    }
}
