//! The whole application as built: local-host with `spin.toml`, and the relay beside it.

use crate::http::Client;
use crate::leash::Leash;
use crate::ports;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// The origin whose pages may call the API and open sockets.
pub const ALLOWED_ORIGIN: &str = "https://board.example";

/// How long a shared relay waits for a slow reader: on a busy machine a test may write the events
/// that it is to miss for longer than the default of 30 s.
pub(crate) const PATIENT: (&str, &str) = ("RELAY_DEAD_READER_MS", "120000");

/// The secret between functions and relay. It must never appear in an answer.
pub const RELAY_SECRET: &str = "contract-tests-only-0123456789abcdef";

/// The secret that signs tokens.
pub const JWT_SECRET: &str = "contract-tests-only-jwt-0123456789abcdef";

/// How long a server may take to answer; the first start compiles the components.
const READY_LIMIT: Duration = Duration::from_secs(180);

/// How much of a log is printed when a test fails, in lines.
const TAIL_LINES: usize = 40;

static NEXT_FOLDER: AtomicUsize = AtomicUsize::new(0);

/// The two servers, which know each other's addresses.
#[derive(Debug)]
pub struct Stack {
    functions: Server,
    relay: Server,
}

/// One server: how it is started, and its process while it runs.
#[derive(Debug)]
pub(crate) struct Server {
    name: &'static str,
    port: u16,
    /// The URL of `/metrics`.
    metrics_port: u16,
    pub(crate) command: Command,
    log: PathBuf,
    process: Mutex<Option<Leash>>,
}

impl Stack {
    /// Starts both servers and waits until they are ready.
    ///
    /// # Panics
    /// If one of them does not become ready.
    pub async fn start() -> Self {
        Self::start_with(&[], &[]).await
    }

    /// The same with additional environment variables for local-host and the relay.
    ///
    /// # Panics
    /// If one of them does not become ready.
    pub async fn start_with(
        functions_environment: &[(&str, &str)],
        relay_environment: &[(&str, &str)],
    ) -> Self {
        Self::start_as(&[], functions_environment, relay_environment).await
    }

    /// The same with these arguments for local-host.
    ///
    /// # Panics
    /// If one of them does not become ready.
    pub async fn start_as(
        functions_arguments: &[&str],
        functions_environment: &[(&str, &str)],
        relay_environment: &[(&str, &str)],
    ) -> Self {
        let stack = Self::new(functions_arguments, functions_environment, relay_environment);
        stack.functions.run();
        stack.relay.run();
        stack.ready().await;
        stack
    }

    /// Starts only local-host, with these environment variables, and waits until it answers, ready
    /// or not.
    ///
    /// # Panics
    /// If it does not answer.
    pub async fn start_unready(functions_environment: &[(&str, &str)]) -> Self {
        let stack = Self::new(&[], functions_environment, &[]);
        stack.functions.run();
        stack.functions.answers("/healthz").await;
        stack
    }

    fn new(
        functions_arguments: &[&str],
        functions_environment: &[(&str, &str)],
        relay_environment: &[(&str, &str)],
    ) -> Self {
        let (functions_port, relay_port) = (ports::free(), ports::free());
        let (functions_url, relay_url) = (url(functions_port), url(relay_port));
        let folder = folder();
        let manifest = workspace().join("spin.toml");
        let mut functions = Server::new("local-host", functions_port, &folder);
        functions
            .command
            .arg("--from")
            .arg(manifest)
            .args(functions_arguments)
            // All tests of a binary register from the same address.
            .env("SPIN_VARIABLE_REGISTRATIONS_PER_ADDRESS", "1000000")
            .env("SPIN_VARIABLE_RELAY_URL", &relay_url)
            .env("SPIN_VARIABLE_RELAY_PUBLIC_URL", &relay_url)
            .envs(functions_environment.iter().copied());
        let mut relay = Server::new("realtime-relay", relay_port, &folder);
        relay
            .command
            .env("RELAY_FUNCTIONS_URL", &functions_url)
            .envs(relay_environment.iter().copied());
        Self { functions, relay }
    }

    /// The stack shared by the tests of one binary.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<Stack> = OnceCell::const_new();
        SHARED.get_or_init(|| Self::start_with(&[], &[PATIENT])).await
    }

    /// Starts another relay besides this one, with these environment variables; dropping the
    /// returned value kills it.
    ///
    /// # Panics
    /// If it does not become ready.
    pub async fn another_relay(&self, environment: &[(&str, &str)]) -> AnotherRelay {
        let mut relay = Server::new("realtime-relay", ports::free(), &folder());
        relay
            .command
            .env("RELAY_FUNCTIONS_URL", self.functions_url())
            .envs(environment.iter().copied());
        relay.run();
        relay.ready().await;
        AnotherRelay(relay)
    }

    /// The functions' address, such as `http://127.0.0.1:12345`.
    #[must_use]
    pub fn functions_url(&self) -> String {
        url(self.functions.port)
    }

    /// The relay's address.
    #[must_use]
    pub fn relay_url(&self) -> String {
        url(self.relay.port)
    }

    /// The address of the relay's metrics.
    #[must_use]
    pub fn metrics_url(&self) -> String {
        self.relay.metrics_url()
    }

    /// The address of local-host's metrics.
    #[must_use]
    pub fn functions_metrics_url(&self) -> String {
        self.functions.metrics_url()
    }

    /// Kills local-host (SIGKILL).
    pub fn kill_functions(&self) {
        self.functions.kill();
    }

    /// Kills the relay (SIGKILL).
    pub fn kill_relay(&self) {
        self.relay.kill();
    }

    /// Starts local-host again on its port, and waits until it is ready.
    pub async fn restart_functions(&self) {
        self.functions.run();
        self.functions.ready().await;
    }

    /// Starts the relay again on its port, and waits until it is ready.
    pub async fn restart_relay(&self) {
        self.run_relay();
        self.relay.ready().await;
    }

    /// Starts the relay again on its port, ready or not.
    pub fn run_relay(&self) {
        self.relay.run();
    }

    async fn ready(&self) {
        self.functions.ready().await;
        self.relay.ready().await;
    }

    /// The peak memory of local-host, in bytes.
    ///
    /// # Panics
    /// If it does not run.
    #[must_use]
    pub fn functions_memory_peak(&self) -> u64 {
        let process = self.functions.process.lock().expect("the process");
        process.as_ref().expect("a running program").memory_peak()
    }

    /// The whole log of local-host.
    ///
    /// # Panics
    /// If it cannot be read.
    #[must_use]
    pub fn functions_log(&self) -> String {
        fs::read_to_string(&self.functions.log).expect("a log")
    }

    /// The whole log of the relay.
    ///
    /// # Panics
    /// If it cannot be read.
    #[must_use]
    pub fn relay_log(&self) -> String {
        fs::read_to_string(&self.relay.log).expect("a log")
    }

    /// Prints the end of both logs.
    pub fn print_logs(&self) {
        self.functions.print_log();
        self.relay.print_log();
    }
}

/// A relay besides a stack's own.
#[derive(Debug)]
pub struct AnotherRelay(Server);

impl AnotherRelay {
    /// Sends it a signal, such as `STOP`.
    ///
    /// # Panics
    /// If it does not run.
    pub fn signal(&self, name: &str) {
        let process = self.0.process.lock().expect("the process");
        process.as_ref().expect("a running program").signal(name);
    }
}

impl Drop for AnotherRelay {
    fn drop(&mut self) {
        self.0.kill();
    }
}

impl Server {
    /// A server with this program and port that is not running yet.
    pub(crate) fn new(name: &'static str, port: u16, folder: &Path) -> Self {
        let mut command = Command::new(program(name));
        command
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            // None of the settings of the user who runs the tests.
            .current_dir(folder)
            .env("SPIN_VARIABLE_RELAY_SECRET", RELAY_SECRET)
            .env("SPIN_VARIABLE_JWT_SECRET", JWT_SECRET)
            .env("SPIN_VARIABLE_CORS_ORIGINS", ALLOWED_ORIGIN)
            // Tests write faster than people.
            .env("SPIN_VARIABLE_WRITE_BURST", "1000000")
            .env("SPIN_VARIABLE_WRITES_PER_SECOND", "1000000");
        let metrics_port = ports::free();
        command.arg("--metrics-listen").arg(format!("127.0.0.1:{metrics_port}"));
        let log = folder.join(format!("{name}-{port}.log"));
        Self { name, port, metrics_port, command, log, process: Mutex::new(None) }
    }

    /// Starts it, ready or not.
    pub(crate) fn run(&self) {
        let log = File::options().create(true).append(true).open(&self.log).expect("a log file");
        let leash = Leash::start(&self.command, &log).expect("a shell");
        *self.process.lock().expect("the process") = Some(leash);
    }

    pub(crate) fn kill(&self) {
        drop(self.process.lock().expect("the process").take());
    }

    pub(crate) fn url(&self) -> String {
        url(self.port)
    }

    /// The address of its metrics.
    pub(crate) fn metrics_url(&self) -> String {
        url(self.metrics_port)
    }

    /// The id of its process, while it runs.
    pub(crate) fn process_id(&self) -> Option<u32> {
        self.process.lock().expect("the process").as_ref()?.program_id()
    }

    /// Waits until it is ready.
    pub(crate) async fn ready(&self) {
        self.answers("/readyz").await;
    }

    /// Waits until this path answers 200.
    async fn answers(&self, path: &str) {
        let client = Client::new(url(self.port));
        let deadline = Instant::now() + READY_LIMIT;
        loop {
            if client.get(path).try_send().await.is_ok_and(|reply| reply.status == 200) {
                return;
            }
            let tail = if Instant::now() > deadline { self.tail() } else { String::new() };
            assert!(tail.is_empty(), "{} does not answer {path}:\n{tail}", self.name);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Prints the end of its log.
    pub(crate) fn print_log(&self) {
        eprintln!("--- the end of {} ---\n{}", self.log.display(), self.tail());
    }

    fn tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n");
        if tail.is_empty() { "(its log is empty)".to_owned() } else { tail }
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// The root of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The path of one of our programs.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    binaries().join(name)
}

/// The folder with the servers' programs: `TASKBOARD_BIN_DIR`, or cargo's.
pub(crate) fn binaries() -> PathBuf {
    let chosen = std::env::var_os("TASKBOARD_BIN_DIR").map(PathBuf::from);
    chosen.unwrap_or_else(|| workspace().join("target/debug"))
}

/// A fresh folder for the logs of a stack; the next run of the same tests overwrites it.
pub(crate) fn folder() -> PathBuf {
    let binary = std::env::current_exe().unwrap_or_default();
    let stem = binary.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let suite = stem.rsplit_once('-').map_or(stem.as_str(), |(name, _)| name).to_owned();
    let number = NEXT_FOLDER.fetch_add(1, Ordering::Relaxed);
    let folder = workspace().join("target/contract-tests").join(format!("{suite}-{number}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for logs");
    folder
}
