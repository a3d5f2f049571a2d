//! The table of limits: each row states what an operator sees of the limit, and names existing
//! tests that reach it.

use std::collections::BTreeSet;

use super::Tree;
use super::rule_ids::definition;

/// The page with the table.
pub(super) const PAGE: &str = "docs/operations.md";

/// The table's columns: limit, default, setting, answer, metric, tests.
const COLUMNS: usize = 6;

/// Checks each row against the names of all tests.
pub(super) fn check(tree: &Tree, tests: &BTreeSet<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, text) in tree.text(PAGE).lines().enumerate() {
        let Some((id, _)) = definition(text).filter(|(id, _)| id.starts_with("LIMIT-")) else {
            continue;
        };
        let mut fault = |why: String| faults.push(format!("{PAGE}, line {}: {why}", index + 1));
        let cells = cells(text);
        if cells.len() != COLUMNS {
            fault(format!("{id} has {} cells, not {COLUMNS}", cells.len()));
            continue;
        }
        for (cell, column) in [(1, "default"), (3, "answer"), (4, "metric")] {
            if cells[cell].is_empty() {
                fault(format!("{id} says nothing in the column {column}"));
            }
        }
        let named: Vec<_> = cells[COLUMNS - 1].split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            fault(format!("{id} names no test"));
        }
        for name in named.iter().filter(|name| !tests.contains(**name)) {
            fault(format!("{id} names the test {name}, and there is none"));
        }
    }
    faults
}

/// A row's cells, without the bars around them. A bar inside is escaped as `\|`.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{0}");
    row.split('|').map(|cell| cell.replace('\u{0}', "|").trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    fn faults(name: &str, row: &str) -> Vec<String> {
        let tree = MadeUp::new(&format!("limits-{name}"), &[(PAGE, row)]);
        check(&tree.0, &BTreeSet::from(["limit_boards_x"]))
    }

    #[test]
    fn a_row_whose_test_exists_is_tidy() {
        let row = "| **LIMIT-BOARDS** boards | 1,000 | `A\\|B` | 409 | `n` | `limit_boards_x` |\n";
        assert_eq!(faults("good", row), [""; 0]);
    }

    #[test]
    fn a_row_without_a_metric_or_a_test_that_exists_is_reported() {
        let none = faults("none", "| **LIMIT-BOARDS** | 1,000 | | 409 | `n` | |\n");
        assert_eq!(none, ["docs/operations.md, line 1: LIMIT-BOARDS names no test"]);
        let gone =
            faults("gone", "| **LIMIT-BOARDS** | 1,000 | | 409 | `n` | `limit_boards_y` |\n");
        assert!(gone[0].contains("limit_boards_y, and there is none"), "{gone:?}");
        let unseen =
            faults("unseen", "| **LIMIT-BOARDS** | 1,000 | | 409 | | `limit_boards_x` |\n");
        let why = "docs/operations.md, line 1: LIMIT-BOARDS says nothing in the column metric";
        assert_eq!(unseen, [why]);
        let short = faults("short", "| **LIMIT-BOARDS** | 1,000 | `limit_boards_x` |\n");
        assert!(short[0].contains("3 cells, not 6"), "{short:?}");
    }
}
