//! The targets of the documents' relative links exist.

use super::{Tree, folder_of};

/// Checks every Markdown file.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.ending(".md") {
        for (line, target) in links(&tree.text(file)) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            if path.is_empty() {
                continue;
            }
            let place = match path.strip_prefix('/') {
                Some(path) => tree.root.join(path),
                None => tree.root.join(folder_of(file)).join(path),
            };
            if !place.exists() {
                faults.push(format!("{file}, line {line}: the link to {target} leads nowhere"));
            }
        }
    }
    faults
}

/// The relative targets of a document's `[text](target)` and `[text]: target`, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let mut targets: Vec<&str> = without_code(line)
            .into_iter()
            .flat_map(|part| part.split("](").skip(1))
            .filter_map(|rest| rest.split(')').next())
            .collect();
        if line.starts_with('[')
            && let Some((_, target)) = line.split_once("]: ")
        {
            targets.push(target);
        }
        for target in targets {
            // A title may follow the target, and angle brackets may surround it.
            let target = target.trim().split(' ').next().unwrap_or_default();
            let target = target.trim_start_matches('<').trim_end_matches('>');
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push((index + 1, target.to_owned()));
            }
        }
    }
    found
}

/// The parts of a line outside `code`.
fn without_code(line: &str) -> Vec<&str> {
    line.split('`').step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    #[test]
    fn a_dead_relative_link_is_reported_with_its_line() {
        let text = "See [one](other.md#part), [two](gone.md) and [web](https://example.org).\n\
                    [here](#below) [up](../README.md \"title\")\n\n[ref]: also-gone.md\n";
        let tree = MadeUp::new(
            "links",
            &[("docs/a.md", text), ("docs/other.md", ""), ("README.md", "[docs](docs/a.md)")],
        );
        let found = check(&tree.0);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("docs/a.md, line 1:") && found[0].contains("gone.md"));
        assert!(found[1].starts_with("docs/a.md, line 4:"));
    }

    #[test]
    fn code_is_not_read_for_links() {
        let text = "```\n[x](gone.md)\n```\n`[y](gone.md)` is how a link looks\n";
        assert_eq!(links(text), []);
    }
}
