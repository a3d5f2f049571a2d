//! The PostgreSQL and Redis shared by all servers of a run: one database in each for each build.

use crate::process::{Watched, parent};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;
use tokio_postgres::types::FromSql;

/// Both, started for this run.
#[derive(Clone, Debug)]
pub struct Stores {
    database_url: String,
    redis_url: String,
}

/// A build's databases.
#[derive(Clone, Debug)]
pub struct Database {
    /// The database in PostgreSQL, with the schema of the build.
    pub database_url: String,
    /// The database in Redis, by its number.
    pub redis_url: String,
}

impl Stores {
    /// The stores at these addresses, which may end with the name of a database.
    ///
    /// # Errors
    /// When PostgreSQL does not take the settings of a benchmark.
    pub fn new(database_url: &str, redis_url: &str) -> Result<Self> {
        let base = |url: &str| url.rsplit_once('/').map_or(url, |(base, _)| base).to_owned();
        let stores = Self { database_url: base(database_url), redis_url: base(redis_url) };
        // A shared machine's disk would distort the results, and all wait for the same one.
        let settings = [
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        ];
        stores.execute("postgres", &settings)?;
        let mut redis = redis::Client::open(format!("{}/0", stores.redis_url))?.get_connection()?;
        redis::cmd("CONFIG").arg("SET").arg("appendonly").arg("no").query::<()>(&mut redis)?;
        Ok(stores)
    }

    /// Empty databases with this number in both, created by the build's own migrations.
    ///
    /// # Errors
    /// When a store or the migrations fail.
    pub fn database(&self, number: u8, migrate: &Path) -> Result<Database> {
        let name = format!("bench_{number}");
        let statements = [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name}"),
        ];
        self.execute("postgres", &statements.each_ref().map(String::as_str))?;
        let database = Database {
            database_url: format!("{}/{name}", self.database_url),
            redis_url: format!("{}/{number}", self.redis_url),
        };
        redis::cmd("FLUSHDB").query::<()>(&mut database.redis()?)?;
        database.migrate(migrate)?;
        Ok(database)
    }

    /// The servers' processes.
    ///
    /// # Errors
    /// When one does not answer.
    pub fn watched(&self) -> Result<[Watched; 2]> {
        let postgresql = on_database(&format!("{}/postgres", self.database_url), async |client| {
            let backend: i32 =
                client.query_one("SELECT pg_backend_pid()", &[]).await?.try_get(0)?;
            parent(u32::try_from(backend)?)
        })?;
        let url = format!("{}/0", self.redis_url);
        let mut redis = redis::Client::open(url)?.get_connection()?;
        let info: String = redis::cmd("INFO").arg("server").query(&mut redis)?;
        let id = info.lines().find_map(|line| line.strip_prefix("process_id:"));
        let redis = id.context("Redis tells no process_id")?.trim().parse()?;
        Ok([Watched { role: "redis", id: redis }, Watched { role: "postgresql", id: postgresql }])
    }

    fn execute(&self, database: &str, statements: &[&str]) -> Result<()> {
        execute(&format!("{}/{database}", self.database_url), statements)
    }
}

impl Database {
    /// Migrates it to the newest schema, and derives missing data for older rows.
    ///
    /// # Errors
    /// When that fails.
    pub fn migrate(&self, migrate: &Path) -> Result<()> {
        let output = Command::new(migrate)
            .env("DATABASE_URL", &self.database_url)
            .stdin(Stdio::null())
            .output()
            .with_context(|| migrate.display().to_string())?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "the migrations failed: {said}");
        Ok(())
    }

    /// Runs statements on one connection, each text in a transaction.
    ///
    /// # Errors
    /// When one fails.
    pub fn execute(&self, statements: &[&str]) -> Result<()> {
        execute(&self.database_url, statements)
    }

    /// The only value of a statement without parameters.
    ///
    /// # Errors
    /// When it gives anything else.
    pub fn value<T: for<'row> FromSql<'row>>(&self, statement: &str) -> Result<T> {
        on_database(&self.database_url, async |client| {
            Ok(client.query_one(statement, &[]).await?.try_get(0)?)
        })
    }

    /// How long statements take on one connection, each run this many times.
    ///
    /// # Errors
    /// When it fails.
    pub fn times(&self, statement: &str, count: usize) -> Result<Vec<Duration>> {
        on_database(&self.database_url, async |client| {
            let mut times = Vec::with_capacity(count);
            for _ in 0..count {
                let start = Instant::now();
                client.batch_execute(statement).await?;
                times.push(start.elapsed());
            }
            Ok(times)
        })
    }

    /// A connection to the database in Redis.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn redis(&self) -> Result<redis::Connection> {
        Ok(redis::Client::open(self.redis_url.as_str())?.get_connection()?)
    }
}

fn execute(url: &str, statements: &[&str]) -> Result<()> {
    on_database(url, async |client| {
        for statement in statements {
            client.batch_execute(statement).await?;
        }
        Ok(())
    })
}

/// Runs something on a separate connection.
fn on_database<T>(
    url: &str,
    work: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T>,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        let driver = tokio::spawn(connection);
        let result = work(&client).await;
        drop(client);
        driver.await??;
        result
    })
}
