//! PostgreSQL: addresses with their TLS settings, and connections.

use std::path::PathBuf;
use std::sync::OnceLock;

use percent_encoding::percent_decode_str;
use rustls::RootCertStore;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{CancelToken, Client, Config, Connection, Error, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::trust::{self, Authorities, Trust, TrustError};

/// The task that transfers a connection's data; it ends with the client.
pub type Driver = Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A server, and how to connect to it. It never prints its address, which may contain a password.
pub struct Server {
    config: Config,
    /// None for a plain connection.
    trust: Option<Trust>,
    connector: OnceLock<MakeRustlsConnect>,
}

/// A fault of an address. No message contains any part of it.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It is malformed.
    #[error(transparent)]
    Malformed(#[from] Error),
    /// It requests a TLS mode that does not protect.
    #[error(
        "sslmode must be disable, require or verify-full (the last two are the same: the server \
         has to present a certificate for the host's name)"
    )]
    Mode,
    /// It names authorities, but does not verify certificates.
    #[error("sslrootcert needs sslmode=verify-full")]
    UnusedRoots,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// There are no authorities to trust.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The server cannot be reached, is not the expected one, or refuses.
    #[error(transparent)]
    Postgres(#[from] Error),
}

impl Server {
    /// Parses an address: a URL, or `host=… dbname=…`. Of `sslmode` it accepts `disable`, `prefer`
    /// (which guarantees nothing, so there is no TLS, as without the option), `require` and
    /// `verify-full`; of `sslrootcert` a file, or `system`, only in URLs.
    ///
    /// # Errors
    /// If it is malformed, or requests an unsupported option.
    pub fn parse(address: &str) -> Result<Self, AddressError> {
        let (rest, options) = TlsOptions::take(address);
        let mut config: Config = rest.parse()?;
        let secure = match options.mode.as_deref() {
            None => config.get_ssl_mode() == SslMode::Require,
            Some("disable" | "prefer") => false,
            Some("require" | "verify-full") => true,
            Some(_) => return Err(AddressError::Mode),
        };
        let trust = match options.roots.as_deref() {
            Some(_) if !secure => return Err(AddressError::UnusedRoots),
            None | Some("system") => Trust::System,
            Some(file) => Trust::File(PathBuf::from(file)),
        };
        config.ssl_mode(if secure { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, trust: secure.then_some(trust), connector: OnceLock::new() })
    }

    /// The address's settings except TLS.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The same, for changes before connecting.
    pub fn config_mut(&mut self) -> &mut Config {
        &mut self.config
    }

    /// Trusts these authorities instead of those that the address names, if it requests TLS.
    pub fn trust(&mut self, authorities: Authorities) {
        self.trust = self.trust.take().map(|_| Trust::These(authorities));
    }

    /// The trusted authorities, for programs that connect by themselves; none for a plain
    /// connection.
    ///
    /// # Errors
    /// If there are no authorities.
    pub fn authorities(&self) -> Result<Option<Authorities>, TrustError> {
        self.trust.as_ref().map(Trust::authorities).transpose()
    }

    /// Reads the trusted authorities, once; otherwise the first connection would do it.
    ///
    /// # Errors
    /// If there are no authorities.
    pub fn prepare(&self) -> Result<(), TrustError> {
        self.connector().map(drop)
    }

    fn connector(&self) -> Result<MakeRustlsConnect, TrustError> {
        if let Some(connector) = self.connector.get() {
            return Ok(connector.clone());
        }
        let client = match &self.trust {
            Some(trust) => trust.client()?,
            None => trust::client(RootCertStore::empty()),
        };
        Ok(self.connector.get_or_init(|| MakeRustlsConnect::new(client)).clone())
    }

    /// Connects and logs in without a time limit: the configuration's connect timeout covers only
    /// TCP.
    ///
    /// # Errors
    /// If the server cannot be reached, is not the expected one, or refuses.
    pub async fn connect(&self) -> Result<(Client, Driver), ConnectError> {
        Ok(self.config.connect(self.connector()?).await?)
    }

    /// Asks the server to cancel the statement running on a connection.
    ///
    /// # Errors
    /// If it cannot be reached.
    pub async fn cancel(&self, token: CancelToken) -> Result<(), ConnectError> {
        Ok(token.cancel_query(self.connector()?).await?)
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Server(…)")
    }
}

/// A URL's TLS options.
#[derive(Default)]
struct TlsOptions {
    mode: Option<String>,
    roots: Option<String>,
}

impl TlsOptions {
    /// Removes them from a URL; everything else is unchanged.
    fn take(address: &str) -> (String, Self) {
        let mut options = Self::default();
        // A password may contain a question mark, as in the library that parses the rest.
        let after_user = address.find('@').map_or(0, |at| at + 1);
        let Some(question) = address[after_user..].find('?').map(|at| at + after_user) else {
            return (address.to_owned(), options);
        };
        if !address.starts_with("postgres://") && !address.starts_with("postgresql://") {
            return (address.to_owned(), options);
        }
        let mut rest = address[..question].to_owned();
        let mut separator = '?';
        for pair in address[question + 1..].split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let option = match name {
                "sslmode" => &mut options.mode,
                "sslrootcert" => &mut options.roots,
                _ => {
                    rest.push(separator);
                    rest.push_str(pair);
                    separator = '&';
                    continue;
                }
            };
            *option = Some(percent_decode_str(value).decode_utf8_lossy().into_owned());
        }
        (rest, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust_of(address: &str) -> Result<Option<Trust>, String> {
        Server::parse(address).map(|server| server.trust).map_err(|error| error.to_string())
    }

    #[test]
    fn an_address_says_whether_the_server_has_to_prove_who_it_is_and_to_whom() {
        for plain in [
            "postgres://h",
            "postgres://u:p@h/d?sslmode=disable",
            "postgres://h?sslmode=prefer",
            "host=h",
            "host=h sslmode=disable",
        ] {
            assert_eq!(trust_of(plain), Ok(None), "{plain}");
        }
        for system in [
            "postgres://u:p@h/d?sslmode=require",
            "postgresql://h?application_name=a&sslmode=verify-full&connect_timeout=3",
            "postgres://u:a?b@h/d?sslrootcert=system&sslmode=require",
            "host=h sslmode=require",
        ] {
            assert_eq!(trust_of(system), Ok(Some(Trust::System)), "{system}");
        }
        let file = trust_of("postgres://h/d?sslmode=verify-full&sslrootcert=/a%20b/ca.pem");
        assert_eq!(file, Ok(Some(Trust::File("/a b/ca.pem".into()))));
    }

    #[test]
    fn other_options_stay_with_the_address() {
        let address = "postgres://u:a?b@h:6/d?connect_timeout=3&sslmode=require&keepalives=0";
        let server = Server::parse(address).expect("an address");
        let config = server.config();
        assert_eq!(config.get_connect_timeout().map(std::time::Duration::as_secs), Some(3));
        assert!(!config.get_keepalives());
        assert_eq!((config.get_password(), config.get_ports()), (Some(&b"a?b"[..]), &[6][..]));
        assert_eq!(config.get_ssl_mode(), SslMode::Require);
    }

    #[test]
    fn what_would_not_protect_is_refused_and_the_address_is_not_repeated() {
        for (address, reason) in [
            ("postgres://u:hunter2@h/d?sslmode=verify-ca", "sslmode must be"),
            ("postgres://u:hunter2@h/d?sslmode=allow", "sslmode must be"),
            ("postgres://u:hunter2@h/d?sslrootcert=/ca.pem", "sslrootcert needs"),
            ("postgres://u:hunter2@h/d?sslmode=disable&sslrootcert=/ca.pem", "sslrootcert needs"),
            ("postgres://u:hunter2@h:port/d", "invalid"),
        ] {
            let refusal = trust_of(address).expect_err(address);
            assert!(refusal.contains(reason) && !refusal.contains("hunter2"), "{refusal}");
        }
    }
}
