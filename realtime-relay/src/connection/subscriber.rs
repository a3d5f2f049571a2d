//! A connection as the hub knows it: batches of events are written to many sockets at once.

use super::Connection;
use super::delivery::Delivery;
#[cfg(target_os = "linux")]
use super::submission::write;
use crate::hub::{Batch, Delivered, Subscriber};
use std::sync::{Arc, TryLockError};

/// How many outboxes are locked at once: about a third of a millisecond.
const AT_ONCE: usize = 64;

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
                // Holding several, it may wait for none: others may hold the same in another order.
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
