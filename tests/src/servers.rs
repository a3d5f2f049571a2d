//! Which PostgreSQL and Redis the tests run: the system's, or those named by environment variables.

use std::env::var_os;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program of PostgreSQL: from the folder `TASKBOARD_POSTGRES_BIN`, or of the newest installed
/// version.
pub(crate) fn postgres_program(name: &str) -> PathBuf {
    // A package with a server need not have the clients.
    let chosen = var_os("TASKBOARD_POSTGRES_BIN").map(|folder| Path::new(&folder).join(name));
    if let Some(chosen) = chosen.filter(|place| place.exists()) {
        return chosen;
    }
    installed_postgres_program(name)
}

/// A program of the newest installed PostgreSQL; Debian keeps most of them outside the PATH.
pub(crate) fn installed_postgres_program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let place = entry.path().join("bin").join(name);
            place.exists().then_some((version, place))
        })
        .collect();
    found.sort();
    found.pop().map_or_else(|| PathBuf::from(name), |(_, place)| place)
}

/// The Redis in the search path.
pub(crate) const INSTALLED_REDIS: &str = "redis-server";

/// The Redis to start: the program `TASKBOARD_REDIS_SERVER`, or the one in the search path.
pub(crate) fn redis_program() -> OsString {
    var_os("TASKBOARD_REDIS_SERVER").unwrap_or_else(|| INSTALLED_REDIS.into())
}

/// A Redis on this loopback port with its data in this folder. It saves nothing, and accepts `DEBUG
/// SLEEP`.
pub(crate) fn redis(program: &OsStr, port: u16, folder: &Path) -> Command {
    let mut server = Command::new(program);
    server.args(["--bind", "127.0.0.1", "--save", "", "--enable-debug-command", "local"]);
    server.arg("--port").arg(port.to_string()).arg("--dir").arg(folder);
    server
}
