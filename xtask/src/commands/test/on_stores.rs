//! The step that runs the suites on all stores.

use std::time::Instant;

use anyhow::{Result, bail};

use super::step::Step;
use super::stores::Stores;
use super::{Place, suites};
use crate::console::{self, say};

/// The suites that must hold on all stores: the contract and convergence …
const SUITES: [&str; 6] = ["api", "teams", "live", "auth", "relay", "convergence"];

/// … and faults, whose tests need the whole machine.
const FAULTS: [&str; 1] = ["stress_stores"];

/// Runs the suites on all or the chosen stores, and reports each.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    suites::components(place, step)?;
    suites::programs(place, step)?;
    let mut failed = Vec::new();
    let wanted: Vec<Stores> =
        if place.asked { vec![place.stores] } else { Stores::all().collect() };
    for stores in wanted {
        if let Some(obstacle) = stores.obstacle(&place.workspace.target) {
            say(format!("      {stores}: left out: {obstacle}"));
            continue;
        }
        let (started, before) = (Instant::now(), step.counts);
        let outcome = run_on(&stores, place, step);
        let passed = step.counts.passed - before.passed;
        let faults = step.counts.failed - before.failed;
        let time = console::duration(started.elapsed());
        say(format!("      {stores}: {passed} passed, {faults} failed, {time}"));
        if let Err(error) = outcome {
            say(step.tail());
            failed.push(format!("{stores} ({error:#})"));
        }
    }
    if !failed.is_empty() {
        bail!("not everything holds on {}", failed.join(", "));
    }
    Ok(())
}

fn run_on(stores: &Stores, place: &Place, step: &mut Step) -> Result<()> {
    stores.install(place, step)?;
    step.note_line(&format!("stores: {stores}"));
    let mut outcome = Ok(());
    let alone = ["--ignored", "--test-threads=1"];
    for (names, arguments) in [(&SUITES[..], &[][..]), (&FAULTS[..], &alone[..])] {
        let mut command = suites::cargo_test(place, &["--no-fail-fast"]);
        for name in names {
            command.args(["--test", name]);
        }
        command.arg("--").args(arguments);
        stores.set_environment(&place.workspace.target, &mut command);
        outcome = outcome.and(step.run(command));
    }
    outcome
}
