//! Invitation links (docs/contract/api.md, API-INVITATION).

use super::strangers::shape;
use contract_tests::api::{World, assert_dense, id, keys};
use contract_tests::people::PASSWORD;
use contract_tests::{Api, Client, Reply};
use futures::future::join_all;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

const ADMINS: &str = "/api/admin/invitations";

fn path(api: &Api<'_>, board: u64) -> String {
    format!("{}/invitations", api.board_path(board))
}

/// Creates a link to a board; returns the whole answer.
async fn invite(api: &Api<'_>, board: u64, body: &Value) -> Value {
    api.post(&path(api, board), body).send().await.expect(201).json()
}

/// Creates a link for one editor; returns its token.
async fn link(api: &Api<'_>, board: u64) -> String {
    secret(&invite(api, board, &json!({"role": "editor"})).await)
}

fn secret(made: &Value) -> String {
    made["token"].as_str().expect("a token").to_owned()
}

fn guest(world: &World) -> Client {
    Client::new(world.stack.functions_url())
}

async fn preview(world: &World, token: &str) -> Reply {
    guest(world).post("/api/invitations/preview", &json!({"token": token})).send().await
}

async fn accept(api: &Api<'_>, token: &str) -> Reply {
    api.post("/api/invitations/accept", &json!({"token": token})).send().await
}

/// Registers a new user by a link; returns their name and the answer.
async fn register(world: &World, token: &str) -> (String, Reply) {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("invited-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let body = json!({"username": name, "password": PASSWORD, "invitation": token});
    let reply = guest(world).post("/api/auth/register", &body).send().await;
    (name, reply)
}

async fn admin(world: &World) -> Api<'_> {
    let admin = world.somebody().await;
    let name = admin.username();
    let grant = format!("UPDATE users SET role = 'admin' WHERE username = '{name}'");
    let _ = world.databases().psql(&grant).expect("an admin");
    admin
}

fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

#[tokio::test]
async fn api_invitation_owners_make_list_and_revoke_them_and_the_token_is_shown_once() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Guests").await;
    let all = path(&ada, board);
    let usual = json!({"role": "viewer"});
    let reply = ada.post(&all, &usual).send().await.expect(201);
    let first = reply.json();
    let one = format!("{all}/{}", id(&first));
    assert_eq!(reply.expect_header("location"), one);
    assert_eq!(reply.expect_header("cache-control"), "no-store");
    assert_eq!(
        (&first["role"], &first["uses"], &first["used"], &first["created_by"]),
        (&json!("viewer"), &json!(1), &json!(0), &ada.actor["username"])
    );
    let many = json!({"role": "editor", "expires_in_days": 30, "uses": null});
    let second = invite(&ada, board, &many).await;
    assert_eq!((&second["uses"], &second["role"]), (&Value::Null, &json!("editor")));
    assert_ne!(first["token"], second["token"]);

    let page = ada.get(&format!("{all}?limit=1")).send().await.expect(200).json();
    assert_eq!(page["items"][0]["id"], second["id"], "newest first");
    let cursor = page["next_cursor"].as_str().expect("more");
    let rest = format!("{all}?limit=1&cursor={cursor}");
    let rest = ada.get(&rest).send().await.expect(200).json();
    assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&first["id"], &Value::Null));
    let shown = ["active", "created_at", "created_by", "expires_at", "id", "role", "used", "uses"];
    assert_eq!(keys(&rest["items"][0]), shown, "and never the token");
    let kept = format!(
        "SELECT count(*) FROM invitations WHERE invitations::text LIKE '%{}%'",
        secret(&first)
    );
    assert_eq!(world.databases().psql(&kept).expect("a count").trim(), "0");
    assert!(!world.stack.functions_log().contains(&secret(&first)));

    let _ = ada.delete(&one).send().await.expect(204);
    let _ = ada.delete(&one).send().await.problem(404, "not-found");
    let _ = preview(world, &secret(&first)).await.problem(404, "link-invalid");
    let _ = preview(world, &secret(&second)).await.expect(200);
    // Under another owner's board it does not exist.
    let bob = world.somebody().await;
    let elsewhere = format!("{}/{}", path(&bob, bob.board("Other").await), id(&second));
    let _ = bob.delete(&elsewhere).send().await.problem(404, "not-found");

    let wrong = json!({"role": "owner", "expires_in_days": 0, "uses": 2});
    let pointers = ["/expires_in_days", "/role", "/uses"];
    assert_eq!(ada.post(&all, &wrong).send().await.pointers(), pointers);
    assert_eq!(ada.events(board, 0).await, [Value::Null; 0], "none of these changes the board");
}

#[tokio::test]
async fn api_invitation_whoever_accepts_is_a_member_by_one_event_of_their_own() {
    let world = World::shared().await;
    let (ada, ben, eve) = (world.somebody().await, world.somebody().await, world.somebody().await);
    let board = ada.board("Crew").await;
    let token = link(&ada, board).await;
    let seen = preview(world, &token).await.expect(200).json();
    assert_eq!(
        (&seen["board_name"], &seen["role"], &seen["invited_by"], &seen["registers"]),
        (&json!("Crew"), &json!("editor"), &ada.actor["username"], &json!(true))
    );
    let home = ben.board_path(board);
    let _ = ben.get(&home).send().await.problem(404, "not-found");
    let joined = accept(&ben, &token).await.expect(201);
    assert_eq!(joined.json(), json!({"board_id": board, "role": "editor"}));
    assert_eq!(
        (joined.expect_header("location"), joined.expect_header("event-seq")),
        (&*home, "1")
    );
    ben.task(board, "Mine").await;
    // A retry after a lost answer, with a used-up link: the same answer, and no event.
    let again = accept(&ben, &token).await.expect(200);
    assert_eq!((again.json(), again.header("event-seq")), (joined.json(), None));
    let _ = accept(&eve, &token).await.problem(404, "link-invalid");
    let _ = preview(world, &token).await.problem(404, "link-invalid");
    // A member keeps their role and does not use up the link.
    let viewer = invite(&ada, board, &json!({"role": "viewer"})).await;
    let token = secret(&viewer);
    assert_eq!(accept(&ada, &token).await.expect(200).json()["role"], "owner");
    assert_eq!(accept(&ben, &token).await.expect(200).json()["role"], "editor");
    assert_eq!(accept(&eve, &token).await.expect(201).json()["role"], "viewer");

    let events = ada.events(board, 0).await;
    assert_dense(&events, 1);
    assert_eq!(world.databases().streamed(board), events);
    let added: Vec<_> = events.iter().filter(|event| event["entity"] == "member").collect();
    assert_eq!(added.len(), 2);
    for (event, person) in added.into_iter().zip([&ben, &eve]) {
        assert_eq!((&event["action"], &event["actor"]), (&json!("Add"), &person.actor));
        assert_eq!(event["member"]["username"], person.actor["username"]);
    }
}

#[tokio::test]
async fn api_invitation_whoever_registers_by_one_is_a_member_at_once() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Newcomers").await;
    let token = link(&ada, board).await;
    let (name, reply) = register(world, &token).await;
    let answer = reply.expect(201).json();
    let actor = json!({"id": answer["user"]["id"], "username": name});
    let newcomer = Api::of_user(&world.stack, answer["token"].as_str().expect("a token"), actor);
    assert_eq!(accept(&newcomer, &token).await.expect(200).json()["board_id"], board);
    let events = newcomer.events(board, 0).await;
    assert_eq!((events.len(), &events[0]["actor"]), (1, &newcomer.actor));
    assert_eq!(world.databases().streamed(board), events);
    // An invalid link creates no account.
    let (name, reply) = register(world, &token).await;
    let _ = reply.problem(404, "link-invalid");
    let made = format!("SELECT count(*) FROM users WHERE username = '{name}'");
    assert_eq!(world.databases().psql(&made).expect("a count").trim(), "0");
}

#[tokio::test]
async fn api_invitation_one_that_does_not_count_is_the_same_404_whatever_is_wrong_with_it() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Closed").await;
    let other = world.member(&ada, board, "owner").await;
    let gone = ada.board("Trash").await;
    let psql = |statement: String| drop(world.databases().psql(&statement).expect("changed"));
    let mut links = vec!["x".to_owned(), String::new(), "A".repeat(43), "é".repeat(1_024)];

    let expired = invite(&ada, board, &json!({"role": "viewer", "uses": null})).await;
    psql(format!("UPDATE invitations SET expires_at = now() WHERE id = {}", id(&expired)));
    let used = link(&ada, board).await;
    let _ = accept(&world.somebody().await, &used).await.expect(201);
    let revoked = invite(&ada, board, &json!({"role": "viewer"})).await;
    let one = format!("{}/{}", path(&ada, board), id(&revoked));
    let _ = ada.delete(&one).send().await.expect(204);
    let demoted = link(&other, board).await;
    let member = format!("{}/members/{}", ada.board_path(board), other.username());
    let _ = ada.request("PUT", &member).json(&json!({"role": "editor"})).send().await.expect(200);
    let binned = link(&ada, gone).await;
    let _ = ada.delete(&ada.board_path(gone)).send().await.expect(204);
    links.extend([secret(&expired), used, secret(&revoked), demoted, binned]);

    let (mut shapes, mut details) = (Vec::new(), Vec::new());
    for link in &links {
        for reply in [preview(world, link).await, accept(&stranger, link).await] {
            shapes.push(shape(&reply));
            details.push(reply.problem(404, "link-invalid")["detail"].clone());
        }
        let (_, reply) = register(world, link).await;
        details.push(reply.problem(404, "link-invalid")["detail"].clone());
    }
    assert!(details.iter().all(|detail| *detail == details[0]), "{details:?}");
    for pair in shapes.chunks(2) {
        assert_eq!(pair, &shapes[..2]);
    }
    // A link that is not text, or too long, is refused with that reason.
    for wrong in [json!(1), json!(null), json!("x".repeat(1_025))] {
        let body = json!({"token": wrong});
        let reply = stranger.post("/api/invitations/accept", &body).send().await;
        assert_eq!(reply.pointers(), ["/token"]);
    }
}

#[tokio::test]
async fn api_invitation_for_many_brings_nobody_back_who_was_taken_off_the_board() {
    let world = World::shared().await;
    let (ada, ben, eve) = (world.somebody().await, world.somebody().await, world.somebody().await);
    let board = ada.board("Open house").await;
    let many = json!({"role": "viewer", "uses": null});
    let made = invite(&ada, board, &many).await;
    let token = secret(&made);
    for person in [&ben, &eve] {
        let _ = accept(person, &token).await.expect(201);
    }
    ada.remove(board, &ben).await;
    let _ = accept(&ben, &token).await.problem(404, "link-invalid");
    let _ = ben.get(&ben.board_path(board)).send().await.problem(404, "not-found");
    let list = ada.get(&path(&ada, board)).send().await.expect(200).json();
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["used"]), (&made["id"], &json!(2)));
    let other = link(&ada, board).await;
    let _ = accept(&ben, &other).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_invitation_of_64_attempts_at_once_one_gets_in() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Last seat").await;
    let people = join_all((0..8).map(|_| world.somebody())).await;
    let token = link(&ada, board).await;
    let attempts = people.iter().cycle().take(64).map(|person| accept(person, &token));
    let replies = join_all(attempts).await;
    // The one who joined gets the same answer each time.
    let reported = [201, 200, 404].map(|status| count(&replies, status));
    assert_eq!(reported, [1, 7, 56]);
    let events = ada.events(board, 0).await;
    assert_eq!((events.len(), world.databases().streamed(board)), (1, events));

    let token = link(&ada, board).await;
    // A few are enough: each costs a hash, for which the others wait.
    let replies = join_all((0..6).map(|_| register(world, &token))).await;
    let (names, replies): (Vec<String>, Vec<Reply>) = replies.into_iter().unzip();
    assert_eq!(count(&replies, 201), 1);
    assert_eq!(ada.events(board, 0).await.len(), 2);
    let names = names.join("', '");
    let made = format!("SELECT count(*) FROM users WHERE username IN ('{names}')");
    assert_eq!(
        world.databases().psql(&made).expect("a count").trim(),
        "1",
        "and no second account"
    );
}

#[tokio::test]
async fn api_invitation_of_an_admin_is_to_an_account_and_no_board() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let body = json!({"expires_in_days": 1});
    for call in [ada.post(ADMINS, &body), ada.get(ADMINS), ada.delete(&format!("{ADMINS}/1"))] {
        let _ = call.send().await.problem(404, "not-found");
    }
    let with_role = json!({"role": "viewer"});
    assert_eq!(boss.post(ADMINS, &with_role).send().await.pointers(), ["/role"]);
    let reply = boss.post(ADMINS, &body).send().await.expect(201);
    let (made, one) = (reply.json(), reply.expect_header("location").to_owned());
    let token = secret(&made);
    let seen = preview(world, &token).await.expect(200).json();
    assert_eq!((&seen["board_name"], &seen["role"]), (&Value::Null, &Value::Null));
    let nowhere = json!({"board_id": null, "role": null});
    assert_eq!(accept(&ada, &token).await.expect(200).json(), nowhere);
    let list = boss.get(ADMINS).send().await.expect(200).json();
    let listed = list["items"].as_array().expect("items").iter().find(|it| it["id"] == made["id"]);
    assert_eq!(listed.map(|it| &it["used"]), Some(&json!(0)));
    let (name, reply) = register(world, &token).await;
    let _ = reply.expect(201);
    let boards = format!(
        "SELECT count(*) FROM board_members JOIN users ON id = user_id WHERE username = '{name}'"
    );
    assert_eq!(world.databases().psql(&boards).expect("a count").trim(), "0");
    let _ = preview(world, &token).await.problem(404, "link-invalid");
    let _ = boss.delete(&one).send().await.expect(204);
    // A former admin's links are not valid.
    let token = secret(&boss.post(ADMINS, &json!({})).send().await.json());
    let _ = preview(world, &token).await.expect(200);
    let demote = format!("UPDATE users SET role = 'user' WHERE id = {}", boss.user_id());
    let _ = world.databases().psql(&demote).expect("demoted");
    let _ = preview(world, &token).await.problem(404, "link-invalid");
}

#[tokio::test]
async fn limit_invitations_100_of_a_board_count_at_a_time() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Popular").await;
    let statement = format!(
        "SELECT count(invitation_create('{{\"user_id\": {}}}', {board}, \
         encode(sha256(('{board}.' || n)::bytea), 'hex'), \
         '{{\"role\": \"viewer\", \"uses\": 1, \"expires_in_days\": 1}}')) FROM generate_series(1, 99) AS n",
        ada.user_id()
    );
    let _ = world.databases().psql(&statement).expect("invitations");
    let last = invite(&ada, board, &json!({"role": "viewer"})).await;
    let body = json!({"role": "viewer"});
    let problem = ada.post(&path(&ada, board), &body).send().await.problem(409, "limit-reached");
    assert_eq!(problem["limit"], "invitations");
    // A used-up link is no longer valid.
    let _ = accept(&world.somebody().await, &secret(&last)).await.expect(201);
    let _ = invite(&ada, board, &body).await;
}

#[tokio::test]
async fn api_invitation_of_an_owner_who_was_demoted_is_seen_and_taken_back_by_the_others() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Handed over").await;
    let other = world.member(&ada, board, "owner").await;
    let made = invite(&other, board, &json!({"role": "editor", "uses": null})).await;
    assert_eq!(made["active"], true);
    let listed = async |active: bool| {
        let items = ada.get(&path(&ada, board)).send().await.expect(200).json()["items"].clone();
        let items = items.as_array().expect("items");
        assert_eq!((items.len(), &items[0]["id"]), (1, &made["id"]));
        let reported = (&items[0]["active"], &items[0]["created_by"]);
        assert_eq!(reported, (&json!(active), &other.actor["username"]));
    };
    listed(true).await;
    let member = format!("{}/members/{}", ada.board_path(board), other.username());
    let make = async |role: &str| {
        let _ = ada.request("PUT", &member).json(&json!({"role": role})).send().await.expect(200);
    };
    make("viewer").await;
    listed(false).await;
    let _ = preview(world, &secret(&made)).await.problem(404, "link-invalid");
    // It becomes valid again with the role, unless it was revoked meanwhile.
    make("owner").await;
    listed(true).await;
    let _ = preview(world, &secret(&made)).await.expect(200);
    make("viewer").await;
    let one = format!("{}/{}", path(&ada, board), id(&made));
    let _ = ada.delete(&one).send().await.expect(204);
    make("owner").await;
    let _ = preview(world, &secret(&made)).await.problem(404, "link-invalid");
    let rest = ada.get(&path(&ada, board)).send().await.expect(200).json();
    assert_eq!(rest["items"], json!([]));
}
