//! Headers that the host sets: a client that sends them as well changes nothing.

use contract_tests::{Api, in_both_modes};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

in_both_modes! {
    async fn api_400_for_a_forged_path_parameter_and_both_boards_are_left_alone(api: Api<'static>) {
        let (named, forged) = (api.board("In the path").await, api.board("In a header").await);
        let task = api.task(forged, "Not meant").await;
        for path in [api.board_path(named), api.task_path(named, task)] {
            let call = api
                .delete(&path)
                .header("spin-path-match-board-id", &forged.to_string())
                .header("spin-full-url", &format!("http://127.0.0.1{}", api.board_path(forged)))
                .header("spin-path-info", "");
            let _ = call.send().await.problem(400, "malformed-header");
        }
        for board in [named, forged] {
            let _ = api.get(&api.board_path(board)).send().await.expect(200);
        }
        let _ = api.get(&api.task_path(forged, task)).send().await.expect(200);
        // Nobody reads a header that the host does not set for this route.
        let call = api.delete(&api.board_path(named)).header("spin-path-match-seq", "1");
        let _ = call.send().await.expect(204);
    }
}

#[tokio::test]
async fn api_400_for_a_request_with_two_hosts() {
    let api = Api::shared().await;
    let host = api.stack.functions_url().replace("http://", "");
    for second in [host.as_str(), "evil.example"] {
        let mut stream = TcpStream::connect(&host).await.expect("a connection");
        let request = format!(
            "GET /api/quick-win/boards HTTP/1.1\r\nHost: {host}\r\nHost: {second}\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{second}: {answer}");
        assert!(answer.contains("application/problem+json"), "{second}: {answer}");
    }
}
