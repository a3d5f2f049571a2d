//! Who may do what (docs/contract/api.md, API-ROLE): owner, editor, viewer and stranger at each method.

use contract_tests::api::World;
use contract_tests::replica::canonical;
use serde_json::{Value, json};

/// A request, and the role that it needs at least.
struct Right {
    method: &'static str,
    path: &'static str,
    body: Value,
    needed: &'static str,
}

fn right(method: &'static str, path: &'static str, body: Value, needed: &'static str) -> Right {
    Right { method, path, body, needed }
}

/// Every request for a board and its tasks; the destructive ones come last.
fn rights() -> Vec<Right> {
    let columns = json!([
        {"key": "todo", "name": "A"}, {"key": "in_progress", "name": "B"}, {"key": "finished", "name": "C"},
    ]);
    let none = || json!({});
    vec![
        right("GET", "", none(), "viewer"),
        right("GET", "?at=1", none(), "viewer"),
        right("GET", "/tasks", none(), "viewer"),
        right("GET", "/tasks/1", none(), "viewer"),
        right("GET", "/members", none(), "viewer"),
        right("GET", "/events", none(), "viewer"),
        right("GET", "/analytics", none(), "viewer"),
        right("GET", "/tasks/1/events", none(), "viewer"),
        right("GET", "/tasks/1/comments", none(), "viewer"),
        right("GET", "/tasks/1/checklists", none(), "viewer"),
        right("POST", "/tasks/1/checklists", json!({"title": "New"}), "editor"),
        right("POST", "/tasks", json!({"title": "New"}), "editor"),
        right("PATCH", "/tasks/1", json!({"title": "Changed"}), "editor"),
        right("PATCH", "/tasks/1", json!({"status": "finished"}), "editor"),
        right("PATCH", "", json!({"name": "Changed"}), "editor"),
        right("PATCH", "", json!({"archived": true}), "editor"),
        right("PATCH", "", json!({"columns": columns}), "owner"),
        right("PATCH", "", json!({"name": "Both", "columns": columns}), "owner"),
        right("DELETE", "/tasks/1", none(), "editor"),
        right("DELETE", "", none(), "owner"),
    ]
}

#[tokio::test]
async fn api_403_for_a_member_without_the_right_404_for_a_stranger_and_the_others_may() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let roles = ["viewer", "editor", "owner"];
    for Right { method, path, body, needed } in rights() {
        let board = ada.board("Rights").await;
        ada.task(board, "One").await;
        let viewer = world.member(&ada, board, "viewer").await;
        let editor = world.member(&ada, board, "editor").await;
        let owner = world.member(&ada, board, "owner").await;
        let whole = format!("{}{path}", ada.board_path(board));
        let before = canonical(&world.databases().board(board, ""));
        let reply = stranger.request(method, &whole).json(&body).send().await;
        let reported = reply.problem(404, "not-found")["detail"].to_string();
        let unknown = whole.replace(&board.to_string(), "999999999");
        let reply = stranger.request(method, &unknown).json(&body).send().await;
        let nothing = reply.problem(404, "not-found")["detail"].to_string();
        assert_eq!(reported, nothing, "a board's existence never leaks: {method} {path}");
        for (rank, person) in [&viewer, &editor, &owner].into_iter().enumerate() {
            let may = Some(rank) >= roles.iter().position(|role| *role == needed);
            let reply = person.request(method, &whole).json(&body).send().await;
            if may {
                assert!(reply.status < 300, "a {} may: {reply}", roles[rank]);
                if method != "GET" {
                    break;
                }
            } else {
                let problem = reply.problem(403, "forbidden");
                assert_eq!(problem["role"], roles[rank], "{problem}");
                // If two requirements fail, either may be reported.
                let reported = roles.iter().position(|role| problem["needed"] == *role);
                assert!(reported > Some(rank), "{problem}");
                assert_eq!(
                    canonical(&world.databases().board(board, "")),
                    before,
                    "{method} {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn api_404_of_a_stranger_comes_before_anything_that_the_board_would_tell() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Silent").await;
    ada.task(board, "One").await;
    let (path, tasks, task) =
        (ada.board_path(board), ada.tasks_path(board), ada.task_path(board, 1));
    let full = json!({"title": "x", "status": "no-such-column", "assigned_to": "nobody"});
    let calls = [
        stranger.patch(&task, &json!({"status": "no-such-column"})),
        stranger.patch(&task, &json!({"title": "x"})).header("if-match", "\"99\""),
        stranger.patch(&path, &json!({"name": "x"})).header("if-match", "\"99\""),
        stranger.delete(&path).header("if-match", "\"99\""),
        stranger.delete(&ada.task_path(board, 99)),
        stranger.post(&tasks, &full),
        stranger.post(&tasks, &json!({"title": "x"})).header("idempotency-key", "a"),
        stranger.get(&path).header("if-none-match", "*"),
        stranger.get(&format!("{tasks}?q=One")),
    ];
    for call in calls {
        let _ = call.send().await.problem(404, "not-found");
    }
    assert_eq!(world.databases().logged(board).len(), 1);
}

#[tokio::test]
async fn api_task_only_members_can_be_assigned_and_their_names_are_theirs() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Assigned").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let shout = viewer.username().to_uppercase();
    let task = ada.add(board, &json!({"title": "One", "assigned_to": shout})).await.json();
    assert_eq!(task["assigned_to"], viewer.username());
    for nobody in [stranger.username(), "nobody-at-all"] {
        let body = json!({"title": "x", "assigned_to": nobody});
        let add = ada.post(&ada.tasks_path(board), &body).send().await;
        assert_eq!(add.pointers(), ["/assigned_to"], "{nobody}");
        let patch = ada.patch(&ada.task_path(board, 1), &body).send().await;
        assert_eq!(patch.pointers(), ["/assigned_to"], "{nobody}");
    }
    ada.remove(board, &viewer).await;
    let kept = ada.get(&ada.task_path(board, 1)).send().await.expect(200).json();
    assert_eq!(kept["assigned_to"], viewer.username(), "tasks stay assigned to a former member");
    let patch = ada.patch(&ada.task_path(board, 1), &json!({"title": "Still theirs"})).send().await;
    assert_eq!(patch.expect(200).json()["assigned_to"], viewer.username());
}
