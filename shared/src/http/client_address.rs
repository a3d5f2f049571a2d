//! Which client a connection counts as, where limits are by address.

use std::net::{IpAddr, SocketAddr};

/// The longest text kept of an address that cannot be read.
const LONGEST: usize = 64;

/// An IPv4 address, or the /64 of an IPv6 address, all of which one customer has. `by_proxy` is the
/// last value of the header that the trusted proxy writes, where there is such a proxy: the last entry
/// of that list is what the proxy wrote, anything before it may be the client's. Without one it is
/// `by_host`, the address that connects, with its port or without.
#[must_use]
pub fn client_address(by_proxy: Option<&str>, by_host: &str) -> String {
    let by_proxy = by_proxy.and_then(|list| list.rsplit(',').next()).map(str::trim);
    let address = by_proxy.unwrap_or(by_host);
    let parsed = address.parse::<SocketAddr>().map(|socket| socket.ip());
    match parsed.or_else(|_| address.parse::<IpAddr>()) {
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => {
                let [first, second, third, fourth, ..] = address.segments();
                format!("{first:x}:{second:x}:{third:x}:{fourth:x}::/64")
            }
        },
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.chars().take(LONGEST).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_known_by_its_address_or_its_network() {
        for (by_host, expected) in [
            ("192.0.2.7:54321", "192.0.2.7"),
            ("192.0.2.7", "192.0.2.7"),
            ("[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
            ("[::ffff:192.0.2.7]:80", "192.0.2.7"),
            ("unix", "unix"),
        ] {
            assert_eq!(client_address(None, by_host), expected);
        }
    }

    #[test]
    fn only_the_last_entry_was_written_by_the_proxy() {
        for (list, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("made-up, 198.51.100.1 , 192.0.2.7", "192.0.2.7"),
            ("192.0.2.7,", ""),
            ("", ""),
        ] {
            assert_eq!(client_address(Some(list), "10.0.0.1:9"), expected, "{list:?}");
        }
        let long = "x".repeat(1_000);
        assert_eq!(client_address(Some(&long), "10.0.0.1:9").len(), LONGEST);
    }
}
