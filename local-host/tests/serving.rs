//! Incoming requests: routes, headers, limits, and misbehaving guests.

mod support;

use std::time::{Duration, Instant};

use http::{Request, StatusCode};
use support::{Folder, MANIFEST};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const ROUTES: &str = r#"
spin_manifest_version = 2
[application]
name = "routes"
[[trigger.http]]
route = "/..."
component = "any"
[[trigger.http]]
route = "/boards/..."
component = "below"
[[trigger.http]]
route = "/boards/:board_id/:what"
component = "parameter"
[[trigger.http]]
route = "/boards/new/echo"
component = "exact"
[[trigger.http]]
route = { private = true }
component = "private"
[component.any]
source = "guest.wasm"
environment = { SAYS = "any" }
[component.below]
source = "guest.wasm"
environment = { SAYS = "below" }
[component.parameter]
source = "guest.wasm"
environment = { SAYS = "parameter" }
[component.exact]
source = "guest.wasm"
environment = { SAYS = "exact" }
[component.private]
source = "guest.wasm"
"#;

#[tokio::test]
async fn spin_routes_exact_before_parameter_before_wildcard() {
    let host = Folder::new(ROUTES).start(&[]);
    for (path, component) in [
        ("/environment", "any"),
        ("/boards/environment", "below"),
        ("/boards/7/environment", "parameter"),
        ("/boards/7/8/environment", "below"),
    ] {
        let request = Request::get(path).header("argument", "SAYS");
        assert_eq!(host.send(request, "").await.body, component, "{path}");
    }
    let answer = host.send(Request::get("/boards/new/echo"), "").await;
    assert!(answer.body.contains("spin-matched-route: /boards/new/echo"), "{}", answer.body);
}

#[tokio::test]
async fn api_host_a_request_for_a_name_that_is_not_allowed_is_421() {
    let host = Folder::new(MANIFEST).start(&["--allowed-hosts", "localhost,board.example"]);
    let named = |name: &str| Request::post("/echo").header("host", name);
    for name in ["localhost", "Board.Example:3000", "127.0.0.1:3000", "[::1]:3000", &host.address] {
        assert_eq!(host.send(named(name), "").await.status, 200, "{name}");
    }
    for name in
        ["rebound.example:3000", "localhost.rebound.example", "board.example.", "localhost.x"]
    {
        let answer = host.send(named(name), "").await;
        assert_eq!(answer.status, 421, "{name}: {}", answer.body);
        assert_eq!(answer.json()["type"], "/problems/misdirected-request");
    }
    let any = Folder::new(MANIFEST).start(&[]);
    assert_eq!(any.send(named("rebound.example"), "").await.status, 200);
}

#[tokio::test]
async fn spin_headers_tell_the_guest_url_route_parameters_and_client() {
    let host = Folder::new(ROUTES).start(&[]);
    let request = Request::get("/boards/a%20b/echo?x=1")
        .header("spin-client-addr", "192.0.2.1:1")
        .header("spin-path-match-what", "made-up");
    let answer = host.send(request, "").await;
    let url = format!("http://{}/boards/a%20b/echo?x=1", host.address);
    let lines: Vec<&str> = answer.body.lines().collect();
    for line in [
        &format!("uri: {url}"),
        &format!("host: {}", host.address),
        &format!("spin-full-url: {url}"),
        "spin-path-info: ",
        "spin-matched-route: /boards/:board_id/:what",
        "spin-raw-component-route: /boards/:board_id/:what",
        "spin-component-route: /boards/:board_id/:what",
        "spin-base-path: /",
        "spin-path-match-board-id: a%20b",
        "spin-path-match-what: echo",
    ] {
        assert!(lines.contains(&line), "no {line:?} in\n{}", answer.body);
    }
    assert!(answer.body.contains("spin-client-addr: 127.0.0.1:"));
    // As in Spin, the client's own are kept, in front.
    for (made_up, added) in [
        ("spin-client-addr: 192.0.2.1:1", "spin-client-addr: 127.0.0.1:"),
        ("spin-path-match-what: made-up", "spin-path-match-what: echo"),
    ] {
        let place = |text: &str| answer.body.find(text);
        assert!(place(made_up).is_some() && place(made_up) < place(added), "{}", answer.body);
    }
}

#[tokio::test]
async fn requests_that_spin_does_not_serve_are_400_problems() {
    let host = Folder::new(MANIFEST).start(&[]);
    for head in [
        &b"GET /count HTTP/1.1\r\n"[..],
        b"GET /count HTTP/1.1\r\nhost: guest.spin.internal\r\n",
        b"GET /count HTTP/1.1\r\nhost: h\r\naccept: \xe4\r\n",
        b"GET http://a/count HTTP/1.1\r\nhost: b\r\n",
    ] {
        let shown = String::from_utf8_lossy(head);
        let mut stream = tokio::net::TcpStream::connect(&host.address).await.unwrap();
        stream.write_all(&[head, b"connection: close\r\n\r\n"].concat()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{shown}: {answer}");
        assert!(answer.contains("application/problem+json"), "{shown}: {answer}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{shown}: {answer}");
    }
}

#[tokio::test]
async fn a_path_without_a_route_is_a_404_problem_with_the_callers_request_id() {
    let manifest = MANIFEST.replace("\"/...\"", "\"/guest/...\"");
    let host = Folder::new(&manifest).start(&[]);
    let answer = host.send(Request::get("/other").header("x-request-id", "mine-1"), "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["x-request-id"], "mine-1");
    let problem = answer.json();
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["request_id"], "mine-1");
    for member in ["type", "title", "detail"] {
        assert!(problem[member].is_string(), "{problem}");
    }
}

#[tokio::test]
async fn a_looping_guest_is_ended_with_504_while_others_are_answered() {
    // It ends well after the others, even on a slow machine: a trap also ends concurrent requests
    // in its instance.
    let host = Folder::new(MANIFEST).start(&["--request-timeout-ms", "4000"]);
    host.tell("count", "").await;
    let started = Instant::now();
    let looping = async {
        let answer = host.ask("loop", "").await;
        (answer, started.elapsed())
    };
    let others = async {
        // A request that entered its instance before it loops would end with it.
        host.until_logged("spins from now on", 1).await;
        let mut slowest = Duration::ZERO;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(800) {
            let asked = Instant::now();
            host.tell("count", "").await;
            slowest = slowest.max(asked.elapsed());
        }
        slowest
    };
    let ((answer, elapsed), slowest) = tokio::join!(looping, others);
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(answer.json()["status"], 504);
    assert!(elapsed < Duration::from_secs(10), "it took {elapsed:?}");
    assert!(slowest < Duration::from_secs(1), "another request took {slowest:?}");
    let id = answer.json()["request_id"].as_str().unwrap().to_owned();
    assert!(host.wait_for_log("ended a guest that took too long").contains(&id));
}

#[tokio::test]
async fn many_guests_that_compute_keep_others_waiting_for_a_moment_only() {
    let host = Folder::new(MANIFEST).start(&["--max-instance-concurrency", "1"]);
    host.tell("count", "").await;
    let computing = (0..12).map(|_| host.tell("compute", "1500"));
    let others = async {
        host.until_logged("computes from now on", 12).await;
        let mut waits = Vec::new();
        for _ in 0..9 {
            let asked = Instant::now();
            host.tell("count", "").await;
            waits.push(asked.elapsed());
        }
        waits.sort();
        waits[4]
    };
    let (_, median) = tokio::join!(futures::future::join_all(computing), others);
    assert!(median < Duration::from_millis(100), "half of the others took {median:?} or more");
}

#[tokio::test]
async fn a_guest_that_waits_for_too_long_is_ended_with_504_too() {
    let host = Folder::new(MANIFEST).start(&["--request-timeout-ms", "300"]);
    let answer = host.ask("sleep", "60000").await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    host.tell("count", "").await;
}

#[tokio::test]
async fn a_trap_is_a_500_problem_with_one_log_line_and_the_next_request_works() {
    let host = Folder::new(MANIFEST).start(&["--log-format", "json"]);
    let request = Request::get("/trap").header("x-request-id", "the-trapped-one");
    let answer = host.send(request, "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.json()["request_id"], "the-trapped-one");
    assert!(!answer.body.contains("unreachable"), "a cause was sent: {}", answer.body);
    host.tell("count", "").await;
    let line: serde_json::Value =
        serde_json::from_str(&host.wait_for_log("the-trapped-one")).unwrap();
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["component"], "guest");
    assert_eq!(line["request_id"], "the-trapped-one");
    assert!(line["cause"].as_str().unwrap().contains("unreachable"), "{line}");
    assert!(line["backtrace"].as_str().unwrap().contains("wasm"), "{line}");
    let errors = host.log().lines().filter(|line| line.contains("\"ERROR\"")).count();
    assert_eq!(errors, 1, "{}", host.log());
}

#[tokio::test]
async fn a_trap_amid_an_answer_breaks_the_connection_instead_of_ending_the_body() {
    let host = Folder::new(MANIFEST).start(&[]);
    assert_eq!(host.tell("stream", "1").await, "first\nsecond\n");
    let mut stream = tokio::net::TcpStream::connect(&host.address).await.unwrap();
    let request = "GET /stream HTTP/1.1\r\nhost: h\r\nx-request-id: cut-short\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("first"), "{answer}");
    assert!(!answer.ends_with("0\r\n\r\n"), "it looks complete: {answer}");
    assert!(host.wait_for_log("a guest trapped").contains("cut-short"));
}

#[tokio::test]
async fn a_body_that_the_guest_does_not_read_is_no_error() {
    let host = Folder::new(MANIFEST).start(&[]);
    let answer = host.send(Request::post("/unread"), vec![b'x'; 1_000_000]).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "unread"));
}

#[tokio::test]
async fn spin_tells_by_a_path_of_its_own_that_it_is_up() {
    let host = Folder::new(MANIFEST).start(&[]);
    let answer = host.send(Request::get("/.well-known/spin/health"), "").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "OK"));
}

#[tokio::test]
async fn spin_4_an_instance_without_requests_is_dropped() {
    let host = Folder::new(MANIFEST).start(&["--idle-instance-timeout-ms", "1"]);
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut first_requests = 0;
    while first_requests < 2 {
        assert!(Instant::now() < deadline, "the instance was kept");
        first_requests += u32::from(host.tell("count", "").await == "1");
    }
}

#[tokio::test]
async fn a_guest_beyond_its_memory_is_refused_and_the_next_one_is_not() {
    let host = Folder::new(MANIFEST).start(&["--max-memory-bytes", "16777216"]);
    assert_eq!(host.tell("allocate", "8000000").await, "8000000");
    let answer = host.ask("allocate", "32000000").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    host.wait_for_log("refused more memory");
    assert_eq!(host.tell("allocate", "8000000").await, "8000000");
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_whether_its_length_was_said_or_not() {
    let host = Folder::new(MANIFEST).start(&["--max-body-bytes", "1000"]);
    let exact = host.send(Request::post("/body"), vec![b'x'; 1000]).await;
    assert_eq!((exact.status, exact.body.as_str()), (StatusCode::OK, "1000"));
    for length in [1001, 5_000_000] {
        let larger = host.send(Request::post("/body"), vec![b'x'; length]).await;
        assert_eq!(larger.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(larger.json()["status"], 413);
    }

    let mut stream = tokio::net::TcpStream::connect(&host.address).await.unwrap();
    let head =
        "POST /body HTTP/1.1\r\nhost: h\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("258\r\n{}\r\n", "x".repeat(600));
    stream.write_all(format!("{head}{chunk}{chunk}0\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_connection_that_sends_no_request_is_closed() {
    let host = Folder::new(MANIFEST).start(&["--head-timeout-ms", "200"]);
    for sent in ["", "PRI * HT", "GET /count HTTP/1.1\r\nhost"] {
        let mut stream = tokio::net::TcpStream::connect(&host.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let closed = stream.read_to_end(&mut answer);
        let closed = tokio::time::timeout(Duration::from_secs(20), closed).await;
        assert!(closed.is_ok(), "{sent:?} kept its connection");
    }
    host.tell("count", "").await;
}

#[tokio::test]
async fn requests_beyond_the_most_that_run_at_once_are_503_after_their_wait() {
    let host = Folder::new(MANIFEST).start(&["--max-requests", "1", "--queue-timeout-ms", "200"]);
    host.tell("count", "").await;
    let (first, second) = tokio::join!(host.ask("slow-print", "2000"), async {
        host.until_logged("goes to sleep", 1).await;
        host.ask("count", "").await
    });
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(second.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(second.headers["retry-after"], "1");
    host.tell("count", "").await;
}

#[tokio::test]
async fn instances_that_are_idle_make_room_for_those_of_other_components() {
    // There is room for two instances, and each of three components leaves one behind.
    let host = Folder::new(ROUTES).start(&["--max-requests", "1"]);
    for path in ["/count", "/boards/count", "/boards/7/count"] {
        let answer = host.send(Request::get(path), "").await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "1"), "{path}");
    }
}

#[tokio::test]
async fn spin_4_instances_are_used_again_up_to_their_limit() {
    let host = Folder::new(MANIFEST).start(&["--max-instance-requests", "3"]);
    let mut counts = Vec::new();
    for _ in 0..6 {
        counts.push(host.tell("count", "").await);
    }
    assert_eq!(counts, ["1", "2", "3", "1", "2", "3"]);
}

#[tokio::test]
async fn spin_4_an_instance_answers_several_requests_while_they_wait() {
    let host = Folder::new(MANIFEST).start(&[]);
    host.tell("count", "").await;
    let (_, count) = tokio::join!(host.tell("slow-print", "500"), async {
        host.until_logged("goes to sleep", 1).await;
        host.tell("count", "").await
    });
    assert_eq!(count, "2", "the waiting request kept the instance for itself");
}

#[tokio::test]
async fn files_are_read_only_below_their_destination() {
    let manifest = format!(
        "{MANIFEST}files = [{{ source = \"site\", destination = \"/pages\" }}, \"notes/*.txt\"]\n"
    );
    let folder = Folder::new(&manifest);
    folder.write("site/index.html", "the page");
    folder.write("notes/a.txt", "a note");
    folder.write("notes/b.md", "no note");
    folder.write("secret", "not mounted");
    let host = folder.start(&[]);
    assert_eq!(host.tell("read", "/pages/index.html").await, "the page");
    assert_eq!(host.tell("read", "/notes/a.txt").await, "a note");
    for path in ["/notes/b.md", "/secret", "/pages/../secret", "/etc/passwd"] {
        assert_eq!(host.ask("read", path).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    for path in ["/pages/index.html", "/pages/new", "/notes/a.txt"] {
        assert_eq!(
            host.ask("write", path).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path}"
        );
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("site/index.html")).unwrap(), "the page");
}

#[tokio::test]
async fn what_a_guest_prints_is_in_the_log_with_its_component() {
    let host = Folder::new(MANIFEST).start(&[]);
    host.tell("print", "a line from within").await;
    let line = host.wait_for_log("a line from within");
    assert!(line.contains("component=guest") && line.contains("stdout"), "{line}");
}
