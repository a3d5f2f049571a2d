//! The admins' feed: every event of every board as it comes, without a cursor.

use crate::connection::Connection;
use crate::hub::Log;
use crate::lock::lock;
use crate::stream::RedisStream;
use bytes::Bytes;
use shared::protocol::UnsubscribedReason;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// Events kept for listeners who are a little slow, and their bytes.
const EVENTS: usize = 5_000;
const BYTES: usize = 8 << 20;

/// Who listens to everything, and the newest of it: one log for all of them.
pub struct Activity {
    log: Arc<Log>,
    listeners: Mutex<Vec<Arc<Connection>>>,
    listened_to: AtomicBool,
    source: Weak<RedisStream>,
}

impl Activity {
    /// Nobody listens yet; with the first who does, this source reads all feeds.
    #[must_use]
    pub fn new(source: &Arc<RedisStream>) -> Arc<Self> {
        Arc::new(Self {
            log: Arc::new(Log::new(EVENTS, BYTES)),
            listeners: Mutex::default(),
            listened_to: AtomicBool::new(false),
            source: Arc::downgrade(source),
        })
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn is_listened_to(&self) -> bool {
        self.listened_to.load(Ordering::Relaxed)
    }

    /// From now on this connection gets everything.
    pub fn add(&self, connection: &Arc<Connection>) {
        connection.outbox().begin_feed(&self.log);
        let mut listeners = lock(&self.listeners);
        if !listeners.iter().any(|other| other.id() == connection.id()) {
            listeners.push(Arc::clone(connection));
        }
        self.count(&listeners);
    }

    /// No more; tells the client where it had not asked for that.
    pub fn remove(&self, connection: &Connection) {
        let mut listeners = lock(&self.listeners);
        let before = listeners.len();
        listeners.retain(|other| other.id() != connection.id());
        let listened = listeners.len() < before;
        self.count(&listeners);
        drop(listeners);
        if listened && connection.outbox().end_feed(UnsubscribedReason::Removed) {
            connection.poke();
        }
    }

    /// Takes in an event's frame; after some of them, [`Self::flush`] tells the listeners.
    pub fn push(&self, frame: &Bytes) {
        self.log.push(frame.clone());
    }

    /// Wakes the listeners; those who were too slow and reset are none any more.
    pub fn flush(&self) {
        if !self.is_listened_to() {
            return;
        }
        let mut listeners = lock(&self.listeners);
        listeners.iter().for_each(|connection| connection.poke());
        let listeners_before = listeners.len();
        listeners.retain(|connection| connection.outbox().has_feed());
        if listeners.len() < listeners_before {
            tracing::debug!("an admin was too slow for the feed");
            self.count(&listeners);
        }
    }

    fn count(&self, listeners: &[Arc<Connection>]) {
        let some = !listeners.is_empty();
        if self.listened_to.swap(some, Ordering::Relaxed) != some
            && let Some(source) = self.source.upgrade()
        {
            source.want_everything(some);
        }
    }
}
