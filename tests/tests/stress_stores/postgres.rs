//! PostgreSQL killed under writes: acknowledged writes are kept, others exist once after a
//! retry.

use crate::support::{begin, end, go_on, healed, plan, repeat, says, troubles};
use contract_tests::chance::dice;
use contract_tests::stress::scaled;

/// The test's PostgreSQL runs with `fsync=off`: acknowledged writes have reached the kernel, which
/// survives the death of all its processes, so they are kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: cargo xtask stress"]
async fn rt4_holds_when_postgresql_is_killed_amid_writes_and_retries_exist_once() {
    let mut dice = dice();
    let arena = begin(plan(), &mut dice).await;
    let synchronous = arena.databases().psql("SHOW synchronous_commit").expect("a setting");
    assert_eq!(synchronous.trim(), "on", "acknowledged must mean kept");
    for number in 0..scaled(2) {
        arena.databases().kill_postgres();
        go_on(&mut dice, 0..900).await;
        if number == 0 {
            says(&arena, "postgresql", "unavailable").await;
        }
        arena.databases().start_postgres();
        go_on(&mut dice, 1_000..2_000).await;
        healed(&arena, "a restart of PostgreSQL").await;
        repeat(&arena, "a restart of PostgreSQL").await;
    }
    says(&arena, "postgresql", "ok").await;
    assert!(troubles(&arena).1 > 0, "nobody noticed");
    end(&arena).await;
}
