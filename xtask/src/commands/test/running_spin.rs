//! Runs `cargo xtask up` with an installed Spin.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, ensure};

use super::Place;
use super::running::{self, Host};
use super::step::Step;
use super::substitute_spin::SubstituteSpin;
use super::suites::this_program;

/// Runs the step: without a suitable Spin, and with one.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    running::run(place, step)?;
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

/// Requested by name, a Spin that is too old ends the command before anything is built.
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
    let address = listen.replace("localhost", "127.0.0.1");
    let expected = ["up", "--from", "spin.toml", "--runtime-config-file", "runtime-config.toml"];
    let expected = [&expected[..], &["--listen", address.as_str(), "--component-id"]].concat();
    let arguments = spin.arguments()?;
    ensure!(arguments.iter().zip(expected).all(|(one, other)| one == other), "{arguments:?}");
    ensure!(
        !arguments.iter().any(|id| id == "boards"),
        "it runs what has no stores: {arguments:?}"
    );
    let port: u16 = listen.rsplit(':').next().unwrap_or_default().parse()?;
    let status = up.interrupt_and_wait()?;
    ensure!(status.success(), "it stopped with {status}");
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port} is not free again"))?;
    Ok(())
}
