//! Backups of the database: made by PostgreSQL's own programs while everything goes on, kept as folders that
//! say what they hold, and restored whole or not at all.

mod folder;
mod making;
mod manifest;
mod programs;
mod restoring;

pub use folder::{Folder, age};
pub use making::make;
pub use manifest::{Backup, Counts, Manifest};
pub use programs::Programs;
pub use restoring::{Restored, restore};

/// Bytes as people read them, such as `12.3 MiB`.
#[must_use]
pub fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1024 * 1024);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}
