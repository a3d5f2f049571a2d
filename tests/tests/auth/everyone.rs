//! Every route of the manifest that requires a token refuses every bad one, and refuses users who
//! are not members of its board or lack the role: a new route cannot be forgotten.

use super::tokens::bad;
use super::{Auth, LOGIN, LOGOUT, ME, REGISTER, World};
use contract_tests::http::Call;
use contract_tests::routes;
use serde_json::{Value, json};

/// Public routes, besides everything under [`QUICK_WIN`]. A route that is in none of these lists
/// must be added to one.
const PUBLIC: &[&str] = &[
    "/...",
    "/healthz",
    "/readyz",
    "/api/...",
    "/docs/...",
    "/api/openapi.json",
    REGISTER,
    LOGIN,
    "/api/auth/login/second-factor",
    "/api/auth/login/passkey",
    "/api/auth/login/passkey/options",
    "/api/auth/reset-password",
    "/api/auth/forgot-password",
    "/api/auth/providers",
    // And its callback: tests/browser/page/sign-in.test.mjs.
    "/api/auth/oidc/:provider_id/start",
    "/api/auth/oidc/:provider_id/callback",
    "/api/auth/oidc/:provider_id/backchannel-logout",
    "/api/invitations/preview",
];

/// The mode without accounts.
const QUICK_WIN: &str = "/api/quick-win/";

/// Routes for every logged-in user, which concern only themselves.
const OWN: &[&str] = &[
    LOGOUT,
    ME,
    "/api/auth/sessions",
    "/api/auth/sessions/:session_id",
    "/api/auth/identities",
    "/api/auth/identities/:identity_id/remove",
    "/api/auth/oidc/:provider_id/link",
    "/api/auth/email",
    "/api/auth/email/resend",
    "/api/auth/email/verify",
    "/api/auth/email/remove",
    "/api/auth/passkeys",
    "/api/auth/passkeys/options",
    "/api/auth/passkeys/:passkey_id",
    "/api/auth/passkeys/:passkey_id/remove",
    "/api/auth/export",
    "/api/auth/delete-account",
    TOKENS,
    "/api/auth/tokens/:token_id",
    "/api/auth/totp",
    "/api/auth/totp/confirm",
    "/api/auth/totp/recovery-codes",
    "/api/auth/totp/disable",
    "/api/invitations/accept",
    "/api/boards",
    "/api/boards/import",
];

/// The user's own API tokens.
const TOKENS: &str = "/api/auth/tokens";

/// Routes that only owners may read or change.
const OWNERS: &str = "/invitations";

/// Routes for admins only (tests/teams/admin).
const ADMIN: &str = "/api/admin/";

/// Every other route concerns a board.
const BOARD: &str = "/api/boards/:board_id";

/// The routes that require a token.
fn protected() -> Vec<String> {
    let mut routes = routes::of_the_manifest();
    routes.retain(|route| !PUBLIC.contains(&route.as_str()) && !route.starts_with(QUICK_WIN));
    routes
}

/// The methods that a path takes.
async fn methods(auth: &Auth, path: &str) -> Vec<String> {
    let mut methods = auth.call("OPTIONS", path).send().await.expect(204).list("allow");
    methods.retain(|method| method != "OPTIONS");
    assert!(!methods.is_empty(), "{path} has no methods");
    methods
}

/// A route's path on this board, with the first id of everything and this name.
fn path(route: &str, board: u64, name: &str) -> String {
    let part = |part: &str| match part {
        ":board_id" => board.to_string(),
        ":task_id" | ":comment_id" | ":seq" | ":invitation_id" | ":session_id" | ":identity_id"
        | ":passkey_id" | ":provider_id" | ":token_id" | ":checklist_id" | ":item_id" => {
            "1".to_owned()
        }
        ":username" => name.to_owned(),
        other => {
            assert!(!other.starts_with(':'), "{route}: which value replaces {other}?");
            other.to_owned()
        }
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A body that would be accepted.
fn body(method: &str, route: &str) -> Option<Value> {
    if ["GET", "HEAD", "DELETE"].contains(&method) {
        return None;
    }
    match route.strip_prefix(BOARD).unwrap_or(route) {
        LOGOUT
        | "/restore"
        | "/events/:seq/undo"
        | "/tasks/:task_id/items/:item_id/convert"
        | "/api/admin/users/:username/reset-link" => None,
        ME => Some(json!({"display_name": "Somebody else"})),
        "" => Some(json!({"name": "Taken over"})),
        "/api/admin/users/:username" => Some(json!({"role": "user"})),
        "/api/auth/totp/confirm" => Some(json!({"code": "none"})),
        "/api/auth/totp/recovery-codes" | "/api/auth/totp/disable" => {
            Some(json!({"password": "none", "code": "none"}))
        }
        "/api/auth/email" => Some(json!({"address": "a@example.org", "password": "none"})),
        "/api/auth/email/resend" | "/api/admin/invitations" => Some(json!({})),
        "/api/auth/passkeys/options" => Some(json!({"name": "Mine", "password": "none"})),
        "/api/auth/passkeys" => Some(json!({"name": "Mine", "credential": {}})),
        "/api/auth/delete-account"
        | "/api/auth/totp"
        | "/api/auth/email/remove"
        | "/api/auth/identities/:identity_id/remove"
        | "/api/auth/oidc/:provider_id/link"
        | "/api/auth/passkeys/:passkey_id/remove" => Some(json!({"password": "none"})),
        "/api/invitations/accept" | "/api/auth/email/verify" => Some(json!({"token": "none"})),
        "/api/boards" | "/api/auth/passkeys/:passkey_id" => Some(json!({"name": "Mine"})),
        "/api/boards/import" => Some(json!({"name": "Mine", "tasks": []})),
        "/tasks"
        | "/tasks/:task_id"
        | "/tasks/:task_id/checklists"
        | "/tasks/:task_id/checklists/:checklist_id" => Some(json!({"title": "Sneaked in"})),
        "/tasks/:task_id/checklists/:checklist_id/items" | "/tasks/:task_id/items/:item_id" => {
            Some(json!({"text": "Sneaked in"}))
        }
        "/tasks/:task_id/tick" => Some(json!({"line": "- [ ] Sneaked in", "done": true})),
        "/tasks/:task_id/comments" | "/tasks/:task_id/comments/:comment_id" => {
            Some(json!({"body": "Sneaked in"}))
        }
        TOKENS | "/tokens" => Some(json!({"name": "Mine", "scope": "read"})),
        "/invitations" | "/members/:username" => Some(json!({"role": "viewer"})),
        _ => panic!("{method} {route} is new: which body would be accepted?"),
    }
}

#[tokio::test]
async fn api_401_for_every_bad_token_at_every_route_and_method_that_wants_one() {
    let auth = World::shared().await.client();
    let (name, good) = auth.somebody().await;
    let mut tokens = bad(&good);
    let revoked = auth.login(&name).await;
    let _ = auth.logout(&revoked, "").await.expect(204);
    tokens.push(("revoked", revoked));
    let id = auth.me(&good).await.expect(200).json()["id"].to_string();
    tokens.push(("a forged API token", format!("tb_a{id}_{}", "x".repeat(43))));
    tokens.push(("a forged API token for reading", format!("tb_rb{id}_{}", "x".repeat(43))));
    tokens.push(("half an API token", format!("tb_a{id}")));
    let routes = protected();
    assert!(routes.len() >= 15, "{routes:?}");
    for route in routes {
        let path = path(&route, 1, "ada");
        for method in methods(&auth, &path).await {
            let body = body(&method, &route);
            let ask = async |call: Call<'_>| match &body {
                Some(body) => call.json(body).send().await.expect(401),
                None => call.send().await.expect(401),
            };
            let _ = ask(auth.call(&method, &path)).await;
            for (what, token) in &tokens {
                let reply = ask(auth.with_token(&method, &path, token)).await;
                assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{what}: {reply}");
                if method != "HEAD" {
                    let _ = reply.problem(401, "unauthorized");
                }
            }
        }
    }
}

#[tokio::test]
async fn api_404_for_a_stranger_and_403_or_reads_for_a_viewer_at_every_route_about_a_board() {
    let auth = World::shared().await.client();
    let (owner_name, owner) = auth.somebody().await;
    let (_, stranger) = auth.somebody().await;
    let (viewer_name, viewer) = auth.somebody().await;
    let made = auth.with_token("POST", "/api/boards", &owner).json(&json!({"name": "Guarded"}));
    let made = made.send().await.expect(201);
    let (board, home) = (made.json()["id"].as_u64(), made.expect_header("location").to_owned());
    for (method, rest, body) in [
        ("PUT", format!("members/{viewer_name}"), json!({"role": "viewer"})),
        ("POST", "tasks".to_owned(), json!({"title": "One"})),
        ("POST", "tasks/1/comments".to_owned(), json!({"body": "One"})),
        ("POST", "tasks/1/checklists".to_owned(), json!({"title": "One"})),
        ("POST", "tasks/1/checklists/1/items".to_owned(), json!({"text": "One"})),
    ] {
        let call = auth.with_token(method, &format!("{home}/{rest}"), &owner).json(&body);
        let _ = call.send().await.expect(201);
    }
    let before = auth.with_token("GET", &home, &owner).send().await.expect(200).json();
    for route in protected() {
        if OWN.contains(&route.as_str()) || route.starts_with(ADMIN) {
            continue;
        }
        assert!(route.starts_with(BOARD), "{route} is new: who may use it?");
        let owners = route.ends_with(OWNERS);
        let path = path(&route, board.expect("an id"), &owner_name);
        for method in methods(&auth, &path).await {
            let ask = async |token: &str| {
                let call = auth.with_token(&method, &path, token);
                match body(&method, &route) {
                    Some(body) => call.json(&body).send().await,
                    None => call.send().await,
                }
            };
            let (foreign, seen) = (ask(&stranger).await, ask(&viewer).await);
            match method.as_str() {
                "HEAD" if !owners => {
                    let _ = (foreign.expect(404), seen.expect(200));
                }
                "HEAD" => {
                    let _ = (foreign.expect(404), seen.expect(403));
                }
                "GET" if !owners => {
                    let _ = (foreign.problem(404, "not-found"), seen.expect(200));
                }
                _ => {
                    let _ = foreign.problem(404, "not-found");
                    let problem = seen.problem(403, "forbidden");
                    assert_eq!(problem["role"], "viewer");
                }
            }
        }
    }
    let after = auth.with_token("GET", &home, &owner).send().await.expect(200).json();
    assert_eq!(after, before, "nothing has changed");
}
