//! `migrate`: brings the database at `DATABASE_URL` to the newest version of the schema.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;

/// Brings a database to the newest version of the schema.
#[derive(Parser)]
#[command(name = "migrate", version)]
struct Options {
    /// The database, as postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, required_unless_present = "list")]
    database_url: Option<String>,
    /// How many seconds to wait for the server to accept a connection
    #[arg(long, default_value_t = 10)]
    connect_timeout: u64,
    /// List the migrations without applying any
    #[arg(long)]
    list: bool,
    /// Stop at this version, for tests of upgrades from it
    #[arg(long, hide = true)]
    target: Option<i32>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("migrate: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "what was applied is this program's output")]
async fn run(options: &Options) -> Result<()> {
    if options.list {
        for migration in migrations::known() {
            println!("V{} {}", migration.version, migration.name);
        }
        return Ok(());
    }
    let url = options.database_url.as_deref().unwrap_or_default();
    let limit = Duration::from_secs(options.connect_timeout);
    let (mut client, connection) = migrations::connect(url, "taskboard-migrate", limit).await?;
    let (mut waiting, waited) = migrations::connect(url, "taskboard-migrate", limit).await?;
    let turn = migrations::take_turn(&mut waiting).await?;
    let before = migrations::version(&client).await?;
    let newest = migrations::known().last().map_or(0, |migration| migration.version);
    if let Some(before) = before.filter(|before| (1..newest).contains(before)) {
        println!(
            "the schema is V{before} and becomes V{newest}: only a backup made before can undo \
             that (`make-backup`)"
        );
    }
    let applied = migrations::migrate(&mut client, options.target).await;
    let newer = migrations::is_newer(&client).await;
    drop(turn);
    drop((client, waiting));
    // What the connections have to say has been said by the queries that they broke.
    let _ = (connection.await, waited.await);
    let (applied, newer) = (applied?, newer?);
    for migration in &applied {
        println!("applied V{} {}", migration.version, migration.name);
    }
    if newer {
        println!("nothing to apply: the schema is newer than this program");
    } else if applied.is_empty() {
        println!("nothing to apply: the schema is up to date");
    }
    Ok(())
}
