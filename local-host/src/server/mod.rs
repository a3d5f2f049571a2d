//! The HTTP server: accepts connections, hands requests to components, and ends in good order.

mod body;
mod connections;
mod cross_origin;
mod handle;
mod headers;
mod hosts;
pub(crate) mod operators;
mod problem;
mod request_id;
mod spans;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use telemetry::traces::Traces;
use tokio::net::{TcpListener, TcpStream};

use self::connections::{ConnectionLimits, Connections};
use crate::application::Application;
use crate::factors::postgres::PostgresPools;
use crate::factors::redis::RedisServers;
use crate::metrics::{self, ComponentMetrics, Metrics, Moment};
use crate::settings::Settings;
use crate::turns::Turns;
use crate::variables::Variables;

/// How long to wait before accepting again when that failed, for want of file handles say.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Files that are open besides connections: those of guests to databases and others, and components'.
const OTHER_FILES: u64 = 1024;

/// What is counted and measured besides the server itself.
pub(crate) struct Observed {
    pub(crate) metrics: Arc<Metrics>,
    /// Where spans go, if anywhere.
    pub(crate) traces: Option<Arc<Traces>>,
    /// The connections of guests to PostgreSQL.
    pub(crate) postgres: Arc<PostgresPools>,
    /// The connections of guests to Redis.
    pub(crate) redis: Arc<RedisServers>,
}

/// Everything that answering requests needs.
pub(crate) struct Server {
    application: Application,
    limits: ServerLimits,
    /// The names under which it may be asked; none: every name.
    allowed_hosts: Vec<String>,
    /// The origins whose pages may read this host's own answers, separated by commas.
    cors_origins: String,
    turns: Turns,
    connections: Arc<Connections>,
    observed: Observed,
}

struct ServerLimits {
    max_head_bytes: usize,
    max_body_bytes: u64,
    head_timeout: Duration,
    body_timeout: Duration,
    queue_timeout: Duration,
    shutdown_timeout: Duration,
}

/// Opens the listening socket.
///
/// # Errors
/// The address is taken or is not one of this machine's.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "{address} is already in use; stop the program there or choose another --listen"
        ),
        _ => anyhow::anyhow!("cannot listen on {address}: {error}"),
    })
}

/// Systems often start programs with room for 1,024 open files; every connection is one, and what
/// guests connect to needs some too.
fn raise_file_limit(connections: u32) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = u64::from(connections) + OTHER_FILES;
    let wanted = maximum.map_or(wanted, |maximum| maximum.min(wanted));
    if current.is_some_and(|current| current < wanted)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
    {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

/// A limit; 0 means that there is none.
fn none_if_zero(limit: u32) -> Option<usize> {
    (limit > 0).then_some(limit as usize)
}

impl Server {
    /// A server for `application`.
    pub(crate) fn new(
        application: Application,
        observed: Observed,
        variables: &Variables,
        settings: &Settings,
    ) -> Self {
        raise_file_limit(settings.max_connections);
        Self {
            application,
            observed,
            limits: ServerLimits {
                max_head_bytes: settings.max_head_bytes,
                max_body_bytes: settings.max_body_bytes,
                head_timeout: settings.head_timeout_ms,
                body_timeout: settings.body_timeout_ms,
                queue_timeout: settings.queue_timeout_ms,
                shutdown_timeout: settings.shutdown_timeout_ms,
            },
            allowed_hosts: settings.allowed_hosts.clone(),
            cors_origins: variables.get(cross_origin::VARIABLE).unwrap_or_default().to_owned(),
            turns: Turns::new(
                settings.max_requests,
                none_if_zero(settings.max_requests_per_address),
            ),
            connections: Connections::new(ConnectionLimits {
                total: settings.max_connections as usize,
                per_address: none_if_zero(settings.max_connections_per_address),
                buffered_bytes: settings.max_buffered_bytes,
            }),
        }
    }

    /// All numbers, for Prometheus. Reads files of `/proc`.
    fn numbers(&self) -> String {
        let mut components: Vec<Arc<ComponentMetrics>> = Vec::new();
        for (_, component) in self.application.routes() {
            // A component may have several routes.
            if !components.iter().any(|known| Arc::ptr_eq(known, &component.metrics)) {
                components.push(Arc::clone(&component.metrics));
            }
        }
        let Observed { metrics, traces, postgres, redis } = &self.observed;
        let (connections, buffered_bytes, made_room) = self.connections.numbers();
        let moment = Moment {
            running: self.turns.taken(),
            connections,
            buffered_bytes,
            made_room,
            postgres: postgres.numbers(),
            redis: redis.numbers(),
            spans: traces.as_ref().map(|traces| traces.outcomes()).unwrap_or_default(),
        };
        metrics::text(Arc::clone(metrics), components, moment)
    }

    /// Serves until `stop` resolves, then lets running requests end within their time.
    ///
    /// # Errors
    /// The socket has no address.
    pub(crate) async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> Result<()> {
        let address = listener.local_addr().context("the socket has no address")?;
        for (pattern, component) in self.application.routes() {
            tracing::debug!(route = pattern.raw(), component = %component.id, "route");
        }
        tracing::info!("listening on http://{address}");
        let graceful = GracefulShutdown::new();
        tokio::select! {
            () = Arc::clone(&self).accept(&listener, &graceful) => {}
            () = stop => {}
        }
        drop(listener);
        tracing::info!("stopping: no new connections, running requests may end");
        let ended = async {
            graceful.shutdown().await;
            // Guests whose clients have hung up have no connection any more, and still a turn.
            self.turns.ended().await;
        };
        if tokio::time::timeout(self.limits.shutdown_timeout, ended).await.is_err() {
            let request_id = self.turns.holders();
            tracing::warn!(request_id, "stopped before all requests had ended");
        } else {
            tracing::info!("stopped");
        }
        Ok(())
    }

    /// Accepts connections; never returns.
    async fn accept(self: Arc<Self>, listener: &TcpListener, graceful: &GracefulShutdown) {
        loop {
            match listener.accept().await {
                Ok((stream, client)) => Arc::clone(&self).connection(stream, client, graceful),
                Err(error) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    self.connections.make_room();
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Serves one connection, if there is room for it.
    fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        client: SocketAddr,
        graceful: &GracefulShutdown,
    ) {
        let Some((connection, closed)) = self.connections.open(client.ip()) else {
            tracing::debug!(%client, "no room for a connection");
            return;
        };
        // Head and body of an answer may leave in two writes: the second must not wait for the
        // client to acknowledge the first.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY cannot be set");
        }
        let ServerLimits { head_timeout, max_head_bytes, .. } = self.limits;
        let service = service_fn(move |request| {
            let (server, connection) = (Arc::clone(&self), Arc::clone(&connection));
            async move { Ok::<_, Infallible>(server.handle(request, client, &connection).await) }
        });
        let serve = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_timeout)
            .max_header_size(max_head_bytes)
            .serve_connection(TokioIo::new(stream), service);
        let serve = graceful.watch(serve);
        tokio::spawn(async move {
            tokio::select! {
                ended = serve => if let Err(error) = ended {
                    tracing::debug!(%client, %error, "a connection ended early");
                },
                _ = closed => tracing::debug!(%client, "a connection made room"),
            }
        });
    }
}
