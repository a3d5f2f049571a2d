//! A board as it stood right after an event (`?at=SEQ`).

use contract_tests::api::{World, seq};
use contract_tests::chance::dice;
use contract_tests::replica::canonical;
use contract_tests::walk;
use serde_json::Value;

#[tokio::test]
async fn api_at_every_seq_a_board_is_what_was_read_there_then() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("History").await;
    let _editor = world.member(&ada, board, "editor").await;
    let mut dice = dice();
    let mut seen: Vec<Value> = vec![ada.document(board).await];
    while seen.len() < 40 {
        let _ = walk::step(&ada, board, &mut dice).await;
        let now = ada.document(board).await;
        if seq(&now) > seen.last().map_or(0, seq) {
            seen.push(now);
        }
    }
    for then in &seen {
        let path = format!("{}?at={}", ada.board_path(board), seq(then));
        let reply = ada.get(&path).send().await.expect(200);
        assert_eq!(canonical(&reply.json()), canonical(then));
        let again = ada.get(&path).header("if-none-match", &reply.tag()).send().await;
        assert!(again.expect(304).body.is_empty());
    }
}

#[tokio::test]
async fn api_at_before_the_first_event_a_board_is_as_it_was_made() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Young").await;
    let young = ada.document(board).await;
    ada.task(board, "Later").await;
    let path = ada.board_path(board);
    let read = ada.get(&format!("{path}?at=0")).send().await.expect(200).json();
    assert_eq!(canonical(&read), canonical(&young));
}

#[tokio::test]
async fn api_at_ahead_of_the_board_is_404_and_what_is_no_number_422() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Future").await;
    ada.task(board, "One").await;
    let path = ada.board_path(board);
    let ahead = ada.get(&format!("{path}?at=2")).send().await.problem(404, "not-found");
    assert_eq!(ahead["detail"], "There is no event 2 yet: the newest is 1.");
    for wrong in ["?at=-1", "?at=x", "?at=", "?at=1&at=1", "?min_seq=2", "?min_seq=x"] {
        let name = wrong.split('=').next().expect("a name");
        assert_eq!(ada.get(&format!("{path}{wrong}")).send().await.pointers(), [name], "{wrong}");
    }
    for query in ["?at=0", "?at=1", "?at=2", "?min_seq=1", "?min_seq=2", ""] {
        let reply = stranger.get(&format!("{path}{query}")).send().await;
        let _ = reply.problem(404, "not-found");
    }
}
