//! `build`: makes every component of `spin.toml`, all with one run of Cargo, checks their sizes, and
//! makes the web build of the app that one of them serves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::app;
use crate::cargo;
use crate::console::{self, Colour, say};
use crate::manifest::Manifest;
use crate::toolchain::{Choice, TARGET, Toolchain};
use crate::workspace::{self, Workspace};

/// The most that a component may weigh, in bytes. What checks the signatures of three algorithms (auth-oidc) has 884 kB;
/// no other comes near.
const SIZE_LIMIT: u64 = 950_000;

/// The component that serves the app.
const APP_SERVER: &str = "web";

/// The package that local-host's own tests run as a guest.
const TEST_GUEST: &str = "local-host-test-guest";

/// Builds the components at the paths that spin.toml names.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build only this component (may be given more than once)
    #[arg(long = "component", value_name = "ID")]
    components: Vec<String>,
    /// Build the guest of local-host's own tests as well
    #[arg(long)]
    test_guest: bool,
    #[command(flatten)]
    toolchain: ToolchainOption,
}

/// The option that every command which builds components has.
#[derive(clap::Args, Clone, Copy, Default)]
pub(crate) struct ToolchainOption {
    /// Where the compiler comes from
    #[arg(long, value_enum, default_value_t, env = "TASKBOARD_WASM_TOOLCHAIN")]
    toolchain: Choice,
}

impl ToolchainOption {
    /// Where the compiler comes from.
    pub(crate) fn choice(self) -> Choice {
        self.toolchain
    }
}

/// One file to make.
struct Wanted {
    /// The component's id, or the package's name for what is not a component of the application.
    id: String,
    package: String,
    stem: String,
    /// Where it must lie in the end.
    destination: PathBuf,
    /// Whether the application serves it, and so has to be small.
    served: bool,
}

/// Runs the command.
///
/// # Errors
/// When the manifest, the compiler or a component is not as it should be.
pub(crate) fn run(options: &Options) -> Result<()> {
    let root = workspace::root()?;
    build(&root, &options.components, options.test_guest, options.toolchain)
}

/// Builds the components named, or all where none is; see [`Options`].
///
/// # Errors
/// As [`run`].
pub(crate) fn build(
    root: &Path,
    ids: &[String],
    test_guest: bool,
    option: ToolchainOption,
) -> Result<()> {
    let started = Instant::now();
    let workspace = Workspace::load(root)?;
    let mut wanted = components(root, &Manifest::load(root)?, &workspace, ids)?;
    if test_guest && workspace.packages.contains_key(TEST_GUEST) {
        wanted.push(guest(&workspace));
    }
    if wanted.is_empty() {
        bail!("spin.toml has no component that this workspace builds");
    }
    let toolchain = Toolchain::find(option.toolchain)?;
    let target_folder = toolchain.target_folder(&workspace.target);
    let mut packages: Vec<&str> = wanted.iter().map(|wanted| wanted.package.as_str()).collect();
    packages.sort_unstable();
    packages.dedup();
    let what = match wanted.as_slice() {
        [one] => one.id.clone(),
        several => format!("{} components", several.len()),
    };
    say(format!("building {what} with {}", toolchain.describe()));
    cargo::build(toolchain.build(root, &target_folder, &packages), "the components")?;

    let built = target_folder.join(TARGET).join("release");
    let mut sizes = BTreeMap::new();
    let mut faults = Vec::new();
    for wanted in &wanted {
        let source = built.join(format!("{}.wasm", wanted.stem));
        let size = check(&source, wanted.served).and_then(|size| {
            deliver(&source, &wanted.destination)?;
            Ok(size)
        });
        match size {
            Ok(size) => drop(sizes.insert(wanted.id.as_str(), size)),
            Err(error) => faults.push(format!("{}: {error:#}", wanted.id)),
        }
    }
    say(table(&sizes));
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    if sizes.contains_key(APP_SERVER) {
        app::build_web(root)?;
    }
    say(format!("built in {}", console::duration(started.elapsed())));
    Ok(())
}

/// Whether the file of every component is there, of whatever age.
///
/// # Errors
/// When the manifest is not as it should be.
pub(crate) fn all_are_built(root: &Path) -> Result<bool> {
    let manifest = Manifest::load(root)?;
    let built = manifest.local_components().values().all(|source| root.join(source).exists());
    Ok(built)
}

/// What to make for the components named (for all where none is).
fn components(
    root: &Path,
    manifest: &Manifest,
    workspace: &Workspace,
    ids: &[String],
) -> Result<Vec<Wanted>> {
    let local = manifest.local_components();
    if let Some(unknown) = ids.iter().find(|id| !local.contains_key(id.as_str())) {
        let known: Vec<&str> = local.keys().copied().collect();
        bail!("spin.toml has no component \"{unknown}\" to build; it has {}", known.join(", "));
    }
    local
        .iter()
        .filter(|(id, _)| ids.is_empty() || ids.iter().any(|wanted| wanted == *id))
        .map(|(id, source)| {
            let stem = source.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let package = workspace.maker_of(stem).with_context(|| {
                format!("component \"{id}\": no package of this workspace builds {stem}.wasm")
            })?;
            Ok(Wanted {
                id: (*id).to_owned(),
                package: package.to_owned(),
                stem: stem.to_owned(),
                destination: root.join(source),
                served: true,
            })
        })
        .collect()
}

fn guest(workspace: &Workspace) -> Wanted {
    let stem = TEST_GUEST.replace('-', "_");
    Wanted {
        id: TEST_GUEST.to_owned(),
        package: TEST_GUEST.to_owned(),
        destination: guest_path(&workspace.target),
        stem,
        served: false,
    }
}

/// Where the guest of local-host's own tests lies once it is built.
pub(crate) fn guest_path(target: &Path) -> PathBuf {
    target.join(TARGET).join("release").join(format!("{}.wasm", TEST_GUEST.replace('-', "_")))
}

/// Checks one built file and returns its size in bytes.
fn check(file: &Path, served: bool) -> Result<u64> {
    let bytes = std::fs::read(file).with_context(|| format!("{} was not built", file.display()))?;
    if !is_component(&bytes) {
        bail!("{} is not a WebAssembly component", file.display());
    }
    let size = bytes.len() as u64;
    if served && size > SIZE_LIMIT {
        bail!(
            "{} kB is more than a component may have ({} kB)",
            kilobytes(size),
            SIZE_LIMIT / 1000
        );
    }
    Ok(size)
}

/// Whether a file opens as a component: the magic number, then version 13 in layer 1.
pub(crate) fn is_component(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm\x0d\0\x01\0")
}

/// Puts a built file where the manifest expects it, and leaves alone what is there already.
fn deliver(source: &Path, destination: &Path) -> Result<()> {
    if source == destination {
        return Ok(());
    }
    let bytes = std::fs::read(source)?;
    if std::fs::read(destination).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    if let Some(folder) = destination.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // A file that Cargo linked into two places must not change in both: make a new one.
    let fresh = destination.with_extension("wasm.new");
    std::fs::write(&fresh, bytes)
        .and_then(|()| std::fs::rename(&fresh, destination))
        .with_context(|| format!("{} cannot be written", destination.display()))
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

fn table(sizes: &BTreeMap<&str, u64>) -> String {
    let width = sizes.keys().map(|id| id.len()).max().unwrap_or_default().max("component".len());
    let head = format!("{:width$}  {:>9}", "component", "size");
    let mut lines = vec![console::paint(Colour::Bold, &head)];
    lines.extend(sizes.iter().map(|(id, size)| format!("{id:width$}  {:>6} kB", kilobytes(*size))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_component_over_950_kb_is_refused_and_one_of_950_kb_is_not() {
        let folder = folder("size");
        let file = folder.join("a.wasm");
        let mut bytes = COMPONENT.to_vec();
        bytes.resize(950_000, 0);
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(check(&file, true).unwrap(), 950_000);
        bytes.push(0);
        std::fs::write(&file, &bytes).unwrap();
        let error = check(&file, true).unwrap_err().to_string();
        assert!(error.contains("950.0 kB is more"), "{error}");
        assert_eq!(check(&file, false).unwrap(), 950_001);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_core_module_is_not_taken_for_a_component() {
        assert!(is_component(COMPONENT));
        assert!(!is_component(b"\0asm\x01\0\0\0"));
        assert!(!is_component(b""));
    }

    #[test]
    fn a_delivered_file_that_is_the_same_keeps_its_time() {
        let folder = folder("deliver");
        let (from, to) = (folder.join("from.wasm"), folder.join("deep/to.wasm"));
        std::fs::write(&from, COMPONENT).unwrap();
        deliver(&from, &to).unwrap();
        let time = std::fs::metadata(&to).unwrap().modified().unwrap();
        deliver(&from, &to).unwrap();
        assert_eq!(std::fs::metadata(&to).unwrap().modified().unwrap(), time);
        std::fs::write(&from, b"other").unwrap();
        deliver(&from, &to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"other");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
