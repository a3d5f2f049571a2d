//! CPU time and memory of a process and its descendants, from `/proc`.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::fs;

/// The system's unit of CPU time: `sysconf(_SC_CLK_TCK)`, which is 100 on every Linux of today.
const TICKS_A_SECOND: f64 = 100.0;

/// A process by its part in the measurement: `host`, `redis`, `postgresql`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Watched {
    pub role: &'static str,
    /// The id of the process; its descendants count as well.
    pub id: u32,
}

/// The content of `/proc/ID/stat`.
struct Stat {
    parent: u32,
    /// Its own CPU time and that of its children that have ended, in ticks.
    ticks: u64,
}

impl Watched {
    /// Its CPU time so far, in seconds.
    ///
    /// # Errors
    /// When it has ended.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let ticks: u64 = self.tree()?.iter().map(|(_, stat)| stat.ticks).sum();
        Ok(ticks as f64 / TICKS_A_SECOND)
    }

    /// Its memory in KiB; shared memory counts proportionally (PSS).
    ///
    /// # Errors
    /// When it has ended, or is another user's.
    pub fn memory_kib(&self) -> Result<f64> {
        self.tree()?.iter().map(|(id, _)| proportional_set_kib(*id)).sum()
    }

    /// The process and its descendants.
    fn tree(&self) -> Result<Vec<(u32, Stat)>> {
        let mut all = HashMap::new();
        for entry in fs::read_dir("/proc")?.flatten() {
            let id = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
            // It may end during the check.
            if let Some(id) = id
                && let Ok(text) = fs::read_to_string(entry.path().join("stat"))
                && let Some(stat) = stat(&text)
            {
                all.insert(id, stat);
            }
        }
        let root = all.remove(&self.id).with_context(|| format!("the {} has ended", self.role))?;
        let mut tree = vec![(self.id, root)];
        let mut at = 0;
        while let Some((parent, _)) = tree.get(at) {
            let parent = *parent;
            let is_child = |(_, stat): &(&u32, &Stat)| stat.parent == parent;
            let children: Vec<u32> = all.iter().filter(is_child).map(|(id, _)| *id).collect();
            tree.extend(children.into_iter().filter_map(|id| all.remove_entry(&id)));
            at += 1;
        }
        Ok(tree)
    }
}

/// The parent of a process.
///
/// # Errors
/// When it has ended.
pub fn parent(id: u32) -> Result<u32> {
    let text = fs::read_to_string(format!("/proc/{id}/stat"))?;
    Ok(stat(&text).context("no stat of a process")?.parent)
}

/// The name of the program is in brackets and may contain anything; the third field follows the last.
fn stat(text: &str) -> Option<Stat> {
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Stat { parent: u32::try_from(number(1)?).ok()?, ticks })
}

fn proportional_set_kib(id: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::time::{Duration, Instant};

    #[test]
    fn what_a_child_spends_counts_while_it_runs_and_after_it_has_ended() {
        let burn = "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done";
        let script = format!("sh -c '{burn}'; read -r _");
        let mut shell = Command::new("sh")
            .args(["-c", &script])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("a shell");
        let watched = Watched { role: "shell", id: shell.id() };
        let deadline = Instant::now() + Duration::from_secs(30);
        while watched.cpu_seconds().expect("alive") < 0.05 {
            assert!(Instant::now() < deadline, "no CPU time was counted");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(watched.memory_kib().expect("alive") > 0.0);
        drop(shell.stdin.take());
        shell.wait().expect("ended");
        assert!(watched.cpu_seconds().is_err());
    }

    #[test]
    fn a_name_with_brackets_hides_nothing() {
        let text = "7 (a) b (c)) S 3 7 7 0 -1 0 0 0 0 0 10 20 1 2 20 0 1";
        let stat = stat(text).expect("read");
        assert_eq!((stat.parent, stat.ticks), (3, 33));
    }
}
