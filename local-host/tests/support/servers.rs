//! The tests' own PostgreSQL and Redis, from the system's packages `postgresql` and
//! `redis-server`.

#![expect(dead_code, reason = "every test file uses a different part")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a server may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the program, ends it with the signal `$1` as soon as standard input ends (also when the
/// tests are killed), and removes its folder `$2`.
const LEASH: &str = r#"
    signal=$1 folder=$2; shift 2
    "$@" & child=$!
    read -r _
    kill -s "$signal" "$child"; wait "$child"; rm -rf "$folder""#;

/// A running server on its own port; ended when this is dropped, or the process ends.
pub(crate) struct Server {
    shell: Child,
    pub(crate) port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// A user of this system other than root.
#[derive(Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

/// An unused port.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts PostgreSQL with an empty database `postgres` of the superuser `postgres`.
pub(crate) fn postgres() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let programs = postgres_programs();
    // PostgreSQL refuses to run as root.
    let user = is_root().then(|| find_user("postgres"));
    if let Some(User { id, group }) = user {
        std::os::unix::fs::chown(folder.path(), Some(id), Some(group)).unwrap();
    }
    let data = folder.path().join("data");
    let mut make = Command::new(programs.join("initdb"));
    make.args([
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    make.arg("--pgdata").arg(&data).current_dir(folder.path());
    run_as(&mut make, user);
    let made = make.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let port = free_port();
    let mut serve = Command::new(programs.join("postgres"));
    serve.arg("-D").arg(&data).arg("-p").arg(port.to_string()).arg("-F");
    serve.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
    let server = start(&serve, user, "QUIT", folder, port);
    wait_until("PostgreSQL", || {
        let mut ready = Command::new(programs.join("pg_isready"));
        ready.args(["-h", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null());
        ready.status().unwrap().success()
    });
    server
}

/// Starts an empty Redis on a free port.
pub(crate) fn redis() -> Server {
    redis_on(free_port())
}

/// Starts an empty Redis on this port.
pub(crate) fn redis_on(port: u16) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = Command::new("redis-server");
    serve.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
    serve.arg("--dir").arg(folder.path());
    let server = start(&serve, None, "KILL", folder, port);
    wait_until("Redis", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    server
}

fn start(
    program: &Command,
    user: Option<User>,
    signal: &str,
    folder: TempDir,
    port: u16,
) -> Server {
    // From here on the shell removes it.
    let folder = folder.keep();
    let mut shell = Command::new("sh");
    shell.args(["-c", LEASH, "sh", signal]).arg(&folder);
    shell.arg(program.get_program()).args(program.get_args());
    shell.current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    run_as(&mut shell, user);
    let shell = shell.spawn().expect("the server's program; install postgresql and redis-server");
    Server { shell, port }
}

fn run_as(command: &mut Command, user: Option<User>) {
    if let Some(User { id, group }) = user {
        command.uid(id).gid(group);
    }
}

pub(crate) fn wait_until(what: &str, mut ready: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !ready() {
        assert!(Instant::now() < deadline, "{what} takes too long");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The folder with the newest PostgreSQL's programs on Debian.
fn postgres_programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("install postgresql");
    let version = |path: &Path| -> u32 {
        path.file_name().and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
    };
    let newest = versions.map(|entry| entry.unwrap().path()).max_by_key(|path| version(path));
    newest.expect("install postgresql").join("bin")
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout == b"0\n"
}

fn find_user(name: &str) -> User {
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|line| line.split(':').next() == Some(name));
    let fields: Vec<&str> = line.expect("the user postgres").split(':').collect();
    User { id: fields[2].parse().unwrap(), group: fields[3].parse().unwrap() }
}
