//! `database-restored`: to be run after the database was restored from a backup.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use migrations::{connect, restoration};

/// How long to wait for the server to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Begins a new epoch, after the database was restored from a backup and before anybody uses it.
///
/// Clients have cursors of events that came after the backup and are lost; the new epoch makes them reset.
#[derive(Parser)]
#[command(name = "database-restored", version)]
struct Options {
    /// The database, as postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("database-restored: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "what was done is this program's output")]
async fn run(options: &Options) -> Result<()> {
    let (client, connection) =
        connect(&options.database_url, "taskboard-database-restored", CONNECT_LIMIT).await?;
    let outcome = restoration::begin_epoch(&client).await;
    drop(client);
    // What the connection has to say has been said by the query that it broke.
    let _ = connection.await;
    let restoration::Outcome { epoch, boards } = outcome?;
    println!(
        "a new epoch has begun: {epoch}\n\
         It has {boards} boards. Within about two seconds the relays delete them from Redis and send \
         every client `reset` with the reason `epoch`; clients fetch their boards again. Relays that \
         are not running notice it when they start."
    );
    Ok(())
}
