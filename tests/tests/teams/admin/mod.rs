//! What admins see and do (docs/contract/api.md, API-ADMIN to API-STATS; docs/contract/realtime.md, RT-ACTIVITY).

mod activity;
mod feed;
mod looking_back;
mod made;
mod stats;
mod users;

use contract_tests::Api;
use contract_tests::api::World;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_postgres::{Client, NoTls};

const ACTIVITY: &str = "/api/admin/activity";
const STATS: &str = "/api/admin/stats";
const USERS: &str = "/api/admin/users";

/// How long an expected event may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A new admin.
async fn admin(world: &World) -> Api<'_> {
    let admin = world.somebody().await;
    let name = admin.username();
    let grant = format!("UPDATE users SET role = 'admin' WHERE username = '{name}'");
    let _ = world.databases().psql(&grant).expect("an admin");
    admin
}

/// A connection to the database, to hold a transaction open.
async fn connect(world: &World) -> Client {
    let url = world.databases().database_url();
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("PostgreSQL");
    tokio::spawn(connection);
    client
}

/// Adds a task without the functions, in the open transaction if there is one.
async fn add_late(client: &Client, who: &Api<'_>, board: u64, title: &str) {
    let statement = format!(
        "SELECT task_add('{}', {board}, '{}')",
        json!({"user_id": who.user_id()}),
        json!({"title": title})
    );
    client.batch_execute(&statement).await.expect("a task");
}

/// A page of the activity.
async fn page(admin: &Api<'_>, query: &str) -> Value {
    admin.get(&format!("{ACTIVITY}?{query}")).send().await.expect(200).json()
}

/// Everything that a query finds, page by page, and the final cursor.
async fn all(admin: &Api<'_>, query: &str) -> (Vec<Value>, String) {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = page(admin, &format!("{query}{after}")).await;
        found.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next_after"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return (found, page["cursor"].as_str().expect("a cursor").to_owned()),
        }
    }
}

/// The same once it finds this many: other tests' transactions hold them back for a moment.
async fn all_of(admin: &Api<'_>, query: &str, count: usize) -> (Vec<Value>, String) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = all(admin, query).await;
        if found.0.len() >= count {
            assert_eq!(found.0.len(), count, "{query}");
            return found;
        }
        assert!(Instant::now() < deadline, "{} of {count}: {query}", found.0.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The titles of the tasks that events are about.
fn titles(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["task"]["title"].as_str()).collect()
}

#[tokio::test]
async fn api_admin_is_404_for_everybody_else_whatever_they_ask() {
    let world = World::shared().await;
    let user = world.somebody().await;
    let one = format!("{USERS}/{}", user.username());
    for path in
        [ACTIVITY, STATS, USERS, "/api/admin/activity?limit=x", "/api/admin/users?nothing=1"]
    {
        let problem = user.get(path).send().await.problem(404, "not-found");
        let where_ = path.split('?').next().expect("a path");
        let nowhere = user.get("/api/nowhere").send().await.problem(404, "not-found");
        assert_eq!(problem["title"], nowhere["title"]);
        assert_eq!(problem["detail"], format!("There is nothing at {where_}."));
        let guest = contract_tests::Client::new(world.stack.functions_url());
        let _ = guest.get(path.split('?').next().expect("a path")).send().await.expect(401);
    }
    for body in [json!({"role": "admin"}), json!({"rule": 1}), json!([])] {
        let _ = user.patch(&one, &body).send().await.problem(404, "not-found");
    }
    for (method, path) in [("POST", ACTIVITY), ("PATCH", STATS), ("DELETE", &*one)] {
        let _ = user.request(method, path).send().await.problem(404, "not-found");
    }
    let me = user.get("/api/auth/me").send().await.expect(200).json();
    assert_eq!(me["role"], "user");
}

#[tokio::test]
async fn api_admin_a_role_counts_from_the_next_request_on_whatever_the_token_says() {
    let world = World::shared().await;
    let (boss, user) = (admin(world).await, world.somebody().await);
    let one = format!("{USERS}/{}", user.username());
    let _ = user.get(USERS).send().await.problem(404, "not-found");
    let changed = boss.patch(&one, &json!({"role": "admin"})).send().await.expect(200).json();
    assert_eq!((&changed["role"], &changed["id"]), (&json!("admin"), &json!(user.user_id())));
    let _ = user.get(USERS).send().await.expect(200);
    let _ = boss.patch(&one, &json!({"role": "user"})).send().await.expect(200);
    let _ = user.get(USERS).send().await.problem(404, "not-found");
}
