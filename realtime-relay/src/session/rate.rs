//! How fast a client may send: a bucket of tokens that fills at a steady rate.

use tokio::time::Instant;

#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    tokens: f64,
    filled_at: Instant,
    per_second: f64,
    capacity: f64,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn new(now: Instant, per_second: u32, capacity: u32) -> Self {
        let capacity = f64::from(capacity.max(1));
        Self { tokens: capacity, filled_at: now, per_second: f64::from(per_second), capacity }
    }

    /// Takes a token out, if there is one.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let elapsed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + elapsed * self.per_second).min(self.capacity);
        self.filled_at = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn limit_messages_10_a_second_with_bursts_of_30() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start, 10, 30);
        assert_eq!((0..100).filter(|_| bucket.take(start)).count(), 30);
        let later = start + Duration::from_millis(500);
        assert_eq!((0..100).filter(|_| bucket.take(later)).count(), 5);
        let much_later = start + Duration::from_secs(3600);
        assert_eq!((0..100).filter(|_| bucket.take(much_later)).count(), 30);
    }
}
