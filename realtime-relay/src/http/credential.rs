//! What a handshake says of who sends it, and from which page.

use http::{HeaderMap, HeaderName, Uri, header};
use shared::auth::ApiToken;
use shared::http::{Credential, Origins};

/// The token that a request brings. API tokens come by the header, and in a cookie they are none.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let authorization = values(headers, &header::AUTHORIZATION).next();
    let credential = Credential::find(authorization, values(headers, &header::COOKIE));
    let none = |it: &Credential<'_>| matches!(it, Credential::Cookie(it) if ApiToken::is_meant(it));
    credential.filter(|credential| !none(credential)).map(Credential::token)
}

/// Whether a page that is neither listed nor of this host sends it.
pub(super) fn is_foreign(headers: &HeaderMap, uri: &Uri, listed: &Origins) -> bool {
    let host = uri.authority().map(http::uri::Authority::as_str);
    let host = host.or_else(|| values(headers, &header::HOST).next());
    listed.is_foreign(values(headers, &header::ORIGIN), host)
}

/// Every value of a header; what is not text reads as an empty one.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(all: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in all {
            map.append(name, HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn rt_handshake_a_token_comes_by_bearer_or_cookie_and_bearer_comes_first() {
        use header::{AUTHORIZATION, COOKIE};
        let both = headers(&[(AUTHORIZATION, "Bearer t"), (COOKIE, "token=c")]);
        assert_eq!(token(&both), Some("t"));
        assert_eq!(token(&headers(&[(COOKIE, "a=b; token=c; d=e")])), Some("c"));
        assert_eq!(token(&headers(&[])), None);
        assert_eq!(token(&headers(&[(COOKIE, "token=tb_w7_x")])), None);
        assert_eq!(token(&headers(&[(AUTHORIZATION, "Bearer tb_w7_x")])), Some("tb_w7_x"));
    }

    #[test]
    fn rt_handshake_a_foreign_origin_is_refused_and_none_is_fine() {
        let listed = Origins::read("http://localhost:3000");
        let foreign = |origin: &'static str| {
            let headers =
                headers(&[(header::HOST, "Relay.example:3001"), (header::ORIGIN, origin)]);
            is_foreign(&headers, &Uri::from_static("/ws/quick-win"), &listed)
        };
        assert!(!foreign("http://localhost:3000"));
        assert!(!foreign("https://relay.example:3001"));
        assert!(foreign("http://relay.example"));
        let uri = Uri::from_static("http://board.example/ws");
        let page = headers(&[(header::ORIGIN, "https://board.example")]);
        assert!(!is_foreign(&page, &uri, &listed));
        assert!(!is_foreign(&headers(&[]), &uri, &listed));
    }
}
