//! Many WebSockets to one server, each of which checks what it receives.

use crate::frames::{self, Frame};
use crate::handshake;
use crate::latency::Latencies;
use crate::sequence::{Faults, Sequence};
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::cell::RefCell;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead as _, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// How long a socket may take until it is subscribed.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many sockets are opened at a time.
const AT_ONCE: usize = 64;

/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// How often an idle socket checks whether the others have received everything.
const TICK: Duration = Duration::from_millis(50);

/// How a socket subscribes to a server's events.
#[derive(Clone, Debug)]
pub enum Protocol {
    /// The relay: a token and a board.
    Relay {
        /// A board member's token.
        token: String,
        board: u64,
        /// Where the events begin: after this one, or with the next one.
        after: Option<u64>,
    },
    /// Nothing: a socket at this path is subscribed.
    Plain { path: &'static str },
    /// Engine.IO 4 and Socket.IO 5.
    SocketIo,
    /// The text protocol of NATS.
    Nats,
}

/// When each event of a run was due to be published.
#[derive(Debug)]
pub struct Published {
    first: u64,
    origin: Instant,
    /// Nanoseconds after the origin; 0 if it was not published yet.
    moments: Vec<AtomicU64>,
}

/// What all sockets received of a run.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// How many events came, counted once a socket.
    pub deliveries: u64,
    /// From when an event was due to be published to its arrival.
    pub latencies: Latencies,
    pub faults: Faults,
}

#[derive(Debug)]
pub struct Audience {
    runtime: Runtime,
    sockets: Vec<Socket>,
}

#[derive(Debug)]
struct Socket {
    stream: TcpStream,
    /// The beginning of an incomplete frame.
    rest: Vec<u8>,
}

impl Published {
    /// Nothing received yet of this many events, from this one on.
    #[must_use]
    pub fn new(first: u64, count: usize) -> Arc<Self> {
        let moments = (0..count).map(|_| AtomicU64::new(0)).collect();
        Arc::new(Self { first, origin: Instant::now(), moments })
    }

    pub fn events(&self) -> impl Iterator<Item = u64> + use<> {
        self.first..self.first + self.moments.len() as u64
    }

    /// Notes that an event was due at a moment.
    pub fn note(&self, seq: u64, due: Instant) {
        if let Some(moment) = self.moment(seq) {
            let nanoseconds = due.saturating_duration_since(self.origin).as_nanos();
            moment.store(u64::try_from(nanoseconds).unwrap_or(u64::MAX).max(1), Ordering::Release);
        }
    }

    fn since(&self, seq: u64, now: Instant) -> Option<Duration> {
        let moment = self.moment(seq)?.load(Ordering::Acquire);
        let now = now.saturating_duration_since(self.origin);
        (moment > 0).then(|| now.saturating_sub(Duration::from_nanos(moment)))
    }

    fn moment(&self, seq: u64) -> Option<&AtomicU64> {
        self.moments.get(usize::try_from(seq.checked_sub(self.first)?).ok()?)
    }
}

impl Audience {
    /// Opens this many sockets, all subscribed.
    ///
    /// # Errors
    /// When one takes too long.
    pub fn open(address: SocketAddr, protocol: &Protocol, count: usize) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let sockets = runtime.block_on(async {
            let (mut opening, mut sockets) = (JoinSet::new(), Vec::with_capacity(count));
            for number in 0..count {
                if number >= AT_ONCE {
                    sockets.push(opening.join_next().await.context("a socket")???);
                }
                let protocol = protocol.clone();
                opening.spawn(async move {
                    let subscribed = Socket::subscribed(address, protocol);
                    tokio::time::timeout(PATIENCE, subscribed)
                        .await
                        .context("not subscribed in time")?
                });
            }
            while let Some(socket) = opening.join_next().await {
                sockets.push(socket??);
            }
            anyhow::Ok(sockets)
        })?;
        Ok(Self { runtime, sockets })
    }

    /// Reads until every socket has every event, at most until the limit.
    ///
    /// # Errors
    /// When a server ends a socket.
    pub fn listen(&mut self, published: &Arc<Published>, limit: Duration) -> Result<Received> {
        let deadline = tokio::time::Instant::now() + limit;
        let sockets = std::mem::take(&mut self.sockets);
        self.runtime.block_on(async {
            // One histogram for all: thousands of them are gigabytes to be cleared before the first event.
            let latencies = Arc::new(Mutex::new(Latencies::default()));
            let mut listening = JoinSet::new();
            for mut socket in sockets {
                let (published, latencies) = (Arc::clone(published), Arc::clone(&latencies));
                listening.spawn(async move {
                    let received = socket.listen(&published, &latencies, deadline).await;
                    (socket, received)
                });
            }
            let mut all = Received::default();
            while let Some(ended) = listening.join_next().await {
                let (socket, received) = ended?;
                let (deliveries, faults) = received?;
                all.deliveries += deliveries;
                all.faults.add(faults);
                self.sockets.push(socket);
            }
            all.latencies = lock(&latencies).clone();
            Ok(all)
        })
    }
}

/// Sockets that follow many boards, and count what they are sent.
#[derive(Debug)]
pub struct Followers {
    runtime: Runtime,
    sockets: Vec<Socket>,
}

impl Followers {
    /// Opens a socket for each of these groups of boards, subscribed to all of its group.
    ///
    /// # Errors
    /// When a subscription is refused, or not there in time.
    pub fn open<'boards>(
        address: SocketAddr,
        token: &str,
        groups: impl Iterator<Item = &'boards [u64]>,
    ) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let sockets = runtime.block_on(async {
            let mut sockets = Vec::new();
            for boards in groups {
                let mut socket = Socket::greeted(address, "/ws", Some(token)).await?;
                for board in boards {
                    socket.send(&format!(r#"{{"type":"subscribe","board":{board}}}"#)).await?;
                    let answer = socket.until(r#""type":"subscribed""#);
                    tokio::time::timeout(PATIENCE, answer).await.context("not in time")??;
                }
                sockets.push(socket);
            }
            anyhow::Ok(sockets)
        })?;
        Ok(Self { runtime, sockets })
    }

    /// Waits until all sockets together have this many events, at most until the limit; returns how
    /// many came.
    ///
    /// # Errors
    /// When a server ends a socket.
    pub fn count(&mut self, events: u64, limit: Duration) -> Result<u64> {
        let received = AtomicU64::new(0);
        self.runtime.block_on(async {
            let all = self.sockets.iter_mut().map(|socket| socket.count(&received, events));
            tokio::time::timeout(limit, futures::future::try_join_all(all))
                .await
                .map_or(Ok(()), |all| all.map(drop))
        })?;
        Ok(received.into_inner())
    }
}

impl Socket {
    async fn subscribed(address: SocketAddr, protocol: Protocol) -> Result<Self> {
        let (path, token) = match &protocol {
            Protocol::Relay { token, .. } => ("/ws", Some(token.as_str())),
            Protocol::Plain { path } => (*path, None),
            Protocol::SocketIo => ("/socket.io/?EIO=4&transport=websocket", None),
            Protocol::Nats => ("/", None),
        };
        let mut socket = Self::greeted(address, path, token).await?;
        match protocol {
            Protocol::Relay { board, after, .. } => {
                let after = after.map(|seq| format!(r#","after":{seq}"#)).unwrap_or_default();
                socket.send(&format!(r#"{{"type":"subscribe","board":{board}{after}}}"#)).await?;
                socket.until(r#""type":"subscribed""#).await?;
            }
            Protocol::Plain { .. } => {}
            Protocol::SocketIo => {
                socket.until("0{").await?;
                socket.send("40").await?;
                socket.until("40{").await?;
            }
            Protocol::Nats => {
                socket.until("INFO").await?;
                socket.send("CONNECT {\"verbose\":false}\r\nSUB board 1\r\nPING\r\n").await?;
                socket.until("PONG").await?;
            }
        }
        Ok(socket)
    }

    /// A WebSocket whose handshake is over.
    async fn greeted(address: SocketAddr, path: &str, token: Option<&str>) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut socket = Self { stream, rest: Vec::new() };
        socket.stream.write_all(handshake::request(path, token).as_bytes()).await?;
        let head = loop {
            match handshake::end_of_head(&socket.rest) {
                Some(end) => break socket.rest.drain(..end).collect::<Vec<u8>>(),
                None => socket.read_more().await?,
            }
        };
        let head = String::from_utf8_lossy(&head);
        ensure!(head.starts_with("HTTP/1.1 101"), "no WebSocket: {head}");
        Ok(socket)
    }

    /// Counts each event that comes, until there are enough.
    async fn count(&mut self, received: &AtomicU64, enough: u64) -> Result<()> {
        let count = |message: &[u8]| {
            received.fetch_add(frames::seqs(message).count() as u64, Ordering::Relaxed);
        };
        self.held(count).await?;
        while received.load(Ordering::Relaxed) < enough {
            if let Ok(received) = tokio::time::timeout(TICK, self.receive(count)).await {
                received?;
            }
        }
        Ok(())
    }

    async fn send(&mut self, message: &str) -> Result<()> {
        Ok(self.stream.write_all(&frames::text(message)).await?)
    }

    async fn read_more(&mut self) -> Result<()> {
        ensure!(self.stream.read_buf(&mut self.rest).await? > 0, "the server ended the socket");
        Ok(())
    }

    /// Reads up to the message that has this text in it.
    async fn until(&mut self, text: &str) -> Result<()> {
        loop {
            while let Some((frame, length)) = frames::first(&self.rest) {
                let found = match frame {
                    Frame::Message(message) => {
                        memchr::memmem::find(message, text.as_bytes()).is_some()
                    }
                    Frame::Close(reason) => bail!("closed: {}", String::from_utf8_lossy(reason)),
                    Frame::Ping(_) | Frame::Other => false,
                };
                self.rest.drain(..length);
                if found {
                    // A waiting socket must not keep memory of the measuring process.
                    self.rest.shrink_to_fit();
                    return Ok(());
                }
            }
            self.read_more().await?;
        }
    }

    /// Receives the events of a run, at most until the deadline; returns how many came, and
    /// the faults.
    async fn listen(
        &mut self,
        published: &Published,
        latencies: &Mutex<Latencies>,
        deadline: tokio::time::Instant,
    ) -> Result<(u64, Faults)> {
        let mut sequence = Sequence::new(published.first, published.moments.len());
        let mut deliveries = 0;
        let all = async {
            let mut note = |message: &[u8]| {
                let now = Instant::now();
                for seq in frames::seqs(message) {
                    if sequence.note(seq) {
                        deliveries += 1;
                        let latency = published.since(seq, now);
                        latency.into_iter().for_each(|it| lock(latencies).record(it));
                    }
                }
                sequence.is_whole()
            };
            let mut is_whole = false;
            self.held(|message| is_whole = note(message)).await?;
            while !is_whole {
                self.receive(|message| is_whole = note(message)).await?;
            }
            anyhow::Ok(())
        };
        if let Ok(all) = tokio::time::timeout_at(deadline, all).await {
            all?;
        }
        Ok((deliveries, sequence.faults()))
    }

    /// The messages that have already come together with the answer to the subscription.
    async fn held(&mut self, on_message: impl FnMut(&[u8])) -> Result<()> {
        let replies = read_frames(&mut self.rest, &[], on_message)?;
        Ok(self.stream.write_all(&replies).await?)
    }

    /// Waits until more comes, and passes on each complete message.
    ///
    /// Thousands of sockets read into one buffer, which is therefore in the processor's cache, and a read that
    /// does not fill it shows that nothing is left: the audience takes its time from the servers.
    async fn receive(&mut self, mut on_message: impl FnMut(&[u8])) -> Result<()> {
        thread_local! {
            static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; CHUNK]);
        }
        let (stream, rest) = (&mut self.stream, &mut self.rest);
        let replies = poll_fn(|context| {
            BUFFER.with_borrow_mut(|buffer| {
                let mut buffer = ReadBuf::new(buffer);
                ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer))?;
                let more = buffer.filled();
                if more.is_empty() {
                    return Poll::Ready(Err(anyhow!("the server ended a socket")));
                }
                Poll::Ready(read_frames(rest, more, &mut on_message))
            })
        });
        let replies = replies.await?;
        if !replies.is_empty() {
            self.stream.write_all(&replies).await?;
        }
        Ok(())
    }
}

fn lock(latencies: &Mutex<Latencies>) -> MutexGuard<'_, Latencies> {
    latencies.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes on each complete message of the previous rest and the new bytes, and keeps the new rest;
/// returns the required answers.
fn read_frames(
    rest: &mut Vec<u8>,
    more: &[u8],
    mut on_message: impl FnMut(&[u8]),
) -> Result<Vec<u8>> {
    let mut joined = std::mem::take(rest);
    let bytes = if joined.is_empty() {
        more
    } else {
        joined.extend_from_slice(more);
        &joined
    };
    let (mut at, mut replies) = (0, Vec::new());
    while let Some((frame, length)) = frames::first(&bytes[at..]) {
        at += length;
        match frame {
            Frame::Message(b"2") => replies.extend(frames::text("3")),
            Frame::Message(message) if message.starts_with(b"PING\r\n") => {
                replies.extend(frames::text("PONG\r\n"));
            }
            Frame::Message(message) => on_message(message),
            Frame::Ping(payload) => replies.extend(frames::pong(payload)),
            Frame::Close(_) => bail!("the server closed a socket"),
            Frame::Other => {}
        }
    }
    *rest = bytes[at..].to_vec();
    Ok(replies)
}
