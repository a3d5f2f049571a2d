//! A stand-in for the functions: the events endpoint over a log in memory, and posts to the relay.
//!
//! Why a stand-in: these tests lose posts, reorder them, let the endpoint fail and restart the
//! "host" with another epoch at exact moments, which the real functions cannot do on demand. The
//! real pair is tested in the workspace's `tests`.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The secret shared with the relay.
pub(crate) const SECRET: &str = "a secret for tests only";
/// How many events the stand-in keeps by board, as the functions do.
pub(crate) const KEPT: usize = 1000;

/// One board's log.
#[derive(Clone, Default)]
struct Log {
    epoch: String,
    head: u64,
    events: Vec<Value>,
}

#[derive(Default)]
struct State {
    logs: HashMap<u64, Log>,
    /// Reads of the events endpoint, as (board, after).
    reads: Vec<(u64, u64)>,
    /// Requests for heads: the number of boards in each.
    heads: Vec<usize>,
    /// Whether it has no endpoint of heads, like functions of an earlier version.
    knows_no_heads: bool,
    /// Whether it answers 503 to everything.
    down: bool,
    /// Reads wait for this while it is locked.
    gate: Arc<tokio::sync::Mutex<()>>,
}

/// The stand-in.
#[derive(Clone)]
pub(crate) struct Functions {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Functions {
    /// Starts one on a free port.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let served = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&served);
                let service = service_fn(move |request| answer(Arc::clone(&state), request));
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self { url, state, http }
    }

    /// Creates a board, or creates it again as after a restart of the host.
    pub(crate) fn create(&self, board: u64, epoch: &str) {
        let log = Log { epoch: epoch.to_owned(), head: 0, events: Vec::new() };
        self.state.lock().expect("no panic").logs.insert(board, log);
    }

    /// A restart of the host: everything is gone.
    pub(crate) fn restart(&self) {
        self.state.lock().expect("no panic").logs.clear();
    }

    /// Makes the endpoint fail, or work again.
    pub(crate) fn set_down(&self, down: bool) {
        self.state.lock().expect("no panic").down = down;
    }

    /// Removes the endpoint of heads, like functions of an earlier version.
    pub(crate) fn know_no_heads(&self) {
        self.state.lock().expect("no panic").knows_no_heads = true;
    }

    /// How many reads of events there were so far, of any board.
    pub(crate) fn all_reads(&self) -> usize {
        self.state.lock().expect("no panic").reads.len()
    }

    /// The requests for heads so far: the number of boards in each.
    pub(crate) fn heads(&self) -> Vec<usize> {
        self.state.lock().expect("no panic").heads.clone()
    }

    /// While this is locked, reads wait.
    pub(crate) fn gate(&self) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.state.lock().expect("no panic").gate)
    }

    /// The reads of a board's events so far, by cursor.
    pub(crate) fn reads(&self, board: u64) -> Vec<u64> {
        let state = self.state.lock().expect("no panic");
        state.reads.iter().filter(|(other, _)| *other == board).map(|(_, after)| *after).collect()
    }

    /// Commits an event without notifying the relay, like a lost post. Returns the event.
    pub(crate) fn commit(&self, board: u64) -> Value {
        self.commit_text(board, "")
    }

    /// The same with a text in it, for a long event.
    pub(crate) fn commit_text(&self, board: u64, text: &str) -> Value {
        self.push(board, |seq| {
            json!({
                "board_id": board, "seq": seq, "action": "Add", "entity": "task",
                "task": {"id": seq, "title": format!("task {seq}"), "description": text},
                "actor": {"id": 0, "username": "guest"},
                "timestamp": "2026-01-02T03:04:05.678Z",
            })
        })
    }

    /// Deletes a board: only its last event stays readable.
    pub(crate) fn commit_deletion(&self, board: u64) -> Value {
        let event = self.push(board, |seq| {
            json!({
                "board_id": board, "seq": seq, "action": "Delete", "entity": "board",
                "board": {"id": board}, "actor": {"id": 0, "username": "guest"},
                "timestamp": "2026-01-02T03:04:05.678Z",
            })
        });
        let mut state = self.state.lock().expect("no panic");
        let log = state.logs.get_mut(&board).expect("the board");
        log.events = vec![event.clone()];
        event
    }

    fn push(&self, board: u64, make: impl FnOnce(u64) -> Value) -> Value {
        let mut state = self.state.lock().expect("no panic");
        let log = state.logs.get_mut(&board).expect("the board was created");
        log.head += 1;
        let event = make(log.head);
        log.events.push(event.clone());
        if log.events.len() > KEPT {
            log.events.remove(0);
        }
        event
    }

    /// Posts an event to the relay, as the functions do after a change.
    pub(crate) async fn post(&self, relay_url: &str, event: &Value) -> StatusCode {
        let board = event["board_id"].as_u64().expect("an event");
        let epoch = {
            let state = self.state.lock().expect("no panic");
            state.logs.get(&board).map(|log| log.epoch.clone()).unwrap_or_default()
        };
        let body = json!({"epoch": epoch, "event": event}).to_string();
        self.post_raw(relay_url, &format!("Bearer {SECRET}"), &body).await
    }

    /// Posts an arbitrary body.
    pub(crate) async fn post_raw(
        &self,
        relay_url: &str,
        authorization: &str,
        body: &str,
    ) -> StatusCode {
        let request = Request::post(format!("{relay_url}/internal/quick-win/events"))
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(body.to_owned()))
            .expect("a request");
        self.http.request(request).await.expect("the relay answers").status()
    }

    /// Commits and posts this many events.
    pub(crate) async fn add(&self, relay_url: &str, board: u64, count: usize) {
        for _ in 0..count {
            let event = self.commit(board);
            assert_eq!(self.post(relay_url, &event).await, StatusCode::NO_CONTENT);
        }
    }

    /// A GET of the relay: status and body.
    pub(crate) async fn get(&self, url: &str) -> (StatusCode, http::HeaderMap, String) {
        let request = Request::get(url).body(Full::default()).expect("a request");
        self.send(request).await
    }

    /// Any request: status, headers and body.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
    ) -> (StatusCode, http::HeaderMap, String) {
        let response = self.http.request(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).expect("text"))
    }
}

async fn answer(
    state: Arc<Mutex<State>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let gate = Arc::clone(&state.lock().expect("no panic").gate);
    drop(gate.lock().await);
    let (status, body) = {
        let mut state = state.lock().expect("no panic");
        respond(&mut state, request.uri().path(), request.uri().query().unwrap_or_default())
    };
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    Ok(Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .body(Full::from(body.to_string()))
        .expect("a response"))
}

fn respond_heads(state: &mut State, query: &str) -> (StatusCode, Value) {
    if state.knows_no_heads {
        return (StatusCode::NOT_FOUND, json!({"type": "/problems/not-found"}));
    }
    let ids = query.strip_prefix("boards=").expect("the relay names boards").split(',');
    let ids: Vec<u64> = ids.map(|id| id.parse().expect("an id")).collect();
    assert!((1..=1000).contains(&ids.len()) && ids.is_sorted(), "{ids:?}");
    state.heads.push(ids.len());
    // As with many boards: an answer has the heads of at most 150.
    let reported = &ids[..ids.len().min(150)];
    let next_after = (reported.len() < ids.len()).then(|| reported[reported.len() - 1]);
    let head = |id: &u64| {
        let log = state.logs.get(id)?;
        Some(json!({"board": id, "epoch": log.epoch, "seq": log.head}))
    };
    let items: Vec<_> = reported.iter().filter_map(head).collect();
    (StatusCode::OK, json!({"items": items, "next_after": next_after}))
}

fn respond(state: &mut State, path: &str, query: &str) -> (StatusCode, Value) {
    if state.down {
        return (StatusCode::SERVICE_UNAVAILABLE, json!({"type": "/problems/unavailable"}));
    }
    if path == "/healthz" {
        return (StatusCode::OK, json!({"status": "ok"}));
    }
    if path == "/api/quick-win/heads" {
        return respond_heads(state, query);
    }
    let board: u64 = path
        .strip_prefix("/api/quick-win/boards/")
        .and_then(|rest| rest.strip_suffix("/events")?.parse().ok())
        .expect("the relay reads the events endpoint only");
    let number = |name: &str| {
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.map(|value| value.parse::<u64>().expect("a number"))
    };
    let after = number("after").expect("the relay always sends a cursor");
    let limit = number("limit").expect("the relay always sends a limit");
    assert!((1..=1000).contains(&limit), "limit 1 to 1000");
    state.reads.push((board, after));
    let Some(log) = state.logs.get(&board) else {
        return (StatusCode::NOT_FOUND, json!({"type": "/problems/not-found"}));
    };
    let oldest = log.head + 1 - log.events.len() as u64;
    if after + 1 < oldest {
        let gone = json!({"type": "/problems/events-gone", "seq": log.head, "epoch": log.epoch});
        return (StatusCode::GONE, gone);
    }
    let skipped = usize::try_from(after + 1 - oldest).expect("small");
    let items: Vec<_> = log.events.iter().skip(skipped).take(limit as usize).collect();
    let last = after + items.len() as u64;
    let next_after = (last < log.head).then_some(last);
    let page =
        json!({"items": items, "next_after": next_after, "seq": log.head, "epoch": log.epoch});
    (StatusCode::OK, page)
}
