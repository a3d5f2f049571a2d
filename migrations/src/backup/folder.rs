//! The folder of backups, one folder each: complete ones named by their time, the newest few.

use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};

use super::manifest::FILE;

/// What the names of backups begin with.
const PREFIX: &str = "taskboard-";

/// What the names end with of those that are not whole, yet or any more.
const PARTIAL: &str = ".partial";

/// Held by the process that makes a backup here.
const LOCK: &str = ".lock";

/// A folder with backups, for one who makes them at a time.
pub struct Folder {
    place: PathBuf,
    _lock: File,
}

impl Folder {
    /// Opens it, creates it if there is none (for its owner only), and removes what others left half done.
    ///
    /// # Errors
    /// When it cannot be made or written to, or somebody makes a backup there.
    pub fn open(place: &Path) -> Result<Self> {
        let unusable = || format!("{} cannot be written to", place.display());
        DirBuilder::new().recursive(true).mode(0o700).create(place).with_context(unusable)?;
        let lock = File::create(place.join(LOCK)).with_context(unusable)?;
        if lock.try_lock().is_err() {
            bail!("another backup is being made in {}", place.display());
        }
        let folder = Self { place: place.to_owned(), _lock: lock };
        for name in names(place)? {
            if name.ends_with(PARTIAL) {
                fs::remove_dir_all(folder.place.join(name)).with_context(unusable)?;
            }
        }
        Ok(folder)
    }

    /// Removes all but this many of the newest.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn keep(&self, most: usize) -> Result<Vec<PathBuf>> {
        let mut old = whole(&self.place)?;
        old.truncate(old.len().saturating_sub(most));
        let remove = |name: String| {
            let (place, partial) = (self.place.join(&name), self.partial(&name));
            // Half removed it must not look whole.
            fs::rename(&place, &partial)?;
            fs::remove_dir_all(partial)?;
            Ok(place)
        };
        old.into_iter()
            .map(remove)
            .collect::<std::io::Result<_>>()
            .with_context(|| format!("an old backup in {} cannot be removed", self.place.display()))
    }

    /// A folder for the backup of this name, which is not whole yet.
    pub(super) fn begin(&self, name: &str) -> Result<PathBuf> {
        let partial = self.partial(name);
        DirBuilder::new()
            .mode(0o700)
            .create(&partial)
            .with_context(|| format!("{} cannot be made", partial.display()))?;
        Ok(partial)
    }

    /// Gives the backup its name: what is in it is on the disk, and so is the name afterwards.
    pub(super) fn finish(&self, name: &str) -> Result<PathBuf> {
        let (partial, place) = (self.partial(name), self.place.join(format!("{PREFIX}{name}")));
        let finish = || {
            File::open(&partial)?.sync_all()?;
            if place.exists() {
                return Err(ErrorKind::AlreadyExists.into());
            }
            fs::rename(&partial, &place)?;
            File::open(&self.place)?.sync_all()
        };
        finish().with_context(|| format!("{} cannot be finished", place.display()))?;
        Ok(place)
    }

    /// Removes what was begun and came to nothing.
    pub(super) fn give_up(&self, name: &str) {
        // What is left looks like what it is, and goes with the next backup.
        let _ = fs::remove_dir_all(self.partial(name));
    }

    fn partial(&self, name: &str) -> PathBuf {
        let name = name.strip_prefix(PREFIX).unwrap_or(name);
        self.place.join(format!("{PREFIX}{name}{PARTIAL}"))
    }
}

/// How long ago the newest backup in a folder was made; none if there is none.
///
/// # Errors
/// When the folder cannot be read.
pub fn age(place: &Path) -> Result<Option<Duration>> {
    if !place.exists() {
        return Ok(None);
    }
    let Some(newest) = whole(place)?.pop() else { return Ok(None) };
    let made = fs::metadata(place.join(newest).join(FILE))?.modified()?;
    Ok(Some(SystemTime::now().duration_since(made).unwrap_or_default()))
}

/// The names of those that are whole, oldest first.
fn whole(place: &Path) -> Result<Vec<String>> {
    let mut names = names(place)?;
    names.retain(|name| !name.ends_with(PARTIAL) && place.join(name).join(FILE).is_file());
    names.sort_unstable();
    Ok(names)
}

fn names(place: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(place).with_context(|| format!("{} cannot be read", place.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    Ok(names.filter(|name| name.starts_with(PREFIX)).collect())
}
