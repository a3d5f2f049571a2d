//! Under which names this server is asked: a page of a stranger can make a browser ask it under a name
//! that leads here for the moment (DNS rebinding), and then reads every answer as its own.

use http::uri::Authority;
use http::{Request, header};
use std::net::IpAddr;

/// Whether this request may be answered: see [`may_be_called`]. One without a host may, since no browser
/// sends such a one.
pub(super) fn is_allowed<T>(request: &Request<T>, names: &[String]) -> bool {
    if let Some(host) = request.uri().host() {
        return may_be_called(host, names);
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    hosts.all(|host| {
        let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
        names.is_empty() || host.is_some_and(|host| may_be_called(host.host(), names))
    })
}

/// Whether a request for this host may be answered. Where no names are given, every one may. An address
/// always may: the browser shows as a page's host what it was called by, and no page has a foreign
/// address for its host.
fn may_be_called(host: &str, names: &[String]) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    names.is_empty()
        || bare.parse::<IpAddr>().is_ok()
        || names.iter().any(|name| name.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::may_be_called;

    #[test]
    fn api_host_is_a_given_name_or_an_address() {
        let names = ["localhost".to_owned(), "board.example".to_owned()];
        for good in
            ["localhost", "LOCALHOST", "board.example", "127.0.0.1", "192.168.1.20", "[::1]"]
        {
            assert!(may_be_called(good, &names), "{good}");
        }
        for foreign in
            ["evil.example", "localhost.evil.example", "x.localhost", "127.0.0.1.nip.io", ""]
        {
            assert!(!may_be_called(foreign, &names), "{foreign}");
        }
        assert!(may_be_called("evil.example", &[]));
    }
}
