//! Problem documents (RFC 9457): the one form of every error answer of the relay.

use super::answer::{Answer, answer};
use http::{HeaderName, HeaderValue, StatusCode, header};
pub(super) use shared::http::problem::ProblemKind as Kind;
use shared::validation::{FieldError, Invalid};

/// A problem, ready to be sent.
#[derive(Debug)]
pub(super) struct Problem {
    problem: shared::http::problem::Problem,
    headers: Vec<(HeaderName, String)>,
}

impl Problem {
    /// A problem with a sentence for the person who reads it.
    pub(super) fn new(kind: Kind, detail: &str) -> Self {
        Self { problem: shared::http::problem::Problem::new(kind, detail), headers: Vec::new() }
    }

    /// A faulty parameter of the query.
    pub(super) fn query(name: &str, detail: &str) -> Self {
        let error = FieldError { pointer: format!("?{name}"), detail: detail.to_owned() };
        Self { problem: Invalid(vec![error]).into(), headers: Vec::new() }
    }

    /// With one more header.
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn into_answer(self, request_id: &str) -> Answer {
        let status = StatusCode::from_u16(self.problem.kind.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let document = self.problem.to_json(request_id);
        let mut answer = answer(status, "application/problem+json", document);
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
