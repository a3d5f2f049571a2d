//! Turns: how many requests may run at once, and which of them do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The turns of a server.
pub(super) struct Turns {
    most: u32,
    free: Arc<Semaphore>,
    holders: Arc<Holders>,
}

/// The ids of the requests that have a turn.
#[derive(Default)]
struct Holders(Mutex<Vec<Arc<str>>>);

/// A request's turn, until it is dropped.
pub(crate) struct Turn {
    request_id: Arc<str>,
    holders: Arc<Holders>,
    _permit: OwnedSemaphorePermit,
}

impl Turns {
    /// For so many requests at once.
    pub(super) fn new(most: u32) -> Self {
        Self { most, free: Arc::new(Semaphore::new(most as usize)), holders: Arc::default() }
    }

    /// A turn for this request; `None` where none became free in time.
    pub(super) async fn take(&self, request_id: &Arc<str>, patience: Duration) -> Option<Turn> {
        let permit = timeout(patience, Arc::clone(&self.free).acquire_owned()).await.ok()?.ok()?;
        self.holders.lock().push(Arc::clone(request_id));
        let (request_id, holders) = (Arc::clone(request_id), Arc::clone(&self.holders));
        Some(Turn { request_id, holders, _permit: permit })
    }

    /// Waits until no request has one.
    pub(super) async fn ended(&self) {
        let _ = self.free.acquire_many(self.most).await;
    }

    /// The ids of the requests that have one, separated by spaces.
    pub(super) fn holders(&self) -> String {
        self.holders.lock().join(" ")
    }
}

impl Holders {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut holders = self.holders.lock();
        if let Some(place) = holders.iter().position(|id| Arc::ptr_eq(id, &self.request_id)) {
            let _ = holders.swap_remove(place);
        }
    }
}
