//! Logging out, and tokens that must stay logged out.

use super::{Auth, LOGOUT, ME, PASSWORD, World};
use contract_tests::stack::ALLOWED_ORIGIN;
use futures::future::join_all;
use serde_json::json;

#[tokio::test]
async fn api_logout_answers_204_clears_the_cookie_and_revokes_this_token_only() {
    let auth = World::shared().await.client();
    let (name, first) = auth.somebody().await;
    let second = auth.login(&name).await;
    // Any cache of verified tokens holds it now.
    let _ = (auth.me(&first).await.expect(200), auth.me(&second).await.expect(200));
    let reply = auth.logout(&first, "").await.expect(204);
    let cleared = "token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; Secure";
    assert_eq!(reply.header("set-cookie"), Some(cleared));
    assert!(reply.body.is_empty());
    let _ = auth.me(&first).await.problem(401, "unauthorized");
    let _ = auth.logout(&first, "").await.problem(401, "unauthorized");
    let _ = auth.patch_me(&first, &json!({"display_name": "x"})).await.expect(401);
    let _ = auth.me(&second).await.expect(200);
}

#[tokio::test]
async fn api_me_tells_a_page_that_nobody_is_logged_in_by_204_where_it_asks_for_that() {
    let auth = World::shared().await.client();
    let (name, token) = auth.somebody().await;
    let ask = async |query: &str, token: Option<&str>| {
        let path = format!("{ME}{query}");
        let call = match token {
            Some(token) => auth.with_token("GET", &path, token),
            None => auth.call("GET", &path),
        };
        call.send().await
    };
    let found = ask("?optional=true", Some(&token)).await.expect(200).json();
    assert_eq!(found["username"], name.as_str());
    let _ = auth.logout(&token, "").await.expect(204);
    for token in [None, Some("no.such.token"), Some(token.as_str())] {
        let reply = ask("?optional=true", token).await.expect(204);
        assert!(reply.body.is_empty());
        let cleared = "token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; Secure";
        assert_eq!(reply.header("set-cookie"), Some(cleared));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        for query in ["", "?optional=false"] {
            let _ = ask(query, token).await.problem(401, "unauthorized");
        }
    }
    assert_eq!(ask("?optional=1", None).await.pointers(), ["?optional"]);
}

#[tokio::test]
async fn api_token_a_revoked_one_stays_refused_after_redis_has_lost_everything() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, first) = auth.somebody().await;
    let second = auth.login(&name).await;
    let _ = auth.logout(&first, "").await.expect(204);
    world.databases.flush_redis();
    let _ = auth.me(&first).await.problem(401, "unauthorized");
    let _ = auth.me(&second).await.expect(200);
    let _ = auth.logout(&second, "?everywhere=true").await.expect(204);
    world.databases.flush_redis();
    let _ = auth.me(&second).await.problem(401, "unauthorized");
}

#[tokio::test]
async fn api_logout_everywhere_revokes_all_of_the_users_tokens_and_nobody_elses() {
    let auth = World::shared().await.client();
    let (name, first) = auth.somebody().await;
    let (_, other) = auth.somebody().await;
    let mut tokens = vec![first.clone(), auth.login(&name).await, auth.login(&name).await];
    for token in &tokens {
        let _ = auth.me(token).await.expect(200);
    }
    let _ = auth.logout(&first, "?everywhere=true").await.expect(204);
    // A login within the same second succeeds.
    let fresh = auth.login(&name).await;
    for token in tokens.drain(..) {
        let _ = auth.me(&token).await.problem(401, "unauthorized");
    }
    let _ = auth.me(&fresh).await.expect(200);
    let _ = auth.me(&other).await.expect(200);
}

#[tokio::test]
async fn api_logout_answers_204_once_of_many_at_the_same_time() {
    let auth = World::shared().await.client();
    let (_, token) = auth.somebody().await;
    let replies = join_all((0..16).map(|_| auth.logout(&token, ""))).await;
    let count = |status| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((count(204), count(401)), (1, 15));
}

#[tokio::test]
async fn api_422_for_a_switch_that_is_neither_true_nor_false() {
    let auth = World::shared().await.client();
    let (_, token) = auth.somebody().await;
    for wrong in
        ["?everywhere", "?everywhere=yes", "?everywhere=TRUE", "?everywhere=true&everywhere=true"]
    {
        assert_eq!(auth.logout(&token, wrong).await.pointers(), ["?everywhere"], "{wrong}");
    }
    let _ = auth.me(&token).await.expect(200);
    let _ = auth.logout(&token, "?everywhere=false").await.expect(204);
}

#[tokio::test]
async fn api_token_comes_in_the_cookie_or_as_bearer_and_the_bearer_counts() {
    let auth = World::shared().await.client();
    let (name, token) = auth.somebody().await;
    let cookie = format!("theme=dark; token={token}; other=1");
    let me = auth.call("GET", ME).header("cookie", &cookie).send().await.expect(200).json();
    assert_eq!(me["username"], name.as_str());
    let both = auth.call("GET", ME).header("cookie", &cookie).header("authorization", "Bearer x");
    let _ = both.send().await.problem(401, "unauthorized");
    let basic = || auth.call("GET", ME).header("authorization", "Basic YTpi");
    let _ = basic().send().await.problem(401, "unauthorized");
    let behind_a_proxy = basic().header("cookie", &cookie).send().await.expect(200);
    assert_eq!(behind_a_proxy.json()["username"], name.as_str(), "its scheme is not ours");
    let empty = auth.call("GET", ME).header("cookie", "token=");
    let _ = empty.send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn api_403_for_a_cookie_authenticated_unsafe_request_from_a_foreign_origin() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, token) = auth.somebody().await;
    let own = world.stack.functions_url();
    let patch = |origin: Option<&str>| {
        let call = auth.call("PATCH", ME).header("cookie", &format!("token={token}"));
        let call = call.json(&json!({"display_name": "Changed"}));
        match origin {
            Some(origin) => call.header("origin", origin),
            None => call,
        }
    };
    for foreign in ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"] {
        let _ = patch(Some(foreign)).send().await.problem(403, "foreign-origin");
        let logout = auth.call("POST", LOGOUT).header("cookie", &format!("token={token}"));
        let _ = logout.header("origin", foreign).send().await.problem(403, "foreign-origin");
        let read = auth.call("GET", ME).header("cookie", &format!("token={token}"));
        let read = read.header("origin", foreign).send().await.expect(200);
        assert_eq!(read.json()["display_name"], name.as_str(), "nothing has changed");
        assert_eq!(
            read.header("access-control-allow-origin"),
            None,
            "and its page cannot read the answer"
        );
        let bearer = auth.with_token("PATCH", ME, &token).header("origin", foreign);
        let _ = bearer.json(&json!({})).send().await.expect(200);
    }
    for friendly in [Some(own.as_str()), Some(ALLOWED_ORIGIN), None] {
        let _ = patch(friendly).send().await.expect(200);
    }
}

#[tokio::test]
async fn api_token_the_secret_can_be_rotated_and_nobody_is_logged_out() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, old) = auth.somebody().await;
    let secret = "another-secret-another-secret-another";
    let both = [
        ("SPIN_VARIABLE_JWT_SECRET", secret),
        ("SPIN_VARIABLE_JWT_SECRET_PREVIOUS", contract_tests::stack::JWT_SECRET),
    ];
    let after = super::stack(&world.databases, &both).await;
    let rotated = Auth::new(&after);
    let _ = rotated.me(&old).await.expect(200);
    let new = rotated.login(&name).await;
    let _ = rotated.me(&new).await.expect(200);
    let _ = auth.me(&new).await.problem(401, "unauthorized");
}

#[tokio::test]
async fn api_user_no_password_stands_in_the_log() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, token) = auth.somebody().await;
    let _ = auth.try_login(&name, "a wrong password that is secret").await;
    let _ = auth.try_login(&format!("{name} {PASSWORD}"), PASSWORD).await;
    let change = json!({"password": "a new password that is secret", "current_password": PASSWORD});
    let _ = auth.patch_me(&token, &change).await.expect(200);
    let log = world.stack.functions_log();
    for secret in [PASSWORD, "that is secret", "argon2id", &token] {
        assert!(!log.contains(secret), "{secret}");
    }
}
