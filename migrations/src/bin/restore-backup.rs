//! `restore-backup`: restores a backup into a database, completely or not at all.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use migrations::backup::{self, Backup, Programs, Restored, mebibytes};

/// How long to wait for the server to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Restores a backup into a database, in one transaction: if anything goes wrong, the database stays as it was.
///
/// The backup is checked first. A new epoch begins, so that no client keeps what came after the backup.
#[derive(Parser)]
#[command(name = "restore-backup", version)]
struct Options {
    /// The backup: a folder that make-backup made
    backup: PathBuf,
    /// Remove what is in the database
    #[arg(long)]
    replace: bool,
    /// The database, as postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// The folder with PostgreSQL's programs, instead of the system's
    #[arg(long, env = "TASKBOARD_POSTGRES_BIN", value_name = "FOLDER")]
    postgres_bin: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("restore-backup: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "what was done is this program's output")]
async fn run(options: &Options) -> Result<()> {
    let url = &options.database_url;
    let programs = Programs::new(&migrations::server(url)?, options.postgres_bin.as_deref())?;
    let backup = Backup::read(&options.backup)?;
    let manifest = &backup.manifest;
    println!(
        "{}: made at {}, {}, schema V{}, {}",
        options.backup.display(),
        manifest.made_at,
        mebibytes(manifest.bytes),
        manifest.schema,
        manifest.counts
    );
    let (client, connection) =
        migrations::connect(url, "taskboard-restore-backup", CONNECT_LIMIT).await?;
    let mut say = |text: &str| eprintln!("  {text}");
    let restored = backup::restore(&client, &programs, &backup, options.replace, &mut say).await;
    drop(client);
    // What the connection has to say has been said by the query that it broke.
    let _ = connection.await;
    let Restored { epoch } = restored?;
    println!("restored; a new epoch has begun: {epoch}");
    let newest = migrations::known().last().map_or(0, |migration| migration.version);
    if manifest.schema < newest {
        println!(
            "its schema is V{}, but this release needs V{newest}: run `migrate` next",
            manifest.schema
        );
    }
    Ok(())
}
