#!/usr/bin/env bash
# What a compiler wrapper for Cargo loses if it is written for `sh`.
#
# Guess:    RUSTC_WRAPPER and RUSTC_WORKSPACE_WRAPPER may name a script of one line, `exec "$@"`: what Cargo
#           sets for the compiler reaches it through any shell.
# Happens:  with dash as `sh` (Debian, Ubuntu) a package whose program has a hyphen in its name compiles, and
#           its integration tests do not: Cargo passes them the program's path in CARGO_BIN_EXE_with-hyphen,
#           which is not a valid name of a shell variable, and dash drops such names from the environment that it passes on. rustc then
#           advises to ask for the variable at run time. The same script run by bash passes all of them on.
# Versions: cargo 1.95.0, dash 0.5.12, bash 5.2; the same with RUSTC_WRAPPER.
# Source:   https://doc.rust-lang.org/cargo/reference/environment-variables.html, CARGO_BIN_EXE_<name>: the
#           name is used "as-is". POSIX, Shell Command Language 2.5.3, does not say what happens to other
#           names.
# Seen:     dash: program compiled, environment variable `CARGO_BIN_EXE_with-hyphen` not defined
#           bash: program compiled, tests compiled
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

mkdir "$folder/src" "$folder/tests"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "with-hyphen"
edition = "2024"
[workspace]
TOML
echo 'fn main() {}' >"$folder/src/main.rs"
echo '#[test] fn is_there() { assert!(std::path::Path::new(env!("CARGO_BIN_EXE_with-hyphen")).exists()); }' \
    >"$folder/tests/is_there.rs"

try() {
    local shell=$1 wrapper="$folder/wrapper-$1" told
    printf '#!/usr/bin/env %s\nexec "$@"\n' "$shell" >"$wrapper"
    chmod +x "$wrapper"
    local target="$folder/target-$shell"
    local cargo=(env -u CI RUSTC_WORKSPACE_WRAPPER="$wrapper" CARGO_TARGET_DIR="$target" cargo)
    "${cargo[@]}" build --quiet --manifest-path "$folder/Cargo.toml"
    told="tests compiled"
    "${cargo[@]}" test --quiet --no-run --manifest-path "$folder/Cargo.toml" 2>"$folder/errors" ||
        told=$(grep -oE 'environment variable `[^`]*` not defined' "$folder/errors" | head -1)
    echo "program compiled, $told"
}

expect dash "$(try dash)" 'program compiled, environment variable `CARGO_BIN_EXE_with-hyphen` not defined'
expect bash "$(try bash)" "program compiled, tests compiled"
