//! The HTTP server: accepts connections, hands requests to components, and ends in good order.

mod body;
mod handle;
mod headers;
mod hosts;
mod problem;
mod request_id;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::application::Application;
use crate::settings::Settings;

/// How long to wait before accepting again when that failed, for want of file handles say.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Everything that answering requests needs.
pub(crate) struct Server {
    application: Application,
    limits: ServerLimits,
    /// The names under which it may be asked; none: every name.
    allowed_hosts: Vec<String>,
    /// One permit for each request that may run at once.
    turns: Arc<Semaphore>,
    connections: Arc<Semaphore>,
}

struct ServerLimits {
    max_body_bytes: u64,
    max_requests: u32,
    head_timeout: Duration,
    queue_timeout: Duration,
    shutdown_timeout: Duration,
}

/// Opens the listening socket.
///
/// # Errors
/// The address is taken or is none of this machine's.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "{address} is already in use; stop the program there or choose another --listen"
        ),
        _ => anyhow::anyhow!("cannot listen on {address}: {error}"),
    })
}

impl Server {
    /// A server for `application`.
    pub(crate) fn new(application: Application, settings: &Settings) -> Self {
        Self {
            application,
            limits: ServerLimits {
                max_body_bytes: settings.max_body_bytes,
                max_requests: settings.max_requests,
                head_timeout: settings.head_timeout_ms,
                queue_timeout: settings.queue_timeout_ms,
                shutdown_timeout: settings.shutdown_timeout_ms,
            },
            allowed_hosts: settings.allowed_hosts.clone(),
            turns: Arc::new(Semaphore::new(settings.max_requests as usize)),
            connections: Arc::new(Semaphore::new(settings.max_connections as usize)),
        }
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
            self.turns.acquire_many(self.limits.max_requests).await.is_ok()
        };
        if tokio::time::timeout(self.limits.shutdown_timeout, ended).await.is_err() {
            tracing::warn!("stopped before all requests had ended");
        } else {
            tracing::info!("stopped");
        }
        Ok(())
    }

    /// Accepts connections; never returns.
    async fn accept(self: Arc<Self>, listener: &TcpListener, graceful: &GracefulShutdown) {
        loop {
            let Ok(permit) = Arc::clone(&self.connections).acquire_owned().await else { return };
            let (stream, client) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let connection = Arc::clone(&self).connection(stream, client, graceful);
            tokio::spawn(async move {
                connection.await;
                drop(permit);
            });
        }
    }

    /// Serves one connection.
    fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        client: SocketAddr,
        graceful: &GracefulShutdown,
    ) -> impl Future<Output = ()> + use<> {
        // Head and body of an answer may leave in two writes: the second must not wait for the
        // client to acknowledge the first.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY cannot be set");
        }
        let head_timeout = self.limits.head_timeout;
        let service = service_fn(move |request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.handle(request, client).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_timeout)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        async move {
            if let Err(error) = connection.await {
                tracing::debug!(%client, %error, "a connection ended early");
            }
        }
    }
}
