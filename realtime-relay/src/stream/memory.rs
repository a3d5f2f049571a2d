//! Quick-win mode's source: the functions' events endpoint, over a small pool of connections.

use super::{EventSource, Page, Purpose, Read, StoreState, Unready};
use crate::event;
use crate::metrics::{Metrics, Store};
use crate::unavailable::Unavailable;
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Deserialize;
use serde_json::value::RawValue;
use shared::models::{BoardId, MAX_ID};
use shared::quick_win::MAX_HEADS;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Requests at once: what many boards ask for in the same moment waits here, not at the functions.
const REQUESTS_AT_ONCE: usize = 32;
/// The most bytes of one answer.
const ANSWER_LIMIT: usize = 64 << 20;

/// The functions' memory, read over HTTP.
#[derive(Debug)]
pub struct MemoryStream {
    client: Client<HttpConnector, Empty<Bytes>>,
    /// Scheme, host and port, without a slash at the end.
    base: String,
    permits: Semaphore,
    metrics: Arc<Metrics>,
}

/// A page as the endpoint answers it.
#[derive(Deserialize)]
struct Answer<'body> {
    #[serde(borrow)]
    items: Vec<&'body RawValue>,
    seq: u64,
    epoch: String,
}

/// What the endpoint says when the cursor is too old (a problem document with two more members).
#[derive(Deserialize)]
struct GoneAnswer {
    seq: u64,
    epoch: String,
}

impl MemoryStream {
    /// A source at this address, e.g. `http://127.0.0.1:3000`.
    #[must_use]
    pub fn new(functions_url: &Uri, metrics: Arc<Metrics>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(20))
            .pool_max_idle_per_host(REQUESTS_AT_ONCE)
            .build(connector);
        let base = functions_url.to_string().trim_end_matches('/').to_owned();
        Self { client, base, permits: Semaphore::new(REQUESTS_AT_ONCE), metrics }
    }

    /// One GET with all its limits: status, whether the body is a problem document, body.
    async fn get(&self, path: &str) -> Result<(StatusCode, bool, Bytes), Unavailable> {
        let request = Request::get(format!("{}{path}", self.base))
            .header(header::USER_AGENT, concat!("realtime-relay/", env!("CARGO_PKG_VERSION")))
            .body(Empty::new())
            .map_err(|error| Unavailable(error.to_string()))?;
        let _permit =
            self.permits.acquire().await.map_err(|error| Unavailable(error.to_string()))?;
        let exchange = async {
            let response = self.client.request(request).await.map_err(|error| {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                Unavailable(format!("{error}: {}", cause.unwrap_or_default()))
            })?;
            let status = response.status();
            let problem = response
                .headers()
                .get(header::CONTENT_TYPE)
                .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"));
            let body = Limited::new(response.into_body(), ANSWER_LIMIT).collect().await;
            Ok((status, problem, body.map_err(|error| Unavailable(error.to_string()))?.to_bytes()))
        };
        let answer = tokio::time::timeout(REQUEST_TIMEOUT, exchange)
            .await
            .map_err(|_| Unavailable(format!("no answer within {} s", REQUEST_TIMEOUT.as_secs())))
            .flatten();
        match &answer {
            Ok((status, ..)) if !status.is_server_error() => {
                self.metrics.store_answered(Store::Functions);
            }
            _ => self.metrics.store_failed(Store::Functions),
        }
        answer
    }
}

/// A board's newest event.
#[derive(Deserialize)]
pub(crate) struct Head {
    board: BoardId,
    /// Of which history it is.
    pub(crate) epoch: String,
    pub(crate) seq: u64,
}

/// What the endpoint of heads answers.
#[derive(Deserialize)]
struct HeadsAnswer {
    items: Vec<Head>,
    next_after: Option<u64>,
}

impl MemoryStream {
    /// The newest event of each of these boards (ordered by id) that is there; `None` if nothing at
    /// that address has heads.
    pub(crate) async fn heads(
        &self,
        ids: &[BoardId],
    ) -> Result<Option<HashMap<BoardId, Head>>, Unavailable> {
        let mut heads = HashMap::new();
        let mut rest = ids;
        while !rest.is_empty() {
            let (asked, _) = rest.split_at(rest.len().min(MAX_HEADS));
            let list: Vec<String> = asked.iter().map(ToString::to_string).collect();
            let path = format!("/api/quick-win/heads?boards={}", list.join(","));
            let (status, _, body) = self.get(&path).await?;
            let HeadsAnswer { items, next_after } = match status {
                StatusCode::OK => parse(&body)?,
                StatusCode::NOT_FOUND => return Ok(None),
                status => return Err(Unavailable(format!("the heads endpoint answered {status}"))),
            };
            self.metrics.source_reads.add(1);
            heads.extend(items.into_iter().map(|head| (head.board, head)));
            let last = next_after.or(asked.last().map(|board| board.get())).unwrap_or(MAX_ID);
            let after = rest.partition_point(|board| board.get() <= last);
            if after == 0 {
                return Err(Unavailable("the heads endpoint left out every board".to_owned()));
            }
            rest = rest.get(after..).unwrap_or_default();
        }
        Ok(Some(heads))
    }
}

impl EventSource for MemoryStream {
    fn read(
        &self,
        board: BoardId,
        after: u64,
        limit: usize,
        _purpose: Purpose,
    ) -> BoxFuture<'_, Result<Read, Unavailable>> {
        async move {
            let path = format!("/api/quick-win/boards/{board}/events?after={after}&limit={limit}");
            let (status, problem, body) = self.get(&path).await?;
            match status {
                StatusCode::OK => page(board, after, &body).map(Read::Page),
                StatusCode::GONE => {
                    let GoneAnswer { seq, epoch } = parse(&body)?;
                    Ok(Read::Gone { epoch: epoch.into(), head: seq })
                }
                // A 404 that is no problem document comes from something else at that address.
                StatusCode::NOT_FOUND if problem => Ok(Read::NotFound),
                status => Err(Unavailable(format!("the events endpoint answered {status}"))),
            }
        }
        .boxed()
    }

    fn answers(&self) -> Vec<StoreState<'_>> {
        let functions = async move {
            let (status, ..) = self.get("/healthz").await.map_err(Unready::of)?;
            if status.is_server_error() {
                return Err(Unready::of(Unavailable(format!("/healthz answered {status}"))));
            }
            Ok(())
        };
        vec![("functions", functions.boxed())]
    }
}

fn parse<'body, T: Deserialize<'body>>(body: &'body [u8]) -> Result<T, Unavailable> {
    serde_json::from_slice(body)
        .map_err(|error| Unavailable(format!("an unreadable answer: {error}")))
}

/// Reads a page and checks what it must be: this board's events, dense from the cursor on (RT3).
fn page(board: BoardId, after: u64, body: &[u8]) -> Result<Page, Unavailable> {
    let Answer { items, seq: head, epoch } = parse(body)?;
    let mut events = Vec::with_capacity(items.len());
    for item in items {
        let (item_board, event) = event::encode(item)
            .map_err(|error| Unavailable(format!("an unreadable event: {error}")))?;
        if item_board != board || event.seq != after + 1 + events.len() as u64 {
            return Err(Unavailable("the events endpoint left a gap".to_owned()));
        }
        events.push(event);
    }
    Ok(Page { epoch: epoch.into(), head, certain: true, origin: Store::Functions, events })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_page(after: u64, body: &str) -> Result<Page, Unavailable> {
        page(BoardId::new(7).expect("an id"), after, body.as_bytes())
    }

    #[test]
    fn rt3_a_page_with_a_hole_is_no_answer() {
        let event = |seq: &u64| {
            format!(r#"{{"board_id":7,"seq":{seq},"action":"Add","entity":"task","task":{{}}}}"#)
        };
        let body = |items: &[u64]| {
            let items: Vec<_> = items.iter().map(event).collect();
            format!(r#"{{"items":[{}],"next_after":null,"seq":9,"epoch":"e"}}"#, items.join(","))
        };
        let good = read_page(4, &body(&[5, 6])).expect("dense");
        assert_eq!((good.events.len(), good.head, &*good.epoch), (2, 9, "e"));
        assert!(read_page(4, &body(&[6])).is_err());
        assert!(read_page(4, &body(&[5, 7])).is_err());
        assert!(read_page(4, "{}").is_err());
    }
}
