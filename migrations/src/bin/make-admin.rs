//! `make-admin`: makes a registered user an admin, or takes that role away.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use migrations::{connect, roles};

/// How long to wait for the server to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Makes a registered user an admin, or takes that role away.
#[derive(Parser)]
#[command(name = "make-admin", version)]
struct Options {
    /// The user's name, in upper or lower case
    username: String,
    /// Take the role away; all of the user's sessions end
    #[arg(long)]
    revoke: bool,
    /// The database, as postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Redis, as redis://:PASSWORD@HOST:PORT/0: notified of the sessions that end, so that they end at once
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    redis_url: Option<String>,
    /// The CA certificates (PEM) that Redis at rediss:// is verified with, instead of the system's
    #[arg(long, env = "REDIS_CA_FILE")]
    redis_ca_file: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make-admin: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "what was done is this program's output")]
async fn run(options: &Options) -> Result<()> {
    let (client, connection) =
        connect(&options.database_url, "taskboard-make-admin", CONNECT_LIMIT).await?;
    let statement = if options.revoke { roles::REVOKE } else { roles::GRANT };
    let outcome = roles::set(&client, statement, &options.username).await;
    drop(client);
    // What the connection has to say has been said by the query that it broke.
    let _ = connection.await;
    let outcome = outcome?.with_context(|| {
        format!("there is no user called \"{}\": users register themselves first", options.username)
    })?;
    let mut told = false;
    if options.revoke
        && let Some(url) = options.redis_url.as_deref().filter(|url| !url.is_empty())
    {
        match roles::announce(url, options.redis_ca_file.as_deref(), &outcome).await {
            Ok(()) => told = true,
            Err(error) => eprintln!("make-admin: {error:#}"),
        }
    }
    println!("{}", sentence(&outcome, options.revoke, told));
    Ok(())
}

fn sentence(outcome: &roles::Outcome, revoke: bool, told: bool) -> String {
    let name = &outcome.username;
    match (revoke, outcome.changed, told) {
        (false, true, _) => format!("{name} is an admin now"),
        (false, false, _) => format!("{name} was an admin already"),
        (true, false, _) => format!("{name} was not an admin"),
        (true, true, true) => {
            format!("{name} is no longer an admin, and is logged out everywhere")
        }
        (true, true, false) => format!(
            "{name} is no longer an admin, and is logged out everywhere; open sockets are closed \
             within ten seconds, since Redis was not notified"
        ),
    }
}
