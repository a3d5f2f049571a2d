//! The admins' feed: everything that happened, in commit order, as PostgreSQL has it
//! (docs/adr/0016).
//!
//! Each listener has a cursor and, at most, one page that it has not been written yet: nothing is
//! queued for slow clients. Those at the same cursor share the read and the frames.

use crate::connection::Connection;
use crate::database::{Database, Parameter, field};
use crate::event;
use crate::lock::lock;
use crate::unavailable::Unavailable;
use bytes::Bytes;
use shared::data::sql;
use shared::models::ActivityCursor;
use shared::protocol::UnsubscribedReason;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

/// How often is asked what is new, while anybody listens.
const EVERY: Duration = Duration::from_millis(200);
/// How long to wait after a failure.
const RETRY: Duration = Duration::from_secs(1);
/// Events in one page; it ends, too, when it has a MiB.
const PAGE: i64 = 1_000;
/// In which of the rounds it is seen to that the database still is where the listeners are.
const VERIFY: u32 = 5;

/// Who listens to everything.
pub struct Activity {
    database: Arc<Database>,
    listeners: Mutex<Vec<Arc<Connection>>>,
    came: Notify,
}

impl Activity {
    /// Nobody listens yet.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Arc<Self> {
        Arc::new(Self { database, listeners: Mutex::default(), came: Notify::new() })
    }

    /// The cursor up to which everything is settled now.
    ///
    /// # Errors
    /// [`Unavailable`] where PostgreSQL did not answer for a while.
    pub async fn now(&self) -> Result<ActivityCursor, Unavailable> {
        let rows = self.database.query_patiently(sql::ACTIVITY_NOW, &[]).await?;
        let row =
            rows.first().ok_or_else(|| Unavailable("the database is not migrated".to_owned()))?;
        read(field(row, 0)?)
    }

    /// This connection gets everything after the cursor.
    pub fn add(&self, connection: &Arc<Connection>, cursor: ActivityCursor) {
        connection.outbox().begin_feed(cursor);
        let mut listeners = lock(&self.listeners);
        if !listeners.iter().any(|other| other.id() == connection.id()) {
            listeners.push(Arc::clone(connection));
        }
        self.came.notify_one();
    }

    /// Ends it; notifies the client unless it asked for that.
    pub fn remove(&self, connection: &Connection) {
        lock(&self.listeners).retain(|other| other.id() != connection.id());
        if connection.outbox().end_feed(UnsubscribedReason::Removed) {
            connection.notify();
        }
    }

    /// Reads for the listeners for as long as the process runs.
    pub async fn run(self: Arc<Self>) {
        let mut rounds = 0_u32;
        loop {
            if lock(&self.listeners).is_empty() {
                self.came.notified().await;
            }
            rounds = rounds.wrapping_add(1);
            match self.round(rounds.is_multiple_of(VERIFY)).await {
                Ok(true) => tokio::task::yield_now().await,
                Ok(false) => tokio::time::sleep(EVERY).await,
                Err(why) => {
                    tracing::debug!(%why, "the activity cannot be read; trying again");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// Gives the next page to everybody who has taken the one before; returns whether more waits.
    async fn round(&self, verify: bool) -> Result<bool, Unavailable> {
        let mut more = false;
        let now = if verify { Some(self.now().await?) } else { None };
        for (cursor, connections) in self.places() {
            if now.is_some_and(|now| cursor > now) {
                // The database was set back.
                connections.iter().for_each(|connection| {
                    connection.outbox().reset_feed();
                    connection.notify();
                });
                continue;
            }
            let (frames, last) = self.page(cursor).await?;
            more |= i64::try_from(frames.len()) == Ok(PAGE);
            for connection in connections.iter().filter(|_| !frames.is_empty()) {
                if connection.outbox().turn_page(cursor, &frames, last) {
                    connection.notify();
                }
            }
        }
        Ok(more)
    }

    /// Who waits for what comes next, by cursor. Those who no longer listen are forgotten.
    fn places(&self) -> BTreeMap<ActivityCursor, Vec<Arc<Connection>>> {
        let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
        lock(&self.listeners).retain(|connection| {
            let outbox = connection.outbox();
            let Some(place) = outbox.feed() else { return false };
            if place.waiting.is_empty() {
                places.entry(place.cursor).or_default().push(Arc::clone(connection));
            }
            true
        });
        places
    }

    /// What comes after a cursor, and the cursor behind that.
    async fn page(
        &self,
        after: ActivityCursor,
    ) -> Result<(Vec<Bytes>, ActivityCursor), Unavailable> {
        let stored = |number| i64::try_from(number).unwrap_or(i64::MAX);
        let (transaction, board, seq) =
            (after.transaction.to_string(), stored(after.board), stored(after.seq));
        let parameters: [&dyn Parameter; 5] = [&after.era, &transaction, &board, &seq, &PAGE];
        let rows = self.database.query(sql::LIST_ACTIVITY, &parameters).await?;
        let (mut frames, mut last) = (Vec::with_capacity(rows.len()), after);
        for row in &rows {
            let cursor = field(row, 1)?;
            frames.push(event::encode_activity(field(row, 0)?, cursor));
            last = read(cursor)?;
        }
        Ok((frames, last))
    }
}

fn read(cursor: &str) -> Result<ActivityCursor, Unavailable> {
    ActivityCursor::parse(cursor).ok_or_else(|| Unavailable(format!("{cursor:?} is not a cursor")))
}
