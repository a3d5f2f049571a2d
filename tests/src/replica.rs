//! A client's copy of a board that fails the test on an event that must not be sent to it.

use serde_json::Value;
use std::ops::Deref;

pub use history::canonical;

/// A copy of a board document, kept by the client rule.
#[derive(Clone, Debug)]
pub struct Replica(history::Replica);

impl Replica {
    /// A copy that starts from this snapshot.
    #[must_use]
    pub fn new(document: Value) -> Self {
        Self(history::Replica::new(document))
    }

    /// Applies the event of this WebSocket message, which must be the next one.
    ///
    /// # Panics
    /// If it is not, or is not an event.
    pub fn apply(&mut self, message: &Value) {
        if let Err(fault) = self.0.apply(&event_of(message)) {
            panic!("board {}: {fault}: {message}", self.board());
        }
    }
}

impl Deref for Replica {
    type Target = history::Replica;

    fn deref(&self) -> &history::Replica {
        &self.0
    }
}

/// The event of docs/contract/api.md inside a WebSocket message, which inlines it.
#[must_use]
pub fn event_of(message: &Value) -> Value {
    history::event_of(message.clone())
}
