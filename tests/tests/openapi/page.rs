//! The page that shows the description (docs/contract/api.md, API-OPENAPI): it loads nothing from
//! elsewhere.

use super::served;
use contract_tests::Client;
use std::collections::BTreeSet;

/// What the page refers to by `src` and `href`.
fn references(page: &str) -> BTreeSet<&str> {
    let attributes = page.split(['<', ' ', '>']).filter_map(|part| part.split_once("=\""));
    let links = attributes.filter(|(name, _)| ["src", "href"].contains(name));
    links.filter_map(|(_, value)| value.split('"').next()).collect()
}

async fn page(client: &Client) -> String {
    let reply = client.get("/docs").send().await.expect(200);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    String::from_utf8(reply.body.to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn api_openapi_the_page_of_the_description_needs_nothing_from_elsewhere() {
    let (client, _) = served().await;
    let page = page(&client).await;
    let references = references(&page);
    assert!(references.contains("/docs/swagger-ui-bundle.js"), "{references:?}");
    for reference in references.into_iter().filter(|reference| !reference.starts_with("data:")) {
        assert!(reference.starts_with('/') && !reference.starts_with("//"), "{reference}");
        let reply = client.get(reference).send().await.expect(200);
        assert!(!reply.body.is_empty(), "{reply}");
    }
}

#[tokio::test]
async fn api_openapi_the_page_of_the_description_runs_no_script_but_ours_and_talks_to_nobody_else()
{
    let (client, _) = served().await;
    for path in ["/docs", "/docs/"] {
        let reply = client.get(path).send().await.expect(200);
        let policy = reply.expect_header("content-security-policy");
        for rule in ["default-src 'none'", "script-src 'self';", "connect-src 'self';"] {
            assert!(policy.contains(rule), "{policy}");
        }
    }
    let _ = client.get("/docs/../spin.toml").send().await;
    let _ = client.get("/docs/none.js").send().await.problem(404, "not-found");
}

#[tokio::test]
async fn api_openapi_the_page_of_the_description_comes_compressed_to_whoever_takes_that() {
    let (client, _) = served().await;
    let path = "/docs/swagger-ui-bundle.js";
    let plain = client.get(path).send().await.expect(200);
    assert_eq!(plain.header("content-encoding"), None);
    let gzip = client.get(path).header("accept-encoding", "br, gzip;q=0.8").send().await;
    let gzip = gzip.expect(200);
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert_eq!(gzip.body[..2], [0x1f, 0x8b]);
    // The last four bytes of a gzip file are the length of its content (RFC 1952).
    let length = gzip.body.last_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    assert_eq!(length, u32::try_from(plain.body.len()).ok());
    assert_eq!(gzip.header("vary"), Some("Accept-Encoding"));
    assert_ne!(gzip.tag(), plain.tag());
    let again =
        client.get(path).header("accept-encoding", "gzip").header("if-none-match", &gzip.tag());
    assert!(again.send().await.expect(304).body.is_empty());
    let refused = client.get(path).header("accept-encoding", "gzip;q=0").send().await.expect(200);
    assert_eq!(refused.header("content-encoding"), None);
}
