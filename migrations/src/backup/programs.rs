//! PostgreSQL's own programs: which one fits a server, and how it gets the server's address.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use stores::postgres::Server;
use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio_postgres::config::Host;

/// Where Debian keeps the programs, one folder a version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The programs, for one server.
pub struct Programs {
    chosen: Option<PathBuf>,
    /// The server's address and their credentials, as libpq's variables.
    environment: Vec<(&'static str, String)>,
    /// Whom they trust.
    _authorities: Option<NamedTempFile>,
}

pub(super) struct Program {
    place: PathBuf,
    /// As it says, such as `15.18`.
    pub(super) version: String,
}

impl Program {
    fn ask(place: PathBuf) -> Option<Self> {
        let output = std::process::Command::new(&place).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = text.split_once("(PostgreSQL) ")?.1.split_whitespace().next()?.to_owned();
        Some(Self { place, version })
    }
}

impl Programs {
    /// Those in the folder `chosen`, else the system's, for this server. Passwords are in their environment,
    /// which nobody else can read, and never among their arguments.
    ///
    /// # Errors
    /// When the server is reached over TLS and there is nobody to trust.
    pub fn new(server: &Server, chosen: Option<&Path>) -> Result<Self> {
        let config = server.config();
        let hosts = config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let addresses = config.get_hostaddrs().iter().map(ToString::to_string);
        let ports = config.get_ports().iter().map(ToString::to_string);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut environment = vec![
            ("PGHOST", hosts.collect::<Vec<_>>().join(",")),
            ("PGHOSTADDR", addresses.collect::<Vec<_>>().join(",")),
            ("PGPORT", ports.collect::<Vec<_>>().join(",")),
            ("PGUSER", config.get_user().unwrap_or_default().to_owned()),
            ("PGPASSWORD", config.get_password().map(text).unwrap_or_default()),
            ("PGDATABASE", config.get_dbname().unwrap_or_default().to_owned()),
            ("PGOPTIONS", config.get_options().unwrap_or_default().to_owned()),
            ("PGAPPNAME", "taskboard-backup".to_owned()),
        ];
        environment.retain(|(_, value)| !value.is_empty());
        // To libpq `require` is no proof of who answers, and only newer ones know the system's authorities.
        let authorities = server.authorities()?.map(|authorities| {
            let mut file = NamedTempFile::new()?;
            file.write_all(authorities.text().as_bytes())?;
            std::io::Result::Ok(file)
        });
        let authorities =
            authorities.transpose().context("the CA certificates cannot be written")?;
        match &authorities {
            Some(file) => {
                environment.push(("PGSSLMODE", "verify-full".to_owned()));
                environment.push(("PGSSLROOTCERT", file.path().display().to_string()));
            }
            None => environment.push(("PGSSLMODE", "disable".to_owned())),
        }
        Ok(Self { chosen: chosen.map(Path::to_owned), environment, _authorities: authorities })
    }

    /// The program of this name that fits a server of this major version best: of the same, else of the
    /// next newer one.
    ///
    /// # Errors
    /// When there is none, or all are older than the server.
    pub(super) fn find(&self, name: &str, server: u32) -> Result<Program> {
        let mut found: Vec<(u32, Program)> = self
            .places(name)
            .into_iter()
            .filter_map(|place| {
                let program = Program::ask(place)?;
                Some((major(&program.version)?, program))
            })
            .collect();
        // Of two that are as good the first is taken.
        found.sort_by_key(|(version, _)| (*version < server, version.abs_diff(server)));
        match found.into_iter().next() {
            Some((version, program)) if version >= server => Ok(program),
            Some((version, program)) => bail!(
                "{} comes from PostgreSQL {version}, but the server is version {server}, which \
                 needs {name} {server} or later: install PostgreSQL's client programs of that \
                 version (package: postgresql-client-{server}), or set TASKBOARD_POSTGRES_BIN to \
                 their folder",
                program.place.display()
            ),
            None => bail!(
                "there is no {name} here: install PostgreSQL's client programs (package: \
                 postgresql-client-{server}), or set TASKBOARD_POSTGRES_BIN to their folder"
            ),
        }
    }

    /// Runs one of them, with nothing of ours on its standard input; it ends with what is given.
    pub(super) fn command(&self, program: &Program) -> Command {
        let mut command = Command::new(&program.place);
        for (name, _) in std::env::vars_os() {
            // What is meant for libpq by others, and our own address.
            if name.to_string_lossy().starts_with("PG") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        // They ask nobody for a password.
        command.arg("--no-password").stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Where it may be.
    fn places(&self, name: &str) -> Vec<PathBuf> {
        if let Some(chosen) = self.chosen.as_ref().map(|folder| folder.join(name))
            && chosen.exists()
        {
            return vec![chosen];
        }
        let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
        let of_debian = versions.map(|entry| entry.path().join("bin").join(name));
        of_debian.filter(|place| place.exists()).chain([PathBuf::from(name)]).collect()
    }
}

/// The 15 of `15.18`, and the 19 of `19beta1`.
pub(super) fn major(version: &str) -> Option<u32> {
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}
