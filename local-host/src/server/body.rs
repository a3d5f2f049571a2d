//! Bodies on their way: a request's, read whole before it takes a turn, and an answer's, read ahead of
//! its client. So no client, however slow, keeps a guest or its turn.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use wasmtime_wasi_http::{Error, WasiBody};

use super::connections::{Buffered, Connection};
use super::problem::Problem;
use crate::failure::Failure;
use crate::turns::Turn;

/// How much of a body that is too large is read all the same, and for how long.
const DISCARDED_BYTES: usize = 16 * 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// What the slowest line that is waited for brings of a body in a millisecond.
const SLOWEST_BYTES: u64 = 16;

/// Reads a request's body to its end, within `time` and what a slow line takes for its length.
///
/// # Errors
/// It has more than `max_bytes`, it did not come in time, or there is no memory for it.
pub(super) async fn receive(
    mut body: Incoming,
    max_bytes: u64,
    time: Duration,
    connection: &Arc<Connection>,
) -> Result<WasiBody, Problem> {
    if body.size_hint().lower() > max_bytes {
        tokio::spawn(discard(body));
        return Err(Problem::TooLarge { most: max_bytes });
    }
    if body.is_end_stream() {
        return Ok(Full::<Bytes>::default().map_err(Error::from).boxed_unsync());
    }
    let time = time + Duration::from_millis(body.size_hint().lower() / SLOWEST_BYTES);
    let read = read(&mut body, max_bytes, connection.buffer());
    match timeout(time, read).await {
        Ok(Ok(received)) => Ok(received),
        Ok(Err(problem)) => {
            if matches!(problem, Problem::TooLarge { .. }) {
                tokio::spawn(discard(body));
            }
            Err(problem)
        }
        Err(_) => Err(Problem::SlowBody),
    }
}

async fn read(
    body: &mut Incoming,
    max_bytes: u64,
    mut buffered: Buffered,
) -> Result<WasiBody, Problem> {
    // Copied: a piece of what was read at once keeps all of that in memory.
    let mut bytes = BytesMut::new();
    let mut trailers = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::BadBody)?;
        match frame.into_data() {
            Ok(data) => {
                if (bytes.len() + data.len()) as u64 > max_bytes {
                    return Err(Problem::TooLarge { most: max_bytes });
                }
                if !buffered.add(data.len()) {
                    return Err(Problem::Busy);
                }
                bytes.extend_from_slice(&data);
            }
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
    }
    let body = Full::new(bytes.freeze()).map_err(Error::from);
    let body = body.with_trailers(std::future::ready(trailers.map(Ok)));
    Ok(Received { body, _buffered: buffered }.boxed_unsync())
}

/// Reads a body to its end, within limits, and forgets it: a client that is still sending when the
/// connection closes may never see the answer.
async fn discard(mut body: Incoming) {
    let read = async {
        let mut bytes = 0;
        while bytes < DISCARDED_BYTES {
            let Some(Ok(frame)) = body.frame().await else { return };
            bytes += frame.data_ref().map_or(0, Bytes::len);
        }
    };
    // A client slower than this has had a fair chance.
    let _ = timeout(DISCARD_TIME, read).await;
}

/// A request's body, counted until the guest is done with it.
struct Received<B> {
    body: B,
    _buffered: Buffered,
}

impl<B: Body + Unpin> Body for Received<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A piece of an answer, counted until the client takes it.
type Piece = (Result<Frame<Bytes>, Error>, Buffered);

/// An answer's body as its client takes it.
pub(super) struct AnswerBody {
    /// What was there before the client got anything.
    first: Option<Piece>,
    /// What comes after it; none where that was all.
    rest: Option<mpsc::UnboundedReceiver<Piece>>,
    /// How much is to come, where that is known.
    left: Option<u64>,
}

/// What an answer keeps until its guest is done with it.
pub(super) struct Running {
    /// The request's turn.
    pub(super) _turn: Arc<Turn>,
    /// Why the guest's instance ended, if it does.
    pub(super) failure: oneshot::Receiver<Arc<Failure>>,
}

impl AnswerBody {
    /// Takes an answer's body from its guest, as fast as that gives it. The first piece of one whose
    /// length is known is waited for: it is nearly always the whole, which needs no task, and leaves in
    /// one write with its head.
    pub(super) async fn take(
        mut body: WasiBody,
        mut running: Running,
        connection: Arc<Connection>,
    ) -> Self {
        let left = body.size_hint().exact();
        let mut taken = Self { first: None, rest: None, left };
        if body.is_end_stream() {
            return taken;
        }
        if left.is_some() {
            taken.first = running.piece(body.frame().await, &connection);
            let whole = |(frame, _): &Piece| match frame {
                Ok(frame) => left == Some(frame.data_ref().map_or(0, Bytes::len) as u64),
                Err(_) => true,
            };
            if taken.first.as_ref().is_none_or(whole) {
                return taken;
            }
        }
        let (sender, rest) = mpsc::unbounded_channel();
        tokio::spawn(read_ahead(body, running, connection, sender));
        taken.rest = Some(rest);
        taken
    }
}

impl Running {
    /// What the client gets of a frame; none at the end.
    fn piece(
        &mut self,
        frame: Option<Result<Frame<Bytes>, Error>>,
        connection: &Arc<Connection>,
    ) -> Option<Piece> {
        let mut buffered = connection.buffer();
        let piece = match frame {
            Some(Ok(frame)) if buffered.add(frame.data_ref().map_or(0, Bytes::len)) => Ok(frame),
            Some(Err(error)) => Err(error),
            // A body simply ends when its instance does. The client must not take what it has for the
            // whole, so a failed instance breaks the connection instead.
            None if self.failure.try_recv().is_err() => return None,
            // The same where there is no memory for the rest.
            Some(Ok(_)) | None => Err(Error::HttpResponseIncomplete),
        };
        Some((piece, buffered))
    }
}

async fn read_ahead(
    mut body: WasiBody,
    mut running: Running,
    connection: Arc<Connection>,
    rest: mpsc::UnboundedSender<Piece>,
) {
    loop {
        let frame = tokio::select! {
            frame = body.frame() => frame,
            () = rest.closed() => return,
        };
        let Some(piece) = running.piece(frame, &connection) else { return };
        let broken = piece.0.is_err();
        if rest.send(piece).is_err() || broken {
            return;
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let next = match (self.first.take(), &mut self.rest) {
            (None, Some(rest)) => ready!(rest.poll_recv(context)),
            (first, _) => first,
        };
        let Some((piece, _)) = next else { return Poll::Ready(None) };
        if let (Some(left), Ok(frame)) = (&mut self.left, &piece) {
            *left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len) as u64);
        }
        Poll::Ready(Some(piece))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
