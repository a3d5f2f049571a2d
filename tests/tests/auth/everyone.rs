//! Every route of the manifest that wants a token refuses every bad one: a new route cannot be
//! forgotten.

use super::tokens::bad;
use super::{LOGIN, REGISTER, World};
use contract_tests::routes;

/// What anybody may ask.
const PUBLIC: &[&str] =
    &["/...", "/healthz", "/readyz", "/api/...", "/api/quick-win/", "/api/openapi", "/docs"];

#[tokio::test]
async fn api_401_for_every_bad_token_at_every_route_and_method_that_wants_one() {
    let auth = World::shared().await.client();
    let (name, good) = auth.somebody().await;
    let mut tokens = bad(&good);
    let revoked = auth.login(&name).await;
    let _ = auth.logout(&revoked, "").await.expect(204);
    tokens.push(("revoked", revoked));
    let mut asked = 0;
    for route in routes::of_the_manifest() {
        let public = PUBLIC.iter().any(|public| {
            route == *public
                || (route.starts_with(public) && *public != "/..." && *public != "/api/...")
        });
        if public || route == LOGIN || route == REGISTER {
            continue;
        }
        let path: Vec<&str> =
            route.split('/').map(|part| if part.starts_with(':') { "1" } else { part }).collect();
        let path = path.join("/");
        let allowed = auth.call("OPTIONS", &path).send().await.expect(204).list("allow");
        for method in allowed.iter().filter(|method| *method != "OPTIONS" && *method != "HEAD") {
            for (what, token) in &tokens {
                let call = auth.with_token(method, &path, token);
                let call = if method == "GET" { call } else { call.json(&serde_json::json!({})) };
                let reply = call.send().await;
                assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{what}: {reply}");
                let _ = reply.problem(401, "unauthorized");
                asked += 1;
            }
            let call = auth.call(method, &path).json(&serde_json::json!({}));
            let _ = call.send().await.problem(401, "unauthorized");
        }
    }
    assert!(asked >= 3 * tokens.len(), "{asked}");
}
