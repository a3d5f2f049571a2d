//! The servers that this instance knows: connections to them, and which slots of a cluster they serve.

use super::{Argument, Trouble, Value, text};
use crate::{Failure, variables};
use shared::data::cluster::{self, Node, Part};
use shared::data::redis_address::{RedisAddress, host_and_port};
use spin_sdk::redis::{Connection, Error};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The place that `redis_url` leads to: the server, any node of a cluster, or the primary that the
/// sentinels know. Every other place is a host and a port.
pub(super) const SEED: &str = "";

/// What is known of a server.
#[derive(Default)]
struct Server {
    /// On Spin, opening one is a new TCP connection each time.
    connection: Option<Rc<Connection>>,
    /// Until when it is not asked, because it was silent the last time: a request asks several times, and
    /// would wait as often.
    silent_until: Option<Instant>,
}

thread_local! {
    /// By their places.
    static SERVERS: RefCell<BTreeMap<Rc<str>, Server>> = const { RefCell::new(BTreeMap::new()) };

    /// Who serves which slots, once a node said that another one has a key.
    static MAP: RefCell<Vec<Node>> = const { RefCell::new(Vec::new()) };

    /// Whether the map may not be true any more: then any node is asked.
    static IS_DOUBTED: Cell<bool> = const { Cell::new(false) };

    /// Which of several hosts of the address is asked next.
    static NEXT: Cell<usize> = const { Cell::new(0) };
}

/// Where the key of a command is, as far as is known.
pub(super) fn place_of(key: Option<&Argument>) -> Rc<str> {
    MAP.with_borrow(|map| match key {
        Some(Argument::Binary(key)) if !map.is_empty() && !IS_DOUBTED.get() => {
            let slot = cluster::slot(&String::from_utf8_lossy(key));
            let node = map.iter().find(|node| node.serves(slot));
            node.map_or(SEED, |node| &*node.place).into()
        }
        _ => SEED.into(),
    })
}

/// Who served which slots when somebody was sent elsewhere last; nothing where there is no cluster.
pub(super) fn map() -> Vec<Node> {
    MAP.with_borrow(Clone::clone)
}

/// The map may not be true any more.
pub(super) fn doubt_map() {
    IS_DOUBTED.set(true);
}

/// The connection that is kept to a place.
pub(super) fn kept(place: &str) -> Option<Rc<Connection>> {
    SERVERS.with_borrow(|servers| servers.get(place)?.connection.clone())
}

/// Keeps a connection that works.
pub(super) fn keep(place: &Rc<str>, connection: Rc<Connection>) {
    change(place, |server| server.connection = Some(connection));
}

/// Drops a connection, unless another request has put a new one in its place already.
pub(super) fn forget(place: &Rc<str>, broken: &Rc<Connection>) {
    change(place, |server| {
        if server.connection.as_ref().is_some_and(|kept| Rc::ptr_eq(kept, broken)) {
            server.connection = None;
        }
    });
}

/// A server does not answer; nobody asks it for this long.
pub(super) fn fell_silent(place: &Rc<str>, time: Duration) {
    change(place, |server| {
        server.connection = None;
        server.silent_until = Instant::now().checked_add(time);
    });
    doubt_map();
}

/// Whether it did not answer just now.
pub(super) fn was_silent(place: &str) -> bool {
    let until = SERVERS.with_borrow(|servers| servers.get(place)?.silent_until);
    until.is_some_and(|until| Instant::now() < until)
}

fn change(place: &Rc<str>, how: impl FnOnce(&mut Server)) {
    SERVERS.with_borrow_mut(|servers| how(servers.entry(Rc::clone(place)).or_default()));
}

/// The node at `place` said that a slot is elsewhere: takes in where all are by what it knows. Gives the
/// other place.
pub(super) async fn learn(
    connection: &Connection,
    place: &str,
    slot: u16,
    told: &str,
) -> Result<Rc<str>, Trouble> {
    let to = place_named(told, place).await?;
    let answer = connection.execute("CLUSTER", [text("SLOTS")]).await.unwrap_or_default();
    let parts: Vec<Part<'_>> = answer.iter().map(part).collect();
    let mut nodes = cluster::nodes(&parts, &host_of(place).await?);
    if !nodes.iter().any(|node| *node.place == *to && node.serves(slot)) {
        nodes.insert(0, Node { place: to.to_string(), slots: vec![slot..=slot] });
    }
    SERVERS.with_borrow_mut(|servers| {
        let is_there = |place: &str| nodes.iter().any(|node| *node.place == *place);
        servers.retain(|place, _| **place == *SEED || is_there(place));
    });
    MAP.set(nodes);
    IS_DOUBTED.set(false);
    Ok(to)
}

/// The place that a node at `place` names.
pub(super) async fn place_named(told: &str, place: &str) -> Result<Rc<str>, Trouble> {
    Ok(cluster::place(told, &host_of(place).await?).into())
}

/// The host and port of a place.
async fn host_of(place: &str) -> Result<String, Trouble> {
    if place != SEED {
        return Ok(place.to_owned());
    }
    let address = address().await?;
    let hosts = address.hosts();
    Ok(hosts[NEXT.get() % hosts.len()].clone())
}

fn part(value: &Value) -> Part<'_> {
    match value {
        Value::Int64(number) => u64::try_from(*number).map_or(Part::Nil, Part::Number),
        Value::Binary(bytes) => std::str::from_utf8(bytes).map_or(Part::Nil, Part::Text),
        Value::Status(text) => Part::Text(text),
        Value::Nil => Part::Nil,
    }
}

/// A new connection.
pub(super) async fn open(place: &str) -> Result<Connection, Trouble> {
    let address = address().await?;
    if place != SEED {
        return connect(address.of_server(place)).await;
    }
    let (hosts, first) = (address.hosts(), NEXT.get());
    let mut trouble = Trouble::Answer("the address has no host".to_owned());
    for turn in first..first + hosts.len() {
        let host = &hosts[turn % hosts.len()];
        // A caller that waits for this one in vain asks the next one the next time.
        NEXT.set(turn + 1);
        let opened = match address.primary() {
            Some(name) => open_primary(&address, host, name).await,
            None => connect(address.of_server(host)).await,
        };
        match opened {
            Ok(connection) => {
                NEXT.set(turn);
                return Ok(connection);
            }
            Err(why) => trouble = why,
        }
    }
    Err(trouble)
}

/// A connection to the primary that this sentinel knows by the name.
async fn open_primary(
    address: &RedisAddress,
    host: &str,
    name: &str,
) -> Result<Connection, Trouble> {
    let words = [text("get-master-addr-by-name"), text(name)];
    let mut answer = Err(String::new());
    // Sentinels mostly have no users; those that have let in the servers' own.
    for login in [false, true] {
        let sentinel = connect(address.of_sentinel(host, login)).await?;
        let told = sentinel.execute("SENTINEL", words.clone()).await;
        answer = told.map_err(|error| self::message(&error));
        if !answer.as_ref().is_err_and(|cause| cause.contains("NOAUTH")) {
            break;
        }
    }
    match answer.map_err(Trouble::Answer)?.iter().map(part).collect::<Vec<_>>()[..] {
        [Part::Text(host), Part::Text(port)] => {
            let place = host_and_port(host, port.parse().unwrap_or_default());
            connect(address.of_server(&place)).await
        }
        _ => Err(Trouble::Answer(format!("the sentinel at {host} knows no primary {name}"))),
    }
}

async fn address() -> Result<RedisAddress, Trouble> {
    let url = variables::get("redis_url").await.map_err(Trouble::NotConfigured)?;
    if url.is_empty() {
        return Err(Trouble::NotConfigured(Failure::not_configured("redis_url")));
    }
    RedisAddress::parse(&url).map_err(|error| Trouble::Answer(format!("redis_url: {error}")))
}

async fn connect(url: String) -> Result<Connection, Trouble> {
    Connection::open(url).await.map_err(|error| Trouble::Answer(message(&error)))
}

/// What an error says.
pub(super) fn message(error: &Error) -> String {
    match error {
        Error::Other(cause) => cause.clone(),
        other => format!("{other:?}"),
    }
}
