//! Latencies, kept as a histogram of three significant digits from a microsecond to a minute.

use hdrhistogram::Histogram;
use std::time::Duration;

const LEAST_NANOSECONDS: u64 = 1_000;
const MOST_NANOSECONDS: u64 = 60_000_000_000;

/// Many latencies.
#[derive(Clone, Debug)]
pub struct Latencies(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Self {
        let histogram = Histogram::new_with_bounds(LEAST_NANOSECONDS, MOST_NANOSECONDS, 3);
        Self(histogram.unwrap_or_else(|error| unreachable!("the bounds are good: {error}")))
    }
}

impl Latencies {
    /// Adds one.
    pub fn record(&mut self, latency: Duration) {
        self.0.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Adds those of another.
    pub fn add(&mut self, other: &Self) {
        // Both have the same bounds, so that every value fits.
        let _ = self.0.add(&other.0);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The percentile of the latencies for this fraction (0.99), in milliseconds.
    #[must_use]
    pub fn milliseconds_at(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1e6
    }

    /// The longest, in milliseconds.
    #[must_use]
    pub fn most_milliseconds(&self) -> f64 {
        self.0.max() as f64 / 1e6
    }
}
