//! A Spin for `cargo xtask up`. The tests have no real one: a script replaces it that reports a
//! version, records its arguments, and runs local-host, which accepts the same ones.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::Place;

/// A folder with a program `spin`.
pub(super) struct SubstituteSpin {
    folder: PathBuf,
}

impl SubstituteSpin {
    /// Makes one that reports this version.
    pub(super) fn of_version(place: &Place, version: &str) -> Result<Self> {
        let folder = place.workspace.target.join("substitute-spin").join(version);
        std::fs::create_dir_all(&folder)?;
        let spin = folder.join("spin");
        let local_host = place.workspace.target.join("debug/local-host");
        let (record, local_host) = (folder.join("arguments"), local_host.display());
        let script = format!(
            r#"#!/bin/sh
if [ "$1" = --version ]; then echo 'spin {version} (0000000 2026-01-01)'; exit; fi
printf '%s\n' "$@" > '{}'
[ "$1" = up ] || exit 2
shift
exec '{local_host}' "$@"
"#,
            record.display()
        );
        std::fs::write(&spin, script)?;
        std::fs::set_permissions(&spin, Permissions::from_mode(0o755))?;
        Ok(Self { folder })
    }

    /// Puts it before every other Spin that the command could find.
    pub(super) fn put_first(&self, command: &mut Command) -> Result<()> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder.clone()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders)?);
        Ok(())
    }

    /// The arguments of its last call.
    pub(super) fn arguments(&self) -> Result<Vec<String>> {
        let text = std::fs::read_to_string(self.folder.join("arguments"));
        let text = text.context("nobody has called `spin up`")?;
        Ok(text.lines().map(str::to_owned).collect())
    }
}
