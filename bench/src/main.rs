//! Runs scenarios on the programs built and installed by `cargo xtask bench`, and writes the
//! results.

use anyhow::Result;
use benchmarks::scenarios::{Scenario, Size, Stage};
use benchmarks::servers::Build;
use benchmarks::servers::peers::Peers;
use benchmarks::stores::Stores;
use clap::Parser;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// Measures the task board beside its peers; `cargo xtask bench` builds, installs and starts this.
#[derive(Parser)]
struct Options {
    /// What to measure
    #[arg(required = true)]
    scenarios: Vec<Scenario>,
    /// A build of the task board, as NAME=FOLDER; the first is called `now`
    #[arg(long = "build", required = true, value_parser = build)]
    builds: Vec<(String, PathBuf)>,
    /// Which commits they are of, for the report
    #[arg(long)]
    revisions: String,
    /// The folder of our own programs to compare with
    #[arg(long, value_parser = folder)]
    programs: PathBuf,
    /// The folder that peers are installed in
    #[arg(long, value_parser = folder)]
    peers: PathBuf,
    /// The folder of our programs for peers
    #[arg(long, value_parser = folder)]
    peer_sources: PathBuf,
    /// Where servers log
    #[arg(long, value_parser = folder)]
    logs: PathBuf,
    /// Where results are written
    #[arg(long)]
    results: PathBuf,
    /// How often everything is measured
    #[arg(long)]
    repeats: usize,
    /// How long each server is measured in a repeat
    #[arg(long)]
    seconds: u64,
    /// The sizes that `scale` is measured at, the smallest first
    #[arg(long = "size", required = true)]
    sizes: Vec<Size>,
    /// A database of PostgreSQL that may be altered
    #[arg(long, env, hide_env_values = true)]
    database_url: String,
    /// A Redis that may be emptied
    #[arg(long, env, hide_env_values = true)]
    redis_url: String,
}

fn build(text: &str) -> Result<(String, PathBuf), String> {
    let (name, folder) = text.split_once('=').ok_or("must be NAME=FOLDER")?;
    Ok((name.to_owned(), self::folder(folder)?))
}

/// Whole, since servers run in folders of their own.
fn folder(text: &str) -> Result<PathBuf, String> {
    std::fs::canonicalize(text).map_err(|error| format!("{text}: {error}"))
}

fn main() -> Result<()> {
    let options = Options::parse();
    let logs = options.logs;
    let stores = Stores::new(&options.database_url, &options.redis_url)?;
    let mut builds = Vec::new();
    for (number, (name, folder)) in (1..).zip(&options.builds) {
        builds.push(Build::new(name, folder, &logs, number, &stores)?);
    }
    let stage = Stage {
        stores,
        builds,
        peers: Peers {
            programs: options.programs,
            installed: options.peers,
            sources: options.peer_sources,
            logs,
        },
        repeats: options.repeats,
        duration: Duration::from_secs(options.seconds),
        sizes: options.sizes,
        revisions: options.revisions,
    };
    let mut out = std::io::stdout();
    for scenario in options.scenarios {
        let report = scenario.run(&stage)?;
        report.write(&options.results)?;
        writeln!(out, "{}", report.markdown())?;
    }
    Ok(())
}
