//! The limits of quick-win mode: 1,000 boards, the text that a board can hold, the text that the
//! store can hold, and the last events of 100 deleted boards.

use contract_tests::api::{id, seq};
use contract_tests::{Api, Reply, Stack};
use futures::stream::{self, StreamExt as _};
use serde_json::json;

/// Expects the refusal that names this limit.
fn reached(reply: Reply, limit: &str) {
    let problem = reply.problem(409, "limit-reached");
    assert_eq!(problem["limit"], limit, "{problem}");
}

#[tokio::test]
async fn limit_quick_win_boards_one_too_many_is_409_until_another_is_deleted() {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    let create = |number: usize| {
        api.post(api.mode.boards, &json!({"name": format!("Board {number}")})).send()
    };
    // Some of them concurrently: a race must not exceed the limit.
    let replies: Vec<_> = stream::iter(0..1_020).map(create).buffer_unordered(16).collect().await;
    let made: Vec<u64> =
        replies.iter().filter(|reply| reply.status == 201).map(|reply| id(&reply.json())).collect();
    assert_eq!(made.len(), 1_000);
    for reply in replies {
        if reply.status != 201 {
            reached(reply, "boards");
        }
    }
    let _ = api.delete(&api.board_path(made[500])).send().await.expect(204);
    let _ = create(1_020).await.expect(201);
    reached(create(1_021).await, "boards");
}

#[tokio::test]
async fn limit_quick_win_store_a_full_one_is_reported_and_refuses_no_more_than_it_must() {
    let stack = Stack::start_as(&["--max-store-bytes", "4000000"], &[], &[]).await;
    let api = Api::new(&stack);
    let board = api.board("Large").await;
    let mut added = 0;
    // Characters of four bytes, then of one byte for what remains.
    for character in ["\u{1F370}", "x"] {
        let body = json!({"title": "Large", "description": character.repeat(10_000)});
        let refused = loop {
            let reply = api.post(&api.tasks_path(board), &body).send().await;
            if reply.status != 201 {
                break reply;
            }
            added += 1;
            assert!(added < 1_000, "the store holds any amount");
        };
        reached(refused, "store");
    }
    assert_eq!(seq(&api.document(board).await), added, "what was refused changed nothing");
    // Once there is no room, boards are refused as well, with a key or without, and take up no
    // place.
    let small = |number: usize| {
        let name = json!({"name": format!("{number}{}", "n".repeat(90))});
        let call = api.post(api.mode.boards, &name);
        if number.is_multiple_of(2) {
            call
        } else {
            call.header("idempotency-key", &number.to_string())
        }
    };
    let mut number = 0;
    let refused = loop {
        let reply = small(number).send().await;
        if reply.status != 201 {
            break reply;
        }
        number += 1;
        assert!(number < 900, "the store holds any number");
    };
    reached(refused, "store");
    for number in number..number + 20 {
        let reply = small(number).send().await;
        // There may still be room for one name more or less.
        assert!(matches!(reply.status, 201 | 409), "{reply}");
    }
    let _ = api.delete(&api.board_path(board)).send().await.expect(204);
    let _ = small(number).send().await.expect(201);
    let listed =
        api.get("/api/quick-win/boards?events=0&limit=200").send().await.expect(200).json();
    let boards = listed["boards"].as_array().expect("boards");
    assert!(boards.iter().all(|listed| listed["id"] != board), "the deleted one is listed");
}

#[tokio::test]
async fn limit_quick_win_ends_of_100_deleted_boards_are_kept_and_no_id_comes_again() {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    let ended = async |number: usize| {
        let board = api.board(&format!("Gone {number}")).await;
        let _ = api.delete(&api.board_path(board)).send().await.expect(204);
        board
    };
    let first = ended(0).await;
    let end = |board: u64| format!("/api/quick-win/boards/{board}/events?after=0");
    let kept = api.get(&end(first)).send().await.expect(200).json();
    assert_eq!(kept["items"][0]["action"], "Delete");
    let mut last = first;
    for number in 1..=100 {
        let next = ended(number).await;
        assert!(next > last, "{next} after {last}");
        last = next;
    }
    let _ = api.get(&end(first)).send().await.problem(404, "not-found");
    for kept in [first + 1, last] {
        let _ = api.get(&end(kept)).send().await.expect(200);
    }
    let heads = format!("/api/quick-win/heads?boards={first},{last}");
    let heads = api.get(&heads).send().await.expect(200).json();
    assert_eq!(heads["items"].as_array().map(Vec::len), Some(1));
    let board = api.board("After all").await;
    assert_eq!(board, last + 1);
    let listed = api.get("/api/quick-win/boards?events=0").send().await.expect(200).json();
    assert_eq!(listed["boards"][0]["id"], board);
}

#[tokio::test]
async fn api_quick_win_heads_tell_the_newest_event_of_many_boards_at_once() {
    let api = Api::shared().await;
    let (still, busy) = (api.board("Still").await, api.board("Busy").await);
    api.task(busy, "One").await;
    api.task(busy, "Two").await;
    let path = format!("/api/quick-win/heads?boards={busy},{still},9007199254740991,{busy}");
    let heads = api.get(&path).send().await.expect(200).json();
    let epoch = |document: &serde_json::Value| document["epoch"].clone();
    let (first, second) = (api.document(still).await, api.document(busy).await);
    let expected = json!({
        "items": [
            {"board": still, "epoch": epoch(&first), "seq": 0},
            {"board": busy, "epoch": epoch(&second), "seq": 2},
        ],
        "next_after": null,
    });
    assert_eq!(heads, expected);
    let too_many = (1..=1_001).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    for wrong in ["", "?boards=", "?boards=1,,2", "?boards=0", "?boards=x", "?boards=1&boards=2"] {
        let reply = api.get(&format!("/api/quick-win/heads{wrong}")).send().await;
        assert_eq!(reply.problem(422, "validation")["errors"][0]["pointer"], "?boards", "{wrong}");
    }
    let _ = api.get(&format!("/api/quick-win/heads?boards={too_many}")).send().await.expect(422);
}

#[tokio::test]
async fn limit_quick_win_tasks_a_full_board_holds_no_more() {
    let api = Api::shared().await;
    let board = api.board("Full").await;
    let body = json!({"title": "Large", "description": "\u{1F370}".repeat(10_000)});
    let mut added = 0;
    let refused = loop {
        let reply = api.post(&api.tasks_path(board), &body).send().await;
        if reply.status != 201 {
            break reply;
        }
        added += 1;
        assert!(added < 1_000, "a board holds any amount of text");
    };
    reached(refused, "board-text");
    assert_eq!(seq(&api.document(board).await), added, "what was refused changed nothing");
    let _ = api.delete(&api.task_path(board, 1)).send().await.expect(204);
    let _ = api.add(board, &body).await;
}
