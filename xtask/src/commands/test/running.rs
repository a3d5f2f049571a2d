//! Runs `cargo xtask up` as a person would: it starts, loads the example, restarts programs that
//! die, and stops.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::Place;
use super::step::Step;
use super::substitute_spin::SubstituteSpin;
use super::suites::this_program;
use crate::console;
use crate::program;

/// How long to wait for one event.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long to wait for a program's address: it may build first, which takes long.
const START_PATIENCE: Duration = Duration::from_secs(2400);

/// The polling interval.
const TICK: Duration = Duration::from_millis(50);

/// A program that serves HTTP, its address, and its output so far.
pub(super) struct Host {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    url: String,
}

impl Host {
    /// Starts a program and waits for the line with its address after `before_address`.
    pub(super) fn start(mut command: Command, before_address: &str) -> Result<Self> {
        let (reader, writer) = std::io::pipe()?;
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let child = program::start(&mut command)?;
        drop(command);
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        let mut host = Self { child, lines, url: String::new() };
        let line = host.wait_for_line(before_address, START_PATIENCE)?;
        let rest = line.split(before_address).nth(1).unwrap_or_default();
        host.url =
            address(rest.trim_start()).with_context(|| format!("no address in \"{line}\""))?;
        Ok(host)
    }

    /// The first line that contains `text`, once it is printed.
    fn wait_for_line(&mut self, text: &str, patience: Duration) -> Result<String> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(line) = self.lines().into_iter().find(|line| line.contains(text)) {
                return Ok(line);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended ({status}) before \"{text}\":\n{}", self.lines().join("\n"));
            }
            if Instant::now() > deadline || program::interrupted() {
                bail!("no \"{text}\" in time:\n{}", self.lines().join("\n"));
            }
            std::thread::sleep(TICK);
        }
    }

    /// Its output so far.
    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The answer's status and body.
    pub(super) fn get(&self, path: &str) -> Result<(u16, String)> {
        get(&format!("{}{path}", self.url))
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Interrupts it, as Ctrl-C does, and waits until it has ended.
    pub(super) fn interrupt_and_wait(&mut self) -> Result<ExitStatus> {
        program::signal_group(&self.child, Signal::INT);
        wait_until("it did not stop", || !matches!(self.child.try_wait(), Ok(None)))?;
        Ok(self.child.wait()?)
    }

    /// Ends the program and copies its output into the step's log.
    pub(super) fn end(mut self, step: &mut Step) {
        program::stop(&mut self.child);
        self.lines().iter().for_each(|line| step.note_line(line));
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        program::stop(&mut self.child);
    }
}

/// The address at the start of `text`, with its scheme.
fn address(text: &str) -> Option<String> {
    let end = text.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(text.len());
    let url = text[..end].trim_end_matches('/');
    url.starts_with("http://").then(|| url.to_owned())
}

fn get(url: &str) -> Result<(u16, String)> {
    get_as(url, None)
}

/// Sends a request with this host name.
fn get_as(url: &str, host: Option<&str>) -> Result<(u16, String)> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .build()
        .into();
    let request = agent.get(url);
    let request = match host {
        Some(host) => request.header("host", host),
        None => request,
    };
    let mut answer = request.call().with_context(|| format!("GET {url}"))?;
    Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
}

/// The part of the step `up` with local-host.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    let mut command = this_program(place, &["up", "--port", "0", "--relay-port", "0"]);
    // Too old, so that local-host is used, even if another Spin is installed.
    SubstituteSpin::of_version(place, "3.6.3")?.put_first(&mut command)?;
    let started = Instant::now();
    let mut up = Host::start(command, "  page ")?;
    step.notes.push(format!("ready after {}", console::duration(started.elapsed())));
    let outcome = use_it(place, &mut up, step);
    up.end(step);
    outcome
}

fn use_it(place: &Place, up: &mut Host, step: &mut Step) -> Result<()> {
    up.wait_for_line("is 3.6.3, and the functions need 4.1 or later: local-host runs", PATIENCE)?;
    let socket = up.wait_for_line("ws://127.0.0.1:", PATIENCE)?;
    let relay = socket.split("ws://").nth(1).and_then(|rest| rest.split('/').next());
    let relay = format!("http://{}", relay.context("no address of the relay")?);
    let (status, page) = up.get("/")?;
    ensure!(status == 200 && page.contains("<html"), "the page answers {status}: {page}");
    step.counts.passed += 1;

    for url in [&up.url, &relay] {
        let (status, body) = get_as(&format!("{url}/healthz"), Some("rebound.example"))?;
        ensure!(status == 421, "{url} answers {status} to another name: {body}");
    }
    step.counts.passed += 1;

    step.run(this_program(place, &["seed", "--url", &up.url]))?;
    let (_, boards) = up.get("/api/quick-win/boards?events=0")?;
    let boards: serde_json::Value = serde_json::from_str(&boards)?;
    let tasks = boards["boards"][0]["tasks"].as_array().map_or(0, Vec::len);
    ensure!(tasks == 30, "the example has 30 tasks, and the first board {tasks}");
    step.counts.passed += 1;

    // Each task is an event that the relay accepted, so both have the same secret.
    let metrics = up.wait_for_line("  metrics ", PATIENCE)?;
    let metrics = metrics.rfind("http://").and_then(|start| address(&metrics[start..]));
    let metrics = metrics.context("no address of the metrics")?;
    wait_until("the relay has not accepted the events", || {
        get(&metrics).is_ok_and(|(_, text)| posted_events(&text) >= 30)
    })?;
    step.counts.passed += 1;

    let id = child_named(up.child.id(), "realtime-relay")?;
    kill_process(id, Signal::KILL)?;
    up.wait_for_line("relay ended", PATIENCE)?;
    up.wait_for_line("relay runs again", PATIENCE)?;
    wait_until("the relay did not come back", || {
        get(&format!("{relay}/healthz")).is_ok_and(|(status, _)| status == 200)
    })?;
    step.counts.passed += 1;

    let status = up.interrupt_and_wait()?;
    ensure!(status.success(), "it stopped with {status}");
    for url in [&up.url, &relay] {
        let port: u16 = url.rsplit(':').next().unwrap_or_default().parse()?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} is not free again"))?;
    }
    step.counts.passed += 1;
    Ok(())
}

/// Polls until a condition holds.
pub(super) fn wait_until(otherwise: &str, mut is_so: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        ensure!(Instant::now() < deadline && !program::interrupted(), "{otherwise}");
        std::thread::sleep(TICK);
    }
    Ok(())
}

/// How many events functions have posted, by the relay's metrics, with any outcome.
fn posted_events(metrics: &str) -> u64 {
    metrics
        .lines()
        .filter(|line| line.starts_with("realtime_relay_internal_posts_total{"))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

/// The process with this name that `parent` started.
pub(super) fn child_named(parent: u32, name: &str) -> Result<Pid> {
    for entry in std::fs::read_dir("/proc").context("no /proc to look for processes in")? {
        let folder = entry?.path();
        // `id (name) state parent …`; the name is truncated to 15 bytes.
        let stat = std::fs::read_to_string(folder.join("stat")).unwrap_or_default();
        let Some((before, after)) = stat.rsplit_once(") ") else { continue };
        let Some((id, short_name)) = before.split_once(" (") else { continue };
        if name.starts_with(short_name) && after.split(' ').nth(1) == Some(&parent.to_string()) {
            return Pid::from_raw(id.parse()?).context("no process id");
        }
    }
    bail!("`{name}` is not running")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_at_white_space_or_a_quote() {
        assert_eq!(address("http://127.0.0.1:3000\"}").as_deref(), Some("http://127.0.0.1:3000"));
        assert_eq!(address("http://localhost:1/ x").as_deref(), Some("http://localhost:1"));
        assert_eq!(address("elsewhere"), None);
    }

    #[test]
    fn a_process_is_found_by_its_parent_and_name() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let found = child_named(std::process::id(), "sleep").unwrap();
        assert_eq!(found.as_raw_nonzero().get().unsigned_abs(), child.id());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(child_named(std::process::id(), "sleep").is_err());
    }
}
