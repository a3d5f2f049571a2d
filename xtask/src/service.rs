//! A supervised program: its log, its restarts with a growing pause, its end.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, IsTerminal};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::console::{self, Colour, say};
use crate::program;

/// The pause before the first restart; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause before a restart.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A program that ran this long is considered healthy: its next pause is the first one again.
const WELL_AFTER: Duration = Duration::from_secs(60);

/// A program to keep running.
pub(crate) struct Service {
    /// Its name in the log.
    pub(crate) name: &'static str,
    /// The destination of its output.
    pub(crate) output: Output,
    /// The program and its arguments; without secrets, since every user can see them.
    pub(crate) command: Vec<String>,
    /// Additional environment variables.
    pub(crate) environment: Vec<(String, String)>,
    /// Its working directory.
    pub(crate) folder: PathBuf,
    /// The signal that asks it to end.
    pub(crate) stop_signal: Signal,
    /// The note printed after a restart.
    pub(crate) after_restart: &'static str,
}

/// The destination of a program's output.
pub(crate) enum Output {
    /// The terminal, with the program's name in this colour before each line.
    Terminal(Colour),
    /// The end of a file that only its owner can read.
    File(PathBuf),
}

/// A service and its current process, if any.
pub(crate) struct Supervised {
    service: Service,
    child: Option<Child>,
    started: Instant,
    restart: Restart,
}

impl Supervised {
    /// Starts the service.
    ///
    /// # Errors
    /// If its file cannot be run.
    pub(crate) fn start(service: Service) -> Result<Self> {
        let child = spawn(&service)?;
        let started = Instant::now();
        Ok(Self { service, child: Some(child), started, restart: Restart::default() })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.service.name
    }

    /// The id of its process, if it is running.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// How its process ended, if that was not reported before.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        Some(status)
    }

    /// Supervises the process: reports its death, and restarts it after the pause.
    pub(crate) fn look_after(&mut self) {
        if let Some(status) = self.ended() {
            let pause = self.restart.died(Instant::now(), self.started.elapsed());
            say(format!(
                "{} ended ({status}); starting it again in {}",
                console::paint(Colour::Red, self.service.name),
                console::duration(pause)
            ));
        }
        if self.child.is_none() && self.restart.is_due(Instant::now()) {
            self.started = Instant::now();
            match spawn(&self.service) {
                Ok(child) => {
                    self.child = Some(child);
                    say(format!("{} {}", self.service.name, self.service.after_restart));
                }
                Err(error) => {
                    let pause = self.restart.died(Instant::now(), Duration::ZERO);
                    say(format!("{error:#}; trying again in {}", console::duration(pause)));
                }
            }
        }
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            program::stop_by(&mut child, self.service.stop_signal);
        }
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.stop();
    }
}

/// When to restart a program.
#[derive(Default)]
struct Restart {
    pause: Option<Duration>,
    due: Option<Instant>,
}

impl Restart {
    /// The program ended after running this long; returns the pause before its restart.
    fn died(&mut self, now: Instant, lived: Duration) -> Duration {
        let pause = match self.pause {
            Some(pause) if lived < WELL_AFTER => (pause * 2).min(LONGEST_PAUSE),
            _ => FIRST_PAUSE,
        };
        self.pause = Some(pause);
        self.due = Some(now + pause);
        pause
    }

    fn is_due(&mut self, now: Instant) -> bool {
        self.due.take_if(|due| *due <= now).is_some()
    }
}

fn spawn(service: &Service) -> Result<Child> {
    let (file, arguments) = service.command.split_first().context("a service without a program")?;
    let mut command = Command::new(file);
    command
        .args(arguments)
        .envs(service.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(&service.folder)
        .stdin(Stdio::null());
    match &service.output {
        Output::Terminal(colour) => start_with_prefix(command, service.name, *colour),
        Output::File(path) => {
            let log = OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(path)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            command.stdout(log.try_clone()?).stderr(log);
            program::start(&mut command)
        }
    }
}

fn start_with_prefix(mut command: Command, name: &str, colour: Colour) -> Result<Child> {
    let (reader, writer) = std::io::pipe().context("no pipe could be made")?;
    command.stdout(writer.try_clone()?).stderr(writer);
    if !std::io::stdout().is_terminal() {
        // They write to a pipe, and cannot see that it ends in a file.
        command.env("NO_COLOR", "1");
    }
    let child = program::start(&mut command)?;
    // The command keeps copies of the pipe's writing end: with them open, the log never ends.
    drop(command);
    let prefix = console::paint(colour, &format!("{name:<9} |"));
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            say(format!("{prefix} {}", String::from_utf8_lossy(&line).trim_end()));
            line.clear();
        }
    });
    Ok(child)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_and_start_anew_after_a_good_while() {
        let mut restart = Restart::default();
        let now = Instant::now();
        let soon = Duration::from_secs(1);
        assert_eq!(restart.died(now, soon), Duration::from_millis(500));
        assert_eq!(restart.died(now, soon), Duration::from_secs(1));
        for _ in 0..10 {
            restart.died(now, soon);
        }
        assert_eq!(restart.died(now, soon), Duration::from_secs(30));
        assert_eq!(restart.died(now, Duration::from_secs(61)), Duration::from_millis(500));
    }

    #[test]
    fn a_restart_is_due_once_and_not_before_its_pause_is_over() {
        let mut restart = Restart::default();
        let now = Instant::now();
        assert!(!restart.is_due(now));
        restart.died(now, Duration::ZERO);
        assert!(!restart.is_due(now));
        assert!(restart.is_due(now + FIRST_PAUSE));
        assert!(!restart.is_due(now + FIRST_PAUSE));
    }

    #[test]
    fn a_service_that_dies_is_started_again() {
        let count = std::env::temp_dir().join(format!("xtask-restarts-{}", std::process::id()));
        let script = format!("echo started >> {}", count.display());
        let mut supervised = Supervised::start(Service {
            name: "test",
            output: Output::Terminal(Colour::Cyan),
            command: vec!["/bin/sh".to_owned(), "-c".to_owned(), script],
            environment: Vec::new(),
            folder: std::env::temp_dir(),
            stop_signal: Signal::TERM,
            after_restart: "is back",
        })
        .unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::fs::read_to_string(&count).unwrap_or_default().lines().count() < 2 {
            assert!(Instant::now() < deadline, "it was not started again");
            supervised.look_after();
            std::thread::sleep(Duration::from_millis(20));
        }
        std::fs::remove_file(count).unwrap();
    }
}
