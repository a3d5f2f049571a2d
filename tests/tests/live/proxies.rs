//! The configurations in deploy/proxy, each run by the real program in front of the whole
//! application.

use contract_tests::api::{World, id};
use contract_tests::event_stream::EventStream;
use contract_tests::http::{Call, Reply};
use contract_tests::leash::Leash;
use contract_tests::people::register;
use contract_tests::socket::PATIENCE;
use contract_tests::stack::workspace;
use contract_tests::{Client, Socket, Stack, ports};
use serde_json::json;
use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// How many sockets guests may have from one address.
const PLACES: usize = 3;

/// The relay's heartbeat interval and the proxies' idle timeout in these tests, in milliseconds: in
/// the same ratio as in production.
const HEARTBEAT: u64 = 400;
const SILENCE: u64 = 3 * HEARTBEAT;

/// How long a proxy may take to start.
const READY_LIMIT: Duration = Duration::from_secs(30);

/// The application behind all three. It trusts `x-forwarded-for`.
async fn stack() -> &'static Stack {
    static SHARED: OnceCell<Stack> = OnceCell::const_new();
    let start = async || {
        let environment = World::shared().await.databases().environment();
        let mut environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        environment.push(("SPIN_VARIABLE_CLIENT_ADDRESS_HEADER", "x-forwarded-for"));
        let (places, heartbeat) = (PLACES.to_string(), HEARTBEAT.to_string());
        let relay = [
            ("RELAY_MAX_SOCKETS_PER_ADDRESS", places.as_str()),
            ("RELAY_HEARTBEAT_MS", heartbeat.as_str()),
            ("RELAY_PING_MS", heartbeat.as_str()),
        ];
        Stack::start_with(&environment, &[&environment, &relay[..]].concat()).await
    };
    SHARED.get_or_init(start).await
}

struct Proxy {
    url: String,
    _process: Leash,
}

impl Proxy {
    /// Starts the proxy with the named file after these replacements, and waits until it passes
    /// requests on.
    async fn start(
        file: &str,
        changes: &[(&str, &str)],
        port: u16,
        command: impl FnOnce(&Path, &Path) -> Command,
    ) -> Self {
        let mut text = fs::read_to_string(workspace().join("deploy/proxy").join(file)).expect(file);
        for (old, new) in changes {
            assert!(text.contains(old), "{file} does not have {old:?}");
            text = text.replace(old, new);
        }
        let folder = workspace().join("target/contract-tests/proxies").join(file);
        fs::create_dir_all(&folder).expect("a folder");
        let place = folder.join(file);
        fs::write(&place, text).expect("a file");
        let log = File::create(folder.join("log")).expect("a log");
        let process = Leash::start(&command(&place, &folder), &log).expect("a proxy");
        let proxy = Self { url: format!("http://127.0.0.1:{port}"), _process: process };
        let client = Client::new(proxy.url.clone());
        let deadline = Instant::now() + READY_LIMIT;
        while !client.get("/readyz").try_send().await.is_ok_and(|reply| reply.status == 200) {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "{file} is not ready:\n{log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        proxy
    }

    async fn caddy() -> Self {
        let (stack, port) = (stack().await, ports::free());
        let program = std::env::var_os("TASKBOARD_CADDY").unwrap_or_else(|| "caddy".into());
        Self::start("Caddyfile", &[], port, |file, folder| {
            // The tests' instance has no admin port.
            let around = folder.join("around");
            let text = format!("{{\n\tadmin off\n}}\nimport {}\n", file.display());
            fs::write(&around, text).expect("a file");
            let mut command = Command::new(program);
            command.args(["run", "--adapter", "caddyfile", "--config"]).arg(around);
            let upstream = |url: String| url.trim_start_matches("http://").to_owned();
            command
                .env("HOME", folder)
                .env("XDG_DATA_HOME", folder)
                .env("XDG_CONFIG_HOME", folder)
                .env("SITE", format!("http://127.0.0.1:{port}"))
                .env("FUNCTIONS", upstream(stack.functions_url()))
                .env("RELAY", upstream(stack.relay_url()));
            command
        })
        .await
    }

    /// The replacements for a file with the addresses of both servers, and its command.
    async fn with_addresses(
        file: &str,
        changes: &[(&str, &str)],
        port: u16,
        command: impl FnOnce(&Path, &Path) -> Command,
    ) -> Self {
        let stack = stack().await;
        let (functions, relay) = (stack.functions_url(), stack.relay_url());
        let silence = format!("{SILENCE}ms");
        let mut all = vec![
            ("127.0.0.1:3000", functions.trim_start_matches("http://")),
            ("127.0.0.1:3001", relay.trim_start_matches("http://")),
            ("75s", silence.as_str()),
        ];
        all.extend(changes);
        Self::start(file, &all, port, command).await
    }

    async fn nginx() -> Self {
        let port = ports::free();
        let (listen, other) = (format!("listen 127.0.0.1:{port};"), ports::free().to_string());
        let changes = [
            ("listen 443 ssl http2;", listen.as_str()),
            ("listen 80;", &format!("listen 127.0.0.1:{other};")),
            ("    ssl_certificate ", "    #"),
            ("    ssl_certificate_key ", "    #"),
        ];
        Self::with_addresses("nginx.conf", &changes, port, |file, folder| {
            let around = folder.join("around");
            let kept = |name| format!("{name}_temp_path {}/{name};", folder.display());
            let kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(kept).join(" ");
            let text = format!(
                "daemon off; master_process off; pid {folder}/pid; error_log stderr;\n\
                 events {{}}\nhttp {{ access_log off; {kept} include {file}; }}\n",
                folder = folder.display(),
                file = file.display(),
            );
            fs::write(&around, text).expect("a file");
            let mut command = Command::new(system_program("nginx"));
            command.arg("-c").arg(around);
            command
        })
        .await
    }

    async fn haproxy() -> Self {
        let port = ports::free();
        let bind = format!("bind 127.0.0.1:{port}");
        let changes = [
            ("bind :443 ssl crt /etc/haproxy/board.example.pem alpn h2,http/1.1", bind.as_str()),
            ("    bind :80\n", ""),
            ("    http-request redirect scheme https code 301 unless { ssl_fc }\n", ""),
        ];
        Self::with_addresses("haproxy.cfg", &changes, port, |file, _| {
            let mut command = Command::new(system_program("haproxy"));
            command.arg("-db").arg("-f").arg(file);
            command
        })
        .await
    }

    async fn serves_everything(&self, name: &str) {
        let (token, _) = register(stack().await, &format!("behind-{name}")).await;
        let client = Client::new(self.url.clone()).with_token(&token);
        let made = ask(client.post("/api/boards", &json!({"name": name}))).await.expect(201);
        assert_eq!(made.expect_header("strict-transport-security"), "max-age=31536000");
        assert_ne!(made.header("connection"), Some("close"));
        let board = id(&made.json());
        self.passes_events_on(&client, &token, board).await;
        writes_with_the_tag_of_a_compressed_answer(&client, board).await;
        takes_large_imports(&client).await;
        self.tells_who_a_guest_is().await;
    }

    /// Events come at once, by socket and by stream, and neither is closed while idle.
    async fn passes_events_on(&self, client: &Client, token: &str, board: u64) {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let url = format!("{}/ws", self.url);
        let mut socket = Socket::connect_to(&url, &headers, None).await.expect("a socket");
        assert_eq!(socket.message_but_heartbeats().await["type"], "welcome");
        assert_eq!(socket.subscribe(board, None).await["type"], "subscribed");
        let url = format!("{}/sse/boards/{board}", self.url);
        let mut stream = EventStream::open(&url, &headers, None).await.expect("a stream");
        assert_eq!(stream.subscribed(board).await, 0);

        let quiet = Instant::now();
        while quiet.elapsed() < 2 * Duration::from_millis(SILENCE) {
            // A heartbeat, or presence.
            let (_, seen) = tokio::join!(socket.message(), stream.read());
            assert!(seen.expect("no cut").is_some(), "the stream ends");
        }

        let path = format!("/api/boards/{board}/tasks");
        let (mut by_socket, mut by_stream) = (Duration::MAX, Duration::MAX);
        for seq in 1..=8 {
            let _ = ask(client.post(&path, &json!({"title": "Live"}))).await.expect(201);
            let answered = Instant::now();
            socket.event(seq).await;
            by_socket = by_socket.min(answered.elapsed());
            stream.event(seq).await;
            by_stream = by_stream.min(answered.elapsed());
        }
        // A proxy that buffers takes 200 ms each time.
        let least = by_socket.max(by_stream);
        assert!(least < Duration::from_millis(150), "{by_socket:?} and {by_stream:?} at best");
    }

    /// Guests are distinguished by the address that they connect from, whatever they claim.
    async fn tells_who_a_guest_is(&self) {
        let url = format!("{}/ws/quick-win", self.url);
        let open = async |own: Ipv4Addr, claimed: &str| {
            let headers = [("x-forwarded-for", claimed)];
            let opened = Socket::connect_from(own, &url, &headers, None).await;
            opened.expect("a socket")
        };
        let (one, other) = (Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::new(127, 0, 0, 3));
        let mut open_ones = Vec::new();
        for number in 0..PLACES {
            let mut socket = open(one, &format!("198.51.100.{number}")).await;
            assert_eq!(socket.message().await["type"], "welcome");
            open_ones.push(socket);
        }
        let mut surplus = open(one, "198.51.100.77").await;
        let closed = tokio::time::timeout(PATIENCE, surplus.closed()).await;
        assert_eq!(closed.expect("one too many, and it stays open"), 4409);
        let mut socket = open(other, "127.0.0.2").await;
        assert_eq!(socket.message().await["type"], "welcome");
    }
}

/// The answer without the proxy's own headers.
async fn ask(call: Call<'_>) -> Reply {
    call.try_send().await.expect("an answer")
}

/// A client that accepts compressed answers can write with the tag that it received.
async fn writes_with_the_tag_of_a_compressed_answer(client: &Client, board: u64) {
    let text = "compressible ".repeat(150);
    let tasks = format!("/api/boards/{board}/tasks");
    let body = json!({"title": "Long", "description": text});
    let made = ask(client.post(&tasks, &body)).await.expect(201);
    let task = made.expect_header("location").to_owned();
    let read = ask(client.get(&task).header("accept-encoding", "gzip")).await.expect(200);
    assert_eq!(read.header("content-encoding"), Some("gzip"), "{read}");
    assert_ne!(read.tag(), made.tag(), "the proxy has changed the tag");
    for (title, status) in [("Longer", 200), ("Too late", 412)] {
        let patch = client.patch(&task, &json!({"title": title})).header("if-match", &read.tag());
        let _ = ask(patch).await.expect(status);
    }
}

/// The largest import gets through.
async fn takes_large_imports(client: &Client) {
    let post = |size: usize| {
        let mut document = br#"{"name": "Large", "tasks": []}"#.to_vec();
        document.resize(size, b' ');
        let call = client.request("POST", "/api/boards/import");
        call.header("content-type", "application/json").body(document)
    };
    let _ = ask(post(8 << 20)).await.expect(201);
    let _ = ask(post((8 << 20) + 1)).await.problem(413, "payload-too-large");
}

/// A program that Debian installs outside the PATH of ordinary users.
fn system_program(name: &str) -> PathBuf {
    let place = Path::new("/usr/sbin").join(name);
    if place.exists() { place } else { name.into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deploy_caddy_in_front_serves_everything() {
    Proxy::caddy().await.serves_everything("caddy").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deploy_nginx_in_front_serves_everything() {
    Proxy::nginx().await.serves_everything("nginx").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deploy_haproxy_in_front_serves_everything() {
    Proxy::haproxy().await.serves_everything("haproxy").await;
}
