//! The process's use of its machine. What the system does not report is `None`.

use rustix::process::{Resource, getrlimit};
use std::fs;
use std::time::Duration;

/// Ticks a second in `/proc/self/stat`: what Linux reports to programs, whatever it uses itself.
const TICKS: u64 = 100;

/// The process at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Process {
    /// Memory that is in use, in bytes.
    pub resident_bytes: Option<u64>,
    /// Files and sockets that are open.
    pub open_files: Option<u64>,
    /// The most that may be.
    pub max_files: Option<u64>,
    /// Time on the processor.
    pub on_processor: Option<Duration>,
    /// When it started, since 1970.
    pub started: Option<Duration>,
}

impl Process {
    /// How it is now. Reads files of `/proc`, which takes milliseconds where thousands of sockets are
    /// open.
    #[must_use]
    pub fn now() -> Self {
        let (on_processor, since_boot) = times().unzip();
        Self {
            resident_bytes: resident_bytes(),
            // One of them is this folder.
            open_files: fs::read_dir("/proc/self/fd")
                .ok()
                .map(|files| files.count().saturating_sub(1) as u64),
            max_files: getrlimit(Resource::Nofile).current,
            on_processor,
            started: since_boot.zip(boot()).map(|(since_boot, boot)| boot + since_boot),
        }
    }
}

fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The time on the processor, and when the process started, since the machine did.
fn times() -> Option<(Duration, Duration)> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets, which may hold anything. Counted from 1,
    // fields 14 and 15 are the ticks in the program and in the kernel, 22 is the tick of its start.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    let time = |ticks| Duration::from_millis(ticks * (1000 / TICKS));
    Some((time(ticks(14)? + ticks(15)?), time(ticks(22)?)))
}

/// When the machine started, since 1970.
fn boot() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let seconds = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    Some(Duration::from_secs(seconds.trim().parse().ok()?))
}
