//! Checklists and their items (docs/contract/api.md, API-CHECKLIST).

use contract_tests::api::{World, id, keys, seq};
use contract_tests::chance::dice;
use contract_tests::replica::{Replica, canonical};
use contract_tests::{Api, Reply};
use serde_json::{Value, json};

/// A path below the board's first task.
pub(crate) fn below(api: &Api<'_>, board: u64, rest: &str) -> String {
    format!("{}/{rest}", api.task_path(board, 1))
}

pub(crate) async fn add_list(api: &Api<'_>, board: u64, title: &str) -> u64 {
    let path = below(api, board, "checklists");
    id(&api.post(&path, &json!({"title": title})).send().await.expect(201).json())
}

pub(crate) async fn add_item(api: &Api<'_>, board: u64, list: u64, item: &Value) -> Reply {
    api.post(&below(api, board, &format!("checklists/{list}/items")), item).send().await
}

pub(crate) async fn item(api: &Api<'_>, board: u64, list: u64, text: &str) -> u64 {
    id(&add_item(api, board, list, &json!({"text": text})).await.expect(201).json())
}

pub(crate) async fn patch_item(api: &Api<'_>, board: u64, item: u64, patch: &Value) -> Reply {
    api.patch(&below(api, board, &format!("items/{item}")), patch).send().await
}

pub(crate) async fn checklists(api: &Api<'_>, board: u64) -> Vec<Value> {
    let found = api.get(&below(api, board, "checklists")).send().await.expect(200).json();
    assert_eq!(keys(&found), ["items", "seq"]);
    let lists = found["items"].as_array().expect("checklists").clone();
    let sorted = |entries: &[Value]| {
        entries
            .iter()
            .map(|entry| entry["position"].as_str().expect("a position").to_owned())
            .is_sorted()
    };
    assert!(sorted(&lists), "positions sort by their bytes: {lists:?}");
    for list in &lists {
        assert!(sorted(list["items"].as_array().expect("items")), "{list}");
    }
    lists
}

/// Each of the task's checklists: its title, and its items' texts.
pub(crate) async fn reported(api: &Api<'_>, board: u64) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let lists = checklists(api, board).await;
    let texts = |list: &Value| {
        let items = list["items"].as_array().expect("items").iter();
        items.map(|item| text(&item["text"])).collect()
    };
    lists.iter().map(|list| (text(&list["title"]), texts(list))).collect()
}

/// The counts on the task's card: items, and done items.
pub(crate) async fn counts(api: &Api<'_>, board: u64) -> (u64, u64) {
    let task = api.document(board).await["tasks"][0].clone();
    let read = api.get(&api.task_path(board, 1)).send().await.expect(200).json();
    assert_eq!(task, read, "the board's document and the task say the same");
    let count = |name: &str| task[name].as_u64().expect("a count");
    (count("item_count"), count("done_count"))
}

pub(crate) async fn undo(api: &Api<'_>, board: u64, seq: u64) -> Reply {
    let path = format!("{}/events/{seq}/undo", api.board_path(board));
    api.request("POST", &path).send().await
}

pub(crate) fn event_seq(reply: &Reply) -> u64 {
    reply.expect_header("event-seq").parse().expect("a number")
}

#[tokio::test]
async fn api_checklist_a_tick_is_one_event_which_says_what_the_card_shows() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Party").await;
    ada.task(board, "Cake").await;
    let made = ada.post(&below(&ada, board, "checklists"), &json!({"title": " Shopping "}));
    let made = made.send().await.expect(201);
    let expected = ["board_id", "id", "items", "position", "task_id", "title", "version"];
    assert_eq!(keys(&made.json()), expected);
    assert_eq!((&made.json()["title"], made.tag().as_str()), (&json!("Shopping"), "\"1\""));
    assert_eq!(made.expect_header("location"), below(&ada, board, "checklists/1"));
    let full = json!({"text": "Flour", "done": true, "assigned_to": ada.username(),
        "due_at": "2027-01-02T03:04:05.678Z"});
    let added = add_item(&ada, board, 1, &full).await.expect(201);
    let flour = added.json();
    for (name, value) in full.as_object().expect("an object") {
        assert_eq!(flour[name], *value, "{name}");
    }
    assert_eq!(added.expect_header("location"), below(&ada, board, "items/1"));
    let sugar = item(&ada, board, 1, "Sugar").await;
    assert_eq!(counts(&ada, board).await, (2, 1));

    let before = seq(&ada.document(board).await);
    let ticked = patch_item(&ada, board, sugar, &json!({"done": true})).await.expect(200);
    let events = ada.events(board, before).await;
    assert_eq!(events.len(), 1, "{events:?}");
    let event = &events[0];
    assert_eq!((&event["action"], &event["entity"]), (&json!("Update"), &json!("checklist_item")));
    assert_eq!(event["checklist_item"], ticked.json());
    assert_eq!(event["changes"], json!({"done": [false, true]}));
    let patch = json!({"id": 1, "comment_count": 0, "item_count": 2, "done_count": 2, "version": 4,
        "updated_at": event["timestamp"]});
    assert_eq!(event["task_patch"], patch);
    assert_eq!(counts(&ada, board).await, (2, 2));
    // The card does not show the text, so the task does not change.
    let renamed = patch_item(&ada, board, sugar, &json!({"text": "Brown sugar"})).await.expect(200);
    assert_eq!(renamed.json()["version"], 3);
    assert_eq!(ada.document(board).await["tasks"][0]["version"], 4);
    let same = patch_item(&ada, board, sugar, &json!({"done": true})).await.expect(200);
    assert_eq!((same.header("event-seq"), same.tag()), (None, renamed.tag()));
    let removed = ada.delete(&below(&ada, board, "items/1")).send().await.expect(204);
    assert_eq!(event_seq(&removed), before + 3);
    assert_eq!(counts(&ada, board).await, (1, 1));
    // A comment's event has all of it, too.
    let comment = below(&ada, board, "comments");
    let _ = ada.post(&comment, &json!({"body": "Nice"})).send().await.expect(201);
    let event = ada.events(board, before + 3).await.remove(0);
    assert_eq!(
        (&event["task_patch"]["item_count"], &event["task_patch"]["done_count"]),
        (&json!(1), &json!(1))
    );
    let gone = ada.delete(&below(&ada, board, "checklists/1")).send().await.expect(204);
    assert_eq!(counts(&ada, board).await, (0, 0));
    let event = ada.events(board, event_seq(&gone) - 1).await.remove(0);
    assert_eq!((&event["entity"], event["checklist"].get("items")), (&json!("checklist"), None));
    assert_eq!(world.databases().streamed(board), ada.events(board, 0).await);
    let history = ada.get(&below(&ada, board, "events?limit=200")).send().await.expect(200).json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(9));
}

#[tokio::test]
async fn api_checklist_editors_write_viewers_read_and_strangers_find_nothing() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Whose").await;
    ada.task(board, "One").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let editor = world.member(&ada, board, "editor").await;
    let list = add_list(&editor, board, "Ours").await;
    let entry = item(&editor, board, list, "Mine").await;
    assert_eq!(reported(&viewer, board).await, [("Ours".to_owned(), vec!["Mine".to_owned()])]);
    let stranger = world.somebody().await;
    let (one, all) = (format!("checklists/{list}"), "checklists".to_owned());
    let (entry, items) = (format!("items/{entry}"), format!("checklists/{list}/items"));
    let writes = [
        ("POST", all, json!({"title": "x"})),
        ("PATCH", one.clone(), json!({"title": "x"})),
        ("DELETE", one, json!({})),
        ("POST", items, json!({"text": "x"})),
        ("PATCH", entry.clone(), json!({"done": true})),
        ("POST", format!("{entry}/convert"), json!({})),
        ("POST", "tick".to_owned(), json!({"line": "- [ ] x", "done": true})),
        ("DELETE", entry, json!({})),
    ];
    for (method, rest, body) in &writes {
        let path = below(&ada, board, rest);
        let refused = viewer.request(method, &path).json(body).send().await;
        assert_eq!(refused.problem(403, "forbidden")["needed"], "editor", "{method} {rest}");
        let _ = stranger.request(method, &path).json(body).send().await.problem(404, "not-found");
    }
    let all = below(&ada, board, "checklists");
    let _ = stranger.get(&all).send().await.problem(404, "not-found");
    assert_eq!(counts(&ada, board).await, (1, 0));
    // Every editor may also delete what others wrote.
    let _ = ada.delete(&below(&ada, board, &format!("checklists/{list}"))).send().await.expect(204);
}

#[tokio::test]
async fn api_412_for_if_match_of_another_version_of_a_checklist_or_an_item() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Versions").await;
    ada.task(board, "One").await;
    let list = add_list(&ada, board, "A").await;
    let entry = item(&ada, board, list, "a").await;
    for (rest, patches) in [
        (format!("checklists/{list}"), [json!({"title": "B"}), json!({"title": "C"})]),
        (format!("items/{entry}"), [json!({"done": true}), json!({"text": "b"})]),
    ] {
        let path = below(&ada, board, &rest);
        let patch = |nth: usize, tag: &'static str| {
            ada.patch(&path, &patches[nth]).header("if-match", tag).send()
        };
        let changed = patch(0, "\"1\"").await.expect(200);
        assert_eq!(changed.tag(), "\"2\"");
        let problem = patch(1, "\"1\"").await.problem(412, "precondition-failed");
        assert_eq!(problem["current_version"], 2);
        let stale = ada.delete(&path).header("if-match", "\"1\"").send().await;
        let _ = stale.problem(412, "precondition-failed");
        let _ = patch(1, "\"2\"").await.expect(200);
    }
}

#[tokio::test]
async fn api_idempotency_the_same_key_adds_one_checklist_one_item_and_one_task() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Once").await;
    ada.task(board, "One").await;
    let post = async |rest: &str, body: &Value| {
        let call = ada.post(&below(&ada, board, rest), body).header("idempotency-key", rest);
        call.send().await
    };
    for (rest, body) in [
        ("checklists", json!({"title": "A"})),
        ("checklists/1/items", json!({"text": "a"})),
        ("items/1/convert", json!({})),
    ] {
        let first = post(rest, &body).await.expect(201);
        let again = post(rest, &body).await.expect(201);
        assert_eq!(
            (again.header("idempotency-replayed"), &again.body),
            (Some("true"), &first.body)
        );
        if rest != "items/1/convert" {
            let other = json!({"title": "B", "text": "B"});
            let _ = post(rest, &other).await.problem(422, "validation");
        }
    }
    let other = post("checklists", &json!({"title": "B"})).await;
    let _ = other.problem(422, "idempotency-key-reused");
    assert_eq!(reported(&ada, board).await, [("A".to_owned(), Vec::new())]);
    assert_eq!(ada.document(board).await["tasks"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn api_checklist_422_names_what_is_wrong_and_404_what_is_not_there() {
    let world = World::shared().await;
    let (ada, bob) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Faults").await;
    ada.task(board, "One").await;
    ada.task(board, "Two").await;
    let list = add_list(&ada, board, "A").await;
    let entry = item(&ada, board, list, "a").await;
    let elsewhere = format!("{}/checklists", ada.task_path(board, 2));
    let elsewhere = ada.post(&elsewhere, &json!({"title": "B"})).send().await.expect(201);
    let elsewhere = id(&elsewhere.json());
    let all = below(&ada, board, "checklists");
    for (body, pointers) in [
        (json!({}), vec!["/title"]),
        (json!({"title": "ü".repeat(101)}), vec!["/title"]),
        (json!({"title": "\u{200b}"}), vec!["/title"]),
        (json!({"title": "a\nb", "colour": 1}), vec!["/colour", "/title"]),
        (json!({"title": "a", "before": elsewhere}), vec!["/before"]),
        (json!({"title": "a", "before": list, "after": null}), vec!["/after"]),
    ] {
        assert_eq!(ada.post(&all, &body).send().await.pointers(), pointers, "{body}");
    }
    for (body, pointers) in [
        (json!({"text": ""}), vec!["/text"]),
        (json!({"text": "ü".repeat(1_001)}), vec!["/text"]),
        (json!({"text": "a", "assigned_to": bob.username()}), vec!["/assigned_to"]),
        (json!({"text": "a", "due_at": "soon", "done": 1}), vec!["/done", "/due_at"]),
        (json!({"text": "a", "after": 99}), vec!["/after"]),
    ] {
        assert_eq!(add_item(&ada, board, list, &body).await.pointers(), pointers, "{body}");
    }
    let _ = add_item(&ada, board, list, &json!({"text": "ü".repeat(1_000)})).await.expect(201);
    for (body, pointers) in [
        (json!({"checklist_id": elsewhere}), vec!["/checklist_id"]),
        (json!({"before": entry}), vec!["/before"]),
        (json!({"text": null, "done": null}), vec!["/done", "/text"]),
        (json!({"assigned_to": bob.username()}), vec!["/assigned_to"]),
    ] {
        assert_eq!(patch_item(&ada, board, entry, &body).await.pointers(), pointers, "{body}");
    }
    for (method, rest, body) in [
        ("PATCH", format!("checklists/{elsewhere}"), json!({"title": "x"})),
        ("DELETE", format!("checklists/{elsewhere}"), json!({})),
        ("POST", format!("checklists/{elsewhere}/items"), json!({"text": "x"})),
        ("PATCH", "items/99".to_owned(), json!({"text": "x"})),
        ("DELETE", "items/99".to_owned(), json!({})),
        ("POST", "items/99/convert".to_owned(), json!({})),
        ("PATCH", "items/x".to_owned(), json!({"text": "x"})),
    ] {
        let reply = ada.request(method, &below(&ada, board, &rest)).json(&body).send().await;
        let _ = reply.problem(404, "not-found");
    }
    // A deleted checklist's items are gone with it.
    let _ = ada.delete(&below(&ada, board, &format!("checklists/{list}"))).send().await.expect(204);
    let _ = patch_item(&ada, board, entry, &json!({"done": true})).await.problem(404, "not-found");
    assert_eq!(reported(&ada, board).await, Vec::new());
}

#[tokio::test]
async fn limit_checklists_of_20_a_task_and_200_items_each_hold_for_every_way_in() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Full").await;
    ada.task(board, "One").await;
    for nth in 0..20 {
        let _ = add_list(&ada, board, &format!("List {nth}")).await;
    }
    let all = below(&ada, board, "checklists");
    let more = ada.post(&all, &json!({"title": "One more"})).send().await;
    assert_eq!(more.problem(409, "limit-reached")["limit"], "checklists");
    let gone = ada.delete(&below(&ada, board, "checklists/20")).send().await.expect(204);
    let _ = add_list(&ada, board, "One more").await;
    let back = undo(&ada, board, event_seq(&gone)).await;
    assert_eq!(back.problem(409, "limit-reached")["limit"], "checklists");

    for nth in 0..200 {
        let _ = item(&ada, board, 1, &format!("Item {nth}")).await;
    }
    let more = add_item(&ada, board, 1, &json!({"text": "One more"})).await;
    assert_eq!(more.problem(409, "limit-reached")["limit"], "items");
    let other = item(&ada, board, 2, "Elsewhere").await;
    let moved = patch_item(&ada, board, other, &json!({"checklist_id": 1})).await;
    assert_eq!(moved.problem(409, "limit-reached")["limit"], "items");
    // The existing ones can still be moved.
    let _ = patch_item(&ada, board, 200, &json!({"before": 1})).await.expect(200);
    let gone = ada.delete(&below(&ada, board, "items/1")).send().await.expect(204);
    let _ = patch_item(&ada, board, other, &json!({"checklist_id": 1})).await.expect(200);
    let back = undo(&ada, board, event_seq(&gone)).await;
    assert_eq!(back.problem(409, "limit-reached")["limit"], "items");
    assert_eq!(counts(&ada, board).await, (200, 0));
}

/// A list of ids after a move: before or after another one, or (none) to the end.
fn moved(ids: &mut Vec<u64>, mover: u64, place: Option<(bool, u64)>) {
    ids.retain(|id| *id != mover);
    let at = place.map_or(ids.len(), |(before, other)| {
        let at = ids.iter().position(|id| *id == other).expect("the other one");
        if before { at } else { at + 1 }
    });
    ids.insert(at, mover);
}

#[tokio::test]
async fn api_checklist_items_moved_at_random_stand_where_they_were_put_and_a_replica_agrees() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Moves").await;
    ada.task(board, "One").await;
    let mut dice = dice();
    let mut expected: Vec<Vec<u64>> = Vec::new();
    for list in 1..=3 {
        let list = add_list(&ada, board, &format!("List {list}")).await;
        let mut items = Vec::new();
        for nth in 0..4 {
            items.push(item(&ada, board, list, &format!("{list}-{nth}")).await);
        }
        expected.push(items);
    }
    let mut replica = Replica::new(ada.document(board).await);
    for _ in 0..120 {
        let (from, to) = (dice.usize(..3), dice.usize(..3));
        if expected[from].is_empty() {
            continue;
        }
        let mover = expected[from][dice.usize(..expected[from].len())];
        let others: Vec<u64> = expected[to].iter().copied().filter(|id| *id != mover).collect();
        let place = (!others.is_empty() && dice.u8(..4) > 0)
            .then(|| (dice.bool(), others[dice.usize(..others.len())]));
        let mut patch = match place {
            Some((true, other)) => json!({"before": other}),
            Some((false, other)) => json!({"after": other}),
            None => json!({"after": null}),
        };
        if from != to {
            patch["checklist_id"] = json!(to + 1);
        }
        if dice.u8(..3) == 0 {
            patch["done"] = json!(dice.bool());
        }
        let _ = patch_item(&ada, board, mover, &patch).await.expect(200);
        expected[from].retain(|id| *id != mover);
        moved(&mut expected[to], mover, place);
        let found: Vec<Vec<u64>> = checklists(&ada, board)
            .await
            .iter()
            .map(|list| list["items"].as_array().expect("items").iter().map(id).collect())
            .collect();
        assert_eq!(found, expected, "after {patch} of {mover}");
    }
    for event in ada.events(board, replica.seq()).await {
        replica.apply(&event);
    }
    assert_eq!(canonical(replica.document()), canonical(&ada.document(board).await));
}

#[tokio::test]
async fn api_checklist_neighbours_make_room_where_a_gap_is_used_up() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Crowd").await;
    ada.task(board, "One").await;
    let list = add_list(&ada, board, "A").await;
    for text in ["a", "b", "c", "d"] {
        let _ = item(&ada, board, list, text).await;
    }
    // Two alternate between the first and the other one: each move halves the gap.
    let mut order = vec![1, 2, 3, 4];
    let mut made_room = false;
    for nth in 0..420_u64 {
        let (mover, other) = if nth % 2 == 0 { (3, 2) } else { (2, 3) };
        let reply = patch_item(&ada, board, mover, &json!({"before": other})).await.expect(200);
        let place = reply.json()["position"].as_str().expect("a position").to_owned();
        assert!(place.len() <= 64, "{place}");
        moved(&mut order, mover, Some((true, other)));
        let last = event_seq(&reply);
        let event = ada.events(board, last - 1).await.remove(0);
        assert_eq!(event["checklist_item"]["id"], mover);
        if !made_room && ada.events(board, last - 2).await[0]["checklist_item"]["id"] != other {
            made_room = true;
            let found: Vec<u64> = checklists(&ada, board).await[0]["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(id)
                .collect();
            assert_eq!(found, order);
        }
    }
    assert!(made_room, "the gap was never used up");
}

#[tokio::test]
async fn api_at_shows_what_a_card_showed_then_whatever_was_changed_of_it_last() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Then").await;
    ada.task(board, "One").await;
    let list = add_list(&ada, board, "A").await;
    let entry = item(&ada, board, list, "a").await;
    let _ = patch_item(&ada, board, entry, &json!({"done": true})).await.expect(200);
    let comments = below(&ada, board, "comments");
    let _ = ada.post(&comments, &json!({"body": "x"})).send().await.expect(201);
    let _ = ada.patch(&ada.task_path(board, 1), &json!({"title": "Two"})).send().await.expect(200);
    let _ = ada.delete(&below(&ada, board, &format!("items/{entry}"))).send().await.expect(204);
    let now = seq(&ada.document(board).await);
    assert_eq!(now, 7);
    for (at, counts) in
        [(1, (0, 0)), (2, (0, 0)), (3, (1, 0)), (4, (1, 1)), (5, (1, 1)), (6, (1, 1)), (7, (0, 0))]
    {
        let path = format!("{}?at={at}", ada.board_path(board));
        let task = ada.get(&path).send().await.expect(200).json()["tasks"][0].clone();
        let count = |name: &str| task[name].as_u64().expect("a count");
        assert_eq!((count("item_count"), count("done_count")), counts, "at {at}");
    }
    let path = format!("{}?at={now}", ada.board_path(board));
    let then = ada.get(&path).send().await.expect(200).json();
    assert_eq!(canonical(&then), canonical(&ada.document(board).await));
}

#[tokio::test]
async fn api_undo_takes_back_every_kind_of_event_of_a_checklist_and_an_item() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Back").await;
    ada.task(board, "One").await;
    let first = add_list(&ada, board, "A").await;
    let second = add_list(&ada, board, "B").await;
    for text in ["a", "b"] {
        let _ = item(&ada, board, first, text).await;
    }
    let start = (reported(&ada, board).await, counts(&ada, board).await);
    let list = below(&ada, board, &format!("checklists/{first}"));
    let entry = below(&ada, board, "items/1");
    let undone = async |reply: Reply| {
        let back = undo(&ada, board, event_seq(&reply)).await.expect(201);
        assert_eq!((reported(&ada, board).await, counts(&ada, board).await), start);
        back
    };
    let _ = undone(ada.patch(&list, &json!({"title": "Z"})).send().await.expect(200)).await;
    let _ = undone(ada.patch(&list, &json!({"after": second})).send().await.expect(200)).await;
    let _ = undone(ada.patch(&entry, &json!({"done": true})).send().await.expect(200)).await;
    let _ = undone(ada.patch(&entry, &json!({"text": "z"})).send().await.expect(200)).await;
    let _ = undone(ada.patch(&entry, &json!({"after": null})).send().await.expect(200)).await;
    let away = json!({"checklist_id": second});
    let _ = undone(ada.patch(&entry, &away).send().await.expect(200)).await;
    let _ = undone(ada.delete(&entry).send().await.expect(204)).await;
    let third = add_item(&ada, board, second, &json!({"text": "c"})).await.expect(201);
    let _ = undone(third).await;
    let added = ada.post(&below(&ada, board, "checklists"), &json!({"title": "C"}));
    let _ = undone(added.send().await.expect(201)).await;
    let back = undone(ada.delete(&list).send().await.expect(204)).await.json();
    assert_eq!((&back["action"], &back["entity"]), (&json!("Add"), &json!("checklist")));
    assert_eq!(back["checklist"]["items"].as_array().map(Vec::len), Some(2));
    // And redone.
    let _ = undo(&ada, board, seq(&back)).await.expect(201);
    assert_eq!(reported(&ada, board).await, [("B".to_owned(), Vec::new())]);
    assert_eq!(counts(&ada, board).await, (0, 0));
    assert_eq!(world.databases().streamed(board), ada.events(board, 0).await);
}

#[tokio::test]
async fn api_undo_of_a_checklist_or_an_item_is_prevented_by_what_was_done_with_it_since() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Conflicts").await;
    ada.task(board, "One").await;
    let made = ada.post(&below(&ada, board, "checklists"), &json!({"title": "A"}));
    let made = event_seq(&made.send().await.expect(201));
    let other = add_list(&ada, board, "B").await;
    let entry = item(&ada, board, 1, "a").await;
    let conflict = async |seq: u64| {
        undo(&ada, board, seq).await.problem(409, "undo-conflict")["events"].clone()
    };
    assert_eq!(conflict(made).await, json!([4]), "an item was added to it");
    let ticked =
        event_seq(&patch_item(&ada, board, entry, &json!({"done": true})).await.expect(200));
    let again =
        event_seq(&patch_item(&ada, board, entry, &json!({"done": false})).await.expect(200));
    assert_eq!(conflict(ticked).await, json!([again]));
    let away = json!({"checklist_id": other});
    let moved = event_seq(&patch_item(&ada, board, entry, &away).await.expect(200));
    let gone = ada.delete(&below(&ada, board, "checklists/1")).send().await.expect(204);
    let gone = event_seq(&gone);
    assert_eq!(conflict(moved).await, json!([gone]), "its former checklist is gone");
    let _ = undo(&ada, board, gone).await.expect(201);
    let _ = undo(&ada, board, moved).await.expect(201);
    assert_eq!(reported(&ada, board).await[0].1, ["a"]);
    let deleted = ada.delete(&ada.task_path(board, 1)).send().await.expect(204);
    let deleted = event_seq(&deleted);
    assert_eq!(conflict(again).await, json!([deleted]));
    let all = below(&ada, board, "checklists");
    let _ = ada.get(&all).send().await.problem(404, "not-found");
    // They are restored with their task.
    let back = undo(&ada, board, deleted).await.expect(201).json();
    assert_eq!((&back["task"]["item_count"], &back["task"]["done_count"]), (&json!(1), &json!(0)));
    assert_eq!(reported(&ada, board).await.len(), 2);
}

#[tokio::test]
async fn api_convert_makes_a_task_of_an_item_and_undoing_both_events_takes_it_back() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Grow").await;
    ada.task(board, "One").await;
    ada.task(board, "Two").await;
    let list = add_list(&ada, board, "A").await;
    let full = json!({"text": "Bake", "done": true, "assigned_to": ada.username(),
        "due_at": "2027-01-02T03:04:05.678Z"});
    let entry = id(&add_item(&ada, board, list, &full).await.expect(201).json());
    let before = seq(&ada.document(board).await);
    let path = below(&ada, board, &format!("items/{entry}/convert"));
    let made = ada.request("POST", &path).send().await.expect(201);
    let task = made.json();
    assert_eq!((&task["title"], &task["description"]), (&json!("Bake"), &json!("")));
    for name in ["assigned_to", "due_at"] {
        assert_eq!(task[name], full[name], "{name}");
    }
    assert_eq!(made.expect_header("location"), ada.task_path(board, 3));
    assert_eq!(event_seq(&made), before + 2);
    let events = ada.events(board, before).await;
    let kinds: Vec<_> = events.iter().map(|event| (&event["action"], &event["entity"])).collect();
    assert_eq!(
        kinds,
        [(&json!("Delete"), &json!("checklist_item")), (&json!("Add"), &json!("task"))]
    );
    assert_eq!(events[0]["timestamp"], events[1]["timestamp"]);
    let tasks = ada.document(board).await["tasks"].clone();
    let ids: Vec<u64> = tasks.as_array().expect("tasks").iter().map(id).collect();
    assert_eq!(ids, [1, 3, 2], "right after the item's task");
    assert_eq!(counts(&ada, board).await, (0, 0));
    assert_eq!(world.databases().streamed(board), ada.events(board, 0).await);
    for nth in [2, 1] {
        let _ = undo(&ada, board, before + nth).await.expect(201);
    }
    assert_eq!(reported(&ada, board).await, [("A".to_owned(), vec!["Bake".to_owned()])]);
    assert_eq!(counts(&ada, board).await, (1, 1));

    let long = "ü ".repeat(150).trim().to_owned();
    let entry = item(&ada, board, list, &long).await;
    let path = below(&ada, board, &format!("items/{entry}/convert"));
    let task = ada.request("POST", &path).send().await.expect(201).json();
    let title = task["title"].as_str().expect("a title");
    assert!(title.chars().count() <= 200 && title.ends_with('…'), "{title}");
    assert_eq!(task["description"], json!(long));
}

#[tokio::test]
async fn api_convert_leaves_the_item_where_its_column_is_full() {
    let ada = World::shared().await.somebody().await;
    let columns = json!([{"key": "todo", "name": "To do", "wip_limit": 1}]);
    let body = json!({"name": "Narrow", "columns": columns});
    let board = id(&ada.post("/api/boards", &body).send().await.expect(201).json());
    ada.task(board, "One").await;
    let list = add_list(&ada, board, "A").await;
    let entry = item(&ada, board, list, "a").await;
    let before = seq(&ada.document(board).await);
    let path = below(&ada, board, &format!("items/{entry}/convert"));
    let refused = ada.request("POST", &path).send().await;
    assert_eq!(refused.problem(409, "wip-limit")["column"], "todo");
    assert_eq!(reported(&ada, board).await[0].1, ["a"]);
    assert_eq!(seq(&ada.document(board).await), before);
}

#[tokio::test]
async fn api_tick_changes_one_box_of_the_description_whatever_else_was_changed_meanwhile() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Lines").await;
    let text = "# Plan\n\n- [ ] a\n  * [x] b  \n> 1. [ ] c\n- [ ] a\n```\n- [] no\n```\n+ [ ]";
    ada.add(board, &json!({"title": "One", "description": text})).await;
    let described = async || {
        let task = ada.get(&ada.task_path(board, 1)).send().await.expect(200).json();
        task["description"].as_str().expect("a description").to_owned()
    };
    let tick = async |line: &str, nth: u64, done: bool| {
        let body = json!({"line": line, "nth": nth, "done": done});
        ada.post(&below(&ada, board, "tick"), &body).send().await
    };
    let ticked = tick("- [ ] a", 1, true).await.expect(200);
    let expected = text.replace("> 1. [ ] c\n- [ ] a", "> 1. [ ] c\n- [x] a");
    assert_eq!(ticked.json()["description"], json!(expected));
    let event = ada.events(board, 1).await.remove(0);
    assert_eq!((&event["action"], &event["entity"]), (&json!("Update"), &json!("task")));
    assert_eq!(event["changes"], json!({"description": [text, expected]}));
    // Regardless of the box's state when the client read it, and of others' edits.
    let edited = format!("New first line\n{expected}\nlast line");
    let patch = json!({"description": edited});
    let _ = ada.patch(&ada.task_path(board, 1), &patch).send().await.expect(200);
    let _ = tick("  * [ ] b", 0, false).await.expect(200);
    let _ = tick("> 1. [X] c", 0, true).await.expect(200);
    let _ = tick("+ [ ]", 0, true).await.expect(200);
    let expected = edited
        .replace("* [x] b", "* [ ] b")
        .replace("1. [ ] c", "1. [x] c")
        .replace("+ [ ]", "+ [x]");
    assert_eq!(described().await, expected);
    let same = tick("> 1. [ ] c", 0, true).await.expect(200);
    assert_eq!(same.header("event-seq"), None);
    for (line, nth) in [("- [ ] a", 2), ("- [ ] A", 0), ("- [ ] gone", 0), ("* [ ] b", 0)] {
        let _ = tick(line, nth, true).await.problem(409, "line-gone");
    }
    for line in ["- [] no", "# Plan", "a", "- [ ]a", "- [ ] a\n- [ ] a"] {
        assert_eq!(tick(line, 0, true).await.pointers(), ["/line"], "{line}");
    }
    assert_eq!(described().await, expected);
    let _ = undo(&ada, board, 2).await.problem(409, "undo-conflict");
    let missing = ada.post(&below(&ada, board, "tick"), &json!({})).send().await;
    assert_eq!(missing.pointers(), ["/done", "/line"]);
}
