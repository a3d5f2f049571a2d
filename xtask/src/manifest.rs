//! Reads the parts of `spin.toml` that the tasks need: components, their files, and the variables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Manifest {
    /// The components by id.
    #[serde(default, rename = "component")]
    components: BTreeMap<String, Component>,
    /// The variables by name.
    #[serde(default)]
    pub(crate) variables: BTreeMap<String, Variable>,
}

/// A variable's settings in the manifest.
#[derive(Deserialize)]
pub(crate) struct Variable {
    /// It has no default: a value must be given.
    #[serde(default)]
    pub(crate) required: bool,
    /// Its value is never shown.
    #[serde(default)]
    pub(crate) secret: bool,
}

#[derive(Deserialize)]
struct Component {
    source: toml::Value,
    #[serde(default)]
    files: Vec<toml::Value>,
}

impl Manifest {
    /// Reads `spin.toml` in the workspace's folder.
    ///
    /// # Errors
    /// If it is missing or is not TOML of the expected form; the message names line and column.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let path = root.join("spin.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))
    }

    /// The components whose source is a file in this workspace: id and the file's relative path.
    pub(crate) fn local_components(&self) -> BTreeMap<&str, PathBuf> {
        self.components
            .iter()
            .filter_map(|(id, component)| {
                component.source.as_str().map(|source| (id.as_str(), PathBuf::from(source)))
            })
            .collect()
    }

    /// The folders that components serve: the component's id and the folder's relative path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.components.iter().flat_map(|(id, component)| {
            let sources = component.files.iter().filter_map(|mount| mount.get("source")?.as_str());
            sources.map(|source| (id.as_str(), source))
        })
    }

    pub(crate) fn component_ids(&self) -> impl Iterator<Item = &str> {
        self.components.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_components_with_a_file_are_ours_to_build() {
        let manifest: Manifest = toml::from_str(
            r#"
            [component.health]
            source = "target/wasm32-wasip2/release/health.wasm"
            [component.files]
            source = { url = "https://example.org/files.wasm", digest = "sha256:0" }
            "#,
        )
        .unwrap();
        let local = manifest.local_components();
        assert_eq!(local.keys().copied().collect::<Vec<_>>(), ["health"]);
        assert_eq!(manifest.component_ids().count(), 2);
    }
}
