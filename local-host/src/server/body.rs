//! Bodies on their way: a request's, limited in size, and an answer's, which keeps its request's
//! turn until it is out.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use wasmtime_wasi_http::{Error, WasiBody};

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
        let frame = match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => frame,
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(Error::Hyper(error)))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => return Poll::Pending,
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

/// An answer's body together with something that must live until it is out.
pub(super) struct HeldBody<H> {
    body: WasiBody,
    _held: H,
}

impl<H> HeldBody<H> {
    /// Holds `held` as long as `body`.
    pub(super) fn new(body: WasiBody, held: H) -> Self {
        Self { body, _held: held }
    }
}

impl<H: Unpin> Body for HeldBody<H> {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
