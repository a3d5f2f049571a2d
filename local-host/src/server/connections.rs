//! The open connections: how many there may be and what they may keep in memory, and which one goes
//! when there is no more room.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::turns::customer;

/// How often at most it is logged that connections were closed to make room.
const NOTICE_INTERVAL: Duration = Duration::from_secs(1);

/// What all connections together may take.
pub(super) struct ConnectionLimits {
    pub(super) total: usize,
    /// Connections of one client; none where that does not matter.
    pub(super) per_address: Option<usize>,
    /// Bytes of bodies, of requests and of answers.
    pub(super) buffered_bytes: usize,
}

/// The open connections.
///
/// A connection either waits for its client (for a head, for a body, for an answer to be taken) or
/// has a request that is being answered. When there is no room, of those that wait the one goes that
/// has waited longest: a client that is about to send its request is always younger than those that
/// fill the host with silence.
pub(super) struct Connections {
    limits: ConnectionLimits,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: HashMap<u64, Open>,
    /// Those that wait, the longest first: the number of the wait, and whose it is.
    waiting: BTreeMap<u64, Waiting>,
    /// Open connections by client.
    addresses: HashMap<IpAddr, usize>,
    buffered_bytes: usize,
    /// The number of the newest wait; a connection is numbered by its first.
    last_wait: u64,
    /// How many have made room so far.
    closed: u64,
    made_room: Notice,
}

struct Open {
    address: IpAddr,
    /// The number of its wait; none while its request is being answered.
    waits_since: Option<u64>,
    buffered_bytes: usize,
    /// Its end tells the connection to close.
    _stay: oneshot::Sender<Infallible>,
}

#[derive(Clone, Copy)]
struct Waiting {
    id: u64,
    address: IpAddr,
}

/// What was not logged yet.
#[derive(Default)]
struct Notice {
    count: u64,
    logged: Option<Instant>,
}

/// One open connection; no longer counted when this is dropped.
pub(super) struct Connection {
    connections: Arc<Connections>,
    id: u64,
}

/// Resolves when a connection has to make room.
pub(super) type Closed = oneshot::Receiver<Infallible>;

impl Connections {
    /// No connections yet.
    pub(super) fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self { limits, state: Mutex::default() })
    }

    /// Counts a new connection of `client`, which waits for its first request. Where there is no room
    /// another makes some; where none can, there is none for this one.
    pub(super) fn open(self: &Arc<Self>, client: IpAddr) -> Option<(Arc<Connection>, Closed)> {
        let address = customer(client);
        let mut state = self.state();
        let full = |state: &State| {
            let open = state.addresses.get(&address).copied().unwrap_or_default();
            self.limits.per_address.is_some_and(|limit| open >= limit)
        };
        while full(&state) {
            state.make_room(|_, waiting| waiting.address == address)?;
        }
        while state.open.len() >= self.limits.total {
            state.make_room(|_, _| true)?;
        }
        let (stay, closed) = oneshot::channel();
        let id = state.last_wait + 1;
        let open = Open { address, waits_since: None, buffered_bytes: 0, _stay: stay };
        state.open.insert(id, open);
        *state.addresses.entry(address).or_default() += 1;
        state.wait(id);
        Some((Arc::new(Connection { connections: Arc::clone(self), id }), closed))
    }

    /// Closes the connection that has waited longest, if any waits.
    pub(super) fn make_room(&self) {
        self.state().make_room(|_, _| true);
    }

    /// How many are open, how many bytes wait in memory, and how many connections have made room.
    pub(super) fn numbers(&self) -> (usize, usize, u64) {
        let state = self.state();
        (state.open.len(), state.buffered_bytes, state.closed)
    }

    /// A change leaves the state whole at every step, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The connection waits from now on.
    fn wait(&mut self, id: u64) {
        let Some(open) = self.open.get_mut(&id) else { return };
        if open.waits_since.is_none() {
            self.last_wait += 1;
            open.waits_since = Some(self.last_wait);
            self.waiting.insert(self.last_wait, Waiting { id, address: open.address });
        }
    }

    fn remove(&mut self, id: u64) {
        let Some(open) = self.open.remove(&id) else { return };
        if let Some(since) = open.waits_since {
            self.waiting.remove(&since);
        }
        self.buffered_bytes -= open.buffered_bytes;
        if let Some(count) = self.addresses.get_mut(&open.address) {
            *count -= 1;
            if *count == 0 {
                self.addresses.remove(&open.address);
            }
        }
    }

    /// Closes the connection that has waited longest of those that fit; none where none does.
    fn make_room(&mut self, fits: impl Fn(&Self, &Waiting) -> bool) -> Option<()> {
        let longest = self.waiting.values().find(|waiting| fits(self, waiting)).copied()?;
        self.remove(longest.id);
        self.closed += 1;
        self.made_room.count += 1;
        if self.made_room.logged.is_none_or(|logged| logged.elapsed() >= NOTICE_INTERVAL) {
            let closed = std::mem::take(&mut self.made_room.count);
            self.made_room.logged = Some(Instant::now());
            tracing::warn!(
                closed,
                open = self.open.len(),
                buffered_bytes = self.buffered_bytes,
                "closed connections that waited for their clients, to make room"
            );
        }
        Some(())
    }
}

impl Connection {
    /// Its request is whole and is being answered: it makes no room for others.
    pub(super) fn answers(&self) {
        let mut state = self.connections.state();
        if let Some(since) = state.open.get_mut(&self.id).and_then(|open| open.waits_since.take()) {
            state.waiting.remove(&since);
        }
    }

    /// The answer is there: it waits for the client to take it and to send another request.
    pub(super) fn waits(&self) {
        self.connections.state().wait(self.id);
    }

    /// Nothing in memory for this connection yet.
    pub(super) fn buffer(self: &Arc<Self>) -> Buffered {
        Buffered { connection: Arc::clone(self), bytes: 0 }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.state().remove(self.id);
    }
}

/// Bytes that are kept in memory for a connection; given back when this is dropped.
pub(super) struct Buffered {
    connection: Arc<Connection>,
    bytes: usize,
}

impl Buffered {
    /// Counts more bytes. Where there is no room for them, connections that wait and have some in
    /// memory make it; false if they cannot.
    pub(super) fn add(&mut self, bytes: usize) -> bool {
        let Connection { connections, id } = &*self.connection;
        let mut state = connections.state();
        let others = |state: &State, waiting: &Waiting| {
            waiting.id != *id && state.open[&waiting.id].buffered_bytes > 0
        };
        while state.buffered_bytes + bytes > connections.limits.buffered_bytes {
            if state.make_room(others).is_none() {
                return false;
            }
        }
        // One that made room itself is about to end, with all that it has.
        let Some(open) = state.open.get_mut(id) else { return false };
        open.buffered_bytes += bytes;
        state.buffered_bytes += bytes;
        self.bytes += bytes;
        true
    }
}

impl Drop for Buffered {
    fn drop(&mut self) {
        let mut state = self.connection.connections.state();
        if let Some(open) = state.open.get_mut(&self.connection.id) {
            open.buffered_bytes -= self.bytes;
            state.buffered_bytes -= self.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(total: usize, per_address: Option<usize>) -> Arc<Connections> {
        Connections::new(ConnectionLimits { total, per_address, buffered_bytes: 100 })
    }

    fn open(connections: &Arc<Connections>, client: &str) -> Option<(Arc<Connection>, Closed)> {
        connections.open(client.parse().unwrap())
    }

    fn is_closed((_, closed): &mut (Arc<Connection>, Closed)) -> bool {
        closed.try_recv() == Err(oneshot::error::TryRecvError::Closed)
    }

    #[test]
    fn the_one_that_has_waited_longest_makes_room_and_none_that_is_answered() {
        let connections = connections(3, None);
        let open = || open(&connections, "192.0.2.1");
        let (mut first, mut second, mut third) =
            (open().unwrap(), open().unwrap(), open().unwrap());
        first.0.answers();
        let mut fourth = open().unwrap();
        assert!(is_closed(&mut second) && !is_closed(&mut first) && !is_closed(&mut third));
        first.0.waits();
        let fifth = open().unwrap();
        assert!(is_closed(&mut third) && !is_closed(&mut first) && !is_closed(&mut fourth));
        for (connection, _) in [&first, &fourth, &fifth] {
            connection.answers();
        }
        assert!(open().is_none(), "nobody could make room");
        drop(fourth);
        assert!(open().is_some());
    }

    #[test]
    fn an_ipv6_network_is_one_client_and_so_is_an_ipv4_address_in_either_form() {
        let connections = connections(9, Some(1));
        let mut first = open(&connections, "2001:db8::1").unwrap();
        let mut other = open(&connections, "2001:db8:0:1::1").unwrap();
        let _same = open(&connections, "2001:db8::ffff:2").unwrap();
        assert!(is_closed(&mut first) && !is_closed(&mut other));
        let mut first = open(&connections, "192.0.2.1").unwrap();
        let _same = open(&connections, "::ffff:192.0.2.1").unwrap();
        assert!(is_closed(&mut first));
    }

    #[test]
    fn bytes_are_counted_until_they_are_dropped_and_waiting_holders_make_room() {
        let connections = connections(9, None);
        let open = || open(&connections, "192.0.2.1").unwrap();
        let (mut empty, mut holder, mut asking) = (open(), open(), open());
        let mut held = holder.0.buffer();
        assert!(held.add(60));
        let mut more = asking.0.buffer();
        assert!(!more.add(101), "that much there never is");
        assert!(is_closed(&mut holder) && !is_closed(&mut empty));
        assert!(!held.add(1), "it was told to close");
        assert!(more.add(100));
        asking.0.answers();
        let mut third = empty.0.buffer();
        assert!(!third.add(1), "the only holder is being answered");
        drop((held, more));
        assert!(third.add(100) && !is_closed(&mut asking));
    }
}
