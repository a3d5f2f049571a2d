//! Rules for single files: small, not a build output, and beginning with a description.

use super::Tree;

/// The maximum size of a committed file, in bytes.
const SIZE_LIMIT: u64 = 1_000_000;

/// Rust files with more lines than this are reported.
const MANY_LINES: usize = 500;

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in &tree.files {
        let size = std::fs::metadata(tree.root.join(file)).map_or(0, |metadata| metadata.len());
        if size > SIZE_LIMIT {
            faults.push(format!("{file}: {size} bytes: no committed file is over {SIZE_LIMIT}"));
        }
        if file.ends_with(".wasm") || file.ends_with(".cwasm") {
            faults.push(format!("{file}: a build output: `cargo xtask build` makes it"));
        }
    }
    for file in tree.ending(".rs") {
        if !tree.text(file).starts_with("//! ") {
            faults.push(format!(
                "{file}: does not open with a `//!` sentence saying what lives here"
            ));
        }
    }
    faults
}

/// Long Rust files.
pub(super) fn hints(tree: &Tree) -> Vec<String> {
    tree.ending(".rs")
        .filter_map(|file| {
            let lines = tree.text(file).lines().count();
            (lines > MANY_LINES).then(|| format!("{file}: {lines} lines; could it be two files?"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    #[test]
    fn a_rust_file_opens_with_a_sentence() {
        let tree = MadeUp::new(
            "files-head",
            &[("a.rs", "//! Says what.\n"), ("b.rs", "fn main() {}\n"), ("c.rs", "//!\n")],
        );
        let found = check(&tree.0);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("b.rs") && found[1].starts_with("c.rs"));
    }

    #[test]
    fn big_files_and_build_outputs_are_reported() {
        let big = "x".repeat(1_000_001);
        let tree = MadeUp::new("files-big", &[("big.txt", big.as_str()), ("a.wasm", "")]);
        let found = check(&tree.0);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn a_long_file_is_a_hint_and_no_fault() {
        let long = format!("//! Long.\n{}", "\n".repeat(500));
        let tree = MadeUp::new("files-long", &[("long.rs", long.as_str())]);
        assert_eq!(check(&tree.0), [""; 0]);
        assert_eq!(hints(&tree.0).len(), 1);
    }
}
