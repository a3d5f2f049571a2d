//! Whether a subscriber got every event once and in order.

/// The events received by one subscriber, numbered without gaps from `first` on.
#[derive(Clone, Debug)]
pub struct Sequence {
    first: u64,
    got: Vec<bool>,
    /// How many have not come.
    left: usize,
    next: u64,
    faults: Faults,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Faults {
    /// Events that never came.
    pub missing: u64,
    /// Events that came again.
    pub duplicates: u64,
    /// Events that came after a later one.
    pub disorder: u64,
}

impl Faults {
    /// Adds those of another subscriber.
    pub fn add(&mut self, other: Self) {
        self.missing += other.missing;
        self.duplicates += other.duplicates;
        self.disorder += other.disorder;
    }

    /// How many there are.
    #[must_use]
    pub fn total(self) -> u64 {
        self.missing + self.duplicates + self.disorder
    }
}

impl Sequence {
    /// Nothing received yet of this many events, from this one on.
    #[must_use]
    pub fn new(first: u64, count: usize) -> Self {
        Self { first, got: vec![false; count], left: count, next: first, faults: Faults::default() }
    }

    /// Records an event; true if it is one of these and came for the first time.
    pub fn note(&mut self, seq: u64) -> bool {
        let index = seq.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
        let Some(got) = index.and_then(|index| self.got.get_mut(index)) else { return false };
        if std::mem::replace(got, true) {
            self.faults.duplicates += 1;
            return false;
        }
        self.left -= 1;
        if seq < self.next {
            self.faults.disorder += 1;
        }
        self.next = self.next.max(seq + 1);
        true
    }

    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.left == 0
    }

    /// The faults, once nothing more will come.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults { missing: self.left as u64, ..self.faults }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(events: &[u64]) -> Faults {
        let mut sequence = Sequence::new(10, 5);
        for seq in events {
            sequence.note(*seq);
        }
        sequence.faults()
    }

    #[test]
    fn all_events_once_and_in_order_are_no_fault() {
        assert_eq!(after(&[10, 11, 12, 13, 14]), Faults::default());
    }

    #[test]
    fn gaps_duplicates_and_disorder_are_told_apart() {
        assert_eq!(after(&[10, 11, 13, 14]), Faults { missing: 1, ..Faults::default() });
        let twice = after(&[10, 11, 11, 12, 13, 14]);
        assert_eq!(twice, Faults { duplicates: 1, ..Faults::default() });
        let swapped = after(&[10, 12, 11, 13, 14]);
        assert_eq!(swapped, Faults { disorder: 1, ..Faults::default() });
        let replayed = after(&[10, 11, 12, 10, 11]);
        assert_eq!(replayed, Faults { missing: 2, duplicates: 2, disorder: 0 });
    }

    #[test]
    fn events_of_before_and_after_the_run_do_not_count() {
        assert_eq!(after(&[9, 10, 11, 12, 13, 14, 15]), Faults::default());
    }
}
