//! The software bill of materials, in CycloneDX's JSON (1.6, ECMA-424).

use anyhow::Result;
use serde_json::{Value, json};

use super::parts::Part;

/// The document.
///
/// # Errors
/// If it cannot be written as JSON.
pub(super) fn document(parts: &[Part]) -> Result<String> {
    let version = env!("CARGO_PKG_VERSION");
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "taskboard",
                "name": "taskboard",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": parts.iter().map(component).collect::<Vec<_>>(),
        "dependencies": [{
            "ref": "taskboard",
            "dependsOn": parts.iter().map(|part| &part.url).collect::<Vec<_>>(),
        }],
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn component(part: &Part) -> Value {
    let hash = part.hash.iter().map(|(name, digits)| json!({"alg": name, "content": digits}));
    json!({
        "type": "library",
        "bom-ref": part.url,
        "purl": part.url,
        "name": part.name,
        "version": part.version,
        "licenses": [{"expression": part.licence}],
        "hashes": hash.collect::<Vec<_>>(),
    })
}
