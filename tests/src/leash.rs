//! A child process that ends with its owner, however that ends.

use std::fs::File;
use std::io::Error;
use std::process::{Child, Command, Stdio};

/// Starts the program, and kills it (SIGKILL) as soon as standard input ends: when the leash is
/// dropped, and also when this process dies without dropping anything.
const SCRIPT: &str = r#""$@" & child=$!; read -r _; kill -9 "$child"; wait "$child""#;

/// A running program.
#[derive(Debug)]
pub struct Leash {
    shell: Child,
}

impl Leash {
    /// Starts a program whose output goes to this file.
    ///
    /// # Errors
    /// When there is no shell to run it.
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
        shell.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log.try_clone()?);
        Ok(Self { shell: shell.spawn()? })
    }
}

impl Leash {
    /// The id of the program's own process, if it runs.
    #[must_use]
    pub fn program_id(&self) -> Option<u32> {
        let shell = self.shell.id();
        let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children"));
        children.ok()?.split_whitespace().next()?.parse().ok()
    }
}

impl Drop for Leash {
    /// The program gets SIGKILL, and is gone when this returns.
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::time::{Duration, Instant};

    #[test]
    fn a_program_is_gone_when_its_leash_is_dropped() {
        let place = std::env::temp_dir().join(format!("leash-{}", std::process::id()));
        let log = File::create(&place).expect("a log");
        let mut program = Command::new("sh");
        program.args(["-c", "echo $$; exec sleep 600"]);
        let leash = Leash::start(&program, &log).expect("starts");
        let deadline = Instant::now() + Duration::from_secs(10);
        let id = loop {
            let text = std::fs::read_to_string(&place).expect("readable");
            if let Ok(id) = text.trim().parse::<u32>() {
                break id;
            }
            assert!(Instant::now() < deadline, "the program did not start: {text}");
        };
        let running = || Path::new(&format!("/proc/{id}")).exists();
        assert!(running());
        assert_eq!(leash.program_id(), Some(id));
        drop(leash);
        assert!(!running());
        let _ = std::fs::remove_file(place);
    }
}
