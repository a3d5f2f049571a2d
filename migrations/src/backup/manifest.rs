//! What a backup says of itself, and whether it is true.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The file that says it, in the backup's folder.
pub(super) const FILE: &str = "manifest.json";

/// The file with the database, in the custom format of `pg_dump`.
pub(super) const DUMP: &str = "database.dump";

/// The form of the manifests that are written here.
pub(super) const FORMAT: u32 = 1;

/// How much of a dump is read at once, in bytes.
const PIECE: usize = 1024 * 1024;

/// What a backup holds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Manifest {
    /// The form of this document.
    pub format: u32,
    /// The version of the release that made it.
    pub version: String,
    /// The version of the schema.
    pub schema: i32,
    /// The version of the server, such as `15.18`.
    pub postgresql: String,
    /// The version of the `pg_dump` that made it.
    pub pg_dump: String,
    /// The database's epoch then.
    pub epoch: String,
    /// The moment whose state it is (RFC 3339).
    pub made_at: String,
    /// How much there was.
    pub counts: Counts,
    pub bytes: u64,
    /// The dump's SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// How much there was of each; what is in the trash is counted as well.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Counts {
    pub users: i64,
    pub boards: i64,
    pub tasks: i64,
    pub comments: i64,
    /// Events of boards.
    pub events: i64,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { users, boards, tasks, comments, events } = self;
        write!(
            formatter,
            "users: {users}, boards: {boards}, tasks: {tasks}, comments: {comments}, events: {events}"
        )
    }
}

/// A backup that is whole.
#[derive(Clone, Debug)]
pub struct Backup {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The dump, which is as it says.
    pub(super) dump: PathBuf,
}

impl Backup {
    /// Reads the backup in this folder, and its dump once, to see that it is what was written.
    ///
    /// # Errors
    /// When it is not a backup, is incomplete, or was made by a release that is newer than this one.
    pub fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        let text = fs::read_to_string(&file).with_context(|| {
            format!("{} is not a complete backup: {FILE} cannot be read", folder.display())
        })?;
        let faulty = || format!("{} is not the manifest of a backup", file.display());
        // Of another form only the number can be relied on.
        let format = serde_json::from_str::<serde_json::Value>(&text).with_context(faulty)?;
        let format = format["format"].as_u64().with_context(faulty)?;
        ensure!(
            format == u64::from(FORMAT),
            "{} has the format {format}, but this release reads {FORMAT}: restore it with the \
             release that made it",
            file.display()
        );
        let manifest: Manifest = serde_json::from_str(&text).with_context(faulty)?;
        let newest = crate::known().last().map_or(0, |migration| migration.version);
        if manifest.schema > newest {
            bail!(
                "the backup comes from the release {} with the schema V{}, but this release knows \
                 only V{newest}: restore it with that release, or a newer one",
                manifest.version,
                manifest.schema
            );
        }
        let dump = folder.join(DUMP);
        let (bytes, sha256) = sum(&dump)?;
        ensure!(
            bytes == manifest.bytes,
            "{} has {bytes} bytes, but its manifest says {}: it is incomplete",
            dump.display(),
            manifest.bytes
        );
        ensure!(
            sha256 == manifest.sha256,
            "{} has been changed: its SHA-256 is {sha256}, but its manifest says {}",
            dump.display(),
            manifest.sha256
        );
        Ok(Self { manifest, dump })
    }
}

/// The size of a file, and its SHA-256.
fn sum(file: &Path) -> Result<(u64, String)> {
    let unreadable = || format!("{} cannot be read", file.display());
    let mut reader = File::open(file).with_context(unreadable)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        let length = reader.read(&mut piece).with_context(unreadable)?;
        if length == 0 {
            return Ok((bytes, hexadecimal(hash)));
        }
        hash.update(&piece[..length]);
        bytes += length as u64;
    }
}

/// A hash as text.
pub(super) fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
