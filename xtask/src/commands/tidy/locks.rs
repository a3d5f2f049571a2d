//! Forbidden content of lock files and package managers' settings.

use super::Tree;

/// Packages that are forbidden even as indirect dependencies, with the prefix of the forbidden
/// versions and the reason.
const BANNED: &[(&str, &str, &str)] = &[
    ("rsa", "0.9", "RUSTSEC-2023-0071; jsonwebtoken works without its rust_crypto"),
    ("openssl-sys", "", "the programs need no C library of TLS"),
];

/// Checks the lock files of Cargo and npm.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.named("Cargo.lock") {
        let text = tree.text(file);
        for (package, versions, why) in BANNED {
            if text.contains(&format!("\nname = \"{package}\"\nversion = \"{versions}")) {
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
    fn rsa_is_found_by_its_whole_name_and_its_version() {
        let lock =
            |name, version| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        for (name, version, faults) in
            [("rsa-like", "0.9.1", 0), ("rsa", "0.10.0", 0), ("rsa", "0.9.10", 1)]
        {
            let text = lock(name, version);
            let tree = MadeUp::new("locks-rsa", &[("Cargo.lock", text.as_str())]);
            assert_eq!(check(&tree.0).len(), faults, "{name} {version}");
        }
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
