//! What a relay says of itself, for the admins' dashboard: into Redis every few seconds, where it counts for
//! ten (shared/src/data/relay_report.lua).

use super::Monitor;
use crate::unavailable::Unavailable;
use redis::cmd;
use shared::data::statistics::RelayReport;
use shared::data::{keys, scripts};
use shared::models::Timestamp;
use std::collections::VecDeque;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// How long a report is kept; its readers decide how long it is current.
const KEPT: Duration = Duration::from_secs(60);
/// How far back latencies go.
const LOOK_BACK: Duration = Duration::from_secs(60);

/// What was counted of latencies up to some moment.
struct Seen {
    at: Instant,
    publish_to_socket: Vec<u64>,
    write_to_glass: Vec<u64>,
}

/// What reports are made of beside the metrics.
pub(super) struct Reporter {
    started_at: Timestamp,
    /// What was counted a minute ago, and since; oldest first.
    seen: VecDeque<Seen>,
}

impl Reporter {
    /// Of a relay that starts now.
    pub(super) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        Self { started_at: Timestamp::from_milliseconds(now), seen: VecDeque::new() }
    }
}

impl Monitor {
    /// Says how this relay is.
    pub(super) async fn report(&self, reporter: &mut Reporter) -> Result<(), Unavailable> {
        let metrics = &self.metrics;
        let now = Seen {
            at: Instant::now(),
            publish_to_socket: metrics.publish_to_write_seconds.counts(),
            write_to_glass: metrics.write_to_glass_seconds.counts(),
        };
        while reporter.seen.get(1).is_some_and(|seen| now.at - seen.at >= LOOK_BACK) {
            reporter.seen.pop_front();
        }
        let before = reporter.seen.front();
        let report = RelayReport {
            relay: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: reporter.started_at,
            connections: metrics.connections.sum(),
            guests: metrics.guests.get(),
            subscriptions: metrics.subscriptions.get(),
            boards: metrics.boards.get(),
            feed_lag_ms: metrics.feed_lag_seconds.milliseconds(),
            lag_entries: metrics.monitor_lag_entries.get().unwrap_or_default(),
            pending_entries: metrics.monitor_pending_entries.get().unwrap_or_default(),
            publish_to_socket: since(
                before.map(|it| &it.publish_to_socket),
                &now.publish_to_socket,
            ),
            write_to_glass: since(before.map(|it| &it.write_to_glass), &now.write_to_glass),
        };
        reporter.seen.push_back(now);
        let report =
            serde_json::to_string(&report).map_err(|error| Unavailable(error.to_string()))?;
        let mut script = cmd("EVAL");
        script.arg(scripts::RELAY_REPORT).arg(1).arg(keys::RELAY_REPORTS);
        script.arg(KEPT.as_millis() as u64).arg(&self.name).arg(report);
        self.link.ask::<redis::Value>(&script).await.map(drop)
    }
}

/// What was counted since then.
fn since(before: Option<&Vec<u64>>, now: &[u64]) -> Vec<u64> {
    let before = |index| before.and_then(|before| before.get(index)).copied().unwrap_or_default();
    now.iter().enumerate().map(|(index, count)| count.saturating_sub(before(index))).collect()
}
