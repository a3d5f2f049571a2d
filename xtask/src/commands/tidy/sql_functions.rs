//! The list of SQL functions that a later migration replaced: readers must not mistake the first
//! definition for the current one.

use std::collections::{BTreeMap, BTreeSet};

use super::Tree;

/// The file with the list.
const LIST: &str = "migrations/README.md";

/// The heading above it.
const HEADING: &str = "## Where a replaced function is today";

/// A migration's number, and the functions whose current definition it contains and which an
/// earlier one defined first.
type Replaced = BTreeMap<u32, BTreeSet<String>>;

/// Compares the list with the migrations.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut files: Vec<(u32, &str)> = tree
        .ending(".sql")
        .filter_map(|file| {
            let name = file.strip_prefix("migrations/sql/V")?;
            Some((name.split_once("__")?.0.parse().ok()?, file))
        })
        .collect();
    files.sort_unstable();
    let replaced = replaced(files.into_iter().map(|(version, file)| (version, tree.text(file))));
    let listed = listed(&tree.text(LIST));
    let versions: BTreeSet<&u32> = replaced.keys().chain(listed.keys()).collect();
    versions
        .into_iter()
        .filter(|version| replaced.get(version) != listed.get(version))
        .map(|version| match replaced.get(version) {
            Some(names) => {
                format!("{LIST}: \"{HEADING}\" must have the row {}", row(*version, names))
            }
            None => format!("{LIST}: no function's text of today is in V{version}"),
        })
        .collect()
}

fn row(version: u32, names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("| V{version} | {} |", names.join(", "))
}

/// The functions that the migrations, given in order, replace.
fn replaced(migrations: impl Iterator<Item = (u32, String)>) -> Replaced {
    let mut first = BTreeMap::new();
    let mut today = BTreeMap::new();
    for (version, text) in migrations {
        for line in text.lines() {
            let words: Vec<&str> =
                line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
            match words.as_slice() {
                ["CREATE", "FUNCTION", name, ..]
                | ["CREATE", "OR", "REPLACE", "FUNCTION", name, ..] => {
                    first.entry((*name).to_owned()).or_insert(version);
                    today.insert((*name).to_owned(), version);
                }
                ["DROP", "FUNCTION", name, ..] => drop(today.remove(*name)),
                _ => {}
            }
        }
    }
    let mut replaced = Replaced::new();
    for (name, version) in today {
        if first[&name] != version {
            replaced.entry(version).or_default().insert(name);
        }
    }
    replaced
}

/// The content of the list.
fn listed(text: &str) -> Replaced {
    let section = text.split(HEADING).nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| {
        let (version, names) = line.strip_prefix("| V")?.split_once(" | ")?;
        let names = names.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Some((version.parse().ok()?, names))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    #[test]
    fn a_function_is_listed_with_the_last_migration_that_defines_it() {
        let list = |rows: &str| {
            format!("# The database\n\n{HEADING}\n\n{rows}\n\n## More\n| V1 | `x` |\n")
        };
        let faults = |rows: &str| {
            let list = list(rows);
            let tree = MadeUp::new(
                "sql-functions",
                &[
                    (
                        "migrations/sql/V1__a.sql",
                        "CREATE FUNCTION a(b bigint)\nCREATE FUNCTION c()\n",
                    ),
                    (
                        "migrations/sql/V2__b.sql",
                        "CREATE OR REPLACE FUNCTION a(\nDROP FUNCTION c;\n",
                    ),
                    (
                        "migrations/sql/V10__c.sql",
                        "CREATE OR REPLACE FUNCTION a(\nCREATE FUNCTION d(\n",
                    ),
                    (LIST, list.as_str()),
                ],
            );
            check(&tree.0)
        };
        assert_eq!(faults("| V10 | `a` |"), [""; 0]);
        assert!(faults("")[0].ends_with("must have the row | V10 | `a` |"), "{:?}", faults(""));
        assert_eq!(faults("| V2 | `a` |").len(), 2, "{:?}", faults("| V2 | `a` |"));
    }
}
