//! `spin:postgres`: statements to PostgreSQL servers that the component may connect to.

#![expect(clippy::result_large_err, reason = "the interface has a large error")]

mod address;
mod client;
mod effect;
mod errors;
mod numeric;
mod pool;
mod rows;
mod signatures;
mod values;
mod wire_types;

use std::sync::Arc;
use std::time::Instant;

use stores::Authorities;
use tokio::sync::oneshot;
use wasmtime::Result;
use wasmtime::component::{Accessor, FutureReader, HasData, Resource, ResourceTable, StreamReader};

use self::client::{Client, Running};
use self::errors::query_failed;
use self::pool::Lease;
pub(crate) use self::pool::{PostgresPools, Sessions};
use self::rows::{RowProducer, Rows};
use super::allowed_hosts::AllowedHosts;
use crate::bindings::spin::postgres::postgres::{
    Column, Error, Host, HostConnection, HostConnectionBuilder, HostConnectionBuilderWithStore,
    HostConnectionWithStore, ParameterValue, QueryError, Row, RowSet,
};
use crate::metrics::{Outcome, StoreCalls};

/// An open connection of a guest; its statements hold it too while they run.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Connection {
    lease: Arc<Lease>,
    calls: Arc<StoreCalls>,
}

/// A connection that a guest is about to open.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct ConnectionBuilder {
    address: String,
    /// Whom to trust instead of those that the address names.
    authorities: Option<Authorities>,
}

/// Holds a connection while one of its statements runs.
struct Held(Arc<Lease>);

impl AsRef<Client> for Held {
    fn as_ref(&self) -> &Client {
        self.0.client()
    }
}

/// Gives the interface access to a component's connections.
pub(crate) struct Postgres;

/// What the interface needs of an instance, borrowed for one call.
pub(crate) struct View<'a> {
    /// Where the instance's resources are.
    pub(crate) table: &'a mut ResourceTable,
    /// The component's id, for the log.
    pub(crate) component: &'a Arc<str>,
    /// Where the component may connect to.
    pub(crate) allowed: &'a Arc<AllowedHosts>,
    /// The connections of every component.
    pub(crate) pools: &'a Arc<PostgresPools>,
    /// What its calls are counted by.
    pub(crate) calls: &'a Arc<StoreCalls>,
}

impl HasData for Postgres {
    type Data<'a> = View<'a>;
}

impl View<'_> {
    /// The pool of an address that the component may connect to.
    fn pool(
        &self,
        address: &str,
        authorities: Option<&Authorities>,
    ) -> Result<Arc<pool::Pool>, Error> {
        let server = address::parse(address, self.allowed).inspect_err(|error| {
            if let Error::ConnectionFailed(reason) = error {
                tracing::warn!(
                    component = %self.component,
                    "refused a PostgreSQL connection: {reason}; to allow a host, add it to \
                     allowed_outbound_hosts of the component in the manifest"
                );
            }
        })?;
        Ok(self.pools.pool(address, authorities, server))
    }
}

/// A connection of a pool. Waiting for one is counted only if there is none in the end.
async fn take(
    pool: Result<Arc<pool::Pool>, Error>,
    calls: Arc<StoreCalls>,
) -> Result<Connection, Error> {
    let pool = pool?;
    let began = Instant::now();
    match pool.take().await {
        Ok(lease) => Ok(Connection { lease: Arc::new(lease), calls }),
        Err(reason) => {
            calls.ended(began, Outcome::Failed);
            Err(Error::ConnectionFailed(reason))
        }
    }
}

/// What an error is counted as.
fn outcome(error: &tokio_postgres::Error) -> Outcome {
    if error.as_db_error().is_some() { Outcome::Refused } else { Outcome::Failed }
}

impl Connection {
    fn begin(&self) -> Running<Held> {
        Running::begin(Held(Arc::clone(&self.lease)))
    }

    /// Runs a statement for the number of rows that it changed.
    async fn run(self, statement: &str, values: Vec<ParameterValue>) -> Result<u64, Error> {
        let parameters = values::parameters(values).map_err(Error::ValueConversionFailed)?;
        let (running, began) = (self.begin(), Instant::now());
        let result = self.lease.client().execute(statement, &parameters).await;
        running.finish();
        self.calls.ended(began, result.as_ref().map_or_else(outcome, |_| Outcome::Ok));
        result.map_err(|error| query_failed(&error))
    }

    /// Runs a statement for its rows.
    ///
    /// # Errors
    /// The outer error is known before the statement runs, the inner one at its first row.
    async fn rows(
        self,
        statement: &str,
        values: Vec<ParameterValue>,
    ) -> Result<Result<(Vec<Column>, Rows), Error>, Error> {
        let parameters = values::parameters(values).map_err(Error::BadParameter)?;
        let (running, began) = (self.begin(), Instant::now());
        match self.lease.client().query(statement, &parameters).await {
            Ok(rows) => {
                let begun = Rows::begin(rows, running).await;
                let outcome = match &begun {
                    Ok(_) => Outcome::Ok,
                    Err(Error::QueryFailed(QueryError::DbError(_))) => Outcome::Refused,
                    Err(_) => Outcome::Failed,
                };
                self.calls.ended(began, outcome);
                Ok(begun)
            }
            Err(error) => {
                running.finish();
                self.calls.ended(began, outcome(&error));
                Err(query_failed(&error))
            }
        }
    }
}

impl Host for View<'_> {}

impl HostConnectionBuilder for View<'_> {
    fn new(&mut self, address: String) -> Result<Resource<ConnectionBuilder>> {
        Ok(self.table.push(ConnectionBuilder { address, authorities: None })?)
    }

    fn set_ca_root(
        &mut self,
        builder: Resource<ConnectionBuilder>,
        certificate: String,
    ) -> Result<Result<(), Error>> {
        let Some(authorities) = Authorities::parse(certificate) else {
            return Ok(Err(Error::Other("invalid root certificate".to_owned())));
        };
        self.table.get_mut(&builder)?.authorities = Some(authorities);
        Ok(Ok(()))
    }

    async fn build(
        &mut self,
        builder: Resource<ConnectionBuilder>,
    ) -> Result<Result<Resource<Connection>, Error>> {
        let ConnectionBuilder { address, authorities } = self.table.get(&builder)?.clone();
        let pool = self.pool(&address, authorities.as_ref());
        match take(pool, Arc::clone(self.calls)).await {
            Ok(connection) => Ok(Ok(self.table.push(connection)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn drop(&mut self, builder: Resource<ConnectionBuilder>) -> Result<()> {
        self.table.delete(builder)?;
        Ok(())
    }
}

impl HostConnection for View<'_> {
    async fn open(&mut self, address: String) -> Result<Result<Resource<Connection>, Error>> {
        let builder = HostConnectionBuilder::new(self, address)?;
        let opened = self.build(Resource::new_borrow(builder.rep())).await;
        HostConnectionBuilder::drop(self, builder)?;
        opened
    }

    async fn query(
        &mut self,
        connection: Resource<Connection>,
        statement: String,
        values: Vec<ParameterValue>,
    ) -> Result<Result<RowSet, Error>> {
        let connection = self.table.get(&connection)?.clone();
        let (columns, rows) = match connection.rows(&statement, values).await.flatten() {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        Ok(rows.collect().await.map(|rows| RowSet { columns, rows }))
    }

    async fn execute(
        &mut self,
        connection: Resource<Connection>,
        statement: String,
        values: Vec<ParameterValue>,
    ) -> Result<Result<u64, Error>> {
        let connection = self.table.get(&connection)?.clone();
        Ok(connection.run(&statement, values).await)
    }

    fn drop(&mut self, connection: Resource<Connection>) -> Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

impl<T> HostConnectionBuilderWithStore<T> for Postgres {
    async fn build_async(
        accessor: &Accessor<T, Self>,
        builder: Resource<ConnectionBuilder>,
    ) -> Result<Result<Resource<Connection>, Error>> {
        let builder = accessor.with(|mut access| access.get().table.get(&builder).cloned())?;
        build(accessor, builder).await
    }
}

async fn build<T>(
    accessor: &Accessor<T, Postgres>,
    ConnectionBuilder { address, authorities }: ConnectionBuilder,
) -> Result<Result<Resource<Connection>, Error>> {
    let (pool, calls) = accessor.with(|mut access| {
        let view = access.get();
        (view.pool(&address, authorities.as_ref()), Arc::clone(view.calls))
    });
    match take(pool, calls).await {
        Ok(connection) => {
            accessor.with(|mut access| Ok(Ok(access.get().table.push(connection)?)))
        }
        Err(error) => Ok(Err(error)),
    }
}

/// Columns, the rows as they come, and how it ended.
type Answer = (Vec<Column>, StreamReader<Row>, FutureReader<Result<(), Error>>);

impl<T> HostConnectionWithStore<T> for Postgres {
    async fn open_async(
        accessor: &Accessor<T, Self>,
        address: String,
    ) -> Result<Result<Resource<Connection>, Error>> {
        build(accessor, ConnectionBuilder { address, authorities: None }).await
    }

    async fn query_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        values: Vec<ParameterValue>,
    ) -> Result<Result<Answer, Error>> {
        let connection = held(accessor, &connection)?;
        let (ended, result) = oneshot::channel();
        let begun = match connection.rows(&statement, values).await {
            Ok(begun) => begun,
            Err(error) => return Ok(Err(error)),
        };
        accessor.with(|mut access| {
            let (columns, rows) = match begun {
                Ok((columns, rows)) => {
                    (columns, StreamReader::new(&mut access, RowProducer::new(rows, ended))?)
                }
                // As in Spin a query that fails while it runs has an answer without rows, and the
                // error is its end.
                Err(error) => {
                    let _ = ended.send(Err(error));
                    (Vec::new(), StreamReader::new(&mut access, Vec::new())?)
                }
            };
            // A guest that stops reading has no error to learn of.
            let result = async { wasmtime::error::Ok(result.await.unwrap_or(Ok(()))) };
            Ok(Ok((columns, rows, FutureReader::new(&mut access, result)?)))
        })
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        values: Vec<ParameterValue>,
    ) -> Result<Result<u64, Error>> {
        let connection = held(accessor, &connection)?;
        Ok(connection.run(&statement, values).await)
    }
}

fn held<T>(
    accessor: &Accessor<T, Postgres>,
    connection: &Resource<Connection>,
) -> Result<Connection> {
    accessor.with(|mut access| Ok(access.get().table.get(connection)?.clone()))
}
