//! Which pages may open sockets: a browser tells a page's origin in every handshake.

use http::{HeaderMap, Uri, header};
use shared::origins::Origins;

/// Whether this handshake may go on. Programs send no `Origin` and are no danger: they have no
/// cookies of somebody else. A page may if it is listed, or if the relay itself served it.
pub(super) fn is_allowed(headers: &HeaderMap, uri: &Uri, listed: &Origins) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    if origins.next().is_some() {
        return false;
    }
    let Ok(origin) = origin.to_str() else { return false };
    if listed.contain(origin) {
        return true;
    }
    let origin = origin.to_ascii_lowercase();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = uri.authority().map(http::uri::Authority::as_str).or(host);
    let page = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    page.zip(own).is_some_and(|(page, own)| page.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn allowed(origins: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("Relay.example:3001"));
        for origin in origins {
            headers.append(header::ORIGIN, HeaderValue::from_static(origin));
        }
        let uri = Uri::from_static("/ws/quick-win");
        is_allowed(&headers, &uri, &Origins::read("http://localhost:3000"))
    }

    #[test]
    fn rt_handshake_a_foreign_origin_is_refused_and_none_is_fine() {
        assert!(allowed(&[]));
        assert!(allowed(&["http://localhost:3000"]));
        assert!(allowed(&["http://relay.example:3001"]));
        assert!(allowed(&["https://relay.example:3001"]));
        for foreign in [
            "null",
            "",
            "http://localhost:3001",
            "https://localhost:3000",
            "http://relay.example",
            "http://relay.example:3001.evil.example",
            "ws://relay.example:3001",
        ] {
            assert!(!allowed(&[foreign]), "{foreign}");
        }
        assert!(!allowed(&["http://localhost:3000", "http://evil.example"]));
    }
}
