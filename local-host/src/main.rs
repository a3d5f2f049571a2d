//! Runs a Spin application from its `spin.toml` where the `spin` program is not installed.

mod application;
mod bindings;
mod engine;
mod factors;
mod failure;
mod host;
mod instance;
mod logging;
mod manifest;
mod metrics;
mod routes;
mod secret;
mod server;
mod settings;
mod shutdown;
mod turns;
mod variables;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser as _;
use stores::Authorities;
use telemetry::traces::Traces;

use self::engine::Compiler;
use self::factors::key_value::Stores;
use self::factors::outbound_http::HttpClient;
use self::factors::postgres::PostgresPools;
use self::factors::redis::{Faults, RedisServers};
use self::host::{Host, Limits};
use self::manifest::Manifest;
use self::manifest::runtime_config::RuntimeConfig;
use self::metrics::Metrics;
use self::server::{Observed, Server};
use self::settings::Settings;
use self::shutdown::Signals;
use self::variables::Variables;

/// Requests allocate a thousand times, mostly in one task and freed in another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many tasks run before the runtime looks at its sockets again. Guests that compute are such
/// tasks: with tokio's default of 61 others wait for half a second.
const EVENT_INTERVAL: u32 = 4;

/// Time for guests to be dropped when the process ends before them.
const CUT_OFF_TIME: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let settings = Settings::parse();
    match start(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(settings: &Settings) -> Result<()> {
    if let Err(error) = logging::start(settings) {
        // There is no log to say it in.
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "error: {error:#}");
        return Err(error);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .event_interval(EVENT_INTERVAL)
        .build()
        .context("the runtime cannot be started")?;
    let result = runtime.block_on(run(settings));
    // A guest that still runs must not keep the process from ending; it is logged.
    runtime.shutdown_timeout(CUT_OFF_TIME);
    result
}

async fn run(settings: &Settings) -> Result<()> {
    let mut manifest = Manifest::load(&settings.from)?;
    manifest.keep_only(&settings.component_ids)?;
    let config = match &settings.runtime_config_file {
        Some(path) => RuntimeConfig::load(path)?,
        None => RuntimeConfig::default(),
    };
    let variables = Variables::gather(&manifest, &settings.variables, &config.variable_providers)?;
    let signals = Signals::new()?;
    // The port is taken first, so that a taken one is known before anything is compiled.
    let listener = server::listen(settings.listen).await?;
    let own_address = listener.local_addr().context("the socket has no address")?;
    let operators = match settings.metrics_listen {
        Some(address) => Some(server::listen(address).await.context("--metrics-listen")?),
        None => None,
    };
    let compiler = Compiler::new(settings).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    let traces = Traces::from_environment("local-host")?.map(Arc::new);
    let authorities = settings.redis_ca_file.as_deref().map(Authorities::read).transpose();
    let authorities = authorities.context("--redis-ca-file (REDIS_CA_FILE)")?;
    let observed = Observed {
        traces: traces.clone(),
        metrics: Arc::<Metrics>::default(),
        postgres: Arc::new(PostgresPools::new(
            config.max_postgres_connections,
            settings.postgres_sessions,
        )),
        redis: Arc::new(RedisServers::new(authorities)),
    };
    let host = Host {
        metrics: Arc::clone(&observed.metrics),
        engine: compiler.engine.clone(),
        ticker: compiler.ticker.clone(),
        stores: Stores::in_memory(&config.key_value_stores, settings.max_store_bytes),
        client: HttpClient::new(settings.tls_ca_file.as_deref(), config.http_pooling)?,
        redis: Arc::clone(&observed.redis),
        faults: Faults::new(&settings.inject_fault, settings.inject_fault_seed),
        postgres: Arc::clone(&observed.postgres),
        own_address: own_address.to_string().parse().context("the address is not an authority")?,
        limits: Limits::from(settings),
    };
    let application = application::load(&manifest, &variables, &compiler, host)?;
    let server = Arc::new(Server::new(application, observed, &variables, settings));
    if let Some(operators) = operators {
        tokio::spawn(server::operators::serve(Arc::clone(&server), operators));
    }
    let served = server.serve(listener, signals.first()).await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    served
}
