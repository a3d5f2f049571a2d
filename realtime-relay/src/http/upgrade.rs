//! From an HTTP request to a WebSocket session.

use super::Relay;
use super::answer::{Answer, empty};
use super::problem::{Kind, Problem};
use super::{Teams, credential};
use crate::connection::Connection;
use crate::metrics::{RefusedHandshake, Transport};
use crate::session::{self, Identity, Shared};
use crate::sockets::{NoSlot, Slot, Visitor};
use crate::websocket::{Refusal, accept_key};
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use shared::protocol::CloseCode;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;

/// The handshake of `/ws/quick-win`: nobody logs in there.
pub(super) fn quick_win(
    relay: &Arc<Relay>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Answer, Problem> {
    let visitor = super::guest(relay, peer, request.headers());
    shake_hands(
        relay,
        request,
        &relay.shared,
        Transport::QuickWinWebSocket,
        (visitor, Identity::Guest),
    )
}

/// The handshake of `/ws`: it may bring a token. One that does not count is no reason to refuse the
/// handshake, whose answer a browser shows to no page: the socket is closed with 4401 then.
pub(super) fn account(
    relay: &Arc<Relay>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Answer, Problem> {
    let Some(Teams { shared, accounts }) = &relay.teams else {
        return Err(refused(relay, RefusedHandshake::NotConfigured, not_configured()));
    };
    let token = credential::token(request.headers()).map(|token| accounts.verify(token));
    let visitor = match &token {
        Some(Ok(claims)) if claims.api_token.is_none() && accounts.has_room(claims.user_id) => {
            Visitor::User
        }
        // Authenticates later, or is refused then.
        _ => super::guest(relay, peer, request.headers()),
    };
    let identity = Identity::Account(Arc::clone(accounts), token);
    shake_hands(relay, request, shared, Transport::TeamsWebSocket, (visitor, identity))
}

fn shake_hands(
    relay: &Arc<Relay>,
    mut request: Request<Incoming>,
    shared: &Shared,
    transport: Transport,
    (visitor, identity): (Visitor, Identity),
) -> Result<Answer, Problem> {
    let refused = |reason, problem| refused(relay, reason, problem);
    let accept = accept_key(request.method(), request.version(), request.headers())
        .map_err(|refusal| refused(refusal.into(), refusal_problem(refusal)))?;
    if credential::is_foreign(request.headers(), request.uri(), &relay.settings.cors_origins) {
        let detail = "pages of this origin may not open sockets here";
        let problem = Problem::new(Kind::ForeignOrigin, detail);
        return Err(refused(RefusedHandshake::ForeignOrigin, problem));
    }
    let slot = relay.sockets.take_slot(visitor, transport).map_err(|full| no_slot(relay, full))?;
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(serve(shared.clone(), upgrade, slot, identity));
    let mut answer = empty(StatusCode::SWITCHING_PROTOCOLS);
    let headers = answer.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&accept) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    Ok(answer)
}

/// Counts a refusal.
pub(super) fn refused(relay: &Relay, reason: RefusedHandshake, problem: Problem) -> Problem {
    relay.shared.metrics.refused_handshakes.of(reason).add(1);
    problem
}

/// Why there is no room for a socket; it is counted.
pub(super) fn no_slot(relay: &Relay, full: NoSlot) -> Problem {
    let (reason, detail) = match full {
        NoSlot::Draining => (
            RefusedHandshake::Draining,
            "the relay restarts: reconnect in a moment, with your cursor",
        ),
        NoSlot::Sockets => (RefusedHandshake::Full, "the relay is at its limit of sockets"),
        NoSlot::Guests => (
            RefusedHandshake::GuestsFull,
            "the relay is at its limit of guests: log in, or try again later",
        ),
    };
    refused(relay, reason, Problem::new(Kind::Unavailable, detail))
}

/// `/ws` needs accounts, so it needs the databases.
fn not_configured() -> Problem {
    let detail = "this relay runs in quick-win mode, without accounts: connect to /ws/quick-win, \
                  or start it with the databases of state-of-the-art mode";
    Problem::new(Kind::Unavailable, detail)
}

async fn serve(shared: Shared, upgrade: OnUpgrade, slot: Slot, identity: Identity) {
    let Some((stream, early)) = take_stream(upgrade).await else { return };
    let connection = Arc::new(Connection::new(slot.id(), stream));
    slot.occupy(&connection);
    if slot.one_too_many {
        connection.request_close(CloseCode::TooManyConnections);
    }
    session::start(shared, connection, slot, identity, &early);
}

/// The socket itself, out of hyper's hands, with the bytes that hyper had read already.
async fn take_stream(upgrade: OnUpgrade) -> Option<(TcpStream, Bytes)> {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(%error, "a handshake failed");
            return None;
        }
    };
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => Some((parts.io.into_inner(), parts.read_buf)),
        Err(_) => {
            tracing::error!("the upgraded connection is not a TCP stream");
            None
        }
    }
}

fn refusal_problem(refusal: Refusal) -> Problem {
    let detail = refusal.to_string();
    match refusal {
        Refusal::NotAnUpgrade => Problem::new(Kind::UpgradeRequired, &detail)
            .with(header::UPGRADE, "websocket")
            .with(header::CONNECTION, "Upgrade"),
        Refusal::Version => Problem::new(Kind::UpgradeRequired, &detail)
            .with(header::UPGRADE, "websocket")
            .with(header::CONNECTION, "Upgrade")
            .with(header::SEC_WEBSOCKET_VERSION, "13"),
        Refusal::Key | Refusal::Host | Refusal::Body => {
            Problem::new(Kind::MalformedHeader, &detail)
        }
    }
}
