//! The routes of `spin.toml`, so that no test forgets a new one.

use crate::stack::workspace;
use toml::{Table, Value};

/// Every route of the application, in the manifest's order, such as
/// `/api/quick-win/boards/:board_id`.
///
/// # Panics
/// If the manifest cannot be read.
#[must_use]
pub fn of_the_manifest() -> Vec<String> {
    let text = std::fs::read_to_string(workspace().join("spin.toml")).expect("spin.toml");
    let manifest: Table = text.parse().expect("TOML");
    let triggers = manifest["trigger"]["http"].as_array().expect("HTTP triggers");
    let route = |trigger: &Value| trigger["route"].as_str().expect("a route").to_owned();
    triggers.iter().map(route).collect()
}
