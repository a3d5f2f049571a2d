//! The files that a component may read: folders are shown to the guest as they are, single files
//! and patterns are copied into a folder of their own first.

use std::fs;
use std::path::{Component as PathPart, Path, PathBuf};

use tempfile::TempDir;

use crate::manifest::document::{DocumentError, Located};
use crate::manifest::{Component, FileMount};

/// What one component sees of the file system, all of it read-only.
pub(crate) struct Mounts {
    /// Folders of this machine and the absolute paths that the guest knows them by.
    pub(crate) folders: Vec<(PathBuf, String)>,
    /// Holds the copies, which go when the host ends.
    _copies: Option<TempDir>,
}

impl Mounts {
    /// Prepares the files of `component`; its paths start from `directory`.
    ///
    /// # Errors
    /// A source does not exist, a pattern is faulty, or a copy fails.
    pub(crate) fn prepare(component: &Component, directory: &Path) -> Result<Self, DocumentError> {
        let mut excluded = Vec::new();
        for pattern in &component.exclude_files {
            excluded.push(parse_glob(pattern)?);
        }
        let mut folders = Vec::new();
        let mut copies = None;
        for mount in &component.files {
            if let FileMount::Placement { source, destination } = mount {
                let from = directory.join(&source.value);
                if !from.exists() {
                    return Err(source.error(format_args!("no such file {:?}", source.value)));
                }
                if from.is_dir() && excluded.is_empty() {
                    folders.push((from, destination.value.clone()));
                    continue;
                }
            }
            let copier =
                Copier { copies: copy_folder(&mut copies, mount)?, directory, excluded: &excluded };
            copier.copy(mount)?;
        }
        if let Some(copies) = &copies {
            folders.push((copies.path().to_owned(), "/".to_owned()));
        }
        Ok(Self { folders, _copies: copies })
    }
}

impl FileMount {
    /// What a message about this mount starts with.
    fn located(&self) -> &Located<String> {
        match self {
            Self::Pattern(pattern) => pattern,
            Self::Placement { source, .. } => source,
        }
    }
}

fn copy_folder<'a>(
    copies: &'a mut Option<TempDir>,
    mount: &FileMount,
) -> Result<&'a Path, DocumentError> {
    let copies = match copies {
        Some(copies) => copies,
        None => copies.insert(tempfile::tempdir().map_err(|error| {
            mount.located().error(format_args!("cannot make a folder for copies: {error}"))
        })?),
    };
    Ok(copies.path())
}

fn parse_glob(pattern: &Located<String>) -> Result<glob::Pattern, DocumentError> {
    glob::Pattern::new(&pattern.value)
        .map_err(|error| pattern.error(format_args!("is not a pattern: {error}")))
}

/// Copies what mounts name into the folder that the guest sees as `/`.
struct Copier<'a> {
    copies: &'a Path,
    directory: &'a Path,
    excluded: &'a [glob::Pattern],
}

impl Copier<'_> {
    fn copy(&self, mount: &FileMount) -> Result<(), DocumentError> {
        let located = mount.located();
        let failed = |error: std::io::Error| located.error(format_args!("cannot be read: {error}"));
        match mount {
            FileMount::Placement { source, destination } => {
                let from = self.directory.join(&source.value);
                let to = destination.value.trim_start_matches('/');
                self.copy_tree(&from, &inside(to, located)?).map_err(failed)
            }
            FileMount::Pattern(pattern) => {
                let path = inside(&pattern.value, pattern)?;
                let from = self.directory.join(&path);
                if from.exists() {
                    return self.copy_tree(&from, &path).map_err(failed);
                }
                let mut found = false;
                let absolute = from.display().to_string();
                let matches = glob::glob(&absolute)
                    .map_err(|error| pattern.error(format_args!("is not a pattern: {error}")))?;
                for file in matches.filter_map(Result::ok).filter(|file| file.is_file()) {
                    let relative = file.strip_prefix(self.directory).unwrap_or(&file).to_owned();
                    self.copy_tree(&file, &relative).map_err(failed)?;
                    found = true;
                }
                if found || absolute.contains(['*', '?', '[']) {
                    return Ok(());
                }
                Err(pattern.error(format_args!("no such file {:?}", pattern.value)))
            }
        }
    }

    fn copy_tree(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        if from.is_dir() {
            for entry in fs::read_dir(from)? {
                let entry = entry?;
                self.copy_tree(&entry.path(), &to.join(entry.file_name()))?;
            }
            return Ok(());
        }
        let name = from.strip_prefix(self.directory).unwrap_or(from);
        if self.excluded.iter().any(|pattern| pattern.matches_path(name)) {
            return Ok(());
        }
        let target = self.copies.join(to);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(from, target).map(|_| ())
    }
}

/// A path that stays inside the folder it is joined to.
fn inside(path: &str, located: &Located<String>) -> Result<PathBuf, DocumentError> {
    let stays = |part: PathPart<'_>| matches!(part, PathPart::Normal(_) | PathPart::CurDir);
    if Path::new(path).components().all(stays) {
        return Ok(PathBuf::from(path));
    }
    Err(located.error("must be a relative path without .."))
}
