//! A pass over real sockets, in slices that several workers write.

use super::{Next, Round, SLICE, next_batch};
use crate::connection::{Connection, Interest, WriteOutcome};
use crate::event::EventFrame;
use crate::hub::board::Board;
use crate::hub::{Cursor, HubSettings};
use crate::metrics::{Metrics, Offered};
use crate::websocket::text_frame;
use shared::models::BoardId;
use socket2::SockRef;
use std::net::Shutdown;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);
const WORKERS: usize = 4;
/// Enough for each worker, and one slice that is not full.
const SOCKETS: usize = WORKERS * SLICE + SLICE / 2;

/// A board and those who watch it.
struct Stage {
    board: Arc<Board<Connection>>,
    metrics: Arc<Metrics>,
    listener: TcpListener,
}

/// One subscriber: the relay's side, and the client's.
struct Watcher {
    connection: Arc<Connection>,
    client: TcpStream,
}

impl Stage {
    async fn new() -> Self {
        let settings = HubSettings {
            boards: 1,
            ring_events: 1000,
            ring_bytes: 1 << 20,
            check_interval: PATIENCE,
            linger: PATIENCE,
        };
        let board = Arc::new(Board::new(BoardId::new(7).expect("an id"), &settings));
        board.state().load(Arc::from("e"), 0, Vec::new());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a listener");
        Self { board, metrics: Arc::default(), listener }
    }

    /// Subscribes from now on; the connection's own writing has been done once.
    async fn join(&self, id: u64) -> Watcher {
        let address = self.listener.local_addr().expect("an address");
        let client = TcpStream::connect(address).await.expect("a connection");
        // Others on this machine try ports, too.
        let stream = loop {
            let (stream, peer) = self.listener.accept().await.expect("its other side");
            if client.local_addr().is_ok_and(|it| it == peer) {
                break stream;
            }
        };
        let connection = Arc::new(Connection::new(id, stream));
        self.board.add(&connection);
        let board = Arc::clone(&self.board);
        connection.outbox().subscribe(board, Cursor::asked(None, None), None);
        while connection.write_pending(&self.metrics) == WriteOutcome::More {}
        Watcher { connection, client }
    }

    /// Subscribes one whose socket takes little at once, and that is written to by its own task, too.
    async fn join_slowly(&self, id: u64) -> Watcher {
        let watcher = self.join(id).await;
        let socket = SockRef::from(watcher.connection.stream());
        socket.set_send_buffer_size(4096).expect("a small buffer");
        self.attend(&watcher);
        watcher
    }

    /// A connection's own task, as far as it writes.
    fn attend(&self, watcher: &Watcher) {
        let (connection, metrics) = (Arc::clone(&watcher.connection), Arc::clone(&self.metrics));
        tokio::spawn(async move {
            let mut timer = pin!(tokio::time::sleep(PATIENCE));
            loop {
                match connection.write_pending(&metrics) {
                    WriteOutcome::Broken => return,
                    WriteOutcome::More => tokio::task::yield_now().await,
                    outcome => {
                        let interest =
                            Interest { read: false, write: outcome == WriteOutcome::Blocked };
                        connection.wait(interest, timer.as_mut()).await;
                    }
                }
            }
        });
    }

    /// The next event, of this many bytes at least.
    fn offer(&self, seq: u64, width: usize) {
        let frame = text_frame(&[&format!("{seq:>width$}")]);
        let event = EventFrame {
            seq,
            frame,
            deletes_board: false,
            removes_member: None,
            timestamp: None,
            published: None,
            trace: None,
        };
        assert_eq!(self.board.offer("e", event), Offered::Appended);
    }

    /// Hands everything out that is new.
    async fn pass(&self) {
        while let Some(Next { batch, subscribers, .. }) = next_batch(&self.board) {
            let (metrics, taken) = (Arc::clone(&self.metrics), AtomicUsize::new(0));
            Round { batch, subscribers, metrics, taken }.hold(WORKERS).await;
        }
    }
}

impl Watcher {
    /// The event that comes next.
    fn next(&self) -> u64 {
        match self.connection.outbox().subscriptions() {
            [subscription] => match subscription.cursor {
                Cursor::Live { next, .. } => next,
                Cursor::Asked(_) => 0,
            },
            _ => 0,
        }
    }

    /// Reads the answer to its subscription and the events after that up to this one, or to the end.
    async fn read(mut self, last: u64) -> (u64, Vec<u64>) {
        let (mut begin, mut events) = (None, Vec::new());
        while events.last() != Some(&last) && begin != Some(last) {
            let mut header = [0; 2];
            if self.client.read_exact(&mut header).await.is_err() {
                break;
            }
            let length = match header[1] {
                126 => self.client.read_u16().await.unwrap_or_default().into(),
                length => length.into(),
            };
            let mut text = vec![0; length];
            if self.client.read_exact(&mut text).await.is_err() {
                break;
            }
            let message: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
            match message.as_u64() {
                Some(seq) => events.push(seq),
                None => begin = message["seq"].as_u64(),
            }
        }
        (begin.expect("an answer"), events)
    }
}

/// Each gets exactly what follows its beginning.
fn is_dense((begin, events): &(u64, Vec<u64>)) -> bool {
    (begin + 1..).zip(events).all(|(expected, seq)| expected == *seq)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rt1_a_pass_ends_when_every_slice_is_written_and_the_next_one_goes_on_from_there() {
    let stage = Stage::new().await;
    let mut watchers = Vec::new();
    for id in 0..SOCKETS {
        watchers.push(stage.join(id as u64).await);
    }
    for last in [1, 2, 18, 19, 60] {
        (watchers[0].next()..=last).for_each(|seq| stage.offer(seq, 1));
        stage.pass().await;
        for watcher in &watchers {
            assert_eq!(watcher.next(), last + 1, "socket {}", watcher.connection.id());
        }
    }
    for watcher in watchers {
        let read = timeout(PATIENCE, watcher.read(60)).await.expect("all events");
        assert_eq!(read, (0, (1..=60).collect()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rt1_to_rt3_who_comes_or_goes_amid_a_pass_gets_all_that_follows_their_beginning() {
    const LAST: u64 = 300;
    let stage = Arc::new(Stage::new().await);
    let mut leaving = Vec::new();
    for id in 0..SOCKETS {
        leaving.push(stage.join_slowly(id as u64).await);
    }
    let staying = leaving.split_off(SOCKETS / 2);
    let writer = {
        let stage = Arc::clone(&stage);
        tokio::spawn(async move {
            for seq in 1..=LAST {
                stage.offer(seq, 500);
                if seq % 3 == 0 {
                    stage.pass().await;
                }
            }
        })
    };
    let mut joined = Vec::new();
    let mut left = Vec::new();
    for (id, watcher) in (SOCKETS..).zip(leaving) {
        stage.board.remove(&watcher.connection);
        drop(watcher.connection.outbox().unsubscribe_all());
        left.push(watcher);
        joined.push(stage.join_slowly(id as u64).await);
    }
    writer.await.expect("all events are handed out");
    for watcher in staying {
        let read = timeout(PATIENCE, watcher.read(LAST)).await.expect("all events");
        assert_eq!(read, (0, (1..=LAST).collect()));
    }
    for watcher in joined {
        let read = timeout(PATIENCE, watcher.read(LAST)).await.expect("all events");
        assert!(is_dense(&read), "{read:?}");
    }
    for watcher in left {
        let _ = SockRef::from(watcher.connection.stream()).shutdown(Shutdown::Write);
        let read = timeout(PATIENCE, watcher.read(LAST)).await.expect("an end");
        assert!(is_dense(&read), "{read:?}");
    }
}
