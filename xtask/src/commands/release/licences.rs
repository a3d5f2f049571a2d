//! The list of licences: each part with its terms, and each text once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::parts::Part;

/// The prefixes of file names with a package's terms.
const NAMES: [&str; 5] = ["licen", "copying", "notice", "copyright", "unlicense"];

/// The list.
///
/// # Errors
/// If a part does not name its licence.
pub(super) fn text(parts: &[Part]) -> Result<String> {
    let silent: Vec<&str> =
        parts.iter().filter(|it| it.licence.is_empty()).map(|it| it.url.as_str()).collect();
    if !silent.is_empty() {
        bail!("these packages do not name their licence: {}", silent.join(", "));
    }
    let mut list = String::from(
        "The parts of this release that others wrote, and their licences. The crates are linked \
         into the programs\nand components; the app's page contains what it uses of the npm \
         packages. The texts follow the list.\n\n",
    );
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for part in parts {
        list.push_str(&format!("{}  {}\n", part.url, part.licence));
        for file in files(&part.folder) {
            let text = std::fs::read(file)?;
            let text = String::from_utf8_lossy(&text).trim().replace("\r\n", "\n");
            texts.entry(text).or_default().push(&part.url);
        }
    }
    for (text, mut urls) in texts {
        urls.dedup();
        let line = "=".repeat(100);
        list.push_str(&format!("\n{line}\n{}\n{line}\n\n{text}\n", urls.join("\n")));
    }
    Ok(list)
}

/// The files with a package's terms, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            path.is_file() && NAMES.iter().any(|begin| name.starts_with(begin))
        })
        .collect();
    files.sort_unstable();
    files
}
