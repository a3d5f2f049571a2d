//! Shared connections to Redis for everything that does not block, which come back after they broke: one,
//! or one to each node of a cluster. There a command goes to the node that has its key.

use crate::metrics::{Metrics, Store};
use crate::unavailable::Unavailable;
use futures::future::join_all;
use redis::aio::MultiplexedConnection;
use redis::{Arg, AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, RedisError};
use std::sync::Arc;
use std::time::Duration;
use stores::redis::{Server, Servers, Topology};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a connection may take to be there.
const CONNECT_TIME: Duration = Duration::from_secs(1);
/// How long an answer may take.
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// How long nobody tries again after a failure: what Redis cannot answer is read elsewhere.
const PAUSE: Duration = Duration::from_millis(500);

pub(crate) struct Link {
    servers: Arc<Servers>,
    metrics: Arc<Metrics>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connections: Option<(u64, Arc<Connections>)>,
    /// Tells them apart from those before.
    number: u64,
    /// Not before this is one tried again, and why there is none.
    failed: Option<(Instant, Unavailable)>,
}

/// Those that were made together.
struct Connections {
    topology: Topology,
    /// One to each server; `None` if it could not be reached.
    each: Vec<Option<MultiplexedConnection>>,
    /// When they are made again where one is missing.
    until: Option<Instant>,
}

impl Link {
    pub(crate) fn new(servers: Arc<Servers>, metrics: Arc<Metrics>) -> Self {
        Self { servers, metrics, state: Mutex::default() }
    }

    /// The answer to a command.
    pub(crate) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Unavailable> {
        self.lease().await?.ask(command).await
    }

    /// Drops the connections if they are the reason that there is no answer.
    async fn checked<T>(
        &self,
        number: u64,
        answer: Result<T, RedisError>,
    ) -> Result<T, Unavailable> {
        match answer {
            Ok(answer) => {
                self.metrics.store_answered(Store::Redis);
                Ok(answer)
            }
            Err(error) => {
                let why = unavailable(&error);
                if error.is_unrecoverable_error()
                    || error.is_timeout()
                    || error.is_io_error()
                    || (self.servers.may_change() && is_elsewhere(&error))
                {
                    self.metrics.store_failed(Store::Redis);
                    let mut state = self.state.lock().await;
                    if state.connections.as_ref().is_some_and(|(known, _)| *known == number) {
                        state.connections = None;
                        state.failed = Some((Instant::now() + PAUSE, why.clone()));
                    }
                }
                Err(why)
            }
        }
    }

    /// The connections there are now, or new ones.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, Unavailable> {
        let mut state = self.state.lock().await;
        if let Some((number, connections)) = &state.connections
            && connections.until.is_none_or(|until| Instant::now() < until)
        {
            let connections = Arc::clone(connections);
            return Ok(Lease { link: self, number: *number, connections });
        }
        if let Some((retry_at, why)) = &state.failed
            && Instant::now() < *retry_at
        {
            return Err(Unavailable(format!("Redis could not be reached a moment ago: {why}")));
        }
        match self.connect().await {
            Ok(connections) => {
                let connections = Arc::new(connections);
                state.number += 1;
                state.failed = None;
                state.connections = Some((state.number, Arc::clone(&connections)));
                Ok(Lease { link: self, number: state.number, connections })
            }
            Err(why) => {
                state.connections = None;
                state.failed = Some((Instant::now() + PAUSE, why.clone()));
                Err(why)
            }
        }
    }

    /// Connects to every server that there is; one of several may be missing.
    async fn connect(&self) -> Result<Connections, Unavailable> {
        let topology = find(&self.servers, &self.metrics).await?;
        let connect = |server: &Server| {
            let client = server.client.clone();
            async move { connect(&client, Some(ANSWER_TIME), &self.metrics).await }
        };
        let each = join_all(topology.servers().iter().map(connect)).await;
        let failure = each.iter().find_map(|connection| connection.as_ref().err()).cloned();
        let each: Vec<_> = each.into_iter().map(Result::ok).collect();
        match failure {
            Some(failure) if each.iter().all(Option::is_none) => Err(failure),
            failure => {
                let until = failure.map(|_| Instant::now() + PAUSE);
                Ok(Connections { topology, each, until })
            }
        }
    }
}

/// The connections of a link at one time, and no later ones. Each belongs to one server, which has not
/// been set back to an earlier state between two answers.
pub(crate) struct Lease<'link> {
    link: &'link Link,
    number: u64,
    connections: Arc<Connections>,
}

impl Lease<'_> {
    /// Whether the keys are spread over several servers.
    pub(crate) fn is_cluster(&self) -> bool {
        self.connections.topology.is_cluster()
    }

    pub(crate) fn servers(&self) -> &[Server] {
        self.connections.topology.servers()
    }

    /// The answer to a command, from the node that has its key.
    pub(crate) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Unavailable> {
        self.ask_at(self.place_of(key_of(command))?, command).await
    }

    /// The answer of one of the servers to a command.
    pub(crate) async fn ask_at<T: FromRedisValue>(
        &self,
        place: usize,
        command: &Cmd,
    ) -> Result<T, Unavailable> {
        let answer = command.query_async(&mut self.connection(place)?).await;
        self.link.checked(self.number, answer).await
    }

    /// The answer to a command without a key, from the node that has this one.
    pub(crate) async fn ask_beside<T: FromRedisValue>(
        &self,
        key: &str,
        command: &Cmd,
    ) -> Result<T, Unavailable> {
        self.ask_at(self.place_of(Some(key))?, command).await
    }

    /// The answers to several commands that are sent together: to the node that has the first one's key, which has
    /// to have the others' as well.
    pub(crate) async fn ask_all<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, Unavailable> {
        let place = self.place_of(commands.cmd_iter().find_map(key_of))?;
        let answers = commands.query_async(&mut self.connection(place)?).await;
        self.link.checked(self.number, answers).await
    }

    /// Items in groups, each of those whose keys one server has.
    ///
    /// # Errors
    /// Nobody has one of the keys.
    pub(crate) fn groups<T>(
        &self,
        items: impl IntoIterator<Item = T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Vec<Vec<T>>, Unavailable> {
        let mut groups: Vec<Vec<T>> = self.servers().iter().map(|_| Vec::new()).collect();
        for item in items {
            let place = if self.is_cluster() { self.place_of(Some(&key(&item)))? } else { 0 };
            if let Some(group) = groups.get_mut(place) {
                group.push(item);
            }
        }
        groups.retain(|group| !group.is_empty());
        Ok(groups)
    }

    fn place_of(&self, key: Option<&str>) -> Result<usize, Unavailable> {
        let Some(key) = key else { return Ok(0) };
        let place = self.connections.topology.place_of(key);
        place.ok_or_else(|| Unavailable(format!("no node of the cluster serves the slot of {key}")))
    }

    fn connection(&self, place: usize) -> Result<MultiplexedConnection, Unavailable> {
        let connection = self.connections.each.get(place).and_then(Option::as_ref).cloned();
        connection.ok_or_else(|| {
            let server = self.servers().get(place);
            let place = server.map_or("Redis", |server| &*server.node.place);
            Unavailable(format!("{place} could not be reached a moment ago"))
        })
    }
}

/// The first key of a command, if it has any: all of ours begin with their tag, and stand before whatever
/// else might begin so.
fn key_of(command: &Cmd) -> Option<&str> {
    let mut words = command.args_iter().filter_map(|word| match word {
        Arg::Simple(word) => std::str::from_utf8(word).ok(),
        _ => None,
    });
    words.find(|word| word.starts_with('{'))
}

/// Whether an error says that another server is to be asked, or may be soon.
fn is_elsewhere(error: &RedisError) -> bool {
    matches!(error.code(), Some("MOVED" | "ASK" | "CLUSTERDOWN" | "READONLY"))
}

/// The servers that there are now.
pub(crate) async fn find(servers: &Servers, metrics: &Metrics) -> Result<Topology, Unavailable> {
    servers.find(CONNECT_TIME).await.map_err(|error| {
        metrics.store_failed(Store::Redis);
        unavailable(&error)
    })
}

/// A new connection to the node that has a key. For blocking commands there is no answer time.
pub(crate) async fn connect_to(
    servers: &Servers,
    key: &str,
    metrics: &Metrics,
) -> Result<MultiplexedConnection, Unavailable> {
    let topology = find(servers, metrics).await?;
    let server = topology.place_of(key).and_then(|place| topology.servers().get(place));
    let server = server
        .ok_or_else(|| Unavailable(format!("no node of the cluster serves the slot of {key}")))?;
    connect(&server.client, None, metrics).await
}

async fn connect(
    client: &Client,
    answer_time: Option<Duration>,
    metrics: &Metrics,
) -> Result<MultiplexedConnection, Unavailable> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_TIME))
        .set_response_timeout(answer_time);
    let connecting = client.get_multiplexed_async_connection_with_config(&config);
    let connection = match tokio::time::timeout(CONNECT_TIME, connecting).await {
        Ok(connection) => connection.map_err(|error| unavailable(&error)),
        Err(_) => Err(Unavailable("Redis did not accept a connection in time".to_owned())),
    };
    match &connection {
        Ok(_) => metrics.store_connects.of(Store::Redis).add(1),
        Err(_) => metrics.store_failed(Store::Redis),
    }
    connection
}

pub(crate) fn unavailable(error: &RedisError) -> Unavailable {
    Unavailable(format!("Redis: {error}"))
}
