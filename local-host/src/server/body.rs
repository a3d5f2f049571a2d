//! Bodies on their way: a request's, limited in size, and an answer's, which keeps its request's
//! turn until it is out.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use wasmtime_wasi_http::{Error, WasiBody};

use crate::failure::Failure;

/// A request's body that ends with an error when it grows too large.
pub(super) struct LimitedBody {
    body: Incoming,
    max_bytes: u64,
    left: u64,
    exceeded: Arc<AtomicBool>,
}

impl LimitedBody {
    /// Lets `max_bytes` through; `exceeded` becomes true when there are more.
    pub(super) fn new(body: Incoming, max_bytes: u64, exceeded: Arc<AtomicBool>) -> Self {
        Self { body, max_bytes, left: max_bytes, exceeded }
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(Error::Hyper(error)))),
            None => return Poll::Ready(None),
        };
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        match self.left.checked_sub(length) {
            Some(left) => self.left = left,
            None => {
                self.exceeded.store(true, Ordering::Relaxed);
                let error = Error::HttpRequestBodySize(Some(self.max_bytes));
                return Poll::Ready(Some(Err(error)));
            }
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body; holds its request's turn until it is out.
pub(super) struct AnswerBody {
    body: WasiBody,
    _permit: Arc<OwnedSemaphorePermit>,
    failure: oneshot::Receiver<Arc<Failure>>,
}

impl AnswerBody {
    /// The body of an answer whose instance reports its `failure`.
    pub(super) fn new(
        body: WasiBody,
        permit: Arc<OwnedSemaphorePermit>,
        failure: oneshot::Receiver<Arc<Failure>>,
    ) -> Self {
        Self { body, _permit: permit, failure }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        // A body simply ends when its instance does. The client must not take what it has for the
        // whole, so a failed instance breaks the connection instead.
        if frame.is_none() && self.failure.try_recv().is_ok() {
            return Poll::Ready(Some(Err(Error::HttpResponseIncomplete)));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
