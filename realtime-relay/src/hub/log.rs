//! A run of frames that many read at their own pace, without cursors of the outside: who falls off
//! its end begins anew.

use super::ring::Ring;
use crate::lock::lock;
use bytes::Bytes;
use std::sync::Mutex;

/// The newest frames, numbered in the order in which they came.
#[derive(Debug)]
pub struct Log(Mutex<Ring>);

/// What a reader finds.
#[derive(Debug, Eq, PartialEq)]
pub enum Found {
    /// The next frames, for one write; none when it has all.
    Frames(Vec<Bytes>),
    /// What it needs next is not kept any more.
    TooFar,
}

impl Log {
    /// An empty log of so many frames and bytes at most.
    #[must_use]
    pub fn new(frames: usize, bytes: usize) -> Self {
        Self(Mutex::new(Ring::new(0, frames, bytes)))
    }

    /// The number that the next frame will get.
    #[must_use]
    pub fn end(&self) -> u64 {
        lock(&self.0).end()
    }

    /// Appends a frame.
    pub fn push(&self, frame: Bytes) {
        lock(&self.0).push(frame);
    }

    /// The frames from this number on.
    #[must_use]
    pub fn from(&self, next: u64) -> Found {
        let ring = lock(&self.0);
        if next < ring.end() && !ring.holds(next) {
            return Found::TooFar;
        }
        Found::Frames(ring.batch(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rt7_who_is_too_slow_is_told_and_never_given_a_hole() {
        let log = Log::new(3, usize::MAX);
        let frame = |number: u8| Bytes::copy_from_slice(&[number]);
        assert_eq!(log.from(0), Found::Frames(vec![]));
        (0..5).for_each(|number| log.push(frame(number)));
        assert_eq!(log.end(), 5);
        assert_eq!(log.from(1), Found::TooFar);
        assert_eq!(log.from(2), Found::Frames(vec![frame(2), frame(3), frame(4)]));
        assert_eq!(log.from(5), Found::Frames(vec![]));
    }
}
