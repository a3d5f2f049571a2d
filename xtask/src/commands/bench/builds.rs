//! Builds for measurements, each in its own folder: of the work tree, and of any revision.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use crate::commands::build_components::ToolchainOption;
use crate::console::say;
use crate::toolchain::{TARGET, Toolchain};
use crate::workspace::Workspace;
use crate::{cargo, program};

/// The profile of the native programs, instead of the revision's own: only the code differs.
const PROFILE: &str = "measured";

/// The profile itself: the work tree's `ship`, with symbols for a profiler.
const SETTINGS: [&str; 6] = [
    "inherits=\"release\"",
    "opt-level=3",
    "lto=\"thin\"",
    "codegen-units=1",
    "panic=\"unwind\"",
    "strip=false",
];

/// The programs of every revision, and the packages that they are built with.
const PROGRAMS: [&str; 3] = ["local-host", "migrate", "realtime-relay"];
const PACKAGES: [&str; 4] = ["local-host", "local-host-wasi", "migrations", "realtime-relay"];

/// The additional programs of the work tree.
const OWN_PROGRAMS: [&str; 3] = ["bench", "bench-floor", "bench-raw"];
const OWN_PACKAGE: &str = "benchmarks";

/// The components that are measured or needed by a measurement: all those used by `scale`.
const COMPONENTS: [&str; 18] = [
    "admin-activity",
    "admin-stats",
    "admin-users",
    "auth-me",
    "auth-register",
    "board",
    "board-analytics",
    "board-export",
    "boards",
    "comments",
    "event-undo",
    "events",
    "health",
    "member",
    "members",
    "task",
    "task-events",
    "tasks",
];

/// How long Git, or Cargo without building, may take.
const LIMIT: Duration = Duration::from_secs(120);

pub(super) struct Build {
    /// Its name in tables.
    pub(super) name: String,
    pub(super) revision: String,
    /// `bin/`, `components/`, `sql/` and `spin.toml`.
    pub(super) folder: PathBuf,
}

/// The build of the work tree.
///
/// # Errors
/// If it does not build.
pub(super) fn of_work_tree(
    root: &Path,
    workspace: &Workspace,
    option: ToolchainOption,
) -> Result<Build> {
    let folder = workspace.target.join("bench/now");
    let revision = git(root, &["describe", "--always", "--dirty", "--exclude=*"])?;
    make(root, workspace, &folder, option, true)?;
    Ok(Build { name: "now".to_owned(), revision, folder })
}

/// The build of a revision, in its own work tree below target/bench; made once for each commit.
///
/// # Errors
/// If there is no such revision, or it does not build.
pub(super) fn of_revision(
    root: &Path,
    workspace: &Workspace,
    name: &str,
    option: ToolchainOption,
) -> Result<Build> {
    let commit =
        git(root, &["rev-parse", "--verify", "--short=12", &format!("{name}^{{commit}}")])?;
    let place = workspace.target.join("bench");
    let (tree, folder) =
        (place.join(format!("tree-{commit}")), place.join(format!("build-{commit}")));
    if !folder.join("spin.toml").is_file() {
        if !tree.join("Cargo.toml").is_file() {
            let path = tree.to_string_lossy();
            git(root, &["worktree", "add", "--force", "--detach", &path, &commit])?;
        }
        make(&tree, workspace, &folder, option, false)?;
    }
    Ok(Build { name: name.to_owned(), revision: commit, folder })
}

/// Builds a tree in the shared folders, and copies the needed files.
fn make(
    tree: &Path,
    workspace: &Workspace,
    folder: &Path,
    option: ToolchainOption,
    is_own: bool,
) -> Result<()> {
    for part in ["bin", "components", "sql"] {
        std::fs::create_dir_all(folder.join(part))?;
    }
    let cargos = workspace.target.join("bench/cargo");
    forget_other_trees(tree, workspace, &cargos)?;
    let own: &[&str] = if is_own { &OWN_PROGRAMS } else { &[] };
    let programs: Vec<&str> = PROGRAMS.iter().chain(own).copied().collect();
    say(format!("building {} of {}, optimised", programs.join(", "), tree.display()));
    let mut command = cargo::command();
    command.current_dir(tree).env("CARGO_TARGET_DIR", &workspace.target);
    command.args(["build", "--locked", "--profile", PROFILE]);
    for setting in SETTINGS {
        command.args(["--config", &format!("profile.{PROFILE}.{setting}")]);
    }
    for package in PACKAGES.iter().chain(is_own.then_some(&OWN_PACKAGE)) {
        command.args(["--package", package]);
    }
    for program in &programs {
        command.args(["--bin", program]);
    }
    cargo::build(command, "the programs")?;
    for program in &programs {
        copy(&workspace.target.join(PROFILE).join(program), &folder.join("bin").join(program))?;
    }

    let manifest = std::fs::read_to_string(tree.join("spin.toml"))?;
    let (manifest, sources) = reduced(&manifest)?;
    let toolchain = Toolchain::find(option.choice())?;
    let target = toolchain.target_folder(&cargos);
    let workspace_of_tree = Workspace::load(tree)?;
    let stems: Vec<&str> = sources.iter().filter_map(|it| it.file_stem()?.to_str()).collect();
    let packages: Vec<&str> =
        stems.iter().filter_map(|stem| workspace_of_tree.maker_of(stem)).collect();
    cargo::build(toolchain.build(tree, &target, &packages), "the components")?;
    for stem in stems {
        let file = format!("{stem}.wasm");
        let built = target.join(TARGET).join("release").join(&file);
        copy(&built, &folder.join("components").join(&file))?;
    }
    for entry in std::fs::read_dir(tree.join("shared/src/data/sql"))? {
        let path = entry?.path();
        copy(&path, &folder.join("sql").join(path.file_name().context("a file")?))?;
    }
    // Last: once it is there, the build is complete.
    std::fs::write(folder.join("spin.toml"), manifest).context("spin.toml")
}

/// Removes the build output of another tree's own packages. Cargo uses the same place for packages
/// with the same name in two trees, and considers the output fresh if the sources are older: the
/// other tree would be measured.
fn forget_other_trees(tree: &Path, workspace: &Workspace, cargos: &Path) -> Result<()> {
    let stamp = cargos.join("tree");
    let name = tree.to_string_lossy();
    if std::fs::read_to_string(&stamp).is_ok_and(|last| last == name) {
        return Ok(());
    }
    let mut command = cargo::command();
    command.current_dir(tree).env("CARGO_TARGET_DIR", &workspace.target);
    command.args(["clean", "--workspace", "--profile", PROFILE]);
    for setting in SETTINGS {
        command.args(["--config", &format!("profile.{PROFILE}.{setting}")]);
    }
    let (status, output) = program::capture(command, LIMIT)?;
    if !status.success() {
        bail!("what was built for another revision cannot be removed:\n{output}");
    }
    if cargos.exists() {
        std::fs::remove_dir_all(cargos).with_context(|| cargos.display().to_string())?;
    }
    std::fs::create_dir_all(cargos)?;
    std::fs::write(&stamp, name.as_bytes()).with_context(|| stamp.display().to_string())
}

/// The manifest with only the measured components, taken from `components/`, and the original
/// places of their sources.
fn reduced(text: &str) -> Result<(String, Vec<PathBuf>)> {
    let mut manifest: Table = text.parse().context("spin.toml")?;
    let mut sources = Vec::new();
    let is_measured = |id: &str| COMPONENTS.contains(&id);
    let components = manifest.get_mut("component").and_then(Value::as_table_mut);
    let components = components.context("spin.toml has no components")?;
    components.retain(|id, _| is_measured(id));
    for component in components.iter_mut().filter_map(|(_, component)| component.as_table_mut()) {
        let source = component.get("source").and_then(Value::as_str).context("no source")?;
        let name = Path::new(source).file_name().context("a source without a name")?;
        let moved = Path::new("components").join(name).to_string_lossy().into_owned();
        sources.push(PathBuf::from(source));
        component.insert("source".to_owned(), Value::String(moved));
    }
    if let Some(triggers) =
        manifest.get_mut("trigger").and_then(|it| it.get_mut("http")).and_then(Value::as_array_mut)
    {
        triggers.retain(|it| it.get("component").and_then(Value::as_str).is_some_and(is_measured));
    }
    Ok((toml::to_string(&manifest)?, sources))
}

/// As a new file: a running program cannot be overwritten.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let fresh = to.with_extension("new");
    std::fs::copy(from, &fresh)
        .and_then(|_| std::fs::rename(&fresh, to))
        .with_context(|| format!("{} cannot be copied", from.display()))
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new("git");
    command.current_dir(root).args(arguments);
    let (status, output) = program::capture(command, LIMIT)?;
    if !status.success() {
        bail!("`git {}` failed:\n{output}", arguments.join(" "));
    }
    Ok(output.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_reduced_to_what_is_measured() {
        let text = r#"
            spin_manifest_version = 2
            [[trigger.http]]
            route = "/..."
            component = "web"
            [[trigger.http]]
            route = "/healthz"
            component = "health"
            [component.web]
            source = "target/wasm32-wasip2/release/web.wasm"
            [component.health]
            source = "target/wasm32-wasip2/release/health.wasm"
            allowed_outbound_hosts = ["{{ redis_host }}"]
        "#;
        let (manifest, sources) = reduced(text).unwrap();
        assert_eq!(sources, [PathBuf::from("target/wasm32-wasip2/release/health.wasm")]);
        let manifest: Table = manifest.parse().unwrap();
        let health = &manifest["component"]["health"];
        assert_eq!(health["source"].as_str(), Some("components/health.wasm"));
        assert_eq!(health["allowed_outbound_hosts"].as_array().map(Vec::len), Some(1));
        assert!(manifest["component"].get("web").is_none());
        assert_eq!(manifest["trigger"]["http"].as_array().map(Vec::len), Some(1));
    }
}
