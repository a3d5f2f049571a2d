#!/usr/bin/env bash
# What jsonwebtoken, without its default features, brings into a WASI component.
#
# Guess:    on wasm32-wasip2 the same few crates as natively: WASI has a clock, and the code asks it there
#           (`SystemTime::now`, unless the target is wasm32 *without* a system).
# Happens:  js-sys is included, and with it wasm-bindgen and its macros, a second copy of getrandom, and
#           everything that these need, on every target whose processor is wasm32. The manifest distinguishes only
#           the processor, the code also the system, so none of it is called, and no feature leaves it out.
#           A rule such as "no wasm-bindgen in a component's tree" cannot be kept with it.
# Versions: jsonwebtoken 11.1.0 (crates.io), default-features = false.
# Source:   its Cargo.toml, [target.'cfg(target_arch = "wasm32")'.dependencies]; its src/validation.rs,
#           get_current_timestamp: cfg(all(target_arch = "wasm32", not(any(target_os = "emscripten",
#           target_os = "wasi")))).
# Seen:     x86_64-unknown-linux-gnu: nothing of it
#           wasm32-wasip2: getrandom js-sys wasm-bindgen   called there: SystemTime::now
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

mkdir "$folder/src"
touch "$folder/src/lib.rs"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "probe"
edition = "2024"
[dependencies]
jsonwebtoken = { version = "=11.1.0", default-features = false }
[workspace]
TOML
manifest="$folder/Cargo.toml"

# Those of the three crates that are in a build for this target.
brought() {
    cargo tree --quiet --manifest-path "$manifest" --target "$1" --edges normal --prefix none --format '{p}' |
        cut -d' ' -f1 | sort -u | grep -xE 'getrandom|js-sys|wasm-bindgen' | paste -sd' ' || true
}

expect x86_64-unknown-linux-gnu "$(brought x86_64-unknown-linux-gnu)" ""
source=$(cargo metadata --quiet --manifest-path "$manifest" --format-version 1 |
    python3 -c 'import json, os, sys; print(next(os.path.dirname(it["manifest_path"]) for it in json.load(sys.stdin)["packages"] if it["name"] == "jsonwebtoken"))')
# The first of the two functions is that of all targets but wasm32 without a system.
called=$(grep -A3 'cfg(not(all(target_arch = "wasm32", not(any(target_os = "emscripten", target_os = "wasi")))))' \
    "$source/src/validation.rs" | grep -o 'SystemTime::now')
expect wasm32-wasip2 "$(brought wasm32-wasip2)   called there: $called" \
    "getrandom js-sys wasm-bindgen   called there: SystemTime::now"
