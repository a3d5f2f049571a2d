//! The answers while a database is unavailable or not configured.

use super::{Auth, LOGIN, LOGOUT, ME, PASSWORD, REGISTER, World, fresh_name};
use contract_tests::{Client, Databases, Reply, Stack};
use serde_json::json;
use std::time::{Duration, Instant};

#[track_caller]
fn assert_away(reply: Reply) {
    assert!(reply.header("retry-after").is_some_and(|text| text.parse::<u64>().is_ok()), "{reply}");
    let _ = reply.problem(503, "unavailable");
}

/// Repeats the request until the answer has this status.
async fn until(status: u16, ask: impl AsyncFn() -> Reply) -> Reply {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let reply = ask().await;
        if reply.status == status || Instant::now() > deadline {
            return reply.expect(status);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn api_503_without_databases_says_how_to_get_them() {
    let stack = Stack::start().await;
    let auth = Auth::new(&stack);
    let body = json!({"username": fresh_name(), "password": PASSWORD});
    let replies = [
        auth.post(REGISTER, &body).await,
        auth.post(LOGIN, &body).await,
        auth.call("POST", LOGOUT).send().await,
        auth.call("GET", ME).send().await,
        auth.call("GET", ME).header("accept", "text/html").send().await,
        auth.me("x.y.z").await,
        auth.patch_me("x.y.z", &json!({})).await,
    ];
    for reply in replies {
        assert!(reply.header("retry-after").is_some(), "{reply}");
        assert_eq!(reply.header("set-cookie"), None, "it logs nobody out: {reply}");
        let problem = reply.problem(503, "not-configured");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("`cargo xtask up --full`"), "{detail}");
    }
    assert_eq!(auth.post(REGISTER, &json!({})).await.pointers(), ["/password", "/username"]);
}

#[tokio::test]
async fn api_503_while_postgresql_is_unavailable_and_everything_again_after_it() {
    let world = World::start().await;
    let auth = world.client();
    let (name, token) = auth.somebody().await;
    world.databases.kill_postgres();
    let body = json!({"username": fresh_name(), "password": PASSWORD});
    for _ in 0..2 {
        assert_away(auth.me(&token).await);
        assert_away(auth.post(REGISTER, &body).await);
        assert_away(auth.try_login(&name, PASSWORD).await);
        assert_away(auth.logout(&token, "").await);
        assert_away(auth.patch_me(&token, &json!({"display_name": "x"})).await);
    }
    let _ = auth.me("not-a-token").await.problem(401, "unauthorized");
    world.databases.start_postgres();
    let _ = until(200, async || auth.me(&token).await).await;
    // Attempts during the outage do not count as failures and delay nobody.
    let _ = auth.login(&name).await;
    let _ = auth.post(REGISTER, &body).await.expect(201);
}

#[tokio::test]
async fn api_503_without_redis_for_a_login_or_registration_while_tokens_are_checked() {
    let world = World::start().await;
    let auth = world.client();
    let (name, first) = auth.somebody().await;
    let second = auth.login(&name).await;
    let third = super::token(&auth.register(&fresh_name()).await);
    let _ = (auth.me(&first).await.expect(200), auth.me(&second).await.expect(200));
    let _ = auth.logout(&first, "").await.expect(204);
    world.databases.kill_redis();
    for _ in 0..30 {
        assert_away(auth.try_login(&name, "wrong").await);
    }
    assert_away(auth.try_login(&name, PASSWORD).await);
    let _ = auth.me(&first).await.problem(401, "unauthorized");
    let _ = auth.me(&second).await.expect(200);
    // The number of accounts from this address and of hashes in progress is unknown.
    assert_away(auth.try_register(&fresh_name()).await);
    let _ = auth.logout(&third, "").await.expect(204);
    let _ = auth.me(&third).await.problem(401, "unauthorized");
    let _ = auth.logout(&second, "?everywhere=true").await.expect(204);
    let _ = auth.me(&second).await.problem(401, "unauthorized");
    world.databases.start_redis();
    let _ = auth.me(&second).await.problem(401, "unauthorized");
    let _ = until(200, async || auth.try_login(&name, PASSWORD).await).await;
}

#[tokio::test]
async fn api_timing_redis_that_answers_nothing_holds_nobody_up_for_long() {
    let world = World::start().await;
    let auth = world.client();
    let (name, first) = auth.somebody().await;
    let second = auth.login(&name).await;
    world.databases.freeze_redis();
    let start = Instant::now();
    assert_away(auth.try_login(&name, PASSWORD).await);
    let _ = auth.logout(&first, "").await.expect(204);
    let _ = auth.me(&first).await.problem(401, "unauthorized");
    let _ = auth.me(&second).await.expect(200);
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    world.databases.kill_redis();
    world.databases.start_redis();
    let _ = until(200, async || auth.try_login(&name, PASSWORD).await).await;
    let _ = auth.me(&first).await.problem(401, "unauthorized");
}

#[tokio::test]
async fn api_probe_readyz_names_every_store_that_does_not_answer() {
    let world = World::start().await;
    let auth = world.client();
    let stores = async |status: u16| {
        let reply = auth.call("GET", "/readyz").try_send().await.expect("an answer");
        assert_eq!(reply.status, status, "{reply}");
        reply.json()["stores"].clone()
    };
    let all = json!({"key_value": "ok", "postgresql": "ok", "redis": "ok"});
    assert_eq!(stores(200).await, all);
    world.databases.kill_redis();
    let without = json!({"key_value": "ok", "postgresql": "ok", "redis": "unavailable"});
    assert_eq!(stores(503).await, without);
    world.databases.kill_postgres();
    let without = json!({"key_value": "ok", "postgresql": "unavailable", "redis": "unavailable"});
    assert_eq!(stores(503).await, without);
    world.databases.start_redis();
    world.databases.start_postgres();
    assert_eq!(stores(200).await, all);
}

/// An invalid value for each variable with a fixed format.
const WRONG: [(&str, &str); 21] = [
    ("SPIN_VARIABLE_CLIENT_ADDRESS_HEADER", "x forwarded for"),
    ("SPIN_VARIABLE_COOKIE_SECURE", "False"),
    ("SPIN_VARIABLE_CORS_ORIGINS", "board.example"),
    ("SPIN_VARIABLE_DATABASE_URL", "db.example:5432"),
    ("SPIN_VARIABLE_JWT_SECRET", "wrong-secret"),
    ("SPIN_VARIABLE_JWT_SECRET_PREVIOUS", "wrong-secret-before"),
    ("SPIN_VARIABLE_LOGIN_FAILURES_PER_ADDRESS", "wrong-many"),
    ("SPIN_VARIABLE_MAIL_ENABLED", "Yes"),
    ("SPIN_VARIABLE_MAILS_PER_ADDRESS", "-20"),
    ("SPIN_VARIABLE_MAX_PASSWORD_HASHES", "1001"),
    ("SPIN_VARIABLE_OIDC_PROVIDERS", r#"[{"id": "house", "client_secret": "wrong-client"#),
    ("SPIN_VARIABLE_PUBLIC_ORIGIN", "wrong-origin.example"),
    ("SPIN_VARIABLE_REDIS_URL", "redis.example:6379"),
    ("SPIN_VARIABLE_REGISTRATION", "Invite"),
    ("SPIN_VARIABLE_REGISTRATIONS_PER_ADDRESS", "wrong-few"),
    ("SPIN_VARIABLE_RELAY_PUBLIC_URL", "relay.example"),
    ("SPIN_VARIABLE_RELAY_SECRET", "wrong-relay"),
    ("SPIN_VARIABLE_RELAY_URL", ""),
    ("SPIN_VARIABLE_TRACE_RATIO", "1.5"),
    ("SPIN_VARIABLE_WRITE_BURST", "wrong-burst"),
    ("SPIN_VARIABLE_WRITES_PER_SECOND", "0"),
];

#[tokio::test]
async fn api_probe_readyz_names_every_variable_that_is_wrong_and_never_its_value() {
    let stack = Stack::start_unready(&WRONG).await;
    let client = Client::new(stack.functions_url());
    // Not a problem document: monitoring reads it.
    let reply = client.get("/readyz").try_send().await.expect("an answer");
    assert_eq!(reply.status, 503, "{reply}");
    let document = reply.json();
    assert_eq!(document["status"], "not ready");
    let named = document["variables"].as_object().expect("variables");
    let names: Vec<String> =
        WRONG.iter().map(|(name, _)| name["SPIN_VARIABLE_".len()..].to_lowercase()).collect();
    let mut reported: Vec<&String> = named.keys().collect();
    reported.sort_unstable();
    assert_eq!(reported, names.iter().collect::<Vec<_>>());
    assert_eq!(named["registration"], "must be open or invite or closed");
    let text = String::from_utf8_lossy(&reply.body);
    for (_, value) in WRONG.iter().filter(|(_, value)| value.contains("wrong")) {
        assert!(!text.contains(value), "{value}");
    }
    let log = stack.functions_log();
    let line = "not ready: variable registration must be open or invite or closed";
    assert_eq!(log.matches(line).count(), 1, "{log}");
    for (_, value) in WRONG.iter().filter(|(_, value)| value.contains("secret")) {
        assert!(!log.contains(value), "{value}");
    }
    // Routes that need one of them do not reveal it to clients.
    let _ = client.get("/config.json").send().await.problem(500, "internal");
}

#[tokio::test]
async fn api_probe_one_wrong_variable_is_enough_and_the_stores_are_told_as_before() {
    let databases = Databases::start();
    let mut environment = databases.environment();
    environment.push(("SPIN_VARIABLE_REGISTRATION", "Invite".to_owned()));
    let borrowed: Vec<_> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let stack = Stack::start_unready(&borrowed).await;
    let client = Client::new(stack.functions_url());
    let reply = client.get("/readyz").try_send().await.expect("an answer");
    assert_eq!(reply.status, 503, "{reply}");
    let document = reply.json();
    let all = json!({"key_value": "ok", "postgresql": "ok", "redis": "ok"});
    assert_eq!((&document["stores"], &document["details"]), (&all, &json!({})));
    assert_eq!(document["variables"], json!({"registration": "must be open or invite or closed"}));
}
