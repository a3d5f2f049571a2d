//! The relay's HTTP side: a route table.

mod answer;
mod credential;
mod event_stream;
mod hosts;
mod internal;
mod probes;
mod problem;
mod upgrade;

use crate::accounts::Accounts;
use crate::session::Shared;
use crate::settings::Settings;
use crate::sockets::{Sockets, Visitor};
use answer::Answer;
pub(crate) use event_stream::Opening;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use hyper::body::Incoming;
use problem::{Kind, Problem};
use std::net::SocketAddr;
use std::sync::Arc;
use telemetry::traces::Traces;

/// Where the functions post events. Each answer there closes its connection: Spin keeps connections
/// to others open without `TCP_NODELAY`, and the next request over one waits 44 ms for its answer.
const INTERNAL: &str = "/internal/";

/// What every request can see.
pub struct Relay {
    pub settings: Settings,
    /// What the sessions of quick-win mode share.
    pub shared: Shared,
    /// Where there are databases.
    pub teams: Option<Teams>,
    /// The open WebSockets and event streams.
    pub sockets: Arc<Sockets>,
    /// The last answer of the stores, for `/readyz`.
    pub readiness: probes::Readiness,
    /// Where spans go, if anywhere.
    pub traces: Option<Arc<Traces>>,
}

/// State-of-the-art mode: boards in the databases, and accounts.
pub struct Teams {
    /// What its sessions share.
    pub shared: Shared,
    pub accounts: Arc<Accounts>,
}

pub use probes::Readiness;

/// Whom a listener is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Audience {
    /// Everybody.
    Clients,
    /// Who watches over the relay: `/metrics`.
    Operators,
}

/// Answers one request. Where there is an [`Opening`], the answer is the head of an event stream.
pub(crate) async fn handle(
    relay: Arc<Relay>,
    (audience, peer): (Audience, SocketAddr),
    request: Request<Incoming>,
) -> (Answer, Option<Opening>) {
    let request_id = answer::request_id(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let page = event_stream::Page::of(&relay, &request);
    let (result, opening) = match hosts::is_allowed(&request, &relay.settings.allowed_hosts) {
        true => answered(&relay, (audience, peer), request).await,
        false => (Err(Problem::new(Kind::MisdirectedRequest, "this relay has another name")), None),
    };
    let mut answer = result.unwrap_or_else(|problem| problem.into_answer(&request_id));
    page.mark(answer.headers_mut());
    let nosniff = HeaderValue::from_static("nosniff");
    answer.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    if path.starts_with(INTERNAL) {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        answer.headers_mut().insert("x-request-id", value);
    }
    tracing::debug!(%method, path, status = answer.status().as_u16(), request_id, "answered");
    (answer, opening)
}

async fn answered(
    relay: &Arc<Relay>,
    (audience, peer): (Audience, SocketAddr),
    request: Request<Incoming>,
) -> (Result<Answer, Problem>, Option<Opening>) {
    if audience == Audience::Operators {
        return (watching(relay, &request).await, None);
    }
    match event_stream::open(relay, peer, &request).await {
        Some(Ok((answer, opening))) => (Ok(answer), opening),
        Some(Err(problem)) => (Err(problem), None),
        None => (route(relay, peer, request).await, None),
    }
}

async fn route(
    relay: &Arc<Relay>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Answer, Problem> {
    let path = request.uri().path();
    match path {
        "/ws/quick-win" => {
            only(&request, &[Method::GET])?;
            upgrade::quick_win(relay, peer, request)
        }
        "/ws" => {
            only(&request, &[Method::GET])?;
            upgrade::account(relay, peer, request)
        }
        "/internal/quick-win/events" => {
            only(&request, &[Method::POST])?;
            internal::take_event(relay, request).await
        }
        "/healthz" => {
            only(&request, &[Method::GET, Method::HEAD])?;
            Ok(probes::health())
        }
        "/readyz" => {
            only(&request, &[Method::GET, Method::HEAD])?;
            Ok(probes::readiness(relay).await)
        }
        _ => Err(nothing()),
    }
}

/// What only operators may see.
async fn watching(relay: &Arc<Relay>, request: &Request<Incoming>) -> Result<Answer, Problem> {
    match request.uri().path() {
        "/metrics" => {
            only(request, &[Method::GET, Method::HEAD])?;
            Ok(probes::metrics(relay).await)
        }
        _ => Err(nothing()),
    }
}

fn nothing() -> Problem {
    Problem::new(Kind::NotFound, "there is nothing at this address")
}

/// Somebody who has said nothing of who they are, from where they come.
fn guest(relay: &Relay, peer: SocketAddr, headers: &HeaderMap) -> Visitor {
    // An empty name is no header's, and finds none.
    let by_proxy = headers.get_all(&*relay.settings.client_address_header).iter().next_back();
    let by_proxy = by_proxy.map(|value| value.to_str().unwrap_or_default());
    Visitor::Guest(shared::http::client_address(by_proxy, &peer.ip().to_string()))
}

fn only(request: &Request<Incoming>, methods: &[Method]) -> Result<(), Problem> {
    if methods.contains(request.method()) {
        return Ok(());
    }
    let allow = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let detail = format!("{} is not allowed here, only {allow}", request.method());
    Err(Problem::new(Kind::MethodNotAllowed, &detail).with(header::ALLOW, &allow))
}
