//! Where a task stands (docs/contract/api.md, API-MOVE: `before`, `after`, `position`).

use contract_tests::Api;
use contract_tests::api::{World, id};
use serde_json::{Value, json};

/// The ids of a column's tasks, in the order in which the board shows them.
async fn order(api: &Api<'_>, board: u64, column: &str) -> Vec<u64> {
    let document = api.document(board).await;
    let tasks = document["tasks"].as_array().expect("tasks");
    let within: Vec<&Value> = tasks.iter().filter(|task| task["status"] == column).collect();
    let places: Vec<&str> =
        within.iter().map(|task| task["position"].as_str().expect("a position")).collect();
    assert!(places.is_sorted(), "positions sort by their bytes: {places:?}");
    within.iter().map(|task| id(task)).collect()
}

async fn patch(api: &Api<'_>, board: u64, task: u64, patch: Value) -> Value {
    api.patch(&api.task_path(board, task), &patch).send().await.expect(200).json()
}

#[tokio::test]
async fn api_move_before_and_after_place_a_task_and_null_is_the_end() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Order").await;
    for title in ["1", "2", "3"] {
        ada.task(board, title).await;
    }
    assert_eq!(order(&ada, board, "todo").await, [1, 2, 3], "without either: at the end");
    for (body, expected) in [
        (json!({"title": "4", "before": 1}), vec![4, 1, 2, 3]),
        (json!({"title": "5", "after": 1}), vec![4, 1, 5, 2, 3]),
        (json!({"title": "6", "before": null}), vec![4, 1, 5, 2, 3, 6]),
        (json!({"title": "7", "after": null}), vec![4, 1, 5, 2, 3, 6, 7]),
        (json!({"title": "8", "after": 7}), vec![4, 1, 5, 2, 3, 6, 7, 8]),
    ] {
        let _ = ada.add(board, &body).await;
        assert_eq!(order(&ada, board, "todo").await, expected, "{body}");
    }
    for (task, body, expected) in [
        (8, json!({"before": 4}), vec![8, 4, 1, 5, 2, 3, 6, 7]),
        (4, json!({"after": 2}), vec![8, 1, 5, 2, 4, 3, 6, 7]),
        (1, json!({"after": null}), vec![8, 5, 2, 4, 3, 6, 7, 1]),
        (8, json!({"before": null}), vec![5, 2, 4, 3, 6, 7, 1, 8]),
        (5, json!({"status": "todo", "after": 8}), vec![2, 4, 3, 6, 7, 1, 8, 5]),
    ] {
        let _ = patch(&ada, board, task, body.clone()).await;
        assert_eq!(order(&ada, board, "todo").await, expected, "{body}");
    }
    let _ = patch(&ada, board, 2, json!({"status": "finished"})).await;
    let _ = patch(&ada, board, 4, json!({"status": "finished"})).await;
    let _ = patch(&ada, board, 3, json!({"status": "finished", "before": 4})).await;
    assert_eq!(order(&ada, board, "finished").await, [2, 3, 4]);
    assert_eq!(order(&ada, board, "todo").await, [6, 7, 1, 8, 5]);
}

#[tokio::test]
async fn api_move_to_where_the_task_stands_already_is_no_event_and_elsewhere_it_is_one() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Still").await;
    for title in ["1", "2", "3"] {
        ada.task(board, title).await;
    }
    for (task, same) in [
        (1, json!({"before": 2})),
        (2, json!({"after": 1})),
        (2, json!({"before": 3, "status": "todo"})),
        (3, json!({"after": null})),
        (3, json!({"before": null})),
        (2, json!({"status": "todo"})),
    ] {
        let reply = ada.patch(&ada.task_path(board, task), &same).send().await.expect(200);
        assert_eq!(reply.header("event-seq"), None, "{same}: {reply}");
    }
    let moved = patch(&ada, board, 3, json!({"before": 1})).await;
    let events = world.databases().logged(board);
    assert_eq!(events.len(), 4);
    let event = &events[3];
    assert_eq!((&event["action"], &event["task"]), (&json!("Move"), &moved));
    let changed: Vec<&String> = event["changes"].as_object().expect("changes").keys().collect();
    assert_eq!(changed, ["position"]);
}

#[tokio::test]
async fn api_422_for_a_neighbour_that_is_none() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Neighbours").await;
    for (title, status) in [("1", "todo"), ("2", "finished"), ("3", "todo")] {
        let _ = ada.add(board, &json!({"title": title, "status": status})).await;
    }
    let _ = ada.delete(&ada.task_path(board, 3)).send().await.expect(204);
    for name in ["before", "after"] {
        for wrong in [json!(2), json!(3), json!(99), json!(0), json!(-1), json!("2"), json!(true)] {
            let body = json!({"title": "x", name: wrong});
            let pointer = [format!("/{name}")];
            assert_eq!(
                ada.post(&ada.tasks_path(board), &body).send().await.pointers(),
                pointer,
                "{body}"
            );
            let path = ada.task_path(board, 1);
            assert_eq!(ada.patch(&path, &body).send().await.pointers(), pointer, "{body}");
        }
        let itself = ada.patch(&ada.task_path(board, 1), &json!({name: 1})).send().await;
        assert_eq!(itself.pointers(), [format!("/{name}")]);
        let elsewhere = json!({"status": "finished", name: 1});
        let elsewhere = ada.patch(&ada.task_path(board, 1), &elsewhere).send().await;
        assert_eq!(elsewhere.pointers(), [format!("/{name}")]);
    }
    let both = json!({"title": "x", "before": null, "after": 1});
    assert_eq!(ada.post(&ada.tasks_path(board), &both).send().await.pointers(), ["/after"]);
    assert_eq!(order(&ada, board, "todo").await, [1]);
}

#[tokio::test]
async fn api_move_a_thousand_bisections_of_one_gap_stay_under_200_bytes() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    for toward in ["after", "before", "both in turn"] {
        let board = ada.board("Gap").await;
        for title in ["low", "high"] {
            ada.task(board, title).await;
        }
        // One statement a task, as the function runs it, without the way there and back.
        let side = match toward {
            "after" => "'after', 1",
            "before" => "'before', 2",
            _ => "CASE WHEN n % 2 = 0 THEN 'after' ELSE 'before' END, n",
        };
        let statement = format!(
            "DO $$ BEGIN FOR n IN 2 .. 1001 LOOP PERFORM task_add('{{\"user_id\": {}}}', {board}, \
             jsonb_build_object('title', 'x', {side})); END LOOP; END $$",
            ada.user_id()
        );
        let _ = world.databases().psql(&statement).expect("a thousand tasks");
        let document = ada.document(board).await;
        let tasks = document["tasks"].as_array().expect("tasks");
        assert_eq!(tasks.len(), 1_002);
        let places: Vec<&str> = tasks.iter().filter_map(|task| task["position"].as_str()).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "sorted, and none twice");
        let longest = places.iter().map(|place| place.len()).max();
        assert!(longest < Some(200), "{toward}: {longest:?}");
        let last = ada.add(board, &json!({"title": "still possible", "after": 1})).await.json();
        assert!(last["position"].as_str().is_some_and(|place| place.len() < 200), "{last}");
    }
}

#[tokio::test]
async fn api_move_appending_and_prepending_grow_at_most_logarithmically() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Ends").await;
    ada.task(board, "first").await;
    let statement = format!(
        "DO $$ BEGIN FOR n IN 1 .. 1000 LOOP \
         PERFORM task_add('{who}', {board}, '{{\"title\": \"x\"}}'); \
         PERFORM task_add('{who}', {board}, jsonb_build_object('title', 'x', 'before', (SELECT id \
             FROM tasks WHERE board_id = {board} ORDER BY position LIMIT 1))); \
         END LOOP; END $$",
        who = format_args!("{{\"user_id\": {}}}", ada.user_id())
    );
    let _ = world.databases().psql(&statement).expect("two thousand tasks");
    let document = ada.document(board).await;
    let tasks = document["tasks"].as_array().expect("tasks");
    assert_eq!(tasks.len(), 2_001);
    let longest = tasks.iter().filter_map(|task| task["position"].as_str()).map(str::len).max();
    // 62 + 62² numbers have three characters and less.
    assert!(longest <= Some(3), "{longest:?}");
}
