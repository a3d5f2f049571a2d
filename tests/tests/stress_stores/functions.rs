//! Functions that die between commit and publish, or between publish and answer, through faults
//! injected by local-host.

use crate::support::{GENEROUS, end, go_on, plan, populate, seen, write};
use contract_tests::chance::dice;
use contract_tests::stress::{Arena, Plan, scaled};
use serde_json::json;
use sha1::{Digest as _, Sha1};
use std::time::{Duration, Instant};

/// One write, without retries, to a board that nobody else writes to. Returns the time from its
/// function's death until everybody had its event; none if it did not die, had not committed yet,
/// or lost its answer through the death of another request on the same instance.
async fn write_once(arena: &Arena, board: u64, key: &str) -> Option<Duration> {
    let path = format!("{}/{board}/tasks", arena.plan.mode.boards);
    let api = arena.api(0);
    let post = || api.post(&path, &json!({"title": key})).header("idempotency-key", key);
    let Ok(reply) = post().try_send().await else { return None };
    let start = Instant::now();
    if reply.status == 201 {
        return None;
    }
    assert_eq!(reply.status, 500, "{reply}");
    let made = format!(
        "SELECT seq FROM events WHERE board_id = {board} AND event #>> '{{task,title}}' = '{key}'"
    );
    let seqs = arena.databases().psql(&made).expect("events");
    if seqs.trim().is_empty() {
        return None;
    }
    // Together with anything else committed meanwhile.
    seen(arena).await;
    let took = start.elapsed();
    // A retry gets the result of the first attempt.
    loop {
        assert!(start.elapsed() < GENEROUS * 2, "it dies again and again");
        let Ok(again) = post().try_send().await else { continue };
        if again.status == 201 {
            assert_eq!(again.header("idempotency-replayed"), Some("true"), "{again}");
            assert_eq!(again.header("event-seq"), Some(seqs.trim()), "{again}");
            return Some(took);
        }
        assert_eq!(again.status, 500, "{again}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt4_holds_when_one_function_in_five_dies_between_commit_and_publish_or_answer() {
    let mut dice = dice();
    let digest = Sha1::digest(shared::data::scripts::PUBLISH);
    let publish: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let faults = format!("before:0.2:EVALSHA {publish},after:0.05:EVALSHA {publish}");
    let plan = plan()
        .host_variable("LOCAL_HOST_INJECT_FAULT", &faults)
        .host_variable("LOCAL_HOST_INJECT_FAULT_SEED", &dice.u32(..).to_string());
    // The boards get no members, which would publish: their creation must not die.
    let arena = Arena::start(Plan { people: 1, ..plan }).await;
    populate(&arena, &mut dice);
    let (quiet, others) = arena.boards.split_last().expect("boards");
    write(&arena, "writer", others, &mut dice);
    go_on(&mut dice, 500..800).await;
    let (mut slowest, mut deaths) = (Duration::ZERO, 0);
    let start = Instant::now();
    for number in 0..1_000 {
        if let Some(took) = write_once(&arena, *quiet, &format!("once-{number}")).await {
            slowest = slowest.max(took);
            deaths += 1;
        }
        if deaths >= scaled(5) || start.elapsed() > Duration::from_secs(8) {
            break;
        }
    }
    eprintln!("{deaths} deaths after the commit, seen within {slowest:?} by everybody");
    assert!(deaths > 0, "nobody died between commit and publish");
    let retries: usize = arena.writers().iter().map(|writer| writer.written().retries).sum();
    assert!(retries > 0, "none of the others died");
    end(&arena).await;
}
