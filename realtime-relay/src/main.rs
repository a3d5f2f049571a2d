//! The relay's process: settings, logs, run.

use realtime_relay::server;
use realtime_relay::settings::{LogFormat, Settings};
use std::io::IsTerminal as _;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let settings = match Settings::read() {
        Ok(settings) => settings,
        Err(error) => return fail(&error),
    };
    if let Err(error) = start_logs(&settings) {
        return fail(&error);
    }
    if settings.has_weak_secret() {
        tracing::warn!("the relay's secret has fewer than 16 characters and can be guessed");
    }
    match server::run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn start_logs(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|error| anyhow::anyhow!("--log (RELAY_LOG): {error}"))?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match settings.log_format {
        LogFormat::Human => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
    Ok(())
}

/// Before the logs are there, and for the last word: what is wrong, on standard error.
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("realtime-relay: {error:#}");
    ExitCode::FAILURE
}
