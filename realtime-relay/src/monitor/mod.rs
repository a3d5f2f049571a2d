//! The consumer group `monitor`: every event of every board is counted once, whichever relay does it.
//!
//! Each relay is a consumer of the group on the feeds of all shards, by connections of its own, so
//! that nobody who waits for an event waits for this. In a cluster, where no command reads two feeds, it
//! asks for each of them now and then instead of waiting at all of them. What is counted, and where, `shared::data::keys`
//! tells; each counted event is also a line of the log with the target `activity`.

mod counting;
mod report;
mod upkeep;

use crate::metrics::Metrics;
use crate::redis::entries::streams;
use crate::redis::link::{Link, connect_to, unavailable};
use crate::stream::RedisStream;
use crate::unavailable::Unavailable;
use counting::Happening;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Value, cmd, pipe};
use report::Reporter;
use shared::data::keys;
use shared::data::statistics::SINCE;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long Redis may block while nothing comes.
const BLOCK: Duration = Duration::from_secs(2);
/// After this (and blocking) no answer is expected any more.
const SILENCE: Duration = Duration::from_secs(5);
/// Entries of each feed in one read.
const ENTRIES: usize = 256;
/// The pause after a read that did not find more than it could take: nobody waits for the counts, and
/// many entries share one read and one call of the script.
const REST: Duration = Duration::from_millis(100);
/// The same in a cluster, where nothing blocks.
const LONGER_REST: Duration = Duration::from_millis(250);
/// How long to wait after a failure, doubled each time up to the longest.
const FIRST_RETRY: Duration = Duration::from_millis(50);
const LONGEST_RETRY: Duration = Duration::from_secs(1);

/// One consumer of the group.
struct Monitor {
    source: Arc<RedisStream>,
    metrics: Arc<Metrics>,
    /// The connection for all that does not block.
    link: Link,
    /// The consumer's name, which no other has.
    name: String,
}

/// Counts for as long as the process runs.
pub async fn run(source: Arc<RedisStream>, metrics: Arc<Metrics>) {
    let link = Link::new(Arc::clone(source.servers()), Arc::clone(&metrics));
    let monitor = Monitor { source, metrics, link, name: consumer_name() };
    let mut reporter = Reporter::new();
    let mut retry = FIRST_RETRY;
    let mut told = false;
    loop {
        let mut joined = false;
        let Err(why) = monitor.consume(&mut joined, &mut reporter).await;
        if joined {
            retry = FIRST_RETRY;
        }
        // An emptied Redis has no group: it is made again, which needs no warning at once.
        if joined || !told {
            tracing::warn!(%why, "events cannot be counted; trying again");
        }
        told = true;
        monitor.source.remove_other_types().await;
        tokio::time::sleep(retry.mul_f64(0.75 + fastrand::f64() / 2.0)).await;
        retry = (retry * 2).min(LONGEST_RETRY);
    }
}

/// A unique name of this process, with its machine's.
fn consumer_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}-{}-{:08x}", host.trim(), std::process::id(), fastrand::u32(..))
}

impl Monitor {
    /// Counts until something breaks.
    async fn consume(
        &self,
        joined: &mut bool,
        reporter: &mut Reporter,
    ) -> Result<std::convert::Infallible, Unavailable> {
        self.join().await?;
        *joined = true;
        tracing::info!(consumer = self.name, "events are counted");
        let ended = tokio::select! {
            ended = self.read() => ended,
            ended = self.look_after(reporter) => ended,
        };
        ended
    }

    /// Makes the group where it is missing; it begins with the oldest entry that there is. Where nobody has said
    /// since when that is, Redis is new or has lost its memory: since now.
    async fn join(&self) -> Result<(), Unavailable> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let redis = self.link.lease().await?;
        for shards in redis.groups(0..keys::SHARDS, |shard| keys::feed(*shard))? {
            let mut joining = pipe();
            joining.ignore_errors();
            for shard in shards {
                let create = joining.cmd("XGROUP").arg("CREATE").arg(keys::feed(shard));
                create.arg(keys::MONITOR_GROUP).arg(0).arg("MKSTREAM");
                // Where it takes nothing, the dashboard asks PostgreSQL.
                let begin = joining.cmd("HSETNX").arg(keys::statistics(shard));
                begin.arg(SINCE).arg(now.as_secs());
            }
            let answers: Vec<Value> = redis.ask_all(&joining).await?;
            for created in answers.into_iter().step_by(2) {
                match created.extract_error() {
                    Err(error) if error.code() != Some("BUSYGROUP") => {
                        return Err(unavailable(&error));
                    }
                    Ok(_) | Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Reads and counts what no other consumer was given.
    async fn read(&self) -> Result<std::convert::Infallible, Unavailable> {
        if self.link.lease().await?.is_cluster() {
            return self.poll().await;
        }
        let mut reader = connect_to(self.source.servers(), &keys::feed(0), &self.metrics).await?;
        let mut read = cmd("XREADGROUP");
        read.arg("GROUP").arg(keys::MONITOR_GROUP).arg(&self.name).arg("COUNT").arg(ENTRIES);
        read.arg("BLOCK").arg(BLOCK.as_millis() as u64).arg("STREAMS");
        for shard in 0..keys::SHARDS {
            read.arg(keys::feed(shard));
        }
        for _ in 0..keys::SHARDS {
            read.arg(">");
        }
        loop {
            let answer: Value =
                ask(&mut reader, &read).await?.map_err(|error| unavailable(&error))?;
            if self.count_all(&answer).await? < ENTRIES {
                tokio::time::sleep(REST).await;
            }
        }
    }

    /// The same in a cluster.
    async fn poll(&self) -> Result<std::convert::Infallible, Unavailable> {
        loop {
            let redis = self.link.lease().await?;
            let mut most = 0;
            for shards in redis.groups(0..keys::SHARDS, |shard| keys::feed(*shard))? {
                let mut reads = pipe();
                for shard in shards {
                    let read = reads.cmd("XREADGROUP").arg("GROUP").arg(keys::MONITOR_GROUP);
                    read.arg(&self.name).arg("COUNT").arg(ENTRIES);
                    read.arg("STREAMS").arg(keys::feed(shard)).arg(">");
                }
                let answers: Vec<Value> = redis.ask_all(&reads).await?;
                for answer in &answers {
                    most = most.max(self.count_all(answer).await?);
                }
            }
            if most < ENTRIES {
                tokio::time::sleep(LONGER_REST).await;
            }
        }
    }

    /// Counts what a read gave. Tells how much of one feed that was at most.
    async fn count_all(&self, answer: &Value) -> Result<usize, Unavailable> {
        let mut most = 0;
        for (feed, entries) in streams(answer) {
            let Some(shard) = (0..keys::SHARDS).find(|shard| keys::feed(*shard) == feed) else {
                continue;
            };
            let happenings = Happening::read_all(entries);
            most = most.max(happenings.len());
            self.count(shard, &happenings).await?;
        }
        Ok(most)
    }
}

/// An answer on the connection that blocks, which has no limit of its own.
async fn ask<T: redis::FromRedisValue>(
    connection: &mut MultiplexedConnection,
    command: &Cmd,
) -> Result<redis::RedisResult<T>, Unavailable> {
    let answer = tokio::time::timeout(BLOCK + SILENCE, command.query_async(connection)).await;
    answer.map_err(|_| Unavailable("Redis stopped answering".to_owned()))
}
