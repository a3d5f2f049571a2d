//! A task of a team's board: its shape, its fields, its limits.

use contract_tests::api::{Mode, World, id, is_timestamp, keys, seq};
use serde_json::{Value, json};

#[tokio::test]
async fn api_201_for_a_new_task_with_its_shape_and_defaults() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Shape").await;
    let task = ada.add(board, &json!({"title": " One "})).await.json();
    let members = [
        "assigned_to",
        "board_id",
        "comment_count",
        "created_at",
        "created_by",
        "description",
        "done_count",
        "due_at",
        "fields",
        "id",
        "item_count",
        "labels",
        "position",
        "start_at",
        "status",
        "title",
        "updated_at",
        "version",
    ];
    assert_eq!(keys(&task), members);
    let expected = json!({
        "assigned_to": null, "board_id": board, "comment_count": 0, "created_by": ada.username(),
        "description": "", "done_count": 0, "due_at": null, "fields": {}, "id": 1, "item_count": 0,
        "labels": [], "start_at": null, "status": "todo",
        "title": "One", "version": 1,
    });
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&task[name], value, "{name}");
    }
    assert!(is_timestamp(&task["created_at"]) && task["created_at"] == task["updated_at"]);
    assert!(task["position"].is_string());

    let full = json!({
        "title": "Full", "description": "# How\n\tto", "status": "finished",
        "assigned_to": ada.username(), "labels": ["b", "a", "ß 字"],
        "start_at": "2031-02-03T04:05:06.789Z", "due_at": "2031-02-03T04:05:06.789Z",
        "fields": {"estimate": 3, "deep": {"list": [1, null, {"x": 1.5}]}, "": "empty name"},
    });
    let reply = ada.add(board, &full).await;
    let task = reply.json();
    for (name, value) in full.as_object().expect("an object") {
        assert_eq!(&task[name], value, "{name}");
    }
    assert_eq!(reply.expect_header("location"), ada.task_path(board, 2));
    let read = ada.get(&ada.task_path(board, 2)).send().await.expect(200).json();
    assert_eq!(read, task);
    assert_eq!(ada.document(board).await["tasks"][1], task);
    assert_eq!(world.databases().logged(board)[1]["task"], task);
}

#[tokio::test]
async fn api_fields_of_over_64_levels_are_refused_by_every_way_in() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Deep").await;
    let of = |levels: usize| (0..levels - 1).fold(json!({}), |inner, _| json!({"a": inner}));
    let task = ada.add(board, &json!({"title": "One", "fields": of(64)})).await.json();
    assert_eq!(task["fields"], of(64));
    let path = ada.task_path(board, 1);
    for levels in [65, 100] {
        let faulty = json!({"title": "Two", "fields": of(levels)});
        let tasks = ada.tasks_path(board);
        assert_eq!(ada.post(&tasks, &faulty).send().await.pointers(), ["/fields"]);
        let patch = json!({"fields": of(levels)});
        assert_eq!(ada.patch(&path, &patch).send().await.pointers(), ["/fields"]);
        let whole = json!({"name": "Deep", "tasks": [faulty]});
        let import = ada.post("/api/boards/import", &whole).send().await;
        assert_eq!(import.pointers(), ["/tasks/0/fields"]);
    }
    assert_eq!(ada.document(board).await["seq"], 1);
}

#[tokio::test]
async fn api_fields_are_merged_and_a_due_date_is_kept_in_utc() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Merge").await;
    let body = json!({"title": "x", "fields": {"a": 1, "b": {"c": 2, "d": [1, 2]}}});
    let _ = ada.add(board, &body).await;
    let path = ada.task_path(board, 1);
    for (patch, expected) in [
        (json!({"b": {"c": null, "e": 3}}), json!({"a": 1, "b": {"d": [1, 2], "e": 3}})),
        (json!({"a": null, "b": {"d": {"x": null}}}), json!({"b": {"d": {}, "e": 3}})),
        (json!({"b": [null]}), json!({"b": [null]})),
        (json!({}), json!({"b": [null]})),
    ] {
        let reply = ada.patch(&path, &json!({"fields": patch})).send().await.expect(200);
        assert_eq!(reply.json()["fields"], expected, "{patch}");
    }
    let cleared = ada.patch(&path, &json!({"fields": null})).send().await.expect(200).json();
    assert_eq!(cleared["fields"], json!({}));
    for (written, kept) in [
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z"),
        ("2026-01-02t03:04:05.6789z", "2026-01-02T03:04:05.678Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ] {
        let reply = ada.patch(&path, &json!({"due_at": written})).send().await.expect(200);
        assert_eq!(reply.json()["due_at"], kept, "{written}");
    }
    let cleared = ada.patch(&path, &json!({"due_at": null, "labels": null})).send().await;
    let cleared = cleared.expect(200).json();
    assert_eq!((&cleared["due_at"], &cleared["labels"]), (&json!(null), &json!([])));
}

#[tokio::test]
async fn api_start_is_not_after_the_due_date_whichever_of_the_two_is_changed() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Starts").await;
    let [early, late, later] = [2, 3, 4].map(|day| format!("2031-02-0{day}T04:05:06.789Z"));
    let tasks = ada.tasks_path(board);
    let turned = json!({"title": "One", "start_at": late, "due_at": early});
    assert_eq!(ada.post(&tasks, &turned).send().await.pointers(), ["/start_at"]);
    let import = json!({"name": "Starts", "tasks": [turned]});
    let import = ada.post("/api/boards/import", &import).send().await;
    assert_eq!(import.pointers(), ["/tasks/0/start_at"]);
    let _ = ada.add(board, &json!({"title": "One", "start_at": early, "due_at": late})).await;

    let path = ada.task_path(board, 1);
    for (patch, pointer) in [
        (json!({"start_at": later}), "/start_at"),
        (json!({"due_at": "2031-02-02T04:05:06.788Z"}), "/due_at"),
        (json!({"start_at": later, "due_at": late}), "/start_at"),
    ] {
        assert_eq!(ada.patch(&path, &patch).send().await.pointers(), [pointer], "{patch}");
    }
    assert_eq!(ada.document(board).await["seq"], 1);
    let moved =
        ada.patch(&path, &json!({"start_at": "2031-02-03T05:05:06+02:00", "due_at": later}));
    let moved = moved.send().await.expect(200).json();
    assert_eq!(moved["start_at"], "2031-02-03T03:05:06.000Z");
    assert_eq!(ada.document(board).await["tasks"][0], moved);
    let changes = &world.databases().logged(board)[1]["changes"];
    let expected = json!({"start_at": [early, moved["start_at"]], "due_at": [late, later]});
    assert_eq!(changes, &expected);

    // By itself an undo of the second change would be right, beside the third it is not.
    let _ = ada.patch(&path, &json!({"due_at": null})).send().await.expect(200);
    let _ = ada.patch(&path, &json!({"start_at": "2031-02-05T00:00:00Z"})).send().await.expect(200);
    let undo = ada.post(&format!("/api/boards/{board}/events/3/undo"), &json!({}));
    assert_eq!(undo.send().await.expect(409).json()["fields"], json!(["start_at", "due_at"]));
    let gone = ada.patch(&path, &json!({"start_at": null})).send().await.expect(200).json();
    assert_eq!(gone["start_at"], Value::Null);
    let past = ada.get(&format!("/api/boards/{board}?at=2")).send().await.expect(200).json();
    assert_eq!(past["tasks"][0], moved);
}

#[tokio::test]
async fn api_fields_take_16_kib_before_and_after_merging_and_not_one_byte_more() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Large").await;
    let fields = |size: usize| json!({"a": "x".repeat(size - 8)});
    let _ = ada.add(board, &json!({"title": "x", "fields": fields(16_384)})).await;
    let large = json!({"title": "x", "fields": fields(16_385)});
    let path = ada.task_path(board, 1);
    assert_eq!(ada.post(&ada.tasks_path(board), &large).send().await.pointers(), ["/fields"]);
    assert_eq!(ada.patch(&path, &large).send().await.pointers(), ["/fields"]);
    let grown = ada.patch(&path, &json!({"fields": {"b": 1}})).send().await;
    assert_eq!(grown.pointers(), ["/fields"], "it fits alone, but not with the existing fields");
    let _ = ada.patch(&path, &json!({"fields": {"a": "y", "b": 1}})).send().await.expect(200);
}

#[tokio::test]
async fn api_422_names_every_faulty_field_at_once_and_nothing_is_changed() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Faulty").await;
    ada.task(board, "One").await;
    let faulty = json!({
        "title": "", "description": 1, "status": "To Do", "assigned_to": 1, "labels": ["a", "a"],
        "start_at": 7, "due_at": "tomorrow", "fields": [], "before": 0, "after": 3, "colour": "red",
    });
    let pointers = [
        "/assigned_to",
        "/before",
        "/colour",
        "/description",
        "/due_at",
        "/fields",
        "/labels/1",
        "/start_at",
        "/status",
        "/title",
    ];
    assert_eq!(ada.post(&ada.tasks_path(board), &faulty).send().await.pointers(), pointers);
    assert_eq!(ada.patch(&ada.task_path(board, 1), &faulty).send().await.pointers(), pointers);
    // And faults that depend on the board.
    let unfit = json!({"title": "x", "status": "no-such-column", "assigned_to": "nobody-here"});
    let pointers = ["/assigned_to", "/status"];
    assert_eq!(ada.post(&ada.tasks_path(board), &unfit).send().await.pointers(), pointers);
    assert_eq!(ada.patch(&ada.task_path(board, 1), &unfit).send().await.pointers(), pointers);
    let zero = json!({"title": "x", "fields": {"a": ["\u{0}"]}});
    assert_eq!(ada.post(&ada.tasks_path(board), &zero).send().await.pointers(), ["/fields"]);
    assert_eq!(seq(&ada.document(board).await), 1);
}

#[tokio::test]
async fn api_wip_holds_for_an_add_or_a_move_and_not_for_what_is_there_already() {
    let ada = World::shared().await.somebody().await;
    let columns = json!([
        {"key": "todo", "name": "To do"}, {"key": "doing", "name": "Doing", "wip_limit": 2},
    ]);
    let body = json!({"name": "Limits", "columns": columns});
    let made = ada.post(Mode::TEAMS.boards, &body).send().await.expect(201).json();
    let board = id(&made);
    assert_eq!(made["columns"][1]["wip_limit"], 2);
    for status in ["doing", "doing", "todo"] {
        let _ = ada.add(board, &json!({"title": status, "status": status})).await;
    }
    let full = |problem: Value| {
        assert_eq!((&problem["column"], &problem["wip_limit"]), (&json!("doing"), &json!(2)));
    };
    let add = json!({"title": "x", "status": "doing"});
    full(ada.post(&ada.tasks_path(board), &add).send().await.problem(409, "wip-limit"));
    let go = json!({"status": "doing", "before": 1});
    full(ada.patch(&ada.task_path(board, 3), &go).send().await.problem(409, "wip-limit"));
    // Moves within the column, and a limit that was set later.
    let within = json!({"status": "doing", "before": 1, "title": "first"});
    let _ = ada.patch(&ada.task_path(board, 2), &within).send().await.expect(200);
    let mut lower = columns.clone();
    lower[1]["wip_limit"] = json!(1);
    let _ = ada.patch(&ada.board_path(board), &json!({"columns": lower})).send().await.expect(200);
    let _ = ada.patch(&ada.task_path(board, 2), &json!({"after": 1})).send().await.expect(200);
    let _ = ada.patch(&ada.task_path(board, 1), &json!({"title": "x"})).send().await.expect(200);
    for gone in [1, 2] {
        let _ = ada.delete(&ada.task_path(board, gone)).send().await.expect(204);
    }
    let now = json!({"status": "doing"});
    let _ = ada.patch(&ada.task_path(board, 3), &now).send().await.expect(200);
}

#[tokio::test]
async fn api_task_a_deleted_task_is_404_everywhere_and_its_id_is_not_used_again() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Gone").await;
    let task = ada.add(board, &json!({"title": "One"})).await.json();
    let path = ada.task_path(board, 1);
    assert!(ada.delete(&path).send().await.expect(204).body.is_empty());
    for call in [ada.get(&path), ada.delete(&path), ada.patch(&path, &json!({"title": "x"}))] {
        let _ = call.send().await.problem(404, "not-found");
    }
    let event = &world.databases().logged(board)[1];
    assert_eq!((&event["action"], &event["task"]), (&json!("Delete"), &task), "as it was");
    assert_eq!(ada.task(board, "Two").await, 2);
}
