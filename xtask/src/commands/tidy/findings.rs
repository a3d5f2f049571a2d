//! Each finding is an executable script that states the expectation and what happens instead.

use std::os::unix::fs::PermissionsExt as _;

use super::Tree;

/// The folder, which `cargo xtask test` does not run: its scripts run third-party servers.
const FOLDER: &str = "findings/";

/// The headings of the comment at the top of each script.
const HEADINGS: [&str; 5] = ["# Guess: ", "# Happens: ", "# Versions: ", "# Source: ", "# Seen: "];

/// Checks each script in the folder; shared code is in a subfolder.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let scripts = tree
        .ending(".sh")
        .filter(|file| file.strip_prefix(FOLDER).is_some_and(|name| !name.contains('/')));
    let mut faults = Vec::new();
    for file in scripts {
        let text = tree.text(file);
        for heading in HEADINGS {
            if !text.lines().any(|line| line.starts_with(heading)) {
                faults.push(format!("{file}: no line begins with `{}`", heading.trim_end()));
            }
        }
        let metadata = std::fs::metadata(tree.root.join(file));
        if metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o100 == 0) {
            faults.push(format!("{file}: is not executable"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    #[test]
    fn a_finding_runs_and_says_what_it_found() {
        let whole = HEADINGS.map(|heading| format!("{heading}a\n")).concat();
        let files = [
            ("findings/a.sh", whole.as_str()),
            ("findings/b.sh", ""),
            ("findings/support/c.sh", ""),
            ("d.sh", ""),
        ];
        let tree = MadeUp::new("findings", &files);
        let all = check(&tree.0);
        assert_eq!(all.len(), 1 + HEADINGS.len() + 1, "{all:?}");
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(tree.0.root.join("findings/a.sh"), executable).unwrap();
        assert!(check(&tree.0).iter().all(|fault| fault.starts_with("findings/b.sh")));
    }
}
