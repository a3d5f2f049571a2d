//! Problem documents (RFC 9457): the one form of every error answer of the relay.

use super::answer::{Answer, answer};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// What went wrong, each with its own section in `docs/problems.md`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// The body is not what the endpoint takes.
    MalformedJson,
    /// A header does not follow its grammar.
    MalformedHeader,
    /// The secret is missing or wrong.
    Unauthorized,
    /// A page of this origin may not open sockets.
    ForeignOrigin,
    /// Nothing is there.
    NotFound,
    /// It is there but does not take this method.
    MethodNotAllowed,
    /// A parameter of the query is not acceptable.
    Validation,
    /// Too many connections of this user or address.
    TooManyConnections,
    /// The body did not come in time.
    Timeout,
    /// The request is for a host that this is not.
    Misdirected,
    /// The body is over the limit.
    PayloadTooLarge,
    /// The body is not sent as JSON.
    UnsupportedMediaType,
    /// An ordinary request where a WebSocket handshake is needed.
    UpgradeRequired,
    /// Not now, or not in this mode.
    Unavailable,
}

impl Kind {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::MalformedJson => (StatusCode::BAD_REQUEST, "malformed-json", "Malformed JSON"),
            Self::MalformedHeader => {
                (StatusCode::BAD_REQUEST, "malformed-header", "Malformed header")
            }
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "Unauthorized"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "foreign-origin", "Foreign origin"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed")
            }
            Self::Validation => {
                (StatusCode::UNPROCESSABLE_ENTITY, "validation", "Validation failed")
            }
            Self::TooManyConnections => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                (status, "too-many-connections", "Too many connections")
            }
            Self::Timeout => (StatusCode::REQUEST_TIMEOUT, "request-timeout", "Request timeout"),
            Self::PayloadTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "payload-too-large", "Payload too large")
            }
            Self::Misdirected => {
                (StatusCode::MISDIRECTED_REQUEST, "misdirected-request", "Misdirected request")
            }
            Self::UnsupportedMediaType => {
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                (status, "unsupported-media-type", "Unsupported media type")
            }
            Self::UpgradeRequired => {
                (StatusCode::UPGRADE_REQUIRED, "upgrade-required", "Upgrade required")
            }
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Service unavailable")
            }
        }
    }
}

/// A problem, ready to be sent.
#[derive(Debug)]
pub(super) struct Problem {
    kind: Kind,
    detail: String,
    headers: Vec<(HeaderName, String)>,
    errors: Vec<Value>,
}

impl Problem {
    /// A problem with a sentence for the person who reads it.
    pub(super) fn new(kind: Kind, detail: &str) -> Self {
        Self { kind, detail: detail.to_owned(), headers: Vec::new(), errors: Vec::new() }
    }

    /// A faulty parameter of the query.
    pub(super) fn query(name: &str, detail: &str) -> Self {
        let mut problem = Self::new(Kind::Validation, "a parameter of the query is not acceptable");
        problem.errors.push(json!({"pointer": format!("?{name}"), "detail": detail}));
        problem
    }

    /// With one more header.
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn into_answer(self, request_id: &str) -> Answer {
        let (status, slug, title) = self.kind.parts();
        let mut document = json!({
            "type": format!("/problems/{slug}"),
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail,
            "request_id": request_id,
        });
        if !self.errors.is_empty() {
            document["errors"] = self.errors.into();
        }
        let mut answer = answer(status, "application/problem+json", document.to_string());
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                answer.headers_mut().insert(name, value);
            }
        }
        answer
    }
}
