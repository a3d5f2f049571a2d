//! `cargo xtask up` where a Spin is installed. None can be had in the tests: a script stands in its
//! place that tells a version, records how it was called, and has local-host, which takes the same
//! arguments, do the work.

use std::fs::Permissions;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Place;
use super::running::Host;
use super::step::Step;
use super::suites::this_program;

/// A folder with a program `spin`.
pub(super) struct SubstituteSpin {
    folder: PathBuf,
}

impl SubstituteSpin {
    /// Makes one that says it is of this version.
    pub(super) fn of_version(place: &Place, version: &str) -> Result<Self> {
        let folder = place.workspace.target.join("substitute-spin").join(version);
        std::fs::create_dir_all(&folder)?;
        let spin = folder.join("spin");
        let local_host = place.workspace.target.join("debug/local-host");
        let (record, local_host) = (folder.join("arguments"), local_host.display());
        let script = format!(
            r#"#!/bin/sh
if [ "$1" = --version ]; then echo 'spin {version} (0000000 2026-01-01)'; exit; fi
printf '%s\n' "$@" > '{}'
[ "$1" = up ] || exit 2
shift
exec '{local_host}' "$@"
"#,
            record.display()
        );
        std::fs::write(&spin, script)?;
        std::fs::set_permissions(&spin, Permissions::from_mode(0o755))?;
        Ok(Self { folder })
    }

    /// Puts it before every other Spin that the command could find.
    pub(super) fn put_first(&self, command: &mut Command) -> Result<()> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder.clone()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders)?);
        Ok(())
    }

    /// What it was last called with.
    fn arguments(&self) -> Result<Vec<String>> {
        let text = std::fs::read_to_string(self.folder.join("arguments"));
        let text = text.context("nobody has called `spin up`")?;
        Ok(text.lines().map(str::to_owned).collect())
    }
}

/// The part of the step `up`.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    refuse_an_old_one(place)?;
    step.counts.passed += 1;

    let spin = SubstituteSpin::of_version(place, "4.1.0")?;
    let mut command = this_program(place, &["up", "--port", "0", "--relay-port", "0"]);
    spin.put_first(&mut command)?;
    let mut up = Host::start(command, "  page ")?;
    let outcome = use_it(&spin, &mut up);
    up.end(step);
    outcome?;
    step.counts.passed += 1;
    Ok(())
}

/// Asked for by name, one that is too old ends the command before anything is built.
fn refuse_an_old_one(place: &Place) -> Result<()> {
    let mut command =
        this_program(place, &["up", "--host", "spin", "--port", "0", "--relay-port", "0"]);
    SubstituteSpin::of_version(place, "4.0.2")?.put_first(&mut command)?;
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "it runs on Spin 4.0.2");
    ensure!(said.contains("is 4.0.2, and the functions need 4.1 or later"), "it says: {said}");
    ensure!(output.stdout.is_empty(), "it builds: {}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

fn use_it(spin: &SubstituteSpin, up: &mut Host) -> Result<()> {
    let (status, page) = up.get("/")?;
    ensure!(status == 200 && page.contains("<html"), "the page answers {status}: {page}");
    let said = up.lines().join("\n");
    ensure!(said.contains("Spin 4.1.0 runs the functions"), "it says: {said}");
    ensure!(!said.contains("building local-host"), "it builds local-host: {said}");
    let listen = up.url().trim_start_matches("http://");
    let expected =
        ["up", "--from", "spin.toml", "--runtime-config-file", "runtime-config.toml", "--listen"];
    let arguments = spin.arguments()?;
    let (last, others) = arguments.split_last().context("`spin` was called without arguments")?;
    ensure!(
        others == expected && last == &listen.replace("localhost", "127.0.0.1"),
        "{arguments:?}"
    );
    let port: u16 = listen.rsplit(':').next().unwrap_or_default().parse()?;
    let status = up.interrupt_and_wait()?;
    ensure!(status.success(), "it stopped with {status}");
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port} is not free again"))?;
    Ok(())
}
