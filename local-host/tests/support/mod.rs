//! Starts the built host with the test's own manifest and the guest in `tests/guest`.

#![expect(dead_code, reason = "every test file uses a different part")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(unreachable_pub, reason = "it is part of several test crates")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tempfile::TempDir;

/// How long an expected event may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A manifest with one component `guest` at every path, with the permissions that the tests need.
pub const MANIFEST: &str = r#"
spin_manifest_version = 2
[application]
name = "test"
[[trigger.http]]
route = "/..."
component = "guest"
[component.guest]
source = "guest.wasm"
key_value_stores = ["default"]
"#;

/// The guest, built once; `TASKBOARD_GUEST_WASM` names a prebuilt one.
pub fn guest() -> &'static Path {
    static GUEST: OnceLock<PathBuf> = OnceLock::new();
    GUEST.get_or_init(|| {
        if let Some(ready) = std::env::var_os("TASKBOARD_GUEST_WASM") {
            return PathBuf::from(ready);
        }
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let build = Command::new(env!("CARGO"))
            .args(["build", "--release", "--target", "wasm32-wasip2"])
            .args(["--package", "local-host-test-guest"])
            .current_dir(workspace)
            .output()
            .unwrap();
        assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
        // The test binary is in <target>/<profile>/deps.
        let test = std::env::current_exe().unwrap();
        let target = test.ancestors().nth(3).unwrap();
        target.join("wasm32-wasip2/release/local_host_test_guest.wasm")
    })
}

/// A folder with `spin.toml` and, beside it, `guest.wasm`.
pub struct Folder(TempDir);

impl Folder {
    /// A folder with this manifest.
    pub fn new(manifest: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("spin.toml", manifest);
        std::os::unix::fs::symlink(guest(), folder.path().join("guest.wasm")).unwrap();
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file to it.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The command that runs the host in this folder on a free port.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-host"));
        command
            .current_dir(self.path())
            .args(["--listen", "127.0.0.1:0", "--cache-dir", env!("CARGO_TARGET_TMPDIR")])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Starts the host and waits until it listens.
    pub fn start(&self, arguments: &[&str]) -> Host {
        self.start_with(arguments, &[])
    }

    /// Starts the host with additional environment variables and waits until it listens.
    pub fn start_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Host {
        let mut child = self.command(arguments).envs(environment.iter().copied()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let collected = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                collected.lock().unwrap().push(line);
            }
        });
        let mut host = Host { child, log, address: String::new() };
        let line = host.wait_for_log("listening on http://");
        let address = line.split("http://").nth(1).unwrap();
        host.address = address.split(['"', ' ']).next().unwrap().to_owned();
        host
    }

    /// Runs the host until it fails by itself; returns its status and output.
    pub fn fail(&self, arguments: &[&str]) -> (ExitStatus, String) {
        let output = self.command(arguments).output().unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }
}

/// A running host, killed when the test is done with it.
pub struct Host {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    /// Host and port.
    pub address: String,
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Host {
    /// Sends the request from `request`, whose URI is a path on this host.
    pub async fn send(&self, request: http::request::Builder, body: impl Into<Bytes>) -> Answer {
        let request = request.body(Full::new(body.into())).unwrap();
        let (mut parts, body) = request.into_parts();
        parts.uri = format!("http://{}{}", self.address, parts.uri).parse().unwrap();
        send(Request::from_parts(parts, body)).await
    }

    /// Makes the guest run `action` with `argument`.
    pub async fn ask(&self, action: &str, argument: &str) -> Answer {
        let request = Request::builder().method(Method::GET).uri(format!("/{action}"));
        self.send(request.header("argument", argument), "").await
    }

    /// The guest's answer to `action` with `argument`, which must succeed.
    pub async fn tell(&self, action: &str, argument: &str) -> String {
        let answer = self.ask(action, argument).await;
        assert_eq!(answer.status, StatusCode::OK, "{action} {argument}: {}", answer.body);
        answer.body
    }

    /// Everything logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Waits for a log line with this text.
    pub fn wait_for_log(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(line) = self.log.lock().unwrap().iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            assert!(Instant::now() < deadline, "no {text:?} in:\n{}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The same without blocking the test's other futures: until `count` lines have this text.
    pub async fn until_logged(&self, text: &str, count: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.log().matches(text).count() < count {
            assert!(Instant::now() < deadline, "no {count} × {text:?} in:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Sends the signal to the process.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", signal, &id]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the process to end.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it keeps running:\n{}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Sends a request and reads the whole answer.
pub async fn send(request: Request<Full<Bytes>>) -> Answer {
    let client: Client<HttpConnector, Full<Bytes>> =
        Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}
