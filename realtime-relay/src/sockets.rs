//! The open WebSockets: how many there are, from where, and how all of them end.

use crate::connection::Connection;
use crate::lock::lock;
use crate::metrics::{Metrics, Way};
use shared::protocol::CloseCode;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

/// All open WebSockets and the places promised to handshakes under way.
#[derive(Debug)]
pub struct Sockets {
    state: Mutex<State>,
    limit: usize,
    limit_per_address: usize,
    metrics: Arc<Metrics>,
    /// Rings when the last socket has gone.
    empty: Notify,
}

#[derive(Debug, Default)]
struct State {
    draining: bool,
    next_id: u64,
    places: usize,
    by_address: HashMap<IpAddr, usize>,
    connections: HashMap<u64, Arc<Connection>>,
}

/// A socket's place among the others, given back when dropped.
#[derive(Debug)]
pub struct Place {
    sockets: Arc<Sockets>,
    id: u64,
    address: IpAddr,
    way: Way,
    /// Whether this address has more sockets than it may: to be closed with 4409.
    pub one_too_many: bool,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Full {
    /// The relay is about to end.
    Draining,
    /// As many sockets as may be are open.
    Sockets,
}

impl Sockets {
    /// No sockets yet, with these bounds.
    #[must_use]
    pub fn new(limit: usize, limit_per_address: usize, metrics: Arc<Metrics>) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            limit,
            limit_per_address,
            metrics,
            empty: Notify::new(),
        })
    }

    /// Whether no new sockets are taken because the relay is about to end.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        lock(&self.state).draining
    }

    /// A place for a new socket from this address, which comes this way.
    ///
    /// # Errors
    /// [`Full`] when there is none.
    pub fn take_place(self: &Arc<Self>, address: IpAddr, way: Way) -> Result<Place, Full> {
        let mut state = lock(&self.state);
        if state.draining {
            return Err(Full::Draining);
        }
        if state.places >= self.limit {
            return Err(Full::Sockets);
        }
        state.places += 1;
        state.next_id += 1;
        let id = state.next_id;
        let from_there = state.by_address.entry(address).or_default();
        *from_there += 1;
        let one_too_many = *from_there > self.limit_per_address;
        self.metrics.connections.of(way).add(1);
        Ok(Place { sockets: Arc::clone(self), id, address, way, one_too_many })
    }

    /// Takes no new sockets and closes all others with 1012, spread over this time; returns when
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
                if lock(&self.state).places == 0 {
                    return;
                }
                notified.await;
            }
        };
        if tokio::time::timeout(patience, gone).await.is_err() {
            tracing::warn!(sockets = lock(&self.state).places, "some sockets did not close");
        }
    }
}

impl Place {
    /// The socket's number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
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

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = lock(&self.sockets.state);
        state.connections.remove(&self.id);
        state.places -= 1;
        if let Some(from_there) = state.by_address.get_mut(&self.address) {
            *from_there -= 1;
            if *from_there == 0 {
                state.by_address.remove(&self.address);
            }
        }
        let empty = state.places == 0;
        drop(state);
        self.sockets.metrics.connections.of(self.way).subtract(1);
        if empty {
            self.sockets.empty.notify_waiters();
        }
    }
}
