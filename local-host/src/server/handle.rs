//! One request: find its component, wait for a turn, let a guest answer, or say what went wrong.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::ORIGIN;
use http::{Request, Response, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tokio::time::sleep;
use wasmtime::PoolConcurrencyLimitError;
use wasmtime_wasi_http::handler::{ExpirationError, InstantiationError, TrapOrPanicError};
use wasmtime_wasi_http::{Error, WasiBody};

use super::body::{self, AnswerBody, Running};
use super::connections::Connection;
use super::problem::Problem;
use super::{Server, ServerLimits, cross_origin, headers, hosts, request_id, spans};
use crate::application::LoadedComponent;
use crate::failure::Failure;
use crate::instance::RequestData;
use crate::metrics::Counted;

/// As in Spin this path says that the host itself is up.
const HEALTH: &str = "/.well-known/spin/health";

/// An answer to a client.
pub(super) type Answer = Response<UnsyncBoxBody<Bytes, Error>>;

/// How long to wait for an instance to go when all are taken.
const POOL_PAUSE: Duration = Duration::from_millis(20);

impl Server {
    /// Answers one request that `client` sent on `connection`.
    pub(super) async fn handle(
        &self,
        request: Request<Incoming>,
        client: SocketAddr,
        connection: &Arc<Connection>,
    ) -> Answer {
        let started = Instant::now();
        let (mut parts, body) = request.into_parts();
        let request_id = request_id::take_or_make(&mut parts.headers);
        let method = parts.method.clone();
        let path = parts.uri.path().to_owned();
        let origin = parts.headers.get(ORIGIN).cloned();
        if path == HEALTH {
            return Response::new(Full::from("OK").map_err(Error::from).boxed_unsync());
        }
        let mut counted = &self.observed.metrics.unrouted;
        let mut span = None;
        let answered = match self.application.route(&path) {
            None => Err(Problem::NoRoute),
            Some(found) => match headers::prepare(&mut parts, &found, client) {
                Err(headers::Malformed) => Err(Problem::BadHead),
                Ok(()) if !self.may_be_called(&parts.uri) => Err(Problem::Misdirected),
                Ok(()) => {
                    counted = &found.target.metrics;
                    let traces = self.observed.traces.as_deref();
                    let route = (found.pattern.raw(), &*found.target.id);
                    span = traces.map(|traces| spans::begin(traces, &mut parts, route));
                    let request = Request::from_parts(parts, body);
                    self.run(found.target, request, &request_id, (client, connection)).await
                }
            },
        };
        connection.waits();
        let answer = answered.unwrap_or_else(|problem| {
            let mut answer = problem.response(&request_id);
            if let Some(origin) = origin {
                cross_origin::mark(&self.cors_origins, &origin, answer.headers_mut());
            }
            answer.map(|body| body.map_err(Error::from).boxed_unsync())
        });
        let took = started.elapsed();
        counted.answered(&method, answer.status(), took);
        span.into_iter().for_each(|span| spans::end(span, answer.status(), &request_id));
        tracing::debug!(
            %method,
            path,
            status = answer.status().as_u16(),
            microseconds = took.as_micros(),
            request_id = %request_id,
            "answered"
        );
        answer
    }

    fn may_be_called(&self, uri: &Uri) -> bool {
        hosts::may_be_called(uri.host().unwrap_or_default(), &self.allowed_hosts)
    }

    async fn run(
        &self,
        component: &LoadedComponent,
        request: Request<Incoming>,
        request_id: &Arc<str>,
        (client, connection): (SocketAddr, &Arc<Connection>),
    ) -> Result<Answer, Problem> {
        let (parts, body) = request.into_parts();
        let ServerLimits { max_body_bytes, body_timeout, queue_timeout, .. } = self.limits;
        let body = body::receive(body, max_body_bytes, body_timeout, connection).await?;
        connection.answers();
        let waiting = Counted::by(&self.observed.metrics.waiting);
        let turn = self.turns.take(request_id, client.ip(), queue_timeout).await;
        drop(waiting);
        let Some(turn) = turn else {
            self.observed.metrics.without_turn.inc();
            tracing::warn!(component = %component.id, %client, %request_id, "not handled in time: \
                                                                             the server is busy");
            return Err(Problem::Busy);
        };
        let turn = Arc::new(turn);
        let (listener, failure) = oneshot::channel();
        let data =
            RequestData { request_id: Arc::clone(request_id), turn: Arc::clone(&turn), listener };
        match self.answer(component, data, Request::from_parts(parts, body)).await {
            // The listener is held too, so that a trap while the body is sent names this request.
            Ok(answer) => {
                let running = Running { _turn: turn, failure };
                let (parts, body) = answer.into_parts();
                let body = AnswerBody::take(body, running, Arc::clone(connection)).await;
                Ok(Response::from_parts(parts, body.boxed_unsync()))
            }
            Err(error) => {
                let problem = self.problem(component, request_id, &error, failure).await;
                if problem == Problem::TimedOut {
                    component.metrics.timeouts.inc();
                }
                Err(problem)
            }
        }
    }

    /// Lets a guest answer. Instances that are idle may fill the pool for a moment: then tries
    /// again, as long as a request may wait for its turn.
    async fn answer(
        &self,
        component: &LoadedComponent,
        mut data: RequestData,
        mut request: Request<WasiBody>,
    ) -> wasmtime::Result<Response<WasiBody>> {
        let deadline = Instant::now() + self.limits.queue_timeout;
        loop {
            let error = match component.handler.handle(data, request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error.downcast::<InstantiationError<RequestData>>()?,
            };
            if !error.error.is::<PoolConcurrencyLimitError>() || Instant::now() >= deadline {
                return Err(error.into());
            }
            data = error.request_data;
            request = error.request.into_inner().unwrap_or_else(PoisonError::into_inner);
            sleep(POOL_PAUSE).await;
        }
    }

    /// What to answer when a guest gave no answer; logs what the instance itself did not.
    async fn problem(
        &self,
        component: &LoadedComponent,
        request_id: &str,
        error: &wasmtime::Error,
        failure: oneshot::Receiver<Arc<Failure>>,
    ) -> Problem {
        let component = &component.id;
        if let Some(error) = error.downcast_ref::<InstantiationError<RequestData>>() {
            let cause = error.error.root_cause();
            tracing::error!(%component, request_id, %cause, "no instance could be created");
            let full = error.error.is::<PoolConcurrencyLimitError>();
            return if full { Problem::Busy } else { Problem::Failed };
        }
        if error.downcast_ref::<ExpirationError>().is_some() {
            tracing::error!(%component, request_id, "a guest took too long");
            return Problem::TimedOut;
        }
        if error.downcast_ref::<TrapOrPanicError>().is_some() {
            // The instance logs its end and fails all its requests; it may do so a moment later.
            return match failure.await.as_deref() {
                Ok(Failure::TimedOut) => Problem::TimedOut,
                Ok(Failure::Trapped { .. } | Failure::CutOff) | Err(_) => Problem::Failed,
            };
        }
        tracing::error!(%component, request_id, cause = %error.root_cause(), "a guest failed");
        Problem::Failed
    }
}
