//! A Redis Cluster of three primaries with a replica each, which keeps nothing on disk, and a
//! primary and a replica watched by sentinels. Both notice within about a second that a primary is
//! gone.

mod resharding;

pub use self::resharding::Moving;

use crate::certificates::Authority;
use crate::leash::Leash;
use crate::redis_server::RedisServer;
use crate::{ports, servers};
use redis::{Client, Connection, FromRedisValue, RedisResult, cmd};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How long it may take until all servers know each other.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// How many slots each primary of a cluster serves; the last one serves the rest.
const SLOTS_EACH: u16 = 5462;

/// Servers that are addressed one by one. They and their folder end with this value.
#[derive(Debug)]
struct Servers {
    folder: PathBuf,
    each: Vec<Option<RedisServer>>,
}

impl Servers {
    /// Starts this many servers of this program, each with these arguments and those for its port.
    /// They share a folder.
    fn start(program: &OsStr, count: usize, arguments: impl Fn(&Path, u16) -> Vec<String>) -> Self {
        let number = format!("{}-{}", std::process::id(), fastrand::u32(..));
        let folder = std::env::temp_dir().join(format!("contract-redis-{number}"));
        fs::create_dir_all(&folder).expect("a folder");
        let start = |_| {
            let port = ports::free();
            let mut server = servers::redis(program, port, &folder);
            server.args(["--repl-diskless-sync-delay", "0"]).args(arguments(&folder, port));
            Some(RedisServer::run(&server, port))
        };
        let each = (0..count).map(start).collect();
        Self { folder, each }
    }

    fn port(&self, place: usize) -> u16 {
        self.each[place].as_ref().expect("a server that runs").port()
    }

    /// One server's value of this setting.
    fn setting(&self, place: usize, name: &str) -> String {
        let answer: Vec<String> = self.ask(place, &["CONFIG", "GET", name]).expect("a setting");
        answer[1].clone()
    }

    /// One server's answer.
    fn ask<T: FromRedisValue>(&self, place: usize, words: &[&str]) -> RedisResult<T> {
        let server = self.each[place].as_ref().expect("a server that runs");
        let mut command = cmd(words[0]);
        command.arg(&words[1..]).query(&mut server.connection())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.each.clear();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[derive(Debug)]
pub struct RedisCluster {
    servers: Servers,
    /// Whether its nodes use TLS.
    is_secured: bool,
}

/// The file with the certificate authority, in the folder of a cluster's nodes.
const AUTHORITY: &str = "authority.pem";

impl RedisCluster {
    /// Starts a cluster.
    ///
    /// # Panics
    /// If the servers are not installed, or do not form a cluster.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(None)
    }

    /// Starts one whose nodes use TLS with clients and with each other, each with a certificate
    /// from this authority. Their name is `localhost`, also among themselves.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn start_secured(authority: &Authority) -> Self {
        Self::start_with(Some(authority))
    }

    fn start_with(authority: Option<&Authority>) -> Self {
        let arguments = |folder: &Path, port: u16| {
            // The default, 10,000 above, may not be a valid port.
            let bus = ports::free();
            let words = format!(
                "--cluster-enabled yes --cluster-port {bus} --cluster-node-timeout 1000 \
                 --cluster-config-file nodes-{port}.conf --cluster-replica-validity-factor 0"
            );
            let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            words.extend(authority.into_iter().flat_map(|it| tls(it, folder, port)));
            words
        };
        // The package registries' builds have no TLS.
        let program = match authority {
            Some(_) => servers::INSTALLED_REDIS.into(),
            None => servers::redis_program(),
        };
        let servers = Servers::start(&program, 6, arguments);
        let cluster = Self { servers, is_secured: authority.is_some() };
        let servers = &cluster.servers;
        for place in 0..3 {
            let first = u16::try_from(place).expect("few") * SLOTS_EACH;
            let last = (first + SLOTS_EACH - 1).min(16_383);
            let (first, last) = (first.to_string(), last.to_string());
            let epoch = (place + 1).to_string();
            servers.ask::<()>(place, &["CLUSTER", "SET-CONFIG-EPOCH", &epoch]).expect("an epoch");
            servers.ask::<()>(place, &["CLUSTER", "ADDSLOTSRANGE", &first, &last]).expect("slots");
        }
        for place in 1..6 {
            let (port, bus) = (cluster.port(place), servers.setting(place, "cluster-port"));
            servers.ask::<()>(0, &["CLUSTER", "MEET", "127.0.0.1", &port, &bus]).expect("met");
        }
        until("all know each other", || {
            (0..6).all(|place| cluster.info(place).contains("cluster_known_nodes:6"))
        });
        for place in 0..3 {
            let id: String = servers.ask(place, &["CLUSTER", "MYID"]).expect("an id");
            until("a replica knows its primary", || {
                servers.ask::<()>(place + 3, &["CLUSTER", "REPLICATE", &id]).is_ok()
            });
        }
        until("the cluster works, and replicas follow", || {
            let works = |place| cluster.info(place).contains("cluster_state:ok");
            (0..6).all(works) && (0..3).all(|place| is_followed(servers, place))
        });
        cluster
    }

    /// The environment variables for functions and relay: not all of its nodes.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let (first, second) = (self.port(0), self.port(1));
        let (scheme, host) =
            if self.is_secured { ("rediss", "localhost") } else { ("redis", "127.0.0.1") };
        let mut environment = vec![
            ("SPIN_VARIABLE_REDIS_URL", format!("{scheme}://{host}:{first},{host}:{second}/0")),
            ("SPIN_VARIABLE_REDIS_HOST", format!("{scheme}://{host}:*")),
        ];
        if self.is_secured {
            let authority = self.servers.folder.join(AUTHORITY);
            environment.push(("REDIS_CA_FILE", authority.display().to_string()));
        }
        environment
    }

    /// Kills the primary that initially served this key's slot.
    pub fn kill(&mut self, key: &str) {
        let place = usize::from(shared::data::cluster::slot(key) / SLOTS_EACH);
        self.servers.each[place] = None;
    }

    /// The answer of the node that has this command's key.
    ///
    /// # Panics
    /// If none has it.
    pub fn ask<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let places = (0..6).filter(|place| self.servers.each[*place].is_some());
        let mut answers = places.map(|place| self.servers.ask(place, words));
        answers.find_map(Result::ok).expect("a node that has the key")
    }

    fn info(&self, place: usize) -> String {
        self.servers.ask(place, &["CLUSTER", "INFO"]).unwrap_or_default()
    }

    /// A node's address for clients and other nodes.
    fn port(&self, place: usize) -> String {
        self.servers.setting(place, if self.is_secured { "tls-port" } else { "port" })
    }
}

/// The arguments that make a node use TLS, in addition to its plain port for tests. Creates its
/// files.
fn tls(authority: &Authority, folder: &Path, port: u16) -> Vec<String> {
    let identity = authority.identity("localhost", 2100);
    let file = |name: &str, text: &str| {
        let place = folder.join(name);
        fs::write(&place, text).expect("a file");
        place.display().to_string()
    };
    let certificate = file(&format!("{port}.crt"), &identity.certificate);
    let key = file(&format!("{port}.key"), &identity.key);
    let trusted = file(AUTHORITY, &authority.pem());
    let words = format!(
        "--tls-port {} --tls-cluster yes --tls-replication yes --tls-auth-clients no \
         --cluster-announce-hostname localhost --cluster-preferred-endpoint-type hostname \
         --tls-cert-file {certificate} --tls-key-file {key} --tls-ca-cert-file {trusted}",
        ports::free()
    );
    words.split(' ').map(str::to_owned).collect()
}

/// The sentinels' name of the primary.
const PRIMARY: &str = "board";

/// A primary, a replica, and three sentinels.
#[derive(Debug)]
pub struct RedisSentinels {
    servers: Servers,
    sentinels: Vec<(u16, Leash)>,
}

impl RedisSentinels {
    /// Starts them.
    ///
    /// # Panics
    /// If they are not installed, or do not find each other.
    #[must_use]
    pub fn start() -> Self {
        let servers = Servers::start(&servers::redis_program(), 2, |_, _| Vec::new());
        let primary = servers.port(0).to_string();
        servers.ask::<()>(1, &["REPLICAOF", "127.0.0.1", &primary]).expect("a replica");
        until("the replica follows", || is_followed(&servers, 0));
        let sentinels = (0..3).map(|_| sentinel(&servers, &primary)).collect();
        let world = Self { servers, sentinels };
        for (port, _) in &world.sentinels {
            let knows = |question: &str, count| {
                let answer: RedisResult<Vec<redis::Value>> = connect(*port)
                    .and_then(|mut it| cmd("SENTINEL").arg(question).arg(PRIMARY).query(&mut it));
                answer.is_ok_and(|known| known.len() == count)
            };
            until("sentinels know each other", || knows("SENTINELS", 2) && knows("REPLICAS", 1));
        }
        world
    }

    /// The environment variables for functions and relay.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, String); 2] {
        let hosts = self.sentinels.iter().map(|(port, _)| format!("127.0.0.1:{port}"));
        let hosts = hosts.collect::<Vec<_>>().join(",");
        [
            ("SPIN_VARIABLE_REDIS_URL", format!("redis+sentinel://{hosts}/0?master={PRIMARY}")),
            ("SPIN_VARIABLE_REDIS_HOST", "redis://127.0.0.1:*".to_owned()),
        ]
    }

    /// Kills the primary, and the first of the sentinels with it.
    pub fn kill(&mut self) {
        self.servers.each[0] = None;
        drop(self.sentinels.remove(0));
    }

    /// The former replica's answer.
    ///
    /// # Panics
    /// If it has none.
    pub fn ask<T: FromRedisValue>(&self, words: &[&str]) -> T {
        self.servers.ask(1, words).expect("an answer")
    }
}

fn sentinel(servers: &Servers, primary: &str) -> (u16, Leash) {
    let port = ports::free();
    let settings = servers.folder.join(format!("sentinel-{port}.conf"));
    let text = format!(
        "bind 127.0.0.1\nport {port}\nsentinel monitor {PRIMARY} 127.0.0.1 {primary} 2\n\
         sentinel down-after-milliseconds {PRIMARY} 500\nsentinel failover-timeout {PRIMARY} 3000\n"
    );
    fs::write(&settings, text).expect("settings");
    let log = File::create(servers.folder.join(format!("sentinel-{port}.log"))).expect("a log");
    let mut command = Command::new(servers::redis_program());
    command.arg(&settings).arg("--sentinel").current_dir(&servers.folder);
    let process = Leash::start(&command, &log).expect("a shell");
    until("the sentinel starts", || connect(port).is_ok());
    (port, process)
}

fn connect(port: u16) -> RedisResult<Connection> {
    Client::open(("127.0.0.1", port))?.get_connection()
}

fn is_followed(servers: &Servers, place: usize) -> bool {
    let reported: RedisResult<String> = servers.ask(place, &["INFO", "replication"]);
    reported.is_ok_and(|reported| reported.contains("state=online"))
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + READY_LIMIT;
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
