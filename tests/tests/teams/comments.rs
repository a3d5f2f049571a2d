//! Comments (docs/contract/api.md, API-COMMENT).

use contract_tests::api::{World, is_timestamp, keys, seq};
use contract_tests::{Api, Reply};
use serde_json::{Value, json};

fn path(api: &Api<'_>, board: u64) -> String {
    format!("{}/comments", api.task_path(board, 1))
}

fn of(api: &Api<'_>, board: u64, comment: u64) -> String {
    format!("{}/{comment}", path(api, board))
}

async fn comment(api: &Api<'_>, board: u64, body: &str) -> Reply {
    api.post(&path(api, board), &json!({"body": body})).send().await
}

async fn bodies(api: &Api<'_>, board: u64) -> Vec<String> {
    let page = api.get(&path(api, board)).send().await.expect(200).json();
    let comments = page["items"].as_array().expect("items").iter();
    comments.map(|comment| comment["body"].as_str().expect("a body").to_owned()).collect()
}

async fn count(api: &Api<'_>, board: u64) -> Value {
    api.get(&api.task_path(board, 1)).send().await.expect(200).json()["comment_count"].clone()
}

#[tokio::test]
async fn api_201_for_a_comment_with_location_and_tag_and_its_event_says_what_is_new_of_the_task() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Talk").await;
    ada.task(board, "One").await;
    let reply = comment(&ada, board, " \n  First\nof *all*  ").await.expect(201);
    let made = reply.json();
    assert_eq!(reply.expect_header("location"), of(&ada, board, 1));
    assert_eq!((reply.tag().as_str(), reply.expect_header("event-seq")), ("\"1\"", "2"));
    let members =
        ["board_id", "body", "created_at", "created_by", "id", "task_id", "updated_at", "version"];
    assert_eq!(keys(&made), members);
    assert_eq!(made["body"], "  First\nof *all*");
    assert_eq!(made["created_by"], ada.actor["username"]);
    assert!(is_timestamp(&made["created_at"]));
    let event = ada.events(board, 1).await.remove(0);
    assert_eq!((&event["action"], &event["entity"]), (&json!("Add"), &json!("comment")));
    assert_eq!(event["comment"], made);
    let moment = &event["timestamp"];
    let patch = json!({"id": 1, "comment_count": 1, "item_count": 0, "done_count": 0, "version": 2,
        "updated_at": moment});
    assert_eq!((&event["task_patch"], event.get("task")), (&patch, None));
    let task = ada.get(&ada.task_path(board, 1)).send().await.expect(200).json();
    for (name, value) in patch.as_object().expect("an object") {
        assert_eq!(task[name], *value, "{name}");
    }
    assert_eq!(world.databases().streamed(board), ada.events(board, 0).await);
}

#[tokio::test]
async fn api_comment_own_ones_only_and_the_owner_may_delete_any() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Whose").await;
    ada.task(board, "One").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let editor = world.member(&ada, board, "editor").await;
    let other = world.member(&ada, board, "editor").await;
    let _ = comment(&editor, board, "mine").await.expect(201);
    let _ = comment(&viewer, board, "x").await.problem(403, "forbidden");
    let _ = comment(&stranger, board, "x").await.problem(404, "not-found");
    assert_eq!(bodies(&viewer, board).await, ["mine"]);
    let _ = stranger.get(&path(&stranger, board)).send().await.problem(404, "not-found");

    let change = json!({"body": "changed"});
    for (person, needed) in [(&viewer, "editor"), (&other, "author"), (&ada, "author")] {
        let reply = person.patch(&of(person, board, 1), &change).send().await;
        assert_eq!(reply.problem(403, "forbidden")["needed"], needed);
    }
    for (person, needed) in [(&viewer, "editor"), (&other, "author")] {
        let reply = person.delete(&of(person, board, 1)).send().await;
        assert_eq!(reply.problem(403, "forbidden")["needed"], needed);
    }
    for call in [stranger.patch(&of(&ada, board, 1), &change), stranger.delete(&of(&ada, board, 1))]
    {
        let _ = call.send().await.problem(404, "not-found");
    }
    let _ = editor.patch(&of(&editor, board, 1), &change).send().await.expect(200);
    assert_eq!(bodies(&ada, board).await, ["changed"]);
    let _ = ada.delete(&of(&ada, board, 1)).send().await.expect(204);
    assert_eq!((bodies(&ada, board).await.len(), count(&ada, board).await), (0, json!(0)));
    let _ = ada.delete(&of(&ada, board, 1)).send().await.problem(404, "not-found");
    let _ = editor.patch(&of(&editor, board, 1), &change).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn api_412_for_if_match_of_another_version_of_a_comment() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Versions").await;
    ada.task(board, "One").await;
    let first = comment(&ada, board, "one").await.expect(201).tag();
    let path = of(&ada, board, 1);
    let patch = async |body: &str, tag: &str| {
        ada.patch(&path, &json!({"body": body})).header("if-match", tag).send().await
    };
    let second = patch("two", &first).await.expect(200);
    assert_eq!(second.json()["version"], 2);
    let problem = patch("three", &first).await.problem(412, "precondition-failed");
    assert_eq!(problem["current_version"], 2);
    let stale = ada.delete(&path).header("if-match", &first).send().await;
    let _ = stale.problem(412, "precondition-failed");
    let _ = patch("x", "2").await.problem(400, "malformed-header");
    // The same text again is no change and no event.
    let before = seq(&ada.document(board).await);
    let same = patch("two", &second.tag()).await.expect(200);
    assert_eq!((same.header("event-seq"), same.tag()), (None, second.tag()));
    let empty = ada.patch(&path, &json!({})).header("content-type", "application/merge-patch+json");
    assert_eq!(empty.send().await.expect(200).json()["body"], "two");
    assert_eq!(seq(&ada.document(board).await), before);
    let _ = patch("without looking", "*").await.expect(200);
    let _ = ada.delete(&path).header("if-match", "\"3\"").send().await.expect(204);
}

#[tokio::test]
async fn api_422_names_what_is_wrong_with_a_comment_and_404_what_is_not_there() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Faults").await;
    ada.task(board, "One").await;
    let _ = comment(&ada, board, "good").await.expect(201);
    let long = "ü".repeat(10_001);
    for body in [
        json!({}),
        json!({"body": ""}),
        json!({"body": " \n "}),
        json!({"body": "\u{200b}\n"}),
        json!({"body": 7}),
        json!({"body": long}),
        json!({"body": "a\u{0}"}),
    ] {
        let reply = ada.post(&path(&ada, board), &body).send().await;
        assert_eq!(reply.pointers(), ["/body"], "{body}");
    }
    let _ = comment(&ada, board, &"ü".repeat(10_000)).await.expect(201);
    let extra = json!({"body": "x", "author": "me"});
    assert_eq!(ada.post(&path(&ada, board), &extra).send().await.pointers(), ["/author"]);
    assert_eq!(ada.patch(&of(&ada, board, 1), &extra).send().await.pointers(), ["/author"]);
    let remove = ada.patch(&of(&ada, board, 1), &json!({"body": null})).send().await;
    assert_eq!(remove.pointers(), ["/body"]);
    let nowhere = format!("{}/comments", ada.task_path(board, 99));
    let _ = ada.get(&nowhere).send().await.problem(404, "not-found");
    let _ = ada.post(&nowhere, &json!({"body": "x"})).send().await.problem(404, "not-found");
    let elsewhere = format!("{nowhere}/1");
    let _ = ada.patch(&elsewhere, &json!({"body": "x"})).send().await.problem(404, "not-found");
    ada.task(board, "Another").await;
    let of_another_task = format!("{}/comments/1", ada.task_path(board, 2));
    let _ = ada.delete(&of_another_task).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn api_idempotency_the_same_key_replays_a_comment_and_another_body_is_422() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Once").await;
    ada.task(board, "One").await;
    let post = async |body: &str| {
        let call = ada.post(&path(&ada, board), &json!({"body": body}));
        call.header("idempotency-key", "a-comment").send().await
    };
    let first = post("once").await.expect(201);
    let again = post("once").await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    let _ = post("twice").await.problem(422, "idempotency-key-reused");
    assert_eq!(bodies(&ada, board).await, ["once"]);
}

#[tokio::test]
async fn api_comment_lists_are_oldest_first_and_stable_while_others_write_and_delete() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Long talk").await;
    ada.task(board, "One").await;
    for number in 1..=5 {
        let _ = comment(&ada, board, &number.to_string()).await.expect(201);
    }
    let page = async |query: &str| {
        ada.get(&format!("{}?limit=2{query}", path(&ada, board))).send().await.expect(200).json()
    };
    let texts = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().expect("items").iter();
        items.map(|item| item["body"].as_str().expect("a body").to_owned()).collect()
    };
    let first = page("").await;
    assert_eq!(texts(&first), ["1", "2"]);
    let _ = ada.delete(&of(&ada, board, 2)).send().await.expect(204);
    let _ = comment(&ada, board, "6").await.expect(201);
    let second = page(&format!("&cursor={}", first["next_cursor"].as_str().expect("more"))).await;
    assert_eq!(texts(&second), ["3", "4"]);
    let third = page(&format!("&cursor={}", second["next_cursor"].as_str().expect("more"))).await;
    assert_eq!(
        (texts(&third), &third["next_cursor"]),
        (vec!["5".to_owned(), "6".to_owned()], &Value::Null)
    );
    for wrong in ["limit=0", "limit=201", "cursor=x", "cursor="] {
        let reply = ada.get(&format!("{}?{wrong}", path(&ada, board))).send().await;
        assert_eq!(reply.pointers(), [format!("?{}", wrong.split('=').next().expect("a name"))]);
    }
}
