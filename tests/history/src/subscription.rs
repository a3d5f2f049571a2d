//! What one subscription must receive: each event once, in order, from its cursor on.

use std::ops::RangeInclusive;

/// A granted subscription.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) connection: u64,
    /// The first event that is due.
    first: u64,
    /// The newest event that arrived; until one does, the event before the first.
    last: u64,
    /// Skipped events, each with the line that skipped it. Only the end shows whether they came too
    /// late or never.
    missing: Vec<(RangeInclusive<u64>, usize)>,
}

/// How an event relates to a subscription.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Arrival {
    /// The one that was due, or one after it: whether that leaves a gap shows later.
    Ahead,
    /// The event on this line skipped it, and it comes too late.
    Late(usize),
    /// It came before.
    Again,
    /// It is before the cursor: it was not requested.
    Early,
}

impl Subscription {
    /// A subscription to everything after this cursor.
    pub(crate) fn after(cursor: u64, connection: u64) -> Self {
        Self { connection, first: cursor + 1, last: cursor, missing: Vec::new() }
    }

    /// The newest event that it delivered; its cursor until there is one.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Takes an event that arrived at this line.
    pub(crate) fn take(&mut self, seq: u64, line: usize) -> Arrival {
        if seq > self.last {
            if seq > self.last + 1 {
                self.missing.push((self.last + 1..=seq - 1, line));
            }
            self.last = seq;
            return Arrival::Ahead;
        }
        if seq < self.first {
            return Arrival::Early;
        }
        let Some(index) = self.missing.iter().position(|(gap, _)| gap.contains(&seq)) else {
            return Arrival::Again;
        };
        let (gap, by) = self.missing.remove(index);
        let (first, last) = gap.into_inner();
        let rest = [first..=seq - 1, seq + 1..=last].into_iter().filter(|rest| !rest.is_empty());
        self.missing.extend(rest.map(|rest| (rest, by)));
        Arrival::Late(by)
    }

    /// The gaps that nothing filled, each with the line that showed it.
    pub(crate) fn gaps(self) -> Vec<(RangeInclusive<u64>, usize)> {
        self.missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_event_splits_the_hole_that_it_fills() {
        let mut subscription = Subscription::after(2, 1);
        let arrivals = [3, 8, 6, 6, 3, 2].map(|seq| subscription.take(seq, 10));
        let (late, again) = (Arrival::Late(10), Arrival::Again);
        let expected =
            [Arrival::Ahead, Arrival::Ahead, late, again, Arrival::Again, Arrival::Early];
        assert_eq!(arrivals, expected);
        assert_eq!(subscription.last(), 8);
        assert_eq!(subscription.gaps(), [(4..=5, 10), (7..=7, 10)]);
    }
}
