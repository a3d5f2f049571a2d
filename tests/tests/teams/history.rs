//! A board's events and a task's history (docs/contract/api.md, API-EVENT).

use contract_tests::Api;
use contract_tests::api::{World, assert_dense, is_timestamp, seq};
use serde_json::{Value, json};

/// A board with every kind of event on it; its viewer.
async fn eventful<'world>(world: &'world World, ada: &Api<'world>) -> (u64, Api<'world>) {
    let board = ada.board("Eventful").await;
    ada.task(board, "One").await;
    let viewer = world.member(ada, board, "viewer").await;
    let comments = format!("{}/comments", ada.task_path(board, 1));
    let _ = ada.post(&comments, &json!({"body": "a word"})).send().await.expect(201);
    let task = ada.task_path(board, 1);
    let _ = ada.patch(&task, &json!({"title": "Renamed"})).send().await.expect(200);
    let _ = ada.patch(&task, &json!({"status": "finished"})).send().await.expect(200);
    ada.task(board, "Two").await;
    let _ = ada.patch(&ada.board_path(board), &json!({"name": "New"})).send().await.expect(200);
    let _ = ada.delete(&task).send().await.expect(204);
    (board, viewer)
}

#[tokio::test]
async fn api_event_pages_are_complete_and_without_holes_from_after_plus_1_on() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let (board, viewer) = eventful(world, &ada).await;
    let all = viewer.events(board, 0).await;
    assert_dense(&all, 1);
    assert_eq!(all.len(), 8);
    assert_eq!(all, world.databases().logged(board));
    for event in &all {
        assert_eq!((&event["board_id"], &event["actor"]), (&json!(board), &ada.actor));
        assert!(is_timestamp(&event["timestamp"]));
        let entity = event["entity"].as_str().expect("an entity");
        assert!(event[entity].is_object(), "{event}");
    }
    for after in 0..=8 {
        for limit in [1, 3, 200] {
            let path = format!("{}&limit={limit}", viewer.events_path(board, after));
            let page = viewer.get(&path).send().await.expect(200).json();
            let items = page["items"].as_array().expect("items");
            let end = (after + limit).min(8);
            assert_eq!(
                items[..],
                all[usize::try_from(after).expect("small")..usize::try_from(end).expect("small")]
            );
            assert_eq!(page["next_after"], if end < 8 { json!(end) } else { Value::Null });
            assert_eq!(
                (&page["seq"], &page["epoch"]),
                (&json!(8), &ada.document(board).await["epoch"])
            );
        }
    }
}

#[tokio::test]
async fn api_event_pages_after_the_head_and_of_a_new_board_are_empty() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Quiet").await;
    for after in [0, 7, (1_u64 << 53) - 1] {
        let page = ada.get(&ada.events_path(board, after)).send().await.expect(200).json();
        assert_eq!((&page["items"], &page["next_after"]), (&json!([]), &Value::Null), "{after}");
        assert_eq!(seq(&page), 0);
    }
    for wrong in ["after=-1", "after=x", "after=9007199254740992", "limit=0", "limit=100000"] {
        let reply = ada.get(&format!("{}/events?{wrong}", ada.board_path(board))).send().await;
        assert_eq!(reply.pointers(), [format!("?{}", wrong.split('=').next().expect("a name"))]);
    }
}

#[tokio::test]
async fn api_404_for_the_events_of_a_board_that_one_is_no_member_of_or_that_is_in_the_trash() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Hidden").await;
    ada.task(board, "One").await;
    let history = |api: &Api<'_>| format!("{}/events", api.task_path(board, 1));
    for path in [stranger.events_path(board, 0), history(&stranger)] {
        let _ = stranger.get(&path).send().await.problem(404, "not-found");
    }
    let _ = ada.delete(&ada.board_path(board)).send().await.expect(204);
    for path in [ada.events_path(board, 0), history(&ada)] {
        let _ = ada.get(&path).send().await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn api_event_a_tasks_history_has_its_events_and_its_comments_also_after_it_was_deleted() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let (board, viewer) = eventful(world, &ada).await;
    let path = format!("{}/events", viewer.task_path(board, 1));
    let page = viewer.get(&path).send().await.expect(200).json();
    let reported: Vec<(u64, &str, &str)> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|event| {
            let text = |name: &str| event[name].as_str().expect("a text");
            (seq(event), text("entity"), text("action"))
        })
        .collect();
    assert_eq!(
        reported,
        [
            (1, "task", "Add"),
            (3, "comment", "Add"),
            (4, "task", "Update"),
            (5, "task", "Move"),
            (8, "task", "Delete"),
        ]
    );
    assert_eq!(page["next_cursor"], Value::Null);
    let never = format!("{}/events", viewer.task_path(board, 99));
    let _ = viewer.get(&never).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn api_event_a_tasks_history_goes_on_where_a_page_ended_whatever_happens_meanwhile() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Growing").await;
    ada.task(board, "0").await;
    let path = format!("{}/events?limit=2", ada.task_path(board, 1));
    let (mut seqs, mut cursor) = (Vec::new(), String::new());
    for round in 1..=4 {
        for step in 0..2 {
            let title = json!({"title": format!("{round}.{step}")});
            let _ = ada.patch(&ada.task_path(board, 1), &title).send().await.expect(200);
        }
        ada.task(board, "Another").await;
        let page = ada.get(&format!("{path}{cursor}")).send().await.expect(200).json();
        seqs.extend(page["items"].as_array().expect("items").iter().map(seq));
        cursor = format!("&cursor={}", page["next_cursor"].as_str().expect("more"));
    }
    assert_eq!(seqs, [1, 2, 3, 5, 6, 8, 9, 11]);
}
