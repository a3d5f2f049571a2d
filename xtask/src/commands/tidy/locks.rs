//! What must not stand in lock files and package managers' settings.

use super::Tree;

/// Packages that must not come in even by way of others, each with the reason.
const BANNED: &[(&str, &str)] = &[
    ("rsa", "it has an open advisory and no fix; jsonwebtoken works without its rust_crypto"),
    ("openssl-sys", "the programs need no C library of TLS"),
];

/// Checks the lock files of Cargo and npm.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.named("Cargo.lock") {
        let text = tree.text(file);
        for (package, why) in BANNED {
            if text.lines().any(|line| line == format!("name = \"{package}\"")) {
                faults.push(format!("{file}: \"{package}\" must not be in it: {why}"));
            }
        }
    }
    for file in tree.named("package-lock.json").chain(tree.named("npm-shrinkwrap.json")) {
        let text = tree.text(file);
        let line = text.lines().position(|line| line.contains("\"resolved\": \"http"));
        if let Some(index) = line {
            faults.push(format!(
                "{file}, line {}: a download address: set omit-lockfile-registry-resolved=true in \
                 .npmrc and make the file again",
                index + 1
            ));
        }
    }
    for file in tree.named(".npmrc") {
        if tree.text(file).lines().any(|line| line.contains("registry=http")) {
            faults.push(format!("{file}: it names a registry: which one to use is the machine's"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::made_up::MadeUp;
    use super::*;

    #[test]
    fn rsa_is_found_by_its_whole_name() {
        let good =
            MadeUp::new("locks-good", &[("Cargo.lock", "[[package]]\nname = \"rsa-like\"\n")]);
        assert_eq!(check(&good.0), [""; 0]);
        let bad = MadeUp::new("locks-bad", &[("Cargo.lock", "[[package]]\nname = \"rsa\"\n")]);
        assert_eq!(check(&bad.0).len(), 1);
    }

    #[test]
    fn download_addresses_in_npm_locks_are_found_with_their_line() {
        let lock = "{\n  \"a\": {\n    \"resolved\": \"https://example.org/a.tgz\"\n  }\n}\n";
        let tree = MadeUp::new(
            "locks-npm",
            &[("app/package-lock.json", lock), ("app/.npmrc", "registry=https://example.org/\n")],
        );
        let found = check(&tree.0);
        assert!(found[0].starts_with("app/package-lock.json, line 3:"), "{found:?}");
        assert_eq!(found.len(), 2);
        let local =
            MadeUp::new("locks-local", &[("package-lock.json", "\"resolved\": \"../lib\"")]);
        assert_eq!(check(&local.0), [""; 0]);
    }
}
