//! State-of-the-art mode's source: a board's stream in Redis first, then PostgreSQL.
//!
//! PostgreSQL is right where they differ. Redis may be unavailable, emptied, trimmed or filled by another
//! database: then it is bypassed, and the safety net finds what it does not deliver in time.

mod epoch;
mod epoch_state;
mod other_types;
mod ready;

use super::{EventSource, Page, Purpose, REPLAY_LIMIT, Read, StoreState, Unready};
use crate::database::{Database, Parameter, field, number, stored};
use crate::event::{self, EventFrame};
use crate::lock::lock;
use crate::metrics::{Metrics, Store};
use crate::redis::entries::entries;
use crate::redis::{Link, Shards};
use crate::unavailable::Unavailable;
use epoch_state::{EpochState, Learned};
use futures::future::{BoxFuture, FutureExt as _, join};
use redis::{Value, cmd};
use shared::data::publication::PAGE_BYTES;
use shared::data::{keys, scripts, sql};
use shared::models::{BoardId, MAX_ID};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use stores::redis::Servers;
use tokio::sync::watch;

pub struct RedisStream {
    servers: Arc<Servers>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) link: Link,
    pub(crate) database: Arc<Database>,
    pub(crate) epoch_state: EpochState,
    /// How many watched boards each shard has.
    watched: Mutex<[usize; keys::SHARDS as usize]>,
    wanted: watch::Sender<Shards>,
    /// When the last entry read of each feed was published, for those that are followed.
    read_up_to: [AtomicU64; keys::SHARDS as usize],
}

/// Instead of a time: the feed is not followed.
const NOT_FOLLOWED: u64 = u64::MAX;

/// The newest seq of boards that there are.
pub(crate) struct Heads {
    pub(crate) epoch: Arc<str>,
    pub(crate) heads: HashMap<BoardId, u64>,
}

/// What a board's stream holds: at least one event.
struct Streamed {
    epoch: Arc<str>,
    /// The seq of the last one.
    last: u64,
    events: Vec<EventFrame>,
    /// Whether it holds more: these are as many bytes as are read at a time.
    goes_on: bool,
}

/// Events of a stream that are read first; their size decides how many more to read.
const FIRST_EVENTS: usize = 16;

impl Streamed {
    /// As the answer of a source, where PostgreSQL was not asked or does not answer.
    fn page(self) -> Read {
        let Self { epoch, last: head, events, .. } = self;
        Read::Page(Page { epoch, head, certain: false, origin: Store::Redis, events })
    }
}

impl RedisStream {
    /// A source over these stores; they are connected to when they are needed.
    #[must_use]
    pub fn new(servers: Arc<Servers>, database: Arc<Database>, metrics: Arc<Metrics>) -> Arc<Self> {
        Arc::new(Self {
            link: Link::new(Arc::clone(&servers), Arc::clone(&metrics)),
            servers,
            metrics,
            database,
            epoch_state: EpochState::default(),
            watched: Mutex::default(),
            wanted: watch::Sender::new(0),
            read_up_to: std::array::from_fn(|_| AtomicU64::new(NOT_FOLLOWED)),
        })
    }

    /// When the last entry read of a shard's feed was published, in milliseconds since 1970; `None`
    /// where the feed is not followed, or nothing of it was read.
    pub(crate) fn read_up_to(&self, shard: u64) -> Option<u64> {
        let moment = self.read_up_to.get(usize::try_from(shard).ok()?)?.load(Ordering::Relaxed);
        (moment != NOT_FOLLOWED && moment > 0).then_some(moment)
    }

    /// A shard's feed was read up to here; `None` if it is not followed.
    pub(crate) fn is_read_up_to(&self, shard: u64, published: Option<u64>) {
        if let Some(moment) = usize::try_from(shard).ok().and_then(|slot| self.read_up_to.get(slot))
        {
            moment.store(published.unwrap_or(NOT_FOLLOWED), Ordering::Relaxed);
        }
    }

    /// The shards whose feeds are wanted, as they change.
    pub(crate) fn wanted(&self) -> watch::Receiver<Shards> {
        self.wanted.subscribe()
    }

    pub(crate) fn servers(&self) -> &Arc<Servers> {
        &self.servers
    }

    /// The epoch, once PostgreSQL has answered.
    pub(crate) fn epoch(&self) -> Option<Arc<str>> {
        self.epoch_state.epoch()
    }

    fn count(&self, watched: &[usize]) {
        let bits = watched.iter().enumerate().filter(|(_, count)| **count > 0);
        let shards = bits.fold(0, |shards: Shards, (shard, _)| shards | 1 << shard);
        self.wanted.send_if_modified(|wanted| std::mem::replace(wanted, shards) != shards);
    }

    /// Asks PostgreSQL for the newest seq of boards, all in one statement.
    pub(crate) async fn heads(&self, boards: &[BoardId]) -> Result<Heads, Unavailable> {
        let ids: Vec<i64> = boards.iter().map(|board| stored(board.get())).collect();
        let rows = self.database.query(sql::BOARD_HEADS, &[&ids]).await?;
        let mut heads = HashMap::with_capacity(boards.len());
        let mut epoch = None;
        for row in &rows {
            let text: &str = field(row, 0)?;
            epoch.get_or_insert_with(|| Arc::<str>::from(text));
            if field::<Option<i64>>(row, 1)?.is_some()
                && let Some(board) = BoardId::new(number(row, 1)?)
            {
                heads.insert(board, number(row, 2)?);
            }
        }
        let epoch =
            epoch.ok_or_else(|| Unavailable("the database has no epoch: migrate it".into()))?;
        let Learned { epoch, restored } = self.epoch_state.learn(&epoch);
        if restored {
            tracing::warn!("the database was restored: it has another epoch");
        }
        Ok(Heads { epoch, heads })
    }

    /// What the board's stream holds right after the cursor, without gaps, and of which epoch that
    /// is; `None` if it holds nothing, or what another database left.
    async fn streamed(
        &self,
        board: BoardId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Streamed>, Unavailable> {
        let Some(epoch) = self.epoch_state.trusted().filter(|_| after < MAX_ID) else {
            return Ok(None);
        };
        let page = usize::try_from(PAGE_BYTES).unwrap_or(usize::MAX);
        let (mut events, mut bytes) = (Vec::new(), 0);
        let mut count = limit.min(FIRST_EVENTS);
        let goes_on = loop {
            let before = events.len();
            let from = after + 1 + before as u64;
            bytes += self.stretch(board, from, count, &mut events).await?;
            let (read, room) = (events.len(), limit.saturating_sub(events.len()));
            if read < before + count || room == 0 || bytes >= page {
                break read == before + count;
            }
            count = ((page - bytes) / (bytes / read).max(1)).clamp(1, room);
        };
        // The database may have been restored while Redis answered.
        let still = self.epoch_state.trusted().is_some_and(|trusted| trusted == epoch);
        let last = events.last().filter(|_| still).map(|event| event.seq);
        Ok(last.map(|last| Streamed { epoch, last, events, goes_on }))
    }

    /// Takes from the board's stream up to `count` events, the first of this seq and no gap between
    /// them. Returns their bytes.
    async fn stretch(
        &self,
        board: BoardId,
        from: u64,
        count: usize,
        events: &mut Vec<EventFrame>,
    ) -> Result<usize, Unavailable> {
        let mut range = cmd("XRANGE");
        range.arg(keys::board_events(board)).arg(format!("{from}-0")).arg("+");
        let answer: Value = self.link.ask(range.arg("COUNT").arg(count)).await?;
        let mut bytes = 0;
        for (entry, expected) in entries(&answer).zip(from..) {
            match entry.field("event").map(event::encode_spaced) {
                Some(Ok((of, event))) if of == board && event.seq == expected => {
                    bytes += event.frame.len();
                    events.push(event);
                }
                _ => break,
            }
        }
        Ok(bytes)
    }

    /// Removes a stream with events after the newest in PostgreSQL, which was asked after it; returns
    /// whether there was one.
    pub(crate) async fn forget_stream(
        &self,
        board: BoardId,
        head: u64,
    ) -> Result<bool, Unavailable> {
        let mut script = cmd("EVAL");
        script.arg(scripts::STREAM_FORGET).arg(1).arg(keys::board_events(board)).arg(head);
        let removed = self.link.ask::<u64>(&script).await? == 1;
        if removed {
            tracing::warn!(%board, head, "a stream had events that PostgreSQL does not have");
        }
        Ok(removed)
    }

    /// What PostgreSQL holds right after the cursor.
    async fn stored(
        &self,
        board: BoardId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<EventFrame>, Unavailable> {
        let (id, after_stored) = (stored(board.get()), stored(after));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let parameters: [&dyn Parameter; 4] = [&id, &after_stored, &limit, &stored(PAGE_BYTES)];
        let rows = self.database.query(sql::BOARD_EVENTS, &parameters).await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            let (of, event) = event::encode_spaced(field(row, 1)?)
                .map_err(|error| Unavailable(format!("an unreadable event: {error}")))?;
            if of != board || event.seq != after + 1 + events.len() as u64 {
                return Err(Unavailable("PostgreSQL's events have a gap".to_owned()));
            }
            events.push(event);
        }
        Ok(events)
    }

    /// Older events: from the stream alone where it has them.
    async fn read_history(
        &self,
        board: BoardId,
        after: u64,
        limit: usize,
    ) -> Result<Read, Unavailable> {
        if let Ok(Some(streamed)) = self.streamed(board, after, limit).await {
            return Ok(streamed.page());
        }
        self.read_head(board, after, limit).await
    }

    /// The board's head as PostgreSQL knows it, and the events after the cursor.
    async fn read_head(
        &self,
        board: BoardId,
        after: u64,
        limit: usize,
    ) -> Result<Read, Unavailable> {
        let boards = [board];
        let (streamed, heads) = join(self.streamed(board, after, limit), self.heads(&boards)).await;
        let streamed = streamed.unwrap_or_default();
        let Heads { epoch, heads } = match heads {
            Ok(heads) => heads,
            // PostgreSQL is unavailable; what Redis has goes out all the same.
            Err(why) => return streamed.map(Streamed::page).ok_or(why),
        };
        let Some(mut head) = heads.get(&board).copied() else { return Ok(Read::NotFound) };
        let mut streamed = streamed.filter(|streamed| streamed.epoch == epoch);
        if streamed.as_ref().is_some_and(|streamed| streamed.last > head) {
            // Either these were committed meanwhile, or they never were.
            let now = self.heads(&boards).await?;
            head = now.heads.get(&board).copied().unwrap_or(head);
            streamed = streamed.filter(|streamed| streamed.last <= head && now.epoch == epoch);
            if streamed.is_none() {
                // While Redis accepts no writes the stream is bypassed each time.
                if let Err(why) = self.forget_stream(board, head).await {
                    tracing::debug!(%board, %why, "a stream from before a restore stays for now");
                }
            }
        }
        if head.saturating_sub(after) > REPLAY_LIMIT {
            return Ok(Read::Gone { epoch, head });
        }
        let page = |head, origin, events| {
            Ok(Read::Page(Page { epoch: Arc::clone(&epoch), head, certain: true, origin, events }))
        };
        match streamed {
            Some(Streamed { last, mut events, goes_on, .. }) => {
                let room = limit.saturating_sub(events.len());
                if last < head && room > 0 && !goes_on {
                    // The newest were not published.
                    events.extend(self.stored(board, last, room).await?);
                }
                let last = events.last().map_or(last, |event| event.seq);
                page(head.max(last), Store::Redis, events)
            }
            None if head <= after => page(head, Store::Postgres, Vec::new()),
            None => {
                let events = self.stored(board, after, limit).await?;
                let last = events.last().map_or(head, |event| event.seq);
                page(head.max(last), Store::Postgres, events)
            }
        }
    }
}

impl EventSource for RedisStream {
    fn read(
        &self,
        board: BoardId,
        after: u64,
        limit: usize,
        purpose: Purpose,
    ) -> BoxFuture<'_, Result<Read, Unavailable>> {
        match purpose {
            Purpose::Head => self.read_head(board, after, limit).boxed(),
            Purpose::History => self.read_history(board, after, limit).boxed(),
        }
    }

    fn watched(&self, board: BoardId) {
        let mut watched = lock(&self.watched);
        if let Some(count) = watched.get_mut(slot(board)) {
            *count += 1;
        }
        self.count(&watched[..]);
    }

    fn unwatched(&self, board: BoardId) {
        let mut watched = lock(&self.watched);
        if let Some(count) = watched.get_mut(slot(board)) {
            *count = count.saturating_sub(1);
        }
        self.count(&watched[..]);
    }

    fn answers(&self) -> Vec<StoreState<'_>> {
        let postgres = async {
            let answer = self.database.query(sql::PING, &[]).await;
            answer.map(drop).map_err(Unready::of)
        };
        vec![("postgresql", postgres.boxed()), ("redis", self.check().boxed())]
    }
}

fn slot(board: BoardId) -> usize {
    usize::try_from(keys::shard(board)).unwrap_or_default()
}
