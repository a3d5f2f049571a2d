//! The answers that this host gives itself: problem documents (RFC 9457).

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

/// In bytes.
const MIB: u64 = 1024 * 1024;

/// What went wrong outside of any guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The request has no usable host, path or header.
    BadHead,
    /// The body breaks the rules of HTTP.
    BadBody,
    /// No route fits the path.
    NoRoute,
    /// The path is there and takes other methods.
    MethodNotAllowed,
    /// The request is for a host that this is not.
    Misdirected,
    /// The body did not come in time.
    SlowBody,
    /// The body has more bytes than it may have.
    TooLarge { most: u64 },
    /// The guest trapped or gave no answer.
    Failed,
    /// Too many requests run already.
    Busy,
    /// The guest took too long.
    TimedOut,
}

impl Problem {
    /// Status, reference, title and a sentence for people.
    fn parts(self) -> (StatusCode, &'static str, &'static str, Cow<'static, str>) {
        let (status, reference, title, detail) = self.fixed_parts();
        let detail = match self {
            Self::TooLarge { most } => format!(
                "The request's body may have at most {most} bytes ({}.{} MiB) here.",
                most >> 20,
                (most % MIB) * 10 / MIB
            )
            .into(),
            _ => detail.into(),
        };
        (status, reference, title, detail)
    }

    fn fixed_parts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Self::BadHead => (
                StatusCode::BAD_REQUEST,
                "/problems/bad-request",
                "Bad request",
                "The request's host, its path or a header is missing or malformed.",
            ),
            Self::BadBody => (
                StatusCode::BAD_REQUEST,
                "/problems/bad-request",
                "Bad request",
                "The request's body ends early or is malformed.",
            ),
            Self::NoRoute => (
                StatusCode::NOT_FOUND,
                "/problems/not-found",
                "Not found",
                "Nothing is served at this path.",
            ),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "/problems/method-not-allowed",
                "Method not allowed",
                "This path allows other methods; the header allow lists them.",
            ),
            Self::Misdirected => (
                StatusCode::MISDIRECTED_REQUEST,
                "/problems/misdirected-request",
                "Misdirected request",
                "This server does not answer to this name.",
            ),
            Self::SlowBody => (
                StatusCode::REQUEST_TIMEOUT,
                "/problems/request-timeout",
                "Request timeout",
                "The request's body did not come in time.",
            ),
            Self::TooLarge { .. } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "/problems/payload-too-large",
                "Payload too large",
                "",
            ),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "/problems/internal",
                "Internal error",
                "Something went wrong on our side. The request id finds it in the log.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "/problems/unavailable",
                "Unavailable",
                "The server is busy. Try again in a moment.",
            ),
            Self::TimedOut => (
                StatusCode::GATEWAY_TIMEOUT,
                "/problems/timeout",
                "Timed out",
                "The request took longer than allowed.",
            ),
        }
    }

    /// The answer to the request with this id.
    pub(crate) fn response(self, request_id: &str) -> Response<Full<Bytes>> {
        let (status, reference, title, detail) = self.parts();
        let document = serde_json::json!({
            "type": reference,
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
            "request_id": request_id,
        });
        let mut response = Response::new(Full::from(document.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(request_id) = HeaderValue::from_str(request_id) {
            headers.insert(super::request_id::NAME, request_id);
        }
        if self == Self::Busy {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
