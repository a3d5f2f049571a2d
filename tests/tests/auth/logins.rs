//! A user's active logins (docs/contract/api.md, API-SESSIONS).

use super::{Auth, LOGIN, PASSWORD, World, token};
use contract_tests::Reply;
use serde_json::{Value, json};

const SESSIONS: &str = "/api/auth/sessions";

/// The logins of a token's user.
async fn list(auth: &Auth, token: &str, query: &str) -> Value {
    let path = format!("{SESSIONS}{query}");
    auth.with_token("GET", &path, token).send().await.expect(200).json()
}

async fn revoke(auth: &Auth, token: &str, session: &Value) -> Reply {
    auth.with_token("DELETE", &format!("{SESSIONS}/{session}"), token).send().await
}

/// Logs a user in with this browser's user agent.
async fn log_in(auth: &Auth, name: &str, browser: &str) -> String {
    let body = json!({"username": name, "password": PASSWORD});
    let call = auth.call("POST", LOGIN).header("user-agent", browser).json(&body);
    token(&call.send().await.expect(200).json())
}

#[tokio::test]
async fn api_sessions_are_listed_newest_first_and_one_can_be_ended() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, first) = auth.somebody().await;
    let (_, other) = auth.somebody().await;
    let phone = log_in(&auth, &name, "A phone").await;
    let desk = log_in(&auth, &name, &"Desk ".repeat(100)).await;
    let all = list(&auth, &desk, "").await;
    let items = all["items"].as_array().expect("items");
    let reported: Vec<(Option<&str>, &Value)> =
        items.iter().map(|it| (it["user_agent"].as_str(), &it["current"])).collect();
    let long = "Desk ".repeat(40);
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(reported[..2], [(Some(&*long), &yes), (Some("A phone"), &no)]);
    assert_eq!(reported.len(), 3);
    let page = list(&auth, &desk, "?limit=2").await;
    let rest = format!("?cursor={}", page["next_cursor"].as_str().expect("more"));
    let rest = list(&auth, &first, &rest).await;
    assert_eq!((&rest["items"][0]["id"], &rest["items"][0]["current"]), (&items[2]["id"], &yes));
    assert_eq!(rest["next_cursor"], Value::Null);

    // No user can end another user's login or find out whether it exists.
    for session in [&items[1]["id"], &json!(1_000_000)] {
        let _ = revoke(&auth, &other, session).await.problem(404, "not-found");
    }
    let _ = auth.me(&phone).await.expect(200);
    let _ = revoke(&auth, &desk, &items[1]["id"]).await.expect(204);
    let _ = auth.me(&phone).await.problem(401, "unauthorized");
    let _ = revoke(&auth, &desk, &items[1]["id"]).await.problem(404, "not-found");
    assert_eq!(list(&auth, &first, "").await["items"].as_array().map(Vec::len), Some(2));
    // One's own login as well.
    let _ = revoke(&auth, &desk, &items[0]["id"]).await.expect(204);
    let _ = auth.me(&desk).await.problem(401, "unauthorized");
    let _ = auth.me(&first).await.expect(200);
    // A login that was ended, or whose token generation is old, is not listed.
    let second = log_in(&auth, &name, "A phone").await;
    let change = json!({"password": "another password", "current_password": PASSWORD});
    let _ = auth.patch_me(&second, &change).await.expect(200);
    let left = list(&auth, &second, "").await;
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(left["items"][0]["current"], true);
}

#[tokio::test]
async fn api_sessions_tell_to_a_quarter_of_an_hour_when_they_were_seen() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, token) = auth.somebody().await;
    let seen = async || list(&auth, &token, "").await["items"][0]["last_seen_at"].to_string();
    for (ago, renewed) in [("14 minutes", false), ("16 minutes", true)] {
        let past = format!(
            "UPDATE sessions SET last_seen_at = now() - interval '{ago}' \
             FROM users WHERE user_id = users.id AND username = '{name}'"
        );
        let _ = world.databases.psql(&past).expect("changed");
        let before = seen().await;
        let _ = auth.me(&token).await.expect(200);
        assert_eq!(seen().await != before, renewed, "{ago}");
    }
}
