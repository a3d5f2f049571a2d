//! The page and what stands beside it: its files and nothing else, its policy, its health.

use contract_tests::Api;
use contract_tests::api::keys;
use serde_json::json;

#[tokio::test]
async fn web_the_page_runs_nothing_but_its_own_files() {
    let api = Api::shared().await;
    for path in ["/", "/index.html"] {
        let page = api.get(path).send().await.expect(200);
        assert_eq!(page.expect_header("content-type"), "text/html; charset=utf-8");
        let policy = page.expect_header("content-security-policy");
        for rule in ["default-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
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
async fn web_every_file_of_the_page_is_served_with_its_type_and_a_tag() {
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
async fn web_no_path_leads_out_of_its_files() {
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
async fn web_config_json_tells_the_page_where_its_relay_is() {
    let api = Api::shared().await;
    let config = api.get("/config.json").send().await.expect(200);
    assert_eq!(config.expect_header("content-type"), "application/json");
    assert_eq!(config.json(), json!({"relay_url": api.stack.relay_url()}));
}

#[tokio::test]
async fn web_healthz_and_readyz_answer() {
    let api = Api::shared().await;
    let health = api.get("/healthz").send().await.expect(200);
    assert_eq!(health.json(), json!({"status": "ok"}));
    let ready = api.get("/readyz").send().await.expect(200).json();
    assert_eq!(keys(&ready), ["status", "stores"]);
    assert_eq!(ready["stores"]["key_value"], "ok");
}
