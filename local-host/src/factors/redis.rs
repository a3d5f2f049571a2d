//! `spin:redis`: commands to Redis servers that the component may connect to.

use std::sync::Arc;

use wasmtime::Result;
use wasmtime::component::{Accessor, HasData, Resource, ResourceTable};

use crate::bindings::spin::redis::redis::{
    Error, Host, HostConnection, HostConnectionWithStore, RedisParameter, RedisResult,
};

use super::allowed_hosts::AllowedHosts;

/// An open connection of a guest.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Connection;

/// Gives the interface access to a component's connections.
pub(crate) struct Redis;

/// What the interface needs of an instance, borrowed for one call.
pub(crate) struct View<'a> {
    /// Where the instance's resources are.
    pub(crate) table: &'a mut ResourceTable,
    /// The component's id, for the log.
    pub(crate) component: &'a Arc<str>,
    /// Where the component may connect to.
    pub(crate) allowed: &'a Arc<AllowedHosts>,
    /// The connections of every component.
    pub(crate) servers: &'a Arc<RedisServers>,
}

/// The connections of every component.
#[derive(Default)]
pub(crate) struct RedisServers {}

impl HasData for Redis {
    type Data<'a> = View<'a>;
}

impl Host for View<'_> {}

impl HostConnection for View<'_> {
    fn drop(&mut self, connection: Resource<Connection>) -> Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

/// The answer to every call while no connection can be opened.
fn not_offered<V>() -> Result<Result<V, Error>> {
    Ok(Err(Error::Other("redis is not offered by this host yet".to_owned())))
}

impl<T> HostConnectionWithStore<T> for Redis {
    async fn open(
        _: &Accessor<T, Self>,
        _: String,
    ) -> Result<Result<Resource<Connection>, Error>> {
        not_offered()
    }

    async fn publish(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
        _: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        not_offered()
    }

    async fn get(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
    ) -> Result<Result<Option<Vec<u8>>, Error>> {
        not_offered()
    }

    async fn set(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
        _: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        not_offered()
    }

    async fn incr(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
    ) -> Result<Result<i64, Error>> {
        not_offered()
    }

    async fn del(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        not_offered()
    }

    async fn sadd(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
        _: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        not_offered()
    }

    async fn smembers(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
    ) -> Result<Result<Vec<String>, Error>> {
        not_offered()
    }

    async fn srem(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
        _: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        not_offered()
    }

    async fn execute(
        _: &Accessor<T, Self>,
        _: Resource<Connection>,
        _: String,
        _: Vec<RedisParameter>,
    ) -> Result<Result<Vec<RedisResult>, Error>> {
        not_offered()
    }
}
