//! Addresses of PostgreSQL servers, and whether a component may connect to them.

use std::time::Duration;

use stores::describe;
use stores::postgres::Server;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::bindings::spin::postgres::postgres::Error;
use crate::factors::allowed_hosts::{AllowedHosts, Destination};

/// How long opening a TCP connection may take where the address does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Parses an address in either form (`postgres://…` or `host=… dbname=…`) and checks every host
/// in it.
///
/// # Errors
/// It is malformed, or names a host that is not allowed; the messages are Spin's.
pub(super) fn parse(address: &str, allowed: &AllowedHosts) -> Result<Server, Error> {
    let mut server =
        Server::parse(address).map_err(|error| Error::ConnectionFailed(describe(&error)))?;
    let config = server.config_mut();
    for (index, host) in config.get_hosts().iter().enumerate() {
        let Host::Tcp(host) = host else {
            let message = "Unix sockets are not supported on WebAssembly";
            return Err(Error::ConnectionFailed(message.to_owned()));
        };
        check(host, port(config, index), allowed)?;
    }
    // An address in numbers is where the connection really goes, whatever the name beside it.
    for (index, address) in config.get_hostaddrs().iter().enumerate() {
        check(&address.to_string(), port(config, index), allowed)?;
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    Ok(server)
}

/// The port of a host: its own, or the only one; none where the address names none.
fn port(config: &Config, index: usize) -> Option<u16> {
    let ports = config.get_ports();
    ports.get(index).or_else(|| ports.first().filter(|_| ports.len() == 1)).copied()
}

fn check(host: &str, port: Option<u16>, allowed: &AllowedHosts) -> Result<(), Error> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let url = format!("postgres://{host}{port}");
    match Destination::parse(&url) {
        Ok(destination) if allowed.allows(&destination) => Ok(()),
        _ => Err(Error::ConnectionFailed(format!("address {url} is not permitted"))),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::bindings::spin::postgres::postgres::Error;
    use crate::factors::allowed_hosts::{AllowedHost, AllowedHosts};

    fn refusal(address: &str) -> Option<String> {
        let allowed = ["postgres://db", "postgres://10.0.0.1:6000", "postgres://[::1]"];
        let allowed: AllowedHosts = allowed
            .into_iter()
            .map(|host| AllowedHost::parse(host).expect("an entry").expect("one that is used"))
            .collect();
        match parse(address, &allowed) {
            Ok(_) => None,
            Err(Error::ConnectionFailed(message)) => Some(message),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn allowed_hosts_pass_in_both_forms_of_an_address() {
        for address in [
            "postgres://user:secret@db/name",
            "postgresql://db:5432",
            "host=db user=me dbname=name",
            "host=db,10.0.0.1 port=5432,6000",
            "host=10.0.0.1 port=6000",
            "host=::1",
        ] {
            assert_eq!(refusal(address), None, "{address}");
        }
    }

    #[test]
    fn each_host_of_an_address_is_checked() {
        for (address, refused) in [
            ("postgres://evil/name", "postgres://evil:5432"),
            ("postgres://db:5433/name", "postgres://db:5433"),
            ("host=db,evil", "postgres://evil"),
            ("host=db port=6000", "postgres://db:6000"),
            ("host=db hostaddr=10.0.0.2", "postgres://10.0.0.2"),
            ("hostaddr=::2 port=1", "postgres://[::2]:1"),
        ] {
            let expected = format!("address {refused} is not permitted");
            assert_eq!(refusal(address).as_deref(), Some(&*expected), "{address}");
        }
    }

    #[test]
    fn sockets_and_nonsense_are_refused_without_showing_the_address() {
        assert!(refusal("host=/run/postgresql").is_some_and(|reason| reason.contains("Unix")));
        let refused = refusal("postgres://user:secret@db:port/name");
        assert!(refused.is_some_and(|reason| !reason.contains("secret")));
    }
}
