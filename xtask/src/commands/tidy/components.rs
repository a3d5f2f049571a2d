//! Every function is a component of spin.toml, and every component is a function.

use std::collections::BTreeSet;

use super::Tree;
use crate::manifest::Manifest;

/// The library that the functions share; it is not a component.
const PLATFORM: &str = "platform";

/// Compares the folders of `functions/` with the manifest.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let functions: BTreeSet<&str> = tree
        .named("Cargo.toml")
        .filter_map(|file| file.strip_prefix("functions/")?.strip_suffix("/Cargo.toml"))
        .filter(|name| *name != PLATFORM && !name.contains('/'))
        .collect();
    let manifest = match Manifest::load(&tree.root) {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("spin.toml: {error:#}")],
    };
    let components: BTreeSet<&str> = manifest.component_ids().collect();
    let mut faults: Vec<String> = functions
        .difference(&components)
        .map(|name| format!("functions/{name}: no component of spin.toml has this id"))
        .collect();
    faults.extend(
        components
            .difference(&functions)
            .map(|id| format!("spin.toml: component \"{id}\" has no folder functions/{id}")),
    );
    for (id, source) in manifest.local_components() {
        let expected = format!("target/wasm32-wasip2/release/{}.wasm", id.replace('-', "_"));
        if source.to_str() != Some(&expected) {
            faults.push(format!("spin.toml: the source of component \"{id}\" is not {expected}"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    fn manifest(id: &str, file: &str) -> String {
        format!("[component.{id}]\nsource = \"target/wasm32-wasip2/release/{file}.wasm\"\n")
    }

    #[test]
    fn functions_and_components_match_in_both_directions() {
        let good = manifest("quick-win-task", "quick_win_task");
        let tree = MadeUp::new(
            "components-good",
            &[
                ("spin.toml", good.as_str()),
                ("functions/platform/Cargo.toml", ""),
                ("functions/quick-win-task/Cargo.toml", ""),
            ],
        );
        assert_eq!(check(&tree.0), [""; 0]);
        let bad = manifest("gone", "gone");
        let tree = MadeUp::new(
            "components-bad",
            &[("spin.toml", bad.as_str()), ("functions/new/Cargo.toml", "")],
        );
        let found = check(&tree.0);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("functions/new") && found[1].contains("\"gone\""));
    }

    #[test]
    fn a_component_whose_file_has_another_name_is_reported() {
        let text = manifest("health", "other");
        let tree = MadeUp::new(
            "components-file",
            &[("spin.toml", text.as_str()), ("functions/health/Cargo.toml", "")],
        );
        assert!(check(&tree.0)[0].contains("health.wasm"));
    }
}
