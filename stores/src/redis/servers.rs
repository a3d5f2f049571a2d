//! The servers behind an address: a single one, a cluster's nodes, or the primary named by
//! sentinels.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisResult, Value, cmd};
use shared::data::cluster::{Node, Part, nodes, slot};
use shared::data::redis_address::{RedisAddress, host_and_port};

use super::{AddressError, client};
use crate::trust::Authorities;

/// The address of Redis. [`Servers::find`] finds the current servers.
pub struct Servers {
    address: RedisAddress,
    authorities: Option<Authorities>,
    /// Clients of its hosts.
    seeds: Vec<Client>,
    /// A cluster's last known nodes: the address need not list all of them.
    known: Mutex<Vec<String>>,
    /// Whether the server has answered that it is not a cluster.
    is_alone: AtomicBool,
}

/// The servers at a moment: at least one.
#[derive(Clone, Debug)]
pub struct Topology {
    servers: Vec<Server>,
    is_cluster: bool,
}

/// A writable server.
#[derive(Clone)]
pub struct Server {
    /// Its host and port, and in a cluster the slots that it serves.
    pub node: Node,
    /// Its client.
    pub client: Client,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(formatter)
    }
}

impl Topology {
    /// The servers.
    #[must_use]
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// Whether each serves only some slots.
    #[must_use]
    pub fn is_cluster(&self) -> bool {
        self.is_cluster
    }

    /// The server that has a key; `None` if none serves its slot.
    #[must_use]
    pub fn place_of(&self, key: &str) -> Option<usize> {
        if !self.is_cluster {
            return Some(0);
        }
        let slot = slot(key);
        self.servers.iter().position(|server| server.node.serves(slot))
    }
}

impl Servers {
    /// The servers behind an address as [`RedisAddress`] parses it; over TLS, clients trust
    /// `authorities`, or the system's if there are none.
    ///
    /// # Errors
    /// If it is malformed, or requests an unsupported option.
    pub fn parse(address: &str, authorities: Option<&Authorities>) -> Result<Self, AddressError> {
        let address = RedisAddress::parse(address)?;
        let url = |host: &String| address.of_server(host);
        let seeds: Result<Vec<_>, _> =
            address.hosts().iter().map(|host| client(&url(host), authorities)).collect();
        let seeds = seeds?;
        let (known, is_alone) = (Mutex::default(), AtomicBool::new(false));
        Ok(Self { address, authorities: authorities.cloned(), seeds, known, is_alone })
    }

    /// The number of the database; a cluster has only one.
    #[must_use]
    pub fn database(&self) -> i64 {
        self.seeds.first().map_or(0, |seed| seed.get_connection_info().redis_settings().db())
    }

    /// Whether the right server may change at any moment.
    #[must_use]
    pub fn may_change(&self) -> bool {
        !self.is_alone.load(Ordering::Relaxed)
    }

    /// Finds the current servers. Each one has this long to answer.
    ///
    /// # Errors
    /// If none answers, or the answers are invalid.
    pub async fn find(&self, patience: Duration) -> RedisResult<Topology> {
        if let Some(name) = self.address.primary() {
            return self.find_primary(name, patience).await;
        }
        if let [alone] = &self.seeds[..]
            && self.is_alone.load(Ordering::Relaxed)
        {
            return Ok(self.alone(alone));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // A node that is disconnected from the others does not know the cluster's state.
        fastrand::shuffle(&mut known);
        known.extend_from_slice(self.address.hosts());
        let mut failure = None;
        for host in &known {
            match within(patience, self.ask(host)).await {
                Ok(topology) => return Ok(topology),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.unwrap_or_else(|| wrong("the address has no host")))
    }

    /// What the server at this index knows.
    async fn ask(&self, host: &str) -> RedisResult<Topology> {
        let mut connection = connect(&self.client(&self.address.of_server(host))?).await?;
        let answer: Value = match cmd("CLUSTER").arg("SLOTS").query_async(&mut connection).await {
            Ok(answer) => answer,
            // It is not a cluster, or one that presents itself as a single server without this
            // command.
            Err(error) if matches!(error.code(), Some("ERR" | "NOPERM")) => {
                let [alone] = &self.seeds[..] else {
                    return Err(wrong("the address has several hosts, and they are not a cluster"));
                };
                self.is_alone.store(true, Ordering::Relaxed);
                return Ok(self.alone(alone));
            }
            Err(error) => return Err(error),
        };
        let mut parts = Vec::new();
        flatten(&answer, &mut parts);
        let nodes = nodes(&parts, host);
        if nodes.is_empty() {
            return Err(wrong("the cluster serves no slots"));
        }
        let server = |node: Node| {
            let client = self.client(&self.address.of_server(&node.place))?;
            Ok(Server { node, client })
        };
        let servers: Vec<Server> = nodes.into_iter().map(server).collect::<RedisResult<_>>()?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            servers.iter().map(|server| server.node.place.clone()).collect();
        Ok(Topology { servers, is_cluster: true })
    }

    /// The primary named by the first sentinel that answers.
    async fn find_primary(&self, name: &str, patience: Duration) -> RedisResult<Topology> {
        let mut hosts = self.address.hosts().to_vec();
        fastrand::shuffle(&mut hosts);
        let mut failure = None;
        for host in hosts {
            match within(patience, self.ask_sentinel(&host, name)).await {
                Ok(place) => {
                    let client = self.client(&self.address.of_server(&place))?;
                    let server = Server { node: Node { place, slots: Vec::new() }, client };
                    return Ok(Topology { servers: vec![server], is_cluster: false });
                }
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.unwrap_or_else(|| wrong("the address has no sentinel")))
    }

    async fn ask_sentinel(&self, host: &str, name: &str) -> RedisResult<String> {
        let mut question = cmd("SENTINEL");
        question.arg("get-master-addr-by-name").arg(name);
        let mut told: RedisResult<Option<(String, u64)>> = Ok(None);
        // Most sentinels have no users; the others accept the servers' users.
        for login in [false, true] {
            let sentinel = self.client(&self.address.of_sentinel(host, login))?;
            told = question.query_async(&mut connect(&sentinel).await?).await;
            if told.as_ref().err().and_then(RedisError::code) != Some("NOAUTH") {
                break;
            }
        }
        let (host, port) =
            told?.ok_or_else(|| wrong("the sentinel knows no primary by that name"))?;
        Ok(host_and_port(&host, port))
    }

    fn alone(&self, client: &Client) -> Topology {
        let place = self.address.hosts().concat();
        let server = Server { node: Node { place, slots: Vec::new() }, client: client.clone() };
        Topology { servers: vec![server], is_cluster: false }
    }

    fn client(&self, url: &str) -> RedisResult<Client> {
        // The address itself was accepted, so only a server's answer can be malformed.
        client(url, self.authorities.as_ref()).map_err(|_| wrong("a server gives no address"))
    }
}

impl std::fmt::Debug for Servers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Servers(…)")
    }
}

async fn connect(client: &Client) -> RedisResult<MultiplexedConnection> {
    // The caller limits the time.
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    client.get_multiplexed_async_connection_with_config(&config).await
}

async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = RedisResult<T>>,
) -> RedisResult<T> {
    let answer = tokio::time::timeout(patience, answer).await;
    answer.unwrap_or_else(|_| Err((ErrorKind::Io, "no answer in time").into()))
}

fn wrong(why: &'static str) -> RedisError {
    (ErrorKind::Client, why).into()
}

fn flatten<'a>(value: &'a Value, parts: &mut Vec<Part<'a>>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| flatten(value, parts)),
        Value::Int(number) => parts.push(u64::try_from(*number).map_or(Part::Nil, Part::Number)),
        Value::BulkString(bytes) => {
            parts.push(std::str::from_utf8(bytes).map_or(Part::Nil, Part::Text));
        }
        Value::SimpleString(text) => parts.push(Part::Text(text)),
        _ => parts.push(Part::Nil),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_is_checked_and_the_address_is_not_repeated() {
        assert_eq!(Servers::parse("redis://a:1,b:2/3", None).expect("several").database(), 3);
        for address in
            ["redis://:hunter2@a,b:port/0", "rediss://:hunter2@a,b/0#insecure", "hunter2"]
        {
            let refusal = Servers::parse(address, None).expect_err(address).to_string();
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }
}
