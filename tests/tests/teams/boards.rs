//! Boards are created, listed, changed and moved to the trash.

use contract_tests::api::{World, is_timestamp, keys, seq};
use serde_json::{Value, json};

const BOARDS: &str = "/api/boards";

#[tokio::test]
async fn api_201_for_a_new_board_with_location_its_shape_and_its_maker_as_owner() {
    let ada = World::shared().await.somebody().await;
    let reply = ada.post(BOARDS, &json!({"name": " Plan "})).send().await.expect(201);
    let board = reply.json();
    let location = format!("{BOARDS}/{}", board["id"]);
    assert_eq!(reply.expect_header("location"), location);
    let members = [
        "archived",
        "columns",
        "created_at",
        "description",
        "epoch",
        "id",
        "name",
        "role",
        "seq",
        "updated_at",
        "version",
    ];
    assert_eq!(keys(&board), members);
    let column = |key: &str, name: &str| json!({"key": key, "name": name, "wip_limit": null});
    let columns = [
        column("todo", "To do"),
        column("in_progress", "In progress"),
        column("finished", "Finished"),
    ];
    assert_eq!(board["columns"], json!(columns));
    assert_eq!(board["name"], "Plan");
    assert_eq!(board["description"], "");
    assert_eq!(board["role"], "owner");
    assert_eq!((board["seq"].as_u64(), board["version"].as_u64()), (Some(0), Some(1)));
    assert!(is_timestamp(&board["created_at"]) && board["updated_at"] == board["created_at"]);

    let whole = ada.get(&location).send().await.expect(200).json();
    assert_eq!(whole["tasks"], json!([]));
    let me = &whole["members"][0];
    assert_eq!((&me["id"], &me["username"]), (&ada.actor["id"], &ada.actor["username"]));
    assert_eq!(me["role"], "owner");
    for (name, value) in board.as_object().expect("an object") {
        assert_eq!(&whole[name], value, "{name}");
    }
}

#[tokio::test]
async fn api_board_columns_come_back_as_they_were_given_and_null_is_the_default() {
    let ada = World::shared().await.somebody().await;
    let columns = json!([
        {"key": "b-2", "name": " Zwei ", "wip_limit": 999_999}, {"key": "a_1", "name": "字 \"<&>"},
    ]);
    let body = json!({"name": "Own", "description": "a\nb", "columns": columns});
    let board = ada.post(BOARDS, &body).send().await.expect(201).json();
    let expected = json!([
        {"key": "b-2", "name": "Zwei", "wip_limit": 999_999},
        {"key": "a_1", "name": "字 \"<&>", "wip_limit": null},
    ]);
    assert_eq!((&board["columns"], &board["description"]), (&expected, &json!("a\nb")));
    let first = ada.add(contract_tests::api::id(&board), &json!({"title": "x"})).await.json();
    assert_eq!(first["status"], "b-2", "without a status: the first column");
    let nulls = json!({"name": "Nulls", "description": null, "columns": null});
    let board = ada.post(BOARDS, &nulls).send().await.expect(201).json();
    assert_eq!(board["columns"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn api_422_names_every_faulty_field_of_a_board_and_of_its_columns() {
    let ada = World::shared().await.somebody().await;
    let faulty = json!({
        "name": "", "description": 1, "colour": "red",
        "columns": [
            {"key": "A", "name": ""}, 7, {"key": "a", "name": "a", "wip_limit": 0, "limit": 1},
            {"key": "b", "name": "b"}, {"key": "b", "name": "c"}, {"key": "d", "name": "\u{200b}"},
            {"key": "e", "name": "e\u{2029}e"},
        ],
    });
    let pointers = [
        "/colour",
        "/columns/0/key",
        "/columns/0/name",
        "/columns/1",
        "/columns/2/limit",
        "/columns/2/wip_limit",
        "/columns/4/key",
        "/columns/5/name",
        "/columns/6/name",
        "/description",
        "/name",
    ];
    assert_eq!(ada.post(BOARDS, &faulty).send().await.pointers(), pointers);
    assert_eq!(ada.post(BOARDS, &json!({})).send().await.pointers(), ["/name"]);
    let board = ada.board("Sound").await;
    let path = ada.board_path(board);
    assert_eq!(ada.patch(&path, &faulty).send().await.pointers(), pointers);
    for (field, wrong) in [
        ("name", json!(null)),
        ("columns", json!(null)),
        ("columns", json!([])),
        ("archived", json!(null)),
        ("archived", json!("true")),
        ("seq", json!(7)),
        ("role", json!("owner")),
    ] {
        let reply = ada.patch(&path, &json!({field: wrong})).send().await;
        assert_eq!(reply.pointers(), [format!("/{field}")], "{wrong}");
    }
    assert_eq!(seq(&ada.document(board).await), 0);
}

#[tokio::test]
async fn api_patch_of_a_board_tells_what_changed_in_one_event() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Old").await;
    let path = ada.board_path(board);
    let columns = json!([{"key": "todo", "name": "Now", "wip_limit": 3}]);
    for (patch, changes) in [
        (json!({"name": "New"}), json!({"name": ["Old", "New"]})),
        (json!({"name": "New"}), json!(null)),
        (json!({}), json!(null)),
        (
            json!({"description": "long", "archived": true}),
            json!({"description": ["", "long"], "archived": [false, true]}),
        ),
        (json!({"description": null, "archived": true}), json!({"description": ["long", ""]})),
        (json!({"columns": columns}), json!({"columns": [Value::Null, columns]})),
    ] {
        let before = world.databases().logged(board).len();
        let reply = ada.patch(&path, &patch).send().await.expect(200);
        let events = world.databases().logged(board);
        if changes.is_null() {
            assert_eq!((events.len(), reply.header("event-seq")), (before, None), "{patch}");
            continue;
        }
        let event = events.last().expect("an event");
        assert_eq!(events.len(), before + 1);
        assert_eq!((&event["action"], &event["entity"]), (&json!("Update"), &json!("board")));
        assert_eq!(event["actor"], ada.actor);
        let mut reported = event["changes"].clone();
        if changes["columns"].is_array() {
            reported["columns"][0] = Value::Null;
        }
        assert_eq!(reported, changes, "{patch}");
        let mut board = reply.json();
        assert_eq!(board["role"], "owner");
        let _ = board.as_object_mut().expect("an object").remove("role");
        assert_eq!(board, event["board"], "an event is the same for all its readers");
    }
}

#[tokio::test]
async fn api_409_column_in_use_tells_which_columns_and_of_how_many_tasks() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("In use").await;
    for status in ["todo", "todo", "finished"] {
        let _ = ada.add(board, &json!({"title": "x", "status": status})).await;
    }
    let path = ada.board_path(board);
    let only = |key: &str| json!({"columns": [{"key": key, "name": "x"}]});
    let problem = ada.patch(&path, &only("in_progress")).send().await.problem(409, "column-in-use");
    let expected = json!([{"key": "finished", "tasks": 1}, {"key": "todo", "tasks": 2}]);
    assert_eq!(problem["columns"], expected);
    let _ = ada.delete(&ada.task_path(board, 3)).send().await.expect(204);
    let _ = ada.patch(&path, &only("todo")).send().await.expect(200);
}

#[tokio::test]
async fn api_trash_a_board_lies_there_for_30_days_whole_and_comes_back_by_restore() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Trash").await;
    ada.task(board, "Kept").await;
    let (path, whole) = (ada.board_path(board), ada.document(board).await);
    let restore = format!("{path}/restore");
    let _ = ada.delete(&path).send().await.expect(204);
    for call in [
        ada.get(&path),
        ada.get(&ada.tasks_path(board)),
        ada.get(&ada.task_path(board, 1)),
        ada.get(&format!("{path}?at=1")),
        ada.delete(&path),
        ada.patch(&path, &json!({"name": "x"})),
        ada.post(&ada.tasks_path(board), &json!({"title": "x"})),
    ] {
        let _ = call.send().await.problem(404, "not-found");
    }
    let trash = ada.get(&format!("{BOARDS}?deleted=true")).send().await.expect(200).json();
    assert!(is_timestamp(&trash["items"][0]["deleted_at"]), "{trash}");
    let back = ada.request("POST", &restore).send().await.expect(200).json();
    assert_eq!((seq(&back), &back["version"]), (seq(&whole) + 2, &json!(3)));
    let after = ada.document(board).await;
    assert_eq!((&after["tasks"], &after["members"]), (&whole["tasks"], &whole["members"]));
    let again = ada.request("POST", &restore).send().await.expect(200);
    assert_eq!(again.header("event-seq"), None, "nothing happens to a board that is not in it");

    let _ = ada.delete(&path).send().await.expect(204);
    let old =
        format!("UPDATE boards SET deleted_at = now() - interval '31 days' WHERE id = {board}");
    let _ = world.databases().psql(&old).expect("older");
    let _ = ada.request("POST", &restore).send().await.problem(404, "not-found");
    let trash = ada.get(&format!("{BOARDS}?deleted=true")).send().await.expect(200).json();
    assert_eq!(trash["items"], json!([]));
}
