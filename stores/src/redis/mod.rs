//! Redis: clients for an address, over TLS if it begins with `rediss://`, and the servers behind
//! it.

mod servers;

pub use self::servers::{Server, Servers, Topology};

use redis::io::tcp::TcpSettings;
use redis::{Client, ConnectionAddr, IntoConnectionInfo as _, RedisError, TlsCertificates};
use shared::data::redis_address::NotAnAddress;

use crate::trust::Authorities;

/// A fault of an address. No message contains any part of it.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It is malformed.
    #[error(transparent)]
    Malformed(#[from] RedisError),
    /// It is not one of the supported forms.
    #[error(transparent)]
    NotAnAddress(#[from] NotAnAddress),
    /// It requests a TLS mode that does not protect.
    #[error(
        "#insecure is not supported: the server has to present a certificate for the host's name"
    )]
    Insecure,
}

/// A client of the server at `address`, such as `redis://user:password@host:6379/0`; over TLS it
/// trusts `authorities`, or the system's if there are none.
///
/// # Errors
/// If it is malformed, or requests an unsupported option.
pub fn client(address: &str, authorities: Option<&Authorities>) -> Result<Client, AddressError> {
    // A command must be sent at once, without waiting for the acknowledgement of the previous one.
    let tcp = TcpSettings::default().set_nodelay(true);
    let info = address.into_connection_info()?.set_tcp_settings(tcp);
    let root_cert = match (info.addr(), authorities) {
        (ConnectionAddr::TcpTls { insecure: true, .. }, _) => return Err(AddressError::Insecure),
        (ConnectionAddr::TcpTls { .. }, Some(authorities)) => {
            authorities.text().as_bytes().to_vec()
        }
        _ => return Ok(Client::open(info)?),
    };
    let certificates = TlsCertificates { client_tls: None, root_cert: Some(root_cert) };
    Ok(Client::build_with_tls(info, certificates)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_whether_the_server_has_to_prove_who_it_is() {
        let is_secure = |address| {
            let client = client(address, None).expect(address);
            matches!(client.get_connection_info().addr(), ConnectionAddr::TcpTls { .. })
        };
        assert!(is_secure("rediss://ada:secret@h:6380/0"));
        assert!(!is_secure("redis://h"));
    }

    #[test]
    fn what_would_not_protect_is_refused_and_the_address_is_not_repeated() {
        for address in ["rediss://:hunter2@h/0#insecure", "rediss://:hunter2@h:port", "hunter2"] {
            let refusal = client(address, None).expect_err(address).to_string();
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }
}
