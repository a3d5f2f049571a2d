//! Where a component may connect to: the entries of `allowed_outbound_hosts`.

use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use http::Uri;

/// The port of a scheme whose address names none.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" => 80,
        "https" => 443,
        "redis" | "rediss" => 6379,
        "postgres" => 5432,
        "mysql" => 3306,
        "mqtt" => 1883,
        _ => return None,
    })
}

/// A destination that a guest wants to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    /// Lower case, such as `http`.
    pub(crate) scheme: String,
    /// A name in lower case or an IP address, an IPv6 one without brackets.
    pub(crate) host: String,
    /// The port, the scheme's own where the address names none.
    pub(crate) port: u16,
}

impl Destination {
    /// The destination of a URL, whose user, password, path and query do not matter.
    ///
    /// # Errors
    /// It has no scheme, host or port, or is no URL; the message never holds the URL itself, which
    /// may hold a password.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").ok_or("the address has no scheme")?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let scheme = scheme.to_ascii_lowercase();
        let (host, port) = split_port(host).ok_or("the address has a port that is not a number")?;
        if host.is_empty() {
            return Err("the address has no host".to_owned());
        }
        let port = port.or_else(|| default_port(&scheme));
        let port = port.ok_or_else(|| format!("the address needs a port: {scheme} has none"))?;
        Ok(Self { scheme, host: normal_host(host), port })
    }

    /// The destination of an HTTP request; none where the URI names no host.
    pub(crate) fn of_uri(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let port = uri.port_u16().or_else(|| default_port(&scheme))?;
        Some(Self { host: normal_host(uri.host()?), scheme, port })
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port } = self;
        if host.contains(':') {
            write!(formatter, "{scheme}://[{host}]:{port}")
        } else {
            write!(formatter, "{scheme}://{host}:{port}")
        }
    }
}

/// Everything that a component may connect to.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedHosts(Vec<AllowedHost>);

impl AllowedHosts {
    /// Whether a connection to `destination` is allowed.
    pub(crate) fn allows(&self, destination: &Destination) -> bool {
        self.0.iter().any(|allowed| allowed.allows(destination))
    }

    /// Whether requests to the application itself (`http://self`) are allowed.
    pub(crate) fn allows_self(&self) -> bool {
        self.0.iter().any(|allowed| {
            allowed.scheme.as_deref().is_none_or(|scheme| scheme == "http")
                && matches!(allowed.host, Host::Application | Host::Any)
        })
    }
}

impl FromIterator<AllowedHost> for AllowedHosts {
    fn from_iter<I: IntoIterator<Item = AllowedHost>>(hosts: I) -> Self {
        Self(hosts.into_iter().collect())
    }
}

/// One entry: scheme, host and port, each of which may be a wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedHost {
    /// None for any.
    scheme: Option<String>,
    host: Host,
    /// None for any.
    ports: Option<RangeInclusive<u16>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Any,
    /// `self`: the application itself.
    Application,
    /// `*.example.com`, kept as `.example.com`.
    Subdomains(String),
    Exactly(String),
    /// Addresses that share the first bits with this one.
    Network(IpAddr, u8),
}

impl AllowedHost {
    /// Parses an entry such as `https://*.example.com`, `redis://10.0.0.0/8:6379` or `*://*:*`.
    ///
    /// None for an entry that is empty after its variables were filled in: an optional endpoint
    /// that is not used.
    ///
    /// # Errors
    /// It has no scheme, has a path or user, a wildcard in the middle, or no port where the scheme
    /// has none of its own.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, String> {
        let text = text.trim();
        if matches!(text, "" | "http://" | "https://") {
            return Ok(None);
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(format!(
                "{text:?} has no scheme; entries are scheme://host:port, each may be *"
            ));
        };
        if scheme != "*" && !scheme.chars().all(|letter| letter.is_ascii_alphabetic()) {
            return Err(format!("{text:?} has a scheme that is not made of letters"));
        }
        if rest.contains('@') {
            return Err(format!("{text:?} must not have a user or password"));
        }
        let (host, ports) = split_host(rest).ok_or_else(|| {
            format!("{text:?} must be scheme://host:port, without a path, the port 1–65535 or *")
        })?;
        let ports = match ports {
            Some("*") => None,
            Some(ports) => Some(parse_ports(ports).ok_or_else(|| {
                format!("{text:?} has a port that is not a number, a range (8000..8100) or *")
            })?),
            None => {
                let port = default_port(scheme)
                    .ok_or_else(|| format!("{text:?} needs a port: the scheme has none"))?;
                Some(port..=port)
            }
        };
        Ok(Some(Self {
            scheme: (scheme != "*").then(|| scheme.to_ascii_lowercase()),
            host: Host::parse(host).ok_or_else(|| {
                format!("{text:?} has a wildcard that is not the whole host or its first part")
            })?,
            ports,
        }))
    }

    fn allows(&self, destination: &Destination) -> bool {
        self.scheme.as_ref().is_none_or(|scheme| *scheme == destination.scheme)
            && self.ports.as_ref().is_none_or(|ports| ports.contains(&destination.port))
            && self.host.allows(&destination.host)
    }
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some((address, bits)) = text.split_once('/') {
            let address: IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
            let bits: u8 = bits.parse().ok()?;
            let width = if address.is_ipv4() { 32 } else { 128 };
            return (bits <= width).then_some(Self::Network(address, bits));
        }
        let host = normal_host(text);
        Some(match host.as_str() {
            "*" => Self::Any,
            "self" => Self::Application,
            _ => match host.strip_prefix('*') {
                Some(domain) if domain.starts_with('.') && !domain.contains('*') => {
                    Self::Subdomains(domain.to_owned())
                }
                Some(_) => return None,
                None if host.contains('*') || host.is_empty() => return None,
                None => Self::Exactly(host),
            },
        })
    }

    fn allows(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Application => false,
            Self::Subdomains(domain) => host.ends_with(domain) && host.parse::<IpAddr>().is_err(),
            Self::Exactly(exactly) => exactly == host,
            Self::Network(network, bits) => match (network, host.parse()) {
                (IpAddr::V4(network), Ok(IpAddr::V4(address))) => {
                    let mask = u32::MAX.checked_shl(32 - u32::from(*bits)).unwrap_or(0);
                    (network.to_bits() ^ address.to_bits()) & mask == 0
                }
                (IpAddr::V6(network), Ok(IpAddr::V6(address))) => {
                    let mask = u128::MAX.checked_shl(128 - u32::from(*bits)).unwrap_or(0);
                    (network.to_bits() ^ address.to_bits()) & mask == 0
                }
                _ => false,
            },
        }
    }
}

/// A host in lower case, without a final dot or brackets; addresses in their one usual form.
fn normal_host(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_string(),
        Err(_) => host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase(),
    }
}

/// Splits `host:port`; none where the port is not a number.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => Some((host, Some(port.parse().ok()?))),
        _ => Some((text, None)),
    }
}

/// Splits an entry's host from its port, allowing a final slash but no path; a network
/// (`10.0.0.0/8`) counts as a host.
fn split_host(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains([']', '/']) => (host, Some(port)),
        _ => (text, None),
    };
    let is_network = host.split_once('/').is_none_or(|(_, bits)| bits.parse::<u8>().is_ok());
    (is_network && port != Some("")).then_some((host, port))
}

/// A port, or a range whose end is not part of it.
fn parse_ports(text: &str) -> Option<RangeInclusive<u16>> {
    if let Some((start, end)) = text.split_once("..") {
        let (start, end): (u16, u16) = (start.parse().ok()?, end.parse().ok()?);
        return (start < end).then(|| start..=end - 1);
    }
    let port = text.parse().ok()?;
    Some(port..=port)
}

#[cfg(test)]
mod tests {
    use super::{AllowedHost, AllowedHosts, Destination};

    fn allows(entry: &str, url: &str) -> bool {
        let entry = AllowedHost::parse(entry).unwrap();
        entry.into_iter().collect::<AllowedHosts>().allows(&Destination::parse(url).unwrap())
    }

    #[test]
    fn scheme_host_and_port_must_all_fit() {
        assert!(allows("http://127.0.0.1:3001", "http://127.0.0.1:3001/internal?x=1"));
        assert!(!allows("http://127.0.0.1:3001", "http://127.0.0.1:3002/"));
        assert!(!allows("http://127.0.0.1:3001", "https://127.0.0.1:3001/"));
        assert!(!allows("http://127.0.0.1:3001", "http://localhost:3001/"));
        assert!(allows("https://example.com", "https://EXAMPLE.com:443/a"));
        assert!(!allows("https://example.com", "https://example.com.evil.net/"));
        assert!(allows("postgres://db.local", "postgres://user:p%40ss@db.local:5432/board"));
        assert!(!allows("redis://h:6379", "redis://h:6379@evil:6379"));
    }

    #[test]
    fn each_part_may_be_a_wildcard() {
        assert!(allows("*://*:*", "redis://anything:1"));
        assert!(allows("https://*.example.com", "https://a.b.example.com/"));
        assert!(!allows("https://*.example.com", "https://example.com/"));
        assert!(!allows("https://*.example.com", "https://badexample.com/"));
        assert!(allows("http://h:8000..8010", "http://h:8009/"));
        assert!(!allows("http://h:8000..8010", "http://h:8010/"));
        assert!(allows("redis://10.0.0.0/8:*", "redis://10.1.2.3:7000"));
        assert!(!allows("redis://10.0.0.0/8:*", "redis://11.1.2.3:7000"));
        assert!(allows("http://0.0.0.0/0", "http://1.2.3.4/"));
        assert!(allows("http://[::1]:80", "http://[0:0::1]/"));
    }

    #[test]
    fn what_spin_refuses_is_refused() {
        let refused = [
            "example.com",
            "redis://h:6379/0",
            "http://user@h",
            "http://a.*.com",
            "foo://h",
            "http://h:port",
            "http://h:70000",
            "*",
        ];
        for entry in refused {
            assert!(AllowedHost::parse(entry).is_err(), "{entry}");
        }
        assert_eq!(AllowedHost::parse(""), Ok(None));
        assert_eq!(AllowedHost::parse("http://"), Ok(None));
    }

    #[test]
    fn self_is_the_application_and_nothing_else() {
        let only_self: AllowedHosts =
            AllowedHost::parse("http://self").unwrap().into_iter().collect();
        assert!(only_self.allows_self());
        assert!(!only_self.allows(&Destination::parse("http://self/").unwrap()));
        assert!(!AllowedHosts::default().allows_self());
    }
}
