//! Idempotency keys (docs/contract/api.md, API-IDEMPOTENCY): a retry can never create twice.

use contract_tests::api::{assert_dense, id, seq};
use contract_tests::{Api, Reply, Stack};
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn post(api: &Api<'_>, path: &str, body: &Value, key: &str) -> Reply {
    api.post(path, body).header("idempotency-key", key).send().await
}

/// The second request gets the first one's answer, marked as a replay.
fn assert_replays(again: &Reply, first: &Reply) {
    assert_eq!((again.status, &again.body), (first.status, &first.body), "{again}");
    for header in ["location", "etag", "event-seq", "content-type"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

fn is_replayed(reply: &Reply) -> bool {
    reply.header("idempotency-replayed").is_some()
}

/// The existing boards with this name.
async fn boards_named(api: &Api<'_>, name: &str) -> usize {
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let path = format!("{}?limit=200{cursor}", api.mode.boards);
        let page = api.get(&path).send().await.expect(200).json();
        let boards = page["items"].as_array().or(page["boards"].as_array()).expect("boards");
        count += boards.iter().filter(|board| board["name"] == name).count();
        let Some(next) = page["next_cursor"].as_str() else { return count };
        cursor = format!("&cursor={next}");
    }
}

contract_tests::in_both_modes! {
async fn api_idempotency_the_same_key_and_body_replay_the_first_answer_and_change_nothing(api: Api<'static>) {
    let board = api.board("Keys").await;
    let task = json!({"title": "Once", "description": "é", "status": "in_progress"});
    for (path, body) in [
        (api.tasks_path(board), task),
        (api.mode.boards.to_owned(), json!({"name": "Made once"})),
    ] {
        let first = post(&api, &path, &body, "first").await.expect(201);
        assert!(!is_replayed(&first), "{first}");
        // The stored answer does not reflect later changes.
        api.task(board, "Another").await;
        let head = seq(&api.document(board).await);
        let again = post(&api, &path, &body, "first").await.expect(201);
        assert_replays(&again, &first);
        assert_eq!(seq(&api.document(board).await), head);
    }
    assert_eq!(boards_named(&api, "Made once").await, 1);
}

async fn api_idempotency_a_replay_survives_further_changes_of_what_was_made(api: Api<'static>) {
    let body = json!({"name": "Replayed later"});
    let made = post(&api, api.mode.boards, &body, "later").await.expect(201);
    let board = id(&made.json());
    let (path, task) = (api.tasks_path(board), json!({"title": "First", "assigned_to": null}));
    let added = post(&api, &path, &task, "later").await.expect(201);
    let place = api.task_path(board, id(&added.json()));
    let change = json!({"title": "Second", "status": "finished"});
    let _ = api.patch(&place, &change).send().await.expect(200);
    assert_replays(&post(&api, &path, &task, "later").await, &added);
    let _ = api.delete(&place).send().await.expect(204);
    assert_replays(&post(&api, &path, &task, "later").await, &added);
    assert_eq!(api.events(board, 0).await.len(), 3);
    let _ = api.get(&place).send().await.problem(404, "not-found");

    let _ = api.patch(&api.board_path(board), &json!({"name": "Renamed"})).send().await.expect(200);
    assert_replays(&post(&api, api.mode.boards, &body, "later").await, &made);
    assert_eq!(api.document(board).await["name"], "Renamed");
    let _ = api.delete(&api.board_path(board)).send().await.expect(204);
    assert_replays(&post(&api, api.mode.boards, &body, "later").await, &made);
    let _ = api.get(&api.board_path(board)).send().await.problem(404, "not-found");
    let _ = post(&api, &path, &task, "later").await.problem(404, "not-found");
}

async fn api_422_for_a_key_that_was_used_for_another_body(api: Api<'static>) {
    let board = api.board("Reused").await;
    let path = api.tasks_path(board);
    let _ = post(&api, &path, &json!({"title": "One"}), "reused").await.expect(201);
    let other = post(&api, &path, &json!({"title": "Two"}), "reused").await;
    let _ = other.problem(422, "idempotency-key-reused");
    assert_eq!(seq(&api.document(board).await), 1);
    let boards = api.mode.boards;
    let _ = post(&api, boards, &json!({"name": "Used"}), "reused").await.expect(201);
    let other = post(&api, boards, &json!({"name": "Used otherwise"}), "reused").await;
    let _ = other.problem(422, "idempotency-key-reused");
    assert_eq!(boards_named(&api, "Used otherwise").await, 0);
}

async fn api_idempotency_a_key_counts_for_its_board_and_not_after_a_refusal(api: Api<'static>) {
    let (one, other) = (api.board("One").await, api.board("Other").await);
    let body = json!({"title": "x"});
    for board in [one, other] {
        let reply = post(&api, &api.tasks_path(board), &body, "same").await.expect(201);
        assert!(!is_replayed(&reply), "{reply}");
    }
    let path = api.tasks_path(one);
    let wrong = json!({"title": "x", "status": "no-such-column"});
    assert_eq!(post(&api, &path, &wrong, "refused").await.pointers(), ["/status"]);
    let reply = post(&api, &path, &body, "refused").await.expect(201);
    assert!(!is_replayed(&reply), "{reply}");
    // Without a key every request counts.
    for _ in 0..2 {
        let reply = api.add(one, &body).await;
        assert!(!is_replayed(&reply), "{reply}");
    }
    assert_eq!(seq(&api.document(one).await), 4);
}

async fn api_400_for_a_key_that_is_not_1_to_255_visible_characters_once(api: Api<'static>) {
    let board = api.board("Malformed").await;
    let tasks = api.tasks_path(board);
    let longest = "~".repeat(255);
    for (path, body) in [
        (tasks.as_str(), json!({"title": "x"})),
        (api.mode.boards, json!({"name": "Malformed key"})),
    ] {
        for wrong in ["", "a b", "\u{e9}", &"k".repeat(256)] {
            let _ = post(&api, path, &body, wrong).await.problem(400, "malformed-header");
        }
        let twice = api.post(path, &body);
        let twice = twice.header("idempotency-key", "a").header("idempotency-key", "b");
        let _ = twice.send().await.problem(400, "malformed-header");
        let first = post(&api, path, &body, &longest).await.expect(201);
        assert_replays(&post(&api, path, &body, &longest).await, &first);
        for strange in ["\"", "\\", "{\"key\":\"x\",", "\\n"] {
            let first = post(&api, path, &body, strange).await.expect(201);
            assert!(!is_replayed(&first), "{strange}: {first}");
            assert_replays(&post(&api, path, &body, strange).await, &first);
        }
    }
    assert_eq!(seq(&api.document(board).await), 5);
    assert_eq!(boards_named(&api, "Malformed key").await, 5);
}

async fn api_idempotency_of_32_requests_with_one_key_at_once_one_makes_it_and_31_are_reported(api: Api<'static>) {
    let board = api.board("Raced").await;
    let tasks = api.tasks_path(board);
    // The larger a board is, the longer a write to it takes in quick-win mode, and the more writes
    // collide.
    let large = json!({"title": "Large", "description": "x".repeat(10_000)});
    join_all((0..60).map(|_| api.add(board, &large))).await;
    for round in 0..8 {
        let key = format!("raced-{round}");
        for (path, body) in [
            (tasks.as_str(), json!({"title": key})),
            (api.mode.boards, json!({"name": key})),
        ] {
            // Other writes without a key, so that compare-and-swap attempts fail.
            let others = join_all((0..4).map(|_| api.task(board, "Another")));
            let raced = join_all((0..32).map(|_| post(&api, path, &body, &key)));
            let (_, replies) = tokio::join!(others, raced);
            let bodies: BTreeSet<&[u8]> =
                replies.iter().map(|reply| reply.body.as_ref()).collect();
            assert_eq!(bodies.len(), 1, "{path} {key}");
            assert!(replies.iter().all(|reply| reply.status == 201));
            assert_eq!(replies.iter().filter(|reply| is_replayed(reply)).count(), 31, "{path}");
        }
        assert_eq!(boards_named(&api, &key).await, 1, "{key}");
    }
    let events = api.events(board, 0).await;
    assert_eq!(events.len(), 60 + 8 * (1 + 4 + 4));
    assert_dense(&events, 1);
}

async fn api_idempotency_nothing_of_a_key_shows_in_what_a_board_tells(api: Api<'static>) {
    let board = api.board("Discreet").await;
    let body = json!({"title": "x"});
    let _ = post(&api, &api.tasks_path(board), &body, "a-key-of-mine").await.expect(201);
    for path in [api.board_path(board), api.events_path(board, 0)] {
        let shown = api.get(&path).send().await.expect(200);
        let text = String::from_utf8_lossy(&shown.body).into_owned();
        for reported in ["a-key-of-mine", "fingerprint", "answers"] {
            assert!(!text.contains(reported), "{path}: {text}");
        }
    }
}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_idempotency_of_64_requests_for_a_board_with_one_key_at_once_one_makes_it_first_and_last()
 {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    let race = async |key: String| {
        let (api, body) = (&api, json!({"name": key}));
        let replies = join_all((0..64).map(|_| post(api, api.mode.boards, &body, &key))).await;
        let ids: BTreeSet<u64> = replies.iter().map(|reply| id(&reply.json())).collect();
        assert_eq!(ids.len(), 1, "{key}: {ids:?}");
        assert_eq!(boards_named(api, &key).await, 1, "{key}");
    };
    race("the-first-requests-of-a-host".to_owned()).await;
    // The more keys there are, the longer it takes to swap their list, and the more writes collide.
    for number in 0..6 {
        let keys = (0..100).map(|nth| format!("{:~<255}", number * 100 + nth));
        let keys: Vec<String> = keys.collect();
        let body = json!({"name": "Another"});
        let made = join_all(keys.iter().map(|key| post(&api, api.mode.boards, &body, key))).await;
        assert!(made.iter().all(|reply| reply.status == 201 && !is_replayed(reply)));
        join_all((0..4).map(|nth| race(format!("race-{number}-{nth}")))).await;
    }
}
