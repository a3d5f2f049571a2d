//! Other people's boards seen by an admin: their past states, and nothing else.

use super::{USERS, admin, all_of};
use crate::strangers::{READS, request, shape, writes};
use contract_tests::Socket;
use contract_tests::api::{World, seq};
use contract_tests::http::Client;
use contract_tests::replica::canonical;
use serde_json::{Value, json};

#[tokio::test]
async fn api_at_an_admin_sees_every_board_as_it_was_wherever_the_activity_leads() {
    let world = World::shared().await;
    let (boss, ada, bob) = (admin(world).await, world.somebody().await, world.somebody().await);
    let board = ada.board("Hers").await;
    let task = ada.task(board, "Drft").await;
    let path = ada.task_path(board, task);
    let _ = ada.patch(&path, &json!({"title": "Draft"})).send().await.expect(200);
    let _editor = world.member(&ada, board, "editor").await;
    let _ = ada.delete(&path).send().await.expect(204);
    let path = ada.board_path(board);
    let mut hers = Vec::new();
    for at in 0..=4 {
        hers.push(ada.get(&format!("{path}?at={at}")).send().await.expect(200).json());
    }
    let _ = ada.delete(&path).send().await.expect(204);
    // Into the trash, and back to the first state.
    let (events, _) = all_of(&boss, &format!("board={board}&entity=task"), 3).await;
    assert_eq!(events[2]["action"], "Delete");
    for event in &events {
        let at = seq(event);
        let then = format!("{path}?at={at}");
        let reply = boss.get(&then).send().await.expect(200);
        let mut expected = hers[usize::try_from(at).expect("an index")].clone();
        expected["role"] = json!("viewer");
        assert_eq!(canonical(&reply.json()), canonical(&expected), "?at={at}");
        let again = boss.get(&then).header("if-none-match", &reply.tag()).send().await;
        assert!(again.expect(304).body.is_empty());
        let _ = bob.get(&then).send().await.problem(404, "not-found");
    }
    let moment = events[0]["timestamp"].as_str().expect("a moment");
    let then = boss.get(&format!("{path}?at={moment}")).send().await.expect(200).json();
    assert_eq!((seq(&then), &then["tasks"][0]["title"]), (1, &json!("Drft")));
    let ahead = boss.get(&format!("{path}?at=6")).send().await.problem(404, "not-found");
    assert_eq!(ahead["detail"], "There is no event 6 yet: the newest is 5.");
    let nowhere = boss.get("/api/boards/999999999?at=0").send().await;
    let _ = nowhere.problem(404, "not-found");
    // A member keeps their own role.
    let _ = ada.post(&format!("{path}/restore"), &Value::Null).send().await.expect(200);
    let member = format!("{path}/members/{}", boss.username());
    let put = ada.request("PUT", &member).json(&json!({"role": "editor"}));
    let _ = put.send().await.expect(201);
    let then = boss.get(&format!("{path}?at=1")).send().await.expect(200).json();
    assert_eq!(then["role"], "editor");
    let _ = ada.delete(&member).send().await.expect(204);
    // It is for admins only.
    let other = admin(world).await;
    let one = format!("{USERS}/{}", boss.username());
    let _ = other.patch(&one, &json!({"role": "user"})).send().await.expect(200);
    let _ = boss.get(&format!("{path}?at=1")).send().await.problem(404, "not-found");
    let guest = Client::new(world.stack.functions_url());
    let _ = guest.get(&format!("{path}?at=1")).send().await.expect(401);
}

#[tokio::test]
async fn api_at_lets_an_admin_into_nothing_else_of_a_board_that_is_not_theirs() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let (open, deleted) = (ada.board("Hers").await, ada.board("Gone").await);
    let task = ada.task_path(open, ada.task(open, "Hers").await);
    let said = json!({"body": "Hers"});
    let _ = ada.post(&format!("{task}/comments"), &said).send().await.expect(201);
    let before = ada.document(open).await;
    ada.task(deleted, "Hers").await;
    let _ = ada.delete(&ada.board_path(deleted)).send().await.expect(204);
    let reads = READS.iter().filter(|rest| !rest.starts_with("?at=")).copied();
    let reads: Vec<_> = reads
        .chain(["?min_seq=1", "/tasks?q=hers", "/events?after=0", "/analytics?format=csv"])
        .map(|rest| ("GET", rest, Value::Null))
        .chain([("HEAD", "", Value::Null)])
        .collect();
    for board in [open, deleted] {
        let looked = boss.get(&format!("/api/boards/{board}?at=0")).send().await.expect(200);
        for (method, rest, body) in reads.iter().cloned().chain(writes()) {
            let ask = async |board: u64| {
                let call = request(&boss, method, &format!("/api/boards/{board}{rest}"), &body);
                // Nor do they reveal whether the admin's version is the newest.
                let reply = call.header("if-none-match", &looked.tag()).send().await;
                assert_eq!(reply.status, 404, "{method} {rest}: {reply}");
                if method == "HEAD" { None } else { Some(shape(&reply)) }
            };
            assert_eq!(ask(board).await, ask(999_999_999).await, "{method} {rest}");
        }
        let mut socket = Socket::open(&boss).await;
        socket.say(&json!({"type": "subscribe", "board": board, "after": 0})).await;
        let answer = socket.message_but_heartbeats().await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("not-found")));
    }
    let list = boss.get("/api/boards?summary=true").send().await.expect(200).json();
    let trash = boss.get("/api/boards?deleted=true").send().await.expect(200).json();
    assert_eq!((&list["items"], &trash["items"]), (&json!([]), &json!([])));
    assert_eq!(ada.document(open).await, before, "nothing has changed");
}
