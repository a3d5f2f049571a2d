//! No cycles: modules that use each other cannot be read, tested or moved alone.
//!
//! In Rust sibling modules are compared, each with its submodules; a module and its own submodules
//! may use each other. In the app files are compared.

mod app;
mod crates;
mod graph;
mod tokens;

use super::Tree;

/// Checks every crate, and the app.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = crates::check(tree);
    faults.extend(app::check(tree));
    faults
}
