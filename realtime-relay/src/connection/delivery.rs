//! A batch of events on its way to one socket.

use super::Connection;
use super::outbox::{Lacks, Outbox};
use crate::hub::{Batch, Delivered};
use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::{AsFd as _, BorrowedFd};
use std::sync::MutexGuard;

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

impl<'a> Delivery<'a> {
    /// Begins with what the socket lacks, if the boards' owners may write it.
    pub(super) fn begin(
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

    #[cfg(target_os = "linux")]
    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.connection.stream().as_fd()
    }

    /// What it lacks.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.batch.bytes(self.place.1)
    }

    /// Notes a write to the socket, and how many bytes it took.
    #[cfg(target_os = "linux")]
    pub(super) fn took(&mut self, written: io::Result<usize>) {
        self.written = written;
    }

    /// Writes to the socket.
    pub(super) fn write(&mut self) {
        self.written = self.connection.stream().try_write(self.bytes());
    }

    /// The outcome.
    pub(super) fn end(mut self) -> Delivered {
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
