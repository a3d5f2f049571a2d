//! The spans of requests, where traces are sent: one for each, in the trace of its client, and the guest
//! goes on in it. What a request says of people (its path, its query, its headers) is not in them.

use http::{HeaderName, HeaderValue, Method, StatusCode, request};
use telemetry::traces::{Span, TRACEPARENT, Traces};

/// The header that carries a trace.
const HEADER: HeaderName = HeaderName::from_static(TRACEPARENT);

/// Begins the span of a request to the component at this route, and hands it on to the guest.
pub(super) fn begin(
    traces: &Traces,
    parts: &mut request::Parts,
    (route, component): (&str, &str),
) -> Span {
    let mut given = parts.headers.get_all(HEADER).iter();
    let only = given.next().filter(|_| given.next().is_none());
    let only = only.and_then(|value| value.to_str().ok());
    let method = name(&parts.method);
    let mut span = traces.server(format!("{method} {route}"), only);
    span.tell("http.request.method", method);
    span.tell("http.route", route.to_owned());
    span.tell("faas.name", component.to_owned());
    if let Ok(value) = HeaderValue::from_str(&span.traceparent()) {
        parts.headers.insert(HEADER, value);
    }
    span
}

/// Ends it with the answer's status, and the id that finds the request in the log.
pub(super) fn end(mut span: Span, status: StatusCode, request_id: &str) {
    span.tell("http.response.status_code", i64::from(status.as_u16()));
    span.tell("http.request.header.x-request-id", request_id.to_owned());
    if status.is_server_error() {
        span.failed();
    }
}

/// The method; of those that anybody may make up there would be no end.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}
