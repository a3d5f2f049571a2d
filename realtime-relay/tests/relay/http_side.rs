//! The HTTP side: the internal endpoint's secret, problem documents, origins, probes, start-up.

use crate::support::functions::SECRET;
use crate::support::wait::until;
use crate::support::{Functions, Relay};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};
use std::process::Command;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request without a body.
fn request(method: Method, url: &str) -> Request<Full<Bytes>> {
    Request::builder().method(method).uri(url).body(Full::default()).expect("a request")
}

/// Expects a problem document of this kind.
fn expect_problem(
    (status, headers, body): (StatusCode, http::HeaderMap, String),
    expected: u16,
    slug: &str,
) -> http::HeaderMap {
    assert_eq!(status, expected, "{body}");
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    let document: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(document["type"], format!("/problems/{slug}"));
    assert_eq!(document["status"], expected);
    assert!(document["title"].is_string() && document["detail"].is_string(), "{document}");
    assert_eq!(document["request_id"].as_str(), headers["x-request-id"].to_str().ok());
    headers
}

/// Announces a body of this many bytes to the internal endpoint and sends none of it, since a
/// refused body may never be read; returns the beginning of the answer.
async fn announce(relay: &Relay, bytes: usize) -> String {
    let address = relay.url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).await.expect("connects");
    let head = format!(
        "POST /internal/quick-win/events HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {SECRET}\r\nContent-Type: application/json\r\n\
         Content-Length: {bytes}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sends");
    let mut status = [0; "HTTP/1.1 413".len()];
    stream.read_exact(&mut status).await.expect("an answer");
    String::from_utf8_lossy(&status).into_owned()
}

#[tokio::test]
async fn api_host_a_request_for_a_name_that_is_not_allowed_is_421() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &["--allowed-hosts", "localhost"]).await;
    for path in ["/healthz", "/metrics", "/sse/quick-win/boards/1", "/ws/quick-win"] {
        let mut foreign = request(Method::GET, &format!("{}{path}", relay.url));
        foreign.headers_mut().insert("host", "rebound.example:3001".parse().expect("a value"));
        expect_problem(functions.send(foreign).await, 421, "misdirected-request");
    }
    for name in ["localhost:3001", "127.0.0.1:3001", "[::1]"] {
        let mut known = request(Method::GET, &format!("{}/healthz", relay.url));
        known.headers_mut().insert("host", name.parse().expect("a value"));
        assert_eq!(functions.send(known).await.0, 200, "{name}");
    }
}

#[tokio::test]
async fn the_internal_endpoint_wants_the_secret() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let body = json!({"epoch": "e1", "event": functions.commit(7)}).to_string();
    let wrong = format!("Bearer {SECRET}x");
    let prefix = format!("Bearer {}", &SECRET[..SECRET.len() - 1]);
    let basic = format!("Basic {SECRET}");
    for authorization in ["", "Bearer", "Bearer ", &wrong, &prefix, &basic, SECRET] {
        let status = functions.post_raw(&relay.url, authorization, &body).await;
        assert_eq!(status, 401, "{authorization:?}");
    }
    let url = format!("{}/internal/quick-win/events", relay.url);
    let headers =
        expect_problem(functions.send(request(Method::POST, &url)).await, 401, "unauthorized");
    assert_eq!(headers[header::WWW_AUTHENTICATE], "Bearer");
    let right = format!("Bearer {SECRET}");
    assert_eq!(functions.post_raw(&relay.url, &right, &body).await, 204);
    assert_eq!(functions.post_raw(&relay.url, &right, &body).await, 204, "a duplicate");
}

#[tokio::test]
async fn the_internal_endpoint_refuses_what_is_no_event() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let right = format!("Bearer {SECRET}");
    for body in [
        "",
        "{}",
        "[]",
        r#"{"epoch":"e1"}"#,
        r#"{"epoch":"e1","event":[]}"#,
        r#"{"epoch":"e1","event":{"board_id":7}}"#,
        r#"{"epoch":"e1","event":{"board_id":7,"seq":-1,"action":"Add","entity":"task"}}"#,
        r#"{"epoch":7,"event":{"board_id":7,"seq":1,"action":"Add","entity":"task"}}"#,
    ] {
        assert_eq!(functions.post_raw(&relay.url, &right, body).await, 400, "{body}");
    }
    assert_eq!(announce(&relay, 3 << 20).await, "HTTP/1.1 413");
    let post = Request::post(format!("{}/internal/quick-win/events", relay.url))
        .header(header::AUTHORIZATION, right)
        .body(Full::from("{}"))
        .expect("a request");
    expect_problem(functions.send(post).await, 415, "unsupported-media-type");
}

#[tokio::test]
async fn api_404_for_unknown_paths_405_for_wrong_methods_and_ws_says_what_it_needs() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let at = |path: &str| format!("{}{path}", relay.url);
    for path in
        ["/", "/metrics", "/ws/", "/ws/quick-wins", "/internal", "/sse/boards", "/sse/boards/x"]
    {
        expect_problem(functions.get(&at(path)).await, 404, "not-found");
    }
    for (method, path, allow) in [
        (Method::POST, "/ws/quick-win", "GET"),
        (Method::GET, "/internal/quick-win/events", "POST"),
        (Method::DELETE, "/healthz", "GET, HEAD"),
        (Method::POST, "/readyz", "GET, HEAD"),
    ] {
        let answer = functions.send(request(method, &at(path))).await;
        let headers = expect_problem(answer, 405, "method-not-allowed");
        assert_eq!(headers[header::ALLOW], allow, "{path}");
    }
    for path in ["/ws", "/sse/boards/1"] {
        let headers = expect_problem(functions.get(&at(path)).await, 503, "unavailable");
        assert!(headers.contains_key(header::RETRY_AFTER), "{path}");
    }
    let headers =
        expect_problem(functions.get(&at("/ws/quick-win")).await, 426, "upgrade-required");
    assert_eq!(headers[header::UPGRADE], "websocket");
    let mut with_id = request(Method::GET, &at("/healthz"));
    with_id.headers_mut().insert("x-request-id", "my-id.1".parse().expect("a value"));
    assert_eq!(functions.send(with_id).await.1["x-request-id"], "my-id.1");
}

#[tokio::test]
async fn rt_handshake_a_foreign_origin_is_refused() {
    let functions = Functions::start().await;
    let origins = "http://localhost:3000, https://boards.example.com";
    let relay = Relay::start(&functions, &["--cors-origins", origins]).await;
    for foreign in
        ["http://evil.example", "null", "http://localhost:3001", "https://localhost:3000"]
    {
        let refused = relay.connect(&[("origin", foreign)]).await;
        assert!(refused.is_err(), "{foreign}");
    }
    let own = relay.url.clone();
    for known in ["http://localhost:3000", "https://boards.example.com", &own] {
        let mut client = relay.connect(&[("origin", known)]).await.expect(known);
        assert_eq!(client.next().await["type"], "welcome");
    }
    let mut handshake = request(Method::GET, &format!("{}/ws/quick-win", relay.url));
    for (name, value) in [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("origin", "http://evil.example"),
    ] {
        handshake.headers_mut().insert(name, value.parse().expect("a value"));
    }
    expect_problem(functions.send(handshake).await, 403, "foreign-origin");
    assert_eq!(relay.metric(&functions, "realtime_relay_refused_handshakes_total").await, 5);
}

#[tokio::test]
async fn readyz_names_the_stores_and_healthz_needs_none() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let ready = format!("{}/readyz", relay.url);
    let (status, _, body) = functions.get(&ready).await;
    assert_eq!(status, 200);
    let expected = json!({
        "status": "ready",
        "stores": {
            "functions": {"status": "ok"},
            "postgresql": {"status": "not configured"},
            "redis": {"status": "not configured"},
        },
    });
    assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON"), expected);
    functions.set_down(true);
    until("/readyz reports the functions as unavailable", async || {
        let (status, _, body) = functions.get(&ready).await;
        (status == 503 && body.contains("unavailable")).then_some(())
    })
    .await;
    assert_eq!(functions.get(&format!("{}/healthz", relay.url)).await.0, 200);
    let (status, headers, text) = functions.get(&relay.metrics_url).await;
    assert_eq!(status, 200);
    assert!(headers[header::CONTENT_TYPE].to_str().expect("text").starts_with("text/plain"));
    assert!(text.contains("# TYPE realtime_relay_connections gauge"));
}

/// Runs the binary until it exits; returns the exit code, and output and standard error together.
fn run(secret: Option<&str>, flags: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_realtime-relay"));
    command.args(flags).env_remove("SPIN_VARIABLE_RELAY_SECRET");
    if let Some(secret) = secret {
        command.env("SPIN_VARIABLE_RELAY_SECRET", secret);
    }
    let output = command.output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("text"))
}

#[test]
fn a_missing_or_wrong_setting_is_an_error_at_start_that_names_it() {
    let (code, text) = run(None, &[]);
    assert_eq!(code, Some(1));
    assert!(text.contains("SPIN_VARIABLE_RELAY_SECRET"), "{text}");
    let (code, text) = run(Some("x"), &["--functions-url", "https://example.com"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("RELAY_FUNCTIONS_URL"), "{text}");
    let (code, text) = run(Some("x"), &["--cors-origins", "*"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("--cors-origins"), "{text}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let (code, text) = run(Some("x"), &["--listen", &address]);
    assert_eq!(code, Some(1));
    assert!(text.contains(&address), "{text}");
}

#[test]
fn databases_of_teams_mode_are_both_needed_and_never_shown() {
    let run = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_realtime-relay"));
        for name in ["DATABASE_URL", "REDIS_URL", "JWT_SECRET", "JWT_SECRET_PREVIOUS"] {
            command.env_remove(format!("SPIN_VARIABLE_{name}"));
        }
        command.env("SPIN_VARIABLE_RELAY_SECRET", "x").args(["--listen", "127.0.0.1:0"]);
        for (name, value) in variables {
            command.env(format!("SPIN_VARIABLE_{name}"), value);
        }
        let output = command.output().expect("it runs");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        text
    };
    let database = ("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/d");
    let redis = ("REDIS_URL", "redis://:hunter2@127.0.0.1:1/0");
    assert!(run(&[database]).contains("SPIN_VARIABLE_REDIS_URL"));
    assert!(run(&[redis]).contains("SPIN_VARIABLE_DATABASE_URL"));
    assert!(run(&[database, redis]).contains("SPIN_VARIABLE_JWT_SECRET"));
    let weak = ("JWT_SECRET", "hunter2");
    assert!(run(&[database, redis, weak]).contains("SPIN_VARIABLE_JWT_SECRET"));
    let wrong = ("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:port/d");
    assert!(run(&[wrong, redis]).contains("SPIN_VARIABLE_DATABASE_URL must look like"));
    let wrong = ("REDIS_URL", "http://:hunter2@127.0.0.1");
    assert!(run(&[database, wrong]).contains("SPIN_VARIABLE_REDIS_URL must look like"));
}

#[test]
fn help_names_every_setting_and_no_secret() {
    let (code, text) = run(Some("hunter2hunter2hunter2"), &["--help"]);
    assert_eq!(code, Some(0));
    for name in [
        "--listen",
        "RELAY_FUNCTIONS_URL",
        "SPIN_VARIABLE_CORS_ORIGINS",
        "SPIN_VARIABLE_RELAY_SECRET",
        "SPIN_VARIABLE_DATABASE_URL",
        "RELAY_MAX_SOCKETS_PER_USER",
    ] {
        assert!(text.contains(name), "{name}");
    }
    assert!(!text.contains("hunter2"));
}
