//! The certificate authorities that servers are verified with: the system's, or a given one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// Authorities' certificates (PEM), at least one.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Authorities(String);

/// The trusted authorities.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Trust {
    /// The system's, or those that `SSL_CERT_FILE` names.
    System,
    /// Only those in this file.
    File(PathBuf),
    /// Only these.
    These(Authorities),
}

/// Why there are no trusted authorities.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The system has no authorities.
    #[error("this system has no CA certificates: install ca-certificates, or name a CA file")]
    NoSystem,
    /// The file cannot be read.
    #[error("the CA file {} cannot be read: {error}", file.display())]
    Unreadable {
        /// Which one.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file contains no certificate.
    #[error("the CA file {} contains no certificate in PEM format", .0.display())]
    Empty(PathBuf),
}

impl Authorities {
    /// Reads those in a file.
    ///
    /// # Errors
    /// If it cannot be read, or contains none.
    pub fn read(file: &Path) -> Result<Self, TrustError> {
        let unreadable = |error| TrustError::Unreadable { file: file.to_owned(), error };
        // Reading a pipe or a device might never end.
        if !fs::metadata(file).map_err(unreadable)?.is_file() {
            return Err(unreadable(io::Error::other("it is not a file")));
        }
        let text = fs::read_to_string(file).map_err(unreadable)?;
        Self::parse(text).ok_or_else(|| TrustError::Empty(file.to_owned()))
    }

    /// Those in a text; none if it contains none.
    #[must_use]
    pub fn parse(text: String) -> Option<Self> {
        roots(&text).map(|_| Self(text))
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Trust {
    /// The authorities' certificates.
    ///
    /// # Errors
    /// If there are none.
    pub(crate) fn authorities(&self) -> Result<Authorities, TrustError> {
        match self {
            // Unreadable ones are skipped, as when we connect ourselves.
            Self::System => {
                let found = rustls_native_certs::load_native_certs().certs;
                let mut readable = RootCertStore::empty();
                let usable = found.into_iter().filter(|it| readable.add(it.clone()).is_ok());
                let text = pem(&usable.collect::<Vec<_>>());
                Authorities::parse(text).ok_or(TrustError::NoSystem)
            }
            Self::File(file) => Authorities::read(file),
            Self::These(authorities) => Ok(authorities.clone()),
        }
    }

    /// The TLS configuration of clients for servers with certificates from these authorities for
    /// the server's name.
    ///
    /// # Errors
    /// If there are none.
    pub(crate) fn client(&self) -> Result<ClientConfig, TrustError> {
        let roots = roots(self.authorities()?.text());
        roots.map(client).ok_or(TrustError::NoSystem)
    }
}

/// Certificates in PEM form.
fn pem(certificates: &[CertificateDer<'_>]) -> String {
    let mut text = String::new();
    for certificate in certificates {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        for (place, letter) in BASE64_STANDARD.encode(certificate).chars().enumerate() {
            // OpenSSL does not read longer lines.
            if place > 0 && place % 64 == 0 {
                text.push('\n');
            }
            text.push(letter);
        }
        text.push_str("\n-----END CERTIFICATE-----\n");
    }
    text
}

fn roots(text: &str) -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        roots.add(certificate.ok()?).ok()?;
    }
    Some(roots).filter(|roots| !roots.is_empty())
}

/// A TLS client that trusts these authorities.
pub(crate) fn client(roots: RootCertStore) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider supports both versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    // PostgreSQL requires its protocol name if TLS comes first (`sslnegotiation=direct`).
    client.alpn_protocols = vec![b"postgresql".to_vec()];
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_certificate_is_refused_by_its_name() {
        let folder = std::env::temp_dir().join(format!("stores-trust-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("ca.pem");
        let refusal = || Authorities::read(&file).expect_err("no authority").to_string();
        assert!(refusal().contains("ca.pem cannot be read"), "{}", refusal());
        for text in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            fs::write(&file, text).expect("written");
            assert!(refusal().ends_with("ca.pem contains no certificate in PEM format"), "{text}");
        }
        fs::remove_dir_all(&folder).expect("removed");
        let device = Authorities::read(Path::new("/dev/zero")).expect_err("no file").to_string();
        assert!(device.contains("it is not a file"), "{device}");
    }
}
