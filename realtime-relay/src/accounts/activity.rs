//! The admins' feed: every event of every board as it comes, without a cursor.

use crate::connection::Connection;
use crate::lock::lock;
use crate::stream::RedisStream;
use bytes::Bytes;
use shared::protocol::UnsubscribedReason;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// Who listens to everything.
#[derive(Default)]
pub struct Activity {
    listeners: Mutex<Vec<Arc<Connection>>>,
    listened_to: AtomicBool,
    /// Frames that came since the last flush.
    pending: Mutex<Vec<Bytes>>,
    source: Weak<RedisStream>,
}

impl Activity {
    /// Nobody listens yet; with the first who does, this source reads all feeds.
    #[must_use]
    pub fn new(source: &Arc<RedisStream>) -> Arc<Self> {
        Arc::new(Self { source: Arc::downgrade(source), ..Self::default() })
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn is_listened_to(&self) -> bool {
        self.listened_to.load(Ordering::Relaxed)
    }

    /// From now on this connection gets everything.
    pub fn add(&self, connection: &Arc<Connection>) {
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

    /// Takes in an event's frame; [`Self::flush`] hands it out.
    pub fn push(&self, frame: &Bytes) {
        lock(&self.pending).push(frame.clone());
    }

    /// Hands out what was taken in.
    pub fn flush(&self) {
        let frames = std::mem::take(&mut *lock(&self.pending));
        if frames.is_empty() {
            return;
        }
        let listeners = lock(&self.listeners).clone();
        let mut too_slow = Vec::new();
        for connection in listeners {
            if !connection.outbox().feed(&frames) {
                tracing::debug!(connection = connection.id(), "an admin was too slow for the feed");
                too_slow.push(connection.id());
            }
            connection.poke();
        }
        if !too_slow.is_empty() {
            let mut listeners = lock(&self.listeners);
            listeners.retain(|listener| !too_slow.contains(&listener.id()));
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
