//! Counters and gauges, and their text for Prometheus.

use crate::hub::{BATCH_FRAMES, Offered, ReplaySource};
use crate::stream::Origin;
use shared::protocol::ResetReason;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows, or goes up and down.
#[derive(Debug, Default)]
pub struct Number(AtomicU64);

impl Number {
    /// More of it.
    pub fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    /// Less of it.
    pub fn subtract(&self, amount: u64) {
        self.0.fetch_sub(amount, Ordering::Relaxed);
    }

    /// How much it is now.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything that the relay counts.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Open WebSockets.
    pub connections: Number,
    /// Subscriptions of all of them.
    pub subscriptions: Number,
    /// Boards held in memory.
    pub boards: Number,
    /// Handshakes that were refused.
    pub refused_handshakes: Number,
    /// Events that were missed live and read from the source.
    pub gaps_healed: Number,
    /// Answered reads from the source.
    pub source_reads: Number,
    /// Reads that got no answer.
    pub source_failures: Number,
    /// Sockets closed because their client read nothing.
    pub dead_readers: Number,
    /// Entries read from the feeds in Redis.
    pub feed_entries: Number,
    /// Feeds that were trimmed or emptied past what had been read of them.
    pub feeds_restarted: Number,
    /// Sockets closed because their token no longer counts.
    pub revoked: Number,
    /// Messages about presence that were written to sockets.
    pub presence_messages: Number,
    /// Messages that clients sent too fast.
    pub rate_limited: Number,
    deliveries: Number,
    writes: Number,
    frames_per_write: [Number; BATCH_FRAMES + 1],
    replayed_from_ring: Number,
    replayed_from_functions: Number,
    replayed_from_redis: Number,
    replayed_from_postgres: Number,
    resets_too_far: Number,
    resets_epoch: Number,
    posts: [Number; 5],
    fed: [Number; 5],
}

const OFFERED: [(Offered, &str); 5] = [
    (Offered::Appended, "appended"),
    (Offered::Early, "early"),
    (Offered::Duplicate, "duplicate"),
    (Offered::Foreign, "foreign"),
    (Offered::Unwatched, "unwatched"),
];

impl Metrics {
    /// So many writes of so many frames each.
    pub fn wrote(&self, frames: usize, writes: u64) {
        self.deliveries.add(frames as u64 * writes);
        self.writes.add(writes);
        if let Some(bucket) = self.frames_per_write.get(frames) {
            bucket.add(writes);
        }
    }

    /// So many events were sent again.
    pub fn replayed(&self, source: ReplaySource, frames: usize) {
        match source {
            ReplaySource::Ring => self.replayed_from_ring.add(frames as u64),
            ReplaySource::Source(Origin::Functions) => {
                self.replayed_from_functions.add(frames as u64);
            }
            ReplaySource::Source(Origin::Redis) => self.replayed_from_redis.add(frames as u64),
            ReplaySource::Source(Origin::Postgres) => {
                self.replayed_from_postgres.add(frames as u64);
            }
        }
    }

    /// A subscription was reset.
    pub fn reset(&self, reason: ResetReason) {
        match reason {
            ResetReason::TooFar => self.resets_too_far.add(1),
            ResetReason::Epoch => self.resets_epoch.add(1),
        }
    }

    /// An event was posted.
    pub fn posted(&self, offered: Offered) {
        count(&self.posts, offered);
    }

    /// An event came in a feed.
    pub fn fed(&self, offered: Offered) {
        count(&self.fed, offered);
    }

    /// All of it in Prometheus's text format, version 0.0.4.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(4096);
        let gauges = [
            ("connections", "Open WebSockets.", &self.connections),
            ("subscriptions", "Subscriptions of all open WebSockets.", &self.subscriptions),
            ("boards", "Boards held in memory.", &self.boards),
        ];
        for (name, help, number) in gauges {
            family(&mut text, name, "gauge", help, &[("", number)]);
        }
        let counters = [
            ("deliveries_total", "Events written to sockets.", &self.deliveries),
            ("refused_handshakes_total", "Handshakes refused.", &self.refused_handshakes),
            (
                "gaps_healed_total",
                "Events missed live and read from the source.",
                &self.gaps_healed,
            ),
            ("source_reads_total", "Answered reads from the source.", &self.source_reads),
            ("source_failures_total", "Reads that got no answer.", &self.source_failures),
            ("dead_readers_total", "Sockets whose client read nothing.", &self.dead_readers),
            ("feed_entries_total", "Entries read from the feeds.", &self.feed_entries),
            ("feeds_restarted_total", "Feeds begun anew.", &self.feeds_restarted),
            ("revoked_total", "Sockets whose token no longer counts.", &self.revoked),
            (
                "presence_messages_total",
                "Messages about presence written to sockets.",
                &self.presence_messages,
            ),
            ("rate_limited_total", "Messages sent too fast.", &self.rate_limited),
        ];
        for (name, help, number) in counters {
            family(&mut text, name, "counter", help, &[("", number)]);
        }
        self.labelled(&mut text);
        self.histogram(&mut text);
        text
    }

    fn labelled(&self, text: &mut String) {
        let replays = [
            (r#"{source="ring"}"#, &self.replayed_from_ring),
            (r#"{source="functions"}"#, &self.replayed_from_functions),
            (r#"{source="redis"}"#, &self.replayed_from_redis),
            (r#"{source="postgresql"}"#, &self.replayed_from_postgres),
        ];
        family(text, "replayed_total", "counter", "Events sent again, by where from.", &replays);
        let resets = [
            (r#"{reason="too-far"}"#, &self.resets_too_far),
            (r#"{reason="epoch"}"#, &self.resets_epoch),
        ];
        family(text, "resets_total", "counter", "Subscriptions reset, by why.", &resets);
        let labels = OFFERED.map(|(_, name)| format!(r#"{{outcome="{name}"}}"#));
        let posts: Vec<_> = labels.iter().map(String::as_str).zip(&self.posts).collect();
        family(text, "internal_posts_total", "counter", "Events posted, by what became.", &posts);
        let fed: Vec<_> = labels.iter().map(String::as_str).zip(&self.fed).collect();
        family(text, "feed_events_total", "counter", "Events of feeds, by what became.", &fed);
    }

    fn histogram(&self, text: &mut String) {
        let name = "realtime_relay_frames_per_write";
        let _ = writeln!(text, "# HELP {name} Events in one write to a socket.");
        let _ = writeln!(text, "# TYPE {name} histogram");
        let mut below = 0;
        for (frames, number) in self.frames_per_write.iter().enumerate() {
            below += number.get();
            if frames.is_power_of_two() {
                let _ = writeln!(text, "{name}_bucket{{le=\"{frames}\"}} {below}");
            }
        }
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {}", self.writes.get());
        let _ = writeln!(text, "{name}_sum {}", self.deliveries.get());
        let _ = writeln!(text, "{name}_count {}", self.writes.get());
    }
}

fn count(numbers: &[Number; 5], offered: Offered) {
    let index = OFFERED.iter().position(|(other, _)| *other == offered);
    if let Some(number) = index.and_then(|index| numbers.get(index)) {
        number.add(1);
    }
}

fn family(text: &mut String, name: &str, kind: &str, help: &str, samples: &[(&str, &Number)]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "# HELP realtime_relay_{name} {help}");
    let _ = writeln!(text, "# TYPE realtime_relay_{name} {kind}");
    for (labels, number) in samples {
        let _ = writeln!(text, "realtime_relay_{name}{labels} {}", number.get());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_prometheus_text_with_a_cumulative_histogram() {
        let metrics = Metrics::default();
        metrics.connections.add(3);
        metrics.wrote(1, 5);
        metrics.wrote(16, 2);
        metrics.posted(Offered::Duplicate);
        let text = metrics.text();
        for line in [
            "# TYPE realtime_relay_connections gauge",
            "realtime_relay_connections 3",
            "realtime_relay_deliveries_total 37",
            r#"realtime_relay_frames_per_write_bucket{le="8"} 5"#,
            r#"realtime_relay_frames_per_write_bucket{le="16"} 7"#,
            "realtime_relay_frames_per_write_count 7",
            r#"realtime_relay_internal_posts_total{outcome="duplicate"} 1"#,
            r#"realtime_relay_resets_total{reason="epoch"} 0"#,
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is missing in\n{text}");
        }
    }
}
