//! The stress scenarios: a step of `test`, and a separate command for longer runs.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use super::Place;
use super::step::{Counts, Step};
use super::stores;
use super::suites;
use crate::console::{self, say};
use crate::program;

/// The suites, each a binary of the black-box tests. Their tests are ignored elsewhere: each loads the
/// machine, so they run one after the other.
const SUITES: [&str; 4] = ["stress_relays", "stress_stores", "stress_readers", "convergence"];

/// How long listing the scenarios may take: they may have to be built first.
const LIST_LIMIT: Duration = Duration::from_secs(2400);

/// Runs the stress scenarios, over and over with other seeds.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Suites (stress_relays, stress_stores, stress_readers, convergence), or parts of the tests'
    /// names [default: all]
    names: Vec<String>,
    /// The first run's seed; each further run has the next one [default: by the clock]
    #[arg(long)]
    seed: Option<u64>,
    /// How many runs
    #[arg(long, default_value_t = 1)]
    times: u64,
    /// How large the scenarios are; 1 is what `cargo xtask test` runs
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// The stores, such as postgresql-18+valkey-9.1 [default: by the commit]
    #[arg(long)]
    stores: Option<String>,
}

/// After how many runs of all steps every scenario has run: all of them would take too long for
/// each change.
const TURNS: u64 = 3;

/// Runs every scenario once if the step was requested by name; otherwise those selected by the
/// clock.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    let mut command = command(place, &[]);
    stores::use_for(&mut command, place, step)?;
    if place.is_named("stress") {
        return step.run(command);
    }
    let seed = by_the_clock()?;
    let all = list(place)?;
    let scenarios = due(&all, seed);
    step.notes.push(format!(
        "{} of the scenarios, with seed {seed}; `cargo xtask test stress` runs all, `cargo xtask \
         stress --seed {seed}` with this seed",
        scenarios.len()
    ));
    command.arg("--exact").args(scenarios).env("TEST_SEED", seed.to_string());
    step.run(command)
}

/// The names of all scenarios, in the order in which they run.
fn list(place: &Place) -> Result<Vec<String>> {
    let mut command = command(place, &[]);
    command.arg("--list");
    let (status, output) = program::capture(command, LIST_LIMIT)?;
    if !status.success() {
        bail!("the scenarios cannot be listed:\n{output}");
    }
    let names = output.lines().filter_map(|line| line.strip_suffix(": test"));
    Ok(names.map(str::to_owned).collect())
}

/// The scenarios selected by this seed.
fn due(scenarios: &[String], seed: u64) -> Vec<&String> {
    let is_due = |place: u64| place % TURNS == seed % TURNS;
    (0..).zip(scenarios).filter(|(place, _)| is_due(*place)).map(|(_, scenario)| scenario).collect()
}

/// Runs the command.
///
/// # Errors
/// If a scenario failed in any run.
pub(crate) fn run_repeatedly(options: &Options) -> Result<()> {
    if !options.scale.is_finite() || options.scale <= 0.0 {
        bail!("--scale must be above 0");
    }
    let place = Place::find(&[], options.stores.as_deref())?;
    let logs = place.workspace.target.join("test-logs");
    std::fs::create_dir_all(&logs)?;
    let first = match options.seed {
        Some(seed) => seed,
        None => by_the_clock()?,
    };
    build(&place, &logs)?;
    let mut total = Counts::default();
    for run in 0..options.times {
        let seed = first.wrapping_add(run);
        say(format!("run {} of {}: seed {seed}", run + 1, options.times));
        let started = Instant::now();
        let mut step = Step::begin(&logs, 0, "stress")?;
        let mut command = command(&place, &options.names);
        command.env("TEST_SEED", seed.to_string()).env("STRESS_SCALE", options.scale.to_string());
        stores::use_for(&mut command, &place, &mut step)?;
        let outcome = step.run(command);
        total.passed += step.counts.passed;
        total.failed += step.counts.failed;
        let Counts { passed, failed } = step.counts;
        let time = console::duration(started.elapsed());
        say(format!("      {passed} passed, {failed} failed, {time}, on {}", place.stores));
        if outcome.is_err() {
            say(step.tail());
            let kept = logs.join(format!("00-stress-{seed}.log"));
            std::fs::rename(logs.join("00-stress.log"), &kept)?;
            say(format!("    (kept as {})", kept.display()));
        } else if passed == 0 {
            bail!("there is no scenario with that name");
        }
    }
    say(super::summary(total));
    if total.failed > 0 {
        bail!("not every scenario passed: `cargo xtask stress --seed S` runs one seed again");
    }
    Ok(())
}

/// Builds the programs that the scenarios start: Cargo does not build programs for another
/// package's suite, so that old builds would be tested.
fn build(place: &Place, logs: &Path) -> Result<()> {
    say("building the components, the programs and the scenarios");
    let mut step = Step::begin(logs, 0, "stress-build")?;
    let outcome =
        suites::components(place, &mut step).and_then(|()| suites::programs(place, &mut step));
    outcome.inspect_err(|_| say(step.tail()))
}

fn by_the_clock() -> Result<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock")?;
    Ok(u64::from(now.subsec_nanos()) ^ now.as_secs())
}

/// One run of the suites and tests with these names; of all if none is given.
fn command(place: &Place, names: &[String]) -> Command {
    let there = SUITES.into_iter().filter(|suite| is_there(&place.root, suite));
    let named: Vec<&str> =
        there.clone().filter(|suite| names.iter().any(|name| name == suite)).collect();
    let chosen: Vec<&str> = if named.is_empty() { there.collect() } else { named };
    let mut command = suites::cargo_test(place, &["--no-fail-fast"]);
    for suite in &chosen {
        command.args(["--test", suite]);
    }
    command.args(["--", "--ignored", "--test-threads=1"]);
    command.args(names.iter().filter(|name| !chosen.contains(&name.as_str())));
    command
}

fn is_there(root: &Path, suite: &str) -> bool {
    let tests = root.join("tests/tests");
    tests.join(suite).is_dir() || tests.join(suite).with_extension("rs").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn every_scenario_has_its_turn() {
        let all = ["a", "b", "c", "d"].map(str::to_owned);
        assert_eq!(due(&all, 3), ["a", "d"]);
        assert_eq!(due(&all, 4), ["b"]);
        assert_eq!(due(&all, 5), ["c"]);
    }

    #[test]
    fn a_name_is_a_suite_or_part_of_a_tests_name() {
        let root = workspace::root().unwrap();
        let workspace = workspace::Workspace::load(&root).unwrap();
        let place = Place::of(workspace, root, &[], None).unwrap();
        let arguments = |names: &[&str]| -> Vec<String> {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            let command = command(&place, &names);
            let arguments = command.get_args().map(|part| part.to_string_lossy().into_owned());
            arguments.skip_while(|part| part != "--test").collect()
        };
        let one = arguments(&["stress_relays", "herd"]);
        let expected = ["--test", "stress_relays", "--", "--ignored", "--test-threads=1", "herd"];
        assert_eq!(one, expected);
        let all = arguments(&["herd"]);
        assert!(all.ends_with(&expected[2..].iter().map(ToString::to_string).collect::<Vec<_>>()));
        assert!(all.contains(&"stress_relays".to_owned()), "{all:?}");
    }
}
