//! Work that waits for the one task that does it.

use crate::lock::lock;
use std::sync::Mutex;
use tokio::sync::Notify;

/// Things to do, in order. Whoever adds one sees to it that it is not there already, which bounds
/// the queue by the number of things.
#[derive(Debug)]
pub(super) struct Queue<T> {
    waiting: Mutex<Vec<T>>,
    bell: Notify,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), bell: Notify::new() }
    }
}

impl<T> Queue<T> {
    pub(super) fn push(&self, thing: T) {
        lock(&self.waiting).push(thing);
        self.bell.notify_one();
    }

    pub(super) fn take(&self) -> Vec<T> {
        std::mem::take(&mut *lock(&self.waiting))
    }

    /// Waits until something was added since the last time.
    pub(super) async fn rung(&self) {
        self.bell.notified().await;
    }
}
