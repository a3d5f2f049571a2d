//! The closing handshake (RFC 6455, section 7): the last frame, then the client's, then the socket. The
//! same for event streams, whose clients just close.

use crate::connection::{Connection, Interest, WriteOutcome};
use crate::metrics::Metrics;
use shared::protocol::CloseCode;
use std::io::ErrorKind;
use std::net::Shutdown;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long the last frame may wait for a socket that takes nothing.
const WRITE_TIME: Duration = Duration::from_secs(5);
/// How long the client may take to close its side.
const READ_TIME: Duration = Duration::from_secs(2);
/// The most bytes read and discarded meanwhile.
const READ_LIMIT: usize = 1 << 20;

/// Sends the closing frame and closes. Reading until the client closes as well keeps the kernel from
/// answering its late bytes with a reset, which would take the close frame with it.
pub(super) async fn close(connection: &Arc<Connection>, metrics: &Metrics, code: CloseCode) {
    connection.outbox().finish(code);
    if flush(connection, metrics).await {
        let socket = socket2::SockRef::from(connection.stream());
        if socket.shutdown(Shutdown::Write).is_ok() {
            drain(connection).await;
        }
    }
}

/// Writes until nothing waits; returns whether that succeeded.
async fn flush(connection: &Arc<Connection>, metrics: &Metrics) -> bool {
    let end = Instant::now() + WRITE_TIME;
    let mut timer = pin!(tokio::time::sleep_until(end));
    loop {
        match connection.write_pending(metrics) {
            WriteOutcome::Done => return true,
            WriteOutcome::Broken => return false,
            WriteOutcome::More => {}
            WriteOutcome::Blocked => {
                let interest = Interest { read: false, write: true };
                if connection.wait(interest, timer.as_mut()).await.rang {
                    return false;
                }
            }
        }
    }
}

/// Discards what still arrives until the client closes.
async fn drain(connection: &Arc<Connection>) {
    let end = Instant::now() + READ_TIME;
    let mut timer = pin!(tokio::time::sleep_until(end));
    let mut total = 0;
    while total < READ_LIMIT {
        let interest = Interest { read: true, write: false };
        if connection.wait(interest, timer.as_mut()).await.rang {
            return;
        }
        match discard(connection) {
            Some(count) => total += count,
            None => return,
        }
    }
}

/// Reads once; `None` at the end.
fn discard(connection: &Connection) -> Option<usize> {
    let mut bytes = [0; 4096];
    match connection.stream().try_read(&mut bytes) {
        Ok(0) => None,
        Ok(count) => Some(count),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Some(0),
        Err(_) => None,
    }
}
