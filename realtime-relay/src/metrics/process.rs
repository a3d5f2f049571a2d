//! What the process takes of its machine, by the names that Prometheus's own clients give.

use super::kinds::{Known, Seconds};
use super::table::families;

families! {
    /// Of the process; measured when it is asked for, and left out if the system does not report it.
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
    let now = telemetry::process::Process::now();
    let process = Process::default();
    let numbers = [
        (&process.resident_memory_bytes, now.resident_bytes),
        (&process.open_fds, now.open_files),
        (&process.max_fds, now.max_files),
    ];
    for (number, value) in numbers {
        value.into_iter().for_each(|value| number.set(value));
    }
    let times =
        [(&process.cpu_seconds, now.on_processor), (&process.start_time_seconds, now.started)];
    for (time, value) in times {
        value.into_iter().for_each(|value| time.set(value));
    }
    process
}
