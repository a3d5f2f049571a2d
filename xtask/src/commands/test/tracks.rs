//! Two parallel tracks of steps: which step waits for which, and their total counts.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::Error;

use super::step::{Counts, Step};
use super::{PARTS, Part, Place, Track, line};
use crate::console::say;

/// The state shared by the two tracks.
pub(super) struct Tracks {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The names of unfinished steps.
    pending: BTreeSet<&'static str>,
    total: Counts,
    failure: Option<Error>,
}

impl Tracks {
    /// For a run of these parts.
    pub(super) fn new(parts: &[&Part]) -> Self {
        let pending = parts.iter().map(|part| part.name).collect();
        let state = State { pending, ..State::default() };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Runs the parts of one track in order, up to the first failure of either track.
    pub(super) fn run(&self, place: &Place, logs: &Path, parts: &[&Part], track: Track) {
        for part in parts.iter().filter(|part| part.track == track) {
            if !self.wait_for(part.after) {
                return;
            }
            let number = PARTS.iter().take_while(|other| other.name != part.name).count() + 1;
            let (step, outcome) = match Step::begin(logs, number, part.name) {
                Ok(mut step) => {
                    let outcome = (part.run)(place, &mut step);
                    (Some(step), outcome)
                }
                Err(error) => (None, Err(error)),
            };
            self.note(part, step.as_ref(), outcome.err());
        }
    }

    /// Waits until these have ended, ignoring those that do not run; false once a step has failed.
    fn wait_for(&self, names: &[&str]) -> bool {
        let waits = |state: &mut State| {
            state.failure.is_none() && names.iter().any(|name| state.pending.contains(name))
        };
        let state = self.changed.wait_while(self.state(), waits);
        state.unwrap_or_else(PoisonError::into_inner).failure.is_none()
    }

    /// Prints a step's result, with its lines together.
    fn note(&self, part: &Part, step: Option<&Step>, failure: Option<Error>) {
        let mut state = self.state();
        state.pending.remove(part.name);
        if let Some(step) = step {
            state.total.passed += step.counts.passed;
            state.total.failed += step.counts.failed;
            say(line(part, step, failure.is_none()));
            step.notes.iter().for_each(|note| say(format!("      {note}")));
        }
        if let Some(error) = failure {
            step.inspect(|step| say(step.tail()));
            // A failed check is not a test, but the summary must not look like success.
            state.total.failed = state.total.failed.max(1);
            // The first failure: interruptions caused by it add nothing.
            let error = error.context(format!("step {}", part.name));
            state.failure.get_or_insert(error);
        }
        self.changed.notify_all();
    }

    /// The counts, and the first failure.
    pub(super) fn end(self) -> (Counts, Option<Error>) {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        (state.total, state.failure)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_waits_for_steps_that_come_before_it_and_never_for_itself() {
        for (index, part) in PARTS.iter().enumerate() {
            for name in part.after {
                let place = PARTS.iter().position(|other| other.name == *name);
                assert!(place.is_some_and(|place| place < index), "{} waits for {name}", part.name);
            }
        }
    }

    #[test]
    fn a_step_waits_for_the_other_track_and_not_for_what_does_not_run() {
        let parts: Vec<&Part> =
            PARTS.iter().filter(|part| matches!(part.name, "install" | "tests")).collect();
        let tracks = Tracks::new(&parts);
        assert!(tracks.wait_for(&["components"]));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| tracks.wait_for(&["install"]));
            tracks.note(parts[0], None, None);
            assert!(waiting.join().unwrap());
        });
        tracks.note(parts[1], None, Some(anyhow::anyhow!("made up")));
        assert!(!tracks.wait_for(&[]));
        let (total, failure) = tracks.end();
        assert_eq!(total, Counts { passed: 0, failed: 1 });
        assert!(format!("{:#}", failure.unwrap()).contains("step tests: made up"));
    }
}
