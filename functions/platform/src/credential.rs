//! The proof that a request carries of who sends it, and whether a page may have made it do so.

use crate::{AllowedOrigins, Call};
use http::{Method, header};

/// The cookie that carries a token (docs/contract/api.md, API-TOKEN).
const COOKIE: &str = "token";

/// A token, by the way it came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Credential<'a> {
    /// In `Authorization: Bearer`: only a program that knows it can have put it there.
    Bearer(&'a str),
    /// In the cookie: a browser sends it along, whichever page made it send the request.
    Cookie(&'a str),
}

impl<'a> Credential<'a> {
    /// The one of this request. A header that was set on purpose comes before a cookie.
    #[must_use]
    pub fn of(call: &'a Call) -> Option<Self> {
        if let Some(value) = call.header(&header::AUTHORIZATION) {
            let (scheme, token) = value.trim().split_once(' ').unwrap_or((value, ""));
            return scheme.eq_ignore_ascii_case("bearer").then_some(Self::Bearer(token.trim()));
        }
        cookie_of(call, COOKIE).map(Self::Cookie)
    }

    /// The token itself.
    #[must_use]
    pub fn token(self) -> &'a str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }

    /// Whether a page of a foreign origin may have made a browser send this request, which would
    /// change something in the name of whoever is logged in there (docs/contract/api.md, API-CORS).
    #[must_use]
    pub fn is_borrowed(self, call: &Call, origins: &AllowedOrigins) -> bool {
        let safe = matches!(call.method(), Method::GET | Method::OPTIONS);
        matches!(self, Self::Cookie(_)) && !safe && is_foreign(call, origins)
    }
}

/// The value of a cookie of this name.
#[must_use]
pub fn cookie_of<'a>(call: &'a Call, wanted: &str) -> Option<&'a str> {
    let pairs = call.header_values(&header::COOKIE).flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

/// Whether the request says that it comes from a page of neither this host nor an allowed origin.
fn is_foreign(call: &Call, origins: &AllowedOrigins) -> bool {
    let mut foreign = false;
    for origin in call.header_values(&header::ORIGIN) {
        // The scheme is left out: behind a proxy that ends TLS only the browser knows it.
        let host = origin.split_once("://").map(|(_, host)| host);
        let own = host.is_some_and(|host| {
            call.authority().is_some_and(|authority| host.eq_ignore_ascii_case(authority))
        });
        foreign |= !own && !origins.allow(origin);
    }
    foreign
}

/// The `Set-Cookie` of a token that is valid for so many seconds.
#[must_use]
pub fn cookie(token: &str, seconds: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{secure}")
}

/// The `Set-Cookie` that makes a browser forget its token.
#[must_use]
pub fn cleared_cookie(secure: bool) -> String {
    cookie("", 0, secure)
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
    fn api_token_comes_in_the_cookie_or_as_bearer() {
        let read = |headers: &[(&str, &str)]| {
            let call = call("GET", headers);
            Credential::of(&call).map(|found| format!("{found:?}"))
        };
        let cookie = Some("Cookie(\"a.b.c\")".to_owned());
        let bearer = Some("Bearer(\"a.b.c\")".to_owned());
        assert_eq!(read(&[("cookie", "token=a.b.c")]), cookie);
        assert_eq!(read(&[("cookie", "theme=dark; token=a.b.c; tokens=x")]), cookie);
        assert_eq!(read(&[("cookie", "theme=dark"), ("cookie", "token=a.b.c")]), cookie);
        assert_eq!(read(&[("authorization", "Bearer a.b.c")]), bearer);
        assert_eq!(read(&[("authorization", "bearer  a.b.c ")]), bearer);
        assert_eq!(read(&[("authorization", "Bearer a.b.c"), ("cookie", "token=x")]), bearer);
        assert_eq!(read(&[("authorization", "Basic YTpi"), ("cookie", "token=x")]), None);
        assert_eq!(read(&[("cookie", "xtoken=a; token2=b; =c; token")]), None);
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn api_cors_a_cookie_authenticated_unsafe_request_from_a_foreign_origin_is_told() {
        let origins = AllowedOrigins::new("https://app.example");
        let borrowed = |method: &str, origin: &str| {
            let call = call(method, &[("origin", origin)]);
            Credential::Cookie("x").is_borrowed(&call, &origins)
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
        assert!(!Credential::Bearer("x").is_borrowed(&call, &origins), "no browser adds a bearer");
    }

    #[test]
    fn api_token_the_cookie_has_the_attributes_of_the_contract() {
        assert_eq!(
            cookie("a.b.c", 2_592_000, true),
            "token=a.b.c; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000; Secure"
        );
        assert_eq!(cleared_cookie(false), "token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }
}
