//! Writing a recording while it happens.

use crate::{Entry, Record};
use std::sync::Mutex;
use std::time::Instant;

/// A recording under way, shared by all clients of a run.
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

    /// Writes down what happened just now.
    pub fn add(&self, record: Record) {
        // Under the lock, so that the times go in the order of the lines.
        let mut entries = self.lock();
        let at = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        entries.push(Entry { at, record });
    }

    /// What was written down so far, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    /// Looks at what was written down so far, in order; nothing is added meanwhile.
    pub fn look<T>(&self, look: impl FnOnce(&[Entry]) -> T) -> T {
        look(&self.lock())
    }

    /// Forgets everything but this: where a backup is restored, what happened since is true no more.
    pub fn retain(&self, keep: impl Fn(&Record) -> bool) {
        self.lock().retain(|entry| keep(&entry.record));
    }

    /// One JSON object a line.
    ///
    /// # Errors
    /// When `out` takes no more.
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
