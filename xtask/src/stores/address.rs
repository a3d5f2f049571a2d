//! The address of a store: just what `allowed_outbound_hosts` needs of a URL.

use anyhow::{Context, Result, bail};

/// A kind of store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Store {
    Database,
    Redis,
}

impl Store {
    /// The variable with its URL.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Database => "DATABASE_URL",
            Self::Redis => "REDIS_URL",
        }
    }

    fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::Database => &["postgres", "postgresql"],
            Self::Redis => &["redis", "rediss"],
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Database => 5432,
            Self::Redis => 6379,
        }
    }
}

/// A store's address. It is never printed completely: the URL may contain a password.
#[derive(Clone)]
pub(crate) struct Address {
    url: String,
    host: String,
}

impl Address {
    /// Reads a URL; `name` names it in errors, which do not repeat it.
    ///
    /// # Errors
    /// If it is not a URL of this store with one host.
    pub(crate) fn parse(store: Store, name: &str, url: &str) -> Result<Self> {
        let form = match store {
            Store::Database => "postgres://USER:PASSWORD@HOST:PORT/DATABASE",
            Store::Redis => "redis://:PASSWORD@HOST:PORT/0",
        };
        let wrong = || format!("{name} does not have the form {form}");
        let (scheme, rest) = url.trim().split_once("://").with_context(wrong)?;
        if !store.schemes().contains(&scheme) {
            bail!(wrong());
        }
        // Spin accepts only PostgreSQL's short scheme.
        let scheme = if scheme == "postgresql" { "postgres" } else { scheme };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        let (host, port) = split_port(place).with_context(wrong)?;
        if host.is_empty() || host.contains(',') {
            bail!("{}: one host, no socket and no list", wrong());
        }
        let port = port.unwrap_or(store.port());
        Ok(Self { url: format!("{scheme}://{rest}"), host: format!("{scheme}://{host}:{port}") })
    }

    /// The whole URL, including the password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Scheme, host and port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.host.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default()
    }

    /// The password, if the URL has one.
    pub(crate) fn password(&self) -> Option<&str> {
        let (_, rest) = self.url.split_once("://")?;
        let (user, _) = rest.split(['/', '?', '#']).next()?.rsplit_once('@')?;
        user.split_once(':').map(|(_, password)| password)
    }
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`; none for anything else.
fn split_port(place: &str) -> Option<(&str, Option<u16>)> {
    let end_of_host = place.rfind(']').map_or(0, |end| end + 1);
    match place[end_of_host..].split_once(':') {
        Some((before, port)) => {
            Some((&place[..end_of_host + before.len()], Some(port.parse().ok()?)))
        }
        None => Some((place, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(store: Store, url: &str) -> Result<String> {
        Address::parse(store, "THE_URL", url).map(|address| address.host().to_owned())
    }

    #[test]
    fn a_host_is_scheme_host_and_port_and_nothing_else() {
        let of = |url| host(Store::Database, url).unwrap();
        assert_eq!(
            of("postgres://u:p@db.example:6000/taskboard?x=1"),
            "postgres://db.example:6000"
        );
        assert_eq!(of("postgres://u:p%40@db.example/taskboard"), "postgres://db.example:5432");
        assert_eq!(of("postgres://u@[::1]/taskboard"), "postgres://[::1]:5432");
        assert_eq!(of("postgres://[::1]:7"), "postgres://[::1]:7");
        let of = |url| host(Store::Redis, url).unwrap();
        assert_eq!(of("redis://cache"), "redis://cache:6379");
        assert_eq!(of("rediss://:p@cache:1/0"), "rediss://cache:1");
    }

    #[test]
    fn the_long_name_of_postgresql_becomes_the_short_one() {
        let address = Address::parse(Store::Database, "X", "postgresql://u:p@h/d").unwrap();
        assert_eq!((address.url(), address.host()), ("postgres://u:p@h/d", "postgres://h:5432"));
        assert_eq!((address.password(), address.port()), (Some("p"), 5432));
    }

    #[test]
    fn what_is_no_url_of_the_store_is_refused_and_not_repeated() {
        for url in [
            "hunter2",
            "mysql://u:hunter2@h",
            "postgres://u:hunter2@h:port",
            "postgres:///d",
            "postgres://u:hunter2@a,b/d",
            "host=h password=hunter2",
        ] {
            let error = host(Store::Database, url).unwrap_err().to_string();
            assert!(error.contains("THE_URL") && !error.contains("hunter2"), "{error}");
        }
        assert!(host(Store::Redis, "postgres://h").is_err());
    }
}
