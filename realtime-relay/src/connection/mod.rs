//! One open WebSocket or event stream as two sides share it: its own task, and the boards' owners who
//! write to it.

mod delivery;
mod outbox;
#[cfg(target_os = "linux")]
mod submission;
mod subscriber;
mod subscription;
mod subscriptions;
#[cfg(test)]
mod tests;
mod writing;

pub use outbox::{Outbox, WriteOutcome};
pub use subscription::{FeedPlace, Subscription};

use crate::lock::lock;
use bytes::Bytes;
use futures::task::AtomicWaker;
use shared::protocol::CloseCode;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::task::Poll;
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// What goes over a connection.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Wire {
    /// WebSocket frames.
    #[default]
    WebSocket,
    /// Server-Sent Events, made of the same frames. The client sends nothing.
    EventStream,
}

/// An open WebSocket or event stream.
#[derive(Debug)]
pub struct Connection {
    id: u64,
    stream: TcpStream,
    waker: AtomicWaker,
    notified: AtomicBool,
    outbox: Mutex<Outbox>,
}

/// What a connection's task was woken for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Woken {
    /// Something can be read.
    pub readable: bool,
    /// Its timer rang.
    pub rang: bool,
}

/// What a connection's task waits for, besides notifications and its timer.
#[derive(Clone, Copy, Debug)]
pub struct Interest {
    /// That something can be read.
    pub read: bool,
    /// That the socket takes bytes again.
    pub write: bool,
}

impl Connection {
    /// A connection on this stream, past its handshake.
    #[must_use]
    pub fn new(id: u64, stream: TcpStream) -> Self {
        Self {
            id,
            stream,
            waker: AtomicWaker::new(),
            notified: AtomicBool::new(false),
            outbox: Mutex::default(),
        }
    }

    /// An event stream that begins with these bytes.
    #[must_use]
    pub fn event_stream(id: u64, stream: TcpStream, beginning: Bytes) -> Self {
        Self { outbox: Mutex::new(Outbox::event_stream(beginning)), ..Self::new(id, stream) }
    }

    /// Its number, unique in this process.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    #[must_use]
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// What is to be written. Never lock this while a board's state is locked.
    pub fn outbox(&self) -> MutexGuard<'_, Outbox> {
        lock(&self.outbox)
    }

    /// Wakes the connection's task: something changed for it.
    pub fn notify(&self) {
        if !self.notified.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
    }

    /// Asks the connection's task to close with this code.
    pub fn request_close(&self, code: CloseCode) {
        self.outbox().request_close(code);
        self.notify();
    }

    /// Waits for a notification, the timer, or the socket. The timer must be armed again after it fired.
    pub async fn wait(&self, interest: Interest, mut timer: Pin<&mut Sleep>) -> Woken {
        poll_fn(|context| {
            self.waker.register(context.waker());
            let notified = self.notified.swap(false, Ordering::AcqRel);
            let readable = interest.read && self.stream.poll_read_ready(context).is_ready();
            let writable = interest.write && self.stream.poll_write_ready(context).is_ready();
            let rang = timer.as_mut().poll(context).is_ready();
            if notified || readable || writable || rang {
                Poll::Ready(Woken { readable, rang })
            } else {
                Poll::Pending
            }
        })
        .await
    }
}
