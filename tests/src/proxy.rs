//! A test's own network between two programs, which it can cut while both keep running.

use crate::ports;
use std::net::Ipv4Addr;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Forwards every byte in both directions. While it is cut nothing arrives: connections stay open,
/// new ones are accepted, and all are silent. Bytes sent meanwhile arrive afterwards, as with TCP's
/// retransmission.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    whole: watch::Sender<bool>,
    _task: JoinSet<()>,
}

impl Proxy {
    /// A network to this port of this machine. It lives in the runtime that starts it.
    ///
    /// # Panics
    /// If its own port is taken.
    pub async fn to(port: u16) -> Self {
        let own = ports::free();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, own)).await.expect("a free port");
        let whole = watch::Sender::new(true);
        let state = whole.subscribe();
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let Ok((near, _)) = listener.accept().await else { continue };
                while connections.try_join_next().is_some() {}
                connections.spawn(connect(near, port, state.clone()));
            }
        });
        Self { port: own, whole, _task: task }
    }

    /// The address to connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on nothing arrives.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Everything arrives again.
    pub fn heal(&self) {
        self.whole.send_replace(true);
    }
}

async fn connect(near: TcpStream, port: u16, mut whole: watch::Receiver<bool>) {
    if !is_whole(&mut whole).await {
        return;
    }
    let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let mut both = JoinSet::new();
    both.spawn(forward(near_in, far_out, whole.clone()));
    both.spawn(forward(far_in, near_out, whole));
    while both.join_next().await.is_some() {}
}

/// Waits until the network is connected; false if it ends.
async fn is_whole(whole: &mut watch::Receiver<bool>) -> bool {
    whole.wait_for(|whole| *whole).await.is_ok()
}

/// Forwards bytes until one end closes, which then closes the other.
async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut whole: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = from.read(&mut buffer).await.unwrap_or(0);
        // A connection's end is delayed like its bytes.
        if !is_whole(&mut whole).await || length == 0 {
            break;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn nothing_arrives_through_a_cut_network_and_everything_afterwards() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let proxy = Proxy::to(listener.local_addr().expect("an address").port()).await;
        let mut near = TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port())).await.expect("near");
        let (mut far, _) = listener.accept().await.expect("far");
        near.write_all(b"one").await.expect("sent");
        let mut read = [0; 3];
        far.read_exact(&mut read).await.expect("read");
        assert_eq!(&read, b"one");
        proxy.cut();
        near.write_all(b"two").await.expect("sent");
        far.write_all(b"six").await.expect("sent");
        let nothing = tokio::time::timeout(Duration::from_millis(100), far.read(&mut read)).await;
        assert!(nothing.is_err(), "it arrived");
        proxy.heal();
        far.read_exact(&mut read).await.expect("read");
        assert_eq!(&read, b"two");
        near.read_exact(&mut read).await.expect("read");
        assert_eq!(&read, b"six");
        drop(near);
        assert_eq!(far.read(&mut read).await.expect("the end"), 0);
    }
}
