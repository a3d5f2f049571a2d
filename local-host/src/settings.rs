//! The settings of this program, from its flags and its environment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::factors::postgres::Sessions;
use crate::factors::redis::Fault;
use crate::secret::Secret;

/// Runs a Spin application (HTTP components of WASI 0.3 and 0.2) from its spin.toml.
#[derive(Debug, Parser)]
#[command(version, about, args_override_self = true)]
pub(crate) struct Settings {
    /// The manifest.
    #[arg(short = 'f', long, value_name = "FILE", default_value = "spin.toml")]
    pub(crate) from: PathBuf,

    /// Runs this component and its routes only (may be given more than once), as `spin up` does.
    /// Without: all.
    #[arg(long = "component-id", value_name = "ID")]
    pub(crate) component_ids: Vec<String>,

    /// The address to listen on; port 0 takes a free one, which the log then names.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,

    /// Address that answers /metrics, and nothing else; without one there are none. Clients must not
    /// reach it: such as 127.0.0.1:3003.
    #[arg(long, value_name = "ADDRESS", env = "LOCAL_HOST_METRICS_LISTEN")]
    pub(crate) metrics_listen: Option<SocketAddr>,

    /// Names under which it may be asked, comma separated; a request for another one is 421, one for an
    /// address is not. Without: every name.
    #[arg(long, value_name = "NAME", value_delimiter = ',', env = "LOCAL_HOST_ALLOWED_HOSTS")]
    pub(crate) allowed_hosts: Vec<String>,

    /// A runtime configuration: key-value stores, variable providers, connections of guests.
    #[arg(long, value_name = "FILE")]
    pub(crate) runtime_config_file: Option<PathBuf>,

    /// Gives a variable of the application its value, before every other source of values.
    #[arg(long = "variable", value_name = "NAME=VALUE", value_parser = parse_variable)]
    pub(crate) variables: Vec<(String, Secret)>,

    /// How log lines are written (to standard error).
    #[arg(long, value_name = "FORMAT", default_value = "human", env = "LOCAL_HOST_LOG_FORMAT")]
    pub(crate) log_format: LogFormat,

    /// What is logged: a tracing filter such as `info` or `local_host=debug`. What PostgreSQL remarks
    /// on statements is left out: it quotes what users typed.
    #[arg(
        long,
        value_name = "FILTER",
        default_value = "info,tokio_postgres=warn",
        env = "LOCAL_HOST_LOG"
    )]
    pub(crate) log: String,

    /// Where compiled components are kept, so that the next start is quick.
    #[arg(long, value_name = "FOLDER", default_value_os_t = default_cache_directory())]
    pub(crate) cache_dir: PathBuf,

    /// Certificates (PEM) that outbound https trusts besides those of the public authorities.
    #[arg(long, value_name = "FILE", env = "SSL_CERT_FILE")]
    pub(crate) tls_ca_file: Option<PathBuf>,

    /// The CA certificates (PEM) that Redis at rediss:// is verified with, instead of the system's.
    #[arg(long, value_name = "FILE", env = "REDIS_CA_FILE")]
    pub(crate) redis_ca_file: Option<PathBuf>,

    /// Who has the sessions of connections to PostgreSQL. `shared`: perhaps another client after each
    /// transaction, as behind PgBouncer in transaction mode, so nothing is kept in them. `own`: this
    /// connection alone, so statements are prepared once in each.
    #[arg(
        long,
        value_name = "WHOSE",
        default_value = "shared",
        env = "LOCAL_HOST_POSTGRES_SESSIONS"
    )]
    pub(crate) postgres_sessions: Sessions,

    /// Time that a request may take until its answer begins; then 504.
    #[arg(long, value_name = "MILLISECONDS", default_value = "30000", value_parser = milliseconds)]
    pub(crate) request_timeout_ms: Duration,

    /// Time that an instance may go on working after its last answer began, for example to send it.
    #[arg(long, value_name = "MILLISECONDS", default_value = "30000", value_parser = milliseconds)]
    pub(crate) post_return_timeout_ms: Duration,

    /// Time that a client may take to send the head of a request; then its connection is closed, as
    /// is one that is idle for this long.
    #[arg(long, value_name = "MILLISECONDS", default_value = "60000", value_parser = milliseconds)]
    pub(crate) head_timeout_ms: Duration,

    /// Time that a client may take to send the body of a request, plus a second for each 16 kB of
    /// Content-Length; then 408.
    #[arg(long, value_name = "MILLISECONDS", default_value = "60000", value_parser = milliseconds)]
    pub(crate) body_timeout_ms: Duration,

    /// Time that a request may wait for its turn when all are taken; then 503.
    #[arg(long, value_name = "MILLISECONDS", default_value = "5000", value_parser = milliseconds)]
    pub(crate) queue_timeout_ms: Duration,

    /// Time that running requests have to end after SIGINT or SIGTERM.
    #[arg(long, value_name = "MILLISECONDS", default_value = "10000", value_parser = milliseconds)]
    pub(crate) shutdown_timeout_ms: Duration,

    /// The largest head of a request: its first line and its headers, of which there may be 100;
    /// more is 431.
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024)]
    pub(crate) max_head_bytes: usize,

    /// The largest request body; more is 413.
    #[arg(long, value_name = "BYTES", default_value_t = 10 * 1024 * 1024)]
    pub(crate) max_body_bytes: u64,

    /// The most memory of one instance.
    #[arg(long, value_name = "BYTES", default_value_t = 128 * 1024 * 1024)]
    pub(crate) max_memory_bytes: usize,

    /// The most that one key-value store holds, keys and values together.
    #[arg(long, value_name = "BYTES", default_value_t = 512 * 1024 * 1024)]
    pub(crate) max_store_bytes: usize,

    /// The most requests that run at once.
    #[arg(long, value_name = "COUNT", default_value_t = 512, value_parser = count())]
    pub(crate) max_requests: u32,

    /// The most of these from one IPv4 address or one IPv6 network (/64); further requests from it wait
    /// for their turn. 0 for no limit: behind a proxy all come from its address.
    #[arg(long, value_name = "COUNT", default_value_t = 128)]
    pub(crate) max_requests_per_address: u32,

    /// The most connections open at once; for a new one, the one that has waited longest for its client
    /// is closed.
    #[arg(long, value_name = "COUNT", default_value_t = 8192, value_parser = count())]
    pub(crate) max_connections: u32,

    /// The same for the connections of one IPv4 address or one IPv6 network (/64). 0 for no limit:
    /// behind a proxy all come from its address.
    #[arg(long, value_name = "COUNT", default_value_t = 1024)]
    pub(crate) max_connections_per_address: u32,

    /// The most bytes of bodies in memory at once: of incoming requests, and of answers that wait for
    /// their clients. Beyond that, connections are closed in the same way.
    #[arg(long, value_name = "BYTES", default_value_t = 256 * 1024 * 1024)]
    pub(crate) max_buffered_bytes: usize,

    /// The most requests that one instance answers in its life.
    #[arg(long, value_name = "COUNT", default_value_t = 1024, value_parser = count())]
    pub(crate) max_instance_requests: u32,

    /// The most requests that one instance answers at once, while all of them wait for I/O.
    #[arg(long, value_name = "COUNT", default_value_t = 16, value_parser = count())]
    pub(crate) max_instance_concurrency: u32,

    /// Time after which an instance without requests is dropped.
    #[arg(long, value_name = "MILLISECONDS", default_value = "1000", value_parser = milliseconds)]
    pub(crate) idle_instance_timeout_ms: Duration,

    /// For tests only: kills guests at a Redis command, by chance. `before:0.2:EVALSHA` ends one
    /// guest in five that is about to send that command, `after:…` one that was about to receive
    /// the answer; `before:1:EVALSHA 3f5a` means those whose first argument is `3f5a`. Several are
    /// separated by commas.
    #[arg(
        long,
        value_name = "WHEN:CHANCE:COMMAND",
        value_delimiter = ',',
        env = "LOCAL_HOST_INJECT_FAULT"
    )]
    pub(crate) inject_fault: Vec<Fault>,

    /// The seed of the chance of those faults.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, env = "LOCAL_HOST_INJECT_FAULT_SEED")]
    pub(crate) inject_fault_seed: u64,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

fn parse_variable(text: &str) -> Result<(String, Secret), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    Ok((name.trim().to_owned(), Secret::from(value.to_owned())))
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("must be a number of milliseconds, at least 1".to_owned()),
        Ok(milliseconds) => Ok(Duration::from_millis(milliseconds)),
    }
}

fn count() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=1_000_000)
}

/// The user's cache folder, as the XDG base directory specification has it.
fn default_cache_directory() -> PathBuf {
    let absolute =
        |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache =
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    cache.unwrap_or_else(std::env::temp_dir).join("local-host")
}
