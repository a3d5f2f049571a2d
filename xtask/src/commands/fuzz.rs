//! `fuzz`: coverage-guided fuzzing of everything in the relay that reads untrusted
//! bytes.
//!
//! LLVM's coverage instrumentation is enabled by flags that a stable compiler accepts, and
//! libFuzzer comes with a crate: neither nightly nor `cargo fuzz` is needed, only a C++ compiler.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::program::has_program;
use crate::workspace::{self, Workspace};
use crate::{cargo, program};

/// The package's folder: a workspace of its own.
const PACKAGE: &str = "realtime-relay/fuzz";

/// The targets, each with the longest useful input, in bytes.
const TARGETS: &[(&str, u32)] = &[("frames", 40_000), ("messages", 20_000), ("events", 20_000)];

/// The instrumentation for libFuzzer besides counters: comparisons, from which it learns which
/// bytes the code expects.
const INSTRUMENTATION: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// Fuzzes the relay's readers; new inputs that reach more are kept in target/fuzz/grown.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How long each target is fuzzed
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// The seed of the mutations; 0 takes a fresh one, which is printed
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// The targets [default: frames, messages, events]
    targets: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// If something was found, with the input and how to run it again.
pub(crate) fn run(options: &Options) -> Result<()> {
    let known = |name: &&String| TARGETS.iter().any(|(target, _)| target == name);
    if let Some(name) = options.targets.iter().find(|name| !known(name)) {
        bail!("there is no target \"{name}\": there are frames, messages and events");
    }
    if !has_program("c++") {
        bail!("libFuzzer is compiled by a C++ compiler, and there is no `c++` (Debian: g++)");
    }
    let root = workspace::root()?;
    let folder = Workspace::load(&root)?.target.join("fuzz");
    let host = host()?;
    cargo::build(build(&root, &folder, &host), "the fuzz targets")?;
    for (target, longest) in TARGETS {
        if options.targets.is_empty() || options.targets.iter().any(|name| name == target) {
            let program = folder.join(&host).join("debug").join(target);
            fuzz(&root, &folder, &program, (target, *longest), options)?;
        }
    }
    Ok(())
}

/// The triple of this machine. Naming it keeps the instrumentation out of build scripts.
fn host() -> Result<String> {
    let mut command = Command::new("rustc");
    command.arg("-vV");
    let (_, output) = program::capture(command, Duration::from_secs(30))?;
    let host = output.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not report this machine's target")?.to_owned())
}

fn build(root: &Path, folder: &Path, host: &str) -> Command {
    let mut command = cargo::command();
    command
        .current_dir(root.join(PACKAGE))
        .args(["build", "--locked", "--bins", "--target", host, "--target-dir"])
        .arg(folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTATION.join("\x1f"));
    command
}

fn fuzz(
    root: &Path,
    folder: &Path,
    program: &Path,
    (target, longest): (&str, u32),
    options: &Options,
) -> Result<()> {
    let [seeds, grown, found] =
        ["seeds", "grown", "found"].map(|name| folder.join(name).join(target));
    for folder in [&seeds, &grown, &found] {
        std::fs::create_dir_all(folder)?;
    }
    let count = unpack(&root.join(PACKAGE).join("corpus").join(target), &seeds)?;
    let mut command = Command::new(program);
    command
        .arg(format!("-max_total_time={}", options.seconds))
        .arg(format!("-seed={}", options.seed))
        .arg(format!("-max_len={longest}"))
        .args(["-timeout=10", "-rss_limit_mb=512", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args([&grown, &seeds]);
    let limit = Duration::from_secs(u64::from(options.seconds) + 120);
    let (status, output) = program::capture(command, limit)?;
    if !status.success() {
        bail!(
            "{output}\n{target}: something was found. The input lies in {}; run it again with\n  \
             {} {}/…\nand keep it as a test and in {PACKAGE}/corpus/{target}",
            found.display(),
            program.display(),
            found.display()
        );
    }
    let reported = |name: &str| output.lines().find_map(|line| line.split_once(name));
    let runs = reported("stat::number_of_executed_units:").map_or("", |(_, number)| number.trim());
    let seed = reported("INFO: Seed: ").map_or("", |(_, number)| number.trim());
    say(format!("{target}: {runs} inputs from {count} seeds, nothing found (--seed {seed})"));
    Ok(())
}

/// Writes the corpus in libFuzzer's format: hex becomes bytes, everything else is unchanged.
fn unpack(corpus: &Path, seeds: &Path) -> Result<usize> {
    let mut count = 0;
    let entries =
        std::fs::read_dir(corpus).with_context(|| format!("{} is missing", corpus.display()))?;
    for entry in entries {
        let path: PathBuf = entry?.path();
        let (Some(name), Some(stem)) = (path.file_name(), path.file_stem()) else { continue };
        if path.extension() == Some(OsStr::new("hex")) {
            let text = std::fs::read_to_string(&path)?;
            let bytes =
                bytes(&text).with_context(|| format!("{} is not hexadecimal", path.display()))?;
            std::fs::write(seeds.join(stem), bytes)?;
        } else {
            std::fs::copy(&path, seeds.join(name))?;
        }
        count += 1;
    }
    Ok(count)
}

/// Parses bytes in hex; `20*16384` repeats a byte, and `#` begins a comment.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let lines = text.lines().filter_map(|line| line.split('#').next());
    for word in lines.flat_map(str::split_whitespace) {
        let (digits, count) = word.split_once('*').unwrap_or((word, "1"));
        let pairs: Option<Vec<u8>> = digits
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        bytes.extend(pairs?.repeat(count.parse().ok()?));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corpus_in_hex_has_remarks_and_repetitions() {
        assert_eq!(bytes("# x\n00 0aFF # y\n20*3"), Some(vec![0, 10, 255, 32, 32, 32]));
        assert_eq!(bytes("0g"), None);
        assert_eq!(bytes("00*x"), None);
    }

    #[test]
    fn every_target_has_a_corpus_that_can_be_read() {
        let root = workspace::root().unwrap();
        for (target, _) in TARGETS {
            let seeds = std::env::temp_dir().join(format!("fuzz-{target}-{}", std::process::id()));
            std::fs::create_dir_all(&seeds).unwrap();
            assert!(unpack(&root.join(PACKAGE).join("corpus").join(target), &seeds).unwrap() > 5);
            std::fs::remove_dir_all(seeds).unwrap();
        }
    }
}
