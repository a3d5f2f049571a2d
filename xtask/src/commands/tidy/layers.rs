//! Which package may depend on which: the layers of the workspace, checked against the manifests.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::{Tree, folder_of};

/// The guest's SDK, which only the functions' adapter uses.
const SDK: &str = "spin-sdk";

/// A layer of the workspace: a package, or all packages of a folder.
struct Layer {
    /// The folder of its packages.
    folder: &'static str,
    /// Whether each subfolder is a package, or the folder itself.
    of_many: bool,
    /// Workspace packages that it may depend on.
    may: &'static [&'static str],
    /// External packages that it must not depend on.
    never: &'static [&'static str],
    /// Whether it may depend on the guest's SDK.
    sdk: Sdk,
}

/// Whether a layer may depend on the guest's SDK.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sdk {
    /// Freely.
    Free,
    /// Only for the wasm32 target: it reads the interface files in it and never compiles it.
    WasmOnly,
    /// Not at all.
    Never,
}

/// Packages with a clock, randomness, threads or a network.
const IMPURE: &[&str] = &[
    "async-std",
    "chrono",
    "fastrand",
    "getrandom",
    "hyper",
    "rand",
    "redis",
    "reqwest",
    "tokio",
    "tokio-postgres",
    "ureq",
    "uuid",
];

/// The layers; a package belongs to the first one with a matching folder.
const LAYERS: &[Layer] = &[
    Layer { folder: "shared", of_many: false, may: &[], never: IMPURE, sdk: Sdk::Never },
    Layer {
        folder: "functions/platform",
        of_many: false,
        may: &["shared"],
        never: &["tokio"],
        sdk: Sdk::Free,
    },
    Layer {
        folder: "functions",
        of_many: true,
        may: &["platform", "shared"],
        never: &["tokio"],
        sdk: Sdk::Never,
    },
    Layer {
        folder: "realtime-relay",
        of_many: false,
        may: &["shared", "stores", "telemetry"],
        never: &[],
        sdk: Sdk::Never,
    },
    // Includes the relay's parsers as files, so that it builds in half a minute.
    Layer {
        folder: "realtime-relay/fuzz",
        of_many: false,
        may: &["shared"],
        never: IMPURE,
        sdk: Sdk::Never,
    },
    Layer {
        folder: "local-host",
        of_many: false,
        may: &["local-host-wasi", "stores", "telemetry"],
        never: &[],
        sdk: Sdk::WasmOnly,
    },
    // Logs, traces and metrics of both programs; it depends on neither.
    Layer { folder: "telemetry", of_many: false, may: &[], never: &[], sdk: Sdk::Never },
    // Connections of programs and commands to PostgreSQL and Redis; it depends on none of them.
    Layer { folder: "stores", of_many: false, may: &["shared"], never: &[], sdk: Sdk::Never },
    // The part of local-host that is slow to compile.
    Layer { folder: "local-host/wasi", of_many: false, may: &[], never: &[], sdk: Sdk::Never },
    // The guest of local-host's own tests.
    Layer { folder: "local-host", of_many: true, may: &[], never: &["tokio"], sdk: Sdk::Free },
    // It notifies Redis of its changes, with shared's key names; its tests prepare shared's
    // statements, and keep copies of boards by history's client rule.
    Layer {
        folder: "migrations",
        of_many: false,
        may: &["history", "shared", "stores"],
        never: &[],
        sdk: Sdk::Never,
    },
    Layer {
        folder: "tests",
        of_many: false,
        may: &["history", "shared"],
        never: &[],
        sdk: Sdk::Never,
    },
    // The recording of a run of clients, and its checker.
    Layer { folder: "tests/history", of_many: false, may: &[], never: IMPURE, sdk: Sdk::Never },
    // It measures running programs, and calls the code that it counts instructions of.
    Layer {
        folder: "bench",
        of_many: false,
        may: &["platform", "realtime-relay", "shared"],
        never: &[],
        sdk: Sdk::Never,
    },
    Layer { folder: "xtask", of_many: false, may: &[], never: &[], sdk: Sdk::Never },
];

impl Layer {
    fn holds(&self, folder: &str) -> bool {
        if self.of_many {
            folder.strip_prefix(self.folder).is_some_and(|rest| rest.starts_with('/'))
        } else {
            folder == self.folder
        }
    }
}

/// One `name = …` under some `[…dependencies]`.
struct Dependency {
    package: String,
    table: String,
}

/// Checks every package of the tree.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let mut packages = Vec::new();
    for file in tree.named("Cargo.toml") {
        match tree.text(file).parse::<Table>() {
            Ok(manifest) => {
                if let Some(name) = manifest.get("package").and_then(|package| package.get("name"))
                {
                    packages.push((file, name.as_str().unwrap_or_default().to_owned(), manifest));
                }
            }
            Err(error) => faults.push(format!("{file}: not TOML: {error}")),
        }
    }
    let ours: BTreeSet<&str> = packages.iter().map(|(_, name, _)| name.as_str()).collect();
    for (file, _, manifest) in &packages {
        let Some(layer) = LAYERS.iter().find(|layer| layer.holds(folder_of(file))) else {
            faults.push(format!(
                "{file}: no layer of the workspace has this package (tidy/layers.rs)"
            ));
            continue;
        };
        for dependency in dependencies(manifest) {
            if let Some(why) = objection(layer, &dependency, &ours) {
                let Dependency { package, table } = dependency;
                faults.push(format!("{file}: \"{package}\" in [{table}]: {why}"));
            }
        }
    }
    faults
}

fn objection(layer: &Layer, dependency: &Dependency, ours: &BTreeSet<&str>) -> Option<String> {
    let package = dependency.package.as_str();
    let wasm = dependency.table.contains("wasm32");
    if package == SDK {
        return match layer.sdk {
            Sdk::Free => None,
            Sdk::WasmOnly if wasm => None,
            Sdk::WasmOnly => {
                Some("only for the wasm32 target here, where it is never compiled".into())
            }
            Sdk::Never => Some("the guest's SDK stays inside functions/platform".into()),
        };
    }
    if ours.contains(package) && !layer.may.contains(&package) {
        let allowed =
            if layer.may.is_empty() { "none of ours".into() } else { layer.may.join(", ") };
        return Some(format!("{} may import {allowed}", layer.folder));
    }
    layer.never.contains(&package).then(|| format!("{} never imports this", layer.folder))
}

/// All dependencies of a package, of every kind and for every target.
fn dependencies(manifest: &Table) -> Vec<Dependency> {
    let mut found = of_tables(manifest, "");
    for (target, tables) in manifest.get("target").and_then(Value::as_table).into_iter().flatten() {
        if let Some(tables) = tables.as_table() {
            found.extend(of_tables(tables, &format!("target.{target}.")));
        }
    }
    found
}

fn of_tables(tables: &Table, prefix: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, value) in tables.get(kind).and_then(Value::as_table).into_iter().flatten() {
            // A renamed dependency has its real name under `package`.
            let package = value.get("package").and_then(Value::as_str).unwrap_or(name);
            found
                .push(Dependency { package: package.to_owned(), table: format!("{prefix}{kind}") });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    fn package(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n{rest}")
    }

    fn faults(name: &str, folder: &str, rest: &str) -> Vec<String> {
        let shared = package("shared", "");
        let platform = package("platform", "[dependencies]\nshared = { path = \"x\" }");
        let health = package("health", "");
        let under_test = package("under-test", rest);
        let file = format!("{folder}/Cargo.toml");
        let tree = MadeUp::new(
            &format!("layers-{name}"),
            &[
                ("shared/Cargo.toml", shared.as_str()),
                ("functions/platform/Cargo.toml", &platform),
                ("functions/health/Cargo.toml", &health),
                (&file, &under_test),
            ],
        );
        check(&tree.0)
    }

    #[test]
    fn a_function_may_import_platform_and_shared_and_no_other_function() {
        let good = "[dependencies]\nplatform.workspace = true\nshared.workspace = true";
        assert_eq!(faults("f1", "functions/x", good), [""; 0]);
        let bad = faults("f2", "functions/x", "[dependencies]\nhealth.workspace = true");
        assert_eq!(bad.len(), 1);
        assert!(bad[0].contains("may import platform, shared"), "{bad:?}");
    }

    #[test]
    fn shared_imports_nothing_of_ours_and_no_runtime_not_even_for_its_tests() {
        let shared =
            package("shared", "[dependencies]\nhealth = \"1\"\n[dev-dependencies]\ntokio = \"1\"");
        let health = package("health", "");
        let tree = MadeUp::new(
            "layers-shared",
            &[("shared/Cargo.toml", shared.as_str()), ("functions/health/Cargo.toml", &health)],
        );
        let found = check(&tree.0);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("none of ours") && found[1].contains("dev-dependencies"));
    }

    #[test]
    fn the_sdk_stays_inside_platform_and_the_test_guest() {
        let sdk = "[dependencies]\nspin-sdk = \"7\"";
        assert_eq!(faults("s1", "realtime-relay", sdk).len(), 1);
        assert_eq!(faults("s2", "local-host", sdk).len(), 1);
        assert_eq!(faults("s3", "local-host/tests/guest", sdk), [""; 0]);
        let wasm = "[target.'cfg(target_arch = \"wasm32\")'.dependencies]\nspin-sdk = \"7\"";
        assert_eq!(faults("s4", "local-host", wasm), [""; 0]);
        assert_eq!(faults("s5", "xtask", wasm).len(), 1);
        assert_eq!(faults("s6", "functions/x", wasm).len(), 1);
    }

    #[test]
    fn a_renamed_dependency_and_one_of_the_build_script_are_seen_through() {
        let renamed = "[build-dependencies]\nother = { package = \"shared\", path = \"x\" }";
        let found = faults("r1", "local-host", renamed);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("\"shared\" in [build-dependencies]"), "{found:?}");
    }

    #[test]
    fn a_package_outside_all_layers_is_reported() {
        assert!(faults("o1", "attic", "")[0].contains("no layer"));
    }
}
