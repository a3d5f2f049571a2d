//! The environment of a scenario: stores, servers, people, boards, and the recording.

use super::client::{Client, ClientPlan};
use super::people::{self, Person};
use super::plan::Plan;
use super::texts::Texts;
use super::writer::{Writer, WriterPlan};
use crate::api::{Mode, id};
use crate::databases::Databases;
use crate::http;
use crate::ports;
use crate::proxy::Proxy;
use crate::stack::{Server, folder, workspace};
use futures::future::join_all;
use futures::stream::{self, StreamExt as _};
use history::Recording;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, watch};

/// How many snapshots are requested at once: neither a client that waits for its own nor a
/// local-host that refuses to queue more is at fault.
const SNAPSHOTS_AT_ONCE: usize = 16;

/// The arena's settings for relays.
const RELAY: [(&str, &str); 6] = [
    ("RELAY_MAX_SOCKETS_PER_USER", "100000"),
    ("RELAY_MAX_GUEST_SOCKETS", "100000"),
    ("RELAY_MAX_SOCKETS_PER_ADDRESS", "100000"),
    // Often enough to see RT8's heads in a scenario of a few seconds.
    ("RELAY_HEARTBEAT_MS", "1000"),
    // Boards without subscribers, and their tasks, are dropped soon.
    ("RELAY_LINGER_MS", "1000"),
    ("RELAY_LOG", "info"),
];

/// State shared by clients and writers.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) mode: Mode,
    /// A client of each local-host, without a token.
    pub(super) hosts: Vec<http::Client>,
    /// The relays' addresses.
    pub(super) relays: Vec<String>,
    pub(super) recording: Arc<Recording>,
    pub(super) texts: Texts,
    pub(super) snapshots: Semaphore,
    /// Whether clients should stop breaking their own connections.
    pub(super) calm: watch::Sender<bool>,
}

/// Stores, servers, people and boards, with a recording of everything that happens.
#[derive(Debug)]
pub struct Arena {
    /// The plan that it was started with.
    pub plan: Plan,
    /// The stores of state-of-the-art mode; none in quick-win mode.
    pub databases: Option<Databases>,
    /// The network between servers and Redis, if the plan has one.
    pub network: Option<Proxy>,
    pub people: Vec<Person>,
    pub boards: Vec<u64>,
    /// The recording so far.
    pub recording: Arc<Recording>,
    pub(super) shared: Arc<Shared>,
    pub(super) clients: Mutex<Vec<Arc<Client>>>,
    pub(super) writers: Mutex<Vec<Arc<Writer>>>,
    hosts: Vec<Server>,
    relay_servers: Vec<Server>,
}

impl Arena {
    /// Starts everything and waits until it is ready.
    ///
    /// # Panics
    /// If something does not become ready.
    pub async fn start(plan: Plan) -> Self {
        let databases = match plan.mode {
            Mode::QUICK_WIN => None,
            _ => Some(tokio::task::spawn_blocking(Databases::start).await.expect("databases")),
        };
        let mut environment = databases.as_ref().map(Databases::environment).unwrap_or_default();
        let network = match &databases {
            Some(databases) if plan.redis_by_network => Some(databases.redis_network().await),
            _ => None,
        };
        if let Some(network) = &network {
            environment.extend(Databases::redis_environment(network.port()));
        }
        let (hosts, relay_servers) = servers(&plan, &environment);
        let servers = hosts.iter().chain(&relay_servers);
        servers.clone().for_each(Server::run);
        join_all(servers.map(Server::ready)).await;
        let people = match &databases {
            None => vec![Person::guest()],
            Some(databases) => people::crowd(databases, plan.people),
        };
        let recording = Arc::new(Recording::begin());
        let shared = Arc::new(Shared {
            mode: plan.mode,
            hosts: hosts.iter().map(|host| http::Client::new(host.url())).collect(),
            relays: relay_servers.iter().map(Server::url).collect(),
            recording: Arc::clone(&recording),
            texts: Texts::default(),
            snapshots: Semaphore::new(SNAPSHOTS_AT_ONCE),
            calm: watch::Sender::new(false),
        });
        let mut arena = Self {
            databases,
            network,
            people,
            boards: Vec::new(),
            recording,
            shared,
            clients: Mutex::default(),
            writers: Mutex::default(),
            hosts,
            relay_servers,
            plan,
        };
        let numbers = 0..arena.plan.boards;
        let boards = stream::iter(numbers).map(|number| arena.board(number));
        arena.boards = boards.buffer_unordered(4).collect().await;
        arena.boards.sort_unstable();
        arena
    }

    /// Creates another board with all people as members.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn board(&self, number: usize) -> u64 {
        let owner = self.api(0);
        let path = self.plan.mode.boards;
        let body = json!({"name": format!("Board {number}")});
        let made = owner.post(path, &body).try_send().await.expect("an answer").expect(201);
        let board = id(&made.json());
        for person in self.people.iter().skip(1) {
            let path = format!("{path}/{board}/members/{}", person.name);
            let put = owner.request("PUT", &path).json(&json!({"role": "editor"}));
            let _ = put.try_send().await.expect("an answer").expect(201);
        }
        board
    }

    /// An HTTP client of this person, at the first local-host.
    #[must_use]
    pub fn api(&self, person: usize) -> http::Client {
        self.client_at(0, person)
    }

    /// An HTTP client of this person, at this local-host.
    #[must_use]
    pub fn client_at(&self, host: usize, person: usize) -> http::Client {
        self.shared.api(host, &self.people[person])
    }

    /// Lets a client follow its boards from now on, until the arena is finished.
    pub fn follow(&self, plan: ClientPlan) -> Arc<Client> {
        let person = self.people[plan.person % self.people.len()].clone();
        let client = Client::start(Arc::clone(&self.shared), person, plan);
        self.clients.lock().expect("the clients").push(Arc::clone(&client));
        client
    }

    /// Lets a person write from now on, until everything planned is written or the arena is
    /// finished.
    pub fn write(&self, plan: WriterPlan) -> Arc<Writer> {
        let person = self.people[plan.person % self.people.len()].clone();
        let writer = Writer::start(Arc::clone(&self.shared), person, plan);
        self.writers.lock().expect("the writers").push(Arc::clone(&writer));
        writer
    }

    /// The clients so far.
    ///
    /// # Panics
    /// Only if a thread has panicked.
    #[must_use]
    pub fn clients(&self) -> Vec<Arc<Client>> {
        self.clients.lock().expect("the clients").clone()
    }

    /// The writers so far.
    ///
    /// # Panics
    /// Only if a thread has panicked.
    #[must_use]
    pub fn writers(&self) -> Vec<Arc<Writer>> {
        self.writers.lock().expect("the writers").clone()
    }

    /// The stores.
    ///
    /// # Panics
    /// In quick-win mode, which has none.
    #[must_use]
    pub fn databases(&self) -> &Databases {
        self.databases.as_ref().expect("databases")
    }

    /// How many relays there are.
    #[must_use]
    pub fn relays(&self) -> usize {
        self.relay_servers.len()
    }

    /// A relay's address, such as `http://127.0.0.1:12345`.
    #[must_use]
    pub fn relay_url(&self, relay: usize) -> String {
        self.relay_servers[relay].url()
    }

    /// The address of a relay's metrics.
    pub(super) fn metrics_url(&self, relay: usize) -> String {
        self.relay_servers[relay].metrics_url()
    }

    /// The id of a relay's process, while it runs.
    #[must_use]
    pub fn relay_process(&self, relay: usize) -> Option<u32> {
        self.relay_servers[relay].process_id()
    }

    /// Kills a relay (SIGKILL).
    pub fn kill_relay(&self, relay: usize) {
        self.relay_servers[relay].kill();
    }

    /// Starts a relay again on its port, and waits until it is ready.
    pub async fn restart_relay(&self, relay: usize) {
        self.relay_servers[relay].run();
        self.relay_servers[relay].ready().await;
    }

    /// Kills a local-host (SIGKILL).
    pub fn kill_host(&self, host: usize) {
        self.hosts[host].kill();
    }

    /// Starts a local-host again on its port, and waits until it is ready.
    pub async fn restart_host(&self, host: usize) {
        self.hosts[host].run();
        self.hosts[host].ready().await;
    }
}

impl Shared {
    /// An HTTP client of this person, at this local-host.
    pub(super) fn api(&self, host: usize, person: &Person) -> http::Client {
        let client = self.hosts[host % self.hosts.len()].clone();
        match &person.token {
            Some(token) => client.with_token(token),
            None => client,
        }
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.hosts.iter().chain(&self.relay_servers).for_each(Server::print_log);
        }
    }
}

/// An arena's local-hosts and relays, which know each other's addresses and are not running yet.
fn servers(plan: &Plan, environment: &[(&'static str, String)]) -> (Vec<Server>, Vec<Server>) {
    let folder = folder();
    let make = |name, count| -> Vec<Server> {
        (0..count).map(|_| Server::new(name, ports::free(), &folder)).collect()
    };
    let mut hosts = make("local-host", plan.hosts);
    let mut relays = make("realtime-relay", plan.relays);
    let first = |servers: &[Server]| servers.first().map(Server::url).unwrap_or_default();
    let (host_url, relay_url) = (first(&hosts), first(&relays));
    for host in &mut hosts {
        host.command
            .arg("--from")
            .arg(workspace().join("spin.toml"))
            .env("SPIN_VARIABLE_RELAY_URL", &relay_url)
            .env("SPIN_VARIABLE_RELAY_PUBLIC_URL", &relay_url)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .envs(plan.host_environment.iter().map(|(name, value)| (name, value)));
    }
    for relay in &mut relays {
        relay
            .command
            .env("RELAY_FUNCTIONS_URL", &host_url)
            .envs(RELAY)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .envs(plan.relay_environment.iter().map(|(name, value)| (name, value)));
    }
    (hosts, relays)
}
