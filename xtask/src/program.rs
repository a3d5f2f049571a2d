//! Runs other programs: with a time limit, line by line, and ended with all their children on an
//! interrupt.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// The polling interval of waiting loops.
const TICK: Duration = Duration::from_millis(100);

/// How long a program that was asked to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(15);

/// An event of a running program.
pub(crate) enum Event<'a> {
    /// One line of its output (standard output and error alike), without the line end.
    Line(&'a str),
    /// No output for a moment; with the time since the start.
    Tick(Duration),
}

/// Whether Ctrl-C, SIGTERM or SIGHUP was received; the first call installs the handlers.
pub(crate) fn interrupted() -> bool {
    interrupts().any.load(Ordering::Relaxed)
}

/// What signals set.
struct Interrupts {
    /// Never cleared: several programs may have to be ended, by several threads.
    any: Arc<AtomicBool>,
    /// Cleared when the ending begins: set again, it means that a person has interrupted once more.
    again: Arc<AtomicBool>,
}

fn interrupts() -> &'static Interrupts {
    static INTERRUPTS: OnceLock<Interrupts> = OnceLock::new();
    INTERRUPTS.get_or_init(|| {
        let interrupts = Interrupts { any: Arc::default(), again: Arc::default() };
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            for flag in [&interrupts.any, &interrupts.again] {
                // Without a handler the signal ends this program at once, which is acceptable.
                let _ = signal_hook::flag::register(signal, Arc::clone(flag));
            }
        }
        interrupts
    })
}

/// Whether a program with this name is in the PATH.
pub(crate) fn has_program(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// Runs a program to its end and passes each line of its output to `on_event`.
///
/// # Errors
/// If it cannot be started, exceeds `limit`, or a person interrupts; it is ended then, with
/// everything that it started.
pub(crate) fn run(
    mut command: Command,
    limit: Duration,
    on_event: &mut dyn FnMut(Event<'_>),
) -> Result<ExitStatus> {
    let name = command.get_program().to_string_lossy().into_owned();
    let (reader, writer) = std::io::pipe().context("no pipe could be made")?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let child = start(&mut command)?;
    // The command keeps copies of the pipe's writing end: with them open, reading never ends.
    drop(command);

    let (send, lines) = channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line);
            if send.send(text.trim_end_matches(['\n', '\r']).to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
    wait(&name, child, Some(&lines), limit, on_event)
}

/// Runs a program that writes directly to the terminal.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_on_terminal(mut command: Command, limit: Duration) -> Result<ExitStatus> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null());
    let child = start(&mut command)?;
    wait(&name, child, None, limit, &mut |_| {})
}

/// Runs a program to its end and returns its whole output, whether it succeeded or not.
///
/// # Errors
/// As [`run`].
pub(crate) fn capture(command: Command, limit: Duration) -> Result<(ExitStatus, String)> {
    let mut output = String::new();
    let status = run(command, limit, &mut |event| {
        if let Event::Line(line) = event {
            output.push_str(line);
            output.push('\n');
        }
    })?;
    Ok((status, output))
}

/// Starts a program in its own process group, so that it can be ended with its children.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn start(command: &mut Command) -> Result<Child> {
    interrupts();
    let name = command.get_program().to_string_lossy().into_owned();
    command.process_group(0).spawn().with_context(|| format!("`{name}` cannot be started"))
}

/// Asks a program and everything that it started to end, and kills them if they do not
/// end in time. Another interrupt kills them at once.
pub(crate) fn stop(child: &mut Child) {
    stop_by(child, Signal::TERM);
}

/// The same, asking with this signal.
pub(crate) fn stop_by(child: &mut Child, signal: Signal) {
    signal_group(child, signal);
    let again = &interrupts().again;
    again.store(false, Ordering::Relaxed);
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline && !again.load(Ordering::Relaxed) {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(TICK / 4);
    }
    signal_group(child, Signal::KILL);
    let _ = child.wait();
}

/// The prefix of a command that makes the system send it `signal` (INT or TERM) when this process
/// dies, and that runs it as another user; empty if the system has no `setpriv`.
///
/// The thread that starts the command must live as long as this process.
pub(crate) fn tether(signal: Signal, user: Option<&str>) -> Vec<String> {
    if !has_program("setpriv") {
        return Vec::new();
    }
    let name = if signal == Signal::INT { "INT" } else { "TERM" };
    let mut words = vec!["setpriv".to_owned(), format!("--pdeathsig={name}")];
    if let Some(user) = user {
        words.push(format!("--reuid={user}"));
        words.push(format!("--regid={user}"));
        words.push("--clear-groups".to_owned());
    }
    words
}

/// Sends a signal to the process group that `child` heads.
pub(crate) fn signal_group(child: &Child, signal: Signal) {
    if let Ok(id) = i32::try_from(child.id())
        && let Some(group) = Pid::from_raw(id)
    {
        // It may have ended by itself in the meantime.
        let _ = kill_process_group(group, signal);
    }
}

fn wait(
    name: &str,
    mut child: Child,
    lines: Option<&Receiver<String>>,
    limit: Duration,
    on_event: &mut dyn FnMut(Event<'_>),
) -> Result<ExitStatus> {
    let started = Instant::now();
    let mut ended = None;
    loop {
        let mut quiet = true;
        match lines.map(|lines| lines.recv_timeout(TICK)) {
            Some(Ok(line)) => {
                on_event(Event::Line(&line));
                quiet = false;
            }
            Some(Err(RecvTimeoutError::Timeout)) => on_event(Event::Tick(started.elapsed())),
            Some(Err(RecvTimeoutError::Disconnected)) | None => std::thread::sleep(TICK / 4),
        }
        if let Some(status) = ended {
            // Lines may still be in transit when the program has ended.
            if quiet {
                return Ok(status);
            }
            continue;
        }
        ended = child.try_wait().with_context(|| format!("`{name}` cannot be waited for"))?;
        if ended.is_none() && interrupted() {
            stop(&mut child);
            bail!("interrupted");
        }
        if ended.is_none() && started.elapsed() > limit {
            stop(&mut child);
            bail!("`{name}` had not ended after {}", crate::console::duration(limit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_and_errors_arrive_in_order_and_whole() {
        let script = "echo one; echo two >&2; printf three; exit 3";
        let (status, output) = capture(shell(script), Duration::from_secs(10)).unwrap();
        assert_eq!(status.code(), Some(3));
        assert_eq!(output, "one\ntwo\nthree\n");
    }

    #[test]
    fn a_program_that_outlives_its_limit_is_ended_with_its_children() {
        let folder = std::env::temp_dir().join(format!("xtask-limit-{}", std::process::id()));
        let script = format!("sleep 60 & echo $! > {}; wait", folder.display());
        let error = capture(shell(&script), Duration::from_millis(500)).unwrap_err();
        assert!(error.to_string().contains("had not ended after"), "{error}");
        let id: i32 = std::fs::read_to_string(&folder).unwrap().trim().parse().unwrap();
        std::fs::remove_file(&folder).unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        while rustix::process::test_kill_process(Pid::from_raw(id).unwrap()).is_ok() {
            let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            if state.contains(") Z") {
                break;
            }
            assert!(Instant::now() < deadline, "process {id} lives on");
            std::thread::sleep(TICK);
        }
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let error = capture(Command::new("no-such-program"), TICK).unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }
}
