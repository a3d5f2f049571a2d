//! The database restored from a backup: all clients learn that later events are lost, and continue
//! from the restored state.

use crate::support::{GENEROUS, begin, finish, go_on, healed, plan, seen, write};
use contract_tests::chance::dice;
use contract_tests::socket::{Socket, subscription};
use contract_tests::stress::{Arena, Conduct, scaled};
use history::Record;
use serde_json::{Value, json};
use std::time::Instant;

/// A socket at this relay that follows a board from now on.
async fn follow(arena: &Arena, relay: usize, board: u64) -> Socket {
    let url = format!("{}{}", arena.relay_url(relay), arena.plan.mode.socket);
    let bearer = format!("Bearer {}", arena.people[0].token.as_deref().expect("a token"));
    let mut socket =
        Socket::connect_to(&url, &[("authorization", &bearer)], None).await.expect("a socket");
    socket.say(&subscription(board, None)).await;
    while socket.message().await["type"] != "subscribed" {}
    socket
}

/// The `reset` that an open socket gets.
async fn reset(socket: &mut Socket) -> Value {
    let start = Instant::now();
    loop {
        let message = socket.message().await;
        if message["type"] == "reset" {
            return message;
        }
        assert!(start.elapsed() < GENEROUS, "no reset");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt5_holds_when_the_database_is_restored_from_a_backup_and_everybody_is_reset() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    arena.end_writers().await;
    let backup = arena.databases().back_up_postgres();
    let mut living = Vec::new();
    for relay in 0..arena.relays() {
        living.push(follow(&arena, relay, arena.boards[0]).await);
    }
    // Events that will be lost; every client sees them.
    let api = arena.api(0);
    for number in 0..scaled(60) {
        let board = arena.boards[number % arena.boards.len()];
        let path = format!("{}/{board}/tasks", arena.plan.mode.boards);
        let body = json!({"title": format!("lost {number}")});
        let start = Instant::now();
        while !api.post(&path, &body).try_send().await.is_ok_and(|reply| reply.status == 201) {
            assert!(start.elapsed() < GENEROUS, "PostgreSQL is back, but writes fail");
        }
    }
    seen(&arena).await;
    for client in arena.clients() {
        client.conduct(Conduct::Disconnected);
    }
    while arena.clients().iter().any(|client| client.status().relay.is_some()) {
        tokio::task::yield_now().await;
    }
    arena.databases().restore_postgres(&backup);
    arena
        .recording
        .retain(|record| matches!(record, Record::Sent { .. } | Record::Acknowledged { .. }));
    // A relay that has not noticed yet, for a second at most, still serves the lost events.
    for mut socket in living {
        let reported = reset(&mut socket).await;
        assert_eq!(
            (&reported["reason"], &reported["board"]),
            (&json!("epoch"), &json!(arena.boards[0]))
        );
    }
    for client in arena.clients() {
        client.conduct(Conduct::Follow);
    }
    let boards = arena.boards.clone();
    write(&arena, "afterwards", &boards, &mut dice);
    go_on(&mut dice, 1_500..2_500).await;
    healed(&arena, "a backup was restored").await;
    finish(&arena).await;
    for client in arena.clients() {
        let (name, resets) = (&client.plan.name, client.status().resets);
        for board in &client.plan.boards {
            assert!(
                resets.contains(&(*board, "epoch".to_owned())),
                "{name}: {board} in {resets:?}"
            );
        }
    }
}
