//! What the host says of a request in headers, which a client can send as well.

use crate::{Call, Failure};
use http::{HeaderName, header};
use shared::http::problem::ProblemKind;

/// How the names of the headers begin that Spin sets.
const SET_BY_SPIN: &str = "spin-";

/// The address that connected, with its port.
const CLIENT_ADDRESS: HeaderName = HeaderName::from_static("spin-client-addr");

impl Call {
    /// Whether every header that says where a request comes from and goes to can be believed. Spin
    /// adds its own after those of the client, so of two one is made up.
    ///
    /// # Errors
    /// 400 if the client sent one that the host sets, or `Host` twice (RFC 9112, section 3.2).
    pub fn check_host_headers(&self) -> Result<(), Failure> {
        let headers = self.headers();
        let is_twice = |name| headers.values(name).nth(1).is_some();
        let found = headers.names().find_map(|name| {
            let fault = if name.eq_ignore_ascii_case(header::HOST.as_str()) {
                "must appear exactly once"
            } else if is_set_by_spin(name) {
                "is set by the server and must not be sent"
            } else {
                return None;
            };
            is_twice(name).then_some((name, fault))
        });
        let Some((name, fault)) = found else { return Ok(()) };
        let detail = format!("The header {name} {fault}.");
        Err(Failure::refused(ProblemKind::MalformedHeader, detail))
    }

    /// Where the request came from: an IPv4 address, or the /64 of an IPv6 address, all of which
    /// one customer has. The host gives it; behind a proxy it is the proxy's, unless `header` names
    /// the header whose last entry the proxy writes.
    #[must_use]
    pub fn client_address(&self, header: &str) -> String {
        let by_proxy =
            HeaderName::try_from(header).ok().and_then(|name| self.header_values(&name).last());
        // The last one is the host's.
        let by_host = self.header_values(&CLIENT_ADDRESS).last();
        shared::http::client_address(by_proxy, by_host.unwrap_or_default())
    }
}

fn is_set_by_spin(name: &str) -> bool {
    name.get(..SET_BY_SPIN.len()).is_some_and(|start| start.eq_ignore_ascii_case(SET_BY_SPIN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn call(headers: &[(&str, &str)]) -> Call {
        let mut request = http::Request::get("http://board.example/api/boards/7");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Call::new(parts.into(), Bytes::new(), || "fresh".to_owned())
    }

    #[test]
    fn a_client_is_known_by_its_address_or_its_network() {
        let from = |address: &str| call(&[("spin-client-addr", address)]).client_address("");
        assert_eq!(from("192.0.2.7:54321"), "192.0.2.7");
        assert_eq!(from("[2001:db8:1:2:3:4:5:6]:80"), "2001:db8:1:2::/64");
        assert_eq!(from("[::ffff:192.0.2.7]:80"), "192.0.2.7");
        assert_eq!(from("unix"), "unix");
        let behind = call(&[
            ("spin-client-addr", "10.0.0.1:9"),
            ("x-forwarded-for", "made-up"),
            ("x-forwarded-for", "made-up, 192.0.2.7"),
        ]);
        assert_eq!(behind.client_address("x-forwarded-for"), "192.0.2.7");
        assert_eq!(behind.client_address(""), "10.0.0.1");
        let forged = call(&[("spin-client-addr", "1.2.3.4:5"), ("spin-client-addr", "10.0.0.1:9")]);
        assert_eq!(forged.client_address(""), "10.0.0.1");
    }

    #[test]
    fn api_400_for_a_header_that_the_host_sets_and_for_two_hosts() {
        let check = |headers: &[(&str, &str)]| call(headers).check_host_headers();
        let once = [
            ("host", "board.example"),
            ("spin-client-addr", "10.0.0.1:9"),
            ("spin-path-match-board-id", "7"),
            ("accept", "text/html"),
            ("accept", "*/*"),
        ];
        assert_eq!(check(&once), Ok(()));
        for (name, value) in &once[..3] {
            let failure = check(&[&once[..], &[(*name, *value)]].concat()).expect_err(name);
            assert_eq!(failure.problem().kind, ProblemKind::MalformedHeader, "{name}");
            assert!(failure.problem().detail.contains(name), "{failure:?}");
        }
    }
}
