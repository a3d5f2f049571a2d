//! The sweeper: publishes to Redis what was committed and not published, through the script that
//! publishes everything. Every relay may, any number of times: what the stream has is left out.
//!
//! Up to where everything is published is written into Redis itself, beside the streams of each shard.
//! A Redis that falls back to an earlier state (a replica that lagged behind was promoted, the end of
//! the append-only file is lost) falls back with that mark too, which shows what it lacks: also of
//! boards to which nobody writes, and to a relay that was not there before.

use crate::database::{field, number, stored};
use crate::metrics::Sweep;
use crate::redis::entries::entries;
use crate::redis::link::Lease;
use crate::stream::RedisStream;
use crate::unavailable::Unavailable;
use redis::{Value, cmd, pipe};
use shared::data::publication::{PAGE_BYTES, Publication, publish_arguments, publish_keys};
use shared::data::{keys, scripts, sql};
use shared::models::BoardId;
use std::sync::Arc;
use std::time::Duration;

/// Events in one call of the script; fewer where they are large.
const EVENTS: i64 = 256;
/// Streams that are looked at in one round trip.
const STREAMS: usize = 256;
/// How long a writer may take to publish; after that the sweeper does it.
const GRACE: Duration = Duration::from_millis(100);

/// How far the sweeping is.
#[derive(Debug, Default)]
pub(super) struct Sweeper {
    /// The transaction to begin with if Redis has none: everything before it was published.
    next: Option<u64>,
    /// Whose transactions these are: a restored database counts from the start.
    epoch: Option<Arc<str>>,
    /// PostgreSQL was seen to be set back, and Redis was not emptied yet.
    set_back: bool,
}

/// A board that has changed.
struct Changed {
    board: BoardId,
    /// The first of its events that may not be published.
    first: u64,
    seq: u64,
}

impl Sweeper {
    /// Looks at what changed since the last time. If Redis is unavailable it looks at the same again. Redis
    /// is trusted once it is seen to have nothing from before a restore.
    pub(super) async fn sweep(&mut self, source: &RedisStream) -> Result<(), Unavailable> {
        let Some(epoch) = self.begin(source) else { return Ok(()) };
        // A mark is moved on the connection on which it was read and all before it was seen: no other
        // Redis gets it, nor a node that took another's place meanwhile.
        let redis = source.link.lease().await?;
        let marks = marks(&redis, &epoch).await?;
        // A shard without a mark has lost its streams as well: there is nothing old in it.
        let from = marks.iter().flatten().min().copied().or(self.next);
        let (next, changed) = changed(source, from).await?;
        self.compare(&marks, next);
        if self.set_back {
            tracing::warn!("the database was restored: deleting all boards from Redis");
            source.epoch_state.distrust();
            source.forget_boards().await?;
            *self = Self::default();
            return Ok(());
        }
        source.epoch_state.trust(&epoch);
        let behind = behind(source, &redis, changed).await?;
        if !behind.is_empty() {
            tokio::time::sleep(GRACE).await;
        }
        for changed in behind {
            publish(source, &redis, &changed).await?;
        }
        if marks.iter().any(|mark| *mark != Some(next)) {
            mark(&redis, &epoch, next).await?;
        }
        self.next = Some(next);
        Ok(())
    }

    /// While Redis accepts no writes: whether the database is set back meanwhile. Later it may have come as
    /// far again, and nothing would show it.
    pub(super) async fn look(&mut self, source: &RedisStream) -> Result<(), Unavailable> {
        let Some(epoch) = self.begin(source) else { return Ok(()) };
        let marks = match source.link.lease().await {
            Ok(redis) => marks(&redis, &epoch).await.unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        let (next, _) = changed(source, None).await?;
        self.compare(&marks, next);
        Ok(())
    }

    /// The epoch, once it is known; with another one everything is forgotten.
    fn begin(&mut self, source: &RedisStream) -> Option<Arc<str>> {
        let epoch = source.epoch()?;
        if self.epoch.as_ref() != Some(&epoch) {
            *self = Self { epoch: Some(Arc::clone(&epoch)), ..Self::default() };
        }
        Some(epoch)
    }

    /// Compares PostgreSQL's current transaction with the mark in Redis and with what was seen.
    fn compare(&mut self, marks: &[Option<u64>], next: u64) {
        let seen = marks.iter().flatten().max().copied().max(self.next);
        self.set_back |= seen > Some(next);
    }
}

/// The mark of each shard that has one of this epoch.
async fn marks(redis: &Lease<'_>, epoch: &str) -> Result<Vec<Option<u64>>, Unavailable> {
    let read = |mark: Option<String>| {
        let mark = mark?;
        let (of, next) = mark.split_once(' ')?;
        (of == epoch).then(|| next.parse().ok())?
    };
    let mut all = Vec::new();
    for shards in shards(redis)? {
        let mut get = pipe();
        for shard in shards {
            get.get(keys::swept(shard));
        }
        let marks: Vec<Option<String>> = redis.ask_all(&get).await?;
        all.extend(marks.into_iter().map(read));
    }
    Ok(all)
}

/// The shards, together those that one server has.
fn shards(redis: &Lease<'_>) -> Result<Vec<Vec<u64>>, Unavailable> {
    redis.groups(0..keys::SHARDS, |shard| keys::swept(*shard))
}

/// Records that everything before this transaction is published.
async fn mark(redis: &Lease<'_>, epoch: &str, next: u64) -> Result<(), Unavailable> {
    for shards in shards(redis)? {
        let mut set = pipe();
        for shard in shards {
            set.set(keys::swept(shard), format!("{epoch} {next}")).ignore();
        }
        let () = redis.ask_all(&set).await?;
    }
    Ok(())
}

/// The boards that changed from a transaction on, and the transaction to begin with next time.
async fn changed(
    source: &RedisStream,
    from: Option<u64>,
) -> Result<(u64, Vec<Changed>), Unavailable> {
    let from = from.map(|from| from.to_string());
    let rows = source.database.query(sql::CHANGED_BOARDS, &[&from]).await?;
    let mut next = None;
    let mut changed = Vec::new();
    for row in &rows {
        next = field::<String>(row, 2)?.parse().ok();
        if field::<Option<i64>>(row, 0)?.is_some()
            && let Some(board) = BoardId::new(number(row, 0)?)
        {
            changed.push(Changed { board, first: number(row, 3)?, seq: number(row, 1)? });
        }
    }
    let next =
        next.ok_or_else(|| Unavailable("PostgreSQL counts transactions differently".into()))?;
    Ok((next, changed))
}

/// Those of the boards whose streams lack something. A stream that has more than PostgreSQL is removed.
async fn behind(
    source: &RedisStream,
    redis: &Lease<'_>,
    changed: Vec<Changed>,
) -> Result<Vec<Changed>, Unavailable> {
    let groups = redis.groups(changed, |changed| keys::swept(keys::shard(changed.board)))?;
    let mut newest = Vec::new();
    for some in groups.iter().flat_map(|group| group.chunks(STREAMS)) {
        let mut ranges = pipe();
        // Something else than a stream has no entries; publishing puts a stream in its place.
        ranges.ignore_errors();
        for changed in some {
            let range = ranges.cmd("XREVRANGE").arg(keys::board_events(changed.board));
            range.arg("+").arg("-").arg("COUNT").arg(1);
        }
        let answers: Vec<Value> = redis.ask_all(&ranges).await?;
        newest.extend(answers.iter().map(last));
    }
    let mut changed: Vec<Changed> = groups.into_iter().flatten().collect();
    let ahead = |(changed, newest): &(&Changed, &mut Option<u64>)| **newest > Some(changed.seq);
    let ahead: Vec<_> = changed.iter().zip(&mut newest).filter(ahead).collect();
    if !ahead.is_empty() {
        // Mostly by events that were committed meanwhile.
        let boards: Vec<BoardId> = ahead.iter().map(|(changed, _)| changed.board).collect();
        let heads = source.heads(&boards).await?.heads;
        for (Changed { board, .. }, newest) in ahead {
            let head = heads.get(board).copied().unwrap_or_default();
            if *newest > Some(head) && source.forget_stream(*board, head).await? {
                *newest = None;
            }
        }
    }
    let mut newest = newest.into_iter();
    changed.retain(|changed| newest.next().flatten().unwrap_or_default() < changed.seq);
    Ok(changed)
}

/// Publishes a board's events up to its newest; where it has no stream yet, from the first on that may
/// not be published.
async fn publish(
    source: &RedisStream,
    redis: &Lease<'_>,
    changed: &Changed,
) -> Result<(), Unavailable> {
    let board = changed.board;
    let mut range = pipe();
    range.ignore_errors().cmd("XREVRANGE").arg(keys::board_events(board));
    range.arg("+").arg("-").arg("COUNT").arg(1);
    let answers: Vec<Value> = redis.ask_all(&range).await?;
    let newest = answers.first().and_then(last);
    let mut last = newest.unwrap_or(changed.first.saturating_sub(1));
    let mut counted = false;
    while last < changed.seq {
        let (id, after, bytes) = (stored(board.get()), stored(last), stored(PAGE_BYTES));
        let rows =
            source.database.query(sql::BOARD_EVENTS, &[&id, &after, &EVENTS, &bytes]).await?;
        let mut publications = Vec::with_capacity(rows.len());
        for row in &rows {
            let publication = Publication::of(field(row, 1)?);
            publications.push(publication.map_err(|error| Unavailable(error.to_string()))?);
        }
        let mut script = cmd("EVAL");
        let keys = publish_keys(board);
        script.arg(scripts::PUBLISH).arg(keys.len()).arg(&keys[..]);
        script.arg(publish_arguments(board, &publications));
        let (added, newest): (u64, u64) = redis.ask(&script).await?;
        tracing::info!(%board, added, "published events that had not been published");
        if added > 0 {
            source.metrics.swept_events.of(Sweep::Sweeper).add(added);
            let mut count = cmd("HINCRBY");
            count.arg(keys::statistics(keys::shard(board))).arg("deferred").arg(added);
            // What this key holds does not matter to anybody's events.
            let _: Result<u64, Unavailable> = redis.ask(&count).await;
            // A board counts once, though it may take many calls.
            source.metrics.swept_boards.of(Sweep::Sweeper).add(u64::from(!counted));
            counted = true;
        }
        // An empty stream may have ended before where it was guessed to.
        if newest == last {
            return Ok(());
        }
        last = newest;
    }
    Ok(())
}

/// The seq of the only entry of a board's stream that was asked for, where there is one.
fn last(answer: &Value) -> Option<u64> {
    entries(answer).next().map(|entry| entry.id.0)
}
