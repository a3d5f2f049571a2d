//! Clients that connect and disconnect at random, over relays that may die, while many people
//! write.

use contract_tests::api::Mode;
use contract_tests::chance::dice;
use contract_tests::stress::{Arena, ClientPlan, Outcome, Plan, WriterPlan, scaled};
use fastrand::Rng;
use std::ops::Range;

/// After how many milliseconds a restless client breaks its connection.
const RESTLESS: Range<u64> = 200..3_000;

/// Clients that each follow some of the boards; two thirds of them are restless.
fn populate(arena: &Arena, clients: usize, boards_of_each: usize, dice: &mut Rng) {
    for number in 0..clients {
        let mut boards = arena.boards.clone();
        dice.shuffle(&mut boards);
        boards.truncate(boards_of_each);
        let plan = ClientPlan::new(format!("client-{number}"), number, boards, dice);
        let plan = if number % 3 == 0 { plan } else { plan.restless(RESTLESS) };
        arena.follow(plan);
    }
}

/// This many people who each write this much, to random boards.
fn write(arena: &Arena, writers: usize, count: usize, dice: &mut Rng) {
    for number in 0..writers {
        let boards = arena.boards.clone();
        let plan = WriterPlan::new(format!("writer-{number}"), number, boards, dice);
        arena.write(plan.count(count).pause(0..40));
    }
}

/// Checks that everybody wrote everything planned, that clients reconnected often, and that there
/// were events.
async fn end(arena: &Arena) -> Outcome {
    for writer in arena.writers() {
        writer.done().await;
    }
    let outcome = arena.finish().await;
    let clients = arena.clients();
    let connections: u64 = clients.iter().map(|client| client.status().connections).sum();
    eprintln!("{outcome:?}, {connections} connections");
    assert!(connections > clients.len() as u64, "no client reconnected");
    assert!(outcome.received > outcome.events, "too few events were received");
    for client in clients {
        let status = client.status();
        assert_eq!(status.over, None, "{}", client.plan.name);
        assert!(status.ended.is_empty(), "{}: {:?}", client.plan.name, status.ended);
        // Every cursor is valid: no store forgot anything, and nobody is far behind.
        assert!(status.resets.is_empty(), "{}: {:?}", client.plan.name, status.resets);
    }
    outcome
}

fn three_relays() -> Plan {
    let plan = Plan::new(Mode::TEAMS);
    Plan { hosts: 2, relays: 3, people: 5, boards: scaled(24), ..plan }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt1_to_rt5_hold_for_a_crowd_that_reconnects_at_random_over_three_relays() {
    let mut dice = dice();
    let arena = Arena::start(three_relays()).await;
    populate(&arena, scaled(200), 3, &mut dice);
    write(&arena, 6, scaled(120), &mut dice);
    let outcome = end(&arena).await;
    assert!(outcome.events > scaled(400) as u64, "too little was written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt1_to_rt5_hold_when_a_relay_is_killed_and_started_again_amid_writes() {
    let mut dice = dice();
    let arena = Arena::start(three_relays()).await;
    populate(&arena, scaled(150), 3, &mut dice);
    write(&arena, 6, scaled(120), &mut dice);
    for _ in 0..scaled(3) {
        let relay = dice.usize(..arena.relays());
        pause(&mut dice, 300..900).await;
        arena.kill_relay(relay);
        pause(&mut dice, 0..500).await;
        arena.restart_relay(relay).await;
    }
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt1_to_rt5_hold_in_quick_win_mode_when_the_relay_is_killed_and_started_again() {
    let mut dice = dice();
    let plan = Plan { boards: scaled(24), ..Plan::new(Mode::QUICK_WIN) };
    let arena = Arena::start(plan).await;
    populate(&arena, scaled(200), 3, &mut dice);
    write(&arena, 6, scaled(120), &mut dice);
    for _ in 0..scaled(2) {
        pause(&mut dice, 300..900).await;
        arena.kill_relay(0);
        pause(&mut dice, 0..500).await;
        arena.restart_relay(0).await;
    }
    end(&arena).await;
}

/// Lets the scenario go on for a random time within this range, in milliseconds.
async fn pause(dice: &mut Rng, milliseconds: Range<u64>) {
    let pause = std::time::Duration::from_millis(dice.u64(milliseconds));
    tokio::time::sleep(pause).await;
}
