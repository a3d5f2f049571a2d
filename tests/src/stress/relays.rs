//! The metrics of an arena's relays.

use super::Arena;
use std::collections::BTreeMap;

impl Arena {
    /// A relay's metrics, by name and labels as `/metrics` writes them.
    ///
    /// # Panics
    /// If it does not answer.
    pub async fn metrics(&self, relay: usize) -> BTreeMap<String, f64> {
        let client = crate::Client::new(self.metrics_url(relay));
        let reply = client.get("/metrics").try_send().await.expect("metrics");
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        samples
            .filter_map(|line| {
                let (name, number) = line.rsplit_once(' ')?;
                Some((name.to_owned(), number.parse().ok()?))
            })
            .collect()
    }

    /// One of a relay's metrics, such as `realtime_relay_boards`, or the sum of a family, such
    /// as `realtime_relay_connections`; 0 if it has none.
    pub async fn metric(&self, relay: usize, name: &str) -> f64 {
        let metrics = self.metrics(relay).await;
        let of_name = |sample: &str| {
            sample.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('{'))
        };
        metrics.iter().filter(|(sample, _)| of_name(sample)).map(|(_, value)| value).sum()
    }

    /// The sum of a metric over all relays.
    pub async fn metric_of_all(&self, name: &str) -> f64 {
        let mut sum = 0.0;
        for relay in 0..self.relays() {
            sum += self.metric(relay, name).await;
        }
        sum
    }

    /// A relay's resident memory, in bytes.
    ///
    /// # Panics
    /// If it does not run.
    #[must_use]
    pub fn relay_memory(&self, relay: usize) -> u64 {
        let id = self.relay_process(relay).expect("a running relay");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        let kilobytes = line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number");
        kilobytes * 1_024
    }
}
