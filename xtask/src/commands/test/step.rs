//! One step of the test run: its log file, its counts of tests, and its notes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::console::{self, say};
use crate::program::{self, Event};

/// The time limit of a step's program.
const LIMIT: Duration = Duration::from_secs(2400);

/// How often a long step reports that it is still running.
const REPORT_EVERY: Duration = Duration::from_secs(60);

/// How many last lines of a failed step are shown.
const TAIL: usize = 40;

/// How many lines about single failed tests are shown.
const FAILURES: usize = 120;

/// Lines of node's reports without information about the test.
const FRAMES: [&str; 4] = ["(node:", " node:", "node:internal", "duration_ms:"];

/// The runner whose report of a failed test is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failing {
    No,
    Cargo,
    Node,
}

/// Tests that ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// How many passed.
    pub(crate) passed: u64,
    /// How many failed.
    pub(crate) failed: u64,
}

/// A running step.
pub(crate) struct Step {
    name: &'static str,
    log: File,
    path: PathBuf,
    tail: Vec<String>,
    /// The runners' reports of failed tests, which much output may follow.
    failures: Vec<String>,
    failing: Failing,
    /// The files with failed tests of node's runner.
    failed_files: BTreeSet<PathBuf>,
    started: Instant,
    reported: Duration,
    /// The counts of tests reported by its programs.
    pub(crate) counts: Counts,
    /// Notes for a person although nothing failed.
    pub(crate) notes: Vec<String>,
}

impl Step {
    /// Opens the step's log in `folder`.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub(crate) fn begin(folder: &Path, number: usize, name: &'static str) -> Result<Self> {
        let path = folder.join(format!("{number:02}-{name}.log"));
        let log =
            File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self {
            name,
            log,
            path,
            tail: Vec::new(),
            failures: Vec::new(),
            failing: Failing::No,
            failed_files: BTreeSet::new(),
            started: Instant::now(),
            reported: Duration::ZERO,
            counts: Counts::default(),
            notes: Vec::new(),
        })
    }

    /// How long the step has been running.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Writes a line to the log, after the seconds since the step began.
    pub(crate) fn note_line(&mut self, line: &str) {
        // Losing a line of the log must not fail the step.
        let _ = writeln!(self.log, "[{:7.2}] {line}", self.elapsed().as_secs_f64());
        self.keep_failure(line);
        if self.tail.len() == TAIL {
            self.tail.remove(0);
        }
        self.tail.push(line.to_owned());
        self.counts.add(line);
    }

    /// Keeps the output of Cargo's runner between `failures:` and its result, and of node's from a
    /// `not ok` to the end of its details.
    fn keep_failure(&mut self, line: &str) {
        let text = line.trim();
        if text == "failures:" {
            self.failing = Failing::Cargo;
        } else if text.starts_with("not ok ") {
            self.failing = Failing::Node;
        } else if text.starts_with("test result: ") || text == "..." {
            self.failing = Failing::No;
        }
        let node = self.failing == Failing::Node;
        if let Some(place) = text.strip_prefix("location: '").filter(|_| node) {
            // `/a/file.mjs:140:1'`
            let file = place.rsplitn(3, ':').last().unwrap_or(place);
            self.failed_files.insert(PathBuf::from(file));
        }
        let idle = text.is_empty() || (node && FRAMES.iter().any(|frame| text.contains(frame)));
        if self.failing != Failing::No && !idle && self.failures.len() < FAILURES {
            self.failures.push(line.to_owned());
        }
    }

    /// The files with failed tests of node's runner since the last call.
    pub(crate) fn take_failed_files(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.failed_files)
    }

    /// The runners' reports of failed tests since the last call, trimmed.
    pub(crate) fn take_failures(&mut self) -> Vec<String> {
        let failures = std::mem::take(&mut self.failures);
        failures.iter().map(|line| line.trim().to_owned()).collect()
    }

    /// The failures, the log's last lines, and the log's path.
    pub(crate) fn tail(&self) -> String {
        let mut text = String::new();
        // If tests failed, the end of the log is about others.
        let shown = if self.failures.is_empty() { &self.tail } else { &self.failures };
        for line in shown {
            text.push_str("    ");
            text.push_str(line);
            text.push('\n');
        }
        format!("{text}    (all of it: {})", self.path.display())
    }

    /// Runs a program, writes its output to the log, and counts its tests.
    ///
    /// # Errors
    /// If it fails, takes too long or is interrupted.
    pub(crate) fn run(&mut self, command: Command) -> Result<()> {
        let shown = shown(&command);
        self.note_line(&format!("$ {shown}"));
        let before = self.counts;
        let status = program::run(command, LIMIT, &mut |event| match event {
            Event::Line(line) => self.note_line(line),
            Event::Tick(_) => self.report(),
        })?;
        if !status.success() {
            // A runner that died has reported no counts, but its tests failed.
            if self.counts.failed == before.failed {
                self.counts.failed += 1;
            }
            bail!("`{shown}` failed ({status})");
        }
        Ok(())
    }

    fn report(&mut self) {
        let elapsed = self.elapsed();
        if elapsed >= self.reported + REPORT_EVERY {
            self.reported = elapsed;
            let telling = |line: &&String| line.chars().any(char::is_alphabetic);
            let last = self.tail.iter().rev().find(telling).map_or("", |line| line.trim());
            let last: String = last.chars().take(70).collect();
            say(format!("      {} for {}: {last}", self.name, console::duration(elapsed)));
        }
    }
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Counts {
    /// Adds parts such as `3 passed`.
    fn add_words<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for part in parts {
            match part.trim().split_once(' ') {
                Some((count, "passed")) => self.passed += count.parse().unwrap_or(0),
                Some((count, "failed")) => self.failed += count.parse().unwrap_or(0),
                _ => {}
            }
        }
    }

    /// Adds the counts from a runner's line, if it is a summary.
    ///
    /// Cargo writes `test result: ok. 3 passed; 0 failed; …` for each binary, node's runner
    /// `# pass 3` and `# fail 0` (or `ℹ` for `#`) at the end, Jest's `Tests: 1 failed, 3 passed, …`.
    fn add(&mut self, line: &str) {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result: ") {
            self.add_words(rest.split([';', '.']));
        } else if let Some(rest) = line.strip_prefix("Tests: ") {
            self.add_words(rest.split(','));
        } else if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            match rest.split_once(' ') {
                Some(("pass", count)) => self.passed += count.parse().unwrap_or(0),
                Some(("fail" | "cancelled", count)) => self.failed += count.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.add(line));
        counts
    }

    #[test]
    fn the_runners_closing_lines_are_added_up() {
        let cargo = "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.57s";
        let counts = counted(&[
            cargo,
            cargo,
            "# tests 5",
            "# pass 4",
            "# fail 1",
            "ℹ pass 2",
            "ℹ cancelled 1",
            "Tests:       1 failed, 2 skipped, 7 passed, 10 total",
        ]);
        assert_eq!(counts, Counts { passed: 37, failed: 5 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(counted(&["12 passed", "test a ... ok", "# a heading", ""]), Counts::default());
    }

    #[test]
    fn what_failed_is_shown_even_when_much_follows() {
        let folder = std::env::temp_dir().join(format!("xtask-failed-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut step = Step::begin(&folder, 1, "made-up").unwrap();
        let lines = ["test a ... FAILED", "failures:", "---- a stdout ----", "left is not right"];
        lines.iter().for_each(|line| step.note_line(line));
        step.note_line("test result: FAILED. 0 passed; 1 failed");
        (0..200).for_each(|_| step.note_line("something else"));
        assert!(step.tail().contains("left is not right"), "{}", step.tail());
        assert!(!step.tail().contains("something else"));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_node_says_of_a_failed_test_is_shown_and_its_file_known() {
        let folder = std::env::temp_dir().join(format!("xtask-node-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut step = Step::begin(&folder, 1, "made-up").unwrap();
        for line in [
            "not ok 2 - a card is dragged",
            "  ---",
            "  duration_ms: 0.149685",
            "  location: '/page/board.test.mjs:140:1'",
            "  error: 'not within 10000 ms: the card is there'",
            "  stack: |-",
            "    TestContext.<anonymous> (file:///page/board.test.mjs:3:31)",
            "    Test.run (node:internal/test_runner/test:796:25)",
            "  ...",
            "ok 3 - another",
        ] {
            step.note_line(line);
        }
        let tail = step.tail();
        assert!(tail.contains("the card is there"), "{tail}");
        assert!(tail.contains("board.test.mjs:3:31"), "{tail}");
        assert!(!tail.contains("another") && !tail.contains("internal"), "{tail}");
        assert_eq!(step.take_failures()[0], "not ok 2 - a card is dragged");
        let files: Vec<_> = step.take_failed_files().into_iter().collect();
        assert_eq!(files, [PathBuf::from("/page/board.test.mjs")]);
        assert!(step.take_failed_files().is_empty());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_runner_that_dies_without_a_word_counts_as_one_failure() {
        let folder = std::env::temp_dir().join(format!("xtask-step-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut step = Step::begin(&folder, 1, "made-up").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo 'test result: ok. 2 passed; 0 failed'; echo last words; exit 9"]);
        assert!(step.run(command).is_err());
        assert_eq!(step.counts, Counts { passed: 2, failed: 1 });
        assert!(step.tail().contains("last words"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
