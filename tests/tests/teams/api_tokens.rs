//! Tokens for programs (docs/contract/api.md, API-TOKENS and API-TOKEN-SCOPE).

use contract_tests::api::{Mode, World, id};
use contract_tests::people::PASSWORD;
use contract_tests::{Api, Client, Reply};
use futures::future::join_all;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

const OWN: &str = "/api/auth/tokens";
const ME: &str = "/api/auth/me";

/// How long an expected event may take.
const PATIENCE: Duration = Duration::from_secs(20);

fn of_board(api: &Api<'_>, board: u64) -> String {
    format!("{}/tokens", api.board_path(board))
}

/// Creates a token at this path; returns the whole answer.
async fn make(api: &Api<'_>, path: &str, body: &Value) -> Value {
    api.post(path, body).send().await.expect(201).json()
}

/// A client with a new token of this scope for all boards.
async fn user<'a>(world: &'a World, owner: &Api<'_>, scope: &str) -> Api<'a> {
    holder(world, &make(owner, OWN, &json!({"name": scope, "scope": scope})).await)
}

/// A client with this token.
fn holder<'a>(world: &'a World, made: &Value) -> Api<'a> {
    let token = made["token"].as_str().expect("a token");
    Api::of_user(&world.stack, token, json!({"username": made["created_by"]}))
}

/// The statuses of requests that distinguish the scopes: reading a board, changing a task, renaming
/// the board, adding a member, creating an invitation, and creating another board.
async fn may(api: &Api<'_>, board: u64, somebody: &str) -> [u16; 6] {
    let path = api.board_path(board);
    let task = json!({"title": "By a program"});
    [
        api.get(&path).send().await.status,
        api.post(&format!("{path}/tasks"), &task).send().await.status,
        api.patch(&path, &json!({"name": "Renamed"})).send().await.status,
        put(api, board, somebody).await.status,
        api.post(&format!("{path}/invitations"), &json!({"role": "viewer"})).send().await.status,
        api.post("/api/boards", &json!({"name": "Another"})).send().await.status,
    ]
}

async fn add(api: &Api<'_>, board: u64) -> Reply {
    api.post(&api.tasks_path(board), &json!({"title": "By a program"})).send().await
}

async fn put(api: &Api<'_>, board: u64, name: &str) -> Reply {
    let path = format!("{}/members/{name}", api.board_path(board));
    api.request("PUT", &path).json(&json!({"role": "viewer"})).send().await
}

/// Every request about an account or tokens: method, path and body.
fn of_accounts(board: u64) -> Vec<(&'static str, String, Value)> {
    let token = json!({"name": "More", "scope": "admin"});
    let both = json!({"password": PASSWORD, "code": "287082"});
    let paths = [
        ("PATCH", ME, json!({"display_name": "Taken over"})),
        ("PATCH", ME, json!({"password": "another password", "current_password": PASSWORD})),
        ("POST", "/api/auth/logout", Value::Null),
        ("POST", "/api/auth/logout?everywhere=true", Value::Null),
        ("GET", "/api/auth/sessions", Value::Null),
        ("DELETE", "/api/auth/sessions/1", Value::Null),
        ("GET", "/api/auth/export", Value::Null),
        ("POST", "/api/auth/delete-account", json!({"password": PASSWORD})),
        ("GET", "/api/auth/totp", Value::Null),
        ("POST", "/api/auth/totp", json!({"password": PASSWORD})),
        ("POST", "/api/auth/totp/confirm", json!({"code": "287082"})),
        ("POST", "/api/auth/totp/recovery-codes", both.clone()),
        ("POST", "/api/auth/totp/disable", both),
        ("GET", "/api/auth/identities", Value::Null),
        ("POST", "/api/auth/identities/1/remove", json!({"password": PASSWORD})),
        ("POST", "/api/auth/oidc/house/link", json!({"password": PASSWORD})),
        ("GET", OWN, Value::Null),
        ("POST", OWN, token.clone()),
        ("DELETE", "/api/auth/tokens/1", Value::Null),
        ("POST", "/api/invitations/accept", json!({"token": "none"})),
        ("GET", "/api/admin/users", Value::Null),
        ("PATCH", "/api/admin/users/ada", json!({"role": "user"})),
        ("POST", "/api/admin/users/ada/reset-link", Value::Null),
        ("GET", "/api/admin/activity", Value::Null),
        ("GET", "/api/admin/stats", Value::Null),
        ("GET", "/api/admin/invitations", Value::Null),
        ("POST", "/api/admin/invitations", json!({})),
        ("DELETE", "/api/admin/invitations/1", Value::Null),
    ];
    let tokens = format!("/api/boards/{board}/tokens");
    let of_board = [
        ("GET", tokens.clone(), Value::Null),
        ("POST", tokens.clone(), token),
        ("DELETE", format!("{tokens}/1"), Value::Null),
    ];
    paths
        .map(|(method, path, body)| (method, path.to_owned(), body))
        .into_iter()
        .chain(of_board)
        .collect()
}

#[tokio::test]
async fn api_tokens_are_made_listed_and_revoked_and_shown_once() {
    let world = World::shared().await;
    let (ada, other) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Reported").await;
    let asked =
        json!({"name": " Report ", "scope": "read", "boards": [board], "expires_in_days": null});
    let reply = ada.post(OWN, &asked).send().await.expect(201);
    let made = reply.json();
    let one = format!("{OWN}/{}", id(&made));
    assert_eq!(reply.expect_header("location"), one);
    assert_eq!(reply.expect_header("cache-control"), "no-store");
    let token = made["token"].as_str().expect("a token");
    assert!(token.starts_with(&format!("tb_rb{}_", ada.user_id())), "its form");
    let mut listed = made.clone();
    listed.as_object_mut().expect("an object").remove("token");
    let boards = json!([{"id": board, "name": "Reported"}]);
    let reported = ["name", "scope", "boards", "created_by", "last_used_at", "expires_at"];
    let reported = reported.map(|member| made[member].clone());
    let name = json!(ada.username());
    assert_eq!(reported, [json!("Report"), json!("read"), boards, name, Value::Null, Value::Null]);
    let newer = make(&ada, OWN, &json!({"name": "Newer", "scope": "admin"})).await;
    assert_eq!((&newer["boards"], newer["expires_at"].is_string()), (&Value::Null, true));
    assert_eq!((&newer["board_id"], &made["board_id"]), (&Value::Null, &Value::Null));
    let page = ada.get(&format!("{OWN}?limit=1")).send().await.expect(200).json();
    assert_eq!(page["items"][0]["id"], newer["id"]);
    let cursor = page["next_cursor"].as_str().expect("more");
    let page = ada.get(&format!("{OWN}?cursor={cursor}")).send().await.expect(200).json();
    assert_eq!((&page["items"], &page["next_cursor"]), (&json!([listed]), &Value::Null));
    // The token itself is not stored.
    let kept = format!(
        "SELECT count(*) FROM api_tokens WHERE to_jsonb(api_tokens)::text LIKE '%{token}%'"
    );
    assert_eq!(world.databases().psql(&kept).expect("a count").trim(), "0");
    let exported = ada.get("/api/auth/export").send().await.expect(200).json();
    assert_eq!(exported["api_tokens"].as_array().map(Vec::len), Some(2));

    // Nobody sees or revokes another user's.
    let of_other = other.get(OWN).send().await.expect(200).json();
    assert_eq!(of_other["items"], json!([]));
    let _ = other.delete(&one).send().await.problem(404, "not-found");
    let program = holder(world, &made);
    let _ = program.get(&ada.board_path(board)).send().await.expect(200);
    let used = ada.get(OWN).send().await.expect(200).json();
    assert!(used["items"][1]["last_used_at"].is_string(), "{used}");
    let _ = ada.delete(&one).send().await.expect(204);
    let _ = program.get(&ada.board_path(board)).send().await.problem(401, "unauthorized");
    let _ = ada.delete(&one).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn api_tokens_faulty_ones_are_refused_by_field() {
    let world = World::shared().await;
    let (ada, other) = (world.somebody().await, world.somebody().await);
    let foreign = other.board("Foreign").await;
    let good = json!({"name": "Good", "scope": "read"});
    for (member, value, pointer) in [
        ("name", json!("x".repeat(65)), "/name"),
        ("name", json!("  "), "/name"),
        ("name", json!("Dep\u{200b}loys"), "/name"),
        ("name", json!("\u{202e}Deploys"), "/name"),
        ("name", json!("Deploys\u{2028}and more"), "/name"),
        ("scope", json!("everything"), "/scope"),
        ("expires_in_days", json!(366), "/expires_in_days"),
        ("expires_in_days", json!(0), "/expires_in_days"),
        ("boards", json!([]), "/boards"),
        ("boards", json!([foreign]), "/boards"),
        ("boards", json!([999_999_999]), "/boards"),
        ("user_id", json!(1), "/user_id"),
    ] {
        let mut body = good.clone();
        body[member] = value;
        let problem = ada.post(OWN, &body).send().await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let board = ada.board("Hers").await;
    let chosen = json!({"name": "Chosen", "scope": "read", "boards": [board]});
    let problem = ada.post(&of_board(&ada, board), &chosen).send().await.problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/boards");
}

#[tokio::test]
async fn limit_api_tokens_64_at_once_make_no_more_than_50() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Crowded").await;
    for path in [OWN.to_owned(), of_board(&ada, board)] {
        let body = json!({"name": "One of many", "scope": "read"});
        let replies = join_all((0..64).map(|_| ada.post(&path, &body).send())).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 50, "{path}");
        for reply in replies.into_iter().filter(|reply| reply.status != 201) {
            assert_eq!(reply.problem(409, "limit-reached")["limit"], "api-tokens");
        }
    }
    // Those that have expired do not count.
    let expire = format!(
        "UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE user_id = {}",
        ada.user_id()
    );
    let _ = world.databases().psql(&expire).expect("expired");
    let _ = make(&ada, OWN, &json!({"name": "One more", "scope": "read"})).await;
}

#[tokio::test]
async fn api_tokens_expired_forged_strangers_and_of_the_disabled_are_401() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Guarded").await;
    let path = ada.board_path(board);
    let made = make(&ada, OWN, &json!({"name": "Expires", "scope": "write"})).await;
    let (program, token) = (holder(world, &made), made["token"].as_str().expect("a token"));
    let _ = program.get(&path).send().await.expect(200);
    let other = world.somebody().await;
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    let ours = format!("tb_w{}_", ada.user_id());
    for forged in [
        // A different last character, scope or user, and the token as a cookie.
        format!("{}{last}", &token[..token.len() - 1]),
        token.replacen("tb_w", "tb_a", 1),
        token.replacen("tb_w", "tb_wb", 1),
        token.replacen(&ours, &format!("tb_w{}_", other.user_id()), 1),
        token.to_uppercase(),
    ] {
        let forger = Api::of_user(&world.stack, &forged, json!({}));
        let _ = forger.get(&path).send().await.problem(401, "unauthorized");
        let _ = add(&forger, board).await.problem(401, "unauthorized");
        let _ = forger.get("/api/boards").send().await.problem(401, "unauthorized");
        let _ = forger.get(OWN).send().await.problem(401, "unauthorized");
    }
    let guest = Client::new(world.stack.functions_url());
    let by_cookie = guest.get(&path).header("cookie", &format!("token={token}")).send().await;
    let _ = by_cookie.problem(401, "unauthorized");
    let switch = |disabled: bool| {
        let switch = format!("UPDATE users SET disabled = {disabled} WHERE id = {}", ada.user_id());
        let _ = world.databases().psql(&switch).expect("changed");
    };
    switch(true);
    let _ = program.get(&path).send().await.problem(401, "unauthorized");
    let _ = add(&program, board).await.problem(401, "unauthorized");
    switch(false);
    // Permanently: nobody knows who controlled the account meanwhile.
    let _ = program.get(&path).send().await.problem(401, "unauthorized");
    assert_eq!(ada.get(OWN).send().await.expect(200).json()["items"], json!([]));
    let made = make(&ada, OWN, &json!({"name": "Expires", "scope": "write"})).await;
    let program = holder(world, &made);
    let _ = program.get(&path).send().await.expect(200);
    let end = format!("UPDATE api_tokens SET expires_at = now() WHERE id = {}", id(&made));
    let _ = world.databases().psql(&end).expect("expired");
    let _ = program.get(&path).send().await.problem(401, "unauthorized");
    let _ = add(&program, board).await.problem(401, "unauthorized");
    assert_eq!(ada.get(OWN).send().await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn api_tokens_none_is_made_while_its_user_is_being_disabled() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Contested").await;
    let address = world.databases().database_url();
    let (mut admin, connection) =
        tokio_postgres::connect(&address, NoTls).await.expect("PostgreSQL");
    let connection = tokio::spawn(connection);
    let switch = |disabled: bool| {
        format!("UPDATE users SET disabled = {disabled} WHERE id = {}", ada.user_id())
    };
    for path in [OWN.to_owned(), of_board(&ada, board)] {
        let held = admin.transaction().await.expect("a transaction");
        held.batch_execute(&switch(true)).await.expect("disabled");
        let disabling = async {
            let deadline = Instant::now() + PATIENCE;
            let waiting = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))";
            while held.query_one(waiting, &[]).await.expect("a row").get::<_, i64>(0) == 0 {
                assert!(Instant::now() < deadline, "{path}: nobody waits for the user");
            }
            held.commit().await.expect("disabled");
        };
        let late = json!({"name": "Late", "scope": "read"});
        let ((), reply) = tokio::join!(disabling, ada.post(&path, &late).send());
        let _ = reply.problem(401, "unauthorized");
        admin.batch_execute(&switch(false)).await.expect("enabled");
        assert_eq!(ada.get(OWN).send().await.expect(200).json()["items"], json!([]), "{path}");
    }
    connection.abort();
}

#[tokio::test]
async fn api_token_scope_says_what_a_token_may_and_the_role_of_its_user_what_more() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Scoped").await;
    let somebody = world.somebody().await;
    let viewer = world.member(&ada, board, "viewer").await;
    for (scope, expected) in [
        ("read", [200, 403, 403, 403, 403, 403]),
        ("write", [200, 201, 200, 403, 403, 403]),
        ("admin", [200, 201, 200, 201, 201, 201]),
    ] {
        let program = user(world, &ada, scope).await;
        assert_eq!(may(&program, board, somebody.username()).await, expected, "{scope}");
        let _ = program.get(ME).send().await.expect(200);
    }
    let reader = user(world, &ada, "read").await;
    let problem = add(&reader, board).await.problem(403, "token-scope");
    assert_eq!((&problem["scope"], &problem["needed"]), (&json!("read"), &json!("write")));
    // A change reserved to owners in a request that editors may send.
    let writer = user(world, &ada, "write").await;
    let column = json!({"columns": [{"key": "todo", "name": "To do"}]});
    let columns = writer.patch(&writer.board_path(board), &column).send().await;
    let problem = columns.problem(403, "forbidden");
    assert_eq!((&problem["role"], &problem["needed"]), (&json!("editor"), &json!("owner")));
    // At most its user's rights.
    let of_viewer = user(world, &viewer, "admin").await;
    assert_eq!(may(&of_viewer, board, somebody.username()).await, [200, 403, 403, 403, 403, 201]);
    ada.remove(board, &viewer).await;
    let _ = of_viewer.get(&ada.board_path(board)).send().await.problem(404, "not-found");
    // Its user is the actor.
    let events = ada.get(&ada.events_path(board, 0)).send().await.expect(200).json();
    let added = events["items"].as_array().expect("items").iter().find(|it| it["entity"] == "task");
    assert_eq!(added.map(|it| &it["actor"]["username"]), Some(&json!(ada.username())));
}

#[tokio::test]
async fn api_token_scope_some_boards_are_all_that_a_token_sees() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let (seen, hidden) = (ada.board("Seen").await, ada.board("Hidden").await);
    let body = json!({"name": "Some", "scope": "admin", "boards": [seen]});
    let personal = holder(world, &make(&ada, OWN, &body).await);
    let body = json!({"name": "One", "scope": "admin"});
    let of_board = holder(world, &make(&ada, &of_board(&ada, seen), &body).await);
    for program in [personal, of_board] {
        let listed = program.get("/api/boards").send().await.expect(200).json();
        let ids: Vec<&Value> =
            listed["items"].as_array().expect("items").iter().map(|it| &it["id"]).collect();
        assert_eq!(ids, [&json!(seen)]);
        let _ = program.get(&ada.board_path(seen)).send().await.expect(200);
        let _ = program.add(seen, &json!({"title": "Here"})).await.expect(201);
        let path = ada.board_path(hidden);
        for rest in [
            "",
            "/tasks",
            "/members",
            "/events",
            "/export",
            "/analytics?from=2026-01-01&to=2026-01-02",
            "/invitations",
            "?at=0",
        ] {
            let _ = program.get(&format!("{path}{rest}")).send().await.problem(404, "not-found");
        }
        for (method, rest, body) in super::strangers::writes() {
            if rest == "/tokens" {
                continue;
            }
            let path = format!("{path}{rest}");
            let call = super::strangers::request(&program, method, &path, &body);
            let _ = call.send().await.problem(404, "not-found");
        }
        for path in ["/api/boards", "/api/boards/import"] {
            let made = program.post(path, &json!({"name": "More"})).send().await;
            assert_eq!(made.problem(403, "token-scope")["needed"], "all-boards");
        }
    }
    let _ = ada.get(&ada.board_path(hidden)).send().await.expect(200);
}

#[tokio::test]
async fn api_token_scope_a_boards_tokens_are_its_owners_and_act_as_their_maker() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Shared").await;
    let grace = world.member(&ada, board, "owner").await;
    let editor = world.member(&ada, board, "editor").await;
    let path = of_board(&ada, board);
    let body = json!({"name": "Deploys", "scope": "admin", "expires_in_days": 7});
    let _ = editor.post(&path, &body).send().await.problem(403, "forbidden");
    let stranger = world.somebody().await;
    let _ = stranger.post(&path, &body).send().await.problem(404, "not-found");
    let _ = stranger.get(&path).send().await.problem(404, "not-found");
    let made = make(&ada, &path, &body).await;
    let program = holder(world, &made);
    assert_eq!(editor.get(&path).send().await.expect(200).json()["items"], json!([]));
    let listed = grace.get(&path).send().await.expect(200).json();
    assert_eq!(
        (&listed["items"][0]["id"], &listed["items"][0]["created_by"]),
        (&made["id"], &json!(ada.username()))
    );
    let patch = json!({"name": "By a program"});
    let _ = program.patch(&ada.board_path(board), &patch).send().await.expect(200);
    // Its creator is a viewer now, so it can only read.
    let member = format!("{}/members/{}", grace.board_path(board), ada.username());
    let _ = grace.request("PUT", &member).json(&json!({"role": "viewer"})).send().await.expect(200);
    let _ = program.patch(&ada.board_path(board), &patch).send().await.problem(403, "forbidden");
    let _ = program.get(&ada.board_path(board)).send().await.expect(200);
    let one = format!("{path}/{}", id(&made));
    let _ = editor.delete(&one).send().await.problem(403, "forbidden");
    let _ = grace.delete(&format!("{OWN}/{}", id(&made))).send().await.problem(404, "not-found");
    let _ = grace.delete(&one).send().await.expect(204);
    let _ = program.get(&ada.board_path(board)).send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn api_tokens_whoever_made_one_for_a_board_sees_and_revokes_it_in_any_role() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Handed over").await;
    let grace = world.member(&ada, board, "owner").await;
    let path = of_board(&ada, board);
    let body = json!({"name": "Deploys", "scope": "admin"});
    let ids = async |who: &Api<'_>, path: &str| -> Vec<u64> {
        let page = who.get(path).send().await.expect(200).json();
        page["items"].as_array().expect("items").iter().map(id).collect()
    };
    let (first, second) = (make(&ada, &path, &body).await, make(&ada, &path, &body).await);
    let third = make(&ada, &path, &body).await;
    let hers = make(&grace, &path, &body).await;
    let boards = json!([{"id": board, "name": "Handed over"}]);
    assert_eq!((&first["board_id"], &first["boards"]), (&json!(board), &boards));
    assert_eq!(ids(&ada, &path).await, [&hers, &third, &second, &first].map(id));
    let member = format!("{}/members/{}", grace.board_path(board), ada.username());
    let _ = grace.request("PUT", &member).json(&json!({"role": "viewer"})).send().await.expect(200);
    // She sees only her own, on the board and in her account, and can revoke them in both places.
    for path in [path.as_str(), OWN] {
        assert_eq!(ids(&ada, path).await, [&third, &second, &first].map(id), "{path}");
    }
    let of_grace = format!("{path}/{}", id(&hers));
    let _ = ada.delete(&of_grace).send().await.problem(403, "forbidden");
    let _ = ada.delete(&format!("{OWN}/{}", id(&hers))).send().await.problem(404, "not-found");
    for (made, path) in [(&first, path.as_str()), (&second, OWN)] {
        let program = holder(world, made);
        let _ = program.get(&ada.board_path(board)).send().await.expect(200);
        let _ = ada.delete(&format!("{path}/{}", id(made))).send().await.expect(204);
        let _ = program.get(&ada.board_path(board)).send().await.problem(401, "unauthorized");
    }
    // After leaving the board she still finds it in her account, but it gives no access.
    grace.remove(board, &ada).await;
    let _ = ada.get(&path).send().await.problem(404, "not-found");
    let _ = ada.delete(&format!("{path}/{}", id(&third))).send().await.problem(404, "not-found");
    let left = ada.get(OWN).send().await.expect(200).json();
    assert_eq!((&left["items"][0]["id"], &left["items"][0]["boards"]), (&third["id"], &json!([])));
    let program = holder(world, &third);
    let _ = program.get(&ada.board_path(board)).send().await.problem(404, "not-found");
    let _ = ada.delete(&format!("{OWN}/{}", id(&third))).send().await.expect(204);
    assert_eq!(ids(&grace, &path).await, [id(&hers)]);
}

#[tokio::test]
async fn api_token_scope_nothing_about_accounts_and_tokens() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Kept").await;
    let grant = format!("UPDATE users SET role = 'admin' WHERE id = {}", ada.user_id());
    let _ = world.databases().psql(&grant).expect("an admin");
    let program = user(world, &ada, "admin").await;
    for (method, path, body) in of_accounts(board) {
        let reply = super::strangers::request(&program, method, &path, &body).send().await;
        let problem = reply.problem(403, "token-scope");
        assert_eq!(problem["needed"], "session", "{method} {path}");
    }
    // Not even an admin's token reads boards that the admin is not on.
    let foreign = world.somebody().await.board("Foreign").await;
    let path = format!("/api/boards/{foreign}?at=0");
    let _ = ada.get(&path).send().await.expect(200);
    let _ = program.get(&path).send().await.problem(404, "not-found");
    let _ = ada.get(ME).send().await.expect(200);
}

#[tokio::test]
async fn api_token_scope_a_token_is_looked_up_in_the_statement_that_does_the_work() {
    let world = World::start(Mode::TEAMS, &[]).await;
    let ada = world.api();
    let board = ada.board("Timed").await;
    let program = user(&world, &ada, "admin").await;
    let spent = |reply: Reply| -> Vec<String> {
        let timing = reply.expect_header("server-timing").to_owned();
        let name = |entry: &str| entry.trim().split(';').next().unwrap_or_default().to_owned();
        timing.split(',').map(name).collect()
    };
    for who in [&ada, &program] {
        assert_eq!(spent(who.add(board, &json!({"title": "Timed"})).await), ["pg", "redis"]);
        let _ = who.get(&ada.board_path(board)).send().await.expect(200);
        let mut read = spent(who.get(&ada.board_path(board)).send().await);
        // From time to time Redis gets the counts.
        read.truncate(2);
        assert_eq!(read, ["pg", "redis"]);
        assert_eq!(spent(who.get(&ada.tasks_path(board)).send().await), ["pg"]);
        assert_eq!(spent(who.get("/api/boards").send().await), ["pg"]);
        assert_eq!(spent(who.get(ME).send().await), ["pg"]);
    }
}

#[tokio::test]
async fn api_token_scope_when_a_token_was_used_is_written_once_a_minute() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Used").await;
    let made = make(&ada, OWN, &json!({"name": "Often", "scope": "write"})).await;
    let program = holder(world, &made);
    let task = json!({"title": "Often"});
    let used =
        async || ada.get(OWN).send().await.expect(200).json()["items"][0]["last_used_at"].clone();
    let _ = program.get(&ada.board_path(board)).send().await.expect(200);
    let first = used().await;
    assert!(first.is_string());
    let replies = join_all((0..16).map(|_| program.add(board, &task))).await;
    assert!(replies.iter().all(|reply| reply.status == 201));
    assert_eq!(used().await, first);
    let ago = format!(
        "UPDATE api_tokens SET last_used_at = now() - interval '61 seconds' WHERE id = {}",
        id(&made)
    );
    let _ = world.databases().psql(&ago).expect("changed");
    // Concurrent writes need not wait for it.
    let replies = join_all((0..16).map(|_| program.add(board, &task))).await;
    assert!(replies.iter().all(|reply| reply.status == 201));
    assert_ne!(used().await, first);
}
