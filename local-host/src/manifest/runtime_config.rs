//! The runtime configuration (`runtime-config.toml`): key-value stores, variable providers, and the
//! connections of guests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::document::{Document, DocumentError, Table};

/// The prefix of environment variables that give values to the application's variables.
pub(crate) const ENVIRONMENT_PREFIX: &str = "SPIN_VARIABLE";

/// What Spin reads as well, and what has no meaning here: it is ignored with a warning, so that one
/// file serves both.
const IGNORED: [&str; 10] = [
    "client_tls",
    "llm_compute",
    "log_dir",
    "max_instance_memory",
    "outbound_mqtt",
    "outbound_mysql",
    "outbound_networking",
    "outbound_redis",
    "sqlite_database",
    "state_dir",
];

/// Where values of variables come from, in this order of precedence.
pub(crate) enum VariableProvider {
    /// Values standing in the file itself.
    Static(BTreeMap<String, String>),
    /// Environment variables `<prefix>_<NAME>`, and a file of such lines.
    Environment {
        /// Without the trailing underscore.
        prefix: String,
        /// Read for names that the environment itself does not have.
        dotenv_path: Option<PathBuf>,
    },
}

/// What the runtime configuration says.
pub(crate) struct RuntimeConfig {
    /// The labels of the key-value stores that exist, each in memory.
    pub(crate) key_value_stores: BTreeSet<String>,
    /// The providers that the file names.
    pub(crate) variable_providers: Vec<VariableProvider>,
    /// The most connections to PostgreSQL that guests hold at once, if the file says so.
    pub(crate) max_postgres_connections: Option<u32>,
    /// Whether connections of outbound HTTP are kept for the next request.
    pub(crate) http_pooling: bool,
}

impl Default for RuntimeConfig {
    fn default() -> Self {
        Self {
            key_value_stores: BTreeSet::from(["default".to_owned()]),
            variable_providers: Vec::new(),
            max_postgres_connections: None,
            http_pooling: true,
        }
    }
}

impl RuntimeConfig {
    /// Reads the file at `path`; the store `default` exists even where it says nothing.
    ///
    /// # Errors
    /// The first thing that is wrong or not offered here, with its place.
    pub(crate) fn load(path: &Path) -> Result<Self, DocumentError> {
        Self::from_document(&Document::read(path)?)
    }

    fn from_document(document: &Document) -> Result<Self, DocumentError> {
        let parsed = document.parse()?;
        let root = document.root(&parsed);
        let mut config = Self::default();
        if let Some(stores) = root.table("key_value_store")? {
            for (label, store) in stores.named() {
                check_store(&store.table()?)?;
                config.key_value_stores.insert(label.value);
            }
        }
        // The second spelling is the older one of the two that Spin reads.
        for key in ["variables_provider", "config_provider"] {
            if let Some(providers) = root.value(key) {
                for provider in providers.items()? {
                    config.variable_providers.push(variable_provider(&provider.table()?)?);
                }
            }
        }
        config.read_connections(&root)?;
        ignore(&root, &IGNORED);
        root.finish()?;
        Ok(config)
    }

    /// Reads what the file says of connections that guests make.
    fn read_connections(&mut self, root: &Table<'_>) -> Result<(), DocumentError> {
        if let Some(postgres) = root.table("outbound_pg")? {
            let most = postgres.value("max_connections");
            self.max_postgres_connections = most.map(|most| most.count()).transpose()?;
            postgres.finish()?;
        }
        if let Some(http) = root.table("outbound_http")? {
            // As in Spin a table that does not say so switches it off.
            self.http_pooling = http.boolean("connection_pooling")?;
            ignore(&http, &["max_connections", "max_concurrent_requests"]);
            http.finish()?;
        }
        Ok(())
    }
}

/// Warns of each of these keys that is there.
fn ignore(table: &Table<'_>, keys: &[&str]) {
    for value in keys.iter().filter_map(|key| table.value(key)) {
        tracing::warn!("{}", value.place().error("is for Spin and has no effect on this host"));
    }
}

fn check_store(store: &Table<'_>) -> Result<(), DocumentError> {
    let kind = store.string("type")?;
    if kind.value != "spin" {
        return Err(kind.error("must be \"spin\", the only kind of store supported by this host"));
    }
    if let Some(path) = store.value("path") {
        return Err(path.place().error("is not supported by this host: stores are in memory"));
    }
    store.finish()
}

fn variable_provider(provider: &Table<'_>) -> Result<VariableProvider, DocumentError> {
    let kind = provider.string("type")?;
    let read = match kind.value.as_str() {
        "static" => {
            let values = provider.required("values")?.table()?;
            let read = values.named().map(|(name, value)| Ok((name.value, value.string()?.value)));
            VariableProvider::Static(read.collect::<Result<_, _>>()?)
        }
        "env" => VariableProvider::Environment {
            prefix: provider
                .optional_string("prefix")?
                .map_or_else(|| ENVIRONMENT_PREFIX.to_owned(), |prefix| prefix.value),
            dotenv_path: provider
                .optional_string("dotenv_path")?
                .map(|path| PathBuf::from(path.value)),
        },
        _ => return Err(kind.error("must be \"static\" or \"env\", which this host supports")),
    };
    provider.finish()?;
    Ok(read)
}
