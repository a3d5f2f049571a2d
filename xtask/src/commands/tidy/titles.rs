//! The tree's tests, by name or title, which state the rules that they check.

use super::Tree;

/// Finds the tests in a file's text: each one's line, from 1, and its name.
type Reader = fn(&str) -> Vec<(usize, String)>;

/// The folders with tests, and how tests are found in them.
const SOURCES: &[(&str, Reader)] = &[
    (".rs", of_rust),
    (".test.ts", of_script),
    (".test.tsx", of_script),
    (".test.mjs", of_script),
];

pub(super) struct Test {
    /// Its file.
    pub(super) file: String,
    /// The line of its name, from 1.
    pub(super) line: usize,
    /// The function's name, or the title in a script.
    pub(super) name: String,
}

pub(super) fn all(tree: &Tree) -> Vec<Test> {
    let of = |(end, read): &(&'static str, Reader)| {
        let read = *read;
        tree.ending(end).flat_map(move |file| {
            let found = read(&tree.text(file));
            found.into_iter().map(move |(line, name)| Test { file: file.to_owned(), line, name })
        })
    };
    SOURCES.iter().flat_map(of).collect()
}

/// The functions under `#[test]` or a similar attribute, and those that `in_both_modes!` turns into
/// tests.
fn of_rust(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut attributed, mut in_both_modes) = (false, false);
    for (index, line) in text.lines().enumerate() {
        let line_text = line.trim_start();
        if line.contains("in_both_modes! {") {
            in_both_modes = true;
        } else if line == "}" {
            in_both_modes = false;
        } else if is_test_attribute(line_text) {
            attributed = true;
        } else if let Some(name) = function_name(line_text) {
            if attributed || in_both_modes {
                found.push((index + 1, name.to_owned()));
            }
            attributed = false;
        }
    }
    found
}

/// Whether this is `#[test]`, `#[tokio::test(…)]` or the like.
fn is_test_attribute(line: &str) -> bool {
    let Some(path) = line.strip_prefix("#[") else { return false };
    let path = path.split(['(', ']']).next().unwrap_or_default();
    path == "test" || path.ends_with("::test")
}

/// The name in `async fn name(`.
fn function_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
    Some(line.split(['(', '<']).next().unwrap_or_default())
}

/// The titles in `test("…"`, `it("…"` and `describe("…"`.
fn of_script(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start();
        for call in ["test(", "it(", "describe("] {
            let Some(rest) = line.strip_prefix(call) else { continue };
            let Some(quote @ ('"' | '\'' | '`')) = rest.chars().next() else { continue };
            if let Some(title) = rest[1..].split(quote).next() {
                found.push((index + 1, title.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_tests_where_an_attribute_or_a_macro_says_so() {
        let text = "fn helper() {}\n#[test]\n#[ignore]\nfn one() {}\nfn helper_too() {}\n\
                    #[tokio::test(flavor = \"x\")]\nasync fn two() {}\n#[cfg(test)]\nmod x {}\n\
                    contract_tests::in_both_modes! {\n/// Doc.\nasync fn three(api: Api) {\n}\n}\n\
                    async fn four() {}\n";
        let names: Vec<_> = of_rust(text).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["one", "two", "three"]);
    }

    #[test]
    fn titles_of_scripts_are_found_in_any_quotes() {
        let text = "describe(\"RT5: a\", () => {\n  test(`RT2: ${mode}`, () => {});\n  it('b', f);\n\
                    attest(\"c\");\n";
        let found = of_script(text);
        assert_eq!(found[0], (1, "RT5: a".to_owned()));
        assert_eq!(found[1].1, "RT2: ${mode}");
        assert_eq!(found[2].1, "b");
        assert_eq!(found.len(), 3);
    }
}
