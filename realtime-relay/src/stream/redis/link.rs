//! A shared connection to Redis for everything that does not block, which comes back after it broke.

use crate::metrics::{Metrics, Store};
use crate::stream::Away;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, RedisError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a connection may take to be there.
const CONNECT_TIME: Duration = Duration::from_secs(1);
/// How long an answer may take.
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// After a failure nobody tries again for so long: what Redis cannot tell is read elsewhere.
const PAUSE: Duration = Duration::from_millis(500);

/// The connection.
pub(crate) struct Link {
    client: Client,
    metrics: Arc<Metrics>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<(u64, MultiplexedConnection)>,
    /// Tells the connections apart.
    number: u64,
    retry_at: Option<Instant>,
}

impl Link {
    pub(crate) fn new(client: Client, metrics: Arc<Metrics>) -> Self {
        Self { client, metrics, state: Mutex::default() }
    }

    /// The answer to a command.
    pub(crate) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Away> {
        self.hold().await?.ask(command).await
    }

    /// The answers to several commands that are sent together.
    pub(crate) async fn ask_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Away> {
        self.hold().await?.ask_all(commands).await
    }

    /// Parts with the connection where it is the reason that there is no answer.
    async fn heed<T>(&self, number: u64, answer: Result<T, RedisError>) -> Result<T, Away> {
        match answer {
            Ok(answer) => {
                self.metrics.store_answered(Store::Redis);
                Ok(answer)
            }
            Err(error) => {
                if error.is_unrecoverable_error() || error.is_timeout() || error.is_io_error() {
                    self.metrics.store_failed(Store::Redis);
                    let mut state = self.state.lock().await;
                    if state.connection.as_ref().is_some_and(|(known, _)| *known == number) {
                        state.connection = None;
                        state.retry_at = Some(Instant::now() + PAUSE);
                    }
                }
                Err(away(&error))
            }
        }
    }

    /// The connection there is now, or a new one.
    pub(crate) async fn hold(&self) -> Result<Held<'_>, Away> {
        let mut state = self.state.lock().await;
        if let Some((number, connection)) = &state.connection {
            return Ok(Held { link: self, number: *number, connection: connection.clone() });
        }
        if state.retry_at.is_some_and(|at| Instant::now() < at) {
            return Err(Away("Redis could not be reached a moment ago".to_owned()));
        }
        match connect(&self.client, Some(ANSWER_TIME), &self.metrics).await {
            Ok(connection) => {
                state.number += 1;
                state.retry_at = None;
                state.connection = Some((state.number, connection.clone()));
                Ok(Held { link: self, number: state.number, connection })
            }
            Err(away) => {
                state.retry_at = Some(Instant::now() + PAUSE);
                Err(away)
            }
        }
    }
}

/// One connection of a link, and no other after it. Who answers on it is one server, which has not
/// been set back to an earlier state from one answer to the next.
pub(crate) struct Held<'link> {
    link: &'link Link,
    number: u64,
    connection: MultiplexedConnection,
}

impl Held<'_> {
    /// The answer to a command.
    pub(crate) async fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, Away> {
        let answer = command.query_async(&mut self.connection).await;
        self.link.heed(self.number, answer).await
    }

    /// The answers to several commands that are sent together.
    pub(crate) async fn ask_all<T: FromRedisValue>(
        &mut self,
        commands: &Pipeline,
    ) -> Result<T, Away> {
        let answers = commands.query_async(&mut self.connection).await;
        self.link.heed(self.number, answers).await
    }
}

/// A new connection. Whoever blocks on it gives no answer time.
pub(crate) async fn connect(
    client: &Client,
    answer_time: Option<Duration>,
    metrics: &Metrics,
) -> Result<MultiplexedConnection, Away> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_TIME))
        .set_response_timeout(answer_time);
    let connecting = client.get_multiplexed_async_connection_with_config(&config);
    let connection = match tokio::time::timeout(CONNECT_TIME, connecting).await {
        Ok(connection) => connection.map_err(|error| away(&error)),
        Err(_) => Err(Away("Redis did not take a connection in time".to_owned())),
    };
    match &connection {
        Ok(_) => metrics.store_connects.of(Store::Redis).add(1),
        Err(_) => metrics.store_failed(Store::Redis),
    }
    connection
}

pub(crate) fn away(error: &RedisError) -> Away {
    Away(format!("Redis: {error}"))
}
