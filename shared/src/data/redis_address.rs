//! What `redis_url` says: one server, several of a cluster, or the sentinels that know the server.

use std::fmt;

/// An address such as
///
/// - `redis://user:password@host:6379/0`: a server, or any node of a cluster;
/// - `redis://user:password@a:6379,b:6379/0`: nodes of a cluster, any of which knows all the others;
/// - `redis+sentinel://user:password@a:26379,b:26379/0?master=NAME`: sentinels, of which any that answers
///   says where the primary NAME is.
///
/// Each with `rediss` for TLS. It never prints: it may hold a password.
#[derive(Clone)]
pub struct RedisAddress {
    /// `redis` or `rediss`, for the caller to interpret.
    scheme: String,
    /// `user:password@`, or nothing.
    login: String,
    hosts: Vec<String>,
    /// The database and what else follows, such as `/0`.
    rest: String,
    /// The name that sentinels know the primary by.
    primary: Option<String>,
}

/// A text that is no such address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotAnAddress {
    /// There is no scheme, or a host is empty.
    #[error("it does not have the form redis://user:password@host:6379/0")]
    Malformed,
    /// It names sentinels, and not whom they are to be asked for.
    #[error("redis+sentinel:// needs the primary's name, as ?master=NAME")]
    NoPrimary,
}

impl RedisAddress {
    /// Reads one.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let (scheme, place) = text.split_once("://").ok_or(NotAnAddress::Malformed)?;
        let (scheme, has_sentinels) = match scheme.strip_suffix("+sentinel") {
            Some(scheme) => (scheme, true),
            None => (scheme, false),
        };
        let end = place.find(['/', '?', '#']).unwrap_or(place.len());
        let (authority, rest) = place.split_at(end);
        let (login, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        let hosts: Vec<String> = hosts.split(',').map(str::to_owned).collect();
        if hosts.iter().any(String::is_empty) {
            return Err(NotAnAddress::Malformed);
        }
        let (rest, primary) =
            if has_sentinels { split_primary(rest)? } else { (rest.into(), None) };
        Ok(Self { scheme: scheme.into(), login: login.into(), hosts, rest, primary })
    }

    /// The hosts, with their ports where they have any.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// The name by which the hosts, which are sentinels, know the primary.
    #[must_use]
    pub fn primary(&self) -> Option<&str> {
        self.primary.as_deref()
    }

    /// The address of one server (`host:port`), for the same user.
    #[must_use]
    pub fn of_server(&self, host: &str) -> String {
        let Self { scheme, login, rest, .. } = self;
        format!("{scheme}://{login}{host}{rest}")
    }

    /// The address of a sentinel (`host:port`): they have no databases, and mostly no users. With `login`
    /// for the user of the servers.
    #[must_use]
    pub fn of_sentinel(&self, host: &str, login: bool) -> String {
        let login = if login { &*self.login } else { "" };
        format!("{}://{login}{host}", self.scheme)
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RedisAddress(…)")
    }
}

/// Takes `master=NAME` out of what follows the hosts.
fn split_primary(rest: &str) -> Result<(String, Option<String>), NotAnAddress> {
    let (path, query) = rest.split_once('?').ok_or(NotAnAddress::NoPrimary)?;
    let (primary, others): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|pair| pair.starts_with("master="));
    let name = primary.first().and_then(|pair| pair.strip_prefix("master="));
    let name = name.filter(|name| !name.is_empty()).ok_or(NotAnAddress::NoPrimary)?;
    let separator = if others.is_empty() { "" } else { "?" };
    Ok((format!("{path}{separator}{}", others.join("&")), Some(name.to_owned())))
}

/// A host and a port as one text; addresses of IPv6 in brackets.
#[must_use]
pub fn host_and_port(host: &str, port: u64) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_of_an_address_has_the_same_user_and_database() {
        for text in
            ["redis://h", "rediss://ada:p%40ss@h:7000/3", "redis://[::1]:7000/0?protocol=resp3"]
        {
            let address = RedisAddress::parse(text).expect(text);
            assert_eq!(address.of_server(&address.hosts()[0]), text);
            assert_eq!((address.hosts().len(), address.primary()), (1, None));
        }
        let address = RedisAddress::parse("rediss://:p@a:1,b:2/0").expect("several");
        assert_eq!(address.hosts(), ["a:1", "b:2"]);
        assert_eq!(address.of_server("10.0.0.7:3"), "rediss://:p@10.0.0.7:3/0");
    }

    #[test]
    fn sentinels_are_asked_for_a_primary_by_its_name() {
        let text = "rediss+sentinel://u:p@a:26379,b:26379/2?master=board&protocol=resp3";
        let address = RedisAddress::parse(text).expect("sentinels");
        assert_eq!(address.primary(), Some("board"));
        assert_eq!(address.of_server("c:6379"), "rediss://u:p@c:6379/2?protocol=resp3");
        assert_eq!(address.of_sentinel("a:26379", false), "rediss://a:26379");
        assert_eq!(address.of_sentinel("a:26379", true), "rediss://u:p@a:26379");
        for text in ["redis+sentinel://a/0", "redis+sentinel://a?x=y", "redis+sentinel://a?master="]
        {
            assert_eq!(RedisAddress::parse(text).err(), Some(NotAnAddress::NoPrimary), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_none_is_refused_and_never_printed() {
        for text in ["", "hunter2", "redis://", "redis://a,,b", "redis://u:p@"] {
            assert_eq!(RedisAddress::parse(text).err(), Some(NotAnAddress::Malformed), "{text}");
        }
        let address = RedisAddress::parse("redis://:hunter2@h").expect("an address");
        assert!(!format!("{address:?}").contains("hunter2"));
        assert_eq!(host_and_port("::1", 7), "[::1]:7");
    }
}
