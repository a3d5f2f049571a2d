//! Requests that HTTP allows (RFC 9110, RFC 9112) but few clients send: bodies where none is
//! expected, chunked or truncated bodies; heads that are large or in Latin-1.

use bytes::Bytes;
use contract_tests::{Api, in_both_modes};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The largest body, in bytes.
const MOST: usize = 256 * 1024;

/// Connects to the functions and sends these bytes.
async fn sent(api: &Api<'_>, request: &[u8]) -> TcpStream {
    let host = api.stack.functions_url().replace("http://", "");
    let mut stream = TcpStream::connect(&host).await.expect("a connection");
    stream.write_all(request).await.expect("sent");
    stream
}

/// Everything received until the functions close the connection, cleanly or not.
async fn answer(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

in_both_modes! {
    async fn api_format_a_body_where_none_means_anything_changes_nothing(api: Api<'static>) {
        let board = api.board("With bodies").await;
        let task = api.task(board, "A task").await;
        let path = api.board_path(board);
        let plain = api.get(&path).send().await.expect(200);
        let pieces = || ["{\"na", "me\":", "7}"].map(Bytes::from).to_vec();
        for method in ["GET", "HEAD"] {
            let with_length = api.request(method, &path).body("{\"name\":7}").send().await;
            let in_chunks = api.request(method, &path).chunked(pieces()).send().await;
            for reply in [with_length, in_chunks] {
                let reply = reply.expect(200);
                assert_eq!(reply.tag(), plain.tag(), "{method}");
                assert_eq!(reply.header("content-length"), plain.header("content-length"));
            }
        }
        let kept = api.request("OPTIONS", &path).body("x").send().await.expect(204);
        assert!(kept.expect_header("allow").contains("PATCH"));
        let _ = api.delete(&api.task_path(board, task)).chunked(pieces()).send().await.expect(204);
        let _ = api.delete(&path).body("{\"name\":7}").send().await.expect(204);
    }

    async fn api_413_for_an_announced_body_whatever_the_method(api: Api<'static>) {
        let board = api.board("With large bodies").await;
        let path = api.board_path(board);
        for method in ["GET", "DELETE", "PATCH"] {
            let over = vec![b' '; MOST + 1];
            let _ = api.request(method, &path).body(over).send().await.problem(413, "payload-too-large");
        }
        let _ = api.get(&path).body(vec![b' '; MOST]).send().await.expect(200);
        let _ = api.delete(&path).chunked(vec![Bytes::from(vec![b' '; MOST + 1])]).send().await
            .problem(413, "payload-too-large");
        let _ = api.get(&path).send().await.expect(200);
    }

    async fn api_format_a_body_in_chunks_comes_whole(api: Api<'static>) {
        let board = api.board("In chunks").await;
        let title = "ä".repeat(60);
        let body = json!({"title": title, "description": "x".repeat(9_000)}).to_string();
        for size in [1, 7, 4_096, 100_000] {
            let chunks = body.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
            let call = api.request("POST", &api.tasks_path(board));
            let call = call.header("content-type", "application/json").chunked(chunks);
            let task = call.send().await.expect(201).json();
            assert_eq!(task["title"], title.as_str(), "in chunks of {size}");
            assert_eq!(task["description"].as_str().map(str::len), Some(9_000));
        }
        for nothing in [Vec::new(), vec![Bytes::new()]] {
            let call = api.request("POST", &api.tasks_path(board));
            let call = call.header("content-type", "application/json").chunked(nothing);
            let _ = call.send().await.problem(400, "malformed-json");
        }
    }

    async fn api_400_for_a_body_that_ends_early_and_nothing_is_made(api: Api<'static>) {
        let board = api.board("Cut off").await;
        let token = api.token().map(|token| format!("Authorization: Bearer {token}\r\n"));
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}",
            api.tasks_path(board),
            token.unwrap_or_default()
        );
        let body = r#"{"title":"Whole, though less than announced"}"#;
        let cut_off = [
            format!("{head}Content-Length: {}\r\n\r\n{body}", body.len() + 1),
            format!("{head}Content-Length: 900\r\n\r\n"),
            format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n", body.len()),
            format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}", body.len() + 1),
        ];
        for request in cut_off {
            let mut stream = sent(&api, request.as_bytes()).await;
            stream.shutdown().await.expect("a half-closed connection");
            let answer = answer(stream).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{request}: {answer}");
        }
        let document = api.get(&api.board_path(board)).send().await.expect(200).json();
        assert_eq!(document["tasks"], json!([]));
    }
}

#[tokio::test]
async fn api_format_head_leaves_the_connection_as_get_does() {
    let api = Api::shared().await;
    let requests: String = ["HEAD", "GET", "HEAD"]
        .map(|method| format!("{method} /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .concat();
    let last = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = answer(sent(&api, format!("{requests}{last}").as_bytes()).await).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 4, "{answer}");
    assert_eq!(answer.matches("content-length: 15").count(), 4, "{answer}");
    assert_eq!(answer.matches(r#"{"status":"ok"}"#).count(), 2, "{answer}");
}

#[tokio::test]
async fn api_400_for_a_header_that_is_not_ascii_where_it_must_be() {
    let api = Api::shared().await;
    let with = async |header: &[u8]| {
        let head = &b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"[..];
        answer(sent(&api, &[head, header, b"\r\n\r\n"].concat()).await).await
    };
    // Its bytes are not valid UTF-8, so a host may be unable to pass it on.
    let latin = with(b"X-Note: K\xe4se").await;
    assert!(latin.starts_with("HTTP/1.1 400 ") || latin.starts_with("HTTP/1.1 200 "), "{latin}");
    let utf_8 = with("X-Note: Käse".as_bytes()).await;
    assert!(utf_8.starts_with("HTTP/1.1 200 "), "{utf_8}");
    let id = with("X-Request-Id: Käse".as_bytes()).await;
    assert!(id.starts_with("HTTP/1.1 200 ") && !id.contains("Käse"), "{id}");
    let list = api.get("/api/quick-win/boards?limit=1").header("if-none-match", "\"ä\"");
    let _ = list.send().await.expect(200);
    let board = api.board("Tagged").await;
    let call = api.get(&api.board_path(board)).header("if-none-match", "\"ä\"");
    let _ = call.send().await.problem(400, "malformed-header");
    let call = api.post(api.mode.boards, &json!({"name": "Keyed"}));
    let _ = call.header("idempotency-key", "ä").send().await.problem(400, "malformed-header");
}

#[tokio::test]
async fn api_format_a_large_head_is_read_to_its_end() {
    let api = Api::shared().await;
    let large = |count: usize, length: usize| {
        let mut call = api.get("/healthz");
        for number in 0..count {
            call = call.header(&format!("x-filler-{number}"), &"x".repeat(length));
        }
        call
    };
    for (count, length) in [(1, 60_000), (80, 500), (60, 1)] {
        let reply = large(count, length).header("x-request-id", "at-the-end").send().await;
        assert_eq!(reply.expect(200).expect_header("x-request-id"), "at-the-end");
        let forged = large(count, length).header("spin-client-addr", "192.0.2.1:9");
        let _ = forged.send().await.problem(400, "malformed-header");
    }
}
