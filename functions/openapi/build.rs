//! Makes the document that the component serves, from the description beside this file.

#[path = "description/mod.rs"]
mod description;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let text = description::build().to_string();
    let folder = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("openapi.json"), &text)?;
    println!("cargo::rustc-env=OPENAPI_DIGEST={}", digest(&text));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=description");
    Ok(())
}

/// FNV-1a: another text has another entity tag.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
