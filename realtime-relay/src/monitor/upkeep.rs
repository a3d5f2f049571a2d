//! What a consumer does now and then for all of them: it takes over what others left behind, measures
//! how far the group is, and removes consumers that are gone. All relays do; it does no harm twice.

use super::Monitor;
use super::counting::Happening;
use super::report::Reporter;
use crate::redis::entries::{Id, array, number, text, value_of};
use crate::unavailable::Unavailable;
use redis::{Value, cmd};
use shared::data::{keys, scripts};
use std::time::Duration;
use tokio::time::Instant;

/// Entries that a consumer has had for this long are claimed. With [`LOOK`] it is what the ten seconds
/// are made of within which a dead consumer's entries are counted.
const IDLE: Duration = Duration::from_secs(4);
/// How often that is looked for, at most; jittered, so that relays do not all do it at once.
const LOOK: Duration = Duration::from_secs(3);
/// Entries in one claim.
const ENTRIES: usize = 256;
/// Claims in a row for one feed; what is left then is claimed at the next look.
const CLAIMS: usize = 64;
/// A consumer that was silent for this long is removed.
const GONE: Duration = Duration::from_secs(600);
/// How often consumers are looked at for that.
const TIDY: Duration = Duration::from_secs(60);

impl Monitor {
    /// Looks after the group until something breaks.
    pub(super) async fn look_after(
        &self,
        reporter: &mut Reporter,
    ) -> Result<std::convert::Infallible, Unavailable> {
        let mut tidied = Instant::now();
        loop {
            self.measure().await?;
            self.measure_memory().await?;
            self.report(reporter).await?;
            tokio::time::sleep(LOOK.mul_f64(0.7 + fastrand::f64() * 0.3)).await;
            for shard in 0..keys::SHARDS {
                self.claim(shard).await?;
            }
            if tidied.elapsed() >= TIDY {
                tidied = Instant::now();
                for shard in 0..keys::SHARDS {
                    self.tidy(shard).await?;
                }
            }
        }
    }

    /// Counts what consumers were given and have not counted for a while: they are dead, frozen, or
    /// lost the answer. Whoever of them comes back finds it counted.
    async fn claim(&self, shard: u64) -> Result<(), Unavailable> {
        let mut cursor = "0-0".to_owned();
        for _ in 0..CLAIMS {
            let mut claim = cmd("XAUTOCLAIM");
            claim.arg(keys::feed(shard)).arg(keys::MONITOR_GROUP).arg(&self.name);
            claim.arg(IDLE.as_millis() as u64).arg(&cursor).arg("COUNT").arg(ENTRIES);
            let answer: Value = self.link.ask(&claim).await?;
            let Some([next, claimed, rest @ ..]) = array(&answer) else { return Ok(()) };
            let happenings = Happening::read_all(claimed);
            if !happenings.is_empty() {
                tracing::info!(shard, entries = happenings.len(), "entries were claimed");
            }
            self.metrics.monitor_claimed.add(happenings.len() as u64);
            self.count(shard, &happenings).await?;
            // Redis 7 names those that are not in the feed any more, and forgets them.
            let lost = rest.first().and_then(array).map_or(0, <[Value]>::len);
            self.metrics.monitor_lost.add(lost as u64);
            cursor = text(next).unwrap_or("0-0").to_owned();
            if cursor == "0-0" {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Measures how far the group is, and how far this relay has read the feeds that it follows.
    async fn measure(&self) -> Result<(), Unavailable> {
        let (mut lag, mut pending, mut behind) = (0, 0, 0);
        for shard in 0..keys::SHARDS {
            let feed = keys::feed(shard);
            let stream: Value = self.link.ask(cmd("XINFO").arg("STREAM").arg(&feed)).await?;
            let groups: Value = self.link.ask(cmd("XINFO").arg("GROUPS").arg(&feed)).await?;
            let is_ours = |group: &&Value| {
                value_of(group, "name").and_then(text) == Some(keys::MONITOR_GROUP)
            };
            if let Some(group) = array(&groups).and_then(|groups| groups.iter().find(is_ours)) {
                lag += not_given(&stream, group);
                pending += value_of(group, "pending").and_then(number).unwrap_or_default();
            }
            let newest = value_of(&stream, "last-generated-id").and_then(text).and_then(Id::parse);
            // Asked for after that, so that what came in between makes no lag.
            if let Some((newest, read)) = newest.zip(self.source.read_up_to(shard)) {
                behind = newest.0.saturating_sub(read).max(behind);
            }
        }
        self.metrics.monitor_lag_entries.set(lag);
        self.metrics.monitor_pending_entries.set(pending);
        self.metrics.feed_lag_seconds.set(Duration::from_millis(behind));
        Ok(())
    }

    /// Measures how full Redis is: of a cluster the node that uses most.
    async fn measure_memory(&self) -> Result<(), Unavailable> {
        let redis = self.link.lease().await?;
        let mut fullest = (0, 0);
        for place in 0..redis.servers().len() {
            let told: String = redis.ask_at(place, cmd("INFO").arg("memory")).await?;
            let number = |name: &str| {
                let mut pairs = told.lines().filter_map(|line| line.split_once(':'));
                pairs.find_map(|(known, value)| (known == name).then(|| value.parse().ok())?)
            };
            let [used, most] = ["used_memory", "maxmemory"].map(|name| number(name).unwrap_or(0));
            fullest = fullest.max((used, most));
        }
        self.metrics.redis_memory_bytes.set(fullest.0);
        self.metrics.redis_max_memory_bytes.set(fullest.1);
        Ok(())
    }

    /// Removes consumers that are gone and left nothing behind.
    async fn tidy(&self, shard: u64) -> Result<(), Unavailable> {
        let mut script = cmd("EVAL");
        script.arg(scripts::MONITOR_TIDY).arg(1).arg(keys::feed(shard));
        script.arg(keys::MONITOR_GROUP).arg(GONE.as_millis() as u64);
        let removed: u64 = self.link.ask(&script).await?;
        self.metrics.monitor_consumers_removed.add(removed);
        Ok(())
    }
}

/// How many entries of a feed no consumer of the group was given yet, by what XINFO reports of both.
///
/// The `lag` that it reports is not enough. Redis does not always know it. Redis 7 and Valkey count
/// entries that were trimmed before anybody was given them, and Redis 7.0 goes on counting them
/// when the group has long been given the newest.
fn not_given(stream: &Value, group: &Value) -> u64 {
    let id = |of, name| value_of(of, name).and_then(text).and_then(Id::parse);
    let given = id(group, "last-delivered-id");
    if given.is_some() && given >= id(stream, "last-generated-id") {
        return 0;
    }
    let length = value_of(stream, "length").and_then(number).unwrap_or_default();
    value_of(group, "lag").and_then(number).map_or(length, |lag| lag.min(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lag that this makes of a feed of this many entries up to this one, of which the group was
    /// given those up to that one, with the `lag` that a server reports.
    fn lag(length: i64, newest: &str, given: &str, told: Value) -> u64 {
        let bulk = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let (newest, given) = (bulk(newest), bulk(given));
        let stream = [bulk("length"), Value::Int(length), bulk("last-generated-id"), newest];
        let group = [bulk("last-delivered-id"), given, bulk("lag"), told];
        not_given(&Value::Array(stream.into()), &Value::Array(group.into()))
    }

    #[test]
    fn rt_monitor_the_lag_is_no_more_than_the_feed_holds_and_nothing_at_its_end() {
        assert_eq!(lag(10, "9-5", "9-3", Value::Int(7)), 7);
        assert_eq!(lag(4, "9-5", "9-3", Value::Int(7)), 4, "three were trimmed");
        assert_eq!(lag(4, "9-5", "9-3", Value::Nil), 4, "it is not known");
        assert_eq!(lag(4, "9-5", "9-5", Value::Int(3)), 0, "all that is left was given");
        assert_eq!(lag(4, "9-5", "9-10", Value::Int(3)), 0, "more came between the questions");
    }
}
