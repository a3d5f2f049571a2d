//! A batch of events on its way to many sockets at once.

use super::Connection;
use super::outbox::{Lacks, Outbox};
#[cfg(target_os = "linux")]
use super::submission::write;
use crate::hub::{Batch, Delivered, Subscriber};
use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::{AsFd as _, BorrowedFd};
use std::sync::{Arc, MutexGuard, TryLockError};

/// So many outboxes are held at once: about a third of a millisecond.
const AT_ONCE: usize = 64;

/// A batch on its way to one socket, whose outbox is held meanwhile: nobody else writes to it.
pub(super) struct Delivery<'a> {
    connection: &'a Connection,
    outbox: MutexGuard<'a, Outbox>,
    batch: &'a Batch<Connection>,
    /// The subscription, and the first frame that it lacks.
    place: (usize, usize),
    /// How many bytes the socket took.
    written: io::Result<usize>,
}

impl Subscriber for Connection {
    fn id(&self) -> u64 {
        Self::id(self)
    }

    fn notify(&self) {
        Self::notify(self);
    }

    /// Writes to each of these, unless its own task is busy writing.
    fn deliver(batch: &Batch<Self>, connections: &[Arc<Self>], mut tell: impl FnMut(Delivered)) {
        for connections in connections.chunks(AT_ONCE) {
            let mut deliveries = Vec::with_capacity(connections.len());
            let mut held_by_others = Vec::new();
            for connection in connections {
                // Who holds several may wait for none: others may hold the same in another order.
                let outbox = match connection.outbox.try_lock() {
                    Ok(outbox) => outbox,
                    Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                    Err(TryLockError::WouldBlock) => {
                        held_by_others.push(connection);
                        continue;
                    }
                };
                deliveries.extend(Delivery::begin(connection, outbox, batch));
            }
            write(&mut deliveries);
            deliveries.into_iter().for_each(|delivery| tell(delivery.end()));
            for connection in held_by_others {
                if let Some(mut delivery) = Delivery::begin(connection, connection.outbox(), batch)
                {
                    delivery.write();
                    tell(delivery.end());
                }
            }
        }
    }
}

/// Writes to each socket.
#[cfg(not(target_os = "linux"))]
fn write(deliveries: &mut [Delivery<'_>]) {
    deliveries.iter_mut().for_each(Delivery::write);
}

impl<'a> Delivery<'a> {
    fn begin(
        connection: &'a Connection,
        mut outbox: MutexGuard<'a, Outbox>,
        batch: &'a Batch<Connection>,
    ) -> Option<Self> {
        match outbox.lacks(batch) {
            Lacks::Nothing => None,
            Lacks::ItsTask => {
                drop(outbox);
                connection.notify();
                None
            }
            Lacks::Frames(place, from) => {
                let written = Err(io::ErrorKind::WouldBlock.into());
                Some(Self { connection, outbox, batch, place: (place, from), written })
            }
        }
    }

    /// The socket.
    #[cfg(target_os = "linux")]
    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.connection.stream().as_fd()
    }

    /// What it lacks.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.batch.bytes(self.place.1)
    }

    /// Somebody wrote to the socket: it took so many bytes.
    #[cfg(target_os = "linux")]
    pub(super) fn took(&mut self, written: io::Result<usize>) {
        self.written = written;
    }

    /// Writes to the socket.
    pub(super) fn write(&mut self) {
        self.written = self.connection.stream().try_write(self.bytes());
    }

    fn end(mut self) -> Delivered {
        let (place, from) = self.place;
        let frames = self.batch.frames(from);
        let (delivered, notify) = self.outbox.wrote(place, frames, self.written);
        drop(self.outbox);
        if notify {
            self.connection.notify();
        }
        delivered
    }
}
