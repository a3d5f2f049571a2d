//! Which pages of other origins may read the answers that this host gives itself.
//!
//! What guests answer is theirs to mark. An application that lets origins in lists them in a variable of
//! this name, separated by commas; where it has none, no origin is let in.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    VARY,
};
use http::{HeaderMap, HeaderValue};

/// The variable with the list.
pub(super) const VARIABLE: &str = "cors_origins";

/// Headers of the host's own answers that a page may read.
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static("Retry-After, X-Request-Id");

/// Lets a page of this origin read an answer, if it is listed.
pub(super) fn mark(listed: &str, origin: &HeaderValue, headers: &mut HeaderMap) {
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let is_listed = |origin: &str| {
        let mut listed = listed.split(',').map(str::trim).filter(|listed| !listed.is_empty());
        listed.any(|listed| listed.eq_ignore_ascii_case(origin))
    };
    if origin.to_str().is_ok_and(is_listed) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
}
