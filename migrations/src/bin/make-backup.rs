//! `make-backup`: a backup of the database, once or again and again.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser;
use migrations::backup::{self, Folder, Programs, mebibytes};

/// How long to wait for the server to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Makes a backup of the running database, with PostgreSQL's own `pg_dump`.
///
/// It is a folder named after its time, with the dump and a manifest of its contents. Redis needs
/// no backup.
#[derive(Parser)]
#[command(name = "make-backup", version)]
struct Options {
    /// The folder of backups; it is created if it does not exist
    folder: PathBuf,
    /// Keep only this many of the newest, once this one is made
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
    /// Keep running and make another after each such time, such as 90m, 24h or 7d; stop if one fails
    #[arg(long, value_name = "TIME", value_parser = time)]
    every: Option<Duration>,
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
            eprintln!("make-backup: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<()> {
    let Some(every) = options.every else { return make(options).await };
    loop {
        // After a restart the next is due when it would have been.
        let age = backup::age(&options.folder)?.unwrap_or(every);
        tokio::time::sleep(every.saturating_sub(age)).await;
        make(options).await?;
    }
}

#[expect(clippy::print_stdout, reason = "what was made is this program's output")]
async fn make(options: &Options) -> Result<()> {
    let url = &options.database_url;
    let folder = Folder::open(&options.folder)?;
    let programs = Programs::new(&migrations::server(url)?, options.postgres_bin.as_deref())?;
    let (mut client, connection) =
        migrations::connect(url, "taskboard-make-backup", CONNECT_LIMIT).await?;
    let mut say = |text: &str| eprintln!("  {text}");
    let made = backup::make(&mut client, &programs, &folder, &mut say).await;
    drop(client);
    // What the connection has to say has been said by the query that it broke.
    let _ = connection.await;
    let (place, manifest) = made?;
    println!("{}", place.display());
    let (size, schema, counts) = (mebibytes(manifest.bytes), manifest.schema, manifest.counts);
    println!("  {size}, schema V{schema}, {counts}");
    for removed in options.keep.map(|most| folder.keep(most.into())).transpose()?.iter().flatten() {
        println!("  removed {}", removed.display());
    }
    Ok(())
}

/// A number with its unit.
fn time(text: &str) -> Result<Duration> {
    const FORM: &str = "a number above 0 with s, m, h or d, such as 24h";
    let unit = text.chars().next_back().context(FORM)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => 0,
    };
    let number = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
    let seconds = number.map_or(0, |number| u64::from(number) * seconds);
    Some(Duration::from_secs(seconds)).filter(|time| !time.is_zero()).context(FORM)
}
