//! The HTTP client of all components: keeps connections alive, speaks TLS, and keeps to the times
//! that a guest sets.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::Uri;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tower_service::Service;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

/// The most that a guest waits where it sets no time-outs of its own: as long as Spin waits.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

/// How long an unused connection is kept.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// How long opening a connection may take where the guest does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

tokio::task_local! {
    /// How long opening a connection may take for the request that this task sends: a connector is
    /// given the destination only.
    static REQUEST_CONNECT_TIMEOUT: Duration;
}

/// Opens connections within the time that the request allows.
#[derive(Clone)]
struct TimedConnector(HttpsConnector<HttpConnector>);

impl Service<Uri> for TimedConnector {
    type Response = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;
    type Error = Box<dyn StdError + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let limit = REQUEST_CONNECT_TIMEOUT.try_with(|limit| *limit).unwrap_or(CONNECT_TIMEOUT);
        let connected = self.0.call(destination);
        Box::pin(async move {
            match timeout(limit, connected).await {
                Ok(connected) => connected,
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            }
        })
    }
}

/// The connections of every component.
#[derive(Clone)]
pub(crate) struct HttpClient(Client<TimedConnector, WasiBody>);

impl HttpClient {
    /// A client without connections; it trusts the public authorities and the certificates (PEM)
    /// in `trusted`, and keeps connections for the next request where `pooling` says so.
    ///
    /// # Errors
    /// That file cannot be read or holds no certificates.
    pub(crate) fn new(trusted: Option<&Path>, pooling: bool) -> Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(trusted)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .pool_max_idle_per_host(if pooling { usize::MAX } else { 0 })
            .build(TimedConnector(connector));
        Ok(Self(client))
    }

    /// Sends a request to the host in its URI.
    ///
    /// # Errors
    /// What went wrong, as `wasi:http` calls it.
    pub(super) async fn send(
        &self,
        request: http::Request<WasiBody>,
        options: RequestOptions,
    ) -> Result<http::Response<WasiBody>, Error> {
        let connect = options.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let answered = REQUEST_CONNECT_TIMEOUT.scope(connect, self.0.request(request));
        // As in Spin the time to the first byte begins before there is a connection.
        let response = timeout(first_byte, answered)
            .await
            .map_err(|_| Error::HttpResponseTimeout)?
            .map_err(|error| cause(&error))?;
        let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
        Ok(response.map(|body| TimedBody::new(body, between_bytes).boxed_unsync()))
    }
}

fn tls(trusted: Option<&Path>) -> Result<ClientConfig> {
    let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = trusted {
        let name = path.display();
        let certificates = CertificateDer::pem_file_iter(path)
            .map_err(|error| anyhow::anyhow!("{name}: cannot be read: {error}"))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| {
                anyhow::anyhow!("{name}: is not a list of certificates: {error}")
            })?;
            roots.add(certificate).with_context(|| format!("{name}: a certificate is invalid"))?;
        }
    }
    let provider = rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .context("TLS cannot be set up")?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// What a failed request is called in `wasi:http`.
fn cause(error: &hyper_util::client::legacy::Error) -> Error {
    if !error.is_connect() {
        return Error::ConnectionTerminated;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return connect_cause(error);
        }
        source = cause.source();
    }
    Error::DestinationNotFound
}

fn connect_cause(error: &io::Error) -> Error {
    if let Some(inner) = error.get_ref() {
        if let Some(inner) = inner.downcast_ref::<io::Error>() {
            return connect_cause(inner);
        }
        if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
            return match tls {
                rustls::Error::InvalidCertificate(_) => Error::TlsCertificateError,
                _ => Error::TlsProtocolError,
            };
        }
    }
    match error.kind() {
        io::ErrorKind::TimedOut => Error::ConnectionTimeout,
        io::ErrorKind::ConnectionRefused => Error::ConnectionRefused,
        _ => Error::DestinationUnavailable,
    }
}

/// An answer's body, given up when nothing comes for too long.
struct TimedBody {
    body: Incoming,
    limit: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl TimedBody {
    fn new(body: Incoming, limit: Duration) -> Self {
        Self { body, limit, sleep: Box::pin(sleep(limit)) }
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            let deadline = Instant::now() + self.limit;
            self.sleep.as_mut().reset(deadline);
            return Poll::Ready(frame.map(|frame| frame.map_err(Error::Hyper)));
        }
        ready!(self.sleep.as_mut().poll(context));
        Poll::Ready(Some(Err(Error::ConnectionReadTimeout)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
