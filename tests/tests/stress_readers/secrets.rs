//! RT6: the tokens' secret is rotated at one relay before the other: which tokens open a socket
//! where, and that accepted clients miss nothing.

use crate::field::{Field, lets_in, open, relay};
use crate::reader::{Pace, Reader};
use crate::support::{World, keys_of, subscribe};
use crate::writer::{Writer, head};
use contract_tests::stack::JWT_SECRET;
use std::time::Duration;

const SECRET: &str = "SPIN_VARIABLE_JWT_SECRET";
const PREVIOUS: &str = "SPIN_VARIABLE_JWT_SECRET_PREVIOUS";
/// The new secret.
const NEW_SECRET: &str = "contract-tests-only-new-jwt-0123456789abcdef";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_while_a_secret_is_rotated_tokens_count_where_their_secret_is_known_and_only_there() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let old = ada.claims(0).sign(&keys_of(JWT_SECRET));
    let new = ada.claims(0).sign(&keys_of(NEW_SECRET));
    let field = Field::start(world, 1, &[]).await;
    let both = [(SECRET, NEW_SECRET), (PREVIOUS, JWT_SECRET)];
    let rotated = relay(&field.world, &[], &both).await;
    let over = relay(&field.world, &[], &[(SECRET, NEW_SECRET)]).await;
    let living = field.follow_with(0, &old, &[board]).await;
    let mut socket = open(&rotated, &old, None).await;
    subscribe(&mut socket, board, None).await;
    let with_old = Reader::start(socket, Pace::Full);
    let writer = Writer::start(&field.world, &ada, &[board], Duration::from_millis(10), 500).await;
    for _ in 0..5 {
        for (relay, by_old, by_new) in
            [(&field.relays[0], true, false), (&rotated, true, true), (&over, false, true)]
        {
            assert_eq!(lets_in(relay, &old).await, by_old, "the old secret's");
            assert_eq!(lets_in(relay, &new).await, by_new, "the new secret's");
        }
    }
    // A client of the relay that restarts for the rotation resumes at one that accepts both.
    living.has(board, 1).await;
    let last = living.last(board);
    let first_half = living.leave().await;
    let mut socket = open(&rotated, &old, None).await;
    subscribe(&mut socket, board, Some(first_half.of(board).last().expect("events").seq)).await;
    let resumed = Reader::start(socket, Pace::Full);
    resumed.has(board, last + 20).await;
    let written = writer.stop().await;
    let head = head(&written, board);
    assert!(last < head, "there was nothing to resume");
    resumed.has(board, head).await;
    with_old.has(board, head).await;
    let mut seen = first_half;
    seen.events.extend(resumed.leave().await.events);
    seen.assert_all(board, 1, head);
    with_old.leave().await.assert_all(board, 1, head);
    field.is_left_clean().await;
}
