//! The page: its files and nothing else, its content security policy, its health check.

use contract_tests::Api;
use contract_tests::api::keys;
use contract_tests::stack::workspace;
use serde_json::json;
use std::fs::File;
use std::time::SystemTime;

#[tokio::test]
async fn api_web_the_page_runs_nothing_but_its_own_files() {
    let api = Api::shared().await;
    for path in ["/", "/index.html"] {
        let page = api.get(path).send().await.expect(200);
        assert_eq!(page.expect_header("content-type"), "text/html; charset=utf-8");
        let policy = page.expect_header("content-security-policy");
        // Only the relay's own address: a script in the page cannot send anything elsewhere.
        let relay = api.stack.relay_url().replace("http:", "ws:");
        let connect = format!("connect-src 'self' {relay};");
        for rule in [&*connect, "default-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe-") && !policy.contains('*'), "{policy}");
        assert_eq!(page.expect_header("x-content-type-options"), "nosniff");
        let text = String::from_utf8_lossy(&page.body);
        assert!(text.to_lowercase().starts_with("<!doctype html>"), "{page}");
        assert!(
            !text.contains("src=\"http") && !text.contains("href=\"http"),
            "an outside resource"
        );
    }
}

#[tokio::test]
async fn api_web_every_file_of_the_page_is_served_with_its_type_and_a_tag() {
    let api = Api::shared().await;
    let page = api.get("/").send().await.expect(200);
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let named = |attribute: &str| -> Vec<String> {
        let parts = text.split(attribute).skip(1);
        parts
            .filter_map(|part| part.split('"').next())
            .filter(|name| name.contains('.'))
            .map(str::to_owned)
            .collect()
    };
    let files: Vec<String> = [named("src=\""), named("href=\"")].concat();
    assert!(!files.is_empty(), "the page names no file");
    for name in files {
        let file =
            api.get(&format!("/{}", name.trim_start_matches(['.', '/']))).send().await.expect(200);
        let media_type = file.expect_header("content-type");
        assert!(!media_type.starts_with("application/octet-stream"), "{name}: {media_type}");
        let again = api.get(&format!("/{}", name.trim_start_matches(['.', '/'])));
        let _ = again.header("if-none-match", &file.tag()).send().await.expect(304);
    }
}

#[tokio::test]
async fn api_web_a_tag_tells_the_content_and_not_when_it_was_copied() {
    let api = Api::shared().await;
    let tags = async || {
        let mut tags = Vec::new();
        for path in ["/", "/index.html", "/page.css", "/favicon.svg"] {
            tags.push(api.get(path).send().await.expect(200).tag());
        }
        tags
    };
    let before = tags().await;
    assert_eq!(before[0], before[1], "the same file");
    assert!(before[1] != before[2] && before[2] != before[3], "{before:?}");
    let folder = workspace().join("app/dist/web");
    for name in ["index.html", "page.css", "favicon.svg"] {
        let file = File::options().append(true).open(folder.join(name)).expect(name);
        file.set_modified(SystemTime::now()).expect("another time");
    }
    assert_eq!(tags().await, before);
}

#[tokio::test]
async fn api_web_every_screens_path_is_answered_with_the_page() {
    let api = Api::shared().await;
    let page = api.get("/").send().await.expect(200).body;
    for path in [
        "/login?next=/boards/7",
        "/boards",
        "/invite",
        "/reset",
        "/boards/7/tasks/12",
        "/quick-win/boards/1",
    ] {
        let reply = api.get(path).send().await.expect(200);
        assert_eq!(reply.expect_header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.body, page, "{path}");
    }
}

#[tokio::test]
async fn api_web_an_unknown_path_is_reported_with_the_page_to_a_person_and_with_a_problem_to_a_program()
 {
    let api = Api::shared().await;
    let page = api.get("/").send().await.expect(200).body;
    for path in ["/nowhere", "/boardss", "/_expo/static/js/web/gone.js"] {
        let person =
            api.get(path).header("accept", "text/html,*/*;q=0.8").try_send().await.unwrap();
        assert_eq!((person.status, &person.body), (404, &page), "{path}");
        let program = api.get(path).send().await.expect(404);
        assert_eq!(program.json()["type"], "/problems/not-found", "{path}");
    }
}

#[tokio::test]
async fn api_web_what_is_named_by_its_content_is_kept_for_good_and_sent_compressed_where_asked() {
    let api = Api::shared().await;
    let page = api.get("/").send().await.expect(200);
    assert_eq!(page.expect_header("cache-control"), "no-cache");
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let script =
        text.split("<script src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let plain = api.get(script).header("accept-encoding", "identity").send().await.expect(200);
    assert_eq!(plain.expect_header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.expect_header("vary"), "Accept-Encoding");
    assert!(!plain.headers.contains_key("content-encoding"));
    let packed = api.get(script).header("accept-encoding", "br, gzip").send().await.expect(200);
    assert_eq!(packed.expect_header("content-encoding"), "gzip");
    assert!(packed.body.starts_with(&[0x1f, 0x8b]), "no gzip (RFC 1952)");
    assert!(packed.body.len() * 2 < plain.body.len(), "{} bytes", packed.body.len());
}

#[tokio::test]
async fn api_web_no_path_leads_out_of_its_files() {
    let api = Api::shared().await;
    let ways_out = [
        "/../spin.toml",
        "/../../Cargo.toml",
        "/%2e%2e/spin.toml",
        "/%2e%2e%2fspin.toml",
        "/..%2fspin.toml",
        "/..%5cspin.toml",
        "/....//spin.toml",
        "/model/../../../spin.toml",
        "/%252e%252e/spin.toml",
        "//etc/passwd",
        "/etc/passwd",
        "/%2fetc/passwd",
        "/./../etc/passwd",
        "/index.html/../../spin.toml",
        "/index.html%00.css",
        "/spin.toml",
        "/.env",
        "/.git/config",
    ];
    for way in ways_out {
        let reply = api.get(way).send().await;
        assert!(matches!(reply.status, 400 | 404), "{reply}");
        let text = String::from_utf8_lossy(&reply.body);
        assert!(!text.contains("spin_manifest_version") && !text.contains("root:"), "{reply}");
    }
}

#[tokio::test]
async fn api_web_config_json_tells_the_page_where_its_relay_is() {
    let api = Api::shared().await;
    let config = api.get("/config.json").send().await.expect(200);
    assert_eq!(config.expect_header("content-type"), "application/json");
    assert_eq!(
        config.json(),
        json!({
            "relay_url": api.stack.relay_url(), "trace_ratio": 0, "registration": "open", "mail": false,
        })
    );
}

#[tokio::test]
async fn api_probe_healthz_and_readyz_answer() {
    let api = Api::shared().await;
    let health = api.get("/healthz").send().await.expect(200);
    assert_eq!(health.json(), json!({"status": "ok"}));
    let ready = api.get("/readyz").send().await.expect(200).json();
    assert_eq!(keys(&ready), ["status", "stores"]);
    assert_eq!(ready["stores"]["key_value"], "ok");
}
