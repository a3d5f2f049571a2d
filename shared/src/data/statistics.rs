//! What relays count and say of themselves, summed up for the admins' dashboard.

use super::keys;
use crate::models::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The upper bounds, in microseconds, by which latencies are counted; what is above the last is counted
/// as well.
pub const LATENCY_BOUNDS: &[u64] = &[
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000, 30_000_000,
];

/// Minutes and spans that the dashboard looks back.
const MINUTES: u64 = 60;
const SPANS: u64 = MINUTES * 60 / keys::MONITOR_SPAN;

/// The field of a shard's statistics that says since when its events are counted.
pub const SINCE: &str = "since";

/// How many boards and people it names.
const NAMED: usize = 10;

/// How often what happened.
type Counts = BTreeMap<String, u64>;

/// What a relay says of itself.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RelayReport {
    /// A name that no other relay has.
    pub relay: String,
    /// Which program it is.
    pub version: String,
    /// When it started.
    pub started_at: Timestamp,
    /// Its open connections.
    pub connections: u64,
    /// Of these the guests'.
    pub guests: u64,
    /// The subscriptions of all of them.
    pub subscriptions: u64,
    /// The boards in its memory.
    pub boards: u64,
    /// How far it is behind the feeds that it reads, in milliseconds.
    pub feed_lag_ms: Option<u64>,
    /// Entries of all feeds that no consumer was given.
    pub lag_entries: u64,
    /// Entries that were given to one and are not counted.
    pub pending_entries: u64,
    /// Events of the last minute by how long they took from Redis to the last socket, counted by
    /// [`LATENCY_BOUNDS`].
    pub publish_to_socket: Vec<u64>,
    /// The same from the event's own timestamp.
    pub write_to_glass: Vec<u64>,
}

/// How long events took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// The number of measurements.
    pub events: u64,
    /// Half of them took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 % of them took no longer.
    pub p99_ms: f64,
}

impl Latency {
    /// From counts by [`LATENCY_BOUNDS`]: within a bucket all values are taken as equally likely.
    /// `None` without any.
    #[must_use]
    pub fn of(counts: &[u64]) -> Option<Self> {
        let events: u64 = counts.iter().sum();
        let at = |share: f64| {
            let rank = share * events as f64;
            let (mut below, mut least) = (0.0, 0);
            for (index, count) in counts.iter().enumerate() {
                let most = LATENCY_BOUNDS.get(index).copied().unwrap_or(least);
                let count = *count as f64;
                if count > 0.0 && below + count >= rank {
                    let part = (rank - below) / count;
                    let micros = least as f64 + (most - least) as f64 * part;
                    return (micros / 10.0).round() / 100.0;
                }
                below += count;
                least = most;
            }
            least as f64 / 1e3
        };
        (events > 0).then(|| Self { events, p50_ms: at(0.5), p99_ms: at(0.99) })
    }
}

/// When the dashboard's 60 minutes begin, and the spans of boards and people, in seconds since 1970.
#[must_use]
pub fn beginnings(now: Timestamp) -> [u64; 2] {
    let (minute, span) = (seconds(now) / 60, seconds(now) / keys::MONITOR_SPAN);
    let first = |now: u64, many: u64| (now + 1).saturating_sub(many);
    [first(minute, MINUTES) * 60, first(span, SPANS) * keys::MONITOR_SPAN]
}

/// Which keys of a shard are read at this moment, and the arguments of `read_statistics.lua` for them.
#[must_use]
pub fn keys_of(shard: u64, now: Timestamp) -> (Vec<String>, [u64; 2]) {
    let [first_minute, first_span] = beginnings(now);
    let minutes = first_minute / 60..=seconds(now) / 60;
    let spans = first_span / keys::MONITOR_SPAN..=seconds(now) / keys::MONITOR_SPAN;
    let all = std::iter::once(keys::statistics(shard))
        .chain(minutes.map(|minute| keys::monitor_counts_of_minute(shard, minute)))
        .chain(spans.clone().map(|span| keys::monitor_boards(shard, span)))
        .chain(spans.map(|span| keys::monitor_people(shard, span)));
    (all.collect(), [MINUTES, SPANS])
}

fn seconds(moment: Timestamp) -> u64 {
    u64::try_from(moment.milliseconds() / 1_000).unwrap_or_default()
}

/// What `read_statistics.lua` answers of a shard.
#[derive(Deserialize)]
struct Shard {
    statistics: Counts,
    minutes: Vec<Counts>,
    boards: Counts,
    people: Counts,
}

/// What was counted of all shards.
#[derive(Debug, Default)]
pub struct Counted {
    /// Since when each shard's events are counted, if known.
    since: Vec<Option<u64>>,
    statistics: Counts,
    minutes: Vec<u64>,
    kinds: Counts,
    boards: BTreeMap<u64, u64>,
    people: Counts,
}

/// How much happened in a minute.
#[derive(Debug, Serialize)]
pub struct Minute {
    /// When it began.
    pub minute: Timestamp,
    /// How many events there were.
    pub events: u64,
}

/// Somebody, and how much they did.
#[derive(Debug, Eq, PartialEq, Serialize)]
pub struct BusyPerson {
    /// Their name.
    pub username: String,
    /// How many events they made.
    pub events: u64,
}

impl Counted {
    /// Adds what `read_statistics.lua` answered of a shard.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn add(&mut self, answer: &str) -> Result<(), serde_json::Error> {
        let mut shard: Shard = serde_json::from_str(answer)?;
        self.since.push(shard.statistics.remove(SINCE));
        self.minutes.resize(self.minutes.len().max(shard.minutes.len()), 0);
        for (sum, minute) in self.minutes.iter_mut().zip(shard.minutes) {
            for (what, events) in minute {
                // Entries that are no events are in `all` as well.
                match what.as_str() {
                    "all" => *sum += events,
                    "faulty" => *sum = sum.saturating_sub(events),
                    _ => *self.kinds.entry(what).or_default() += events,
                }
            }
        }
        for (board, events) in shard.boards {
            if let Ok(board) = board.parse() {
                *self.boards.entry(board).or_default() += events;
            }
        }
        for (sums, counts) in
            [(&mut self.people, shard.people), (&mut self.statistics, shard.statistics)]
        {
            for (what, times) in counts {
                *sums.entry(what).or_default() += times;
            }
        }
        Ok(())
    }

    /// Whether these are all events of the last hour: Redis has not lost its memory meanwhile.
    #[must_use]
    pub fn is_whole(&self, now: Timestamp) -> bool {
        let [first, _] = beginnings(now);
        self.since.iter().all(|since| since.is_some_and(|since| since <= first))
    }

    /// Puts what `count_events.sql` gives in the place of the events that were counted.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn recount(&mut self, answer: &str) -> Result<(), serde_json::Error> {
        let statistics = std::mem::take(&mut self.statistics);
        *self = Self { statistics, ..Self::default() };
        self.add(answer)
    }

    /// The last minutes, oldest first; the last one is this one.
    #[must_use]
    pub fn per_minute(&self, now: Timestamp) -> Vec<Minute> {
        let first = (seconds(now) / 60 + 1).saturating_sub(self.minutes.len() as u64);
        let minutes = (first..).zip(&self.minutes);
        let start = |minute: u64| i64::try_from(minute * 60_000).unwrap_or(i64::MAX);
        minutes
            .map(|(minute, events)| Minute {
                minute: Timestamp::from_milliseconds(start(minute)),
                events: *events,
            })
            .collect()
    }

    /// What happened in these minutes, by action and entity.
    #[must_use]
    pub fn by_kind(&self) -> &Counts {
        &self.kinds
    }

    /// How many people changed something.
    #[must_use]
    pub fn active(&self) -> usize {
        self.people.len()
    }

    /// Those who changed most.
    #[must_use]
    pub fn busiest_people(&self) -> Vec<BusyPerson> {
        let most = most(self.people.iter().map(|(name, events)| (name.clone(), *events)));
        most.into_iter().map(|(username, events)| BusyPerson { username, events }).collect()
    }

    /// The boards to which most happened, and how much.
    #[must_use]
    pub fn busiest_boards(&self) -> Vec<(u64, u64)> {
        most(self.boards.iter().map(|(board, events)| (*board, *events)))
    }

    /// How often something else was counted.
    #[must_use]
    pub fn statistic(&self, name: &str) -> u64 {
        self.statistics.get(name).copied().unwrap_or_default()
    }
}

/// Those with most events, then by name.
fn most<T: Ord + Clone>(all: impl Iterator<Item = (T, u64)>) -> Vec<(T, u64)> {
    let mut all: Vec<_> = all.collect();
    all.sort_by(|(a, some), (b, more)| more.cmp(some).then_with(|| a.cmp(b)));
    all.truncate(NAMED);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_stats_quantiles_lie_within_the_bucket_that_holds_them() {
        let mut counts = vec![0; LATENCY_BOUNDS.len() + 1];
        assert_eq!(Latency::of(&counts), None);
        assert_eq!(Latency::of(&[]), None);
        counts[0] = 100;
        let latency = Latency { events: 100, p50_ms: 0.5, p99_ms: 0.99 };
        assert_eq!(Latency::of(&counts), Some(latency));
        counts[4] = 2;
        let latency = Latency::of(&counts).expect("some");
        assert_eq!((latency.events, latency.p50_ms), (102, 0.51));
        assert!((10.0..=25.0).contains(&latency.p99_ms), "{latency:?}");
        let mut late = vec![0; LATENCY_BOUNDS.len() + 1];
        late[LATENCY_BOUNDS.len()] = 3;
        assert_eq!(Latency::of(&late).map(|it| it.p99_ms), Some(30_000.0), "no bound is above");
    }

    #[test]
    fn api_stats_shards_are_summed_up_and_what_is_no_event_is_none() {
        let mut counted = Counted::default();
        let shards = [
            r#"{"statistics": {"reads": 3, "misses": 1}, "minutes": [{}, {"all": 5, "Add:task": 4, "faulty": 1}],
                "boards": {"16": 4}, "people": {"ada": 4}}"#,
            r#"{"statistics": {}, "minutes": [{"all": 2, "Move:task": 2}, {"all": 1, "Add:task": 1}],
                "boards": {"1": 1, "17": 2, "none": 9}, "people": {"ada": 1, "bob": 2}}"#,
        ];
        for shard in shards {
            counted.add(shard).expect("a shard");
        }
        let now = Timestamp::from_milliseconds(120_500);
        let minutes = counted.per_minute(now);
        let minutes: Vec<_> =
            minutes.iter().map(|it| (it.minute.milliseconds(), it.events)).collect();
        assert_eq!(minutes, [(60_000, 2), (120_000, 5)]);
        assert_eq!(counted.by_kind().values().sum::<u64>(), 7);
        assert_eq!(counted.busiest_boards(), [(16, 4), (17, 2), (1, 1)]);
        let bob = BusyPerson { username: "bob".to_owned(), events: 2 };
        assert_eq!((counted.active(), counted.busiest_people().last()), (2, Some(&bob)));
        assert_eq!((counted.statistic("reads"), counted.statistic("deferred")), (3, 0));
        assert!(counted.add("[]").is_err());
    }

    #[test]
    fn api_stats_of_redis_are_whole_where_every_shard_is_counted_for_an_hour() {
        let now = Timestamp::from_milliseconds(7_200_500);
        assert_eq!(beginnings(now), [3_660, 4_200]);
        let shard = |since: &str| {
            format!(
                r#"{{"statistics": {{"reads": 1{since}}}, "minutes": [{{"all": 1}}], "boards": {{}}, "people": {{}}}}"#
            )
        };
        for (since, whole) in [(",\"since\": 3660", true), (",\"since\": 3661", false), ("", false)]
        {
            let mut counted = Counted::default();
            for shard in [shard(", \"since\": 0"), shard(since)] {
                counted.add(&shard).expect("a shard");
            }
            assert_eq!(counted.is_whole(now), whole, "{since}");
            let told =
                r#"{"statistics": {}, "minutes": [{"all": 7}], "boards": {"3": 7}, "people": {}}"#;
            counted.recount(told).expect("counts");
            assert_eq!((counted.statistic("reads"), counted.statistic("since")), (2, 0));
            assert_eq!(
                (counted.per_minute(now)[0].events, counted.busiest_boards()),
                (7, vec![(3, 7)])
            );
        }
    }

    #[test]
    fn api_stats_the_last_hour_is_60_minutes_and_6_spans() {
        let (keys, [minutes, spans]) = keys_of(3, Timestamp::from_milliseconds(7_200_000));
        assert_eq!((minutes, spans, keys.len()), (60, 6, 1 + 60 + 6 + 6));
        assert_eq!(keys[0], "{s3}:statistics");
        assert_eq!((&*keys[1], &*keys[60]), ("{s3}:monitor:counts:61", "{s3}:monitor:counts:120"));
        assert_eq!((&*keys[61], &*keys[72]), ("{s3}:monitor:boards:7", "{s3}:monitor:people:12"));
    }
}
