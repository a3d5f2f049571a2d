//! Limits for clients: slow and silent ones, large heads and bodies, and many connections.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use http::StatusCode;
use support::{Folder, Host, MANIFEST};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// How long an expected event may take; that something does not happen is checked right after
/// an event that must happen.
const PATIENCE: Duration = Duration::from_secs(10);

/// Head of a request whose body follows.
fn post(path: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: h\r\ncontent-length: {length}\r\n\r\n")
}

/// Opens a connection and sends bytes on it.
async fn connect(host: &Host, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&host.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Reads until the head of an answer is complete or the connection is closed; returns the received
/// bytes.
async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = async {
        while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
            // A reset also ends the connection.
            if matches!(stream.read_buf(&mut bytes).await, Ok(0) | Err(_)) {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, read).await.expect("neither an answer nor an end");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the other side has not closed the connection.
fn is_open(stream: &TcpStream) -> bool {
    match stream.try_read(&mut [0]) {
        Ok(read) => read > 0,
        Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
    }
}

#[tokio::test]
async fn limit_host_turns_bodies_that_never_come_take_none() {
    let host = Folder::new(MANIFEST).start(&["--max-requests", "2", "--queue-timeout-ms", "200"]);
    let mut silent = Vec::new();
    for _ in 0..6 {
        silent.push(connect(&host, &post("/body", 5)).await);
    }
    assert_eq!(host.ask("count", "").await.status, StatusCode::OK);
    // They are served normally once they continue.
    for stream in &mut silent {
        stream.write_all(b"12345").await.unwrap();
        let answer = answer(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
}

#[tokio::test]
async fn limit_host_body_one_that_does_not_come_in_time_is_408() {
    let host = Folder::new(MANIFEST).start(&["--body-timeout-ms", "100"]);
    let mut stream = connect(&host, &format!("{}12", post("/body", 5))).await;
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
}

#[tokio::test]
async fn limit_host_body_a_large_one_has_the_time_that_a_slow_line_takes() {
    let host = Folder::new(MANIFEST).start(&["--body-timeout-ms", "100"]);
    let mut stream = connect(&host, &post("/body", 160_000)).await;
    // Nothing signals that the 100 ms have passed.
    tokio::time::sleep(Duration::from_millis(200)).await;
    stream.write_all(&[b'a'; 160_000]).await.unwrap();
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn limit_host_turns_readers_that_take_nothing_take_none() {
    let host = Folder::new(MANIFEST).start(&["--max-requests", "2", "--queue-timeout-ms", "200"]);
    let request = "GET /large HTTP/1.1\r\nhost: h\r\nargument: 20000000\r\n\r\n";
    let mut readers = Vec::new();
    for _ in 0..3 {
        let mut reader = connect(&host, request).await;
        let mut status = [0; 12];
        reader.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
        readers.push(reader);
    }
    assert_eq!(host.ask("count", "").await.status, StatusCode::OK);
}

/// Opens a connection from another address of this machine.
async fn connect_from_elsewhere(host: &Host) -> TcpStream {
    let elsewhere = TcpSocket::new_v4().unwrap();
    elsewhere.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    elsewhere.connect(host.address.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn limit_host_turns_one_address_leaves_some_to_others() {
    let limits = ["--max-requests", "2", "--max-requests-per-address", "1"];
    let host = Folder::new(MANIFEST).start(&[&limits[..], &["--queue-timeout-ms", "200"]].concat());
    let slow = "GET /slow-print HTTP/1.1\r\nhost: h\r\nargument: 20000\r\n\r\n";
    let _running = connect(&host, slow).await;
    host.wait_for_log("goes to sleep");
    for _ in 0..3 {
        let answer = answer(&mut connect(&host, slow).await).await;
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    }
    let mut other = connect_from_elsewhere(&host).await;
    other.write_all(b"GET /count HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
    let answer = answer(&mut other).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn limit_host_connections_silent_ones_make_room_the_longest_first() {
    let host = Folder::new(MANIFEST).start(&["--max-connections", "3"]);
    let mut first = connect(&host, "").await;
    let mut second = connect(&host, "GET /count HTTP/1.1\r\nhos").await;
    let third = connect(&host, &post("/body", 5)).await;
    let mut newest = connect(&host, "GET /count HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert!(answer(&mut newest).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(answer(&mut first).await, "");
    assert!(is_open(&second) && is_open(&third));
    // A connection with an answered request has been idle for less time than one that never sent
    // anything.
    let _next = connect(&host, "").await;
    assert_eq!(answer(&mut second).await, "");
    assert!(is_open(&third) && is_open(&newest));
    host.wait_for_log("to make room");
}

#[tokio::test]
async fn limit_host_connections_a_request_that_is_being_answered_keeps_its_own() {
    let host = Folder::new(MANIFEST).start(&["--max-connections", "2"]);
    let mut asking =
        connect(&host, "GET /slow-print HTTP/1.1\r\nhost: h\r\nargument: 300\r\n\r\n").await;
    host.wait_for_log("goes to sleep");
    for _ in 0..4 {
        drop(connect(&host, "").await);
    }
    assert!(answer(&mut asking).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn limit_host_connections_of_one_address_make_room_among_themselves() {
    let host = Folder::new(MANIFEST).start(&["--max-connections-per-address", "2"]);
    let elsewhere = connect_from_elsewhere(&host).await;
    let mut first = connect(&host, "").await;
    let second = connect(&host, "").await;
    let mut third = connect(&host, "GET /count HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert!(answer(&mut third).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(answer(&mut first).await, "");
    assert!(is_open(&second) && is_open(&elsewhere));

    let unlimited = Folder::new(MANIFEST).start(&["--max-connections-per-address", "0"]);
    let many = [connect(&unlimited, "").await, connect(&unlimited, "").await];
    unlimited.tell("count", "").await;
    assert!(many.iter().all(is_open));
}

#[tokio::test]
async fn limit_host_head_over_64_kib_is_431() {
    let host = Folder::new(MANIFEST).start(&[]);
    let head = |length| format!("GET /count HTTP/1.1\r\nhost: h\r\nx: {}", "x".repeat(length));
    let mut stream = connect(&host, &head(66_000)).await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 431 "));
    let mut stream = connect(&host, &format!("{}\r\n\r\n", head(60_000))).await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn limit_host_body_a_length_over_it_is_413_at_once() {
    let host = Folder::new(MANIFEST).start(&["--max-body-bytes", "1000"]);
    let mut stream = connect(&host, &post("/body", 5_000_000)).await;
    let at_once = tokio::time::timeout(Duration::from_secs(1), answer(&mut stream)).await;
    assert!(at_once.expect("it waited for the body").starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn limit_host_body_413_names_the_limit_and_can_be_read_by_pages_of_listed_origins() {
    let manifest = MANIFEST.replace(
        "[[trigger.http]]",
        "[variables]\ncors_origins = { default = \"http://a.example, http://b.example\" }\n[[trigger.http]]",
    );
    let host = Folder::new(&manifest).start(&["--max-body-bytes", "10485760"]);
    let of = async |origin: &str| {
        let length = "content-length: 20000000\r\nconnection: close";
        let head =
            format!("POST /body HTTP/1.1\r\nhost: h\r\norigin: {origin}\r\n{length}\r\n\r\n");
        let (mut stream, mut whole) = (connect(&host, &head).await, Vec::new());
        // A reset also ends the connection: nobody reads the announced body.
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut whole)).await;
        String::from_utf8_lossy(&whole).into_owned()
    };
    let listed = of("http://b.example").await;
    assert!(listed.starts_with("HTTP/1.1 413 "), "{listed}");
    assert!(listed.contains("10485760 bytes (10.0 MiB)"), "{listed}");
    for header in [
        "access-control-allow-origin: http://b.example\r\n",
        "access-control-allow-credentials: true\r\n",
        "access-control-expose-headers: Retry-After, X-Request-Id\r\n",
        "vary: Origin\r\n",
    ] {
        assert!(listed.contains(header), "{header} of {listed}");
    }
    let foreign = of("http://c.example").await;
    assert!(foreign.starts_with("HTTP/1.1 413 "), "{foreign}");
    assert!(!foreign.contains("access-control"), "{foreign}");
}

#[tokio::test]
async fn limit_host_memory_bodies_that_are_not_whole_make_room() {
    let host = Folder::new(MANIFEST).start(&["--max-buffered-bytes", "100000"]);
    let part = "x".repeat(60_000);
    let silent = connect(&host, "").await;
    let mut halves = Vec::new();
    for _ in 0..2 {
        halves.push(connect(&host, &format!("{}{part}", post("/body", 70_000))).await);
    }
    host.wait_for_log("to make room");
    let mut whole = 0;
    for mut half in halves {
        // Whichever was accepted first had to be closed; writing to it fails at once or the next
        // time.
        let _ = half.write_all("x".repeat(10_000).as_bytes()).await;
        whole += u32::from(answer(&mut half).await.starts_with("HTTP/1.1 200 "));
    }
    assert_eq!(whole, 1);
    assert!(is_open(&silent), "it used no memory");
    // The counted memory is released again.
    for _ in 0..3 {
        let mut next = connect(&host, &format!("{}{part}", post("/body", 60_000))).await;
        assert!(answer(&mut next).await.starts_with("HTTP/1.1 200 "));
    }
}

#[tokio::test]
async fn a_request_names_one_host() {
    let host = Folder::new(MANIFEST).start(&[]);
    for hosts in [
        "",
        "host: a\r\nhost: a\r\n",
        "host: a\r\nhost: b\r\n",
        "host:\r\n",
        "host: a b\r\n",
        "host: user@a\r\n",
        "host: a:99999\r\n",
        "host: a:b\r\n",
        "host: a:\r\n",
        "host: a/b\r\n",
        "host: \u{e4}\r\n",
    ] {
        let mut stream = connect(&host, &format!("GET /count HTTP/1.1\r\n{hosts}\r\n")).await;
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{hosts:?}: {answer}");
    }
    for hosts in ["host: a\r\n", "host: a:80\r\n", "host: [::1]:3000\r\n", "host: [::1]\r\n"] {
        let mut stream = connect(&host, &format!("GET /count HTTP/1.1\r\n{hosts}\r\n")).await;
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{hosts:?}: {answer}");
    }
}
