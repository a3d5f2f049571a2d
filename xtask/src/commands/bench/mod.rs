//! `bench`: measures the task board beside its peers, and beside itself at another revision.

mod builds;
mod counts;
mod peers;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::commands::build_components::ToolchainOption;
use crate::console::say;
use crate::program;
use crate::stores::Stores;
use crate::workspace::{self, Workspace};

/// The scenarios, in the order in which all are run.
const SCENARIOS: [&str; 10] = [
    "hello",
    "read",
    "add",
    "fanout",
    "burst",
    "crowd",
    "boards",
    "idle",
    "healthz-beside-logins",
    SCALE,
];

/// The scenario that takes an hour and 20 GB of disk, and runs only if named.
const SCALE: &str = "scale";

/// The scenario that counts instructions, independent of the machine's load.
const COUNTS: &str = "counts";

/// How long one run may take.
const LIMIT: Duration = Duration::from_secs(4 * 3600);

/// Measures the task board beside its peers, and beside itself at another revision.
///
/// Builds everything optimised, installs the peers below target/bench, starts PostgreSQL and Redis of its
/// own there, and measures all servers in turn. Tables, JSON and charts go to bench/results. On a busy
/// machine the numbers mean nothing. See docs/performance.md.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What to measure: hello, read, add, fanout, burst, crowd, boards, idle, healthz-beside-logins
    /// [default: all of these]; `scale`, each route on up to ten million events (an hour, 20 GB); or
    /// `counts`, the instructions of the hottest steps against bench/counts.json
    names: Vec<String>,
    /// Measure the task board of this revision as well
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,
    /// How often each server is measured
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: u32,
    /// How many seconds each server is measured in one repeat
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// How much of ten million events `scale` is measured with, the least first
    #[arg(long, value_delimiter = ',', default_values = ["hundredth", "tenth", "whole"],
        value_parser = ["hundredth", "tenth", "whole"])]
    sizes: Vec<String>,
    /// Accept the present counts as those that later ones are compared with
    #[arg(long)]
    accept: bool,
    #[command(flatten)]
    toolchain: ToolchainOption,
}

/// Runs the command.
///
/// # Errors
/// If something does not build, a server misbehaves, or a step takes more instructions than
/// accepted.
pub(crate) fn run(options: &Options) -> Result<()> {
    let known = |name: &String| SCENARIOS.contains(&name.as_str()) || name == COUNTS;
    if let Some(unknown) = options.names.iter().find(|name| !known(name)) {
        bail!(
            "there is no scenario \"{unknown}\": there are {} and {COUNTS}",
            SCENARIOS.join(", ")
        );
    }
    let root = workspace::root()?;
    let workspace = Workspace::load(&root)?;
    if options.names.iter().any(|name| name == COUNTS) {
        counts::check(&root, &workspace, options.accept)?;
    }
    let mut scenarios: Vec<&str> =
        options.names.iter().map(String::as_str).filter(|name| *name != COUNTS).collect();
    if options.names.is_empty() {
        scenarios = SCENARIOS.into_iter().filter(|name| *name != SCALE).collect();
    }
    if scenarios.is_empty() {
        return Ok(());
    }
    measure(&root, &workspace, options, &scenarios)
}

fn measure(
    root: &Path,
    workspace: &Workspace,
    options: &Options,
    scenarios: &[&str],
) -> Result<()> {
    let place = workspace.target.join("bench");
    let logs = place.join("logs");
    std::fs::create_dir_all(&logs)?;
    let mut all = Vec::new();
    if let Some(revision) = &options.against {
        all.push(builds::of_revision(root, workspace, revision, options.toolchain)?);
    }
    // Last, so that Cargo's folder contains the work tree's build afterwards.
    all.insert(0, builds::of_work_tree(root, workspace, options.toolchain)?);
    peers::install(root, &place)?;
    let stores = Stores::private(&place.join("stores"))?;
    let mut command = Command::new(place.join("now/bin/bench"));
    command.args(scenarios).current_dir(root);
    for build in &all {
        command.arg("--build").arg(format!("{}={}", build.name, build.folder.display()));
    }
    let revisions: Vec<String> =
        all.iter().map(|build| format!("{} is {}", build.name, build.revision)).collect();
    command
        .args(["--revisions", &revisions.join(", ")])
        .arg("--programs")
        .arg(place.join("now/bin"))
        .arg("--peers")
        .arg(peers::folder(&place))
        .arg("--peer-sources")
        .arg(root.join("bench/peers"))
        .arg("--logs")
        .arg(logs)
        .arg("--results")
        .arg(root.join("bench/results"))
        .args(["--repeats", &options.repeats.to_string()])
        .args(["--seconds", &options.seconds.to_string()])
        .args(options.sizes.iter().flat_map(|size| ["--size", size]))
        .env("DATABASE_URL", stores.database.url())
        .env("REDIS_URL", stores.redis.url());
    say("measuring");
    let measured = program::run_on_terminal(command, LIMIT);
    stores.stop();
    if !measured?.success() {
        bail!("not everything was measured: see above, and the logs in {}", place.display());
    }
    Ok(())
}
