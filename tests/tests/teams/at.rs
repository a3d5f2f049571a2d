//! A board as it was right after an event (`?at=SEQ`), or at a time (`?at=TIME`).

use crate::analytics::Clock;
use contract_tests::api::{World, seq};
use contract_tests::chance::dice;
use contract_tests::flow::{moment, moment_text};
use contract_tests::replica::{Replica, canonical};
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
    let wrong = [
        "?at=-1",
        "?at=x",
        "?at=",
        "?at=1&at=1",
        "?at=9007199254740992",
        "?at=2026-11-29",
        "?at=2026-11-29T10:00:00",
        "?at=2026-02-30T10:00:00Z",
        "?at=0000-01-01T00:00:00Z",
        "?min_seq=2",
        "?min_seq=x",
    ];
    for wrong in wrong {
        let name = wrong.split('=').next().expect("a name");
        assert_eq!(ada.get(&format!("{path}{wrong}")).send().await.pointers(), [name], "{wrong}");
    }
    for query in
        ["?at=0", "?at=1", "?at=2", "?at=2126-01-01T00:00:00Z", "?min_seq=1", "?min_seq=2", ""]
    {
        let reply = stranger.get(&format!("{path}{query}")).send().await;
        let _ = reply.problem(404, "not-found");
    }
}

#[tokio::test]
async fn api_at_a_hundred_random_moments_a_board_is_what_the_events_up_to_there_make_of_it() {
    let world = World::shared().await;
    let clock = Clock::new(world).await;
    let ada = world.somebody().await;
    let board = ada.board("Moments").await;
    let _editor = world.member(&ada, board, "editor").await;
    let mut dice = dice();
    let path = ada.board_path(board);
    let young = ada.get(&format!("{path}?at=0")).send().await.expect(200).json();
    let made = moment(&young["created_at"]);
    let mut now = made + 1_000_000;
    for _ in 0..60 {
        // Some events happen at the same moment.
        now += dice.choice([0, 1, 3, 60_000, 86_400_000]).expect("one");
        clock.set(board, &moment_text(now)).await;
        let _ = walk::step(&ada, board, &mut dice).await;
    }
    let log = ada.events(board, 0).await;
    for nth in 0..100 {
        let event = &log[dice.usize(..log.len())];
        let then = match nth {
            0 => made,
            1 => now + 1,
            2..60 => moment(&event["timestamp"]) + dice.i64(-2..=2),
            _ => dice.i64(made..=now),
        };
        let mut replica = Replica::new(young.clone());
        let known = log.iter().filter(|event| moment(&event["timestamp"]) <= then);
        known.for_each(|event| replica.apply(event));
        // The same moment in Kathmandu's time zone.
        let local = moment_text(then + 20_700_000).replace('Z', "%2B05:45");
        let at = if dice.bool() { local } else { moment_text(then) };
        let reported = ada.get(&format!("{path}?at={at}")).send().await.expect(200).json();
        assert_eq!(canonical(&reported), replica.canonical(), "?at={at}");
    }
    let before = ada.get(&format!("{path}?at={}", moment_text(made - 1))).send().await;
    let detail = before.problem(404, "not-found")["detail"].to_string();
    assert!(detail.contains("it was created later"), "{detail}");
}
