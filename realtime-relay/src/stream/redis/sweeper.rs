//! The sweeper: publishes to Redis what was committed and not published, through the script that
//! publishes everything. Every relay may, any number of times: what the stream has is left out.

use super::RedisStream;
use super::entries::entries;
use crate::database::{field, number, stored};
use crate::metrics::Sweep;
use crate::stream::Away;
use redis::{Value, cmd};
use shared::data::publication::{Publication, publish_arguments, publish_keys};
use shared::data::{keys, scripts, sql};
use shared::models::BoardId;
use std::sync::Arc;
use std::time::Duration;

/// Events in one call of the script.
const EVENTS: i64 = 256;
/// How long whoever wrote may take to publish; after that it is done for them.
const GRACE: Duration = Duration::from_millis(100);

/// Where the sweeping stands.
#[derive(Debug, Default)]
pub(super) struct Sweeper {
    /// The transaction to begin with: everything before it is published.
    next: Option<String>,
    /// Whose transactions these are: a restored database counts anew.
    epoch: Option<Arc<str>>,
}

impl Sweeper {
    /// Looks at what changed since the last time. Where Redis is away it looks at the same again.
    pub(super) async fn sweep(&mut self, source: &RedisStream) -> Result<(), Away> {
        if self.epoch != source.epoch() {
            *self = Self { next: None, epoch: source.epoch() };
        }
        let rows = source.database.query(sql::CHANGED_BOARDS, &[&self.next]).await?;
        let mut next = None;
        let mut behind = Vec::new();
        for row in &rows {
            next.get_or_insert(field::<String>(row, 2)?);
            if field::<Option<i64>>(row, 0)?.is_none() {
                continue;
            }
            let Some(board) = BoardId::new(number(row, 0)?) else { continue };
            let (seq, first) = (number(row, 1)?, number(row, 3)?);
            let Ok(newest) = newest(source, board).await else { return Ok(()) };
            if newest.unwrap_or_default() < seq {
                behind.push((board, first, seq));
            }
        }
        if !behind.is_empty() {
            tokio::time::sleep(GRACE).await;
        }
        for (board, first, seq) in behind {
            if let Err(why) = publish(source, board, first, seq).await {
                tracing::debug!(%board, %why, "a board could not be published");
                return Ok(());
            }
        }
        self.next = next;
        Ok(())
    }
}

/// Publishes a board's events up to `seq`; where it has no stream yet, from `first` on.
async fn publish(source: &RedisStream, board: BoardId, first: u64, seq: u64) -> Result<(), Away> {
    let mut last = newest(source, board).await?.unwrap_or(first.saturating_sub(1));
    let mut counted = false;
    while last < seq {
        let (id, after) = (stored(board.get()), stored(last));
        let rows = source.database.query(sql::BOARD_EVENTS, &[&id, &after, &EVENTS]).await?;
        let mut publications = Vec::with_capacity(rows.len());
        for row in &rows {
            let publication = Publication::of(field(row, 1)?);
            publications.push(publication.map_err(|error| Away(error.to_string()))?);
        }
        let mut script = cmd("EVAL");
        script.arg(scripts::PUBLISH).arg(3).arg(&publish_keys(board)[..]);
        script.arg(publish_arguments(board, &publications));
        let (added, newest): (u64, u64) = source.link.ask(&script).await?;
        tracing::info!(%board, added, "published what had not been");
        if added > 0 {
            source.metrics.swept_events.of(Sweep::Sweeper).add(added);
            // A board counts once, though it may take many calls.
            source.metrics.swept_boards.of(Sweep::Sweeper).add(u64::from(!counted));
            counted = true;
        }
        if newest <= last {
            return Ok(());
        }
        last = newest;
    }
    Ok(())
}

/// The newest seq of a board's stream, where there is one.
async fn newest(source: &RedisStream, board: BoardId) -> Result<Option<u64>, Away> {
    let mut range = cmd("XREVRANGE");
    range.arg(keys::board_events(board)).arg("+").arg("-").arg("COUNT").arg(1);
    let answer: Value = source.link.ask(&range).await?;
    Ok(entries(&answer).next().map(|entry| entry.id.0))
}
