//! All users, and their management by admins.

use super::{PATIENCE, STATS, USERS, admin, all};
use contract_tests::api::{Mode, World, is_timestamp};
use contract_tests::people::PASSWORD;
use contract_tests::{Api, Client, Socket};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// Servers whose admins only one test at a time promotes and demotes.
async fn world() -> MutexGuard<'static, World> {
    static WORLD: OnceCell<Mutex<World>> = OnceCell::const_new();
    let start = async || Mutex::new(World::start(Mode::TEAMS, &[]).await);
    let world = WORLD.get_or_init(start).await.lock().await;
    let _ = world.databases().psql("UPDATE users SET role = 'user'").expect("no admins");
    world
}

async fn patch(boss: &Api<'_>, who: &Api<'_>, body: &Value) -> contract_tests::http::Reply {
    boss.patch(&format!("{USERS}/{}", who.username()), body).send().await
}

/// The user's entry in the list.
async fn listed(boss: &Api<'_>, who: &Api<'_>) -> Value {
    let path = format!("{USERS}?q={}&limit=200", who.username());
    let page = boss.get(&path).send().await.expect(200).json();
    let items = page["items"].as_array().expect("items");
    items.iter().find(|it| it["username"] == who.username()).expect("listed").clone()
}

async fn log_in(world: &World, name: &str) -> contract_tests::http::Reply {
    let body = json!({"username": name, "password": PASSWORD});
    Client::new(world.stack.functions_url()).post("/api/auth/login", &body).send().await
}

#[tokio::test]
async fn api_admin_lists_users_page_by_page_filtered_with_sessions_and_when_they_were_seen() {
    let world = world().await;
    let (boss, ada) = (admin(&world).await, world.somebody().await);
    let rename = json!({"display_name": "Zoë Ångström"});
    let _ = ada.patch("/api/auth/me", &rename).send().await.expect(200);
    let reported = listed(&boss, &ada).await;
    assert_eq!((&reported["sessions"], &reported["role"]), (&json!(1), &json!("user")));
    assert_eq!(
        (&reported["disabled"], &reported["display_name"]),
        (&json!(false), &rename["display_name"])
    );
    assert!(
        is_timestamp(&reported["last_seen_at"]) && is_timestamp(&reported["created_at"]),
        "{reported}"
    );
    // Another login, then one logout, then all.
    let second = log_in(&world, ada.username()).await.expect(200).json();
    assert_eq!(listed(&boss, &ada).await["sessions"], 2);
    let other = Client::new(world.stack.functions_url())
        .with_token(second["token"].as_str().expect("a token"));
    let _ = other.request("POST", "/api/auth/logout").send().await.expect(204);
    assert_eq!(listed(&boss, &ada).await["sessions"], 1);
    // A change of a board is more recent than any login.
    let board = ada.board("Seen").await;
    ada.task(board, "One").await;
    let seen = listed(&boss, &ada).await["last_seen_at"].clone();
    assert_eq!(seen, world.databases().logged(board)[0]["timestamp"]);
    let _ = ada.request("POST", "/api/auth/logout?everywhere=true").send().await.expect(204);
    assert_eq!(listed(&boss, &ada).await["sessions"], 0);

    let find = async |query: &str| -> Vec<Value> {
        let page = boss.get(&format!("{USERS}?{query}")).send().await.expect(200).json();
        page["items"].as_array().expect("items").iter().map(|it| it["username"].clone()).collect()
    };
    assert_eq!(find("q=zoe%20ang").await, [json!(ada.username())]);
    assert_eq!(find("q=nobody-at-all").await, [Value::Null; 0]);
    assert_eq!(find("role=admin").await, [json!(boss.username())]);
    assert!(!find("role=user&limit=200").await.contains(&json!(boss.username())));
    assert_eq!(find("disabled=true&q=zoe").await, [Value::Null; 0]);
    for _ in 0..3 {
        let _ = world.somebody().await;
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{USERS}?limit=2{cursor}");
        let page = boss.get(&path).send().await.expect(200).json();
        found.extend(page["items"].as_array().expect("items").iter().map(|it| it["id"].as_u64()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(found.is_sorted() && found.len() >= 6, "{found:?}");
    let total = boss.get(STATS).send().await.expect(200).json()["users"]["total"].clone();
    assert_eq!(json!(found.len()), total);
    for (query, pointer) in
        [("q=", "q"), ("role=boss", "role"), ("disabled=no", "disabled"), ("limit=201", "limit")]
    {
        let reply = boss.get(&format!("{USERS}?{query}")).send().await;
        assert_eq!(reply.pointers(), [format!("?{pointer}")], "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_admin_and_api_sessions_last_seen_stays_fresh_for_as_long_as_a_socket_is_open() {
    let world = World::start(Mode::TEAMS, &[("RELAY_ATTENDANCE_MS", "50")]).await;
    let (boss, ada, bob) = (admin(&world).await, world.somebody().await, world.somebody().await);
    let socket = Socket::open(&ada).await;
    let seen = async |who: &Api<'_>| listed(&boss, who).await["last_seen_at"].to_string();
    for _ in 0..2 {
        let hour = "UPDATE users SET last_seen_at = now() - interval '1 hour'";
        let _ = world.databases().psql(hour).expect("an hour ago");
        let hour_ago = seen(&bob).await;
        let deadline = Instant::now() + PATIENCE;
        while seen(&ada).await <= hour_ago {
            assert!(Instant::now() < deadline, "nobody saw Ada");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(seen(&bob).await, hour_ago, "a user without open sockets");
    }
    // The session has one as well, accurate to a quarter of an hour.
    let session = async || {
        let page = ada.get("/api/auth/sessions").send().await.expect(200).json();
        page["items"][0]["last_seen_at"].to_string()
    };
    let hour = "UPDATE sessions SET last_seen_at = created_at - interval '1 hour'";
    let before = session().await;
    let _ = world.databases().psql(hour).expect("an hour ago");
    let deadline = Instant::now() + PATIENCE;
    while session().await < before {
        assert!(Instant::now() < deadline, "nobody saw the session");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(socket);
}

#[tokio::test]
async fn api_admin_who_is_disabled_is_out_at_once_and_stays_out_with_their_old_tokens() {
    let world = world().await;
    let (boss, ada, bob) = (admin(&world).await, world.somebody().await, world.somebody().await);
    let mut sockets = [Socket::open(&ada).await, Socket::open(&ada).await];
    let mut bystander = Socket::open(&bob).await;
    let reported = patch(&boss, &ada, &json!({"disabled": true})).await.expect(200).json();
    let start = Instant::now();
    let refused = ada.get("/api/auth/me").send().await;
    let _ = refused.problem(401, "unauthorized");
    assert_eq!((&reported["disabled"], &reported["sessions"]), (&json!(true), &json!(0)));
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, 4401);
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    let _ = log_in(&world, ada.username()).await.problem(401, "invalid-credentials");
    let again = patch(&boss, &ada, &json!({"disabled": true})).await.expect(200).json();
    assert_eq!(again["disabled"], true);
    let _ = patch(&boss, &ada, &json!({"disabled": false})).await.expect(200);
    let _ = ada.get("/api/auth/me").send().await.problem(401, "unauthorized");
    let _ = log_in(&world, ada.username()).await.expect(200);
    bystander.say(&json!({"type": "ping"})).await;
    assert_eq!(bystander.message_but_heartbeats().await["type"], "pong", "nobody else is affected");
    // Each change is one event; setting the same value is none.
    let (events, _) = all(&boss, &format!("user={}", boss.username())).await;
    let changes: Vec<&Value> = events.iter().map(|event| &event["changes"]["disabled"]).collect();
    assert_eq!(changes, [&json!([false, true]), &json!([true, false])]);
    assert_eq!(events[0]["actor"], boss.actor);
    let user = &events[0]["user"];
    assert_eq!((&user["username"], &user["disabled"]), (&json!(ada.username()), &json!(true)));
}

#[tokio::test]
async fn api_admin_who_is_disabled_loses_their_api_tokens_for_good() {
    let world = world().await;
    let (boss, ada) = (admin(&world).await, world.somebody().await);
    let board = ada.board("Automated").await;
    let mut programs = Vec::new();
    for path in ["/api/auth/tokens".to_owned(), format!("{}/tokens", ada.board_path(board))] {
        let body = json!({"name": "CI", "scope": "admin", "expires_in_days": null});
        let made = ada.post(&path, &body).send().await.expect(201).json();
        let token = made["token"].as_str().expect("a token");
        programs.push(Api::of_user(&world.stack, token, ada.actor.clone()));
    }
    let mut sockets = Vec::new();
    for program in &programs {
        sockets.push(Socket::open(program).await);
    }
    let _ = patch(&boss, &ada, &json!({"disabled": true})).await.expect(200);
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, 4401);
    }
    let _ = patch(&boss, &ada, &json!({"disabled": false})).await.expect(200);
    for program in &programs {
        let _ = program.get(&ada.board_path(board)).send().await.problem(401, "unauthorized");
        let task = json!({"title": "By a program"});
        let added = program.post(&program.tasks_path(board), &task).send().await;
        let _ = added.problem(401, "unauthorized");
        assert!(Socket::try_open(program).await.is_err(), "a socket");
    }
    let again = log_in(&world, ada.username()).await.expect(200).json();
    let again = Api::of_user(&world.stack, again["token"].as_str().expect("a token"), json!({}));
    let left = again.get("/api/auth/tokens").send().await.expect(200).json();
    assert_eq!(left["items"], json!([]));
}

#[tokio::test]
async fn api_admin_the_last_one_can_be_neither_demoted_nor_disabled() {
    let world = world().await;
    let (boss, other) = (admin(&world).await, admin(&world).await);
    let _ = patch(&boss, &other, &json!({"disabled": true})).await.expect(200);
    for body in [json!({"role": "user"}), json!({"disabled": true})] {
        let problem = patch(&boss, &boss, &body).await.problem(409, "last-admin");
        assert!(
            problem["detail"].as_str().is_some_and(|it| it.contains("last admin")),
            "{problem}"
        );
    }
    let same = patch(&boss, &boss, &json!({"role": "admin", "disabled": false})).await;
    assert_eq!(same.expect(200).json()["role"], "admin");
    let _ = patch(&boss, &other, &json!({"disabled": false, "role": "user"})).await.expect(200);
    let _ = patch(&boss, &boss, &json!({"role": "user"})).await.problem(409, "last-admin");
    // Of two admins who demote each other at the same time, one remains.
    for _ in 0..5 {
        let (one, two) = (admin(&world).await, admin(&world).await);
        let _ = patch(&one, &boss, &json!({"role": "user"})).await;
        let body = json!({"role": "user"});
        let (a, b) = tokio::join!(patch(&one, &two, &body), patch(&two, &one, &body));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404], "the one demoted first is no admin any more");
        let left = "SELECT count(*) FROM users WHERE role = 'admin' AND NOT disabled";
        assert_eq!(world.databases().psql(left).expect("a count").trim(), "1");
        let none = "UPDATE users SET role = 'user'";
        let _ = world.databases().psql(none).expect("no admins");
    }
}

#[tokio::test]
async fn api_account_delete_of_the_last_admin_is_refused() {
    let world = world().await;
    let (boss, other) = (admin(&world).await, admin(&world).await);
    let leave = async |who: &Api<'_>| {
        who.post("/api/auth/delete-account", &json!({"password": PASSWORD})).send().await
    };
    let _ = leave(&other).await.expect(204);
    let _ = leave(&boss).await.problem(409, "last-admin");
    let _ = boss.get(USERS).send().await.expect(200);
}

#[tokio::test]
async fn api_admin_422_and_404_for_what_no_user_can_be() {
    let world = world().await;
    let boss = admin(&world).await;
    let ada = world.somebody().await;
    for (body, pointers) in [
        (json!({"role": "boss"}), vec!["/role"]),
        (json!({"role": null, "disabled": "yes"}), vec!["/disabled", "/role"]),
        (json!({"rule": "admin"}), vec!["/rule"]),
    ] {
        assert_eq!(patch(&boss, &ada, &body).await.pointers(), pointers, "{body}");
    }
    for name in ["nobody-at-all", "x", "a%00b"] {
        let path = format!("{USERS}/{name}");
        let _ = boss.patch(&path, &json!({"role": "user"})).send().await.problem(404, "not-found");
    }
    let named = format!("{USERS}/{}", ada.username().to_uppercase());
    let reported = boss.patch(&named, &json!({})).send().await.expect(200).json();
    assert_eq!(reported["username"], ada.username());
}
