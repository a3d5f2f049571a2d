//! `spin:redis`: commands to Redis servers that the component may connect to.

mod answers;
mod commands;
mod errors;
mod faults;
mod servers;

use std::sync::Arc;
use std::time::Instant;

use redis::{Cmd, ErrorKind, FromRedisValue, RedisError};
use wasmtime::Result;
use wasmtime::component::{Accessor, HasData, Resource, ResourceTable};

use self::answers::{check_size, flatten};
use self::errors::failed;
use self::faults::When;
pub(crate) use self::faults::{Fault, Faults};
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub use self::servers::Connection;
pub(crate) use self::servers::RedisServers;
use super::allowed_hosts::{AllowedHosts, Destination};
use crate::bindings::spin::redis::redis::{
    Error, Host, HostConnection, HostConnectionWithStore, RedisParameter, RedisResult,
};
use crate::metrics::{Outcome, StoreCalls};

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
    /// Which commands the instance may die of.
    pub(crate) faults: &'a Faults,
    /// What its calls are counted by.
    pub(crate) calls: &'a Arc<StoreCalls>,
}

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

impl View<'_> {
    /// The server at `address`, where the component may connect to it.
    ///
    /// As in Spin a guest does not learn whether an address is malformed or not allowed; the log says it.
    fn connection(&self, address: &str) -> Result<Connection, Error> {
        let client = self.servers.client(address).map_err(|reason| {
            tracing::warn!(component = %self.component, "refused a redis address: {reason}");
            Error::InvalidAddress
        })?;
        let destination = servers::destination(&client).ok_or(Error::InvalidAddress)?;
        if !self.allowed.allows(&destination) {
            self.refuse(&destination);
            return Err(Error::InvalidAddress);
        }
        Ok(Connection::new(self.servers.server(address, client)))
    }

    fn refuse(&self, destination: &Destination) {
        tracing::warn!(
            component = %self.component,
            "refused a connection to {destination}; to allow it, add it to \
             allowed_outbound_hosts of the component in the manifest"
        );
    }
}

/// Runs `command` on a guest's connection.
async fn run<T, V: FromRedisValue>(
    accessor: &Accessor<T, Redis>,
    connection: Resource<Connection>,
    command: Cmd,
) -> Result<Result<V, RedisError>> {
    let (connection, faults, calls) = accessor.with(|mut access| {
        let View { table, faults, calls, .. } = access.get();
        let connection = table.get(&connection).cloned();
        connection.map(|connection| (connection, faults.clone(), Arc::clone(calls)))
    })?;
    faults.strike(When::Before, &command)?;
    let began = Instant::now();
    let answer = connection.query(&command).await;
    calls.ended(began, answer.as_ref().map_or_else(outcome, |_| Outcome::Ok));
    faults.strike(When::After, &command)?;
    Ok(answer)
}

/// What an error is counted as.
fn outcome(error: &RedisError) -> Outcome {
    if servers::is_broken(error) { Outcome::Failed } else { Outcome::Refused }
}

/// A command with its name and arguments.
fn command<A: redis::ToRedisArgs>(name: &str, arguments: impl IntoIterator<Item = A>) -> Cmd {
    let mut command = redis::cmd(name);
    for argument in arguments {
        command.arg(argument);
    }
    command
}

impl<T> HostConnectionWithStore<T> for Redis {
    async fn open(
        accessor: &Accessor<T, Self>,
        address: String,
    ) -> Result<Result<Resource<Connection>, Error>> {
        let (opened, calls) = accessor.with(|mut access| {
            let view = access.get();
            (view.connection(&address), Arc::clone(view.calls))
        });
        let connection = match opened {
            Ok(connection) => connection,
            Err(error) => return Ok(Err(error)),
        };
        let began = Instant::now();
        // As in Spin a server that cannot be reached is noticed here, not by the first command.
        if let Err(error) = connection.connect().await {
            calls.ended(began, Outcome::Failed);
            return Ok(Err(failed(&error)));
        }
        accessor.with(|mut access| Ok(Ok(access.get().table.push(connection)?)))
    }

    async fn publish(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        channel: String,
        payload: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(channel).arg(payload);
        Ok(run(accessor, connection, publish).await?.map_err(|error| failed(&error)))
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
    ) -> Result<Result<Option<Vec<u8>>, Error>> {
        let value: Result<Option<Vec<u8>>, _> =
            run(accessor, connection, command("GET", [key])).await?;
        Ok(value.map_err(|error| failed(&error)).and_then(|value| {
            check_size(value.as_ref().map_or(0, Vec::len))?;
            Ok(value)
        }))
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
        value: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        let mut set = redis::cmd("SET");
        set.arg(key).arg(value);
        Ok(run(accessor, connection, set).await?.map_err(|error| failed(&error)))
    }

    async fn incr(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
    ) -> Result<Result<i64, Error>> {
        let increment = command("INCRBY", [key.as_str(), "1"]);
        Ok(run(accessor, connection, increment).await?.map_err(|error| failed(&error)))
    }

    async fn del(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        keys: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        let delete = command("DEL", keys);
        Ok(run(accessor, connection, delete).await?.map_err(|error| failed(&error)))
    }

    async fn sadd(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        let add = command("SADD", std::iter::once(key).chain(values));
        Ok(run(accessor, connection, add).await?.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedReturnType => Error::TypeError,
            _ => failed(&error),
        }))
    }

    async fn smembers(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
    ) -> Result<Result<Vec<String>, Error>> {
        let members: Result<Vec<String>, _> =
            run(accessor, connection, command("SMEMBERS", [key])).await?;
        Ok(members.map_err(|error| failed(&error)).and_then(|members| {
            check_size(members.iter().map(String::len).sum())?;
            Ok(members)
        }))
    }

    async fn srem(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        let remove = command("SREM", std::iter::once(key).chain(values));
        Ok(run(accessor, connection, remove).await?.map_err(|error| failed(&error)))
    }

    async fn execute(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        name: String,
        arguments: Vec<RedisParameter>,
    ) -> Result<Result<Vec<RedisResult>, Error>> {
        let mut command = redis::cmd(&name);
        for argument in arguments {
            match argument {
                RedisParameter::Int64(number) => command.arg(number),
                RedisParameter::Binary(bytes) => command.arg(bytes),
            };
        }
        let answer = run(accessor, connection, command).await?;
        Ok(answer.map_err(|error| failed(&error)).and_then(flatten))
    }
}
