//! What a guest learns about its request: the absolute URI and the `spin-*` headers.

use std::net::SocketAddr;

use http::header::{CONNECTION, HOST};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, request};

use crate::routes::Match;

/// Headers that carry a parameter of the path start so.
const PATH_MATCH: &str = "spin-path-match-";

/// How the host ends by which components of Spin call each other; nobody outside may name it.
const INTERNAL_DOMAIN: &str = "spin.internal";

/// Makes the URI absolute and adds the headers that Spin adds for the matched route. As there those
/// of the client stay in front of them: a guest that reads the first one is found out here too.
///
/// # Errors
/// See [`Malformed`].
pub(super) fn prepare<T>(
    parts: &mut request::Parts,
    found: &Match<'_, '_, T>,
    client: SocketAddr,
) -> Result<(), Malformed> {
    make_absolute(&mut parts.uri, &parts.headers)?;
    let headers = &mut parts.headers;
    headers.remove(CONNECTION);
    if headers.values().any(|value| std::str::from_utf8(value.as_bytes()).is_err()) {
        return Err(Malformed);
    }
    let mut add = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(name, value);
        }
    };
    let pattern = found.pattern;
    add(HeaderName::from_static("spin-path-info"), &found.path_info);
    add(HeaderName::from_static("spin-full-url"), &parts.uri.to_string());
    add(HeaderName::from_static("spin-matched-route"), pattern.without_trailing_slash());
    add(HeaderName::from_static("spin-base-path"), "/");
    add(HeaderName::from_static("spin-raw-component-route"), pattern.raw());
    add(HeaderName::from_static("spin-component-route"), pattern.without_wildcard());
    add(HeaderName::from_static("spin-client-addr"), &client.to_string());
    for (name, value) in &found.parameters {
        let name = format!("{PATH_MATCH}{}", name.replace('_', "-").to_ascii_lowercase());
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            add(name, value);
        }
    }
    Ok(())
}

/// The request does not name one host, or names one that only components may name, or a header is not
/// UTF-8. Spin answers these with 500 or closes the connection.
#[derive(Debug)]
pub(super) struct Malformed;

fn make_absolute(uri: &mut Uri, headers: &HeaderMap) -> Result<(), Malformed> {
    let mut named = headers.get_all(HOST).iter();
    // If there are two, the next reader might take the other one.
    let (Some(host), None) = (named.next(), named.next()) else { return Err(Malformed) };
    let host = host_and_port(host)?;
    let mut parts = std::mem::take(uri).into_parts();
    if parts.authority.is_some_and(|authority| authority != host) {
        return Err(Malformed);
    }
    // Names mean the same in any case, and with the dot that ends them.
    let name = host.host().strip_suffix('.').unwrap_or(host.host());
    let domain = name.split_once('.').map(|(_, domain)| domain);
    if domain.is_some_and(|domain| domain.eq_ignore_ascii_case(INTERNAL_DOMAIN)) {
        return Err(Malformed);
    }
    parts.authority = Some(host);
    parts.scheme = Some(Scheme::HTTP);
    *uri = Uri::from_parts(parts).map_err(|_| Malformed)?;
    Ok(())
}

/// A host with or without a port, and nothing else that an authority may have.
fn host_and_port(value: &HeaderValue) -> Result<Authority, Malformed> {
    let authority: Authority =
        value.to_str().ok().and_then(|text| text.parse().ok()).ok_or(Malformed)?;
    let after_host = authority.as_str().strip_prefix(authority.host());
    let sane = match after_host {
        Some("") => true,
        Some(port) => authority.port_u16().is_some() && !port.contains('+'),
        None => false,
    };
    if sane && !authority.host().is_empty() { Ok(authority) } else { Err(Malformed) }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::{Malformed, prepare};
    use crate::routes::{Pattern, Router};

    /// Every header as `name: value`, in the order of a name's values.
    fn headers(route: &str, request: http::request::Builder) -> Result<Vec<String>, Malformed> {
        let router = Router::new([(Pattern::parse(route).unwrap(), ())]);
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let path = parts.uri.path().to_owned();
        let found = router.route(&path).unwrap();
        prepare(&mut parts, &found, "127.0.0.1:5000".parse().unwrap())?;
        let lines = parts.headers.iter();
        Ok(lines.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect())
    }

    #[test]
    fn the_seven_headers_and_the_parameters_come_after_those_of_the_client_as_in_spin() {
        let request = Request::get("/boards/7/tasks/8?events=3")
            .header("host", "board.example")
            .header("spin-client-addr", "192.0.2.1:1")
            .header("spin-path-match-board-id", "8")
            .header("spin-path-match-admin", "yes");
        assert_eq!(
            headers("/boards/:board_id/...", request).unwrap(),
            [
                "host: board.example",
                "spin-client-addr: 192.0.2.1:1",
                "spin-client-addr: 127.0.0.1:5000",
                "spin-path-match-board-id: 8",
                "spin-path-match-board-id: 7",
                "spin-path-match-admin: yes",
                "spin-path-info: /tasks/8",
                "spin-full-url: http://board.example/boards/7/tasks/8?events=3",
                "spin-matched-route: /boards/:board_id/...",
                "spin-base-path: /",
                "spin-raw-component-route: /boards/:board_id/...",
                "spin-component-route: /boards/:board_id",
            ]
        );
    }

    #[test]
    fn an_exact_route_has_no_path_info() {
        let headers = headers("/healthz", Request::get("/healthz").header("host", "h")).unwrap();
        for line in ["spin-path-info: ", "spin-component-route: /healthz"] {
            assert!(headers.iter().any(|header| header == line), "no {line:?} in {headers:?}");
        }
    }

    #[test]
    fn what_spin_does_not_serve_is_malformed() {
        let get = |uri: &str| Request::get(uri);
        for wrong in [
            get("/"),
            get("/").header("host", ""),
            get("/").header("host", "a b"),
            get("http://a.example/").header("host", "b.example"),
            get("/").header("host", "task.spin.internal"),
            get("/").header("host", "task.spin.internal:3000"),
            get("/").header("host", "task.SPIN.Internal"),
            get("/").header("host", "task.spin.internal."),
            get("/").header("host", "h").header("accept", &b"\xe4"[..]),
        ] {
            let shown = format!("{wrong:?}");
            assert!(headers("/...", wrong).is_err(), "{shown}");
        }
        for right in ["h", "spin.internal", "a.b.spin.internal", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(headers("/...", get("/").header("host", right)).is_ok(), "{right}");
        }
    }
}
