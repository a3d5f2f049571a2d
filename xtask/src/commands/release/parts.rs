//! The parts of a release: crates and npm packages from the lock files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::Value;

use crate::manifest::Manifest;
use crate::workspace::Workspace;
use crate::{cargo, program};

/// The platforms of the native programs and of the components.
const NATIVE: &str = "x86_64-unknown-linux-gnu";
const GUEST: &str = "wasm32-wasip2";

/// A third-party package in the release.
pub(super) struct Part {
    /// Its package URL (purl), such as `pkg:cargo/serde@1.0.228`.
    pub(super) url: String,
    pub(super) name: String,
    pub(super) version: String,
    /// Its licence as an SPDX expression; empty if the package names none.
    pub(super) licence: String,
    /// The hash of its registry's archive: the algorithm's name, and hexadecimal digits.
    pub(super) hash: Option<(&'static str, String)>,
    /// Where it is unpacked, with the text of its licence.
    pub(super) folder: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct CargoLock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

impl Part {
    /// All third-party parts, sorted: the crates linked into these native packages and all
    /// components, and the npm packages that the app may use.
    ///
    /// # Errors
    /// If Cargo fails, or a lock file is not as expected.
    pub(super) fn all(
        root: &Path,
        workspace: &Workspace,
        manifest: &Manifest,
        native: &[&str],
    ) -> Result<Vec<Self>> {
        let components = manifest.local_components();
        let guests: Vec<&str> = components
            .values()
            .filter_map(|source| workspace.maker_of(source.file_stem()?.to_str()?))
            .collect();
        let lock: CargoLock = toml::from_str(&std::fs::read_to_string(root.join("Cargo.lock"))?)?;
        let sums = lock.package.into_iter().filter_map(|locked| {
            Some(((locked.name, locked.version), ("SHA-256", locked.checksum?)))
        });
        let sums: BTreeMap<_, _> = sums.collect();
        let mut parts = Vec::new();
        for (platform, packages) in [(NATIVE, native), (GUEST, guests.as_slice())] {
            parts.extend(linked(metadata(root, platform)?, packages).into_iter().map(|package| {
                Self {
                    url: format!("pkg:cargo/{}@{}", package.name, package.version),
                    hash: sums.get(&(package.name.clone(), package.version.clone())).cloned(),
                    // The notation of crates that are older than SPDX expressions.
                    licence: package.license.unwrap_or_default().replace('/', " OR "),
                    folder: package.manifest_path.parent().unwrap_or(root).to_owned(),
                    name: package.name,
                    version: package.version,
                }
            }));
        }
        let app = root.join("app");
        let lock = serde_json::from_str(&std::fs::read_to_string(app.join("package-lock.json"))?)?;
        parts.extend(from_npm(&app, &lock)?);
        // Both platforms link some crates, and npm may unpack a package more than once.
        parts.sort_unstable_by(|one, other| one.url.cmp(&other.url));
        parts.dedup_by(|one, other| one.url == other.url);
        Ok(parts)
    }
}

fn metadata(root: &Path, platform: &str) -> Result<Metadata> {
    let mut command: Command = cargo::command();
    command.current_dir(root).args(["metadata", "--locked", "--format-version", "1"]);
    command.args(["--filter-platform", platform]);
    let (status, output) = program::capture(command, Duration::from_secs(120))?;
    if !status.success() {
        bail!("`cargo metadata` failed:\n{output}");
    }
    let document = output.lines().find(|line| line.starts_with('{'));
    Ok(serde_json::from_str(document.context("`cargo metadata` printed no document")?)?)
}

/// The third-party packages in the output of these packages: without those that only run during
/// the build (build scripts, macros) or in tests.
fn linked(metadata: Metadata, roots: &[&str]) -> Vec<Package> {
    let mut packages: BTreeMap<String, Package> =
        metadata.packages.into_iter().map(|package| (package.id.clone(), package)).collect();
    let nodes: BTreeMap<&str, &Node> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let is_macro = |package: &Package| {
        package.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
    };
    let is_root =
        |package: &&Package| package.source.is_none() && roots.contains(&package.name.as_str());
    let mut left: Vec<&str> = packages.values().filter(is_root).map(|it| it.id.as_str()).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = left.pop() {
        if packages.get(id).is_none_or(is_macro) || !found.insert(id.to_owned()) {
            continue;
        }
        let linked = |it: &&Dependency| it.dep_kinds.iter().any(|kind| kind.kind.is_none());
        let deps = nodes.get(id).into_iter().flat_map(|node| &node.deps);
        left.extend(deps.filter(linked).map(|dependency| dependency.pkg.as_str()));
    }
    let all = found.iter().filter_map(|id| packages.remove(id));
    all.filter(|package| package.source.is_some()).collect()
}

/// The packages of an npm lock file, without development tools.
fn from_npm(app: &Path, lock: &Value) -> Result<Vec<Part>> {
    let packages = lock["packages"].as_object().context("package-lock.json has no packages")?;
    let mut parts = Vec::new();
    for (path, package) in packages {
        let Some((_, name)) = path.rsplit_once("node_modules/") else { continue };
        if package["dev"] == true || package["devOptional"] == true {
            continue;
        }
        let version = package["version"].as_str().context("a package without a version")?;
        let hash = package["integrity"].as_str().and_then(|text| text.strip_prefix("sha512-"));
        parts.push(Part {
            url: format!("pkg:npm/{}@{version}", name.replace('@', "%40")),
            name: name.to_owned(),
            version: version.to_owned(),
            licence: package["license"].as_str().unwrap_or_default().to_owned(),
            hash: hash.and_then(hexadecimal).map(|hash| ("SHA-512", hash)),
            folder: app.join(path),
        });
    }
    Ok(parts)
}

/// Base64 as hexadecimal digits; `None` if it is not base64.
fn hexadecimal(base64: &str) -> Option<String> {
    let bytes = BASE64_STANDARD.decode(base64).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, source: Option<&str>, kind: &str) -> Value {
        json!({
            "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
            "manifest_path": format!("/{name}/Cargo.toml"), "targets": [{"kind": [kind]}],
        })
    }

    #[test]
    fn what_runs_at_the_build_or_in_tests_only_is_no_part() {
        let registry = Some("registry");
        let dependency =
            |name: &str, kind: Value| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [
                package("ours", None, "bin"), package("other", None, "bin"),
                package("linked", registry, "lib"), package("deep", registry, "lib"),
                package("macro", registry, "proc-macro"), package("built", registry, "lib"),
                package("tested", registry, "lib"), package("unused", registry, "lib"),
            ],
            "resolve": {"nodes": [
                {"id": "ours", "deps": [
                    dependency("linked", Value::Null), dependency("macro", Value::Null),
                    dependency("built", json!("build")), dependency("tested", json!("dev")),
                ]},
                {"id": "linked", "deps": [dependency("deep", Value::Null)]},
                {"id": "macro", "deps": [dependency("unused", Value::Null)]},
                {"id": "other", "deps": [dependency("unused", Value::Null)]},
            ]},
        });
        let found = linked(serde_json::from_value(metadata).unwrap(), &["ours"]);
        let names: Vec<_> = found.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["deep", "linked"]);
    }

    #[test]
    fn tools_for_the_development_are_no_part_of_the_app() {
        let lock = json!({"packages": {
            "": {"name": "app"},
            "node_modules/@a/b": {"version": "2.0.0", "license": "MIT", "integrity": "sha512-AP8Q"},
            "node_modules/@a/b/node_modules/c": {"version": "1.0.0", "license": "ISC"},
            "node_modules/tool": {"version": "3.0.0", "dev": true},
        }});
        let parts = from_npm(Path::new("/app"), &lock).unwrap();
        let urls: Vec<_> = parts.iter().map(|part| part.url.as_str()).collect();
        assert_eq!(urls, ["pkg:npm/%40a/b@2.0.0", "pkg:npm/c@1.0.0"]);
        assert_eq!(parts[0].hash, Some(("SHA-512", "00ff10".to_owned())));
    }
}
