//! Ends a server that outlived the program that started it, found by its pid file.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::console::{self, say};
use crate::program;

/// How long such a server may take to end.
const LIMIT: Duration = Duration::from_secs(30);

/// The polling interval.
const TICK: Duration = Duration::from_millis(25);

/// Ends the process that `pid_file` names on its first line, if it works in `folder`: another
/// program that has the id by now is not ended.
///
/// # Errors
/// If it does not end in time, or belongs to another user.
pub(super) fn end(name: &str, pid_file: &Path, folder: &Path, signal: Signal) -> Result<()> {
    let Some(process) = running(pid_file, folder) else { return Ok(()) };
    let id = process.as_raw_nonzero();
    say(format!("ending the {name} server that still ran from last time (process {id})"));
    kill_process(process, signal)
        .with_context(|| format!("{name}, process {id}, cannot be ended"))?;
    let deadline = Instant::now() + LIMIT;
    while works_in(process, folder) {
        if program::interrupted() {
            bail!("interrupted");
        }
        if Instant::now() > deadline {
            let time = console::duration(LIMIT);
            bail!("{name}, process {id}, has not ended after {time}: end it and try again");
        }
        std::thread::sleep(TICK);
    }
    Ok(())
}

fn running(pid_file: &Path, folder: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(pid_file).ok()?;
    let process = Pid::from_raw(text.lines().next()?.trim().parse().ok()?)?;
    works_in(process, folder).then_some(process)
}

/// Whether a running process has this current folder; one that has ended has none.
fn works_in(process: Pid, folder: &Path) -> bool {
    let current = format!("/proc/{}/cwd", process.as_raw_nonzero());
    std::fs::read_link(current).is_ok_and(|current| current == folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_server_that_works_in_the_folder_is_ended_and_no_other_process() {
        let place = std::env::temp_dir().join(format!("xtask-leftover-{}", std::process::id()));
        let (folder, elsewhere) = (place.join("data"), place.join("elsewhere"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::create_dir_all(&elsewhere).unwrap();
        let folder = folder.canonicalize().unwrap();
        let pid_file = place.join("pid");
        let mut child = Command::new("sleep").arg("60").current_dir(&folder).spawn().unwrap();
        std::fs::write(&pid_file, format!("{}\nmore\n", child.id())).unwrap();

        end("test", &pid_file, &elsewhere, Signal::TERM).unwrap();
        assert!(child.try_wait().unwrap().is_none(), "another's process was ended");
        end("test", &pid_file, &folder, Signal::TERM).unwrap();
        assert!(child.wait().unwrap().code().is_none());
        // The pid file is stale now.
        end("test", &pid_file, &folder, Signal::TERM).unwrap();
        std::fs::remove_dir_all(place).unwrap();
    }
}
