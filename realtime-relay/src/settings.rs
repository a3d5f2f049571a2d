//! Everything that can be set, read once at the start.

use crate::hub::HubSettings;
use crate::mail::{MailSettings, SmtpAddress};
use crate::session::SessionSettings;
use crate::sockets::SocketLimits;
use anyhow::{Context as _, ensure};
use clap::{Parser, ValueEnum};
use http::{HeaderName, Uri};
use shared::auth::{Keys, Sealer};
use shared::http::Origins;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use stores::Authorities;
use stores::postgres::Server;
use stores::redis::Servers;
use subtle::ConstantTimeEq as _;

/// The variable that holds the secret shared with the functions.
pub const SECRET_VARIABLE: &str = "SPIN_VARIABLE_RELAY_SECRET";

/// The variables of state-of-the-art mode. They may hold passwords and secrets, so they come from the
/// environment only.
const DATABASE_VARIABLE: &str = "SPIN_VARIABLE_DATABASE_URL";
const REDIS_VARIABLE: &str = "SPIN_VARIABLE_REDIS_URL";
const JWT_VARIABLE: &str = "SPIN_VARIABLE_JWT_SECRET";
const PREVIOUS_JWT_VARIABLE: &str = "SPIN_VARIABLE_JWT_SECRET_PREVIOUS";

/// The mail server, whose address may hold a password.
const SMTP_VARIABLE: &str = "RELAY_SMTP_URL";

/// How often a board asks its source on its own: both modes compare all boards at once, and often.
const SELDOM: Duration = Duration::from_secs(600);

/// Where state-of-the-art mode's stores are, and what its tokens are checked with.
#[derive(Clone)]
pub struct Stores {
    /// PostgreSQL.
    pub database: Arc<Server>,
    /// Redis.
    pub redis: Arc<Servers>,
    /// The secrets of tokens.
    pub keys: Keys,
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Stores(…)")
    }
}

impl Stores {
    /// Both databases, or none.
    fn read(redis_ca_file: Option<&Path>) -> anyhow::Result<Option<Self>> {
        let variable = |name| std::env::var(name).unwrap_or_default();
        let (database, redis) = (variable(DATABASE_VARIABLE), variable(REDIS_VARIABLE));
        if database.is_empty() && redis.is_empty() {
            return Ok(None);
        }
        for (name, value) in [(DATABASE_VARIABLE, &database), (REDIS_VARIABLE, &redis)] {
            ensure!(
                !value.is_empty(),
                "the variable {name} is missing: state-of-the-art mode needs both databases"
            );
        }
        // No error shows an address, which may hold a password.
        let mut database = Server::parse(&database).with_context(|| {
            format!("{DATABASE_VARIABLE} must look like postgres://user:password@host:5432/name")
        })?;
        database.config_mut().application_name("realtime-relay");
        database.prepare().context(DATABASE_VARIABLE)?;
        let authorities = redis_ca_file.map(Authorities::read).transpose();
        let authorities = authorities.context("--redis-ca-file (REDIS_CA_FILE)")?;
        let redis = Servers::parse(&redis, authorities.as_ref())
            .with_context(|| format!("{REDIS_VARIABLE} must look like redis://host:6379/0"))?;
        let keys = Keys::new(&variable(JWT_VARIABLE), &variable(PREVIOUS_JWT_VARIABLE))
            .with_context(|| format!("{JWT_VARIABLE} (and {PREVIOUS_JWT_VARIABLE}, if given)"))?;
        Ok(Some(Self { database: Arc::new(database), redis: Arc::new(redis), keys }))
    }
}

/// A secret. It never prints, and comparing it takes the same time wherever it differs.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Whether this is the secret.
    #[must_use]
    pub fn is(&self, other: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(other).into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// The relay's settings: flags, or the variables named beside them.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "realtime-relay",
    version,
    about = "Pushes the events of boards to WebSocket clients and event streams.",
    after_help = "The secret shared with the functions comes only from the environment, where no \
                  process list shows it: SPIN_VARIABLE_RELAY_SECRET. It is required.\n\n\
                  State-of-the-art mode (/ws) needs SPIN_VARIABLE_DATABASE_URL, \
                  SPIN_VARIABLE_REDIS_URL and SPIN_VARIABLE_JWT_SECRET (and accepts \
                  SPIN_VARIABLE_JWT_SECRET_PREVIOUS), from the environment as well.\n\n\
                  Mails are sent through the server RELAY_SMTP_URL, from the environment as well, such as \
                  smtps://user:password@mail.example or smtp://user:password@mail.example:587.\n\n\
                  SIGTERM and SIGINT drain: /readyz turns 503, sockets close with 1012, then it ends. \
                  A second one ends it at once."
)]
pub struct Settings {
    /// Address to listen on; port 0 takes a free port and logs it
    #[arg(long, env = "RELAY_LISTEN", default_value = "127.0.0.1:3001")]
    pub listen: SocketAddr,
    /// Address that serves /metrics and nothing else, such as 127.0.0.1:3002; without it there are no
    /// metrics. Clients must not be able to reach it
    #[arg(long, env = "RELAY_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// Where the functions are, to read events from (http only)
    #[arg(long, env = "RELAY_FUNCTIONS_URL", default_value = "http://127.0.0.1:3000")]
    pub functions_url: Uri,
    /// Origins whose pages may open sockets, comma separated (besides the relay's own)
    #[arg(long, env = "SPIN_VARIABLE_CORS_ORIGINS", default_value = "", value_parser = Origins::parse)]
    pub cors_origins: Origins,
    /// Host names that it answers to, comma separated; a request for another name gets 421, one for an IP
    /// address does not. Default: every name
    #[arg(long, env = "RELAY_ALLOWED_HOSTS", value_delimiter = ',')]
    pub allowed_hosts: Vec<String>,
    /// How logs are written
    #[arg(long, env = "RELAY_LOG_FORMAT", value_enum, default_value = "human")]
    pub log_format: LogFormat,
    /// What is logged: a level, or a filter such as `info,realtime_relay=debug`
    #[arg(long, env = "RELAY_LOG", default_value = "info")]
    pub log: String,
    /// The most open WebSockets and event streams, of everybody
    #[arg(long, env = "RELAY_MAX_SOCKETS", default_value_t = 16_000)]
    pub max_sockets: usize,
    /// The most of these for guests, and for clients that have not sent their token yet: the rest is kept
    /// for users. Without accounts everybody is a guest, and may have all of them
    #[arg(long, env = "RELAY_MAX_GUEST_SOCKETS", default_value_t = 4_000)]
    pub max_guest_sockets: usize,
    /// The most of guests from one address (a whole office may share one)
    #[arg(long, env = "RELAY_MAX_SOCKETS_PER_ADDRESS", default_value_t = 1_000)]
    pub max_sockets_per_address: usize,
    /// The header whose last entry a trusted proxy writes the client's address into, such as
    /// `x-forwarded-for`; empty without a proxy: then it is the address that connects
    #[arg(long, env = "SPIN_VARIABLE_CLIENT_ADDRESS_HEADER", default_value = "")]
    pub client_address_header: String,
    /// The most WebSockets and event streams of one user
    #[arg(long, env = "RELAY_MAX_SOCKETS_PER_USER", default_value_t = 20)]
    pub max_sockets_per_user: usize,
    /// The most subscriptions of one socket
    #[arg(long, env = "RELAY_MAX_SUBSCRIPTIONS", default_value_t = 100)]
    pub max_subscriptions: usize,
    /// The most boards watched at once
    #[arg(long, env = "RELAY_MAX_BOARDS", default_value_t = 20_000)]
    pub max_boards: usize,
    /// Messages a second that a client may send
    #[arg(long, env = "RELAY_MESSAGES_PER_SECOND", default_value_t = 10)]
    pub messages_per_second: u32,
    /// Messages that a client may send at once
    #[arg(long, env = "RELAY_MESSAGE_BURST", default_value_t = 30)]
    pub message_burst: u32,
    /// Events kept in memory by board
    #[arg(long, env = "RELAY_RING_EVENTS", default_value_t = 1_000)]
    pub ring_events: usize,
    /// Bytes of events kept in memory by board
    #[arg(long, env = "RELAY_RING_BYTES", default_value_t = 8 << 20)]
    pub ring_bytes: usize,
    /// Bytes that the kernel keeps for a socket that is slow to read (it doubles this); 0 leaves
    /// it to the kernel, which may keep megabytes
    #[arg(long, env = "RELAY_SEND_BUFFER", default_value_t = 64 << 10)]
    pub send_buffer: usize,
    /// Milliseconds between two comparisons of all watched boards with the functions and PostgreSQL
    #[arg(long, env = "RELAY_CHECK_MS", default_value_t = 1_000)]
    pub check_ms: u64,
    /// Milliseconds between two checks of the tokens of all sockets, for what was changed directly in the
    /// database
    #[arg(long, env = "RELAY_TOKEN_CHECK_MS", default_value_t = 10_000)]
    pub token_check_ms: u64,
    /// Milliseconds between two updates in the database of who has a socket open (`last_seen_at`)
    #[arg(long, env = "RELAY_ATTENDANCE_MS", default_value_t = 30_000)]
    pub attendance_ms: u64,
    /// Milliseconds between two heartbeats that relays send each other about presence; a relay that misses
    /// four is dead. The same for all relays
    #[arg(long, env = "RELAY_PRESENCE_BEAT_MS", default_value_t = 2_500)]
    pub presence_beat_ms: u64,
    /// Milliseconds that a board stays in memory after its last subscriber left
    #[arg(long, env = "RELAY_LINGER_MS", default_value_t = 30_000)]
    pub linger_ms: u64,
    /// Milliseconds between two heartbeats
    #[arg(long, env = "RELAY_HEARTBEAT_MS", default_value_t = 25_000)]
    pub heartbeat_ms: u64,
    /// Milliseconds over which clients have to spread their reconnecting
    #[arg(long, env = "RELAY_RECONNECT_JITTER_MS", default_value_t = 3_000)]
    pub reconnect_jitter_ms: u64,
    /// Milliseconds between two WebSocket pings
    #[arg(long, env = "RELAY_PING_MS", default_value_t = 25_000)]
    pub ping_ms: u64,
    /// Milliseconds that the answer to a ping may take
    #[arg(long, env = "RELAY_PONG_MS", default_value_t = 10_000)]
    pub pong_ms: u64,
    /// Milliseconds that a reader may read nothing at all
    #[arg(long, env = "RELAY_DEAD_READER_MS", default_value_t = 30_000)]
    pub dead_reader_ms: u64,
    /// Milliseconds over which sockets are closed when the relay stops
    #[arg(long, env = "RELAY_DRAIN_MS", default_value_t = 1_000)]
    pub drain_ms: u64,
    /// The CA certificates (PEM) that Redis at rediss:// is verified with, instead of the system's
    #[arg(long, env = "REDIS_CA_FILE", value_name = "FILE")]
    pub redis_ca_file: Option<PathBuf>,
    /// Whether the functions ask for mails, which needs RELAY_SMTP_URL
    #[arg(long, env = "SPIN_VARIABLE_MAIL_ENABLED", default_value_t = false, action = clap::ArgAction::Set)]
    pub mail_enabled: bool,
    /// The sender of mails, such as `Board <board@example.org>`
    #[arg(long, env = "RELAY_MAIL_FROM", default_value = "")]
    pub mail_from: String,
    /// The address of the app for links in mails, such as `https://board.example`
    #[arg(long, env = "RELAY_APP_URL", default_value = "")]
    pub app_url: String,
    /// The CA certificates (PEM) that the mail server is verified with, instead of the system's
    #[arg(long, env = "RELAY_SMTP_CA_FILE", value_name = "FILE")]
    pub smtp_ca_file: Option<PathBuf>,
    /// Milliseconds between two checks for mails to send
    #[arg(long, env = "RELAY_MAIL_POLL_MS", default_value_t = 10_000)]
    pub mail_poll_ms: u64,
    /// Milliseconds after which another relay may send a mail that a relay began to send
    #[arg(long, env = "RELAY_MAIL_LEASE_MS", default_value_t = 120_000)]
    pub mail_lease_ms: u64,
    /// Milliseconds before the first retry of a mail that could not be sent
    #[arg(long, env = "RELAY_MAIL_RETRY_MS", default_value_t = 30_000)]
    pub mail_retry_ms: u64,
    /// How mails are sent, if they are
    #[arg(skip)]
    pub mail: Option<MailSettings>,
    /// State-of-the-art mode's stores, where there are any
    #[arg(skip)]
    pub stores: Option<Stores>,
    /// The secret shared with the functions
    #[arg(skip = Secret(String::new()))]
    pub secret: Secret,
}

impl Settings {
    /// Reads flags and environment; `--help` and wrong flags end the process.
    ///
    /// # Errors
    /// Names the setting that is missing or wrong.
    pub fn read() -> anyhow::Result<Self> {
        let mut settings = Self::parse();
        let secret = std::env::var(SECRET_VARIABLE).unwrap_or_default();
        ensure!(
            !secret.is_empty(),
            "the variable {SECRET_VARIABLE} is missing: set it to the secret that the functions \
             are started with (at least 16 random characters)"
        );
        settings.secret = Secret(secret);
        settings.stores = Stores::read(settings.redis_ca_file.as_deref())?;
        settings.mail = settings.read_mail()?;
        ensure!(
            settings.functions_url.scheme_str() == Some("http")
                && settings.functions_url.authority().is_some(),
            "--functions-url (RELAY_FUNCTIONS_URL) must look like http://127.0.0.1:3000"
        );
        let header = &settings.client_address_header;
        ensure!(
            header.is_empty() || HeaderName::try_from(header.as_str()).is_ok(),
            "--client-address-header (SPIN_VARIABLE_CLIENT_ADDRESS_HEADER) must be a header's name \
             such as x-forwarded-for"
        );
        for (name, milliseconds) in [
            ("--check-ms (RELAY_CHECK_MS)", settings.check_ms),
            ("--token-check-ms (RELAY_TOKEN_CHECK_MS)", settings.token_check_ms),
            ("--attendance-ms (RELAY_ATTENDANCE_MS)", settings.attendance_ms),
            ("--presence-beat-ms (RELAY_PRESENCE_BEAT_MS)", settings.presence_beat_ms),
            ("--heartbeat-ms (RELAY_HEARTBEAT_MS)", settings.heartbeat_ms),
            ("--ping-ms (RELAY_PING_MS)", settings.ping_ms),
            ("--pong-ms (RELAY_PONG_MS)", settings.pong_ms),
            ("--dead-reader-ms (RELAY_DEAD_READER_MS)", settings.dead_reader_ms),
            ("--mail-poll-ms (RELAY_MAIL_POLL_MS)", settings.mail_poll_ms),
            ("--mail-lease-ms (RELAY_MAIL_LEASE_MS)", settings.mail_lease_ms),
            ("--mail-retry-ms (RELAY_MAIL_RETRY_MS)", settings.mail_retry_ms),
        ] {
            ensure!((10..=86_400_000).contains(&milliseconds), "{name} must be 10 to 86400000");
        }
        for (name, number) in [
            ("--ring-events (RELAY_RING_EVENTS)", settings.ring_events),
            ("--max-sockets (RELAY_MAX_SOCKETS)", settings.max_sockets),
            ("--max-guest-sockets (RELAY_MAX_GUEST_SOCKETS)", settings.max_guest_sockets),
            (
                "--max-sockets-per-address (RELAY_MAX_SOCKETS_PER_ADDRESS)",
                settings.max_sockets_per_address,
            ),
            ("--message-burst (RELAY_MESSAGE_BURST)", settings.message_burst as usize),
        ] {
            ensure!(number > 0, "{name} must be at least 1");
        }
        Ok(settings)
    }

    /// How mails are sent; the functions ask for none where nobody sends them.
    fn read_mail(&self) -> anyhow::Result<Option<MailSettings>> {
        let variable = |name| std::env::var(name).unwrap_or_default();
        let address = variable(SMTP_VARIABLE);
        ensure!(
            self.mail_enabled != address.is_empty() || self.stores.is_none(),
            "{SMTP_VARIABLE} and SPIN_VARIABLE_MAIL_ENABLED=true belong together: the functions ask for mails, and \
             the relay sends them"
        );
        if address.is_empty() || self.stores.is_none() {
            return Ok(None);
        }
        // No error shows the address, which may hold a password.
        let address = SmtpAddress::parse(&address).with_context(|| {
            format!("{SMTP_VARIABLE} must look like smtps://user:password@mail.example:465")
        })?;
        let authorities = self.smtp_ca_file.as_deref().map(Authorities::read).transpose();
        let authorities = authorities.context("--smtp-ca-file (RELAY_SMTP_CA_FILE)")?;
        let sealer = Sealer::of_mails(&variable(JWT_VARIABLE), &variable(PREVIOUS_JWT_VARIABLE));
        let sealer = sealer.context(JWT_VARIABLE)?;
        let mut mail = MailSettings::new(
            &address,
            &self.mail_from,
            &self.app_url,
            sealer,
            authorities.as_ref(),
        )?;
        mail.poll = Duration::from_millis(self.mail_poll_ms);
        mail.lease = Duration::from_millis(self.mail_lease_ms);
        mail.retry = Duration::from_millis(self.mail_retry_ms);
        Ok(Some(mail))
    }

    /// Whether the secret is long enough not to be guessed.
    #[must_use]
    pub fn has_weak_secret(&self) -> bool {
        self.secret.0.len() < 16
    }

    /// The sockets' part.
    #[must_use]
    pub fn sockets(&self) -> SocketLimits {
        let has_users = self.stores.is_some();
        SocketLimits {
            all: self.max_sockets,
            guests: if has_users { self.max_guest_sockets } else { self.max_sockets },
            guests_from_one_address: self.max_sockets_per_address,
        }
    }

    /// The hub's part.
    #[must_use]
    pub fn hub(&self) -> HubSettings {
        HubSettings {
            boards: self.max_boards,
            ring_events: self.ring_events,
            ring_bytes: self.ring_bytes,
            check_interval: SELDOM,
            linger: Duration::from_millis(self.linger_ms),
        }
    }

    /// The sessions' part.
    #[must_use]
    pub fn session(&self) -> SessionSettings {
        SessionSettings {
            heartbeat: Duration::from_millis(self.heartbeat_ms),
            reconnect_jitter: Duration::from_millis(self.reconnect_jitter_ms),
            ping_interval: Duration::from_millis(self.ping_ms),
            pong_timeout: Duration::from_millis(self.pong_ms),
            dead_reader: Duration::from_millis(self.dead_reader_ms),
            subscriptions: self.max_subscriptions,
            messages_per_second: self.messages_per_second,
            message_burst: self.message_burst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_and_is_compared_whole() {
        let secret = Secret("correct horse".into());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert!(secret.is(b"correct horse"));
        for wrong in [&b""[..], b"correct hors", b"correct horsf", b"correct horse "] {
            assert!(!secret.is(wrong));
        }
    }
}
