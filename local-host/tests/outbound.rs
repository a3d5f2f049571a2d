//! Guests' requests to other servers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::{Request, StatusCode};
use support::{Folder, MANIFEST};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// A server that answers each request with its `Host` and counts its connections.
async fn server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut host = String::new();
                let mut line = String::new();
                while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                    if let Some(value) = line.strip_prefix("host: ") {
                        host = value.trim().to_owned();
                    }
                    if line == "\r\n" {
                        let length = host.len();
                        let answer =
                            format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{host}");
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                    line.clear();
                }
            });
        }
    });
    (address, connections)
}

fn manifest(allowed: &str) -> String {
    format!("{MANIFEST}allowed_outbound_hosts = [{allowed}]\n")
}

#[tokio::test]
async fn allowed_hosts_are_reached_over_one_kept_connection() {
    let (address, connections) = server().await;
    let allowed = "\"http://{{ target }}\"";
    let manifest = format!("{}[variables]\ntarget = {{ required = true }}\n", manifest(allowed));
    let host = Folder::new(&manifest).start(&["--variable", &format!("target={address}")]);
    for _ in 0..20 {
        let fetched = host.tell("fetch", &format!("http://{address}/")).await;
        assert_eq!(fetched, format!("200 OK {address}"));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn spin_the_runtime_configuration_says_whether_connections_are_kept() {
    // As in Spin, the table alone disables it.
    for (config, expected) in
        [("connection_pooling = true", 1), ("connection_pooling = false", 3), ("", 3)]
    {
        let (address, connections) = server().await;
        let folder = Folder::new(&manifest(&format!("\"http://{address}\"")));
        folder.write("runtime.toml", &format!("[outbound_http]\n{config}\n"));
        let host = folder.start(&["--runtime-config-file", "runtime.toml"]);
        for _ in 0..3 {
            host.tell("fetch", &format!("http://{address}/")).await;
        }
        assert_eq!(connections.load(Ordering::SeqCst), expected, "{config}");
    }
}

#[tokio::test]
async fn other_hosts_ports_and_schemes_are_refused_and_named_in_the_log() {
    let (address, connections) = server().await;
    let (other, _) = server().await;
    let host = Folder::new(&manifest(&format!("\"http://{other}\""))).start(&[]);
    let port = address.split(':').nth(1).unwrap();
    for url in [
        format!("http://{address}/"),
        format!("http://localhost:{port}/"),
        format!("https://{other}/"),
        "http://self/count".to_owned(),
    ] {
        let answer = host.ask("fetch", &url).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(answer.body.contains("HttpRequestDenied"), "{url}: {}", answer.body);
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    assert!(host.wait_for_log(&format!("http://{address}")).contains("allowed_outbound_hosts"));
}

#[tokio::test]
async fn the_application_itself_is_reached_as_self() {
    let host = Folder::new(&manifest("\"http://self\"")).start(&[]);
    assert_eq!(host.tell("fetch", "http://self/count").await, "200 OK 1");
}

#[tokio::test]
async fn https_to_a_server_without_tls_is_an_error_of_tls() {
    let host = Folder::new(&manifest("\"https://*:*\"")).start(&[]);
    let answer = host.ask("fetch", &format!("https://{}/", host.address)).await;
    assert!(answer.body.contains("TlsProtocolError"), "{}", answer.body);
}

#[tokio::test]
async fn a_refused_connection_and_a_silent_host_are_told_apart_in_time() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = free.local_addr().unwrap();
    drop(free);
    let host = Folder::new(&manifest("\"http://*:*\"")).start(&[]);
    let answer = host.ask("fetch", &format!("http://{closed}/")).await;
    assert!(answer.body.contains("ConnectionRefused"), "{}", answer.body);
    // Addresses for documentation (RFC 5737) never answer.
    let started = Instant::now();
    let request = Request::get("/fetch")
        .header("argument", "http://192.0.2.1:9/")
        .header("connect-timeout", "300");
    let answer = host.send(request, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(started.elapsed() < Duration::from_secs(5), "it took {:?}", started.elapsed());
}
