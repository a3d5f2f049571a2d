//! The credential of a call, and whether a page may have made a browser send it.

use crate::{AllowedOrigins, Call};
use http::{Method, header};
use shared::http::{COOKIE, Credential};

/// The one of this call.
#[must_use]
pub fn of(call: &Call) -> Option<Credential<'_>> {
    let authorization = call.header_values(&header::AUTHORIZATION).next();
    Credential::find(authorization, call.header_values(&header::COOKIE))
}

/// The value of a cookie of this name.
#[must_use]
pub fn cookie_of<'a>(call: &'a Call, wanted: &str) -> Option<&'a str> {
    shared::http::cookie(call.header_values(&header::COOKIE), wanted)
}

/// Whether a page of a foreign origin may have made a browser send this request, which would
/// change something in the name of the user who is logged in there (docs/contract/api.md, API-CORS).
#[must_use]
pub fn is_borrowed(credential: Credential<'_>, call: &Call, origins: &AllowedOrigins) -> bool {
    let safe = matches!(call.method(), Method::GET | Method::OPTIONS);
    matches!(credential, Credential::Cookie(_)) && !safe && origins.are_foreign(call)
}

/// The `Set-Cookie` of a token that is valid for this many seconds.
#[must_use]
pub fn set_cookie(token: &str, seconds: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{secure}")
}

/// The `Set-Cookie` that makes a browser forget its token.
#[must_use]
pub fn cleared_cookie(secure: bool) -> String {
    set_cookie("", 0, secure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn call(method: &str, headers: &[(&str, &str)]) -> Call {
        let mut request = http::Request::builder().method(method).uri("http://board.example/api");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Call::new(parts.into(), Bytes::new(), || "fresh".to_owned())
    }

    #[test]
    fn api_token_bearer_counts_before_the_cookie_in_a_call() {
        let both = call("GET", &[("authorization", "Bearer a"), ("cookie", "token=b")]);
        assert_eq!(of(&both), Some(Credential::Bearer("a")));
        let two = call("GET", &[("cookie", "theme=dark"), ("cookie", "token=b")]);
        assert_eq!(of(&two), Some(Credential::Cookie("b")));
        assert_eq!(of(&call("GET", &[])), None);
    }

    #[test]
    fn api_cors_a_cookie_authenticated_unsafe_request_from_a_foreign_origin_is_reported() {
        let origins = AllowedOrigins::new("https://app.example");
        let borrowed = |method: &str, origin: &str| {
            let call = call(method, &[("origin", origin)]);
            is_borrowed(Credential::Cookie("x"), &call, &origins)
        };
        for foreign in ["https://evil.example", "null", "", "https://board.example.evil.example"] {
            assert!(borrowed("POST", foreign), "{foreign}");
            assert!(borrowed("DELETE", foreign), "{foreign}");
            assert!(!borrowed("GET", foreign), "{foreign}");
        }
        for own in ["http://board.example", "https://BOARD.example", "https://app.example"] {
            assert!(!borrowed("POST", own), "{own}");
        }
        let call = call("POST", &[("origin", "https://evil.example")]);
        assert!(!is_borrowed(Credential::Bearer("x"), &call, &origins), "no browser adds a bearer");
    }

    #[test]
    fn api_token_the_cookie_has_the_attributes_of_the_contract() {
        assert_eq!(
            set_cookie("a.b.c", 2_592_000, true),
            "token=a.b.c; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000; Secure"
        );
        assert_eq!(cleared_cookie(false), "token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }
}
