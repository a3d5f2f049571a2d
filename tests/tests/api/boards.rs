//! docs/contract/api.md, API-QUICK-WIN: boards are created, listed, read, renamed and deleted.

use contract_tests::Api;
use contract_tests::api::{id, is_timestamp, keys, seq};
use serde_json::{Value, json};

const BOARD_KEYS: &[&str] =
    &["created_at", "epoch", "events", "id", "name", "seq", "tasks", "updated_at", "version"];

/// A board's tag: its version, its `seq` and the beginning of its epoch.
fn board_tag(board: &Value) -> String {
    let epoch = board["epoch"].as_str().unwrap_or_default();
    format!("\"{}.{}.{}\"", board["version"], board["seq"], &epoch[..8])
}

#[tokio::test]
async fn api_201_for_a_new_board_with_location_and_etag() {
    let api = Api::shared().await;
    let reply = api.post(api.mode.boards, &json!({"name": "Plan"})).send().await.expect(201);
    let board = reply.json();
    assert_eq!(keys(&board), BOARD_KEYS);
    let place = api.board_path(id(&board));
    assert_eq!(reply.expect_header("location"), place);
    assert_eq!(reply.tag(), board_tag(&board));
    assert_eq!(reply.expect_header("content-type"), "application/json");
    assert_eq!(
        (&board["name"], &board["tasks"], &board["events"]),
        (&json!("Plan"), &json!([]), &json!([]))
    );
    assert_eq!((seq(&board), &board["version"]), (0, &json!(1)));
    assert!(board["epoch"].as_str().is_some_and(|epoch| epoch.len() >= 16), "{board}");
    assert!(is_timestamp(&board["created_at"]), "{board}");
    assert_eq!(board["created_at"], board["updated_at"]);
    let read = api.get(&place).send().await.expect(200);
    assert_eq!((read.json(), read.tag()), (board, reply.tag()));
}

#[tokio::test]
async fn api_422_names_what_is_wrong_with_a_boards_name() {
    let api = Api::shared().await;
    for wrong in [
        json!({}),
        json!({"name": null}),
        json!({"name": 7}),
        json!({"name": ""}),
        json!({"name": "  "}),
        json!({"name": "\u{200b}"}),
        json!({"name": "a\nb"}),
        json!({"name": "a\u{2028}b"}),
        json!({"name": "a\u{200b}b"}),
        json!({"name": "a\u{200d}b"}),
        json!({"name": "a".repeat(101)}),
    ] {
        assert_eq!(api.post(api.mode.boards, &wrong).send().await.pointers(), ["/name"], "{wrong}");
    }
    let board = api.board("Plan").await;
    for wrong in
        [json!(null), json!(""), json!("\u{feff}"), json!([])].map(|name| json!({"name": name}))
    {
        assert_eq!(
            api.patch(&api.board_path(board), &wrong).send().await.pointers(),
            ["/name"],
            "{wrong}"
        );
    }
    assert_eq!(api.document(board).await["name"], "Plan");
    let longest = "ü".repeat(100);
    let long = api.board(&longest).await;
    assert_eq!(api.document(long).await["name"], longest);
}

#[tokio::test]
async fn api_patch_renames_a_board_and_makes_one_event() {
    let api = Api::shared().await;
    let board = api.board("Plan").await;
    let before = api.document(board).await;
    let reply =
        api.patch(&api.board_path(board), &json!({"name": "Plan B"})).send().await.expect(200);
    let after = reply.json();
    assert_eq!(keys(&after), BOARD_KEYS);
    assert_eq!((&after["name"], seq(&after), &after["version"]), (&json!("Plan B"), 1, &json!(2)));
    assert_eq!(after["epoch"], before["epoch"]);
    assert_eq!(after["created_at"], before["created_at"]);
    assert_eq!(reply.tag(), board_tag(&after));
    let event = &after["events"][0];
    assert_eq!(
        keys(event),
        ["action", "actor", "board", "board_id", "changes", "entity", "seq", "timestamp"]
    );
    assert_eq!((&event["action"], &event["entity"]), (&json!("Update"), &json!("board")));
    assert_eq!(event["changes"], json!({"name": ["Plan", "Plan B"]}));
    assert_eq!(event["board_id"], board);
    assert_eq!(event["actor"], json!({"id": 0, "username": "guest"}));
    let entity = &event["board"];
    assert_eq!(keys(entity), ["created_at", "epoch", "id", "name", "seq", "updated_at", "version"]);
    assert_eq!(
        (&entity["name"], &entity["version"], seq(entity)),
        (&json!("Plan B"), &json!(2), 1)
    );
    assert_eq!(api.document(board).await, after);
}

#[tokio::test]
async fn api_patch_that_changes_nothing_makes_no_event() {
    let api = Api::shared().await;
    let board = api.board("Plan").await;
    let task = api.task(board, "Same").await;
    let before = api.document(board).await;
    for (path, patch) in [
        (api.board_path(board), json!({})),
        (api.board_path(board), json!({"name": "Plan"})),
        (api.task_path(board, task), json!({})),
        (
            api.task_path(board, task),
            json!({"title": "Same", "description": null, "status": "todo", "assigned_to": null}),
        ),
    ] {
        let _ = api.patch(&path, &patch).send().await.expect(200);
    }
    assert_eq!(api.document(board).await, before);
}

#[tokio::test]
async fn api_quick_win_delete_of_a_board_takes_everything_but_its_last_event() {
    let api = Api::shared().await;
    let board = api.board("Short-lived").await;
    let task = api.task(board, "Gone").await;
    let reply = api.delete(&api.board_path(board)).send().await.expect(204);
    assert!(reply.body.is_empty());
    for call in [
        api.get(&api.board_path(board)),
        api.patch(&api.board_path(board), &json!({"name": "Back"})),
        api.delete(&api.board_path(board)),
        api.post(&api.tasks_path(board), &json!({"title": "More"})),
        api.get(&api.task_path(board, task)),
        api.patch(&api.task_path(board, task), &json!({"title": "More"})),
        api.delete(&api.task_path(board, task)),
    ] {
        let _ = call.send().await.problem(404, "not-found");
    }
    let page = api.get(&api.events_path(board, 1)).send().await.expect(200).json();
    assert_eq!((seq(&page), &page["next_after"]), (2, &json!(null)));
    let events = page["items"].as_array().expect("events");
    assert_eq!(events.len(), 1, "{page}");
    assert_eq!(
        (&events[0]["action"], &events[0]["entity"], seq(&events[0])),
        (&json!("Delete"), &json!("board"), 2)
    );
    assert_eq!(events[0]["board"]["name"], "Short-lived");
    let listed = all_boards(&api, 200).await;
    assert!(listed.iter().all(|listed| id(listed) != board));
}

#[tokio::test]
async fn api_list_is_paged_by_an_opaque_cursor_and_complete_under_inserts() {
    let api = Api::shared().await;
    let mut mine = Vec::new();
    for number in 0..7 {
        mine.push(api.board(&format!("Page {number}")).await);
    }
    let first = api.get(&format!("{}?limit=2", api.mode.boards)).send().await.expect(200).json();
    assert_eq!(keys(&first), ["boards", "next_cursor"]);
    assert_eq!(first["boards"].as_array().map(Vec::len), Some(2));
    assert!(first["next_cursor"].is_string(), "{first}");
    let (listed, _) = tokio::join!(all_boards(&api, 3), async {
        for number in 0..5 {
            api.board(&format!("Meanwhile {number}")).await;
        }
    });
    let ids: Vec<u64> = listed.iter().map(id).collect();
    for board in mine {
        assert_eq!(ids.iter().filter(|id| **id == board).count(), 1, "board {board} in {ids:?}");
    }
    assert!(ids.is_sorted(), "{ids:?}");
    assert!(listed.iter().all(|board| keys(board) == BOARD_KEYS));
}

#[tokio::test]
async fn api_quick_win_events_trims_the_events_of_a_document() {
    let api = Api::shared().await;
    let board = api.board("Trimmed").await;
    api.add_many(board, 5).await;
    let whole = api.document(board).await;
    let all = whole["events"].as_array().expect("events");
    assert_eq!(all.len(), 5);
    for wanted in [0, 2, 5, 1000] {
        let path = format!("{}?events={wanted}", api.board_path(board));
        let trimmed = api.get(&path).send().await.expect(200).json();
        let newest = &all[all.len() - wanted.min(all.len())..];
        assert_eq!(trimmed["events"], json!(newest));
        assert_eq!((&trimmed["tasks"], seq(&trimmed)), (&whole["tasks"], seq(&whole)));
    }
    let path = format!("{}?limit=200&events=0", api.mode.boards);
    let list = api.get(&path).send().await.expect(200).json();
    let boards = list["boards"].as_array().expect("boards");
    assert!(boards.iter().all(|board| board["events"] == json!([])));
}

/// All boards, page by page.
async fn all_boards(api: &Api<'_>, limit: usize) -> Vec<Value> {
    let mut boards = Vec::new();
    let mut path = format!("{}?limit={limit}", api.mode.boards);
    loop {
        let page = api.get(&path).send().await.expect(200).json();
        boards.extend(page["boards"].as_array().expect("boards").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("{}?limit={limit}&cursor={cursor}", api.mode.boards),
            None => return boards,
        }
    }
}
