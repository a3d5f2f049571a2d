//! A task's place (docs/contract/api.md, API-MOVE: `before`, `after`, `position`).

use contract_tests::Api;
use contract_tests::api::{World, id, seq};
use contract_tests::follower::{Follower, Goal};
use contract_tests::replica::{Replica, canonical};
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

/// Inserts this many tasks between tasks 1 and 2, like the function but without a request each:
/// `side` is SQL that names the neighbour, using the new task's number `n` minus one.
fn fill(world: &World, ada: &Api<'_>, board: u64, count: u32, side: &str) {
    let statement = format!(
        "DO $$ BEGIN FOR n IN 2 .. {} LOOP PERFORM task_add('{{\"user_id\": {}}}', {board}, \
         jsonb_build_object('title', 'x', {side})); END LOOP; END $$",
        count + 1,
        ada.user_id()
    );
    let _ = world.databases().psql(&statement).expect("tasks");
}

const IN_TURN: &str = "CASE WHEN n % 2 = 0 THEN 'after' ELSE 'before' END, n";

#[tokio::test]
async fn api_move_2000_tasks_in_one_gap_have_positions_of_64_bytes_at_most() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    for (count, side) in [(2_000, "'after', 1"), (500, "'before', 2"), (500, IN_TURN)] {
        let board = ada.board("Gap").await;
        for title in ["low", "high"] {
            ada.task(board, title).await;
        }
        fill(world, &ada, board, count, side);
        let last = ada.add(board, &json!({"title": "last", "after": 1})).await.json();
        let document = ada.document(board).await;
        let tasks = document["tasks"].as_array().expect("tasks");
        assert_eq!(tasks.len(), count as usize + 3);
        let places: Vec<&str> = tasks.iter().filter_map(|task| task["position"].as_str()).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "sorted, and none twice");
        let longest = places.iter().map(|place| place.len()).max();
        assert!(longest <= Some(64), "{side}: {longest:?}");
        assert_eq!(tasks[1], last, "right behind the first");
    }
}

#[tokio::test]
async fn rt5_and_api_move_tasks_that_make_room_for_another_do_so_by_events_for_everybody() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Room").await;
    for title in ["low", "high"] {
        ada.task(board, title).await;
    }
    let goal = Goal::unknown();
    let (early, origin) = (Follower::new(&ada, board, &goal).await, ada.document(board).await);
    let (early, ()) = tokio::join!(early.run(), async {
        fill(world, &ada, board, 450, IN_TURN);
        // The answer's event comes after all those that were not published.
        let last = ada.post(&ada.tasks_path(board), &json!({"title": "last", "after": 1}));
        let last = last.send().await.expect(201);
        goal.is(last.expect_header("event-seq").parse().expect("a number"));
    });
    let document = ada.document(board).await;
    assert!(seq(&document) > 453, "some have moved: {}", seq(&document));
    assert_eq!(early.replica.canonical(), canonical(&document));
    let mut late = Replica::new(origin.clone());
    for event in ada.events(board, seq(&origin)).await {
        late.apply(&event);
    }
    assert_eq!(late.canonical(), canonical(&document));
    let half = seq(&document) - 100;
    let reported =
        ada.get(&format!("{}?at={half}", ada.board_path(board))).send().await.expect(200);
    let mut replica = Replica::new(reported.json());
    for event in ada.events(board, half).await {
        replica.apply(&event);
    }
    assert_eq!(replica.canonical(), canonical(&document), "from ?at={half} on");
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
