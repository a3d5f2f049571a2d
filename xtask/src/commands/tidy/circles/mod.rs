//! No circles: of modules that use each other none can be read, tested or moved alone.
//!
//! In Rust neighbours are compared, each with all that is in it; a module and its own parts may use each
//! other. In the app it is files.

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
