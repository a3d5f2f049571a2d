//! Export and import (docs/contract/api.md, API-IMPORT).

use contract_tests::api::{Mode, World, assert_dense, id, seq};
use contract_tests::replica::canonical;
use contract_tests::stack::workspace;
use contract_tests::{Api, Reply};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) const IMPORT: &str = "/api/boards/import";

pub(crate) async fn import(api: &Api<'_>, document: &Value) -> Reply {
    api.post(IMPORT, document).send().await
}

pub(crate) async fn export(api: &Api<'_>, board: u64) -> Reply {
    api.get(&format!("{}/export", api.board_path(board))).send().await
}

async fn comments(api: &Api<'_>, board: u64, task: u64) -> Vec<Value> {
    let path = format!("{}/comments", api.task_path(board, task));
    let page = api.get(&path).send().await.expect(200).json();
    page["items"].as_array().expect("items").iter().map(|item| item["body"].clone()).collect()
}

pub(crate) fn pointers(board: &Value) -> Vec<&str> {
    let warnings = board["warnings"].as_array().expect("warnings").iter();
    warnings.map(|warning| warning["pointer"].as_str().expect("a pointer")).collect()
}

/// A document's content without the parts that differ on a new board: ids, and the time of the last
/// change.
pub(crate) fn said(document: &Value) -> Value {
    let without = |value: &mut Value, names: &[&str]| {
        let fields = value.as_object_mut().expect("an object");
        names.iter().for_each(|name| drop(fields.remove(*name)));
    };
    let mut document = document.clone();
    without(&mut document, &["id", "created_at", "updated_at", "events"]);
    for task in document["tasks"].as_array_mut().expect("tasks") {
        without(task, &["id", "updated_at"]);
        for comment in task["comments"].as_array_mut().expect("comments") {
            without(comment, &["id"]);
        }
    }
    document
}

/// A board with everything that a document can contain.
async fn rich(api: &Api<'_>) -> u64 {
    let columns = json!([
        {"key": "later", "name": "Later"}, {"key": "now", "name": "Now", "wip_limit": 3},
    ]);
    let body = json!({"name": "Plan", "description": "# All", "columns": columns});
    let board = id(&api.post("/api/boards", &body).send().await.expect(201).json());
    let full = json!({
        "title": "Full", "description": "- [ ] a", "status": "now", "assigned_to": api.username(),
        "labels": ["b", "a"], "start_at": "2026-01-02T03:04:05.678Z",
        "due_at": "2027-01-02T03:04:05.678Z", "fields": {"a": {"b": [1, null]}},
    });
    api.add(board, &full).await;
    api.add(board, &json!({"title": "First", "status": "now", "before": 1})).await;
    api.task(board, "Plain").await;
    for text in ["one", "two\nlines"] {
        let path = format!("{}/comments", api.task_path(board, 1));
        let _ = api.post(&path, &json!({"body": text})).send().await.expect(201);
    }
    let lists = format!("{}/checklists", api.task_path(board, 1));
    for title in ["Second", "Empty"] {
        let _ = api.post(&lists, &json!({"title": title})).send().await.expect(201);
    }
    let first = json!({"title": "First", "before": 1});
    let _ = api.post(&lists, &first).send().await.expect(201);
    let due = "2027-01-02T03:04:05.678Z";
    for item in [
        json!({"text": "b", "done": true}),
        json!({"text": "a", "before": 1, "assigned_to": api.username(), "due_at": due}),
    ] {
        let items = format!("{lists}/1/items");
        let _ = api.post(&items, &item).send().await.expect(201);
    }
    board
}

#[tokio::test]
async fn api_export_is_a_document_to_save_and_an_import_of_it_gives_the_same_again() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = rich(&ada).await;
    let reply = export(&ada, board).await.expect(200);
    assert_eq!(reply.expect_header("content-type"), "application/json");
    let disposition = format!("attachment; filename=\"board-{board}.json\"");
    assert_eq!(reply.expect_header("content-disposition"), disposition);
    let document = reply.json();
    assert_eq!(document["events"], json!([]), "an import leaves them out");
    assert_eq!(document["tasks"][1]["title"], "First", "in the order of their columns");

    let imported = import(&ada, &document).await.expect(201);
    let copy = imported.json();
    assert_eq!(imported.expect_header("location"), ada.board_path(id(&copy)));
    assert_ne!(id(&copy), board);
    assert_eq!((&copy["role"], seq(&copy)), (&json!("owner"), 8));
    assert_eq!(pointers(&copy), Vec::<&str>::new());
    for name in ["name", "description", "columns"] {
        assert_eq!(copy[name], document[name], "{name}");
    }
    let again = export(&ada, id(&copy)).await.expect(200).json();
    assert_eq!(said(&again), said(&document));
    let titles: Vec<&Value> = document["tasks"][2]["checklists"]
        .as_array()
        .expect("checklists")
        .iter()
        .map(|list| &list["title"])
        .collect();
    assert_eq!(titles, ["First", "Second", "Empty"]);
    let counted = |board: &Value| {
        let tasks = board["tasks"].as_array().expect("tasks").iter();
        tasks
            .map(|task| ["comment_count", "item_count", "done_count"].map(|it| task[it].clone()))
            .collect::<Vec<_>>()
    };
    let of_copy = ada.document(id(&copy)).await;
    assert_eq!(counted(&of_copy), counted(&ada.document(board).await));
    let then = format!("{}?at={}", ada.board_path(id(&copy)), seq(&of_copy));
    let then = ada.get(&then).send().await.expect(200).json();
    assert_eq!(canonical(&then), canonical(&of_copy), "the log has the same");
    let members = ada.document(id(&copy)).await["members"].clone();
    assert_eq!(members.as_array().map(Vec::len), Some(1));
    let read = ada.get(&ada.board_path(id(&copy))).send().await.expect(200);
    assert_eq!(read.tag(), imported.tag(), "the tag of the answer is that of the next read");
}

#[tokio::test]
async fn rt_publish_every_event_of_an_import_reaches_the_log_the_stream_and_the_feed() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let tasks: Vec<Value> =
        (0..700).map(|n| json!({"title": format!("Task {n}"), "comments": ["c"]})).collect();
    let reply = import(&ada, &json!({"name": "Long", "tasks": tasks})).await.expect(201);
    assert_eq!(reply.header("event-delivery"), None);
    assert_eq!(reply.expect_header("event-seq"), "1400");
    let board = id(&reply.json());
    let logged = world.databases().logged(board);
    assert_dense(&logged, 1);
    assert_eq!(logged.len(), 1400);
    assert_eq!(world.databases().fed(board), logged);
    let streamed = world.databases().streamed(board);
    assert_eq!(streamed.last(), logged.last());
    assert_dense(&streamed, seq(&streamed[0]));
    let document = ada.document(board).await;
    assert_eq!((seq(&document), document["tasks"].as_array().map(Vec::len)), (1400, Some(700)));
    let task = ada.task(board, "Goes on").await;
    assert_eq!(task, 701);
}

#[tokio::test]
async fn api_import_takes_the_documents_of_quick_win_mode() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let guest = Api::new(&world.stack);
    let board = guest.board("Quick").await;
    let body = json!({"title": "One", "status": "in_progress", "assigned_to": "grace"});
    guest.add(board, &body).await;
    guest.add(board, &json!({"title": "Two", "assigned_to": ada.username()})).await;
    let imported = import(&ada, &guest.document(board).await).await.expect(201).json();
    assert_eq!(pointers(&imported), ["/events", "/tasks/0/assigned_to"]);
    let copy = ada.document(id(&imported)).await;
    let reported: Vec<(&Value, &Value, &Value)> = copy["tasks"]
        .as_array()
        .expect("tasks")
        .iter()
        .map(|task| (&task["title"], &task["status"], &task["assigned_to"]))
        .collect();
    assert_eq!(
        reported,
        [
            (&json!("Two"), &json!("todo"), &json!(ada.username())),
            (&json!("One"), &json!("in_progress"), &Value::Null),
        ]
    );
}

#[tokio::test]
async fn api_import_takes_a_trello_board_export() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let text = std::fs::read_to_string(workspace().join("examples/trello-export.json"));
    // The importing user is `emmy` there.
    let text = text.expect("the example").replace("\"emmy\"", &format!("\"{}\"", ada.username()));
    let export: Value = serde_json::from_str(&text).expect("JSON");
    let reply = import(&ada, &export).await.expect(201);
    let board = reply.json();
    let expected = [
        "/members/0",
        "/actions",
        "/cards/3",
        "/cards/0/idMembers/0",
        "/lists/3",
        "/labels",
        "/prefs",
    ];
    assert_eq!(pointers(&board), expected);
    let reported = &board["warnings"][3];
    assert_eq!(reported["code"], "not-a-member");
    assert_eq!(reported["arguments"], json!({"name": "rosalind", "task": "Order timber"}));
    assert!(reported["detail"].as_str().is_some_and(|text| text.contains("rosalind")));
    let names: Vec<&Value> = board["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| &column["name"])
        .collect();
    assert_eq!(names, ["To Do", "Doing", "Done!", "To do"]);
    let whole = ada.document(id(&board)).await;
    let tasks = whole["tasks"].as_array().expect("tasks");
    let titles: Vec<&Value> = tasks.iter().map(|task| &task["title"]).collect();
    assert_eq!(titles, ["Level the ground", "Order timber", "Draw the plan"]);
    let timber = &tasks[1];
    assert_eq!(timber["labels"], json!(["Wood", "red"]));
    assert_eq!(timber["due_at"], "2026-03-14T16:30:00.000Z");
    assert_eq!(timber["assigned_to"], ada.username());
    let description = timber["description"].as_str().expect("a description");
    assert!(description.contains("### Attachments") && !description.contains("[ ]"));
    let lists = format!("{}/checklists", ada.task_path(id(&board), id(timber)));
    let lists = ada.get(&lists).send().await.expect(200).json();
    let reported: Vec<Value> = lists["items"]
        .as_array()
        .expect("checklists")
        .iter()
        .map(|list| {
            let items = list["items"].as_array().expect("items").iter();
            let items: Vec<Value> = items.map(|item| json!([item["text"], item["done"]])).collect();
            json!([list["title"], items])
        })
        .collect();
    let expected = [
        json!(["Timber", [["4 posts", true], ["12 boards", false]]]),
        json!(["Ask", [["About the price", false]]]),
    ];
    assert_eq!(reported, expected);
    assert_eq!((&timber["item_count"], &timber["done_count"]), (&json!(3), &json!(1)));
    let path = format!("{}/comments", ada.task_path(id(&board), id(timber)));
    let page = ada.get(&path).send().await.expect(200).json();
    let written = |nth: usize| {
        ["body", "author", "created_by", "created_at"].map(|name| page["items"][nth][name].clone())
    };
    let me = json!(ada.username());
    let (body, at) = (json!("Is larch good for this?"), json!("2026-01-10T18:00:00.000Z"));
    assert_eq!(written(0), [body, Value::Null, me.clone(), at]);
    let (body, at) = (json!("They deliver in **March**."), json!("2026-01-12T08:15:00.000Z"));
    assert_eq!(written(1), [body, json!("Rosalind Example"), me, at]);
    let stored = world.databases();
    assert_eq!(stored.fed(id(&board)), stored.logged(id(&board)));
}

#[tokio::test]
async fn api_import_a_card_that_says_more_than_a_description_may_goes_on_in_comments() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let items: Vec<Value> = (0..500)
        .map(|nth| json!({"name": format!("Item {nth} of a few words"), "pos": nth}))
        .collect();
    let of_trello = json!({
        "name": "Plan", "lists": [{"id": "l", "name": "To do"}],
        "cards": [{"id": "c", "name": "Move", "idList": "l", "desc": "x".repeat(9_990),
            "attachments": [{"name": "Lease.pdf", "url": "https://example.org/lease.pdf"}]}],
        "checklists": [{"idCard": "c", "name": "Pack", "checkItems": items}],
        "actions": [
            {"type": "commentCard", "date": "2026-01-10T18:00:00.000Z",
                "memberCreator": {"fullName": "Emmy Example"},
                "data": {"card": {"id": "c"}, "text": "Early."}},
            {"type": "commentCard", "memberCreator": {"fullName": "Emmy Example"},
                "data": {"card": {"id": "gone"}, "text": "Lost."}},
        ],
    });
    let board = import(&ada, &of_trello).await.expect(201).json();
    let reported: Vec<Value> = board["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .map(|reported| json!([reported["code"], reported["pointer"], reported["arguments"]]))
        .collect();
    let expected = [
        json!(["description-continued", "/cards/0/desc", {"task": "Move", "comments": 2}]),
        json!(["comment-without-task", "/actions/1", {"name": "Emmy Example"}]),
    ];
    assert_eq!(reported, expected);
    let texts = comments(&ada, id(&board), 1).await;
    let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
    assert_eq!((texts.len(), texts[0]), (3, "Early."));
    assert!(texts[1].starts_with("### Attachments\n\n- [Lease.pdf]"), "{}", texts[1]);
    let arrived: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("- [ ] "))
        .collect();
    let sent: Vec<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
    assert_eq!(arrived, sent);
    // The imported board can be exported and imported again.
    let document = export(&ada, id(&board)).await.expect(200).json();
    let again = import(&ada, &document).await.expect(201).json();
    assert_eq!(said(&export(&ada, id(&again)).await.expect(200).json()), said(&document));
}

#[tokio::test]
async fn api_import_is_all_or_nothing_and_names_every_faulty_field() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let tasks = json!([
        {"title": "Good"}, {"title": "", "status": "nowhere"}, {"title": "x", "comments": [7]},
        {"title": "y", "fields": {"a": "z".repeat(17_000)}}, {"title": "x", "label": "a"},
        {"title": "\u{200b}", "labels": ["a", "\u{feff}"]},
    ]);
    let mut found =
        import(&ada, &json!({"name": "A", "tasks": tasks, "colour": 1})).await.pointers();
    found.sort();
    let expected = [
        "/colour",
        "/tasks/1/status",
        "/tasks/1/title",
        "/tasks/2/comments/0",
        "/tasks/3/fields",
        "/tasks/4/label",
        "/tasks/5/labels/1",
        "/tasks/5/title",
    ];
    assert_eq!(found, expected);
    let faulty = json!({"name": "A", "lists": [{"id": "l", "name": "L"}], "cards": [
        {"id": "a", "name": "Good", "idList": "l"}, {"id": "b", "name": "Bad", "idList": "m"},
    ]});
    assert_eq!(import(&ada, &faulty).await.pointers(), ["/cards/1/idList"]);
    let _ = ada.post(IMPORT, &json!({})).body("{").send().await.problem(400, "malformed-json");
    let _ =
        ada.request("POST", IMPORT).body("{}").send().await.problem(415, "unsupported-media-type");
    let boards = ada.get("/api/boards").send().await.expect(200).json();
    assert_eq!(boards["items"], json!([]));
}

#[tokio::test]
async fn api_idempotency_the_same_key_imports_once_and_replays_the_warnings() {
    let ada = World::shared().await.somebody().await;
    let document = |name: &str| json!({"name": name, "tasks": [{"title": "a", "assigned_to": "grace"}], "events": [{}]});
    let post = async |name: &str| {
        ada.post(IMPORT, &document(name)).header("idempotency-key", "i").send().await
    };
    let first = post("Once").await.expect(201);
    assert_eq!(pointers(&first.json()), ["/events", "/tasks/0/assigned_to"]);
    let again = post("Once").await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    assert_eq!(again.expect_header("location"), first.expect_header("location"));
    let _ = post("Twice").await.problem(422, "idempotency-key-reused");
    let boards = ada.get("/api/boards").send().await.expect(200).json();
    assert_eq!(boards["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn api_413_for_an_import_over_8_mib_and_what_is_below_is_read() {
    let ada = World::shared().await.somebody().await;
    let of = |bytes: usize| {
        let text = "wörd ".repeat(1_600);
        let task = json!({"title": "Long", "description": text, "comments": [text, text, text]});
        let size = task.to_string().len() + 1;
        json!({"name": "Large", "tasks": vec![task; bytes / size]})
    };
    let reply = import(&ada, &of(8_380_000)).await.expect(201);
    let board = id(&reply.json());
    assert!(seq(&ada.document(board).await) > 800);
    let refused = import(&ada, &of(8_460_000)).await.problem(413, "payload-too-large");
    assert_eq!(refused["detail"], "The body may have at most 8388608 bytes (8 MiB).");
    // Every other endpoint's limit is unchanged.
    let body = json!({"name": "x", "description": "d".repeat(300_000)});
    let refused = ada.post("/api/boards", &body).send().await.problem(413, "payload-too-large");
    assert_eq!(refused["detail"], "The body may have at most 262144 bytes (256 KiB).");
}

#[tokio::test]
async fn api_import_the_largest_is_done_in_time_and_what_it_exports_can_be_imported() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let of = |tasks: usize| {
        let task = json!({"title": "Task", "comments": ["one", "two"]});
        json!({"name": "Many", "tasks": vec![task; tasks]})
    };
    let reply = import(&ada, &of(10_000)).await.expect(201);
    assert_eq!(reply.expect_header("event-seq"), "30000");
    assert_eq!(import(&ada, &of(10_001)).await.pointers(), ["/tasks"]);
    let document = export(&ada, id(&reply.json())).await.expect(200).json();
    let again = import(&ada, &document).await.expect(201);
    assert_eq!(again.expect_header("event-seq"), "30000");
    // Everything was published; other boards may have displaced its oldest events from the feed's
    // 16 MiB, of which it takes 12.
    let fed = world.databases().fed(id(&again.json()));
    let seqs: Vec<_> = fed.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(!seqs.is_empty());
    let newest: Vec<_> = (1..=30_000).skip(30_000 - seqs.len()).collect();
    assert_eq!(seqs, newest);
}

#[tokio::test]
async fn api_export_events_trims_those_of_the_document() {
    let ada = World::shared().await.somebody().await;
    let board = rich(&ada).await;
    let of = async |query: &str| {
        let path = format!("{}/export?{query}", ada.board_path(board));
        ada.get(&path).send().await
    };
    let whole = of("events=1000").await.expect(200).json();
    assert_eq!(whole["events"].as_array().map(Vec::len), Some(10));
    let newest = of("events=2").await.expect(200).json();
    let events = newest["events"].as_array().expect("events");
    assert_eq!(events.iter().map(seq).collect::<Vec<_>>(), [9, 10]);
    let none = export(&ada, board).await.expect(200).json();
    assert_eq!((&none["events"], &none["tasks"]), (&json!([]), &whole["tasks"]));
    assert_eq!(pointers(&import(&ada, &none).await.expect(201).json()), Vec::<&str>::new());
    for wrong in ["events=1001", "events=-1", "events=all", "events="] {
        assert_eq!(of(wrong).await.pointers(), ["?events"], "{wrong}");
    }
}

#[tokio::test]
async fn api_export_a_large_board_with_a_long_history_can_be_moved_without_its_events() {
    let ada = World::shared().await.somebody().await;
    let text = "wörd ".repeat(1_600);
    let task = json!({"title": "Long", "description": text, "comments": [text, text]});
    let board = id(&import(&ada, &json!({"name": "Large", "tasks": vec![task; 270]}))
        .await
        .expect(201)
        .json());
    let path = format!("{}/export?events=1000", ada.board_path(board));
    let whole = ada.get(&path).send().await.expect(200).json();
    // Over the limit of an import, but not so far that a host would stop reading.
    let size = whole.to_string().len();
    assert!((8 << 20 < size) && (size < 10 << 20), "{size} bytes");
    let _ = import(&ada, &whole).await.problem(413, "payload-too-large");
    let document = export(&ada, board).await.expect(200).json();
    let copy = id(&import(&ada, &document).await.expect(201).json());
    assert_eq!(said(&export(&ada, copy).await.expect(200).json()), said(&whole));
}

#[tokio::test]
async fn api_idempotency_of_16_imports_with_one_key_at_once_one_is_done_and_15_are_replayed() {
    let ada = World::shared().await.somebody().await;
    let document = json!({"name": "Once", "tasks": [{"title": "a", "comments": ["b"]}]});
    let post = async || {
        let call = ada.post(IMPORT, &document).header("idempotency-key", "at-once");
        call.send().await.expect(201)
    };
    let replies = futures::future::join_all((0..16).map(|_| post())).await;
    let replayed = replies.iter().filter(|reply| reply.header("idempotency-replayed").is_some());
    assert_eq!(replayed.count(), 15);
    assert!(replies.iter().all(|reply| reply.body == replies[0].body));
    let boards = ada.get("/api/boards").send().await.expect(200).json();
    assert_eq!(boards["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn api_404_for_an_export_by_a_stranger_and_any_member_may() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = rich(&ada).await;
    let viewer = world.member(&ada, board, "viewer").await;
    let _ = export(&stranger, board).await.problem(404, "not-found");
    let document = export(&viewer, board).await.expect(200).json();
    // Others' texts name their authors where these cannot be kept.
    let copy = import(&viewer, &document).await.expect(201).json();
    let item = "/tasks/2/checklists/1/items/0/assigned_to";
    assert_eq!(pointers(&copy), [item, "/tasks/2/assigned_to", "/tasks"]);
    let whole = viewer.document(id(&copy)).await;
    let task =
        whole["tasks"].as_array().expect("tasks").iter().find(|task| task["title"] == "Full");
    let task = task.expect("the task");
    assert_eq!(
        (&task["created_by"], &task["assigned_to"]),
        (&json!(viewer.username()), &Value::Null)
    );
    assert_eq!(comments(&viewer, id(&copy), id(task)).await, ["one", "two\nlines"]);
    let again = export(&viewer, id(&copy)).await.expect(200).json();
    let reported = |document: &Value| {
        let task =
            document["tasks"].as_array().expect("tasks").iter().find(|t| t["title"] == "Full");
        task.expect("the task")["comments"][0].clone()
    };
    assert_eq!(reported(&again)["author"], ada.username(), "nobody else wrote it");
    assert_eq!(reported(&again)["created_by"], viewer.username());
    assert_eq!(reported(&again)["created_at"], reported(&document)["created_at"]);
}

#[tokio::test]
async fn rt4_an_import_while_redis_is_unavailable_succeeds_and_a_retry_with_its_key_delivers_all_of_it()
 {
    let world = World::start(Mode::TEAMS, &[]).await;
    let ada = world.api();
    let tasks: Vec<Value> = (0..600).map(|n| json!({"title": format!("Task {n}")})).collect();
    let document = json!({"name": "Deferred", "tasks": tasks});
    let post = async || {
        ada.post(IMPORT, &document).header("idempotency-key", "i").send().await.expect(201)
    };
    world.databases().kill_redis();
    let first = post().await;
    assert_eq!(first.header("event-delivery"), Some("deferred"), "{first}");
    let board = id(&first.json());
    assert_eq!(ada.document(board).await["tasks"].as_array().map(Vec::len), Some(600));
    world.databases().start_redis();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let again = post().await;
        assert_eq!(
            (again.header("idempotency-replayed"), &again.body),
            (Some("true"), &first.body)
        );
        if again.header("event-delivery").is_none() {
            break;
        }
        assert!(Instant::now() < deadline, "Redis is back, but events stay deferred");
    }
    let stored = world.databases();
    assert_eq!(stored.fed(board), stored.logged(board));
    stored.assert_delivered(board);
}
