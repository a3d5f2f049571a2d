//! A test's own PostgreSQL and Redis, started on free ports with their data in a private
//! folder.

use crate::leash::Leash;
use crate::ports;
use crate::proxy::Proxy;
use crate::servers::{self, postgres_program};
use crate::stack::workspace;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to answer.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// Waits until standard input ends, and removes a folder, where the last processes may still be
/// writing at first.
const JANITOR: &str = r#"read -r _; until rm -rf "$1" 2>/dev/null; do sleep 0.1; done"#;

/// The user that PostgreSQL runs as if this process is root, since it refuses to run as root.
const POSTGRES_USER: &str = "postgres";

/// Both servers. They and their data end with this value.
#[derive(Debug)]
pub struct Databases {
    pub(crate) folder: PathBuf,
    postgres_port: u16,
    redis_port: u16,
    postgres: Mutex<Option<Leash>>,
    redis: Mutex<Option<Leash>>,
    redis_program: OsString,
    pub(crate) postgres_program: fn(&str) -> PathBuf,
    /// Additional environment variables of PostgreSQL.
    environment: Vec<(&'static str, String)>,
    /// Whether Redis writes everything to disk and reads it when it starts.
    pub(crate) redis_keeps_data: AtomicBool,
    /// Removes the data when this process ends, even if nothing is dropped (statics never are).
    janitor: Child,
}

impl Databases {
    /// Starts both, the one with the newest schema, the other empty.
    ///
    /// # Panics
    /// If they are not installed, or do not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with additional environment variables of PostgreSQL.
    ///
    /// # Panics
    /// If they are not installed, or do not start.
    #[must_use]
    pub fn start_with(environment: &[(&'static str, String)]) -> Self {
        Self::start_from(environment, servers::redis_program(), postgres_program)
    }

    /// The same with the system's servers, whatever other tests use: the package registries' Redis
    /// builds have no TLS, and their PostgreSQL comes without `pg_dump`.
    ///
    /// # Panics
    /// If they are not installed, or do not start.
    #[must_use]
    pub fn start_installed() -> Self {
        Self::start_from(&[], servers::INSTALLED_REDIS.into(), servers::installed_postgres_program)
    }

    fn start_from(
        environment: &[(&'static str, String)],
        redis_program: OsString,
        postgres_program: fn(&str) -> PathBuf,
    ) -> Self {
        let number = format!("{}-{}", std::process::id(), fastrand::u32(..));
        let folder = std::env::temp_dir().join(format!("contract-tests-{number}"));
        fs::create_dir_all(&folder).expect("a folder for data");
        let janitor = Command::new("sh")
            .args(["-c", JANITOR, "sh"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        let databases = Self {
            janitor,
            folder,
            postgres_port: ports::free(),
            redis_port: ports::free(),
            postgres: Mutex::new(None),
            redis: Mutex::new(None),
            redis_program,
            postgres_program,
            environment: environment.to_vec(),
            redis_keeps_data: AtomicBool::new(false),
        };
        databases.initialise();
        databases.start_postgres();
        databases.start_redis();
        databases.migrate();
        databases
    }

    /// The environment variables with which local-host uses them.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let postgres = self.postgres_port;
        let mut environment = vec![
            ("SPIN_VARIABLE_DATABASE_URL", self.database_url()),
            ("SPIN_VARIABLE_DATABASE_HOST", format!("postgres://127.0.0.1:{postgres}")),
        ];
        environment.extend(Self::redis_environment(self.redis_port));
        environment
    }

    /// Those of them for Redis, at this port.
    #[must_use]
    pub fn redis_environment(port: u16) -> [(&'static str, String); 2] {
        [
            ("SPIN_VARIABLE_REDIS_URL", format!("redis://127.0.0.1:{port}/0")),
            ("SPIN_VARIABLE_REDIS_HOST", format!("redis://127.0.0.1:{port}")),
        ]
    }

    /// A network to Redis that can be cut.
    pub async fn redis_network(&self) -> Proxy {
        Proxy::to(self.redis_port).await
    }

    #[must_use]
    pub fn database_url(&self) -> String {
        format!("postgres://taskboard@127.0.0.1:{}/postgres?sslmode=disable", self.postgres_port)
    }

    #[must_use]
    pub fn redis_url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.redis_port)
    }

    pub fn kill_postgres(&self) {
        // With its children: one that survives would prevent the next start on the same data.
        let mut stop = as_postgres(&(self.postgres_program)("pg_ctl"));
        let stop = stop.args(["stop", "-m", "immediate", "-D"]).arg(self.data()).output();
        drop(stop.expect("pg_ctl"));
        drop(self.postgres.lock().expect("the process").take());
    }

    /// Starts PostgreSQL again on its port.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_postgres(&self) {
        let mut server = as_postgres(&(self.postgres_program)("postgres"));
        server.arg("-D").arg(self.data()).arg("-p").arg(self.postgres_port.to_string());
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "full_page_writes=off",
            "max_connections=200",
        ] {
            server.args(["-c", setting]);
        }
        server.envs(self.environment.iter().map(|(name, value)| (name, value)));
        server.current_dir(&self.folder);
        *self.postgres.lock().expect("the process") = Some(self.run("postgres", &server));
        let deadline = Instant::now() + READY_LIMIT;
        while !self.psql("SELECT 1").is_ok_and(|text| text.trim() == "1") {
            assert!(
                Instant::now() < deadline,
                "PostgreSQL does not start: {}",
                self.log("postgres")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills Redis. It starts empty, unless it keeps its data.
    pub fn kill_redis(&self) {
        drop(self.redis.lock().expect("the process").take());
    }

    /// Starts Redis again on its port.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_redis(&self) {
        let mut server = servers::redis(&self.redis_program, self.redis_port, &self.folder);
        let keeps_data = self.redis_keeps_data.load(Ordering::SeqCst);
        server.args(["--appendonly", if keeps_data { "yes" } else { "no" }]);
        *self.redis.lock().expect("the process") = Some(self.run("redis", &server));
        let deadline = Instant::now() + READY_LIMIT;
        while !self.redis(&["PING"]).is_ok_and(|answer| answer.starts_with("+PONG")) {
            assert!(Instant::now() < deadline, "Redis does not start: {}", self.log("redis"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Freezes Redis: it accepts connections and commands, and answers nothing.
    ///
    /// # Panics
    /// If it cannot be frozen.
    pub fn freeze_redis(&self) {
        // Long enough for any test; unlike with signals, no process id can have been reused by
        // then.
        let mut stream = self.connect_redis().expect("a connection");
        stream.write_all(b"*3\r\n$5\r\nDEBUG\r\n$5\r\nSLEEP\r\n$3\r\n600\r\n").expect("sent");
        let asleep = || self.redis(&["PING"]).is_err();
        assert!(asleep(), "Redis answers although it was put to sleep");
    }

    /// Removes everything from Redis.
    ///
    /// # Panics
    /// If it does not.
    pub fn flush_redis(&self) {
        assert_eq!(self.redis(&["FLUSHALL"]).expect("an answer"), "+OK\r\n");
    }

    /// Redis's answer to a command, as sent on the wire, if it is short.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn redis(&self, words: &[&str]) -> std::io::Result<String> {
        let mut stream = self.connect_redis()?;
        let mut request = format!("*{}\r\n", words.len());
        for word in words {
            request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        stream.write_all(request.as_bytes())?;
        let mut answer = [0; 4_096];
        let length = stream.read(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
    }

    fn connect_redis(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.redis_port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        Ok(stream)
    }

    /// A statement's result: a line for each row, columns separated by `|`.
    ///
    /// # Errors
    /// psql's message.
    pub fn psql(&self, statement: &str) -> Result<String, String> {
        let output = Command::new(postgres_program("psql"))
            .args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", statement])
            .arg(self.database_url())
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    pub(crate) fn postgres_port(&self) -> u16 {
        self.postgres_port
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    fn initialise(&self) {
        give_to_postgres(&self.folder);
        let mut command = as_postgres(&(self.postgres_program)("initdb"));
        command.args(["--username=taskboard", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        command.args(["--no-sync", "--pgdata"]).arg(self.data()).current_dir(&self.folder);
        let output = command.output().expect("initdb: install the package postgresql");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn migrate(&self) {
        let output = Command::new(migrate())
            .env("DATABASE_URL", self.database_url())
            .output()
            .expect("the program migrate: cargo build -p migrations");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn run(&self, name: &str, command: &Command) -> Leash {
        let log = File::options().create(true).append(true).open(self.log_path(name));
        Leash::start(command, &log.expect("a log file")).expect("a shell")
    }

    fn log_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    /// PostgreSQL's log.
    #[must_use]
    pub fn postgres_log(&self) -> String {
        self.log("postgres")
    }

    fn log(&self, name: &str) -> String {
        fs::read_to_string(self.log_path(name)).unwrap_or_default()
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        self.kill_redis();
        self.kill_postgres();
        drop(self.janitor.stdin.take());
        let _ = self.janitor.wait();
    }
}

/// Runs a program as PostgreSQL's user if this process is root. `setpriv` executes the program in
/// its own process, so that a signal reaches the program.
pub(crate) fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", POSTGRES_USER, "--regid", POSTGRES_USER, "--clear-groups"]);
    command.arg(program);
    command
}

/// Makes a file or folder private to PostgreSQL's user.
pub(crate) fn give_to_postgres(place: &Path) {
    if is_root() {
        chown(place, Some(id("-u")), Some(id("-g"))).expect("PostgreSQL's user");
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn id(kind: &str) -> u32 {
    let output = Command::new("id").args([kind, POSTGRES_USER]).output().expect("id");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().expect("the user postgres: install the package postgresql")
}

/// The program that brings a database to the newest schema.
fn migrate() -> PathBuf {
    let chosen =
        std::env::var_os("TASKBOARD_BIN_DIR").map(|folder| Path::new(&folder).join("migrate"));
    chosen
        .filter(|place| place.exists())
        .unwrap_or_else(|| workspace().join("target/debug/migrate"))
}
