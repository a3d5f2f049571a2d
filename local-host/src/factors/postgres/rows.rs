//! The rows of a query on their way to a guest, a batch at a time.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Stream as _, StreamExt as _};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_postgres::RowStream;
use wasmtime::component::{Destination, StreamProducer, StreamResult, VecBuffer};
use wasmtime::{Result, StoreContextMut};

use super::Held;
use super::client::Running;
use super::errors::{query_failed, query_failed_text};
use super::values;
use crate::bindings::spin::postgres::postgres::{Column, DbValue, Error};

type Values = Vec<DbValue>;

/// The most rows that are handed over at once.
const BATCH: usize = 64;

/// The most that one row may hold, or all rows where a guest wants them at once; as in Spin.
pub(super) const MAX_BYTES: usize = 128 << 20;

/// How long the rest of an answer that nobody wants may take before the connection is given up.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// The rows of one query.
pub(super) struct Rows {
    /// None when all rows were read or the query failed.
    source: Option<Source>,
    /// The first row, which was read to know the columns.
    first: Option<Values>,
}

struct Source {
    rows: Pin<Box<RowStream>>,
    running: Running<Held>,
}

impl Rows {
    /// The rows of `rows`, and the columns; none for an empty answer, as in Spin.
    ///
    /// # Errors
    /// The query fails at its first row.
    pub(super) async fn begin(
        rows: RowStream,
        running: Running<Held>,
    ) -> Result<(Vec<Column>, Self), Error> {
        let mut rows = Box::pin(rows);
        let (columns, first) = match rows.next().await {
            None => {
                running.finish();
                return Ok((Vec::new(), Self { source: None, first: None }));
            }
            Some(Err(error)) => {
                running.finish();
                return Err(query_failed(&error));
            }
            Some(Ok(row)) => (values::columns(&row), values::values(&row)),
        };
        let mut rows = Self { source: Some(Source { rows, running }), first: None };
        rows.first = Some(first.map_err(query_failed_text)?);
        Ok((columns, rows))
    }

    /// The next row; `None` after the last.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Values, Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let Some(source) = &mut self.source else { return Poll::Ready(None) };
        let next = ready!(source.rows.as_mut().poll_next(context));
        if let Some(Ok(row)) = next {
            return Poll::Ready(Some(values::values(&row).map_err(query_failed_text)));
        }
        if let Some(source) = self.source.take() {
            source.running.finish();
        }
        Poll::Ready(next.and_then(Result::err).map(|error| Err(query_failed(&error))))
    }

    /// All rows.
    ///
    /// # Errors
    /// The query fails, or there is more than a guest may be given at once.
    pub(super) async fn collect(mut self) -> Result<Vec<Values>, Error> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while let Some(row) = std::future::poll_fn(|context| self.poll_next(context)).await {
            let row = row?;
            bytes += values::size(&row);
            if bytes > MAX_BYTES {
                return Err(too_large());
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

fn too_large() -> Error {
    query_failed_text(format!("query result exceeds limit of {MAX_BYTES} bytes"))
}

impl Drop for Rows {
    /// Reads what is left, so that a guest which wanted one row of few does not cost a connection.
    fn drop(&mut self) {
        let Some(mut source) = self.source.take() else { return };
        if Handle::try_current().is_err() {
            return;
        }
        tokio::spawn(async move {
            let rest = async { while source.rows.next().await.is_some() {} };
            if timeout(DRAIN_TIMEOUT, rest).await.is_ok() {
                source.running.finish();
            }
        });
    }
}

/// Hands rows to a guest, and then how it ended.
pub(super) struct RowProducer {
    rows: Rows,
    ended: Option<oneshot::Sender<Result<(), Error>>>,
}

impl RowProducer {
    /// Hands over `rows`; `ended` is notified when that is done, and not if the guest stops
    /// reading before.
    pub(super) fn new(rows: Rows, ended: oneshot::Sender<Result<(), Error>>) -> Self {
        Self { rows, ended: Some(ended) }
    }

    fn end(&mut self, result: Result<(), Error>) {
        if let Some(ended) = self.ended.take() {
            // A guest that does not want to know has dropped its end.
            let _ = ended.send(result);
        }
    }
}

impl<D> StreamProducer<D> for RowProducer {
    type Item = Values;
    type Buffer = VecBuffer<Values>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, Values, VecBuffer<Values>>,
        finish: bool,
    ) -> Poll<Result<StreamResult>> {
        let this = self.get_mut();
        if destination.remaining(&mut store) == Some(0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        let mut batch = Vec::new();
        let result = loop {
            if batch.len() == BATCH {
                break StreamResult::Completed;
            }
            match this.rows.poll_next(context) {
                Poll::Ready(Some(Ok(row))) if values::size(&row) > MAX_BYTES => {
                    this.end(Err(too_large()));
                    break StreamResult::Dropped;
                }
                Poll::Ready(Some(Ok(row))) => batch.push(row),
                Poll::Ready(Some(Err(error))) => {
                    this.end(Err(error));
                    break StreamResult::Dropped;
                }
                Poll::Ready(None) => {
                    this.end(Ok(()));
                    break StreamResult::Dropped;
                }
                Poll::Pending if !batch.is_empty() => break StreamResult::Completed,
                Poll::Pending if finish => break StreamResult::Cancelled,
                Poll::Pending => return Poll::Pending,
            }
        };
        if !batch.is_empty() {
            destination.set_buffer(batch.into());
        }
        Poll::Ready(Ok(result))
    }
}
