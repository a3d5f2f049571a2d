//! A private PostgreSQL server: on a socket in its own folder, and removed with its last user.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Config, NoTls};

/// Debian's folder of the programs, with a subfolder per version; `TASKBOARD_POSTGRES_BIN` names
/// another.
const VERSIONS: &str = "/usr/lib/postgresql";

/// How long the server may take to start.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Starts the server and stops it, folder and all, when its standard input ends: also when this
/// program is killed. ICU's English sorts differently from bytes, so a missing `COLLATE "C"` shows.
const SCRIPT: &str = r#"
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$0/initdb" --pgdata "$folder/data" --username postgres --auth trust --no-sync \
    --encoding UTF8 --locale C --locale-provider icu --icu-locale en-US >"$folder/log" 2>&1
"$0/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=1000 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >>"$folder/log" 2>&1 &
server=$!
echo "$folder"
read -r _ || true
kill -INT "$server"
wait "$server" || true
"#;

pub(crate) struct Server {
    child: Child,
    folder: String,
}

impl Server {
    /// The server shared by the running tests.
    pub(crate) async fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let server = {
            let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let server = Arc::new(Self::start());
                *shared = Arc::downgrade(&server);
                server
            })
        };
        drop(server.connect("postgres").await);
        server
    }

    fn start() -> Self {
        let programs = programs();
        // The server refuses to run as root.
        let root = std::fs::metadata("/proc/self")
            .is_ok_and(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0);
        let mut command = if root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut child = command
            .args(["-c", SCRIPT, &programs])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut folder = String::new();
        let output = child.stdout.take().expect("piped");
        BufReader::new(output).read_line(&mut folder).expect("a line");
        assert!(!folder.trim().is_empty(), "the server could not be created");
        Self { child, folder: folder.trim().to_owned() }
    }

    /// A connection, once the server accepts one.
    pub(crate) async fn connect(&self, database: &str) -> Client {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            let attempt = Config::new()
                .host(&self.folder)
                .user("postgres")
                .dbname(database)
                .connect(NoTls)
                .await;
            match attempt {
                Ok((client, connection)) => {
                    tokio::spawn(connection);
                    return client;
                }
                Err(error) => assert!(Instant::now() < deadline, "no connection: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Restores a dump of one database into another, empty one. Returns whether there is a program
    /// for it: some packages contain only the server.
    pub(crate) fn copy(&self, from: &str, to: &str) -> bool {
        if !Path::new(&programs()).join("pg_dump").is_file() {
            return false;
        }
        let script = r#""$0/pg_dump" -h "$1" -U postgres "$2" | "$0/psql" -h "$1" -U postgres -qX -v ON_ERROR_STOP=1 "$3""#;
        let arguments = ["-c", script, &programs(), &self.folder, from, to];
        let output = Command::new("sh").args(arguments).output().expect("a shell");
        let reported = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && reported.is_empty(), "{reported}");
        true
    }
}

/// The folder of the newest installed server.
fn programs() -> String {
    if let Ok(folder) = std::env::var("TASKBOARD_POSTGRES_BIN") {
        return folder;
    }
    let installed =
        std::fs::read_dir(VERSIONS).into_iter().flatten().flatten().filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder
                .join("initdb")
                .is_file()
                .then(|| (version, folder.to_string_lossy().into_owned()))
        });
    let newest = installed
        .max()
        .unwrap_or_else(|| panic!("{VERSIONS} holds no server: install the package postgresql"));
    newest.1
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
