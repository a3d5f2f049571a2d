//! The description has exactly the routes of `spin.toml`, with exactly their methods.

use super::served;
use contract_tests::routes;
use std::collections::BTreeSet;

/// Routes outside the API: the app's page, the fallback, and the page that shows the
/// description.
const BESIDE: &[&str] = &["/...", "/api/...", "/docs/..."];

/// A route in the description's notation: `:board_id` becomes `{board_id}`.
fn described(route: &str) -> String {
    let part = |part: &str| {
        part.strip_prefix(':').map_or_else(|| part.to_owned(), |name| format!("{{{name}}}"))
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn api_openapi_the_description_has_every_route_of_the_manifest_and_no_other() {
    let (_, document) = served().await;
    let manifest = routes::of_the_manifest();
    let manifest = manifest.iter().filter(|route| !BESIDE.contains(&route.as_str()));
    let manifest: BTreeSet<String> = manifest.map(|route| described(route)).collect();
    let paths: BTreeSet<String> = document.paths().map(str::to_owned).collect();
    let missing: Vec<_> = manifest.difference(&paths).collect();
    let too_many: Vec<_> = paths.difference(&manifest).collect();
    assert!(missing.is_empty(), "routes that the description lacks: {missing:?}");
    assert!(too_many.is_empty(), "paths of the description without a route: {too_many:?}");
}

#[tokio::test]
async fn api_405_with_allow_the_description_has_exactly_the_methods_that_each_path_takes() {
    let (client, document) = served().await;
    for path in document.paths() {
        let concrete = path.replace("{username}", "ada").replace("{comment_id}", "1");
        let concrete = concrete.replace("{board_id}", "1").replace("{task_id}", "1");
        let concrete = [
            "{seq}",
            "{invitation_id}",
            "{session_id}",
            "{identity_id}",
            "{provider_id}",
            "{passkey_id}",
            "{token_id}",
            "{checklist_id}",
            "{item_id}",
        ]
        .iter()
        .fold(concrete, |concrete, name| concrete.replace(name, "1"));
        assert!(!concrete.contains('{'), "a parameter of {path} is new to this test");
        let reply = client.request("OPTIONS", &concrete).send().await.expect(204);
        let mut allowed = reply.list("allow");
        let gets = allowed.iter().any(|method| method == "GET");
        assert_eq!(allowed.iter().any(|method| method == "HEAD"), gets, "HEAD of {path}");
        allowed.retain(|method| !["HEAD", "OPTIONS"].contains(&method.as_str()));
        assert_eq!(document.methods(path), allowed, "the methods of {path}");
    }
}
