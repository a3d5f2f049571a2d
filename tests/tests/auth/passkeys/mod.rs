//! Passkeys (docs/contract/api.md, API-PASSKEY), with an authenticator in software.

mod authenticator;
mod forgeries;
mod managing;

use super::second_factor::enrolled;
use super::{Auth, PASSWORD, World, stack, token};
use authenticator::{ELIGIBLE, Passkey, base64url};
use contract_tests::Reply;
use futures::future::join_all;
use serde_json::{Value, json};

const LOGIN: &str = "/api/auth/login/passkey";
const PASSKEYS: &str = "/api/auth/passkeys";

/// A user with a passkey.
struct Person {
    name: String,
    token: String,
    passkey: Passkey,
    id: u64,
}

/// Requests the options for a login.
async fn login_options(auth: &Auth) -> Value {
    let reply = auth.call("POST", &format!("{LOGIN}/options")).send().await.expect(200);
    assert_eq!(reply.expect_header("cache-control"), "no-store");
    reply.json()["public_key"].clone()
}

async fn log_in(auth: &Auth, credential: &Value) -> Reply {
    auth.post(LOGIN, &json!({"credential": credential})).await
}

/// Logs in as a browser does.
async fn use_passkey(auth: &Auth, passkey: &Passkey) -> Reply {
    log_in(auth, &passkey.used(&login_options(auth).await)).await
}

async fn post(auth: &Auth, token: &str, path: &str, body: &Value) -> Reply {
    auth.with_token("POST", path, token).json(body).send().await
}

/// Requests the options for creating a passkey.
async fn options(auth: &Auth, token: &str) -> Value {
    let body = json!({"name": "My phone", "password": PASSWORD});
    let reply = post(auth, token, &format!("{PASSKEYS}/options"), &body).await;
    reply.expect(200).json()["public_key"].clone()
}

async fn add(auth: &Auth, token: &str, name: &str, credential: &Value) -> Reply {
    post(auth, token, PASSKEYS, &json!({"name": name, "credential": credential})).await
}

/// Adds a passkey; returns its id.
async fn added(auth: &Auth, token: &str, passkey: &mut Passkey) -> u64 {
    let credential = passkey.made(&options(auth, token).await);
    let reply = add(auth, token, "My phone", &credential).await.expect(201);
    reply.json()["id"].as_u64().expect("an id")
}

async fn person(auth: &Auth) -> Person {
    let (name, token) = auth.somebody().await;
    let mut passkey = Passkey::new();
    let id = added(auth, &token, &mut passkey).await;
    Person { name, token, passkey, id }
}

async fn list(auth: &Auth, token: &str) -> Vec<Value> {
    let listed = auth.with_token("GET", PASSKEYS, token).send().await.expect(200).json();
    listed["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn api_passkey_logs_its_user_in_without_a_name_a_password_or_a_code() {
    let world = World::shared().await;
    let auth = world.client();
    let mut codes = enrolled(&auth).await;
    let body = json!({"name": "My phone", "password": PASSWORD, "code": codes.app.code()});
    let asked = post(&auth, &codes.token, &format!("{PASSKEYS}/options"), &body).await.expect(200);
    let mut passkey = Passkey { flags: Passkey::new().flags | ELIGIBLE, ..Passkey::new() };
    let credential = passkey.made(&asked.json()["public_key"]);
    let made = add(&auth, &codes.token, "My phone", &credential).await.expect(201).json();
    assert_eq!((&made["name"], &made["last_used_at"]), (&json!("My phone"), &Value::Null));
    // As often as needed: a passkey that is synced between devices has no counter.
    for _ in 0..2 {
        let entered = use_passkey(&world.client(), &passkey).await.expect(200);
        assert!(entered.expect_header("set-cookie").starts_with("token=ey"));
        assert_eq!(entered.expect_header("cache-control"), "no-store");
        assert_eq!(entered.json()["user"]["username"], codes.name.as_str());
        let _ = auth.me(&token(&entered.json())).await.expect(200);
    }
    assert!(list(&auth, &codes.token).await[0]["last_used_at"].is_string());
    let sessions = auth.with_token("GET", "/api/auth/sessions", &codes.token).send().await;
    assert_eq!(sessions.expect(200).json()["items"].as_array().map(Vec::len), Some(3));
    // A password login still requires the code.
    let _ = auth.try_login(&codes.name, PASSWORD).await.expect(200).json()["second_factor"]
        .as_object()
        .expect("a second step");
}

#[tokio::test]
async fn api_passkey_options_want_a_key_that_is_kept_there_and_a_verified_user() {
    let world = World::shared().await;
    let auth = world.client();
    let person = person(&auth).await;
    let asked = login_options(&auth).await;
    assert_eq!((&asked["rpId"], &asked["allowCredentials"]), (&json!("board.example"), &json!([])));
    assert_eq!(asked["userVerification"], "required");
    let asked = options(&auth, &person.token).await;
    assert_eq!(asked["rp"]["id"], "board.example");
    assert_eq!(asked["user"]["name"], person.name.as_str());
    assert_eq!(asked["user"]["id"].as_str(), Some(person.passkey.user.as_str()));
    let wanted = &asked["authenticatorSelection"];
    assert_eq!(
        (&wanted["residentKey"], &wanted["userVerification"]),
        (&json!("required"), &json!("required"))
    );
    let known = &asked["excludeCredentials"][0]["id"];
    assert_eq!(known, &base64url(&person.passkey.id));
    // It reveals nothing about the user: a new name does not change it, and each user has their
    // own.
    let dump = format!("SELECT passkey_handle FROM users WHERE username = '{}'", person.name);
    assert!(!world.databases.psql(&dump).expect("a handle").contains(&person.name));
}

#[tokio::test]
async fn api_passkey_of_a_disabled_user_or_a_removed_one_logs_nobody_in() {
    let world = World::shared().await;
    let auth = world.client();
    let person = person(&auth).await;
    let set = async |disabled: bool| {
        let name = &person.name;
        let set = format!("UPDATE users SET disabled = {disabled} WHERE username = '{name}'");
        let _ = world.databases.psql(&set).expect("set");
    };
    set(true).await;
    let _ = use_passkey(&auth, &person.passkey).await.problem(401, "passkey-invalid");
    set(false).await;
    let by_it = token(&use_passkey(&auth, &person.passkey).await.expect(200).json());
    let other = token(&use_passkey(&auth, &person.passkey).await.expect(200).json());
    let path = format!("{PASSKEYS}/{}/remove", person.id);
    let _ = post(&auth, &by_it, &path, &json!({"password": PASSWORD})).await.expect(204);
    let _ = use_passkey(&auth, &person.passkey).await.problem(401, "passkey-invalid");
    // Logins with it end, except the one that removed it.
    let _ = auth.me(&other).await.problem(401, "unauthorized");
    let _ = auth.me(&by_it).await.expect(200);
    let _ = auth.me(&person.token).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_passkey_check_of_64_uses_of_a_challenge_at_once_one_logs_in() {
    let world = World::shared().await;
    let person = person(&world.client()).await;
    let clients: Vec<Auth> = (0..8).map(|_| world.client()).collect();
    let credential = person.passkey.used(&login_options(&clients[0]).await);
    let uses = clients.iter().cycle().take(64);
    let used = join_all(uses.map(|auth| log_in(auth, &credential))).await;
    let count = |status| used.iter().filter(|reply| reply.status == status).count();
    assert_eq!((count(200), count(200) + count(401) + count(429)), (1, 64));
    let _ = log_in(&world.client(), &credential).await.problem(401, "passkey-invalid");
}

#[tokio::test]
async fn api_passkey_recovery_a_new_password_by_a_link_leaves_them_unless_the_operators_says_no() {
    let world = World::shared().await;
    let auth = world.client();
    let person = person(&auth).await;
    let reset = async |without: bool, link: &str| {
        let digest = format!("encode(sha256('{link}'), 'hex')");
        let made = format!(
            "SELECT reset_link_set(id, {digest}, {without}) FROM users WHERE username = '{}'",
            person.name
        );
        let _ = world.databases.psql(&made).expect("a link");
        let body = json!({"token": link, "password": PASSWORD});
        let _ = auth.post("/api/auth/reset-password", &body).await.expect(200);
    };
    reset(false, "a-link-beside-a-passkey").await;
    let _ = use_passkey(&auth, &person.passkey).await.expect(200);
    reset(true, "a-link-without-passkeys").await;
    let _ = use_passkey(&auth, &person.passkey).await.problem(401, "passkey-invalid");
    assert_eq!(list(&auth, &auth.login(&person.name).await).await, [Value::Null; 0]);
}

#[tokio::test]
async fn api_passkey_without_an_origin_there_are_none_and_it_says_so() {
    let world = World::shared().await;
    let reported =
        world.client().call("GET", "/api/auth/providers").send().await.expect(200).json();
    assert_eq!(reported["passkeys"], true);
    for origin in ["", "http://192.0.2.7"] {
        let without = stack(&world.databases, &[("SPIN_VARIABLE_PUBLIC_ORIGIN", origin)]).await;
        let auth = Auth::new(&without);
        let reported = auth.call("GET", "/api/auth/providers").send().await.expect(200).json();
        assert_eq!(reported["passkeys"], false);
        let (_, token) = auth.somebody().await;
        let begin = format!("{PASSKEYS}/options");
        let begun = [
            auth.call("POST", &format!("{LOGIN}/options")).send().await,
            log_in(&auth, &Passkey::new().used(&json!({"challenge": ""}))).await,
            post(&auth, &token, &begin, &json!({"name": "Key", "password": PASSWORD})).await,
        ];
        for reply in begun {
            let reported = reply.problem(503, "not-configured");
            assert!(reported["detail"].as_str().expect("a sentence").contains("public_origin"));
        }
        assert_eq!(list(&auth, &token).await.len(), 0);
    }
}
