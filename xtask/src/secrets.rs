//! The secrets in `.jwt.env`: read, and generated if they are missing.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::console::{say, warn};
use crate::manifest::Manifest;

/// The file's name in the workspace's folder; it is never committed.
const FILE: &str = ".jwt.env";

/// How many random bytes a secret has.
const SECRET_BYTES: usize = 32;

/// The settings of `.jwt.env`. It never prints.
pub(crate) struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// Reads the file, and adds secrets that the manifest requires and that neither it nor the
    /// environment has.
    ///
    /// # Errors
    /// If the file cannot be read or written, or a line of it is not `NAME=VALUE`.
    pub(crate) fn load_or_make(root: &Path, manifest: &Manifest) -> Result<Self> {
        let path = root.join(FILE);
        let mut secrets = match std::fs::read_to_string(&path) {
            Ok(text) => {
                warn_of_readers(&path)?;
                parse(FILE, &text)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).context(format!("{FILE} cannot be read")),
        };
        let mut fresh = String::new();
        for name in required(manifest) {
            if !secrets.contains_key(&name) && std::env::var_os(&name).is_none() {
                let secret = random_secret()?;
                fresh.push_str(&format!("{name}={secret}\n"));
                secrets.insert(name, secret);
            }
        }
        if !fresh.is_empty() {
            append(&path, &fresh).with_context(|| format!("{FILE} cannot be written"))?;
            say(format!("wrote fresh random secrets to {FILE} (only you can read it)"));
        }
        Ok(Self(secrets))
    }

    /// The setting of this name: this process's environment takes precedence over the file.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().or_else(|| self.0.get(name).cloned())
    }

    /// The additions to a program's environment: everything that this process's own does not have
    /// already.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(|(name, _)| std::env::var_os(name).is_none())
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// The environment variables of required secrets: `…_secret`, without a default.
fn required(manifest: &Manifest) -> Vec<String> {
    manifest
        .variables
        .iter()
        .filter(|(name, variable)| {
            variable.required && variable.secret && name.ends_with("_secret")
        })
        .map(|(name, _)| format!("SPIN_VARIABLE_{}", name.to_uppercase()))
        .collect()
}

/// Reads lines of `NAME=VALUE`; a `#` opens a comment line, quotes around a value are dropped.
///
/// # Errors
/// If a line is malformed; `file` names the file in the message.
pub(crate) fn parse(file: &str, text: &str) -> Result<BTreeMap<String, String>> {
    let mut settings = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line
            .strip_prefix("export ")
            .unwrap_or(line)
            .split_once('=')
            // The line itself is not shown: it may contain a secret.
            .with_context(|| format!("{file}, line {}: not NAME=VALUE", index + 1))?;
        let value = value.trim();
        let unquoted = ['"', '\'']
            .iter()
            .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
            .unwrap_or(value);
        settings.insert(name.trim().to_owned(), unquoted.to_owned());
    }
    Ok(settings)
}

fn warn_of_readers(path: &Path) -> Result<()> {
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        warn(format!("others on this machine can read {FILE}: chmod 600 {FILE}"));
    }
    Ok(())
}

fn append(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file =
        OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    let mut present = Vec::new();
    file.read_to_end(&mut present)?;
    if !present.is_empty() && !present.ends_with(b"\n") {
        file.write_all(b"\n")?;
    }
    file.write_all(text.as_bytes())
}

/// 256 bits from the system's random source, as hexadecimal digits.
///
/// # Errors
/// If that source cannot be read.
pub(crate) fn random_secret() -> Result<String> {
    let mut bytes = [0_u8; SECRET_BYTES];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("the system's random source cannot be read")?;
    if bytes == [0; SECRET_BYTES] {
        bail!("the system's random source gives only zeros");
    }
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        toml::from_str(
            r#"
            [variables]
            xtask_test_secret = { required = true, secret = true }
            xtask_test_secret_previous = { default = "", secret = true }
            relay_url = { default = "" }
            "#,
        )
        .unwrap()
    }

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn secrets_are_made_once_and_only_their_owner_can_read_them() {
        let folder = folder("secrets");
        let first = Secrets::load_or_make(&folder, &manifest()).unwrap();
        let mode = std::fs::metadata(folder.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let (name, secret) = first.environment().next().unwrap();
        assert_eq!(name, "SPIN_VARIABLE_XTASK_TEST_SECRET");
        assert_eq!(secret.len(), 64);
        let second = Secrets::load_or_make(&folder, &manifest()).unwrap();
        assert_eq!(second.environment().collect::<Vec<_>>(), [(name, secret)]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_stands_in_the_file_stays_and_only_the_missing_is_added() {
        let folder = folder("secrets-kept");
        std::fs::write(folder.join(FILE), "# mine\nOTHER='kept = so'").unwrap();
        let secrets = Secrets::load_or_make(&folder, &manifest()).unwrap();
        assert_eq!(secrets.environment().next(), Some(("OTHER", "kept = so")));
        let text = std::fs::read_to_string(folder.join(FILE)).unwrap();
        assert!(text.starts_with("# mine\nOTHER='kept = so'\nSPIN_VARIABLE_XTASK_TEST_SECRET="));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_line_that_is_no_setting_is_named_by_number_and_not_shown() {
        let error = parse("f", "A=1\nhunter2\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && !error.contains("hunter2"), "{error}");
    }
}
