//! `wasi:http` outwards: requests of guests to allowed hosts over kept-alive connections.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{HeaderName, Uri, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Sleep, sleep, timeout};
use tower_service::Service;
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody,
    WasiHttpHooks,
};

use super::allowed_hosts::{AllowedHosts, Destination};

/// The most that a guest waits where it sets no time-outs of its own: as long as Spin waits.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

/// How long an unused connection is kept.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// How long opening a TCP connection may take where the guest does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

tokio::task_local! {
    /// How long opening a connection may take for the request that this task sends: a connector is
    /// told the destination only.
    static REQUEST_CONNECT_TIMEOUT: Duration;
}

/// Opens connections within the time that the request allows.
#[derive(Clone)]
struct TimedConnector(HttpConnector);

impl Service<Uri> for TimedConnector {
    type Response = <HttpConnector as Service<Uri>>::Response;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let limit = REQUEST_CONNECT_TIMEOUT.try_with(|limit| *limit).unwrap_or(CONNECT_TIMEOUT);
        let connected = self.0.call(destination);
        Box::pin(async move {
            match timeout(limit, connected).await {
                Ok(connected) => Ok(connected?),
                Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
            }
        })
    }
}

/// The connections of every component.
#[derive(Clone)]
pub(crate) struct HttpClient(Client<TimedConnector, WasiBody>);

impl HttpClient {
    /// A client without connections.
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .build(TimedConnector(connector));
        Self(client)
    }

    async fn send(
        &self,
        request: http::Request<WasiBody>,
        options: RequestOptions,
    ) -> Result<http::Response<WasiBody>, Error> {
        let connect = options.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let answered = REQUEST_CONNECT_TIMEOUT.scope(connect, self.0.request(request));
        let response = timeout(connect.saturating_add(first_byte), answered)
            .await
            .map_err(|_| Error::HttpResponseTimeout)?
            .map_err(|error| cause(&error))?;
        let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
        Ok(response.map(|body| TimedBody::new(body, between_bytes).boxed_unsync()))
    }
}

/// What a failed request is called in `wasi:http`.
fn cause(error: &hyper_util::client::legacy::Error) -> Error {
    if !error.is_connect() {
        return Error::ConnectionTerminated;
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<std::io::Error>() {
            return match error.kind() {
                std::io::ErrorKind::TimedOut => Error::ConnectionTimeout,
                std::io::ErrorKind::ConnectionRefused => Error::ConnectionRefused,
                _ => Error::DestinationUnavailable,
            };
        }
        source = cause.source();
    }
    Error::DestinationNotFound
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
            let deadline = tokio::time::Instant::now() + self.limit;
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

/// What `wasi:http` asks of this host, for the instances of one component.
pub(crate) struct Hooks {
    /// The component's id, for the log.
    pub(crate) component: Arc<str>,
    /// Where the component may connect to.
    pub(crate) allowed: Arc<AllowedHosts>,
    /// The connections.
    pub(crate) client: HttpClient,
    /// Where this host listens: what requests to `self` are sent to.
    pub(crate) own_address: Authority,
}

impl Hooks {
    /// Checks where a request goes; a request without a host goes to the application itself.
    fn check(&self, uri: &mut Uri) -> Result<(), Error> {
        let to_itself = uri.host().is_none_or(|host| host.is_empty() || host == "self");
        if to_itself {
            if !self.allowed.allows_self() {
                self.refuse("http://self");
                return Err(Error::HttpRequestDenied);
            }
            let mut parts = uri.clone().into_parts();
            parts.scheme = Some(Scheme::HTTP);
            parts.authority = Some(self.own_address.clone());
            *uri = Uri::from_parts(parts).map_err(|_| Error::HttpRequestUriInvalid)?;
            return Ok(());
        }
        let destination = Destination::of_uri(uri).ok_or(Error::HttpRequestUriInvalid)?;
        if !self.allowed.allows(&destination) {
            self.refuse(&destination);
            return Err(Error::HttpRequestDenied);
        }
        if destination.scheme != "http" {
            tracing::error!(
                component = %self.component,
                destination = %destination,
                "this host sends no https requests; use a plain http proxy or the spin program"
            );
            return Err(Error::TlsProtocolError);
        }
        Ok(())
    }

    fn refuse(&self, destination: impl std::fmt::Display) {
        tracing::warn!(
            component = %self.component,
            "refused a request to {destination}; to allow it, add it to allowed_outbound_hosts of \
             the component in the manifest"
        );
    }
}

type Sent =
    Result<(http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

impl WasiHttpHooks for Hooks {
    /// As in Spin a guest sees the `Host` of its requests.
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        is_forbidden(name)
    }

    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        Arc::new(is_forbidden)
    }

    /// The client sets it, from where the request really goes.
    fn set_host_header(&mut self) -> bool {
        false
    }

    fn send_request(
        &mut self,
        mut request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let checked = self.check(request.uri_mut());
        request.headers_mut().remove(header::HOST);
        let client = self.client.clone();
        Box::new(async move {
            checked?;
            let response = client.send(request, options.unwrap_or_default()).await?;
            let done: Box<dyn Future<Output = Result<(), Error>> + Send> =
                Box::new(std::future::ready(Ok(())));
            Ok((response, done))
        })
    }
}

fn is_forbidden(name: &HeaderName) -> bool {
    name != header::HOST && DEFAULT_FORBIDDEN_HEADERS.contains(name)
}
