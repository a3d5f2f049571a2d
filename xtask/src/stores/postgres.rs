//! A private PostgreSQL: its data is created once, and the system's package runs its server.
//!
//! The server does not run as root, so root runs it as the user `postgres`. That user cannot enter
//! our folder, and maybe not the checkout around it: a shell opens the server's folder while it is
//! still root, and the server finds its data below that open file descriptor.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::address::Address;
use super::folder::{self, Folder};
use super::leftover;
use crate::console::say;
use crate::program;
use crate::program::has_program;
use crate::service::{Output, Service};

/// Debian's folder of the programs, with a subfolder per version, outside the PATH.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The oldest version that the migrations support.
const OLDEST: u32 = 15;

/// The variable that names another folder with the programs.
const CHOSEN: &str = "TASKBOARD_POSTGRES_BIN";

/// The server's user if this process is root.
const USER: &str = "postgres";

/// Opens the folder `$0` as descriptor 9 and executes the command.
const OPEN_FOLDER: &str = r#"exec 9<"$0"; exec "$@""#;

/// That folder as the server sees it, whatever the permissions of the folders above it.
const OPENED: &str = "/proc/self/fd/9";

/// How long creating the data may take.
const INITIALISE_LIMIT: Duration = Duration::from_secs(120);

/// Whether a suitable PostgreSQL is installed.
pub(super) fn is_installed() -> bool {
    programs(None).is_ok()
}

/// Whether the folder has a PostgreSQL's data.
pub(super) fn has_data(folder: &Folder) -> bool {
    data(folder).is_dir()
}

/// Ends this folder's server, if one is still running from the last time.
///
/// # Errors
/// If it does not end.
pub(super) fn end_leftover(folder: &Folder) -> Result<()> {
    let data = data(folder);
    // A fast shutdown, which does not wait for clients to disconnect.
    leftover::end("PostgreSQL", &data.join("postmaster.pid"), &data, Signal::INT)
}

/// The server; its data is created if there is none yet.
///
/// # Errors
/// If it is not installed, or the data cannot be created.
pub(super) fn service(folder: &Folder, address: &Address) -> Result<Service> {
    if is_root() && !user_exists() {
        bail!("PostgreSQL does not run as root, and this system has no user {USER} to run it as");
    }
    if !has_data(folder) {
        initialise(folder, address)?;
    }
    let version = std::fs::read_to_string(data(folder).join("PG_VERSION"))
        .with_context(|| format!("{} cannot be read (whose is it?)", data(folder).display()))?;
    let program = programs(Some(version.trim()))?.join("postgres");
    let mut command = command(&place(folder), &program, Signal::INT)?;
    command.extend(["-D".to_owned(), format!("{OPENED}/data")]);
    command.extend(["-p".to_owned(), address.port().to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        // Each function has its own pool.
        "max_connections=400",
        // A write function's refusal is an error for PostgreSQL, but normal here.
        "log_min_messages=fatal",
        "log_min_error_statement=panic",
    ] {
        command.extend(["-c".to_owned(), setting.to_owned()]);
    }
    Ok(Service {
        name: "postgres",
        output: Output::File(log(folder)),
        command,
        environment: Vec::new(),
        folder: "/".into(),
        stop_signal: Signal::INT,
        after_restart: "runs again; nothing that was answered is lost",
    })
}

/// Whether the server with this process id accepts connections, by its status file. An old file
/// may say so about another process.
pub(super) fn is_ready(folder: &Folder, id: u32) -> bool {
    let text = std::fs::read_to_string(data(folder).join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines().map(str::trim);
    lines.next() == Some(&id.to_string()) && lines.nth(6) == Some("ready")
}

/// The path of its log.
pub(super) fn log(folder: &Folder) -> PathBuf {
    folder.path().join("postgres.log")
}

/// The folder that belongs to the server's user.
fn place(folder: &Folder) -> PathBuf {
    folder.path().join("postgres")
}

fn data(folder: &Folder) -> PathBuf {
    place(folder).join("data")
}

/// Creates the data next to its place and moves it there, so that it is never incomplete.
fn initialise(folder: &Folder, address: &Address) -> Result<()> {
    say("making the data of a private PostgreSQL");
    let place = place(folder);
    let _ = std::fs::remove_dir_all(place.join("data.new"));
    folder::make(&place)?;
    let password = place.join("password");
    folder::write_private(&password, address.password().unwrap_or_default())?;
    if is_root() {
        for path in [&place, &password] {
            hand_over(path)?;
        }
    }
    let mut words = command(&place, &programs(None)?.join("initdb"), Signal::TERM)?;
    words.extend(
        ["--username=taskboard", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
            .map(str::to_owned),
    );
    words.push(format!("--pgdata={OPENED}/data.new"));
    words.push(format!("--pwfile={OPENED}/password"));
    let mut initdb = Command::new(&words[0]);
    initdb.args(&words[1..]).current_dir("/");
    let outcome = program::capture(initdb, INITIALISE_LIMIT);
    let _ = std::fs::remove_file(password);
    let (status, output) = outcome?;
    if !status.success() {
        bail!("the data of PostgreSQL could not be made:\n{output}");
    }
    std::fs::rename(place.join("data.new"), data(folder))?;
    Ok(())
}

/// The command that runs one of PostgreSQL's programs as its user, with the folder open.
fn command(place: &Path, program: &Path, at_our_death: Signal) -> Result<Vec<String>> {
    let text = |path: &Path| {
        let text = path.to_str().map(str::to_owned);
        text.with_context(|| format!("{} is not a path in UTF-8", path.display()))
    };
    let mut words = vec!["sh".to_owned(), "-c".to_owned(), OPEN_FOLDER.to_owned(), text(place)?];
    let user = is_root().then_some(USER);
    if user.is_some() && !has_program("setpriv") {
        bail!("PostgreSQL does not run as root, and there is no `setpriv` to run it as {USER}");
    }
    words.extend(program::tether(at_our_death, user));
    words.push(text(program)?);
    Ok(words)
}

/// The folder with the programs of this version, or of the newest supported one.
fn programs(version: Option<&str>) -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os(CHOSEN) {
        return Ok(folder.into());
    }
    let mut found: Vec<(u32, PathBuf)> = installed();
    found.sort_unstable();
    match version {
        None => found.pop().map(|(_, folder)| folder).with_context(|| {
            format!("PostgreSQL {OLDEST} or later is not installed (package: postgresql)")
        }),
        Some(version) => found
            .into_iter()
            .find(|(number, _)| number.to_string() == version)
            .map(|(_, folder)| folder)
            .with_context(|| {
                format!(
                    "the data is from PostgreSQL {version}, which is not installed (package: \
                     postgresql-{version}): install it, or remove the data to start over"
                )
            }),
    }
}

/// The installed versions that are new enough: Debian's, and the one in the PATH.
fn installed() -> Vec<(u32, PathBuf)> {
    let debian = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten().filter_map(|entry| {
        Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path).filter_map(|folder| {
        let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        Some((major_version(&String::from_utf8_lossy(&output.stdout))?, folder))
    });
    debian
        .chain(others)
        .filter(|(version, folder)| *version >= OLDEST && folder.join("initdb").is_file())
        .collect()
}

/// The 16 of `postgres (PostgreSQL) 16.4 (Homebrew)`.
fn major_version(text: &str) -> Option<u32> {
    let version = text.split(") ").nth(1)?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn user_exists() -> bool {
    Command::new("id").args(["-u", USER]).output().is_ok_and(|output| output.status.success())
}

/// Changes a file's owner to the server's user.
fn hand_over(path: &Path) -> Result<()> {
    let status = Command::new("chown").arg(format!("{USER}:")).arg(path).status()?;
    if !status.success() {
        bail!("{} cannot be made the user {USER}'s", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_whoever_has_built_it() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major_version("postgres (PostgreSQL) 18devel\n"), Some(18));
        assert_eq!(major_version("something else"), None);
    }
}
