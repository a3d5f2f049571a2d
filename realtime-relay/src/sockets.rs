//! The open WebSockets and event streams: how many there are, of users and of guests, and how all of
//! them end.

use crate::connection::Connection;
use crate::lock::lock;
use crate::metrics::{Metrics, Transport};
use shared::protocol::CloseCode;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

/// How many there may be.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// Of everybody.
    pub all: usize,
    /// Of these, of guests: no guest can take the remaining slots from the users.
    pub guests: usize,
    pub guests_from_one_address: usize,
}

/// Who wants a slot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Visitor {
    /// A guest of quick-win mode, or somebody who has not yet authenticated, from this address
    /// (as [`shared::http::client_address`] gives it).
    Guest(String),
    /// A user, whose sockets the accounts count, wherever they come from.
    User,
}

/// All open WebSockets and the slots promised to handshakes under way.
#[derive(Debug)]
pub struct Sockets {
    state: Mutex<State>,
    limits: SocketLimits,
    metrics: Arc<Metrics>,
    /// Notified when the last socket is gone.
    empty: Notify,
}

#[derive(Debug, Default)]
struct State {
    draining: bool,
    next_id: u64,
    slots: usize,
    /// The guests' slots and where each of them comes from.
    guests: HashMap<u64, String>,
    guests_by_address: HashMap<String, usize>,
    connections: HashMap<u64, Arc<Connection>>,
}

/// A socket's slot among the others, given back when dropped.
#[derive(Debug)]
pub struct Slot {
    sockets: Arc<Sockets>,
    id: u64,
    transport: Transport,
    /// Whether guests from this address have more sockets than they may: to be closed with 4409.
    pub one_too_many: bool,
}

/// Why there is no slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoSlot {
    /// The relay is about to end.
    Draining,
    /// The limit of sockets is reached.
    Sockets,
    /// The limit of guests is reached.
    Guests,
}

impl Sockets {
    /// Without sockets, with these limits.
    #[must_use]
    pub fn new(limits: SocketLimits, metrics: Arc<Metrics>) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), limits, metrics, empty: Notify::new() })
    }

    /// Whether no new sockets are accepted because the relay is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        lock(&self.state).draining
    }

    /// A slot for a new socket of this visitor.
    ///
    /// # Errors
    /// [`NoSlot`] when there is none.
    pub fn take_slot(
        self: &Arc<Self>,
        visitor: Visitor,
        transport: Transport,
    ) -> Result<Slot, NoSlot> {
        let mut state = lock(&self.state);
        if state.draining {
            return Err(NoSlot::Draining);
        }
        if state.slots >= self.limits.all {
            return Err(NoSlot::Sockets);
        }
        let mut one_too_many = false;
        let id = state.next_id + 1;
        if let Visitor::Guest(address) = visitor {
            if state.guests.len() >= self.limits.guests {
                return Err(NoSlot::Guests);
            }
            let from_there = state.guests_by_address.entry(address.clone()).or_default();
            *from_there += 1;
            one_too_many = *from_there > self.limits.guests_from_one_address;
            state.guests.insert(id, address);
            self.metrics.guests.add(1);
        }
        state.slots += 1;
        state.next_id = id;
        self.metrics.connections.of(transport).add(1);
        Ok(Slot { sockets: Arc::clone(self), id, transport, one_too_many })
    }

    /// Accepts no new sockets and closes all others with 1012, spread over this time; returns when
    /// they have gone or `patience` after the last was asked to.
    pub async fn drain(&self, spread: Duration, patience: Duration) {
        let mut open: Vec<_> = {
            let mut state = lock(&self.state);
            state.draining = true;
            self.metrics.draining.set(1);
            state.connections.values().map(Arc::clone).collect()
        };
        fastrand::shuffle(&mut open);
        tracing::info!(sockets = open.len(), "draining");
        let pause = spread / u32::try_from(open.len().max(1)).unwrap_or(u32::MAX);
        let start = tokio::time::Instant::now();
        for (index, connection) in (1_u32..).zip(open) {
            tokio::time::sleep_until(start + pause * index).await;
            connection.request_close(CloseCode::Restarting);
        }
        let gone = async {
            loop {
                let notified = self.empty.notified();
                if lock(&self.state).slots == 0 {
                    return;
                }
                notified.await;
            }
        };
        if tokio::time::timeout(patience, gone).await.is_err() {
            tracing::warn!(sockets = lock(&self.state).slots, "some sockets did not close");
        }
    }
}

impl Slot {
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The guest has authenticated: the slot is a user's from now on.
    pub fn is_a_users(&self) {
        self.leave_guests(&mut lock(&self.sockets.state));
    }

    fn leave_guests(&self, state: &mut State) {
        let Some(address) = state.guests.remove(&self.id) else { return };
        self.sockets.metrics.guests.subtract(1);
        if let Some(from_there) = state.guests_by_address.get_mut(&address) {
            *from_there -= 1;
            if *from_there == 0 {
                state.guests_by_address.remove(&address);
            }
        }
    }

    /// Makes the socket known, so that draining reaches it.
    pub fn occupy(&self, connection: &Arc<Connection>) {
        let mut state = lock(&self.sockets.state);
        state.connections.insert(self.id, Arc::clone(connection));
        if state.draining {
            drop(state);
            connection.request_close(CloseCode::Restarting);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = lock(&self.sockets.state);
        state.connections.remove(&self.id);
        state.slots -= 1;
        self.leave_guests(&mut state);
        let empty = state.slots == 0;
        drop(state);
        self.sockets.metrics.connections.of(self.transport).subtract(1);
        if empty {
            self.sockets.empty.notify_waiters();
        }
    }
}
