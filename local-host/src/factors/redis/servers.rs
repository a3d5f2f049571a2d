//! Connections to Redis servers: one shared by all requests, and own ones for what must not be.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ErrorKind, FromRedisValue, RedisError,
    RedisResult,
};
use stores::Authorities;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::commands::needs_own_connection;
use crate::factors::allowed_hosts::Destination;

/// The most own connections to a server at once.
const MAX_OWN_CONNECTIONS: usize = 64;

/// How long a guest waits for an own connection while all are taken.
const OWN_CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an answer on the shared connection may take: nothing that waits on purpose runs there,
/// so a server that is silent for longer is gone.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// How many servers are remembered; an address is a server, so each database number counts.
const MAX_SERVERS: usize = 64;

/// The connections of every component.
pub(crate) struct RedisServers {
    servers: Mutex<HashMap<String, Arc<Server>>>,
    authorities: Option<Authorities>,
}

/// One server (address, user and database).
pub(crate) struct Server {
    client: Client,
    /// The connection that commands without state share; it is replaced when it breaks.
    shared: Mutex<Option<MultiplexedConnection>>,
    /// Held while that connection is opened, so that only one is.
    connecting: tokio::sync::Mutex<()>,
    own_connections: Arc<Semaphore>,
}

/// An open connection of a guest.
///
/// Its commands run on the server's shared connection until one must not: from then on the guest
/// has a connection of its own, which is closed and never used again when the guest drops it,
/// traps, or is given up. `MULTI`, `WATCH`, `SELECT` and waiting reads thus end with their guest.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Connection {
    server: Arc<Server>,
    own: Arc<OnceCell<OwnConnection>>,
}

struct OwnConnection {
    connection: MultiplexedConnection,
    _permit: OwnedSemaphorePermit,
}

/// Where a client connects to; none where that is not over TCP.
pub(super) fn destination(client: &Client) -> Option<Destination> {
    let (scheme, host, port) = match client.get_connection_info().addr() {
        ConnectionAddr::Tcp(host, port) => ("redis", host, port),
        ConnectionAddr::TcpTls { host, port, .. } => ("rediss", host, port),
        _ => return None,
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    Destination::parse(&format!("{scheme}://{host}:{port}")).ok()
}

impl RedisServers {
    /// No connections yet; over TLS `authorities` are trusted, or the system's if there are none.
    pub(crate) fn new(authorities: Option<Authorities>) -> Self {
        Self { servers: Mutex::default(), authorities }
    }

    /// A client of an address such as `redis://user:password@host:6379/0`.
    ///
    /// # Errors
    /// It is malformed; the message never contains the address itself, which may hold a password.
    pub(super) fn client(&self, address: &str) -> Result<Client, String> {
        let client = stores::redis::client(address, self.authorities.as_ref());
        client.map_err(|error| error.to_string())
    }

    /// How many connections one guest alone holds, and how many all share.
    pub(crate) fn numbers(&self) -> (usize, usize) {
        let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let own = |server: &Server| {
            MAX_OWN_CONNECTIONS.saturating_sub(server.own_connections.available_permits())
        };
        let shared = servers.values().filter(|server| server.open_shared().is_some());
        (servers.values().map(|server| own(server)).sum(), shared.count())
    }

    /// The server at `address`, for which `client` was made.
    pub(super) fn server(&self, address: &str, client: Client) -> Arc<Server> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = servers.get(address) {
            return Arc::clone(server);
        }
        if servers.len() >= MAX_SERVERS {
            servers.retain(|_, server| Arc::strong_count(server) > 1);
        }
        let server = Arc::new(Server {
            client,
            shared: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            own_connections: Arc::new(Semaphore::new(MAX_OWN_CONNECTIONS)),
        });
        servers.insert(address.to_owned(), Arc::clone(&server));
        server
    }
}

impl Server {
    async fn connect(
        &self,
        answer_timeout: Option<Duration>,
    ) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(answer_timeout);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    /// The shared connection, opened if there is none.
    async fn shared(&self) -> RedisResult<MultiplexedConnection> {
        if let Some(connection) = self.open_shared() {
            return Ok(connection);
        }
        // The limit also covers waiting for others that try to connect.
        let connected = timeout(CONNECT_TIMEOUT, async {
            let _connecting = self.connecting.lock().await;
            if let Some(connection) = self.open_shared() {
                return Ok(connection);
            }
            let connection = self.connect(Some(ANSWER_TIMEOUT)).await?;
            let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            *shared = Some(connection.clone());
            Ok(connection)
        });
        connected.await.unwrap_or_else(|_| Err(too_slow("the server cannot be reached in time")))
    }

    fn open_shared(&self) -> Option<MultiplexedConnection> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A connection for one guest alone.
    async fn own(&self) -> RedisResult<OwnConnection> {
        let permit = Arc::clone(&self.own_connections).acquire_owned();
        let Ok(Ok(permit)) = timeout(OWN_CONNECTION_TIMEOUT, permit).await else {
            return Err(too_slow("too many connections"));
        };
        Ok(OwnConnection { connection: self.connect(None).await?, _permit: permit })
    }

    async fn query_shared<V: FromRedisValue>(&self, command: &Cmd) -> RedisResult<V> {
        let mut connection = self.shared().await?;
        let answer = command.query_async(&mut connection).await;
        if answer.as_ref().is_err_and(is_broken) {
            // The next command opens a new one; this one is not repeated, as it may have run.
            self.shared.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        answer
    }
}

impl Connection {
    /// A connection to `server` that uses nothing yet.
    pub(super) fn new(server: Arc<Server>) -> Self {
        Self { server, own: Arc::default() }
    }

    /// Makes sure that the server answers.
    pub(super) async fn connect(&self) -> RedisResult<()> {
        self.server.shared().await.map(drop)
    }

    /// Runs one command.
    ///
    /// # Errors
    /// The server answers with an error or with something that is no `V`, or cannot be reached.
    pub(super) async fn query<V: FromRedisValue>(&self, command: &Cmd) -> RedisResult<V> {
        if !self.own.initialized() && !needs_own_connection(command) {
            return self.server.query_shared(command).await;
        }
        let own = self.own.get_or_try_init(|| self.server.own()).await?;
        command.query_async(&mut own.connection.clone()).await
    }
}

fn too_slow(message: &'static str) -> RedisError {
    RedisError::from((ErrorKind::Io, message))
}

/// Whether the error says that there is no good connection.
pub(super) fn is_broken(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}

#[cfg(test)]
mod tests {
    use super::{RedisServers, destination};

    fn goes_to(address: &str) -> Option<String> {
        let client = RedisServers::new(None).client(address).ok()?;
        destination(&client).map(|place| place.to_string())
    }

    #[test]
    fn an_address_is_checked_by_where_its_client_connects_to() {
        assert_eq!(goes_to("redis://h").as_deref(), Some("redis://h:6379"));
        assert_eq!(goes_to("redis://H:7000/3").as_deref(), Some("redis://h:7000"));
        assert_eq!(goes_to("redis://user:a%40b@h:7000").as_deref(), Some("redis://h:7000"));
        assert_eq!(goes_to("redis://allowed:6379@h").as_deref(), Some("redis://h:6379"));
        assert_eq!(goes_to("rediss://user:a@h:7000").as_deref(), Some("rediss://h:7000"));
        assert_eq!(goes_to("redis://[::1]:7000").as_deref(), Some("redis://[::1]:7000"));
    }

    #[test]
    fn other_kinds_of_address_are_refused() {
        for address in
            ["", "h:6379", "rediss://h#insecure", "unix:///run/redis.sock", "redis://", "http://h"]
        {
            assert_eq!(goes_to(address), None, "{address}");
        }
    }
}
