//! local-host killed under writes.

use crate::support::{begin, end, go_on, healed, plan, repeat, troubles};
use contract_tests::chance::dice;
use contract_tests::stress::{Plan, scaled};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt4_holds_when_the_only_host_is_killed_amid_writes_and_started_again() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    for _ in 0..scaled(3) {
        arena.kill_host(0);
        go_on(&mut dice, 0..500).await;
        healed(&arena, "the death of the only host").await;
        arena.restart_host(0).await;
        repeat(&arena, "the death of the only host").await;
        go_on(&mut dice, 400..1_000).await;
    }
    assert!(troubles(&arena).1 > 0, "nobody noticed");
    end(&arena).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt4_holds_when_one_of_two_hosts_is_killed_and_the_other_takes_its_writes() {
    let mut dice = dice();
    let arena = begin(Plan { hosts: 2, ..plan() }, &mut dice).await;
    for _ in 0..scaled(2) {
        let host = dice.usize(..2);
        arena.kill_host(host);
        let before: usize =
            arena.writers().iter().map(|writer| writer.written().acknowledged).sum();
        go_on(&mut dice, 700..1_200).await;
        let after: usize = arena.writers().iter().map(|writer| writer.written().acknowledged).sum();
        assert!(after > before, "the other host accepts no writes");
        healed(&arena, "the death of a host").await;
        arena.restart_host(host).await;
        repeat(&arena, "the death of a host").await;
        go_on(&mut dice, 300..800).await;
    }
    end(&arena).await;
}
