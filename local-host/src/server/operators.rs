//! Who watches over the host: `/metrics`, on a port of its own that clients do not reach.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS};
use http::uri::Authority;
use http::{HeaderValue, Method, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::encoding::prometheus_text;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::problem::Problem;
use super::{ACCEPT_PAUSE, Server, hosts, request_id};

/// Connections at once; each is for one request.
const MOST: usize = 16;

/// How long one may take to send the head of its request.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// Answers until the process ends.
pub(crate) async fn serve(server: Arc<Server>, listener: TcpListener) {
    if let Ok(address) = listener.local_addr() {
        tracing::info!("metrics at http://{address}/metrics");
    }
    let places = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let server = Arc::clone(&server);
        let service = service_fn(move |request| {
            let server = Arc::clone(&server);
            async move { Ok::<_, Infallible>(answer(&server, request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            let _place = place;
            // A client that is gone does not need to know.
            let _ = connection.await;
        });
    }
}

async fn answer(server: &Arc<Server>, mut request: Request<Incoming>) -> Response<Full<Bytes>> {
    let request_id = request_id::take_or_make(request.headers_mut());
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host: Option<Authority> = host.and_then(|host| host.parse().ok());
    let name = host.as_ref().map(Authority::host).unwrap_or_default();
    if !hosts::may_be_called(name, &server.allowed_hosts) {
        return Problem::Misdirected.response(&request_id);
    }
    if request.uri().path() != "/metrics" {
        return Problem::NoRoute.response(&request_id);
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let mut refused = Problem::MethodNotAllowed.response(&request_id);
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    // Not by a thread that has guests to run: it reads files.
    let server = Arc::clone(server);
    let text = tokio::task::spawn_blocking(move || server.numbers()).await.unwrap_or_default();
    let mut answer = Response::new(Full::from(text));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(prometheus_text::CONTENT_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        headers.insert(request_id::NAME, request_id);
    }
    answer
}
