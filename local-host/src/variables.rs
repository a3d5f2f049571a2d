//! The values of the application's variables, gathered once at start.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifest;
use crate::manifest::runtime_config::{ENVIRONMENT_PREFIX, VariableProvider};
use crate::secret::Secret;

/// The value of every variable that the application declares.
pub(crate) struct Variables(BTreeMap<String, Secret>);

impl Variables {
    /// Gathers the values: `--variable` first, then the runtime configuration's providers, the
    /// environment (`SPIN_VARIABLE_…`), `.env` in the current folder, and the default.
    ///
    /// # Errors
    /// A required variable has no value, `--variable` names one that the application does not
    /// declare, or a file of values cannot be read.
    pub(crate) fn gather(
        manifest: &Manifest,
        given: &[(String, Secret)],
        providers: &[VariableProvider],
    ) -> Result<Self> {
        if let Some((name, _)) =
            given.iter().find(|(name, _)| !manifest.variables.contains_key(name))
        {
            bail!("--variable {name}: the manifest's [variables] do not declare it");
        }
        let given =
            given.iter().rev().map(|(name, value)| (name.clone(), value.reveal().to_owned()));
        let mut sources = vec![Source::Static(given.rev().collect())];
        for provider in providers {
            sources.push(Source::of(provider)?);
        }
        sources.push(Source::of(&VariableProvider::Environment {
            prefix: ENVIRONMENT_PREFIX.to_owned(),
            dotenv_path: Some(".env".into()).filter(|path: &std::path::PathBuf| path.is_file()),
        })?);
        let mut values = BTreeMap::new();
        for (name, variable) in &manifest.variables {
            let value = sources.iter().find_map(|source| source.get(name));
            let Some(value) = value.or_else(|| variable.default.clone()) else {
                let example = format!("{ENVIRONMENT_PREFIX}_{}", name.to_ascii_uppercase());
                bail!(variable.name.error(format_args!(
                    "is required and has no value; give one with --variable {name}=… or in the \
                     environment as {example}"
                )));
            };
            values.insert(name.clone(), Secret::from(value));
        }
        Ok(Self(values))
    }

    /// The value of the variable `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::reveal)
    }
}

/// One place that values come from.
enum Source {
    Static(BTreeMap<String, String>),
    Environment { prefix: String, dotenv: BTreeMap<String, String> },
}

impl Source {
    fn of(provider: &VariableProvider) -> Result<Self> {
        Ok(match provider {
            VariableProvider::Static(values) => Self::Static(values.clone()),
            VariableProvider::Environment { prefix, dotenv_path } => Self::Environment {
                prefix: prefix.clone(),
                dotenv: dotenv_path.as_deref().map_or_else(|| Ok(BTreeMap::new()), read_dotenv)?,
            },
        })
    }

    fn get(&self, name: &str) -> Option<String> {
        match self {
            Self::Static(values) => values.get(name).cloned(),
            Self::Environment { prefix, dotenv } => {
                let name = format!("{prefix}_{}", name.to_ascii_uppercase());
                std::env::var(&name).ok().or_else(|| dotenv.get(&name).cloned())
            }
        }
    }
}

fn read_dotenv(path: &Path) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: cannot be read", path.display()))?;
    parse_dotenv(&text).map_err(|line| {
        anyhow::anyhow!("{}:{line}: must be NAME=VALUE, a comment or empty", path.display())
    })
}

/// Parses lines of `NAME=VALUE`, `export NAME=VALUE`, `# comment`; a value may be in single or
/// double quotes. The error is the number of the first other line.
fn parse_dotenv(text: &str) -> Result<BTreeMap<String, String>, usize> {
    let mut values = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').ok_or(index + 1)?;
        let value = value.trim();
        let unquoted = ['"', '\'']
            .iter()
            .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
            .unwrap_or(value);
        values.insert(name.trim().to_owned(), unquoted.to_owned());
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::parse_dotenv;

    #[test]
    fn a_dotenv_file_has_names_comments_exports_and_quotes() {
        let text = "# secrets\n\nexport A=1\nB = \"two words\"\nC='x=y'\nD=\n";
        let values = parse_dotenv(text).unwrap();
        assert_eq!(values["A"], "1");
        assert_eq!(values["B"], "two words");
        assert_eq!(values["C"], "x=y");
        assert_eq!(values["D"], "");
        assert_eq!(parse_dotenv("A=1\nnonsense\n"), Err(2));
    }
}
