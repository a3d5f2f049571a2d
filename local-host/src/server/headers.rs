//! What a guest learns about its request: the absolute URI and the `spin-*` headers.

use std::net::SocketAddr;

use http::header::{CONNECTION, HOST};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, request};

use crate::routes::Match;

/// Headers that carry a parameter of the path start so.
const PATH_MATCH: &str = "spin-path-match-";

/// Makes the URI absolute and sets the headers that Spin sets for the matched route.
///
/// # Errors
/// The request names no host, or two different ones.
pub(super) fn prepare<T>(
    parts: &mut request::Parts,
    found: &Match<'_, '_, T>,
    client: SocketAddr,
) -> Result<(), HostError> {
    make_absolute(&mut parts.uri, &parts.headers)?;
    let headers = &mut parts.headers;
    headers.remove(CONNECTION);
    // A client must not be able to make up a parameter.
    let made_up: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with(PATH_MATCH)).cloned().collect();
    for name in made_up {
        headers.remove(name);
    }
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    let pattern = found.pattern;
    set(HeaderName::from_static("spin-full-url"), &parts.uri.to_string());
    set(HeaderName::from_static("spin-path-info"), &found.path_info);
    set(HeaderName::from_static("spin-matched-route"), pattern.without_trailing_slash());
    set(HeaderName::from_static("spin-base-path"), "/");
    set(HeaderName::from_static("spin-raw-component-route"), pattern.raw());
    set(HeaderName::from_static("spin-component-route"), pattern.without_wildcard());
    set(HeaderName::from_static("spin-client-addr"), &client.to_string());
    for (name, value) in &found.parameters {
        let name = format!("{PATH_MATCH}{}", name.replace('_', "-").to_ascii_lowercase());
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            set(name, value);
        }
    }
    Ok(())
}

/// The request names no host, or two different ones.
#[derive(Debug)]
pub(super) struct HostError;

fn make_absolute(uri: &mut Uri, headers: &HeaderMap) -> Result<(), HostError> {
    let from_header: Option<Authority> = match headers.get(HOST) {
        None => None,
        Some(value) => {
            Some(value.to_str().ok().and_then(|host| host.parse().ok()).ok_or(HostError)?)
        }
    };
    let mut parts = std::mem::take(uri).into_parts();
    parts.authority = match (parts.authority, from_header) {
        (Some(authority), Some(host)) if authority != host => return Err(HostError),
        (authority, host) => Some(authority.or(host).ok_or(HostError)?),
    };
    parts.scheme = Some(Scheme::HTTP);
    *uri = Uri::from_parts(parts).map_err(|_| HostError)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use http::Request;

    use super::prepare;
    use crate::routes::{Pattern, Router};

    fn headers(route: &str, uri: &str) -> BTreeMap<String, String> {
        let router = Router::new([(Pattern::parse(route).unwrap(), ())]);
        let request = Request::builder()
            .uri(uri)
            .header("host", "board.example")
            .header("spin-full-url", "http://made.up/")
            .header("spin-path-match-admin", "yes");
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let path = parts.uri.path().to_owned();
        let found = router.route(&path).unwrap();
        prepare(&mut parts, &found, "127.0.0.1:5000".parse().unwrap()).unwrap();
        let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
        parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    #[test]
    fn the_seven_headers_and_the_parameters_are_those_of_spin() {
        let headers = headers("/boards/:board_id/...", "/boards/7/tasks/8?events=3");
        let expected = [
            ("host", "board.example"),
            ("spin-full-url", "http://board.example/boards/7/tasks/8?events=3"),
            ("spin-path-info", "/tasks/8"),
            ("spin-matched-route", "/boards/:board_id/..."),
            ("spin-base-path", "/"),
            ("spin-raw-component-route", "/boards/:board_id/..."),
            ("spin-component-route", "/boards/:board_id"),
            ("spin-client-addr", "127.0.0.1:5000"),
            ("spin-path-match-board-id", "7"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, BTreeMap::from(expected));
    }

    #[test]
    fn an_exact_route_has_no_path_info() {
        let headers = headers("/healthz", "/healthz");
        assert_eq!(headers["spin-path-info"], "");
        assert_eq!(headers["spin-component-route"], "/healthz");
    }
}
