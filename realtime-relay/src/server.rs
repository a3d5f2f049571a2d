//! Listening, serving and ending.

use crate::accounts::{self, Accounts, Activity};
use crate::database::Database;
use crate::http::{self, Audience, Readiness, Relay, Teams};
use crate::http_connections::{HttpConnections, HttpPlace};
use crate::hub::Hub;
use crate::intake::{feeds, functions, safety};
use crate::mail::{self, Mailer};
use crate::metrics::Metrics;
use crate::monitor;
use crate::presence::Presence;
use crate::session::Shared;
use crate::settings::{Settings, Stores};
use crate::sockets::Sockets;
use crate::stream::{MemoryStream, RedisStream};
use anyhow::Context as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use telemetry::traces::Traces;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

/// How long a request's head may take, and how long a kept-alive connection may idle.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// HTTP connections at once, WebSockets not counted: of clients, and of who reads `/metrics`.
const HTTP_CONNECTIONS: usize = 1024;
const OPERATORS_CONNECTIONS: usize = 16;
/// After a failed accept (out of file descriptors, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long sockets may take to close at the end.
const PATIENCE: Duration = Duration::from_secs(5);
const BACKLOG: u32 = 4096;

/// Runs the relay until it is asked to stop.
///
/// # Errors
/// When it cannot listen, at either address.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    raise_file_limit(settings.max_sockets + HTTP_CONNECTIONS + OPERATORS_CONNECTIONS);
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT")?;
    let listener = listen(settings.listen, settings.send_buffer)?;
    let address = listener.local_addr().context("the listening address")?;
    let operators = settings.metrics_listen.map(|address| listen(address, 0)).transpose();
    let operators = operators.context("--metrics-listen (RELAY_METRICS_LISTEN)")?;
    let spread = Duration::from_millis(settings.drain_ms);
    let traces = Traces::from_environment("realtime-relay")?.map(Arc::new);
    let relay = relay(settings, traces.clone());
    let mut accepting = JoinSet::new();
    if let Some(listener) = operators {
        let address = listener.local_addr().context("the address of /metrics")?;
        tracing::info!("metrics at http://{address}/metrics");
        let connections = HttpConnections::new(OPERATORS_CONNECTIONS);
        accepting.spawn(accept(listener, connections, Audience::Operators, Arc::clone(&relay)));
    }
    tracing::info!("listening on http://{address}");
    let connections = HttpConnections::new(HTTP_CONNECTIONS);
    accepting.spawn(accept(listener, connections, Audience::Clients, Arc::clone(&relay)));
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    // Accepting goes on meanwhile: `/readyz` has to answer that it stops.
    tokio::select! {
        () = relay.sockets.drain(spread, PATIENCE) => tracing::info!("ended"),
        _ = terminate.recv() => tracing::warn!("second signal to stop: stopped at once"),
        _ = interrupt.recv() => tracing::warn!("second signal to stop: stopped at once"),
    }
    accepting.abort_all();
    if let Some(traces) = traces {
        traces.end().await;
    }
    Ok(())
}

fn relay(settings: Settings, traces: Option<Arc<Traces>>) -> Arc<Relay> {
    let metrics = Arc::new(Metrics::default());
    let source = Arc::new(MemoryStream::new(&settings.functions_url, Arc::clone(&metrics)));
    // Quick-win boards are not followed.
    let counted = Arc::clone(&metrics);
    let hub = Hub::new(Arc::<MemoryStream>::clone(&source), settings.hub(), counted, None);
    let every = Duration::from_millis(settings.check_ms);
    tokio::spawn(functions::watch_over(source, Arc::clone(&hub), Arc::clone(&metrics), every));
    let sockets = Sockets::new(settings.sockets(), Arc::clone(&metrics));
    let shared = Shared {
        hub,
        presence: Presence::of_guests(),
        metrics,
        settings: Arc::new(settings.session()),
    };
    let stores = settings.stores.clone();
    let teams =
        stores.map(|stores| start_teams(stores, &settings, &shared, &sockets, traces.clone()));
    let readiness = Readiness::default();
    Arc::new(Relay { settings, shared, teams, sockets, readiness, traces })
}

/// Starts what goes on by itself in state-of-the-art mode: the tail of the feeds, the safety net,
/// and the guard of tokens.
fn start_teams(
    stores: Stores,
    settings: &Settings,
    quick_win: &Shared,
    sockets: &Arc<Sockets>,
    traces: Option<Arc<Traces>>,
) -> Teams {
    let metrics = Arc::clone(&quick_win.metrics);
    let database = Arc::new(Database::new(stores.database, Arc::clone(&metrics)));
    let beat = Duration::from_millis(settings.presence_beat_ms);
    let presence = Presence::of_users(Arc::clone(&stores.redis), beat, Arc::clone(&metrics));
    let source = RedisStream::new(stores.redis, Arc::clone(&database), Arc::clone(&metrics));
    let counted = Arc::clone(&metrics);
    let hub = Hub::new(Arc::<RedisStream>::clone(&source), settings.hub(), counted, traces);
    let activity = Activity::new(Arc::clone(&database));
    let mails = Arc::clone(&database);
    let limits = (settings.max_sockets_per_user, Duration::from_millis(settings.token_check_ms));
    let accounts =
        Accounts::new(stores.keys, database, Arc::clone(&activity), Arc::clone(&metrics), limits);
    let every = Duration::from_millis(settings.check_ms);
    tokio::spawn(safety::watch_over(Arc::clone(&source), Arc::clone(&hub), every));
    tokio::spawn(safety::sweep(Arc::clone(&source), Arc::clone(&accounts), every));
    tokio::spawn(monitor::run(Arc::clone(&source), Arc::clone(&metrics)));
    let due = Arc::new(Notify::new());
    let told = Arc::clone(&due);
    tokio::spawn(feeds::tail(
        source,
        Arc::clone(&hub),
        Arc::clone(&accounts),
        told,
        Arc::clone(&metrics),
    ));
    if let Some(settings) = settings.mail.clone() {
        let (metrics, sockets) = (Arc::clone(&metrics), Arc::clone(sockets));
        tokio::spawn(mail::run(Mailer { database: mails, metrics, sockets, due, settings }));
    }
    tokio::spawn(Arc::clone(&activity).run());
    tokio::spawn(accounts::guard(Arc::clone(&accounts)));
    let attendance = Duration::from_millis(settings.attendance_ms);
    tokio::spawn(accounts::record_attendance(Arc::clone(&accounts), attendance));
    let settings = Arc::clone(&quick_win.settings);
    Teams { shared: Shared { hub, presence, metrics, settings }, accounts }
}

fn listen(address: SocketAddr, send_buffer: usize) -> anyhow::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let socket = socket.context("a socket")?;
    socket.set_reuseaddr(true).context("SO_REUSEADDR")?;
    if let Ok(bytes) = u32::try_from(send_buffer)
        && bytes > 0
    {
        // Accepted sockets inherit it. Bounds what a reader that stopped costs in kernel memory.
        socket.set_send_buffer_size(bytes).context("SO_SNDBUF")?;
    }
    socket.bind(address).with_context(|| format!("cannot listen on {address}"))?;
    socket.listen(BACKLOG).with_context(|| format!("cannot listen on {address}"))
}

async fn accept(
    listener: TcpListener,
    connections: Arc<HttpConnections>,
    audience: Audience,
    relay: Arc<Relay>,
) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let Some(place) = connections.take_place().await else { return };
                tokio::spawn(serve(stream, (audience, peer), Arc::clone(&relay), place));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves one HTTP connection until it ends or becomes a WebSocket or an event stream, which go on
/// elsewhere.
async fn serve(
    stream: TcpStream,
    from: (Audience, SocketAddr),
    relay: Arc<Relay>,
    place: Arc<HttpPlace>,
) {
    let (_, peer) = from;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let (hand_over, mut handed_over) = mpsc::channel(1);
    let asked = Arc::clone(&place);
    let service = service_fn(move |request| {
        let (relay, hand_over) = (Arc::clone(&relay), hand_over.clone());
        let place = Arc::clone(&asked);
        async move {
            place.set_busy();
            let (answer, opening) = http::handle(relay, from, request).await;
            let Some(opening) = opening else {
                place.set_idle();
                return Ok::<_, Infallible>(answer);
            };
            // As far as hyper knows there is no answer yet.
            let _ = hand_over.send((answer, opening)).await;
            std::future::pending().await
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::select! {
        // In this order: answers to earlier requests have left before the socket is taken.
        biased;
        ended = &mut connection => if let Err(error) = ended {
            tracing::debug!(%peer, %error, "an HTTP connection failed");
        },
        Some((head, opening)) = handed_over.recv() => if let Some(parts) = connection.into_parts() {
            opening.serve(&head, parts.io.into_inner());
        },
        () = place.wanted() => tracing::debug!(%peer, "closed an idle connection to make room"),
    }
}

/// Systems often start programs with room for 1,024 open files; every socket is one.
fn raise_file_limit(wanted: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(wanted as u64 + 64, |maximum| maximum.min(wanted as u64 + 64));
    if current.is_some_and(|current| current < wanted)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
    {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}
