//! `test`: all checks and tests, on a fresh machine; starts nothing after the first failure.

mod checks;
mod hidden_target;
mod install;
mod on_stores;
mod release;
mod running;
mod running_full;
mod running_spin;
mod step;
mod stores;
pub(crate) mod stress;
mod substitute_spin;
mod suites;
mod tool;
mod tracks;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use self::step::{Counts, Step};
use self::stores::Stores;
use self::tracks::Tracks;
use crate::console::{self, Colour, say};
use crate::workspace::{self, Workspace};

/// Runs all checks and tests, or the steps named.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The steps to run, in the order in which they are listed [default: all but `stores`]
    steps: Vec<String>,
    /// Lists the steps and runs none
    #[arg(long)]
    list: bool,
    /// The stores that suites run on, such as postgresql-18+valkey-9.1 [default: by the commit; the
    /// step `stores`: all]
    #[arg(long)]
    stores: Option<String>,
}

/// The context of every step.
pub(crate) struct Place {
    /// The workspace's folder.
    pub(crate) root: PathBuf,
    /// Cargo's data about it.
    pub(crate) workspace: Workspace,
    /// This program's own file, located before a step rebuilds it.
    pub(crate) program: PathBuf,
    /// The steps requested by name.
    named: Vec<String>,
    /// The stores that suites run on.
    stores: Stores,
    /// Whether they were chosen explicitly.
    asked: bool,
}

impl Place {
    /// The workspace around the current folder, with these steps and the stores with this name.
    fn find(named: &[String], stores: Option<&str>) -> Result<Self> {
        let root = workspace::root()?;
        Self::of(Workspace::load(&root)?, root, named, stores)
    }

    fn of(
        workspace: Workspace,
        root: PathBuf,
        named: &[String],
        stores: Option<&str>,
    ) -> Result<Self> {
        let program = std::env::current_exe().context("this program's own file is not known")?;
        let asked = stores.is_some();
        let stores = match stores {
            Some(name) => Stores::named(name)?,
            None => Stores::of_commit(&root, &workspace.target),
        };
        Ok(Self { root, workspace, program, named: named.to_vec(), stores, asked })
    }

    /// Whether a step was requested by name.
    fn is_named(&self, step: &str) -> bool {
        self.named.iter().any(|name| name == step)
    }
}

/// One part of the run.
struct Part {
    name: &'static str,
    about: &'static str,
    /// The parts of one track run in sequence, the two tracks in parallel.
    track: Track,
    /// The parts of the other track that must end first.
    after: &'static [&'static str],
    run: fn(&Place, &mut Step) -> Result<()>,
}

/// The two parallel tracks. Each alone would leave the machine partly idle: one waits for downloads
/// and servers, the other for the last crate of a build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Track {
    /// Cargo's builds and tests, which wait much of the time.
    Build,
    /// Packages, the app, and tests that run next to the other track's.
    Packages,
}

/// The step that runs only if named.
const STORES: &str = "stores";

/// The parts, fast ones first.
const PARTS: &[Part] = &[
    Part {
        name: "install",
        about: "install what is missing for the other steps",
        track: Track::Packages,
        after: &[],
        run: install::run,
    },
    Part {
        name: "fmt",
        about: "the code is formatted",
        track: Track::Build,
        after: &[],
        run: checks::fmt,
    },
    Part {
        name: "lock",
        about: "Cargo.lock is up to date",
        track: Track::Build,
        after: &[],
        run: checks::lock,
    },
    Part {
        name: "tidy",
        about: "the workspace's own rules",
        track: Track::Build,
        after: &[],
        run: checks::tidy,
    },
    Part {
        name: "typos",
        about: "words are spelled right",
        track: Track::Packages,
        after: &[],
        run: checks::typos,
    },
    Part {
        name: "deny",
        about: "licences, banned crates, sources",
        track: Track::Packages,
        after: &[],
        run: checks::deny,
    },
    Part {
        name: "deploy",
        about: "the files in deploy/ match their schemas",
        track: Track::Packages,
        after: &[],
        run: checks::deploy,
    },
    Part {
        name: "app",
        about: "the app's types, style, unit and component tests",
        track: Track::Packages,
        after: &[],
        run: suites::app,
    },
    Part {
        name: "phones",
        about: "the app's bundles for phones build",
        track: Track::Packages,
        after: &[],
        run: suites::phones,
    },
    Part {
        name: "fuzz",
        about: "random bytes for the readers of frames, messages and events",
        track: Track::Packages,
        after: &[],
        run: suites::fuzz,
    },
    Part {
        name: "clippy-guest",
        about: "no warnings in what runs as WASM",
        track: Track::Build,
        after: &[],
        run: checks::clippy_guest,
    },
    Part {
        name: "components",
        about: "the components build and are small",
        track: Track::Build,
        after: &["install"],
        run: suites::components,
    },
    Part {
        name: "clippy",
        about: "no warnings in what runs natively",
        track: Track::Build,
        after: &[],
        run: checks::clippy,
    },
    Part {
        name: "docs",
        about: "the documentation has no dead links",
        track: Track::Build,
        after: &[],
        run: checks::docs,
    },
    Part {
        name: "programs",
        about: "local-host, the relay and all tests build",
        track: Track::Build,
        after: &[],
        run: suites::programs,
    },
    Part {
        name: "tests",
        about: "unit, property and black-box tests",
        track: Track::Build,
        after: &["install"],
        run: suites::native,
    },
    Part {
        name: "schemathesis",
        about: "requests generated from the API's description",
        track: Track::Packages,
        after: &["components", "programs"],
        run: suites::schemathesis,
    },
    Part {
        name: "up",
        about: "`cargo xtask up` starts, restarts, seeds and stops",
        track: Track::Packages,
        after: &["components", "programs"],
        run: running_spin::run,
    },
    Part {
        name: "up-full",
        about: "`cargo xtask up --full` keeps accounts, makes admins, stops all",
        track: Track::Packages,
        after: &["components", "programs"],
        run: running_full::run,
    },
    Part {
        name: "release",
        about: "a release runs as its images would, with what its files say",
        track: Track::Packages,
        after: &["components", "programs"],
        run: release::run,
    },
    Part {
        name: "counts",
        about: "the hottest steps take no more instructions than accepted",
        track: Track::Packages,
        after: &["programs"],
        run: suites::counts,
    },
    Part {
        name: "stress",
        about: "many clients and writers amid faults, counted against the log",
        track: Track::Packages,
        after: &["programs"],
        run: stress::run,
    },
    Part {
        name: "browser",
        about: "the app in a real browser",
        track: Track::Build,
        after: &["install", "app"],
        run: suites::browser,
    },
    Part {
        name: "hidden-target",
        about: "components build without the target",
        track: Track::Build,
        // It takes a component away for a while that all of these start.
        after: &["schemathesis", "up", "up-full", "release", "tests", "stress", "browser"],
        run: hidden_target::run,
    },
    Part {
        name: STORES,
        about: "contract and faults on all supported versions of PostgreSQL and Redis (only if \
                named)",
        track: Track::Build,
        after: &["install"],
        run: on_stores::run,
    },
];

/// Runs the command.
///
/// # Errors
/// If a step fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.list {
        PARTS.iter().for_each(|part| say(format!("{:14} {}", part.name, part.about)));
        return Ok(());
    }
    let unknown = options.steps.iter().find(|name| PARTS.iter().all(|part| part.name != *name));
    if let Some(name) = unknown {
        bail!("there is no step \"{name}\": `cargo xtask test --list` lists them");
    }
    let place = Place::find(&options.steps, options.stores.as_deref())?;
    let logs = place.workspace.target.join("test-logs");
    std::fs::create_dir_all(&logs)?;
    // Without named steps all are run except `stores`, which takes long.
    let chosen = |part: &&Part| {
        place.is_named(part.name) || (options.steps.is_empty() && part.name != STORES)
    };
    let chosen: Vec<&Part> = PARTS.iter().filter(chosen).collect();

    let started = Instant::now();
    let tracks = Tracks::new(&chosen);
    std::thread::scope(|scope| {
        // Each track has a thread that outlives the programs that it starts.
        scope.spawn(|| tracks.run(&place, &logs, &chosen, Track::Packages));
        tracks.run(&place, &logs, &chosen, Track::Build);
    });
    let (total, failure) = tracks.end();
    if failure.is_none() {
        say(format!("all steps done in {}", console::duration(started.elapsed())));
    }
    say(summary(total));
    failure.map_or(Ok(()), Err)
}

fn line(part: &Part, step: &Step, good: bool) -> String {
    let mark = if good {
        console::paint(Colour::Green, "ok  ")
    } else {
        console::paint(Colour::Red, "FAIL")
    };
    let time = console::duration(step.elapsed());
    let Counts { passed, failed } = step.counts;
    let tests = match (passed, failed) {
        (0, 0) => String::new(),
        (passed, 0) => format!("  {passed} tests"),
        (passed, failed) => format!("  {passed} tests passed, {failed} failed"),
    };
    format!("{mark}  {:14} {time:>12}  {}{tests}", part.name, part.about)
}

/// The summary, on a line of its own: people and machines read it.
fn summary(counts: Counts) -> String {
    format!("{} passed, {} failed", counts.passed, counts.failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_have_names_of_their_own() {
        let mut names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PARTS.len());
    }

    #[test]
    fn an_unknown_step_is_an_error_and_runs_nothing() {
        let options = Options { steps: vec!["no-such-step".to_owned()], list: false, stores: None };
        assert!(run(&options).unwrap_err().to_string().contains("no-such-step"));
    }
}
