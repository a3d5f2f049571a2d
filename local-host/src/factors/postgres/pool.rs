//! Pools of connections: who holds one holds it alone, and the next holder finds it as new.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use stores::postgres::Server;
use stores::{Authorities, describe};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::client::{Client, Fitness, Statements};
use super::signatures::Signatures;

/// The most connections to one address at once where the runtime configuration does not say.
const MAX_CONNECTIONS: usize = 64;

/// How long a guest waits for a connection while all are taken; Spin would wait for ever.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long connecting and logging in may take, resetting a connection, and ending its statement.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const RESET_TIMEOUT: Duration = Duration::from_secs(5);
const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an unused connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// How many addresses are remembered.
const MAX_POOLS: usize = 64;

/// Whose the sessions of connections are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sessions {
    /// Each connection's own.
    Own,
    /// After each transaction perhaps another's: a pooler is in between.
    Shared,
}

/// An address, and the authorities that a guest gave for it.
type Key = (String, Option<Authorities>);

/// The connections of every component, by address.
///
/// Unlike in Spin the components share them: an application of a dozen components with a pool each
/// would want more connections than a server usually has.
pub(crate) struct PostgresPools {
    pools: Mutex<HashMap<Key, Arc<Pool>>>,
    /// What all pools share where the runtime configuration bounds the connections, as in Spin, and how
    /// many that are.
    permits: Option<(Arc<Semaphore>, usize)>,
    sessions: Sessions,
}

impl PostgresPools {
    /// No pools yet; with the most connections that guests hold at once, and the kind of their sessions.
    pub(crate) fn new(max_connections: Option<u32>, sessions: Sessions) -> Self {
        let permits = max_connections.map(|most| most as usize);
        let permits = permits.map(|most| (Arc::new(Semaphore::new(most)), most));
        Self { pools: Mutex::default(), permits, sessions }
    }

    /// How many connections guests hold, and how many nobody does.
    pub(crate) fn numbers(&self) -> (usize, usize) {
        let pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = pools.values().map(|pool| pool.idle().len()).sum();
        let held = match &self.permits {
            Some((permits, most)) => most.saturating_sub(permits.available_permits()),
            None => {
                let held =
                    |pool: &Pool| MAX_CONNECTIONS.saturating_sub(pool.permits.available_permits());
                pools.values().map(|pool| held(pool)).sum()
            }
        };
        (held, idle)
    }

    /// The pool of `address`, which `server` was parsed from, and which trusts `authorities` (PEM) where
    /// the guest gave some.
    pub(super) fn pool(
        &self,
        address: &str,
        authorities: Option<&Authorities>,
        mut server: Server,
    ) -> Arc<Pool> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (address.to_owned(), authorities.cloned());
        if let Some(pool) = pools.get(&key) {
            return Arc::clone(pool);
        }
        if let Some(authorities) = authorities {
            server.trust(authorities.clone());
        }
        if pools.len() >= MAX_POOLS {
            pools.retain(|_, pool| Arc::strong_count(pool) > 1);
        }
        let permits = self.permits.as_ref().map(|(permits, _)| Arc::clone(permits));
        let permits = permits.unwrap_or_else(|| Arc::new(Semaphore::new(MAX_CONNECTIONS)));
        let pool = Arc::new(Pool::new(server, permits, self.sessions));
        pools.insert(key, Arc::clone(&pool));
        pool
    }
}

/// The connections to one address.
pub(super) struct Pool {
    server: Arc<Server>,
    permits: Arc<Semaphore>,
    /// What is known of statements, where sessions keep none.
    signatures: Option<Arc<Signatures>>,
    /// Those that nobody holds, with the time since when; the last is taken first.
    idle: Mutex<Vec<(Client, Instant)>>,
}

/// A connection held; it goes back when this is dropped.
pub(super) struct Lease {
    client: Option<Client>,
    permit: Option<OwnedSemaphorePermit>,
    pool: Arc<Pool>,
}

impl Pool {
    /// An empty pool.
    fn new(server: Server, permits: Arc<Semaphore>, sessions: Sessions) -> Self {
        let signatures = (sessions == Sessions::Shared).then(Arc::default);
        Self { server: Arc::new(server), permits, signatures, idle: Mutex::default() }
    }

    /// Takes a connection that is as new, waiting for one where all are taken.
    ///
    /// # Errors
    /// None comes free in time, or the server cannot be reached or refuses.
    pub(super) async fn take(self: &Arc<Self>) -> Result<Lease, String> {
        let permit = Arc::clone(&self.permits).acquire_owned();
        let Ok(Ok(permit)) = timeout(WAIT_TIMEOUT, permit).await else {
            return Err("too many connections".to_owned());
        };
        let client = match self.take_idle() {
            Some(client) => client,
            None => self.connect().await?,
        };
        Ok(Lease { client: Some(client), permit: Some(permit), pool: Arc::clone(self) })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Client, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_idle(&self) -> Option<Client> {
        let mut idle = self.idle();
        let old = idle.iter().take_while(|(_, since)| since.elapsed() > IDLE_TIMEOUT).count();
        idle.drain(..old);
        std::iter::from_fn(|| idle.pop())
            .map(|(client, _)| client)
            .find(|client| !client.is_closed())
    }

    async fn connect(&self) -> Result<Client, String> {
        let connected = timeout(CONNECT_TIMEOUT, self.server.connect()).await;
        let connected = connected.map_err(|_| "the server did not answer in time".to_owned())?;
        let (client, connection) = connected.map_err(|error| describe(&error))?;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = describe(&error), "a PostgreSQL connection ended");
            }
        });
        let statements = match &self.signatures {
            Some(signatures) => Statements::Whole(Arc::clone(signatures)),
            None => Statements::Named(Mutex::default()),
        };
        Ok(Client::new(Arc::clone(&self.server), client, driver.abort_handle(), statements))
    }

    fn put(&self, client: Client) {
        self.idle().push((client, Instant::now()));
    }

    /// Makes the connection as new and puts it back; closes it where that fails.
    async fn recover(&self, client: Client) {
        match timeout(RESET_TIMEOUT, client.reset()).await {
            Ok(Ok(())) => self.put(client),
            Ok(Err(error)) => {
                tracing::debug!(error = describe(&error), "closed a connection: no reset");
            }
            Err(_) => tracing::debug!("closed a connection: no reset in time"),
        }
    }
}

impl Lease {
    /// The connection.
    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().expect("a lease has its client until it is dropped")
    }
}

impl Drop for Lease {
    /// Called whenever the last user is gone, also when its guest trapped or was given up.
    fn drop(&mut self) {
        let (Some(client), permit) = (self.client.take(), self.permit.take()) else { return };
        let pool = Arc::clone(&self.pool);
        match client.fitness() {
            Fitness::AsNew => pool.put(client),
            Fitness::Closed => {}
            // Outside of the runtime, at its end, closing is all that can be done.
            _ if Handle::try_current().is_err() => {}
            Fitness::Touched => {
                tokio::spawn(async move {
                    pool.recover(client).await;
                    drop(permit);
                });
            }
            Fitness::Busy => {
                tokio::spawn(async move {
                    // Closing alone would let the server finish the statement, with its locks.
                    if timeout(CANCEL_TIMEOUT, client.cancel()).await.is_err() {
                        tracing::debug!("a statement could not be cancelled in time");
                    }
                    drop(client);
                    drop(permit);
                });
            }
        }
    }
}
