//! `GET /sse/boards/{id}` and `GET /sse/quick-win/boards/{id}`: everything is decided before the answer
//! begins, so that a refusal is a problem document. After its head the socket is ours.

use super::answer::{Answer, empty};
use super::problem::{Kind, Problem};
use super::upgrade::{no_slot, refused};
use super::{Relay, Teams, credential, only};
use crate::accounts::{Accounts, Registration};
use crate::connection::Connection;
use crate::event_stream;
use crate::hub::{Cursor, Membership};
use crate::metrics::{RefusedHandshake, Transport};
use crate::session::{self, Following, Shared};
use crate::sockets::{Slot, Visitor};
use crate::unavailable::Unavailable;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use hyper::body::Incoming;
use shared::auth::Claims;
use shared::models::{BoardId, Seq};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::net::TcpStream;

/// How long an answer waits for a board to be read. Then it begins without: its source is unavailable.
const BOARD_TIME: Duration = Duration::from_secs(2);

/// A stream about to begin.
pub(crate) struct Opening {
    shared: Shared,
    slot: Slot,
    following: Following,
}

type Opened = Result<(Answer, Option<Opening>), Problem>;

/// Opens a stream; `None` if the address is no stream's.
pub(super) async fn open(
    relay: &Relay,
    peer: SocketAddr,
    request: &Request<Incoming>,
) -> Option<Opened> {
    let path = request.uri().path().strip_prefix("/sse/")?;
    let (board, guest) = match path.strip_prefix("quick-win/boards/") {
        Some(board) => (board, true),
        None => (path.strip_prefix("boards/")?, false),
    };
    Some(admit(relay, peer, request, board, guest).await)
}

async fn admit(
    relay: &Relay,
    peer: SocketAddr,
    request: &Request<Incoming>,
    board: &str,
    guest: bool,
) -> Opened {
    only(request, &[Method::GET, Method::OPTIONS])?;
    if credential::is_foreign(request.headers(), request.uri(), &relay.settings.cors_origins) {
        let detail = "pages of this origin may not open streams here";
        let problem = Problem::new(Kind::ForeignOrigin, detail);
        return Err(refused(relay, RefusedHandshake::ForeignOrigin, problem));
    }
    if request.method() == Method::OPTIONS {
        return Ok((empty(StatusCode::NO_CONTENT), None));
    }
    let board = BoardId::parse(board).ok_or_else(no_board)?;
    let cursor = cursor(request)?;
    let transport =
        if guest { Transport::QuickWinEventStream } else { Transport::TeamsEventStream };
    let take_slot =
        |visitor| relay.sockets.take_slot(visitor, transport).map_err(|full| no_slot(relay, full));
    let (shared, slot, member) = if guest {
        let slot = take_slot(super::guest(relay, peer, request.headers()))?;
        if slot.one_too_many {
            return Err(too_many(relay, "this address"));
        }
        (&relay.shared, slot, None)
    } else {
        let Teams { shared, accounts } =
            relay.teams.as_ref().ok_or_else(|| not_configured(relay))?;
        let claims = claims(accounts, request)?;
        let (slot, claims) = if claims.api_token.is_some() {
            // Anybody can say whose it is: until that is known they are a guest.
            let slot = take_slot(super::guest(relay, peer, request.headers()))?;
            if slot.one_too_many {
                return Err(too_many(relay, "this address"));
            }
            let claims = known(accounts, &claims).await?;
            slot.is_a_users();
            (slot, claims)
        } else if accounts.has_room(claims.user_id) {
            (take_slot(Visitor::User)?, claims)
        } else {
            return Err(too_many(relay, "this user"));
        };
        let registration = accounts.register(slot.id(), claims);
        let registration = registration.ok_or_else(|| too_many(relay, "this user"))?;
        (shared, slot, Some(member(registration, board).await?))
    };
    find(shared, board, &cursor).await?;
    let following = Following { board, cursor, member };
    let opening = Opening { shared: shared.clone(), slot, following };
    Ok((head(), Some(opening)))
}

/// The head of a stream. It ends with the connection, so it needs no length.
fn head() -> Answer {
    let mut head = empty(StatusCode::OK);
    let headers = head.headers_mut();
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        // Proxies of nginx's kind pass every event on at once.
        ("x-accel-buffering", "no"),
        ("connection", "close"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    head
}

/// The client's cursor: `Last-Event-ID`, which a browser sends by itself when it reconnects, wins
/// over `after`, which stays in its address. Both belong to the history `epoch`, where it is given.
fn cursor(request: &Request<Incoming>) -> Result<Cursor, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let (mut after, mut epoch) = (None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let place = match &*name {
            "after" => &mut after,
            "epoch" => &mut epoch,
            _ => continue,
        };
        if place.replace(value.into_owned()).is_some() {
            return Err(Problem::query(&name, "must appear exactly once"));
        }
    }
    let after = after.map(|text| {
        let detail = "must be the number of an event: a whole number from 0 to 2^53-1";
        number(&text).ok_or_else(|| Problem::query("after", detail))
    });
    let after = after.transpose()?;
    let last = request.headers().get("last-event-id").filter(|value| !value.is_empty());
    let last = last.map(|value| {
        let detail = "the header last-event-id must be the id of an event of this stream";
        let seq = value.to_str().ok().and_then(number);
        seq.ok_or_else(|| Problem::new(Kind::MalformedHeader, detail))
    });
    Ok(Cursor::asked(last.transpose()?.or(after), epoch))
}

fn number(text: &str) -> Option<u64> {
    Seq::parse(text).map(Seq::get)
}

/// The claims of a token that is ours and in time.
fn claims(accounts: &Accounts, request: &Request<Incoming>) -> Result<Claims, Problem> {
    let token = credential::token(request.headers()).ok_or_else(unauthorized)?;
    accounts.verify(token).map_err(|refused| {
        tracing::debug!(%refused, "no valid token");
        unauthorized()
    })
}

/// The claims of a token that is valid.
async fn known(accounts: &Accounts, claims: &Claims) -> Result<Claims, Problem> {
    let counts = accounts.current_claims(claims).await.map_err(|why| unavailable(&why))?;
    counts.ok_or_else(unauthorized)
}

/// A user whose token counts, as a member of the board.
async fn member(
    registration: Registration,
    board: BoardId,
) -> Result<(Registration, Membership), Problem> {
    let (accounts, claims) = (registration.accounts(), registration.claims());
    known(accounts, claims).await?;
    let as_of = accounts.membership(claims, board).await.map_err(|why| unavailable(&why))?;
    let (user, as_of) = (registration.user(), as_of.ok_or_else(no_board)?);
    Ok((registration, Membership { user, as_of }))
}

/// Finds the board, if its source answers soon.
async fn find(shared: &Shared, board: BoardId, cursor: &Cursor) -> Result<(), Problem> {
    let board = shared.hub.look_up(board).ok_or_else(|| {
        let detail = "the relay is at its limit of watched boards: try again later";
        Problem::new(Kind::Unavailable, detail)
    })?;
    let found = tokio::time::timeout(BOARD_TIME, board.is_there_for(cursor)).await;
    if found == Ok(false) { Err(no_board()) } else { Ok(()) }
}

fn no_board() -> Problem {
    Problem::new(Kind::NotFound, "there is no such board")
}

fn unauthorized() -> Problem {
    let detail = "this needs a valid token, in the cookie `token` or as `Authorization: Bearer`";
    Problem::new(Kind::Unauthorized, detail).with(header::WWW_AUTHENTICATE, "Bearer")
}

fn too_many(relay: &Relay, whose: &str) -> Problem {
    let detail = format!("{whose} is at its limit of sockets and streams: close another one first");
    let problem = Problem::new(Kind::TooManyConnections, &detail);
    refused(relay, RefusedHandshake::TooMany, problem)
}

fn unavailable(why: &Unavailable) -> Problem {
    tracing::warn!(%why, "a stream's check got no answer");
    Problem::new(Kind::Unavailable, "accounts cannot be looked up now: try again in a moment")
}

fn not_configured(relay: &Relay) -> Problem {
    let detail = "this relay runs in quick-win mode, without accounts: its streams are at \
                  /sse/quick-win/boards/{id}";
    let problem = Problem::new(Kind::Unavailable, detail);
    refused(relay, RefusedHandshake::NotConfigured, problem)
}

impl Opening {
    /// Serves the stream on the socket, which no byte of the answer has been written to.
    pub(crate) fn serve(self, head: &Answer, stream: TcpStream) {
        let Self { shared, slot, following } = self;
        let retry = reconnection_time(shared.settings.reconnect_jitter);
        let beginning = [written(head), event_stream::opening(retry)].concat();
        let connection = Arc::new(Connection::event_stream(slot.id(), stream, beginning.into()));
        slot.occupy(&connection);
        session::stream(shared, &connection, slot, following);
    }
}

/// How long this client is to wait before it reconnects: another time for each, so that not all clients
/// of a relay that ends come back at once.
fn reconnection_time(jitter: Duration) -> Duration {
    jitter.mul_f64(0.1 + 0.9 * fastrand::f64())
}

/// The head of an answer as HTTP/1.1 writes it (RFC 9112).
fn written(head: &Answer) -> Bytes {
    let mut text = b"HTTP/1.1 200 OK\r\n".to_vec();
    let date = httpdate::fmt_http_date(SystemTime::now());
    let date = (header::DATE.as_str(), date.as_bytes());
    let headers = head.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    for (name, value) in headers.chain([date]) {
        text.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    text.extend(b"\r\n");
    text.into()
}

/// The page that asks for a stream, and whether it may read the answer (Fetch, "CORS protocol").
pub(super) struct Page {
    origin: Option<HeaderValue>,
    is_stream: bool,
    is_preflight: bool,
}

impl Page {
    pub(super) fn of(relay: &Relay, request: &Request<Incoming>) -> Self {
        let headers = request.headers();
        let foreign = credential::is_foreign(headers, request.uri(), &relay.settings.cors_origins);
        Self {
            origin: headers.get(header::ORIGIN).filter(|_| !foreign).cloned(),
            is_stream: request.uri().path().starts_with("/sse/"),
            is_preflight: request.method() == Method::OPTIONS,
        }
    }

    /// Adds what lets the page read the answer, problems too.
    pub(super) fn mark(self, headers: &mut HeaderMap) {
        if !self.is_stream {
            return;
        }
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = self.origin else { return };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let mut allow = |name, value| headers.insert(name, HeaderValue::from_static(value));
        allow(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        allow(header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After, X-Request-Id");
        if self.is_preflight {
            allow(header::ACCESS_CONTROL_ALLOW_METHODS, "GET");
            let sent = "Authorization, Cache-Control, Last-Event-ID, X-Request-Id";
            allow(header::ACCESS_CONTROL_ALLOW_HEADERS, sent);
            allow(header::ACCESS_CONTROL_MAX_AGE, "600");
        }
    }
}
