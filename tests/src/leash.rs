//! A child process that ends with its owner, even if that is killed.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Error, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Starts the program, prints its process id, and kills it (SIGKILL) as soon as standard input
/// ends: when the leash is dropped, and also when this process dies without dropping anything.
/// Until then each line is a signal to send.
const SCRIPT: &str = r#"
"$@" >&2 & child=$!
echo "$child"
while read -r name; do kill -s "$name" "$child"; done
kill -9 "$child"
wait "$child""#;

/// How long a program may take to end.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Leash {
    shell: Child,
    id: String,
}

impl Leash {
    /// Starts a program whose output goes to this file.
    ///
    /// # Errors
    /// If there is no shell to run it.
    pub fn start(program: &Command, log: &File) -> Result<Self, Error> {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "sh"]).arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            shell.current_dir(folder);
        }
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log.try_clone()?);
        let mut shell = shell.spawn()?;
        let mut id = String::new();
        if let Some(output) = shell.stdout.take() {
            BufReader::new(output).read_line(&mut id)?;
        }
        Ok(Self { shell, id: id.trim().to_owned() })
    }

    /// Sends the program a signal, such as `TERM`.
    ///
    /// # Panics
    /// If the shell that holds the leash is gone.
    pub fn signal(&self, name: &str) {
        let mut input = self.shell.stdin.as_ref().expect("a shell");
        writeln!(input, "{name}").expect("a running shell");
    }

    /// Waits until the program exits by itself; returns its exit status.
    ///
    /// # Panics
    /// If it does not end.
    pub fn ended(mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        // A program that has ended is a zombie until the shell waits for it.
        while self.status("State").is_some_and(|state| !state.starts_with('Z')) {
            assert!(Instant::now() < deadline, "the program does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(self.shell.stdin.take());
        self.shell.wait().ok()?.code()
    }

    /// The program's memory, in KiB.
    ///
    /// # Panics
    /// If it has ended.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let status = self.status("VmRSS").expect("a running program");
        status.trim_end_matches("kB").trim().parse().expect("a number")
    }

    /// The program's peak memory, in bytes.
    ///
    /// # Panics
    /// If it has ended.
    #[must_use]
    pub fn memory_peak(&self) -> u64 {
        let status = self.status("VmHWM").expect("a running program");
        let kibibytes: u64 = status.trim_end_matches("kB").trim().parse().expect("a number");
        kibibytes * 1_024
    }

    /// A line of the program's status (proc(5)).
    fn status(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.id)).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(|value| value.trim().to_owned())
    }

    /// The id of the program's own process, if it was started.
    #[must_use]
    pub fn program_id(&self) -> Option<u32> {
        self.id.parse().ok()
    }
}

impl Drop for Leash {
    /// Kills the program (SIGKILL) and waits until it is gone.
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Starts a program in the shell and waits for its first line.
    fn started(name: &str, text: &str) -> (Leash, String) {
        let place = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        let log = File::create(&place).expect("a log");
        let mut program = Command::new("sh");
        program.args(["-c", text]);
        let leash = Leash::start(&program, &log).expect("starts");
        let deadline = Instant::now() + Duration::from_secs(10);
        let line = loop {
            let text = fs::read_to_string(&place).expect("readable");
            if let Some(line) = text.strip_suffix('\n') {
                break line.to_owned();
            }
            assert!(Instant::now() < deadline, "the program did not start: {text}");
        };
        let _ = fs::remove_file(place);
        (leash, line)
    }

    #[test]
    fn a_program_is_gone_when_its_leash_is_dropped() {
        let (leash, id) = started("leash", "echo $$; exec sleep 600");
        assert_eq!(Some(&id), leash.program_id().map(|id| id.to_string()).as_ref());
        let running = || Path::new(&format!("/proc/{id}")).exists();
        assert!(running());
        assert!(leash.memory() > 0);
        drop(leash);
        assert!(!running());
    }

    #[test]
    fn a_program_gets_signals_and_its_status_is_reported() {
        let text = "trap 'exit 7' TERM; echo set; while :; do sleep 0.01; done";
        let (leash, _) = started("signals", text);
        leash.signal("TERM");
        assert_eq!(leash.ended(), Some(7));
    }
}
