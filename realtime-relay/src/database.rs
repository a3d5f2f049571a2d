//! PostgreSQL: one pipelined connection that comes back after it broke.

use crate::metrics::{Metrics, Store};
use crate::unavailable::Unavailable;
use std::sync::Arc;
use std::time::Duration;
use stores::describe;
use stores::postgres::Server;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

/// How long a connection may take to be there.
const CONNECT_TIME: Duration = Duration::from_secs(2);
/// How long a statement may take.
const QUERY_TIME: Duration = Duration::from_secs(5);
/// How long a query is repeated while a client waits for it.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long nobody tries again after a failed connection.
const PAUSE: Duration = Duration::from_millis(250);

/// The database. It never prints its address, which may hold a password.
pub struct Database {
    server: Arc<Server>,
    metrics: Arc<Metrics>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connected: Option<Arc<Client>>,
    /// Not before this is a new connection tried, and why there is none.
    failed: Option<(Instant, Unavailable)>,
}

/// A value of a statement, which says its type: so the statement goes in whole with it, in one message, and
/// nothing of it stays in the session. Behind a pooler that is another's afterwards.
pub trait Parameter: ToSql + Sync {
    fn kind(&self) -> Type;
}

macro_rules! parameters {
    ($($rust:ty => $kind:ident),* $(,)?) => {
        $(impl Parameter for $rust {
            fn kind(&self) -> Type {
                Type::$kind
            }
        })*
    };
}

parameters! {
    i32 => INT4,
    i64 => INT8,
    String => TEXT,
    Option<String> => TEXT,
    &[i64] => INT8_ARRAY,
    Vec<i64> => INT8_ARRAY,
    Vec<&str> => TEXT_ARRAY,
}

impl Database {
    /// The database of this server; it is connected to when it is asked something.
    #[must_use]
    pub fn new(server: Arc<Server>, metrics: Arc<Metrics>) -> Self {
        Self { server, metrics, state: Mutex::default() }
    }

    /// The rows of a statement.
    ///
    /// # Errors
    /// [`Unavailable`] where the database does not answer in time, or refuses.
    pub async fn query(
        &self,
        sql: &'static str,
        parameters: &[&dyn Parameter],
    ) -> Result<Vec<Row>, Unavailable> {
        let connected = self.connected().await?;
        let typed: Vec<_> =
            parameters.iter().map(|it| (*it as &(dyn ToSql + Sync), it.kind())).collect();
        let query = connected.query_typed(sql, &typed);
        let answer = tokio::time::timeout(QUERY_TIME, query).await;
        match answer {
            Ok(Ok(rows)) => {
                self.metrics.store_answered(Store::Postgres);
                Ok(rows)
            }
            Ok(Err(error)) => {
                if error.as_db_error().is_some() {
                    self.metrics.store_answered(Store::Postgres);
                } else {
                    self.metrics.store_failed(Store::Postgres);
                }
                self.discard(&connected).await;
                Err(Unavailable(describe(&error)))
            }
            Err(_) => {
                self.metrics.store_failed(Store::Postgres);
                self.discard(&connected).await;
                Err(Unavailable(format!(
                    "PostgreSQL did not answer within {} s",
                    QUERY_TIME.as_secs()
                )))
            }
        }
    }

    /// The same, repeated for a while if the database is unavailable.
    ///
    /// # Errors
    /// [`Unavailable`] where it does not come back meanwhile.
    pub async fn query_patiently(
        &self,
        sql: &'static str,
        parameters: &[&dyn Parameter],
    ) -> Result<Vec<Row>, Unavailable> {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.query(sql, parameters).await {
                Err(why) if Instant::now() >= end => return Err(why),
                Err(_) => tokio::time::sleep(PAUSE).await,
                rows => return rows,
            }
        }
    }

    async fn connected(&self) -> Result<Arc<Client>, Unavailable> {
        let mut state = self.state.lock().await;
        if let Some(connected) = &state.connected
            && !connected.is_closed()
        {
            return Ok(Arc::clone(connected));
        }
        state.connected = None;
        if let Some((retry_at, why)) = &state.failed
            && Instant::now() < *retry_at
        {
            return Err(Unavailable(format!(
                "PostgreSQL could not be reached a moment ago: {why}"
            )));
        }
        let outcome = tokio::time::timeout(CONNECT_TIME, self.server.connect()).await;
        let outcome = outcome
            .map_err(|_| Unavailable("PostgreSQL did not accept a connection in time".to_owned()))
            .and_then(|outcome| outcome.map_err(|error| Unavailable(describe(&error))));
        match outcome {
            Ok((client, connection)) => {
                self.metrics.store_connects.of(Store::Postgres).add(1);
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::warn!(
                            why = describe(&error),
                            "the connection to PostgreSQL broke"
                        );
                    }
                });
                let connected = Arc::new(client);
                state.connected = Some(Arc::clone(&connected));
                state.failed = None;
                Ok(connected)
            }
            Err(why) => {
                self.metrics.store_failed(Store::Postgres);
                state.failed = Some((Instant::now() + PAUSE, why.clone()));
                Err(why)
            }
        }
    }

    /// Lets go of a connection; it closes once nobody waits for an answer on it.
    async fn discard(&self, connected: &Arc<Client>) {
        let mut state = self.state.lock().await;
        if state.connected.as_ref().is_some_and(|known| Arc::ptr_eq(known, connected)) {
            state.connected = None;
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Database(…)")
    }
}

/// A number as PostgreSQL stores it; ids and sequence numbers are far below its end.
#[must_use]
pub fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of a row.
///
/// # Errors
/// [`Unavailable`] if the column is missing, or below 0: the schema is another.
pub fn number(row: &Row, column: usize) -> Result<u64, Unavailable> {
    let value: i64 = field(row, column)?;
    u64::try_from(value)
        .map_err(|_| Unavailable(format!("PostgreSQL returned {value}, which is out of range")))
}

/// A column of a row.
///
/// # Errors
/// [`Unavailable`] where it is of another type: the schema is another.
pub fn field<'row, T: tokio_postgres::types::FromSql<'row>>(
    row: &'row Row,
    column: usize,
) -> Result<T, Unavailable> {
    row.try_get(column).map_err(|error| Unavailable(describe(&error)))
}
