//! Many writers at once: nothing is lost, and the history stays dense.

use contract_tests::Api;
use contract_tests::api::{assert_dense, id, seq};
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The tasks of a board, in the order of its mode.
fn tasks_of(document: &Value) -> Vec<Value> {
    document["tasks"].as_array().expect("`tasks`").clone()
}

const STATUSES: [&str; 3] = ["todo", "in_progress", "finished"];

contract_tests::in_both_modes! {
async fn api_event_concurrent_adds_lose_nothing_and_leave_a_dense_seq(api: Api<'static>) {
    let board = api.board("Crowded").await;
    let add = |number: usize| {
        let (api, path) = (&api, api.tasks_path(board));
        async move {
            api.post(&path, &json!({"title": format!("task {number}")}))
                .send()
                .await
                .expect(201)
                .json()
        }
    };
    let added = join_all((0..200).map(add)).await;
    let ids: BTreeSet<u64> = added.iter().map(id).collect();
    assert_eq!(ids, (1..=200).collect());
    let document = api.document(board).await;
    let (mut expected, mut tasks) = (added, tasks_of(&document));
    expected.sort_by_key(id);
    tasks.sort_by_key(id);
    assert_eq!(tasks, expected);
    assert_eq!(seq(&document), 200);
    let events = api.events(board, 0).await;
    assert_eq!(events.len(), 200);
    assert_dense(&events, 1);
}

async fn api_event_concurrent_updates_and_moves_of_three_tasks_are_all_counted(api: Api<'static>) {
    let board = api.board("Contended").await;
    api.add_many(board, 3).await;
    let change = |number: u64| {
        let (api, path) = (&api, api.task_path(board, 1 + number % 3));
        let field = match number % 4 {
            0 => json!({"status": STATUSES[(number / 4 % 3) as usize]}),
            _ => json!({"title": format!("title {number}")}),
        };
        async move { api.patch(&path, &field).send().await.expect(200).json() }
    };
    let answers = join_all((0..200).map(change)).await;
    let events = api.events(board, 0).await;
    assert_dense(&events, 1);
    let document = api.document(board).await;
    assert_eq!(seq(&document), events.len() as u64);
    // Each write of a unique title made its own event; a move may have changed nothing.
    for number in (0..200).filter(|number| number % 4 != 0) {
        let title = json!(format!("title {number}"));
        let reported = events.iter().filter(|event| event["changes"]["title"][1] == title).count();
        assert_eq!(reported, 1, "{title}");
    }
    for task in 1..=3 {
        let versions: Vec<u64> = events
            .iter()
            .filter(|event| event["task"]["id"] == task)
            .map(|event| event["task"]["version"].as_u64().expect("a version"))
            .collect();
        assert_eq!(versions, (1..=versions.len() as u64).collect::<Vec<_>>());
        let stored = tasks_of(&document).into_iter().find(|stored| id(stored) == task);
        assert_eq!(stored.expect("the task")["version"], versions.len());
    }
    assert_eq!(answers.len(), 200);
}

async fn api_412_of_64_that_know_the_same_version_exactly_one_wins(api: Api<'static>) {
    let board = api.board("Won once").await;
    let task = api.task(board, "start").await;
    for version in 1..=4_u64 {
        let try_it = |number: usize| {
            let call = api
                .patch(
                    &api.task_path(board, task),
                    &json!({"title": format!("{version} by {number}")}),
                )
                .header("if-match", &format!("\"{version}\""));
            call.send()
        };
        let replies = join_all((0..64).map(try_it)).await;
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(won.len(), 1);
        let winner = won[0].json();
        assert_eq!(winner["version"], version + 1);
        for reply in replies {
            if reply.status != 200 {
                let problem = reply.problem(412, "precondition-failed");
                assert_eq!(problem["current_version"], version + 1);
            }
        }
        assert_eq!(api.get(&api.task_path(board, task)).send().await.json(), winner);
    }
    assert_eq!(api.events(board, 0).await.len(), 5);
}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_quick_win_boards_made_at_once_are_different_boards() {
    let api = Api::shared().await;
    let create = |number: usize| {
        api.post(api.mode.boards, &json!({"name": format!("Twin {number}")})).send()
    };
    let boards: Vec<Value> = join_all((0..64).map(create))
        .await
        .into_iter()
        .map(|reply| reply.expect(201).json())
        .collect();
    assert_eq!(boards.iter().map(id).collect::<BTreeSet<_>>().len(), 64);
    let epochs: BTreeSet<&str> =
        boards.iter().filter_map(|board| board["epoch"].as_str()).collect();
    assert_eq!(epochs.len(), 64);
    for board in &boards {
        assert_eq!(&api.document(id(board)).await, board);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_quick_win_a_board_deleted_amid_writes_ends_with_its_deletion() {
    let api = Api::shared().await;
    let board = api.board("Cut short").await;
    let path = api.tasks_path(board);
    let add = |number: usize| api.post(&path, &json!({"title": format!("task {number}")})).send();
    let (replies, _) = tokio::join!(join_all((0..60).map(add)), async {
        api.delete(&api.board_path(board)).send().await.expect(204)
    });
    let added = replies.iter().filter(|reply| reply.status == 201).count() as u64;
    assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 404)));
    let page = api.get(&api.events_path(board, added)).send().await.expect(200).json();
    assert_eq!((seq(&page), &page["items"][0]["action"]), (added + 1, &json!("Delete")));
}
