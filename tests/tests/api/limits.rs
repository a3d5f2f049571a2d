//! The limits of the quick-win mode: 1,000 boards, and as much text as a board can hold.

use contract_tests::api::{id, seq};
use contract_tests::{Api, Stack};
use futures::stream::{self, StreamExt as _};
use serde_json::json;

#[tokio::test]
async fn limit_quick_win_boards_one_too_many_is_409_until_another_is_deleted() {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    let create = |number: usize| {
        api.post(api.mode.boards, &json!({"name": format!("Board {number}")})).send()
    };
    // Some of them at the same time: the limit must not be passed in a race.
    let replies: Vec<_> = stream::iter(0..1_020).map(create).buffer_unordered(16).collect().await;
    let made: Vec<u64> =
        replies.iter().filter(|reply| reply.status == 201).map(|reply| id(&reply.json())).collect();
    assert_eq!(made.len(), 1_000);
    for reply in replies {
        if reply.status != 201 {
            let _ = reply.problem(409, "limit-reached");
        }
    }
    let _ = api.delete(&api.board_path(made[500])).send().await.expect(204);
    let _ = create(1_020).await.expect(201);
    let _ = create(1_021).await.problem(409, "limit-reached");
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
    let _ = refused.problem(409, "limit-reached");
    assert_eq!(seq(&api.document(board).await), added, "what was refused changed nothing");
    let _ = api.delete(&api.task_path(board, 1)).send().await.expect(204);
    let _ = api.add(board, &body).await;
}
