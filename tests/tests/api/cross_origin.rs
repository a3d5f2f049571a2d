//! docs/contract/api.md, API-CORS: only the listed origins, with credentials; preflights are answered.

use contract_tests::Api;
use contract_tests::stack::ALLOWED_ORIGIN;
use serde_json::json;

const FOREIGN: &[&str] = &[
    "https://evil.example",
    "http://board.example",
    "https://board.example:8443",
    "https://board.example.evil.example",
    "https://sub.board.example",
    "null",
    "*",
];

#[tokio::test]
async fn api_cors_lets_a_listed_origin_read_answers_and_errors() {
    let api = Api::shared().await;
    let board = api.board("Shared").await;
    for path in
        [api.board_path(board), api.board_path(0), "/api/none".to_owned(), "/healthz".to_owned()]
    {
        let reply = api.get(&path).header("origin", ALLOWED_ORIGIN).send().await;
        assert_eq!(reply.header("access-control-allow-origin"), Some(ALLOWED_ORIGIN), "{reply}");
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"), "{reply}");
        let exposed = reply.list("access-control-expose-headers");
        for name in [
            "ETag",
            "Idempotency-Replayed",
            "Location",
            "WWW-Authenticate",
            "X-Cache",
            "X-Request-Id",
        ] {
            assert!(exposed.iter().any(|exposed| exposed == name), "{name}: {reply}");
        }
        assert!(
            reply.list("vary").iter().any(|name| name.eq_ignore_ascii_case("origin")),
            "{reply}"
        );
    }
}

#[tokio::test]
async fn api_cors_tells_a_foreign_origin_nothing() {
    let api = Api::shared().await;
    let board = api.board("Shared").await;
    for origin in FOREIGN {
        let preflight = api
            .request("OPTIONS", &api.board_path(board))
            .header("access-control-request-method", "PATCH");
        for call in [api.get(&api.board_path(board)), api.get("/api/none"), preflight] {
            let reply = call.header("origin", origin).send().await;
            let reported =
                reply.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
            assert!(reported.is_none(), "{origin}: {reply}");
            assert!(
                reply.list("vary").iter().any(|name| name.eq_ignore_ascii_case("origin")),
                "{reply}"
            );
        }
    }
    let without = api.get(&api.board_path(board)).send().await.expect(200);
    assert_eq!(without.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn api_cors_answers_preflights() {
    let api = Api::shared().await;
    let board = api.board("Shared").await;
    let task = api.task(board, "Shared").await;
    for (path, methods) in [
        (api.mode.boards.to_owned(), &["GET", "POST"][..]),
        (api.board_path(board), &["GET", "PATCH", "DELETE"]),
        (api.tasks_path(board), &["POST"]),
        (api.task_path(board, task), &["GET", "PATCH", "DELETE"]),
        (api.events_path(board, 0), &["GET"]),
    ] {
        for method in methods {
            let reply = api
                .request("OPTIONS", &path)
                .header("origin", ALLOWED_ORIGIN)
                .header("access-control-request-method", method)
                .header("access-control-request-headers", "content-type, if-match")
                .send()
                .await
                .expect(204);
            assert_eq!(
                reply.header("access-control-allow-origin"),
                Some(ALLOWED_ORIGIN),
                "{reply}"
            );
            assert_eq!(reply.header("access-control-allow-credentials"), Some("true"), "{reply}");
            assert!(
                reply.list("access-control-allow-methods").iter().any(|allowed| allowed == method),
                "{reply}"
            );
            let headers = reply.list("access-control-allow-headers");
            for name in ["content-type", "if-match", "if-none-match", "traceparent", "x-request-id"]
            {
                assert!(
                    headers.iter().any(|allowed| allowed.eq_ignore_ascii_case(name)),
                    "{name}: {reply}"
                );
            }
        }
    }
}

#[tokio::test]
async fn api_cors_a_listed_origin_may_write() {
    let api = Api::shared().await;
    let call =
        api.post(api.mode.boards, &json!({"name": "From a page"})).header("origin", ALLOWED_ORIGIN);
    let reply = call.send().await.expect(201);
    assert_eq!(reply.header("access-control-allow-origin"), Some(ALLOWED_ORIGIN));
}
