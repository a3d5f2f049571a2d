//! Making answers: bodies, content types, request ids.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

/// An answer of the relay.
pub(super) type Answer = Response<Full<Bytes>>;

/// An answer with a body of this type.
pub(super) fn answer(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::new()));
    *answer.status_mut() = status;
    answer
}

/// The caller's request id if it sent a valid one, else a new one.
pub(super) fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get_all("x-request-id").iter().map(HeaderValue::as_bytes);
    let fresh = || format!("{:032x}", fastrand::u128(..));
    shared::http::request_id::sane(given).map_or_else(fresh, str::to_owned)
}
