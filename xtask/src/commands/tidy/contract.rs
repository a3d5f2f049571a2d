//! The contract's rules: every citation names an existing rule, and each rule has a test.

use std::collections::{BTreeMap, BTreeSet};

use super::rule_ids::{definition, is_id};
use super::titles;
use super::{Tree, limits};

/// Where rules are defined, each at the beginning of a line: `**ID**`, in a list or in a table.
const CONTRACT: &[&str] = &["docs/contract/api.md", "docs/contract/realtime.md", limits::PAGE];

/// The files that cite rules.
const CITING: &[&str] = &[".rs", ".md", ".sql", ".lua", ".ts", ".tsx", ".mjs", ".toml", ".yaml"];

/// Files with invented ids: the tests of this check.
const OWN: &str = "xtask/src/commands/tidy/";

/// Applied migrations, which are never edited: they cite the contract's pages without their folder.
const SEALED: &str = "migrations/sql/";

struct Rule {
    file: &'static str,
    line: usize,
    /// Whether it is not implemented yet.
    planned: bool,
}

type Rules = BTreeMap<String, Rule>;

/// Checks ids and the names of tests, and that each rule has a test.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let rules = rules(tree, &mut faults);
    if rules.is_empty() {
        return faults;
    }
    faults.extend(unknown_citations(tree, &rules));
    let tests = titles::all(tree);
    let mut guarded = BTreeSet::new();
    for test in tests.iter().filter(|test| !test.file.starts_with(OWN)) {
        match quoted(&test.name, &rules) {
            Ok(ids) => guarded.extend(ids),
            Err(why) => faults.push(format!("{}, line {}: {why}", test.file, test.line)),
        }
    }
    faults.extend(limits::check(tree, &tests.iter().map(|test| &*test.name).collect()));
    for (id, Rule { file, line, planned }) in &rules {
        let guarded = guarded.contains(id) || id.starts_with("LIMIT-");
        if guarded && *planned {
            faults.push(format!("{file}, line {line}: {id} has a test: it is no longer planned"));
        } else if !guarded && !planned {
            let name = in_names(id);
            faults.push(format!("{file}, line {line}: no test guards {id}: name one {name}…"));
        }
    }
    faults
}

/// The rules of the contract.
fn rules(tree: &Tree, faults: &mut Vec<String>) -> Rules {
    let mut rules = Rules::new();
    for file in CONTRACT {
        for (index, text) in tree.text(file).lines().enumerate() {
            let line = index + 1;
            let Some((id, rest)) = definition(text) else { continue };
            let planned = rest.trim_start().starts_with("(planned)");
            if rules.insert(id.to_owned(), Rule { file, line, planned }).is_some() {
                faults.push(format!("{file}, line {line}: {id} is defined twice"));
            }
        }
    }
    rules
}

/// Finds unknown ids, and citations of the contract's pages without their path.
fn unknown_citations(tree: &Tree, rules: &Rules) -> Vec<String> {
    let mut faults = Vec::new();
    let citing = |file: &&String| CITING.iter().any(|end| file.ends_with(end));
    for file in tree.files.iter().filter(citing).filter(|file| !file.starts_with(OWN)) {
        for (index, line) in tree.text(file).lines().enumerate() {
            let words = line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
            for id in words.map(|word| word.trim_end_matches('-')).filter(|word| is_id(word)) {
                if !rules.contains_key(id) {
                    let line = index + 1;
                    faults
                        .push(format!("{file}, line {line}: {id} is not a rule of docs/contract"));
                }
            }
            let lives_here = file.starts_with("docs/contract/") || file.starts_with(SEALED);
            if !lives_here
                && let Some(page) = ["api.md", "realtime.md"]
                    .iter()
                    .find(|page| line.match_indices(**page).any(|(at, _)| is_bare(&line[..at])))
            {
                let line = index + 1;
                faults.push(format!("{file}, line {line}: {page} is docs/contract/{page}"));
            }
        }
    }
    faults
}

/// Whether the text before a page's name is neither its folder nor another part of a name.
fn is_bare(before: &str) -> bool {
    !before.ends_with("contract/") && !before.ends_with(|c: char| c.is_alphanumeric() || c == '-')
}

/// The rules named by a test's name or title; none if it names none.
///
/// # Errors
/// The fault of the name.
fn quoted(name: &str, rules: &Rules) -> Result<Vec<String>, String> {
    let title = name.contains([' ', ':']) || name.starts_with(|c: char| c.is_ascii_uppercase());
    if title { of_title(name, rules) } else { of_name(name, rules) }
}

/// `RT2, RT5: …`
fn of_title(title: &str, rules: &Rules) -> Result<Vec<String>, String> {
    let first = title.split([' ', ',', ':']).next().unwrap_or_default();
    if !is_id(first) {
        return match title.starts_with("realtime:") {
            true => Err(format!("\"{title}\" names no rule: RT-…: or CLOSE-…:")),
            false => Ok(Vec::new()),
        };
    }
    let (ids, _) = title.split_once(": ").ok_or(format!("\"{title}\": say \"{first}: …\""))?;
    let ids: Vec<_> = ids.split(", ").map(str::to_owned).collect();
    match ids.iter().find(|id| !rules.contains_key(*id)) {
        Some(id) => Err(format!("\"{title}\": {id} is not a rule of docs/contract")),
        None => Ok(ids),
    }
}

/// `rt2_and_rt5_…`, `rt1_to_rt5_…`, `api_404_…`
fn of_name(name: &str, rules: &Rules) -> Result<Vec<String>, String> {
    let claims = ["api_", "rt_", "limit_", "realtime_"].iter().any(|start| name.starts_with(start))
        || ["rt", "close_"].iter().any(|start| {
            let rest = name.strip_prefix(start);
            rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
        });
    if !claims {
        return Ok(Vec::new());
    }
    let none =
        || format!("the test {name} begins with no rule of docs/contract (or {})", limits::PAGE);
    let (first, mut rest) = leading(name, rules).ok_or_else(none)?;
    let mut ids = vec![first];
    loop {
        let next = ["and_", "to_"].iter().find_map(|joint| {
            let (id, behind) = leading(rest.strip_prefix(joint)?, rules)?;
            Some((*joint, id, behind))
        });
        let Some((joint, id, behind)) = next else { return Ok(ids) };
        if joint == "to_" {
            let number = |id: &str| id.strip_prefix("RT").and_then(|text| text.parse::<u32>().ok());
            let from = ids.last().and_then(|last| number(last)).unwrap_or_default();
            ids.extend((from + 1..number(&id).unwrap_or_default()).map(|n| format!("RT{n}")));
        }
        ids.push(id);
        rest = behind;
    }
}

/// The longest id at the beginning of a name, and the rest.
fn leading<'a>(name: &'a str, rules: &Rules) -> Option<(String, &'a str)> {
    let fitting = rules.keys().filter_map(|id| Some((id, name.strip_prefix(&*in_names(id))?)));
    fitting.max_by_key(|(id, _)| id.len()).map(|(id, rest)| (id.clone(), rest))
}

/// An id in the notation of tests' names.
fn in_names(id: &str) -> String {
    format!("{}_", id.to_lowercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    const RULES: &str = "- **RT1** Order.\n- **RT2** Once.\n\n**RT-CURSOR** Where.\n\n\
                         | **CLOSE-4401** | no token |\n\n**API-ADMIN** (planned) Later.\n";
    const TESTS: &str = "#[test]\nfn rt1_and_rt2_hold() {}\n#[test]\nfn rt_cursor_moves() {}\n\
                         #[test]\nfn close_4401_for_none() {}\n";

    fn faults(name: &str, files: &[(&str, &str)]) -> Vec<String> {
        let mut all = vec![("docs/contract/realtime.md", RULES), ("tests/a.rs", TESTS)];
        all.extend(files);
        check(&MadeUp::new(&format!("contract-{name}"), &all).0)
    }

    #[test]
    fn rules_with_tests_and_what_cites_them_are_tidy() {
        let more = [
            ("src/a.rs", "// docs/contract/realtime.md, RT-CURSOR; RT1–RT2\n"),
            ("app/a.test.ts", "test(\"RT1, CLOSE-4401: x\", f);\ntest(\"opens\", f);\n"),
            ("docs/b.md", "[x](contract/realtime.md), X-API-KEY, the-api.md\n"),
        ];
        assert_eq!(faults("good", &more), [""; 0]);
    }

    #[test]
    fn an_id_that_no_rule_has_is_reported_wherever_it_stands() {
        let more = [
            ("src/a.rs", "\n// RT12 says so\n"),
            ("docs/b.md", "as API-MADE-UP has it, see api.md\n"),
            ("tests/b.rs", "#[test]\nfn rt12_x() {}\n#[test]\nfn api_made_up_x() {}\n"),
            ("app/a.test.ts", "test(\"RT12: x\", f);\nit(\"RT1 x\", f);\n"),
            ("tests/c.rs", "fn rt13_helper() {}\n#[test]\nfn realtime_1_x() {}\n"),
        ];
        let found = faults("unknown", &more);
        let reported = |start: &str, part: &str| {
            let tells = |fault: &&String| fault.starts_with(start) && fault.contains(part);
            assert_eq!(found.iter().filter(tells).count(), 1, "{start} {part}: {found:#?}");
        };
        reported("src/a.rs, line 2: RT12 is not a rule", "");
        reported("docs/b.md, line 1: API-MADE-UP", "");
        reported("docs/b.md, line 1: api.md is docs/contract/api.md", "");
        reported("tests/b.rs, line 2:", "rt12_x");
        reported("tests/b.rs, line 4:", "api_made_up_x");
        reported("app/a.test.ts, line 1: \"RT12: x\"", "not a rule");
        reported("app/a.test.ts, line 2:", "say \"RT1: …\"");
        reported("tests/c.rs, line 3:", "realtime_1_x");
        // The title's id is reported as a citation, too.
        assert_eq!(found.len(), 9, "{found:#?}");
    }

    #[test]
    fn a_rule_without_a_test_is_reported_and_a_planned_one_with_a_test_as_well() {
        let more = [
            ("docs/contract/api.md", "**API-404** Unknown.\n\n**API-404** Again.\n"),
            ("tests/b.rs", "#[test]\nfn api_admin_x() {}\n"),
        ];
        let found = faults("untested", &more);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].contains("API-404 is defined twice"));
        assert!(
            found.iter().any(|fault| fault.contains("no test guards API-404: name one api_404_…"))
        );
        assert!(found.iter().any(|fault| fault.contains("API-ADMIN has a test")));
    }

    #[test]
    fn names_join_rules_and_ranges() {
        let rules: Rules = ["RT1", "RT2", "RT3", "RT-CURSOR", "RT-CURSOR-END"]
            .map(|id| (id.to_owned(), Rule { file: "", line: 1, planned: false }))
            .into();
        let ids = |name| quoted(name, &rules).unwrap_or_default();
        assert_eq!(ids("rt1_to_rt3_hold"), ["RT1", "RT2", "RT3"]);
        assert_eq!(ids("rt3_and_rt_cursor_end_x"), ["RT3", "RT-CURSOR-END"]);
        assert_eq!(ids("rt_cursor_x"), ["RT-CURSOR"]);
        assert_eq!(ids("rt1_and_more"), ["RT1"]);
        assert_eq!(ids("closes_what_is_open"), [""; 0]);
    }
}
