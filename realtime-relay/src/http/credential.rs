//! The token that a handshake brings.

use http::{HeaderMap, header};

/// The cookie that carries a token (docs/contract/api.md, API-TOKEN).
const COOKIE: &str = "token";

/// The token: a header that was set on purpose comes before a cookie. An empty cookie is none.
pub(super) fn of(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        // Another scheme is a token as well, and a bad one: it is not passed over for the cookie.
        let value = value.to_str().unwrap_or_default().trim();
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        return Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" });
    }
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE && !value.is_empty()).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn token(headers: &[(HeaderName, &'static str)]) -> Option<String> {
        let values = headers.iter().cloned();
        let headers: HeaderMap =
            values.map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
        of(&headers).map(str::to_owned)
    }

    #[test]
    fn rt_handshake_a_token_comes_by_bearer_or_cookie_and_bearer_comes_first() {
        use header::{AUTHORIZATION, COOKIE};
        for (headers, expected) in [
            (&[][..], None),
            (&[(COOKIE, "a=b; token=c; d=e")], Some("c")),
            (&[(COOKIE, "token=")], None),
            (&[(COOKIE, "nottoken=c")], None),
            (&[(AUTHORIZATION, "bearer  t ")], Some("t")),
            (&[(AUTHORIZATION, "Bearer t"), (COOKIE, "token=c")], Some("t")),
            (&[(AUTHORIZATION, "Basic t"), (COOKIE, "token=c")], Some("")),
        ] {
            assert_eq!(token(headers).as_deref(), expected, "{headers:?}");
        }
    }
}
