//! How mails are sent: by which server, as whom, and where their links lead.

use anyhow::{Context as _, bail, ensure};
use http::Uri;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use shared::auth::Sealer;
use std::time::Duration;
use stores::Authorities;

/// How mails are sent. It never prints the server's address, which may hold a password.
#[derive(Clone)]
pub struct MailSettings {
    /// What hands them over.
    pub transport: AsyncSmtpTransport<Tokio1Executor>,
    /// Whom they come from.
    pub from: Mailbox,
    /// Where the app is, without a slash at the end.
    pub app_url: String,
    /// What opens their links.
    pub sealer: Sealer,
    /// How often mails are looked for without a notice of one.
    pub poll: Duration,
    /// How long one is this relay's alone.
    pub lease: Duration,
    /// How long after a first failure it is tried again.
    pub retry: Duration,
    server: String,
}

impl std::fmt::Debug for MailSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MailSettings(…)")
    }
}

impl MailSettings {
    /// By this server, from `from`, with links below `app_url`.
    ///
    /// # Errors
    /// One of them is malformed; no message repeats the server's address.
    pub fn new(
        address: &SmtpAddress,
        from: &str,
        app_url: &str,
        sealer: Sealer,
        authorities: Option<&Authorities>,
    ) -> anyhow::Result<Self> {
        let from: Mailbox = from
            .parse()
            .context("--mail-from (RELAY_MAIL_FROM) must look like Board <board@example.org>")?;
        let app_url = app_url.trim_end_matches('/').to_owned();
        let app: Option<Uri> = app_url.parse().ok();
        let app = app.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
        let host = app.as_ref().and_then(Uri::host);
        let host =
            host.context("--app-url (RELAY_APP_URL) must look like https://board.example")?;
        let transport = address.transport(host, authorities)?;
        let server = address.host.clone();
        let second = Duration::from_secs(1);
        Ok(Self {
            transport,
            from,
            app_url,
            sealer,
            poll: 10 * second,
            lease: 120 * second,
            retry: 30 * second,
            server,
        })
    }

    /// The host of the server.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The host of the app, by which mails call it.
    #[must_use]
    pub fn host(&self) -> &str {
        self.app_url.split_once("://").map_or("", |(_, host)| host)
    }

    #[cfg(test)]
    pub(super) fn for_tests(app_url: &str, from: &str) -> Self {
        let address = SmtpAddress::parse("smtp://127.0.0.1:25?tls=none").expect("an address");
        let sealer = Sealer::of_mails(&"x".repeat(32), "").expect("long enough");
        Self::new(&address, from, app_url, sealer, None).expect("settings")
    }
}

#[derive(Clone)]
pub struct SmtpAddress {
    host: String,
    encryption: Encryption,
    /// As lettre reads it.
    url: String,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Encryption {
    /// TLS from the first byte on.
    Tls,
    /// TLS after `STARTTLS`, or nothing is sent.
    StartTls,
    /// Not at all.
    Plain,
}

impl std::fmt::Debug for SmtpAddress {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SmtpAddress(…)")
    }
}

impl SmtpAddress {
    /// `smtps://user:password@host:465`, `smtp://user:password@host:587` (`STARTTLS`, or nothing is sent) or
    /// `smtp://host:25?tls=none`.
    ///
    /// # Errors
    /// It is not one of these, or would send a password unprotected. No message contains any part of it.
    pub fn parse(address: &str) -> anyhow::Result<Self> {
        let uri: Uri = address.parse().ok().context("it is not an address")?;
        let host = uri.host().filter(|host| !host.is_empty()).context("it has no host")?;
        let has_password = uri.authority().is_some_and(|it| it.as_str().contains('@'));
        ensure!(matches!(uri.path(), "" | "/"), "only ?tls=none may follow its port");
        let encryption = match (uri.scheme_str(), uri.query()) {
            (Some("smtps"), None) => Encryption::Tls,
            (Some("smtp"), None | Some("tls=required")) => Encryption::StartTls,
            (Some("smtp"), Some("tls=none")) => Encryption::Plain,
            _ => bail!(
                "it must begin with smtps:// or smtp://, and only the latter may have ?tls=none"
            ),
        };
        let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        ensure!(
            encryption != Encryption::Plain || !has_password || is_here,
            "with ?tls=none a password would be sent unprotected"
        );
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        let url = match encryption {
            Encryption::Tls => format!("smtps://{authority}"),
            Encryption::StartTls => format!("smtp://{authority}?tls=required"),
            Encryption::Plain => format!("smtp://{authority}"),
        };
        Ok(Self { host: host.to_owned(), encryption, url })
    }

    fn transport(
        &self,
        hello: &str,
        authorities: Option<&Authorities>,
    ) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
        // Its error might hold a part of the address.
        let read = AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.url).ok();
        let builder =
            read.context("it is not an address")?.hello_name(ClientId::Domain(hello.to_owned()));
        let Some(authorities) = authorities.filter(|_| self.encryption != Encryption::Plain) else {
            return Ok(builder.build());
        };
        let certificate = Certificate::from_pem(authorities.text().as_bytes())?;
        let parameters = TlsParameters::builder(self.host.clone())
            .certificate_store(CertificateStore::None)
            .add_root_certificate(certificate)
            .build()?;
        let tls = if self.encryption == Encryption::Tls { Tls::Wrapper } else { Tls::Required };
        Ok(builder.tls(tls(parameters)).build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_the_connection_is_protected() {
        for (address, encryption) in [
            ("smtps://user:p%40ss@mail.example", Encryption::Tls),
            ("smtp://user:pass@mail.example:587", Encryption::StartTls),
            ("smtp://mail.example?tls=required", Encryption::StartTls),
            ("smtp://mail.example:25?tls=none", Encryption::Plain),
            ("smtp://user:pass@127.0.0.1:25?tls=none", Encryption::Plain),
        ] {
            let parsed = SmtpAddress::parse(address).expect(address);
            assert_eq!(parsed.encryption, encryption, "{address}");
            assert!(parsed.transport("board.example", None).is_ok(), "{address}");
        }
    }

    #[test]
    fn what_would_not_protect_is_refused_and_the_address_is_not_repeated() {
        for address in [
            "",
            "mail.example",
            "http://user:hunter2@mail.example",
            "smtp://user:hunter2@mail.example?tls=none",
            "smtp://user:hunter2@mail.example?tls=opportunistic",
            "smtps://user:hunter2@mail.example?tls=none",
            "smtps://user:hunter2@mail.example/name",
        ] {
            let refusal = SmtpAddress::parse(address).expect_err(address);
            assert!(!format!("{refusal:#}").contains("hunter2"), "{refusal:#}");
        }
        let parsed = SmtpAddress::parse("smtps://user:hunter2@mail.example").expect("an address");
        assert_eq!(format!("{parsed:?}"), "SmtpAddress(…)");
    }
}
