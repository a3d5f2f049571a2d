//! Undo step by step (docs/contract/api.md, API-UNDO): events that no longer conflict.

use contract_tests::api::{World, keys, seq};
use contract_tests::chance::dice;
use contract_tests::{Api, Reply};
use fastrand::Rng;
use serde_json::{Value, json};

async fn undo(api: &Api<'_>, board: u64, seq: u64) -> Reply {
    let path = format!("{}/events/{seq}/undo", api.board_path(board));
    api.request("POST", &path).send().await
}

/// Undoes an event; returns the undoing one.
async fn undone(api: &Api<'_>, board: u64, event: u64) -> u64 {
    seq(&undo(api, board, event).await.expect(201).json())
}

fn number(reply: &Reply) -> u64 {
    reply.expect_header("event-seq").parse().expect("a number")
}

async fn patch(api: &Api<'_>, path: &str, patch: Value) -> u64 {
    number(&api.patch(path, &patch).send().await.expect(200))
}

fn columns(more: usize) -> Value {
    let keys = ["todo", "in_progress", "finished"].map(str::to_owned).into_iter();
    let keys = keys.chain((0..more).map(|nth| format!("more{nth}")));
    keys.map(|key| json!({"key": key, "name": key})).collect()
}

#[tokio::test]
async fn api_undo_goes_back_one_step_after_the_other_and_forth_again() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("n0").await;
    ada.task(board, "t0").await;
    let (whole, task) = (ada.board_path(board), ada.task_path(board, 1));
    let numbered = |name: &str| (1..=4).map(|n| json!({name: format!("{name}{n}")})).collect();
    let cases: [(&str, Vec<Value>); 5] = [
        (&task, numbered("title")),
        (&task, numbered("description")),
        (
            &task,
            ["in_progress", "finished", "todo", "finished"].map(|to| json!({"status": to})).into(),
        ),
        (&whole, numbered("name")),
        (&whole, (1..=4).map(|count| json!({"columns": columns(count)})).collect()),
    ];
    for (path, changes) in cases {
        let reported = async || {
            let mut entity = ada.get(path).send().await.expect(200).json();
            for counted in ["seq", "version", "updated_at", "tasks"] {
                entity.as_object_mut().expect("an entity").remove(counted);
            }
            entity
        };
        let mut states = vec![reported().await];
        let mut steps = Vec::new();
        for change in &changes {
            steps.push(patch(&ada, path, change.clone()).await);
            states.push(reported().await);
        }
        // Undo, redo, undo and redo.
        for round in 0..4 {
            let mut next = Vec::new();
            for (nth, step) in steps.iter().rev().enumerate() {
                next.push(undone(&ada, board, *step).await);
                let left = if round % 2 == 0 { steps.len() - 1 - nth } else { nth + 1 };
                assert_eq!(reported().await, states[left], "{} in round {round}", changes[0]);
            }
            steps = next;
        }
    }
}

#[tokio::test]
async fn api_undo_takes_an_add_back_once_all_that_was_done_to_it_is_undone() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Adds").await;
    let ben = world.member(&ada, board, "editor").await;
    for (nth, case) in ["rename", "comment", "delete"].into_iter().enumerate() {
        let added = ada.add(board, &json!({"title": case})).await;
        let (added, path) = (number(&added), ada.task_path(board, nth as u64 + 1));
        let later = match case {
            "rename" => patch(&ben, &path, json!({"title": "Other"})).await,
            "comment" => {
                let post = ben.post(&format!("{path}/comments"), &json!({"body": "a word"}));
                number(&post.send().await.expect(201))
            }
            _ => number(&ben.delete(&path).send().await.expect(204)),
        };
        let problem = undo(&ada, board, added).await.problem(409, "undo-conflict");
        assert_eq!(problem["events"], json!([later]), "{case}");
        let back = undone(&ben, board, later).await;
        // Once redone it counts again.
        let again = undone(&ben, board, back).await;
        let problem = undo(&ada, board, added).await.problem(409, "undo-conflict");
        assert_eq!(problem["events"], json!([later]), "{case}");
        let _ = undone(&ben, board, again).await;
        let _ = undone(&ada, board, added).await;
        let _ = ada.get(&path).send().await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn api_undo_of_a_change_that_was_undone_and_done_again() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Old").await;
    let path = ada.board_path(board);
    let renamed = patch(&ada, &path, json!({"name": "New"})).await;
    let back = undone(&ada, board, renamed).await;
    let again = undone(&ada, board, back).await;
    let problem = undo(&ada, board, back).await.problem(409, "undo-conflict");
    assert_eq!((&problem["events"], &problem["fields"]), (&json!([again]), &json!(["name"])));
    let last = undone(&ada, board, renamed).await;
    for spent in [renamed, back, again] {
        let problem = undo(&ada, board, spent).await.problem(409, "undo-conflict");
        assert!(problem["events"].as_array().expect("events").contains(&json!(last)), "{problem}");
    }
    assert_eq!(ada.document(board).await["name"], "Old");
}

#[tokio::test]
async fn api_undo_and_api_move_who_only_made_room_stands_in_no_way() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Room").await;
    ada.task(board, "low").await;
    let added = number(&ada.add(board, &json!({"title": "high"})).await);
    let moved = patch(&ada, &ada.task_path(board, 2), json!({"before": 1})).await;
    let back = patch(&ada, &ada.task_path(board, 2), json!({"after": 1})).await;
    let statement = format!(
        "DO $$ BEGIN FOR n IN 1 .. 400 LOOP PERFORM task_add('{{\"user_id\": {}}}', {board}, \
         '{{\"title\": \"x\", \"before\": 2}}'); END LOOP; END $$",
        ada.user_id()
    );
    let _ = world.databases().psql(&statement).expect("tasks");
    let log = ada.events(board, back).await;
    let made_room = log.iter().filter(|event| event["action"] == "Move");
    assert!(made_room.clone().any(|event| event["task"]["id"] == 2), "it made room");
    // A reader of the events also sees that.
    for room in made_room {
        let next = &log[usize::try_from(seq(room) - back).expect("small")];
        assert_eq!((&room["timestamp"], &room["actor"]), (&next["timestamp"], &next["actor"]));
        assert_eq!((keys(&room["changes"]), room.get("undoes")), (vec!["position"], None));
        assert_eq!(room["task"]["status"], next["task"]["status"]);
    }
    for event in [back, moved, added] {
        let _ = undone(&ada, board, event).await;
    }
    let _ = ada.get(&ada.task_path(board, 2)).send().await.problem(404, "not-found");
}

/// Whether this event was undone by an undo that was not itself undone.
fn is_undone(log: &[Value], event: &Value) -> bool {
    log.iter().any(|undo| undo["undoes"] == event["seq"] && !is_undone(log, undo))
}

/// Whether `later` touched what `event` touched. `gone`: the task is deleted now.
fn touches(event: &Value, later: &Value, gone: bool) -> bool {
    let is = |event: &Value, action: &str| event["action"] == action;
    if event["entity"] != later["entity"] {
        return false;
    }
    if is(event, "Add") || is(event, "Delete") {
        return true;
    }
    let fields = event["changes"].as_object().expect("changes");
    is(later, "Delete") && gone || fields.keys().any(|field| later["changes"].get(field).is_some())
}

/// The numbers of the events that conflict with undoing one, by the contract's rule.
fn in_the_way(log: &[Value], event: &Value, gone: bool) -> Vec<u64> {
    let number = seq(event);
    log.iter()
        .filter(|later| seq(later) > number && touches(event, later, gone))
        .filter(|later| !is_undone(log, later) && later["undoes"].as_u64() <= Some(number))
        .map(seq)
        .collect()
}

/// Makes a random change, or none without a task; returns the event's number.
async fn change(api: &Api<'_>, board: u64, dice: &mut Rng) -> Option<u64> {
    let value = dice.u64(..).to_string();
    let task = api.task_path(board, 1);
    let reply = match dice.u8(..8) {
        0 => api.patch(&api.board_path(board), &json!({"name": value})).send().await,
        1 => {
            let both = json!({"name": value, "description": value});
            api.patch(&api.board_path(board), &both).send().await
        }
        2 => api.delete(&task).send().await,
        3 => {
            let status = ["todo", "in_progress", "finished"][dice.usize(..3)];
            api.patch(&task, &json!({"status": status})).send().await
        }
        4 => api.patch(&task, &json!({"title": value, "labels": [value]})).send().await,
        _ => {
            let field = ["title", "description"][dice.usize(..2)];
            api.patch(&task, &json!({field: value})).send().await
        }
    };
    assert!(reply.status < 300 || reply.status == 404, "{reply}");
    reply.header("event-seq").map(|seq| seq.parse().expect("a number"))
}

#[tokio::test]
async fn api_undo_by_two_people_in_any_order_takes_back_what_is_as_it_was_left_and_nothing_else() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Random").await;
    let ben = world.member(&ada, board, "editor").await;
    ada.task(board, "One").await;
    let mut dice = dice();
    let mut refused = 0;
    let mut taken_back = 0;
    for _ in 0..150 {
        let who = if dice.bool() { &ada } else { &ben };
        if dice.u8(..3) == 0 {
            let _ = change(who, board, &mut dice).await;
            continue;
        }
        // Not the adding of the first member.
        let log = ada.events(board, 1).await;
        let event = &log[log.len() - 1 - dice.usize(..log.len().min(12))];
        let before = ada.document(board).await;
        let expected = in_the_way(&log, event, before["tasks"] == json!([]));
        let reply = undo(who, board, seq(event)).await;
        let after = ada.document(board).await;
        if !expected.is_empty() {
            let problem = reply.problem(409, "undo-conflict");
            assert_eq!(problem["events"], json!(expected), "{event} of {log:#?}");
            assert_eq!(after, before);
            refused += 1;
            continue;
        }
        let undo = reply.expect(201).json();
        assert_eq!(undo["undoes"], event["seq"]);
        let entity = |document: &Value| match event["entity"].as_str() {
            Some("task") => document["tasks"][0].clone(),
            _ => document.clone(),
        };
        for (field, values) in event["changes"].as_object().into_iter().flatten() {
            let reported = (&entity(&before)[field], &entity(&after)[field]);
            assert_eq!(reported, (&values[1], &values[0]), "{field} of {event} of {log:#?}");
        }
        taken_back += 1;
    }
    assert!(refused > 5 && taken_back > 5, "{refused} refused, {taken_back} undone");
}
