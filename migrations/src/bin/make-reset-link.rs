//! `make-reset-link`: makes a password reset link for a user who forgot their password.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use migrations::{connect, recovery};

/// How long to wait for the server to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Prints a link with which a user can set a new password, once and within 24 hours.
#[derive(Parser)]
#[command(name = "make-reset-link", version)]
struct Options {
    /// The user's name, in upper or lower case
    username: String,
    /// The address of the app
    #[arg(long, default_value = "http://localhost:3000", value_parser = recovery::address)]
    address: String,
    /// Also turn off the user's second factor, once the link is used
    #[arg(long)]
    without_second_factor: bool,
    /// The database, as postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make-reset-link: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the link is this program's output")]
async fn run(options: &Options) -> Result<()> {
    let (client, connection) =
        connect(&options.database_url, "taskboard-make-reset-link", CONNECT_LIMIT).await?;
    let outcome = recovery::make(&client, &options.username, options.without_second_factor).await;
    drop(client);
    // What the connection has to say has been said by the query that it broke.
    let _ = connection.await;
    let link =
        outcome?.with_context(|| format!("there is no user called \"{}\"", options.username))?;
    println!("{}/reset#{}", options.address, link.token.reveal());
    let more = if options.without_second_factor {
        " No code is asked for from then on."
    } else {
        " A second factor stays (to remove it: --without-second-factor)."
    };
    eprintln!(
        "Whoever opens this link can set the password of {}, once and until {}. That ends their \
         sessions.{more}",
        link.username, link.expires_at
    );
    if link.disabled {
        eprintln!(
            "{} is disabled: the link is not valid until an admin has enabled them.",
            link.username
        );
    }
    Ok(())
}
