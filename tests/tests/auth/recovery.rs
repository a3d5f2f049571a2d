//! Recovering an account without the password (docs/contract/api.md, API-RESET).

use super::{Auth, ME, PASSWORD, World, token};
use contract_tests::Reply;
use futures::future::join_all;
use serde_json::{Value, json};

const RESET: &str = "/api/auth/reset-password";
const NEW: &str = "another long password";

/// A new admin's token.
async fn admin(world: &World, auth: &Auth) -> String {
    let (name, token) = auth.somebody().await;
    let grant = format!("UPDATE users SET role = 'admin' WHERE username = '{name}'");
    let _ = world.databases.psql(&grant).expect("an admin");
    token
}

async fn ask(auth: &Auth, token: &str, name: &str) -> Reply {
    let path = format!("/api/admin/users/{name}/reset-link");
    auth.with_token("POST", &path, token).send().await
}

/// A link created by an admin.
async fn link(auth: &Auth, boss: &str, name: &str) -> String {
    token(&ask(auth, boss, name).await.expect(201).json())
}

async fn reset(auth: &Auth, link: &str, password: &str) -> Reply {
    auth.post(RESET, &json!({"token": link, "password": password})).await
}

#[tokio::test]
async fn api_reset_by_an_admins_link_sets_the_password_once_and_logs_out_everywhere() {
    let world = World::shared().await;
    let auth = world.client();
    let boss = admin(world, &auth).await;
    let (name, old) = auth.somebody().await;
    let _ = ask(&auth, &old, &name).await.problem(404, "not-found");
    let _ = ask(&auth, &boss, "nobody-of-this-name").await.problem(404, "not-found");
    let made = ask(&auth, &boss, &name.to_uppercase()).await.expect(201);
    assert_eq!(made.expect_header("cache-control"), "no-store");
    let (answer, link) = (made.json(), token(&made.json()));
    assert_eq!(answer["username"], name.as_str());
    let kept = format!("SELECT count(*) FROM reset_links WHERE reset_links::text LIKE '%{link}%'");
    assert_eq!(world.databases.psql(&kept).expect("a count").trim(), "0");
    // Nothing has changed yet; an invalid password does not use up the link.
    let _ = auth.me(&old).await.expect(200);
    assert_eq!(reset(&auth, &link, "short").await.pointers(), ["/password"]);
    let done = reset(&auth, &link, NEW).await.expect(200);
    assert_eq!(done.json(), json!({"username": name}));
    let cleared = "token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; Secure";
    assert_eq!(done.header("set-cookie"), Some(cleared));
    let _ = auth.me(&old).await.problem(401, "unauthorized");
    let _ = reset(&auth, &link, PASSWORD).await.problem(404, "link-invalid");
    let _ = auth.try_login(&name, PASSWORD).await.problem(401, "invalid-credentials");
    let _ = auth.try_login(&name, NEW).await.expect(200);
    assert!(!world.stack.functions_log().contains(&link));
    // Everybody with access sees who created the link.
    let page = auth.with_token("GET", "/api/admin/activity?order=newest&entity=user", &boss);
    let page = page.send().await.expect(200).json();
    let events = page["items"].as_array().expect("items");
    let reported = events.iter().find(|event| event["user"]["username"] == name.as_str());
    let change = &reported.expect("an event")["changes"]["reset_link"];
    assert_eq!(change, &json!([null, answer["expires_at"]]));
}

#[tokio::test]
async fn api_reset_links_that_do_not_count_are_the_same_404_whatever_is_wrong_with_them() {
    let world = World::shared().await;
    let boss = admin(world, &world.client()).await;
    let auth = world.client();
    let mut people = Vec::new();
    for _ in 0..5 {
        let (name, token) = auth.somebody().await;
        let link = link(&auth, &boss, &name).await;
        people.push((name, token, link));
    }
    let psql = |statement: String| drop(world.databases.psql(&statement).expect("changed"));
    let of = |name: &str| format!("user_id = (SELECT id FROM users WHERE username = '{name}')");
    let (name, ..) = &people[0];
    psql(format!("UPDATE reset_links SET expires_at = now() WHERE {}", of(name)));
    // A newer link replaces it.
    let newer = link(&auth, &boss, &people[1].0).await;
    psql(format!("UPDATE users SET disabled = true WHERE username = '{}'", people[2].0));
    let change = json!({"password": NEW, "current_password": PASSWORD});
    let _ = auth.patch_me(&people[3].1, &change).await.expect(200);
    let _ = reset(&auth, &people[4].2, NEW).await.expect(200);
    let mut links: Vec<&str> = people.iter().map(|(.., link)| link.as_str()).collect();
    let forged = "A".repeat(43);
    links.extend(["", "x", &forged]);
    let mut answers = Vec::new();
    for link in links {
        let mut problem =
            reset(&auth, link, "yet another password").await.problem(404, "link-invalid");
        problem["request_id"] = Value::Null;
        answers.push(problem);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // A new user name does not affect the link.
    let rename = json!({"display_name": "Somebody"});
    let _ = auth.with_token("PATCH", ME, &people[1].1).json(&rename).send().await.expect(200);
    let _ = reset(&auth, &newer, NEW).await.expect(200);
}

#[tokio::test]
async fn api_reset_a_link_ends_with_the_rights_of_the_admin_who_made_it() {
    let world = World::shared().await;
    let auth = world.client();
    let chief = admin(world, &auth).await;
    let change = async |name: &str, patch: &Value| {
        let path = format!("/api/admin/users/{name}");
        let _ = auth.with_token("PATCH", &path, &chief).json(patch).send().await.expect(200);
    };
    let mut links = Vec::new();
    for end in [json!({"role": "user"}), json!({"disabled": true}), Value::Null] {
        let boss = admin(world, &auth).await;
        let name = auth.me(&boss).await.expect(200).json()["username"].clone();
        let name = name.as_str().expect("a name").to_owned();
        let (person, _) = auth.somebody().await;
        links.push(link(&auth, &boss, &person).await);
        if end.is_null() {
            let gone = json!({"password": PASSWORD});
            let path = "/api/auth/delete-account";
            let _ = auth.with_token("POST", path, &boss).json(&gone).send().await.expect(204);
        } else {
            change(&name, &end).await;
            // Links that have ended stay ended when the user returns.
            change(&name, &json!({"role": "admin", "disabled": false})).await;
        }
    }
    for link in &links {
        let _ = reset(&auth, link, NEW).await.problem(404, "link-invalid");
    }
    // A replacement that another admin created belongs to that admin.
    let boss = admin(world, &auth).await;
    let name = auth.me(&boss).await.expect(200).json()["username"].clone();
    let (person, _) = auth.somebody().await;
    let _ = link(&auth, &boss, &person).await;
    let newer = link(&auth, &chief, &person).await;
    change(name.as_str().expect("a name"), &json!({"role": "user"})).await;
    let _ = reset(&auth, &newer, NEW).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_reset_of_64_attempts_at_once_one_sets_the_password_and_20_failures_are_the_most() {
    let world = World::shared().await;
    let boss = admin(world, &world.client()).await;
    let auth = world.client();
    let (name, _) = auth.somebody().await;
    let link = link(&auth, &boss, &name).await;
    for _ in 0..2 {
        let _ = reset(&auth, "x", NEW).await.expect(404);
    }
    let passwords: Vec<String> = (0..64).map(|n| format!("a long password {n}")).collect();
    let replies = join_all(passwords.iter().map(|password| reset(&auth, &link, password))).await;
    let set: Vec<&String> = replies
        .iter()
        .zip(&passwords)
        .filter(|(reply, _)| reply.status == 200)
        .map(|(_, password)| password)
        .collect();
    assert_eq!(set.len(), 1);
    let count = |status| replies.iter().filter(|reply| reply.status == status).count();
    assert!((1..=18).contains(&count(404)), "{}", count(404));
    assert_eq!(count(404) + count(429), 63);
    // Those that came too late count only against their own address.
    let _ = world.client().try_login(&name, set[0]).await.expect(200);
    for _ in count(404) + 2..20 {
        let _ = reset(&auth, "x", NEW).await.expect(404);
    }
    let _ = reset(&auth, "x", NEW).await.problem(429, "too-many-attempts");
}
