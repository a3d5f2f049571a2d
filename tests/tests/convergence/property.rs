//! Checks a property on many histories, some in parallel, and reports the smallest that violates
//! it.

use crate::command::Step;
use crate::run::Outcome;
use crate::team::wait;
use contract_tests::chance::dice;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many histories run in parallel.
const THREADS: u32 = 4;

/// How long a failing history is shrunk, in milliseconds.
const SHRINKING: u32 = 120_000;

/// Fails unless the property holds for this many random histories.
pub(crate) fn holds(
    histories: usize,
    strategy: impl Strategy<Value = Vec<Step>> + Sync,
    property: impl AsyncFn(&[Step]) -> Outcome + Sync,
) {
    let mut dice = dice();
    let cases = u32::try_from(histories).expect("a small number").div_ceil(THREADS);
    let seeds: Vec<[u8; 32]> = (0..THREADS).map(|_| std::array::from_fn(|_| dice.u8(..))).collect();
    let (strategy, property) = (&strategy, &property);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = seeds
            .iter()
            .map(|seed| scope.spawn(move || break_it(cases, seed, strategy, property)))
            .collect();
        runs.into_iter().filter_map(|run| run.join().expect("no panic here")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The smallest history found that violates the property, as a test to keep.
fn break_it(
    cases: u32,
    seed: &[u8; 32],
    strategy: &impl Strategy<Value = Vec<Step>>,
    property: &impl AsyncFn(&[Step]) -> Outcome,
) -> Option<String> {
    let config = Config {
        cases,
        max_shrink_time: SHRINKING,
        // The maximum means: four times the number of cases.
        max_shrink_iters: u32::MAX - 1,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed);
    let outcome = TestRunner::new_with_rng(config, rng)
        .run(strategy, |history| wait(property(&history)).map_err(TestCaseError::fail));
    match outcome {
        Ok(()) => None,
        Err(TestError::Fail(why, history)) => Some(smallest(why.to_string(), history, property)),
        Err(TestError::Abort(why)) => Some(format!("no histories: {why}")),
    }
}

/// Removes every step that the failure does not need: a step that only a removed one needed can
/// go too.
fn smallest(
    mut why: String,
    mut history: Vec<Step>,
    property: &impl AsyncFn(&[Step]) -> Outcome,
) -> String {
    let mut index = history.len();
    while index > 0 {
        index -= 1;
        let mut shorter = history.clone();
        shorter.remove(index);
        let outcome = catch_unwind(AssertUnwindSafe(|| wait(property(&shorter))));
        let still = match outcome {
            Ok(outcome) => outcome.err(),
            Err(_) => Some("it panicked".to_owned()),
        };
        if let Some(still) = still {
            (why, history) = (still, shorter);
            index = history.len();
        }
    }
    format!("{why}\n{}", listing(&history))
}

/// A history as written in `kept.rs`.
fn listing(history: &[Step]) -> String {
    let mut text = format!("the smallest history found ({} steps):\n&[\n", history.len());
    for step in history {
        let _ = writeln!(text, "    {step:?},");
    }
    text + "]"
}
