//! The open HTTP connections, WebSockets not counted: how many there may be, and which has to go
//! when somebody else waits for one.
//!
//! A client that connects and sends nothing, or a header a day, holds a place until its time is
//! over. A thousand of them would keep everybody else out, so the one that has been asking for
//! nothing the longest makes room for the next.

use crate::lock::lock;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// All open HTTP connections.
#[derive(Debug)]
pub struct HttpConnections {
    permits: Arc<Semaphore>,
    /// Counts the times that a connection began to be idle.
    clock: AtomicU64,
    /// Those that are in the middle of no request, the longest idle first.
    idle: Mutex<BTreeMap<u64, Arc<Notify>>>,
}

/// One connection's place.
#[derive(Debug)]
pub struct HttpPlace {
    connections: Arc<HttpConnections>,
    /// Since when it is idle; `None` while it answers a request.
    since: Mutex<Option<u64>>,
    leave: Arc<Notify>,
    _permit: OwnedSemaphorePermit,
}

impl HttpConnections {
    /// None yet, with this limit.
    #[must_use]
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            permits: Arc::new(Semaphore::new(limit)),
            clock: AtomicU64::new(0),
            idle: Mutex::default(),
        })
    }

    /// A place for one more connection. Where there is none, the longest idle connection is asked
    /// to leave; where all of them answer requests, this waits.
    pub async fn take_place(self: &Arc<Self>) -> Option<Arc<HttpPlace>> {
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                if let Some((_, leave)) = lock(&self.idle).pop_first() {
                    leave.notify_one();
                }
                Arc::clone(&self.permits).acquire_owned().await.ok()?
            }
        };
        let place = Arc::new(HttpPlace {
            connections: Arc::clone(self),
            since: Mutex::new(None),
            leave: Arc::new(Notify::new()),
            _permit: permit,
        });
        place.set_idle();
        Some(place)
    }
}

impl HttpPlace {
    /// Waits until the place is wanted by somebody else.
    pub async fn wanted(&self) {
        self.leave.notified().await;
    }

    /// A request came.
    pub fn set_busy(&self) {
        if let Some(since) = lock(&self.since).take() {
            lock(&self.connections.idle).remove(&since);
        }
    }

    /// The request was answered.
    pub fn set_idle(&self) {
        let since = self.connections.clock.fetch_add(1, Ordering::Relaxed);
        *lock(&self.since) = Some(since);
        lock(&self.connections.idle).insert(since, Arc::clone(&self.leave));
    }
}

impl Drop for HttpPlace {
    fn drop(&mut self) {
        self.set_busy();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    fn is_wanted(place: &HttpPlace) -> bool {
        place.wanted().now_or_never().is_some()
    }

    async fn place(connections: &Arc<HttpConnections>) -> Arc<HttpPlace> {
        connections.take_place().await.expect("a place")
    }

    #[tokio::test]
    async fn the_longest_idle_connection_makes_room_and_one_that_works_does_not() {
        let connections = HttpConnections::new(3);
        let working = place(&connections).await;
        let first = place(&connections).await;
        let second = place(&connections).await;
        working.set_busy();
        // A request and its answer make a connection the newest of the idle ones.
        first.set_busy();
        first.set_idle();
        let mut next = Box::pin(place(&connections));
        assert!(next.as_mut().now_or_never().is_none(), "nobody has gone yet");
        assert_eq!([&working, &first, &second].map(|it| is_wanted(it)), [false, false, true]);
        drop(second);
        next.await;
        assert!(!is_wanted(&working));
    }
}
