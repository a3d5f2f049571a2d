//! docs/contract/api.md, API-QUICK-WIN: tasks are added, read, changed, moved and deleted.

use contract_tests::Api;
use contract_tests::api::{assert_dense, id, is_timestamp, keys, seq};
use serde_json::{Value, json};

const TASK_KEYS: &[&str] =
    &["assigned_to", "created_at", "description", "id", "status", "title", "updated_at", "version"];

#[tokio::test]
async fn api_201_for_a_new_task_with_location_and_etag() {
    let api = Api::shared().await;
    let board = api.board("Tasks").await;
    let reply = api.add(board, &json!({"title": "First"})).await;
    let task = reply.json();
    assert_eq!(keys(&task), TASK_KEYS);
    assert_eq!(reply.expect_header("location"), api.task_path(board, 1));
    assert_eq!(reply.tag(), "\"1\"");
    assert!(is_timestamp(&task["created_at"]), "{task}");
    assert_eq!(task["created_at"], task["updated_at"]);
    let plain = (&task["title"], &task["description"], &task["status"], &task["assigned_to"]);
    assert_eq!(plain, (&json!("First"), &json!(""), &json!("todo"), &json!(null)));
    let read = api.get(&api.task_path(board, 1)).send().await.expect(200);
    assert_eq!((read.json(), read.tag()), (task, reply.tag()));

    let full = json!({"title": "Full", "description": "# How\n\tto", "status": "in_progress", "assigned_to": "ada"});
    let task = api.add(board, &full).await.json();
    assert_eq!(id(&task), 2, "task ids count from 1 on each board");
    for (name, value) in full.as_object().expect("an object") {
        assert_eq!(&task[name], value);
    }
    let document = api.document(board).await;
    assert_eq!(
        document["tasks"].as_array().map(|tasks| tasks.iter().map(id).collect()),
        Some(vec![1, 2])
    );
    assert_eq!(document["tasks"][1], task);
    assert_eq!((seq(&document), &document["version"]), (2, &json!(1)));
    assert_eq!(document["updated_at"], document["events"][1]["timestamp"]);
}

contract_tests::in_both_modes! {
async fn api_422_names_every_faulty_field_at_once(api: Api<'static>) {
    let board = api.board("Faulty").await;
    let task = api.task(board, "Sound").await;
    let faulty = json!({
        "title": "", "description": 7, "status": 7, "assigned_to": ["ada"], "titel": 1,
    });
    let all = ["/assigned_to", "/description", "/status", "/titel", "/title"];
    assert_eq!(api.post(&api.tasks_path(board), &faulty).send().await.pointers(), all);
    assert_eq!(api.patch(&api.task_path(board, task), &faulty).send().await.pointers(), all);
    for (field, values) in [
        (
            "title",
            vec![
                json!(null),
                json!("a\u{7}b"),
                json!("a".repeat(201)),
                json!("\u{200b}"),
                json!("\u{2800} \u{feff}"),
                json!("\u{202e}right to left\u{202c}"),
                json!("a\u{2028}b"),
                json!("zero\u{200b}width"),
                json!(true),
                json!({}),
            ],
        ),
        ("description", vec![json!("a".repeat(10_001)), json!("\u{0}"), json!([])]),
        ("status", vec![json!("Todo"), json!("done"), json!(""), json!(0), json!(["todo"])]),
        ("assigned_to", vec![json!(""), json!("a".repeat(65)), json!("a\nb"), json!("a\u{200e}"), json!(1)]),
    ] {
        for value in values {
            let body = json!({"title": "Sound", field: value});
            let pointer = [format!("/{field}")];
            assert_eq!(
                api.post(&api.tasks_path(board), &body).send().await.pointers(),
                pointer,
                "{body}"
            );
            assert_eq!(
                api.patch(&api.task_path(board, task), &body).send().await.pointers(),
                pointer,
                "{body}"
            );
        }
    }
    assert_eq!(api.post(&api.tasks_path(board), &json!({})).send().await.pointers(), ["/title"]);
    assert_eq!(seq(&api.document(board).await), 1, "a refused request changes nothing");
}

async fn api_patch_null_removes_and_leaves_out_in_a_post(api: Api<'static>) {
    let board = api.board("Nulls").await;
    let body = json!({"title": "T", "description": null, "status": null, "assigned_to": null});
    let task = api.add(board, &body).await.json();
    let path = api.task_path(board, id(&task));
    assert_eq!(
        (&task["description"], &task["status"], &task["assigned_to"]),
        (&json!(""), &json!("todo"), &json!(null))
    );
    let set = json!({"description": "long", "assigned_to": "ada"});
    let task = api.patch(&path, &set).send().await.expect(200).json();
    assert_eq!((&task["description"], &task["assigned_to"]), (&json!("long"), &json!("ada")));
    let task = api.patch(&path, &json!({"description": null})).send().await.expect(200).json();
    assert_eq!((&task["description"], &task["assigned_to"]), (&json!(""), &json!("ada")));
    let task = api.patch(&path, &json!({"assigned_to": null})).send().await.expect(200).json();
    assert_eq!(task["assigned_to"], json!(null));
    for kept in ["title", "status"] {
        let pointers = api.patch(&path, &json!({kept: null})).send().await.pointers();
        assert_eq!(
            pointers,
            [format!("/{kept}")],
            "required fields cannot be removed"
        );
    }
}

async fn api_patch_changes_what_it_names_and_tells_it_in_one_event(api: Api<'static>) {
    let board = api.board("Changes").await;
    let task = api.add(board, &json!({"title": "T", "assigned_to": "ada"})).await.json();
    let path = api.task_path(board, id(&task));
    let reply = api.patch(&path, &json!({"title": "U"})).send().await.expect(200);
    let updated = reply.json();
    assert_eq!((keys(&updated), reply.tag()), (keys(&task), "\"2\"".to_owned()));
    let mut expected = task.clone();
    for changed in ["title", "version", "updated_at"] {
        expected[changed] = updated[changed].clone();
    }
    assert_eq!(
        (&updated, &updated["title"], &updated["version"]),
        (&expected, &json!("U"), &json!(2))
    );

    let moved = json!({"status": "finished", "assigned_to": null});
    let moved = api.patch(&path, &moved).send().await.expect(200).json();
    let deleted = api.delete(&path).send().await.expect(204);
    assert!(deleted.body.is_empty());
    let _ = api.get(&path).send().await.problem(404, "not-found");
    let _ = api.delete(&path).send().await.problem(404, "not-found");

    let events = api.events(board, 0).await;
    assert_dense(&events, 1);
    let reported = |index: usize, action: &str, task: &Value, changes: Value| {
        let event = &events[index];
        assert_eq!(
            (&event["action"], &event["entity"]),
            (&json!(action), &json!("task")),
            "{event}"
        );
        assert_eq!((&event["task"], &event["changes"]), (task, &changes), "{event}");
        assert_eq!(event["board_id"], board);
        assert_eq!(event["actor"], api.actor);
        assert!(is_timestamp(&event["timestamp"]), "{event}");
    };
    reported(0, "Add", &task, json!(null));
    reported(1, "Update", &updated, json!({"title": ["T", "U"]}));
    reported(2, "Move", &moved, json!({"status": ["todo", "finished"], "assigned_to": ["ada", null]}));
    reported(3, "Delete", &moved, json!(null));
    assert!(
        keys(&events[0]).iter().all(|key| *key != "changes"),
        "absent, not null: {}",
        events[0]
    );
    let times: Vec<&str> = events.iter().filter_map(|event| event["timestamp"].as_str()).collect();
    assert!(times.is_sorted(), "timestamps never go backwards along seq: {times:?}");
    assert_eq!(api.document(board).await["tasks"], json!([]));
    assert_eq!(api.task(board, "Next").await, 2, "a deleted task's id is not used again");
}
}

contract_tests::in_both_modes! {
async fn api_line_hides_nothing_and_keeps_what_scripts_and_emoji_need(api: Api<'static>) {
    let board = api.board("Lines").await;
    let path = api.board_path(board);
    for text in [
        "a\u{2028}b",
        "a\u{2029}b",
        "\u{202e}evil\u{202c}",
        "zero\u{200b}width",
        "soft\u{ad}hyphen",
        "a\u{200d}b",
        "\u{1f3f4}\u{e0041}",
        "a\u{fffa}b",
    ] {
        let (name, title) = (json!({"name": text}), json!({"title": text}));
        assert_eq!(api.post(api.mode.boards, &name).send().await.pointers(), ["/name"], "{text:?}");
        assert_eq!(api.patch(&path, &name).send().await.pointers(), ["/name"], "{text:?}");
        let added = api.post(&api.tasks_path(board), &title).send().await;
        assert_eq!(added.pointers(), ["/title"], "{text:?}");
    }
    // Persian, Kannada, a woman at her computer, a heart in colours, the flag of Scotland.
    for text in [
        "می\u{200c}خواهم",
        "ರ\u{200d}್ಕ",
        "\u{1f469}\u{200d}\u{1f4bb}",
        "\u{2764}\u{fe0f}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    ] {
        let renamed = api.patch(&path, &json!({"name": text})).send().await.expect(200).json();
        assert_eq!(renamed["name"], text);
        assert_eq!(api.add(board, &json!({"title": text})).await.json()["title"], text);
    }
}
}

#[tokio::test]
async fn api_format_texts_come_back_as_they_were_written() {
    let api = Api::shared().await;
    let board = api.board("مرحبا 日本 \u{1F469}\u{200D}\u{1F4BB} \"\\/<&>' {{ }} %00").await;
    let weird = [
        "e\u{301} is not \u{e9}",
        "\u{1F1E6}\u{1F1F9} \u{10FFFF} \u{FFFD}",
        "</script><img src=x onerror=alert(1)>",
        "' OR 1=1; -- ${jndi:x} {{7*7}} %s %n",
        "null",
    ];
    for text in weird {
        let body = json!({"title": text, "description": text, "assigned_to": text});
        let task = api.add(board, &body).await.json();
        let read = api.get(&api.task_path(board, id(&task))).send().await.expect(200).json();
        for field in ["title", "description", "assigned_to"] {
            assert_eq!(read[field], text);
        }
    }
    // A multi-line text may contain invisible characters.
    let task = api.task_path(board, 1);
    for text in
        ["\u{202E}right to left\u{202C}", "\u{FEFF}x", "a\u{2028}b\u{2029}c", "zero\u{200B}width"]
    {
        let patched = api.patch(&task, &json!({"description": text})).send().await.expect(200);
        assert_eq!(patched.json()["description"], text);
    }
    let longest = format!("{}\r\n\t\u{1F370}", "字".repeat(9_995)) + "x";
    assert_eq!(longest.chars().count(), 10_000);
    let task =
        api.add(board, &json!({"title": "字".repeat(200), "description": longest})).await.json();
    assert_eq!(task["description"], longest);
    let document = api.document(board).await;
    assert_eq!(document["tasks"][weird.len()], task);
    let events = document["events"].as_array().expect("events");
    assert_eq!(events.last().map(|event| &event["task"]), Some(&task));
    assert_eq!(document["name"], "مرحبا 日本 \u{1F469}\u{200D}\u{1F4BB} \"\\/<&>' {{ }} %00");
}
