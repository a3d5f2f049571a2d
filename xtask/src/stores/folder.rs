//! The folder of the private servers: accessible only to its owner, used by one program at a time.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::address::{Address, Store};
use crate::secrets;

/// The folder's name in the workspace; it is never committed.
pub(crate) const FOLDER: &str = ".taskboard";

/// The file with the addresses of both servers: readable as settings by a shell or a program.
const ADDRESSES: &str = "stores.env";

/// The file that is locked while a program uses the folder.
const LOCK: &str = "lock";

/// How many ports above the default are tried.
const PORTS: u16 = 200;

/// The folder, held by this process.
pub(crate) struct Folder {
    path: PathBuf,
    /// The system releases the lock when the process ends in any way.
    _lock: File,
}

impl Folder {
    /// Creates the folder if it is missing, and locks it; none while another program has it.
    ///
    /// # Errors
    /// If it cannot be created or entered.
    pub(crate) fn take(path: &Path) -> Result<Option<Self>> {
        let shown = path.display();
        make(path).with_context(|| format!("{shown} cannot be made"))?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path.join(LOCK))
            .with_context(|| format!("{shown} cannot be written to (whose is it?)"))?;
        match lock.try_lock() {
            Ok(()) => {
                let path = path.canonicalize()?;
                Ok(Some(Self { path, _lock: lock }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).context(format!("{shown} cannot be locked"))
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A private server's previous address, or a new one with a fresh password, saved to the
    /// file; the port changes if the previous one is taken now.
    ///
    /// # Errors
    /// If the file cannot be read or written, or no port is free.
    pub(crate) fn address(&self, store: Store, has_data: bool) -> Result<Address> {
        let known = remembered(&self.path, store)?;
        if known.is_none() && has_data {
            bail!(
                "{} has data of a server whose password is lost, since {ADDRESSES} in it has no \
                 {}: remove the folder to start over",
                self.path.display(),
                store.variable()
            );
        }
        let password = match known.as_ref().and_then(Address::password) {
            Some(password) => password.to_owned(),
            None => secrets::random_secret()?,
        };
        let port = free_port(store, known.as_ref().map(Address::port))?;
        let url = match store {
            Store::Database => {
                format!("postgres://taskboard:{password}@127.0.0.1:{port}/postgres")
            }
            Store::Redis => format!("redis://:{password}@127.0.0.1:{port}/0"),
        };
        self.remember(store, &url)?;
        Address::parse(store, store.variable(), &url)
    }

    fn remember(&self, store: Store, url: &str) -> Result<()> {
        let path = self.path.join(ADDRESSES);
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        let mut text: String = old
            .lines()
            .filter(|line| !line.starts_with(&format!("{}=", store.variable())))
            .map(|line| format!("{line}\n"))
            .collect();
        text.push_str(&format!("{}={url}\n", store.variable()));
        if text != old {
            self.write(ADDRESSES, &text)?;
        }
        Ok(())
    }

    /// Writes a file that only its owner can read, completely or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.path.join(name);
        let fresh = path.with_extension("fresh");
        write_private(&fresh, text)
            .and_then(|()| std::fs::rename(&fresh, &path))
            .with_context(|| format!("{} cannot be written", path.display()))
    }
}

/// The previous address of a private server in this folder.
///
/// # Errors
/// If the file cannot be read, or a line of it is malformed.
pub(crate) fn remembered(folder: &Path, store: Store) -> Result<Option<Address>> {
    let path = folder.join(ADDRESSES);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context(format!("{} cannot be read", path.display())),
    };
    let settings = secrets::parse(&path.display().to_string(), &text)?;
    let name = store.variable();
    settings.get(name).map(|url| Address::parse(store, name, url)).transpose()
}

/// Makes a folder accessible only to its owner, creating it if necessary.
///
/// # Errors
/// If it cannot be created, or belongs to another user.
pub(super) fn make(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    if path.metadata()?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(path, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Writes a file that only its owner can read.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let _ = std::fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// The previous port, or the first free one of the store's range: people find the servers at the
/// same address, outside the system's range for outgoing connections.
fn free_port(store: Store, last: Option<u16>) -> Result<u16> {
    let first = match store {
        Store::Database => 25_432,
        Store::Redis => 26_379,
    };
    last.into_iter()
        .chain(first..first + PORTS)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .with_context(|| format!("no port from {first} to {} is free", first + PORTS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("xtask-folder-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        path
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn only_its_owner_enters_the_folder_and_reads_the_addresses() {
        let path = fresh("modes");
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        let folder = Folder::take(&path).unwrap().unwrap();
        folder.address(Store::Redis, false).unwrap();
        assert_eq!((mode(&path), mode(&path.join(ADDRESSES))), (0o700, 0o600));
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn one_program_at_a_time_has_the_folder() {
        let path = fresh("lock");
        let folder = Folder::take(&path).unwrap();
        assert!(folder.is_some() && Folder::take(&path).unwrap().is_none());
        drop(folder);
        assert!(Folder::take(&path).unwrap().is_some());
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn addresses_are_remembered_and_a_taken_port_is_replaced() {
        let path = fresh("ports");
        let folder = Folder::take(&path).unwrap().unwrap();
        let first = folder.address(Store::Database, false).unwrap();
        folder.address(Store::Redis, false).unwrap();
        assert_eq!(folder.address(Store::Database, true).unwrap().url(), first.url());
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, first.port())).unwrap();
        let second = folder.address(Store::Database, true).unwrap();
        assert_ne!(second.port(), first.port());
        assert_eq!(second.password(), first.password());
        assert_eq!(remembered(&path, Store::Database).unwrap().unwrap().url(), second.url());
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn data_whose_password_is_lost_is_an_error_that_says_so() {
        let path = fresh("lost");
        let folder = Folder::take(&path).unwrap().unwrap();
        let error = folder.address(Store::Database, true).err().unwrap().to_string();
        assert!(error.contains("DATABASE_URL") && error.contains("remove"), "{error}");
        std::fs::remove_dir_all(path).unwrap();
    }
}
