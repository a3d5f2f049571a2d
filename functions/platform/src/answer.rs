//! What a handler answers.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use shared::models::Seq;
use shared::preconditions::EntityTag;

/// An answer: status, headers and the whole body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers. `X-Request-Id`, `Server-Timing`, CORS and `Content-Length` are added later.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// An answer without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// A body of this media type.
    #[must_use]
    pub fn of(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut answer = Self { status, headers: HeaderMap::new(), body: body.into() };
        answer.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        answer
    }

    /// JSON.
    #[must_use]
    pub fn json(status: StatusCode, json: impl Into<Bytes>) -> Self {
        Self::of(status, "application/json", json)
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with a header. A value that a header cannot have is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same with the entity tag of what is in it.
    #[must_use]
    pub fn tagged(self, tag: &EntityTag) -> Self {
        self.with(header::ETAG, tag.as_str())
    }

    /// The same with the number of the event that the request made, so that a client knows when
    /// its own change has come back to it.
    #[must_use]
    pub fn after_event(self, seq: Seq, delivered: bool) -> Self {
        let answer = self.with(HeaderName::from_static("event-seq"), &seq.to_string());
        if delivered {
            answer
        } else {
            answer.with(HeaderName::from_static("event-delivery"), "deferred")
        }
    }

    /// The same, marked if it is the stored answer to an earlier request.
    #[must_use]
    pub fn replayed(self, replayed: bool) -> Self {
        if replayed {
            self.with(HeaderName::from_static("idempotency-replayed"), "true")
        } else {
            self
        }
    }
}
