//! A run of consecutive events, ready to be sent: a board's newest ones, or older ones read back.

use bytes::Bytes;
use std::collections::VecDeque;

/// The most frames that a socket is given in one write.
pub const BATCH_FRAMES: usize = 16;
/// The most bytes in one write, unless a single frame is longer.
pub const BATCH_BYTES: usize = 64 << 10;

/// Frames of the events `first`, `first + 1`, … without gaps.
#[derive(Debug)]
pub(super) struct Ring {
    first: u64,
    frames: VecDeque<Bytes>,
    bytes: usize,
    /// The most frames that it holds.
    capacity: usize,
    /// The most bytes that it holds (the newest frame is always held).
    byte_capacity: usize,
}

impl Ring {
    /// An empty run whose first event will be `first`.
    #[must_use]
    pub(super) fn new(first: u64, capacity: usize, byte_capacity: usize) -> Self {
        Self { first, frames: VecDeque::new(), bytes: 0, capacity, byte_capacity }
    }

    /// The event that comes next.
    #[must_use]
    pub(super) fn end(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    /// Whether it holds this event.
    #[must_use]
    pub(super) fn holds(&self, seq: u64) -> bool {
        (self.first..self.end()).contains(&seq)
    }

    /// Appends the event [`Self::end`]; the oldest ones make room.
    pub(super) fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
        while self.frames.len() > self.capacity
            || (self.bytes > self.byte_capacity && self.frames.len() > 1)
        {
            let oldest = self.frames.pop_front().map_or(0, |frame| frame.len());
            self.bytes -= oldest;
            self.first += 1;
        }
    }

    /// Forgets everything and goes on with this event.
    pub(super) fn restart(&mut self, first: u64) {
        self.first = first;
        self.frames = VecDeque::new();
        self.bytes = 0;
    }

    /// The frames from `next` on that fit into one write; none when `next` is not held.
    #[must_use]
    pub(super) fn batch(&self, next: u64) -> Vec<Bytes> {
        let Some(skipped) = next.checked_sub(self.first) else { return Vec::new() };
        let mut bytes = 0;
        let start = usize::try_from(skipped).unwrap_or(usize::MAX).min(self.frames.len());
        self.frames
            .range(start..)
            .take(BATCH_FRAMES)
            .take_while(|frame| {
                let first = bytes == 0;
                bytes += frame.len();
                first || bytes <= BATCH_BYTES
            })
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(seq: u64, length: usize) -> Bytes {
        let mut bytes = seq.to_be_bytes().to_vec();
        bytes.resize(length.max(8), 0);
        bytes.into()
    }

    #[test]
    fn rt_ring_a_write_takes_16_frames_or_64_kib_and_at_least_one_frame() {
        let mut ring = Ring::new(1, 100, usize::MAX);
        (1..=40).for_each(|seq| ring.push(frame(seq, 100)));
        assert_eq!(ring.batch(3).len(), BATCH_FRAMES);
        assert_eq!(ring.batch(39).len(), 2);
        assert!(ring.batch(41).is_empty());
        ring.push(frame(41, 40 << 10));
        ring.push(frame(42, 40 << 10));
        ring.push(frame(43, 200 << 10));
        assert_eq!(ring.batch(41).len(), 1);
        assert_eq!(ring.batch(43).len(), 1);
    }

    proptest! {
        #[test]
        fn rt_ring_holds_the_newest_without_a_hole_within_its_bounds(
            first in 1_u64..1000,
            lengths in prop::collection::vec(8_usize..400, 0..60),
            capacity in 1_usize..20,
            byte_capacity in 1_usize..2000,
            asked in 0_u64..1100,
        ) {
            let mut ring = Ring::new(first, capacity, byte_capacity);
            for (index, length) in lengths.iter().enumerate() {
                ring.push(frame(first + index as u64, *length));
                prop_assert!(ring.frames.len() <= capacity);
                prop_assert!(ring.bytes <= byte_capacity || ring.frames.len() == 1);
            }
            prop_assert_eq!(ring.end(), first + lengths.len() as u64);
            let batch = ring.batch(asked);
            prop_assert_eq!(!batch.is_empty(), ring.holds(asked));
            for (index, frame) in batch.iter().enumerate() {
                prop_assert_eq!(&frame[..8], (asked + index as u64).to_be_bytes());
            }
        }
    }
}
