//! Where a page may find its relay, as a Content-Security-Policy says it.

use http::Uri;
use http::uri::Authority;

/// Names of the machine that a browser itself runs on. The app takes the page's host instead, where
/// that has another name (`app/src/sync/live/address.ts`).
const LOOPBACK: [&str; 4] = ["localhost", "127.0.0.1", "[::1]", "10.0.2.2"];

/// The source expressions (CSP level 3, section 2.3.1) for the sockets of the relay at
/// `relay_public_url`, as configured, for a page at this host and port; empty
/// if there are none.
#[must_use]
pub fn relay_sources(relay_public_url: &str, page: Option<&str>) -> String {
    let page = page.and_then(|page| page.parse::<Authority>().ok());
    let page_host = page.as_ref().map(Authority::host);
    if relay_public_url.is_empty() {
        // 'self' does not include WebSockets in Safari before version 16.
        return page.map_or_else(String::new, |page| of_either_scheme(page.as_str()));
    }
    if let Some(port) = relay_public_url.strip_prefix(':') {
        let at_port = |host| of_either_scheme(&format!("{host}:{port}"));
        return page_host.map_or_else(String::new, at_port);
    }
    let Ok(relay) = relay_public_url.parse::<Uri>() else { return String::new() };
    let (Some(scheme), Some(relay)) = (relay.scheme_str(), relay.authority()) else {
        return String::new();
    };
    let host = match page_host {
        Some(page) if LOOPBACK.contains(&relay.host()) && !LOOPBACK.contains(&page) => page,
        _ => relay.host(),
    };
    let address = relay.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    match scheme {
        "https" | "wss" => source("wss", &address),
        _ => source("ws", &address),
    }
}

/// The page's own scheme says which one the app uses, and only the proxy knows that.
fn of_either_scheme(address: &str) -> String {
    let (plain, secure) = (source("ws", address), source("wss", address));
    format!("{plain} {secure}")
}

/// A source expression. It has no form for an IPv6 address, so there any host may be: only a page that
/// is itself called by such an address can meet that, at home.
fn source(scheme: &str, address: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:_".contains(&byte);
    if address.bytes().all(plain) { format!("{scheme}://{address}") } else { format!("{scheme}:") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_the_policy_names_the_relays_host_and_no_other() {
        for (relay, page, expected) in [
            ("wss://relay.example", "board.example", "wss://relay.example"),
            ("https://relay.example:8443/live", "board.example", "wss://relay.example:8443"),
            ("http://127.0.0.1:3001", "127.0.0.1:3000", "ws://127.0.0.1:3001"),
            ("http://127.0.0.1:3001", "192.168.1.20:3000", "ws://192.168.1.20:3001"),
            (":3001", "localhost:3000", "ws://localhost:3001 wss://localhost:3001"),
            ("", "board.example", "ws://board.example wss://board.example"),
            (":3001", "[::1]:3000", "ws: wss:"),
            ("relay.example", "board.example", ""),
        ] {
            assert_eq!(relay_sources(relay, Some(page)), expected, "{relay} of {page}");
        }
        assert_eq!(relay_sources(":3001", None), "");
    }

    #[test]
    fn web_no_host_that_a_client_claims_adds_a_word_to_the_policy() {
        for page in ["a; script-src *", "a,b", "a *", "*", "a'b", "", "user@a.example"] {
            let sources = relay_sources(":3001", Some(page));
            assert!(
                !sources.contains([';', ',', '*', '\'', '@']) && sources.split(' ').count() <= 2,
                "{page:?}: {sources}"
            );
        }
    }
}
