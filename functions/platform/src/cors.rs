//! Cross-origin requests: which pages of other origins may call the API (docs/contract/api.md,
//! API-CORS).

use crate::Call;
use http::{HeaderMap, HeaderValue, header};
use shared::http::Origins;

/// The origins in the variable `cors_origins`; the relay, which reads the same list when it starts,
/// rejects what is none.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins(Origins);

/// Headers that a page may send.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Traceparent, X-Request-Id",
);

/// Headers of an answer that a page may read.
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "Allow, ETag, Event-Delivery, Event-Seq, Idempotency-Replayed, Location, Next-After, Retry-After, \
     Server-Timing, WWW-Authenticate, X-Cache, X-Request-Id",
);

/// How long a browser may remember a preflight, in seconds.
const PREFLIGHT_SECONDS: HeaderValue = HeaderValue::from_static("600");

impl AllowedOrigins {
    /// The origins of this list, such as `http://localhost:3000,https://board.example`.
    #[must_use]
    pub fn new(list: &str) -> Self {
        Self(Origins::read(list))
    }

    /// Whether pages of this origin may call.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        self.0.contain(origin)
    }

    /// Whether a call says that it comes from a page of neither this host nor an allowed origin.
    #[must_use]
    pub fn are_foreign(&self, call: &Call) -> bool {
        self.0.is_foreign(call.header_values(&header::ORIGIN), call.authority())
    }

    /// Adds to an answer what lets a page of this origin read it, if it may.
    pub fn mark(&self, origin: &str, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if self.allow(origin)
            && let Ok(origin) = HeaderValue::from_str(origin)
        {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers
                .insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        }
    }

    /// Adds to the answer of a preflight what the page may do, if [`mark`](Self::mark) let it in.
    pub fn mark_preflight(methods: &HeaderValue, headers: &mut HeaderMap) {
        if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        }
    }
}
