//! The activity shows that a board was created, which is not an event of the board.

use super::{admin, all, all_of, connect};
use contract_tests::api::{World, id, seq};
use serde_json::{Value, json};

/// The kind of change, and its seq on the board.
fn reported(events: &[Value]) -> Vec<(String, u64)> {
    let text = |event: &Value, name: &str| event[name].as_str().expect("a text").to_owned();
    let what = |event: &Value| text(event, "action") + " " + &text(event, "entity");
    events.iter().map(|event| (what(event), seq(event))).collect()
}

#[tokio::test]
async fn api_activity_tells_that_a_board_was_made_or_imported_before_all_that_happened_on_it() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let body = json!({"name": "Plan", "columns": [{"key": "next", "name": "Next"}]});
    let make = ada.post("/api/boards", &body).header("idempotency-key", "made-once");
    let plan = make.send().await.expect(201).json();
    // A repeated request makes no second one, and a refused one makes none.
    let again = ada.post("/api/boards", &body).header("idempotency-key", "made-once");
    assert_eq!(id(&again.send().await.expect(201).json()), id(&plan));
    let _ = ada.post("/api/boards", &json!({"name": ""})).send().await.expect(422);
    let import = async |document: Value| {
        id(&ada.post("/api/boards/import", &document).send().await.expect(201).json())
    };
    let empty = import(json!({"name": "Empty", "tasks": []})).await;
    let tasks = json!([{"title": "One", "comments": ["a word"]}, {"title": "Two"}]);
    let whole = import(json!({"name": "Whole", "tasks": tasks})).await;
    let nowhere = json!({"name": "Nowhere", "tasks": [{"title": "One", "status": "nowhere"}]});
    let _ = ada.post("/api/boards/import", &nowhere).send().await.expect(422);
    ada.task(id(&plan), "First").await;

    let (events, _) = all_of(&boss, &format!("user={}", ada.username()), 7).await;
    let boards: Vec<u64> =
        events.iter().map(|it| it["board_id"].as_u64().expect("a board")).collect();
    assert_eq!(boards, [id(&plan), empty, whole, whole, whole, whole, id(&plan)]);
    let what = |what: &str, seq| (what.to_owned(), seq);
    let expected = [
        what("Add board", 0),
        what("Add board", 0),
        what("Add board", 0),
        what("Add task", 1),
        what("Add task", 2),
        what("Add comment", 3),
        what("Add task", 1),
    ];
    assert_eq!(reported(&events), expected);
    // It contains the board's first state, its creator and its time.
    for (made, board) in [(&events[0], id(&plan)), (&events[1], empty), (&events[2], whole)] {
        assert_eq!(made["actor"], ada.actor);
        let path = format!("{}?at=0", ada.board_path(board));
        let mut young = boss.get(&path).send().await.expect(200).json();
        assert_eq!(made["timestamp"], young["created_at"]);
        for more in ["epoch", "members", "role", "tasks"] {
            let _ = young.as_object_mut().expect("a board").remove(more);
        }
        let mut first = made["board"].clone();
        let _ = first.as_object_mut().expect("a board").remove("epoch");
        assert_eq!(first, young);
        let unnamed = ["changes", "task", "undoes"].iter().all(|name| made.get(name).is_none());
        assert!(unnamed, "{made}");
    }
    // Boards and their followers still begin at seq 0.
    assert_eq!((&plan["seq"], ada.events(empty, 0).await), (&json!(0), vec![]));
    assert_eq!(reported(&ada.events(id(&plan), 0).await), [what("Add task", 1)]);
    assert_eq!(ada.document(empty).await["seq"], 0);
}

#[tokio::test]
async fn api_activity_of_a_board_that_was_made_late_keeps_its_place_before_what_follows() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let quick = ada.board("Quick").await;
    let by_ada = format!("user={}", ada.username());
    let (_, cursor) = all_of(&boss, &by_ada, 1).await;
    let open = connect(world).await;
    let who = json!({"user_id": ada.user_id()});
    let make = format!("BEGIN; SELECT board_create('{who}', '{}')", json!({"name": "Slow"}));
    open.batch_execute(&make).await.expect("a board");
    ada.task(quick, "one").await;
    let (found, _) = all(&boss, &format!("{by_ada}&after={cursor}")).await;
    assert_eq!(found, [Value::Null; 0], "nothing is skipped");
    open.batch_execute("COMMIT").await.expect("committed");
    let (found, _) = all_of(&boss, &format!("{by_ada}&after={cursor}"), 2).await;
    assert_eq!((&found[0]["board"]["name"], seq(&found[0])), (&json!("Slow"), 0));
    assert_eq!(found[1]["task"]["title"], "one");
    let mut back = all(&boss, &format!("{by_ada}&order=newest&limit=1")).await.0;
    back.truncate(2);
    back.reverse();
    assert_eq!(back, found);
}
