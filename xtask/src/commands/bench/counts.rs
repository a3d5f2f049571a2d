//! `counts`: the instructions of the hottest steps, compared with the accepted counts.
//!
//! A step is run a number of times under valgrind's callgrind, and twice as often: the difference
//! counts only the steps. Unlike seconds, counts do not depend on the machine's load.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::program::has_program;
use crate::workspace::Workspace;
use crate::{cargo, program};

/// The program with the steps.
const PROGRAM: &str = "bench-counted";

/// The accepted counts: instructions by step.
const BASELINE: &str = "bench/counts.json";

/// Our own packages in it, which are compiled as deployed; dependencies are optimised anyway.
const OPTIMISED: [&str; 4] = ["benchmarks", "realtime-relay", "shared", "telemetry"];

/// The tolerated increase over the accepted instructions, in percent.
const TOLERANCE: u64 = 5;

/// How often a step runs in the shorter of the two runs.
const ROUNDS: u64 = 20;

/// How long one run may take.
const LIMIT: Duration = Duration::from_secs(120);

/// Counts, and compares or accepts.
///
/// # Errors
/// If a step takes more than accepted, or cannot be counted.
pub(super) fn check(root: &Path, workspace: &Workspace, accept: bool) -> Result<()> {
    if !has_program("valgrind") {
        bail!("valgrind is not installed, which counts instructions");
    }
    let mut build = cargo::build_of_programs(root, workspace.native_packages(), &[PROGRAM]);
    // The lint wrapper produces slower code.
    build.env_remove(cargo::WRAPPER);
    for package in OPTIMISED {
        for setting in ["opt-level=3", "debug-assertions=false", "overflow-checks=false"] {
            build.args(["--config", &format!("profile.dev.package.{package}.{setting}")]);
        }
    }
    cargo::build(build, "what is counted")?;
    let counted = workspace.target.join("debug").join(PROGRAM);
    let mut command = Command::new(&counted);
    command.arg("steps");
    let (_, steps) = program::capture(command, LIMIT)?;
    let mut counts = BTreeMap::new();
    for step in steps.split_whitespace() {
        let (once, twice) = (run(&counted, step, ROUNDS)?, run(&counted, step, 2 * ROUNDS)?);
        counts.insert(step.to_owned(), twice.saturating_sub(once) / ROUNDS);
    }
    let path = root.join(BASELINE);
    if accept {
        std::fs::write(&path, serde_json::to_string_pretty(&counts)? + "\n")?;
        say(format!("accepted {} steps in {BASELINE}", counts.len()));
        return Ok(());
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("{BASELINE} is missing"))?;
    let accepted: BTreeMap<String, u64> = serde_json::from_str(&text).context(BASELINE)?;
    let (table, faults) = compare(&accepted, &counts);
    say(table);
    if !faults.is_empty() {
        bail!(
            "{}. If that is meant, `cargo xtask bench counts --accept` takes the new counts",
            faults.join("; ")
        );
    }
    Ok(())
}

/// The instructions of one run.
fn run(counted: &Path, step: &str, rounds: u64) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(counted)
        .args([step, &rounds.to_string()])
        // The C library has special code for newer processors: use the same on all.
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM");
    let (status, output) = program::capture(command, LIMIT)?;
    let collected = output.lines().find_map(|line| line.split("Collected : ").nth(1));
    match collected.and_then(|count| count.split_whitespace().next()?.parse().ok()) {
        Some(count) if status.success() => Ok(count),
        _ => bail!("`{step}` could not be counted:\n{output}"),
    }
}

/// A line for each step, and the faults.
fn compare(
    accepted: &BTreeMap<String, u64>,
    counts: &BTreeMap<String, u64>,
) -> (String, Vec<String>) {
    let mut lines =
        vec![format!("{:<18} {:>12} {:>12} {:>8}", "step", "accepted", "now", "change")];
    let mut faults = Vec::new();
    for (step, now) in counts {
        let Some(before) = accepted.get(step) else {
            faults.push(format!("{step} has no accepted count"));
            continue;
        };
        let change = (*now as f64 / (*before).max(1) as f64 - 1.0) * 100.0;
        lines.push(format!("{step:<18} {before:>12} {now:>12} {change:>+7.1}%"));
        if now * 100 > before * (100 + TOLERANCE) {
            faults.push(format!("{step} takes {change:.1} % more instructions than accepted"));
        }
    }
    for step in accepted.keys().filter(|step| !counts.contains_key(*step)) {
        faults.push(format!("{step} is accepted and no step any more"));
    }
    (lines.join("\n"), faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(all: &[(&str, u64)]) -> BTreeMap<String, u64> {
        all.iter().map(|(step, count)| ((*step).to_owned(), *count)).collect()
    }

    #[test]
    fn five_percent_more_instructions_pass_and_six_do_not() {
        let accepted = counts(&[("frame", 1_000), ("token", 1_000)]);
        assert!(compare(&accepted, &counts(&[("frame", 1_050), ("token", 10)])).1.is_empty());
        let (_, faults) = compare(&accepted, &counts(&[("frame", 1_060), ("token", 1_000)]));
        assert_eq!(faults, ["frame takes 6.0 % more instructions than accepted"]);
    }

    #[test]
    fn a_step_that_is_new_or_gone_has_to_be_accepted() {
        let (_, faults) = compare(&counts(&[("old", 1)]), &counts(&[("new", 1)]));
        assert_eq!(faults.len(), 2, "{faults:?}");
    }
}
