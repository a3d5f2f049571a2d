//! `spin:postgres`: statements to PostgreSQL servers that the component may connect to.

use std::sync::Arc;

use wasmtime::Result;
use wasmtime::component::{
    Accessor, FutureReader, HasData, Resource, ResourceTable, StreamReader,
};

use crate::bindings::spin::postgres::postgres::{
    Column, Error, Host, HostConnection, HostConnectionBuilder, HostConnectionBuilderWithStore,
    HostConnectionWithStore, ParameterValue, Row, RowSet,
};

use super::allowed_hosts::AllowedHosts;

/// An open connection of a guest.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Connection;

/// A connection that a guest is about to open.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct ConnectionBuilder;

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
}

/// The connections of every component.
#[derive(Default)]
pub(crate) struct PostgresPools {}

impl HasData for Postgres {
    type Data<'a> = View<'a>;
}

/// The answer to every call while no connection can be opened.
fn not_offered<V>() -> Result<Result<V, Error>> {
    Ok(Err(Error::Other("postgres is not offered by this host yet".to_owned())))
}

impl Host for View<'_> {}

impl HostConnectionBuilder for View<'_> {
    fn new(&mut self, _: String) -> Result<Resource<ConnectionBuilder>> {
        Ok(self.table.push(ConnectionBuilder)?)
    }

    fn set_ca_root(
        &mut self,
        _: Resource<ConnectionBuilder>,
        _: String,
    ) -> Result<Result<(), Error>> {
        not_offered()
    }

    async fn build(
        &mut self,
        _: Resource<ConnectionBuilder>,
    ) -> Result<Result<Resource<Connection>, Error>> {
        not_offered()
    }

    fn drop(&mut self, builder: Resource<ConnectionBuilder>) -> Result<()> {
        self.table.delete(builder)?;
        Ok(())
    }
}

impl HostConnection for View<'_> {
    async fn open(&mut self, _: String) -> Result<Result<Resource<Connection>, Error>> {
        not_offered()
    }

    async fn query(
        &mut self,
        _: Resource<Connection>,
        _: String,
        _: Vec<ParameterValue>,
    ) -> Result<Result<RowSet, Error>> {
        not_offered()
    }

    async fn execute(
        &mut self,
        _: Resource<Connection>,
        _: String,
        _: Vec<ParameterValue>,
    ) -> Result<Result<u64, Error>> {
        not_offered()
    }

    fn drop(&mut self, connection: Resource<Connection>) -> Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

impl<T> HostConnectionBuilderWithStore<T> for Postgres {
    async fn build_async(
        _: &Accessor<T, Self>,
        _: Resource<ConnectionBuilder>,
    ) -> Result<Result<Resource<Connection>, Error>> {
        not_offered()
    }
}

/// Columns, the rows as they come, and how it ended.
type Rows = (Vec<Column>, StreamReader<Row>, FutureReader<Result<(), Error>>);

impl<T> HostConnectionWithStore<T> for Postgres {
    async fn open_async(
        _: &Accessor<T, Self>,
        _: String,
    ) -> Result<Result<Resource<Connection>, Error>> {
        not_offered()
    }

    async fn query_async(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
        _: Vec<ParameterValue>,
    ) -> Result<Result<Rows, Error>> {
        not_offered()
    }

    async fn execute_async(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
        _: Vec<ParameterValue>,
    ) -> Result<Result<u64, Error>> {
        not_offered()
    }
}
