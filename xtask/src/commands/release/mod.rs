//! `release`: everything needed to run the task board, in a folder and a tar, for machines without
//! a compiler.

mod licences;
mod parts;
mod sbom;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::parts::Part;
use crate::commands::build_components::{self, ToolchainOption};
use crate::console::{self, say};
use crate::manifest::Manifest;
use crate::workspace::{self, Workspace};
use crate::{cargo, program};

/// The packages whose programs are in it.
const PACKAGES: [&str; 3] = ["local-host", "migrations", "realtime-relay"];

/// The programs for operators, from those packages.
const PROGRAMS: [&str; 8] = [
    "database-restored",
    "local-host",
    "make-admin",
    "make-backup",
    "make-reset-link",
    "migrate",
    "realtime-relay",
    "restore-backup",
];

/// The platform that it runs on: the one that native programs are built for here.
const MACHINES: &str = "x86_64-linux";

/// The files copied unchanged from the workspace.
const FILES: [(&str, &str); 9] = [
    ("LICENSE", "LICENSE"),
    ("runtime-config.toml", "runtime-config.toml"),
    ("deploy/release.md", "README.md"),
    ("deploy/Containerfile", "Containerfile"),
    ("deploy/compose.yaml", "compose.yaml"),
    ("deploy/chart", "chart"),
    ("deploy/proxy", "proxy"),
    ("docs/backup.md", "backup.md"),
    ("docs/variables.md", "variables.md"),
];

/// How long packing may take.
const LIMIT: Duration = Duration::from_secs(300);

/// Makes a folder, and a tar of it, with everything that the task board needs to run without a compiler.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where to put both [default: target/release-of-taskboard]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    toolchain: ToolchainOption,
}

/// Runs the command.
///
/// # Errors
/// If something does not compile, or cannot be written.
pub(crate) fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let root = workspace::root()?;
    build_components::build(&root, &[], false, options.toolchain)?;
    let workspace = Workspace::load(&root)?;
    say("building the programs as they are deployed (the first time takes many minutes)");
    let mut build = cargo::command();
    build.current_dir(&root).args(["build", "--locked", "--profile", "ship"]);
    build.args(PACKAGES.iter().flat_map(|package| ["--package", package]));
    cargo::build(build, "one of the programs")?;
    let out = options.out.clone();
    let out = out.unwrap_or_else(|| workspace.target.join("release-of-taskboard"));
    let folder = lay_out(&root, &workspace, &workspace.target.join("ship"), &out)?;
    compile_components(&folder)?;
    let tar = pack(&folder)?;
    say(format!("{}\n{}", folder.display(), tar.display()));
    say(format!("made in {}", console::duration(started.elapsed())));
    Ok(())
}

/// Puts the release into a folder with its name below `out`, with programs from this folder;
/// returns the folder.
///
/// # Errors
/// If something is not built, or cannot be written.
pub(crate) fn lay_out(
    root: &Path,
    workspace: &Workspace,
    programs: &Path,
    out: &Path,
) -> Result<PathBuf> {
    let folder = out.join(format!("taskboard-{}-{MACHINES}", env!("CARGO_PKG_VERSION")));
    let _ = std::fs::remove_dir_all(&folder);
    for program in PROGRAMS {
        copy(&programs.join(program), &folder.join("bin").join(program))?;
    }
    for (from, to) in FILES {
        copy(&root.join(from), &folder.join(to))?;
    }
    // The folders for components compiled by the first start, and for backups.
    for empty in ["cache", "backups"] {
        std::fs::create_dir_all(folder.join(empty))?;
    }
    let manifest = Manifest::load(root)?;
    for (id, source) in manifest.local_components() {
        copy(&root.join(source), &folder.join(component(id)))?;
    }
    for (id, files) in manifest.files() {
        copy(&root.join(files), &folder.join(assets(id)))?;
    }
    write(&folder.join("spin.toml"), &unpacked_manifest(root)?)?;
    let parts = Part::all(root, workspace, &manifest, &PACKAGES)?;
    write(&folder.join("licences.txt"), &licences::text(&parts)?)?;
    write(&folder.join("sbom.cdx.json"), &sbom::document(&parts)?)?;
    Ok(folder)
}

/// The path of a component in a release.
fn component(id: &str) -> String {
    format!("components/{id}.wasm")
}

/// The folder of a component's files.
fn assets(id: &str) -> String {
    format!("files/{id}")
}

/// `spin.toml` with a release's paths and without build settings.
fn unpacked_manifest(root: &Path) -> Result<String> {
    let mut manifest: toml::Table =
        toml::from_str(&std::fs::read_to_string(root.join("spin.toml"))?)?;
    let components = manifest.get_mut("component").and_then(toml::Value::as_table_mut);
    for (id, described) in components.context("spin.toml has no components")? {
        let described = described.as_table_mut().context("a component is not a table")?;
        described.remove("build");
        described.insert("source".to_owned(), component(id).into());
        let files = described.get_mut("files").and_then(toml::Value::as_array_mut);
        for mount in files.into_iter().flatten().filter_map(toml::Value::as_table_mut) {
            mount.insert("source".to_owned(), assets(id).into());
        }
    }
    Ok(toml::to_string(&manifest)?)
}

/// Starts the functions once, which leaves compiled components in the release's cache: on machines
/// with the same kind of processor even the first start is fast.
fn compile_components(folder: &Path) -> Result<()> {
    say("compiling the components for this kind of processor");
    let mut host = Command::new(folder.join("bin/local-host"));
    host.current_dir(folder)
        .args(["--listen", "127.0.0.1:0", "--cache-dir", "cache"])
        .env("SPIN_VARIABLE_RELAY_SECRET", "only to compile")
        .env("SPIN_VARIABLE_JWT_SECRET", "only to compile, and known to everybody");
    let mut host = program::start(host.stderr(Stdio::piped()))?;
    // It loads everything before it listens.
    let log = BufReader::new(host.stderr.take().context("no log")?);
    let mut lines = log.lines().map_while(Result::ok);
    let listens = lines.any(|line| line.contains("listening on"));
    program::stop(&mut host);
    if !listens {
        bail!("{} does not start", folder.join("bin/local-host").display());
    }
    Ok(())
}

/// Packs a folder reproducibly; returns the tar.
fn pack(folder: &Path) -> Result<PathBuf> {
    let name = folder.file_name().context("a folder without a name")?;
    let tar = folder.with_file_name(format!("{}.tar.gz", name.to_string_lossy()));
    let mut command = Command::new("tar");
    command
        .args(["--create", "--gzip", "--sort=name", "--mtime=@0", "--owner=0", "--group=0"])
        .args(["--numeric-owner", "--file"])
        .arg(&tar)
        .arg("--directory")
        .arg(folder.parent().context("a folder at the root")?)
        .arg(name);
    let (status, output) = program::capture(command, LIMIT)?;
    if !status.success() {
        bail!("tar failed: {output}");
    }
    Ok(tar)
}

/// Copies a file, or a folder with its contents.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = || -> std::io::Result<()> {
        std::fs::create_dir_all(to.parent().unwrap_or(to))?;
        if !from.is_dir() {
            return std::fs::copy(from, to).map(drop);
        }
        std::fs::create_dir_all(to)
    };
    copied().with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))?;
    if from.is_dir() {
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_of_a_release_names_what_lies_in_it_and_nothing_of_the_build() {
        let root = workspace::root().unwrap();
        let text = unpacked_manifest(&root).unwrap();
        assert!(text.contains("source = \"components/web.wasm\""), "{text}");
        assert!(text.contains("files/web"), "{text}");
        for of_the_build in ["target/", "app/dist", "cargo xtask"] {
            assert!(!text.contains(of_the_build), "{of_the_build}");
        }
    }
}
