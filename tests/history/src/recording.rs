//! Writing a recording while it happens.

use crate::{Entry, Record};
use std::sync::Mutex;
use std::time::Instant;

/// A recording in progress, shared by all clients of a run.
#[derive(Debug)]
pub struct Recording {
    began: Instant,
    entries: Mutex<Vec<Entry>>,
}

impl Recording {
    /// An empty recording that begins now.
    #[must_use]
    pub fn begin() -> Self {
        Self { began: Instant::now(), entries: Mutex::default() }
    }

    /// Records what happened just now.
    pub fn add(&self, record: Record) {
        // Under the lock, so that times and lines have the same order.
        let mut entries = self.lock();
        let at = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        entries.push(Entry { at, record });
    }

    /// The records so far, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    /// Reads the records so far, in order; nothing is added meanwhile.
    pub fn look<T>(&self, look: impl FnOnce(&[Entry]) -> T) -> T {
        look(&self.lock())
    }

    /// Keeps only these records: once a backup is restored, later ones are no longer true.
    pub fn retain(&self, keep: impl Fn(&Record) -> bool) {
        self.lock().retain(|entry| keep(&entry.record));
    }

    /// Writes one JSON object per line.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write_to(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        for entry in self.lock().iter() {
            serde_json::to_writer(&mut *out, entry)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
