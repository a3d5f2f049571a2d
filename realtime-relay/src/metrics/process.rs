//! What the process takes of its machine, by the names that Prometheus's own clients give.

use super::kinds::{Known, Seconds};
use super::table::families;
use rustix::process::{Resource, getrlimit};
use std::fs;
use std::time::Duration;

/// Ticks a second in `/proc/self/stat`: what Linux tells programs, whatever it runs at itself.
const TICKS: u64 = 100;

families! {
    /// Of the process; measured when it is asked for, and left out where the system does not tell.
    pub(super) struct Process, "process_" {
        /// Memory that is in use, in bytes.
        gauge resident_memory_bytes: Known;
        /// Files and sockets that are open.
        gauge open_fds: Known;
        /// The most that may be.
        gauge max_fds: Known;
        /// Time on the processor, in seconds.
        counter cpu_seconds: Seconds;
        /// When the process started, in seconds since 1970.
        gauge start_time_seconds: Seconds;
    }
}

impl Process {
    /// Appends it.
    pub(super) fn write(&self, text: &mut String) {
        self.families().iter().for_each(|family| family.write(text));
    }
}

/// How it is now. Reads files of `/proc`.
pub(super) fn measured() -> Process {
    let process = Process::default();
    if let Some(bytes) = resident_bytes() {
        process.resident_memory_bytes.set(bytes);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        // One of them is this folder.
        process.open_fds.set(files.count().saturating_sub(1) as u64);
    }
    if let Some(most) = getrlimit(Resource::Nofile).current {
        process.max_fds.set(most);
    }
    if let Some((on_processor, since_boot)) = times() {
        process.cpu_seconds.set(on_processor);
        if let Some(boot) = boot() {
            process.start_time_seconds.set(boot + since_boot);
        }
    }
    process
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
