//! Writes the `bindgen!` call for the interfaces of Spin, pointing at the WIT files inside the
//! `spin-sdk` dependency: the guests' SDK and this host can then never disagree, and nothing is
//! copied.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The target that guests are built for: `spin-sdk` is a dependency there only.
const GUEST_TARGET: &str = "wasm32-wasip2";

/// What this host offers beyond WASI itself.
const WORLD: &str = "
    package local-host:bindings;
    world host {
        import spin:variables/variables@3.0.0;
        import spin:key-value/key-value@3.0.0;
        import spin:redis/redis@3.0.0;
        import spin:postgres/postgres@4.2.0;
        import wasi:keyvalue/store@0.2.0-draft2;
        import wasi:keyvalue/atomics@0.2.0-draft2;
        import wasi:keyvalue/batch@0.2.0-draft2;
    }";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let wit = sdk_directory()?.join("wit");
    if !wit.is_dir() {
        return Err(format!("spin-sdk has no folder {}", wit.display()).into());
    }
    let call = format!(
        "wasmtime::component::bindgen!({{
            path: {path:?},
            inline: {WORLD:?},
            world: \"local-host:bindings/host\",
            imports: {{
                \"spin:postgres/postgres.[constructor]connection-builder\": trappable,
                \"spin:postgres/postgres.[method]connection-builder.set-ca-root\": trappable,
                \"spin:postgres/postgres.[method]connection-builder.build\": async | trappable,
                \"spin:postgres/postgres.[static]connection.open\": async | trappable,
                \"spin:postgres/postgres.[method]connection.query\": async | trappable,
                \"spin:postgres/postgres.[method]connection.execute\": async | trappable,
                default: trappable,
            }},
            with: {{
                \"spin:key-value/key-value.store\": crate::factors::key_value::OpenStore,
                \"wasi:keyvalue/store.bucket\": crate::factors::key_value::OpenStore,
                \"wasi:keyvalue/atomics.cas\": crate::factors::key_value::CompareAndSwap,
                \"spin:redis/redis.connection\": crate::factors::redis::Connection,
                \"spin:postgres/postgres.connection\": crate::factors::postgres::Connection,
                \"spin:postgres/postgres.connection-builder\": crate::factors::postgres::ConnectionBuilder,
            }},
        }});",
        path = wit.display().to_string(),
    );
    let output = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(output.join("bindings.rs"), call)?;
    Ok(())
}

/// The folder of the `spin-sdk` that Cargo.lock names, downloaded by cargo where it is missing.
fn sdk_directory() -> Result<PathBuf, Box<dyn Error>> {
    let manifest_directory = env::var("CARGO_MANIFEST_DIR")?;
    let manifest = Path::new(&manifest_directory).join("Cargo.toml");
    let output = Command::new(env::var_os("CARGO").ok_or("CARGO is not set")?)
        .args(["metadata", "--format-version=1", "--locked"])
        .arg(format!("--filter-platform={GUEST_TARGET}"))
        .arg("--manifest-path")
        .arg(&manifest)
        .output()?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cargo metadata failed: {}", reason.trim()).into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let root = metadata["workspace_root"].as_str().ok_or("cargo metadata names no workspace")?;
    println!("cargo::rerun-if-changed={}", Path::new(root).join("Cargo.lock").display());
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    let sdk = packages
        .iter()
        .find(|package| package["name"] == "spin-sdk")
        .and_then(|package| package["manifest_path"].as_str())
        .and_then(|path| Path::new(path).parent())
        .ok_or("no package of the workspace depends on spin-sdk for wasm32-wasip2")?;
    Ok(sdk.to_owned())
}
