//! Counters and gauges, and their text for Prometheus. What each means to an operator is in
//! `docs/operations.md`, which a test compares with the table here.

mod kinds;
mod labels;
mod process;
mod table;

use kinds::{Build, By, Histogram, Known, Scale, Seconds};
pub use kinds::{Label, Number};
pub use labels::{
    MailOutcome, Monitored, Offered, RefusedHandshake, ReplaySource, SpanOutcome, Store, Sweep,
    Transport,
};
use shared::data::statistics::LATENCY_BOUNDS;
use shared::protocol::{CloseCode, ResetReason};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use table::families;
use telemetry::traces::Outcomes;

families! {
    /// Everything that the relay counts. A new family is a new entry here (and in
    /// `docs/operations.md`); a number by label needs a type with [`Label`].
    pub struct Metrics, "realtime_relay_" {
        /// The running program: always 1, its version as a label.
        gauge build_info: Build;
        /// Whether the relay is about to end (1) and takes no new connections.
        gauge draining: Number;
        /// Tasks of the runtime: a few, and one or two for each connection and watched board.
        gauge tasks: Number;
        /// Open connections.
        gauge connections: By<Transport>;
        /// Of the open connections those of guests and of clients that have not said yet who they are.
        gauge guests: Number;
        /// Subscriptions of all open connections.
        gauge subscriptions: Number;
        /// Boards held in memory.
        gauge boards: Number;
        /// Handshakes that were refused.
        counter refused_handshakes: By<RefusedHandshake>;
        /// Sockets that the relay closed, by the code that it sent.
        counter closed: By<CloseCode>;
        /// Sockets closed because their client read nothing.
        counter dead_readers: Number;
        /// Sockets closed because their token is no longer valid.
        counter revoked: Number;
        /// Messages about presence that were written to sockets.
        counter presence_messages: Number;
        /// Messages that clients sent too fast.
        counter rate_limited: Number;

        /// Events written to sockets.
        counter deliveries: Number;
        /// Events in one write to a socket.
        histogram frames_per_write: Histogram<Frames>;
        /// Seconds from an event's publication until it was written to all sockets that keep up, by
        /// the clocks of Redis and of the relay.
        histogram publish_to_write_seconds: Histogram<Lag>;
        /// The same from the moment at which the event happened, by the clocks of PostgreSQL and of the
        /// relay.
        histogram write_to_glass_seconds: Histogram<Lag>;
        /// Events sent again.
        counter replayed: By<ReplaySource>;
        /// Subscribers that one read of older events served.
        histogram subscribers_per_read: Histogram<Subscribers>;
        /// Subscriptions that were reset.
        counter resets: By<ResetReason>;
        /// Events that were missed live and read from the source.
        counter gaps_healed: Number;
        /// Boards that were found behind the database.
        counter swept_boards: By<Sweep>;
        /// Events that were found committed and not delivered.
        counter swept_events: By<Sweep>;
        /// Answered reads from the source.
        counter source_reads: Number;
        /// Reads that got no answer.
        counter source_failures: Number;

        /// Events posted by the functions, by what became of them.
        counter internal_posts: By<Offered>;
        /// Entries read from the feeds in Redis.
        counter feed_entries: Number;
        /// Events of the feeds, by what became of them.
        counter feed_events: By<Offered>;
        /// Feeds that were trimmed or emptied past what had been read of them.
        counter feeds_restarted: Number;
        /// Seconds between the newest entry of a feed and the last one read of it; the most of all
        /// followed feeds.
        gauge feed_lag_seconds: Seconds;

        /// Entries of the feeds by what the relay, as a consumer of the group, made of them.
        counter monitor_entries: By<Monitored>;
        /// Entries taken over from consumers that are gone or slow.
        counter monitor_claimed: Number;
        /// Entries that were trimmed before anybody had counted them.
        counter monitor_lost: Number;
        /// Consumers removed that had been gone for long.
        counter monitor_consumers_removed: Number;
        /// Entries that the group has not been given yet, in all feeds.
        gauge monitor_lag_entries: Known;
        /// Entries given to consumers and not counted yet, in all feeds.
        gauge monitor_pending_entries: Known;

        /// The memory that Redis uses.
        gauge redis_memory_bytes: Known;
        /// The memory that Redis may use, of which it evicts what has an expiry; 0 is no limit.
        gauge redis_max_memory_bytes: Known;

        /// Whether a store's last answer came (1) or failed to (0); absent until it was asked.
        gauge store_up: By<Store, Known>;
        /// When a store last answered, in seconds since 1970.
        gauge store_last_answer_timestamp_seconds: By<Store, Seconds>;
        /// Questions that a store did not answer, and connections that it did not take.
        counter store_failures: By<Store>;
        /// Connections made to a store: after the first ones, reconnects.
        counter store_connects: By<Store>;

        /// Mails, by what became of them: `deferred` each time that one is tried again later.
        counter mails: By<MailOutcome>;
        /// Mails that wait to be sent.
        gauge mails_waiting: Known;

        /// Spans of followed events, by what became of them.
        counter spans: By<SpanOutcome>;
    }
}

/// Of writes, in events.
#[derive(Debug)]
pub struct Frames;

impl Scale for Frames {
    const BOUNDS: &'static [u64] = &[1, 2, 4, 8, 16];
    const PER_UNIT: u64 = 1;
}

/// Of the time to a write, in microseconds.
#[derive(Debug)]
pub struct Lag;

impl Scale for Lag {
    const BOUNDS: &'static [u64] = LATENCY_BOUNDS;
    const PER_UNIT: u64 = 1_000_000;
}

/// Of shared reads, in subscribers.
#[derive(Debug)]
pub struct Subscribers;

impl Scale for Subscribers {
    const BOUNDS: &'static [u64] = &[1, 2, 5, 10, 50, 100, 500, 1_000, 5_000];
    const PER_UNIT: u64 = 1;
}

/// When an event happened, if that is known, and when it was published, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// Its timestamp.
    pub happened: Option<u64>,
    /// When it came into Redis, or from its function.
    pub published: u64,
}

impl Metrics {
    /// This many writes of this many frames each.
    pub fn wrote(&self, frames: usize, writes: u64) {
        self.deliveries.add(frames as u64 * writes);
        self.frames_per_write.observe(frames as u64, writes);
    }

    /// So many events were sent again.
    pub fn replayed(&self, source: ReplaySource, frames: usize) {
        self.replayed.of(source).add(frames as u64);
    }

    /// A subscription was reset.
    pub fn reset(&self, reason: ResetReason) {
        self.resets.of(reason).add(1);
    }

    /// An event was posted.
    pub fn posted(&self, offered: Offered) {
        self.internal_posts.of(offered).add(1);
    }

    /// An event came in a feed.
    pub fn fed(&self, offered: Offered) {
        self.feed_events.of(offered).add(1);
    }

    /// Events of these moments have just been written to sockets. One look at the clock, for all of
    /// them.
    pub fn published_and_written(&self, moments: &[Moments]) {
        if moments.is_empty() {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = |moment| {
            let lag = now.saturating_sub(Duration::from_millis(moment));
            u64::try_from(lag.as_micros()).unwrap_or(u64::MAX)
        };
        for moments in moments {
            self.publish_to_write_seconds.observe(since(moments.published), 1);
            if let Some(happened) = moments.happened {
                self.write_to_glass_seconds.observe(since(happened), 1);
            }
        }
    }

    /// A store answered, if only with a refusal.
    pub fn store_answered(&self, store: Store) {
        self.store_up.of(store).set(1);
        self.store_last_answer_timestamp_seconds.of(store).set_to_now();
    }

    /// A store did not answer, or took no connection.
    pub fn store_failed(&self, store: Store) {
        self.store_up.of(store).set(0);
        self.store_failures.of(store).add(1);
    }

    /// So many spans ended so far.
    pub fn spans_are(&self, outcomes: Outcomes) {
        let Outcomes { exported, failed, dropped } = outcomes;
        self.spans.of(SpanOutcome::Exported).set(exported);
        self.spans.of(SpanOutcome::Failed).set(failed);
        self.spans.of(SpanOutcome::Dropped).set(dropped);
    }

    /// All of it in Prometheus's text format, version 0.0.4. Reads files of `/proc`, which takes
    /// milliseconds where thousands of sockets are open.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(16 << 10);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.tasks.set(runtime.metrics().num_alive_tasks() as u64);
        }
        self.families().iter().for_each(|family| family.write(&mut text));
        process::measured().write(&mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_prometheus_text_with_a_cumulative_histogram() {
        let metrics = Metrics::default();
        metrics.connections.of(Transport::TeamsWebSocket).add(3);
        metrics.wrote(1, 5);
        metrics.wrote(16, 2);
        metrics.posted(Offered::Duplicate);
        metrics.store_failed(Store::Redis);
        let text = metrics.text();
        for line in [
            "# TYPE realtime_relay_connections gauge",
            r#"realtime_relay_connections{mode="teams",transport="websocket"} 3"#,
            "realtime_relay_deliveries_total 37",
            r#"realtime_relay_frames_per_write_bucket{le="8"} 5"#,
            r#"realtime_relay_frames_per_write_bucket{le="16"} 7"#,
            "realtime_relay_frames_per_write_count 7",
            "realtime_relay_frames_per_write_sum 37",
            r#"realtime_relay_publish_to_write_seconds_bucket{le="0.0025"} 0"#,
            r#"realtime_relay_internal_posts_total{outcome="duplicate"} 1"#,
            r#"realtime_relay_resets_total{reason="epoch"} 0"#,
            r#"realtime_relay_store_up{store="redis"} 0"#,
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is missing in\n{text}");
        }
        let unknown = r#"realtime_relay_store_up{store="functions"}"#;
        assert!(!text.contains(unknown), "nobody has asked them");
    }

    #[test]
    fn a_clock_that_is_behind_makes_no_lag_of_centuries() {
        let metrics = Metrics::default();
        let late = Moments { happened: Some(0), published: 0 };
        metrics.published_and_written(&[Moments { happened: None, published: u64::MAX }, late]);
        let text = metrics.text();
        for line in [
            r#"realtime_relay_publish_to_write_seconds_bucket{le="0.001"} 1"#,
            r#"realtime_relay_publish_to_write_seconds_bucket{le="30"} 1"#,
            "realtime_relay_publish_to_write_seconds_count 2",
            "realtime_relay_write_to_glass_seconds_count 1",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is missing in\n{text}");
        }
    }
}
