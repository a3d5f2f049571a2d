//! Exporting and deleting one's account (docs/contract/api.md, API-ACCOUNT-EXPORT and
//! API-ACCOUNT-DELETE).

use contract_tests::api::{World, assert_dense, id, keys};
use contract_tests::people::PASSWORD;
use contract_tests::{Api, Client, Reply, Socket};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn leave(api: &Api<'_>, body: &Value) -> Reply {
    api.post("/api/auth/delete-account", body).send().await
}

fn consent() -> Value {
    json!({"password": PASSWORD})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_account_delete_takes_a_user_off_all_boards_and_leaves_nothing_of_theirs_alone() {
    let world = World::shared().await;
    let (ada, ben) = (world.somebody().await, world.somebody().await);
    let shared = ben.board("Shared").await;
    let put = async |api: &Api<'_>, board: u64, name: &str, role: &str| {
        let path = format!("{}/members/{name}", api.board_path(board));
        api.request("PUT", &path).json(&json!({"role": role})).send().await
    };
    let _ = put(&ben, shared, ada.username(), "owner").await.expect(201);
    let task = ada.task(shared, "Mine").await;
    let comments = format!("{}/comments", ada.task_path(shared, task));
    let _ = ada.post(&comments, &json!({"body": "By me"})).send().await.expect(201);
    let alone = ada.board("Alone").await;
    let stuck = ada.board("Stuck").await;
    let _ = put(&ada, stuck, ben.username(), "editor").await.expect(201);

    let wrong = json!({"password": "not the password"});
    assert_eq!(leave(&ada, &wrong).await.pointers(), ["/password"]);
    assert_eq!(leave(&ada, &json!({"delete_boards": 1})).await.pointers(), ["/delete_boards"]);
    assert_eq!(leave(&ada, &json!({})).await.pointers(), ["/password"]);
    let problem = leave(&ada, &consent()).await.problem(409, "boards-owned");
    assert_eq!(problem["boards"], json!([{"id": stuck, "name": "Stuck", "members": 2}]));
    let _ = ada.get(&ada.board_path(alone)).send().await.expect(200);
    // With another owner it no longer blocks the deletion.
    let _ = put(&ada, stuck, ben.username(), "owner").await.expect(200);
    let mut socket = Socket::open(&ada).await;
    let start = Instant::now();
    let cleared = "token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; Secure";
    assert_eq!(leave(&ada, &consent()).await.expect(204).header("set-cookie"), Some(cleared));
    assert_eq!(socket.closed().await, 4401);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());

    let _ = ada.get("/api/auth/me").send().await.problem(401, "unauthorized");
    let _ = leave(&ada, &consent()).await.problem(401, "unauthorized");
    let guest = Client::new(world.stack.functions_url());
    let body = json!({"username": ada.username().to_uppercase(), "password": PASSWORD});
    let _ = guest.post("/api/auth/login", &body).send().await.problem(401, "invalid-credentials");
    let _ = guest.post("/api/auth/register", &body).send().await.problem(409, "username-taken");
    for board in [shared, stuck] {
        let events = ben.events(board, 0).await;
        assert_dense(&events, 1);
        assert_eq!(world.databases().streamed(board), events);
        let last = events.last().expect("an event");
        assert_eq!((&last["action"], &last["actor"]), (&json!("Delete"), &ada.actor));
        assert_eq!(last["member"]["username"], ada.actor["username"]);
    }
    // Their texts stay under their name.
    let page = ben.get(&comments).send().await.expect(200).json();
    assert_eq!(page["items"][0]["created_by"], ada.actor["username"]);
    let bin = format!("SELECT deleted_at IS NOT NULL FROM boards WHERE id = {alone}");
    assert_eq!(world.databases().psql(&bin).expect("a board").trim(), "t");
}

#[tokio::test]
async fn api_account_delete_takes_boards_along_where_that_is_asked_for() {
    let world = World::shared().await;
    let (ada, ben) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Taken along").await;
    let binned = ada.board("In the trash").await;
    let _ = ada.delete(&ada.board_path(binned)).send().await.expect(204);
    let path = format!("{}/members/{}", ada.board_path(board), ben.username());
    let _ = ada.request("PUT", &path).json(&json!({"role": "editor"})).send().await.expect(201);
    let body = json!({"password": PASSWORD, "delete_boards": true});
    let _ = leave(&ada, &body).await.expect(204);
    let _ = ben.get(&ben.board_path(board)).send().await.problem(404, "not-found");
    let streamed = world.databases().streamed(board);
    assert_eq!(
        streamed.last().map(|event| (&event["entity"], &event["action"])),
        Some((&json!("board"), &json!("Delete")))
    );
}

#[tokio::test]
async fn api_account_export_tells_what_is_kept_of_a_user_and_of_nobody_else() {
    let world = World::shared().await;
    let (ada, ben) = (world.somebody().await, world.somebody().await);
    let board = ben.board("Work").await;
    let path = format!("{}/members/{}", ben.board_path(board), ada.username());
    let _ = ben.request("PUT", &path).json(&json!({"role": "editor"})).send().await.expect(201);
    let mine = ada.task(board, "Mine").await;
    let his = ben.task(board, "His").await;
    for (person, task, body) in [(&ada, his, "By me"), (&ben, mine, "By him")] {
        let comments = format!("{}/comments", person.task_path(board, task));
        let _ = person.post(&comments, &json!({"body": body})).send().await.expect(201);
    }
    let reply = ada.get("/api/auth/export").send().await.expect(200);
    let name = format!("attachment; filename=\"account-{}.json\"", ada.username());
    assert_eq!(reply.expect_header("content-disposition"), name);
    let reported = reply.json();
    let members = [
        "api_tokens",
        "boards",
        "comments",
        "cut",
        "email",
        "exported_at",
        "identities",
        "passkeys",
        "sessions",
        "tasks",
        "user",
    ];
    assert_eq!(keys(&reported), members);
    assert_eq!(
        (&reported["user"]["username"], &reported["cut"]),
        (&ada.actor["username"], &json!(false))
    );
    assert_eq!(reported["sessions"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (id(&reported["boards"][0]), &reported["boards"][0]["role"]),
        (board, &json!("editor"))
    );
    let texts = |list: &str, field: &str| -> Vec<Value> {
        let items = reported[list].as_array().expect("items");
        items.iter().map(|item| item[field].clone()).collect()
    };
    assert_eq!(
        (texts("tasks", "title"), texts("comments", "body")),
        (vec![json!("Mine")], vec![json!("By me")])
    );
    // A removed member's export no longer contains the board.
    ben.remove(board, &ada).await;
    let reported = ada.get("/api/auth/export").send().await.expect(200).json();
    assert_eq!((&reported["boards"], &reported["comments"]), (&json!([]), &json!([])));
}
