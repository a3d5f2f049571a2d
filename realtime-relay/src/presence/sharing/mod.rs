//! Presence between relays: a hash in Redis for each relay and board, and messages about changes.
//!
//! Nobody waits for any of this. While Redis is unavailable, the relay goes on with its own sockets;
//! what other relays shared is forgotten after a while. When Redis is back this relay takes a new
//! name, so that whatever remains under the old one belongs to a dead relay.

mod listening;
mod reading;
mod writing;

pub(super) use listening::listen;

use super::Presence;
use super::ledger::Ledger;
use super::queue::Queue;
use super::roster::Roster;
use crate::lock::lock;
use crate::metrics::Metrics;
use crate::redis::{Link, Shards};
use crate::unavailable::Unavailable;
use redis::cmd;
use shared::data::{keys, scripts};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use stores::redis::Servers;
use tokio::sync::watch;
use tokio::time::Instant;

/// How soon a relay tries again while Redis is unavailable.
const RETRY: Duration = Duration::from_millis(500);
/// The most other relays; more are ignored.
const PEERS: usize = 256;
/// Rosters in one exchange with Redis.
const ROSTERS: usize = 100;

/// What the tasks that share presence have in common.
pub(super) struct Sharing {
    servers: Arc<Servers>,
    link: Link,
    /// The beginning of this relay's names: see [`Sharer::name`].
    process: String,
    /// Rosters to be written to Redis, and those to be read from it.
    unwritten: Queue<Arc<Roster>>,
    unread: Queue<Arc<Roster>>,
    /// The shards of all rosters.
    wanted: watch::Sender<Shards>,
    /// How often a relay says that it is alive.
    beat: Duration,
    /// The other relays, and when each was last known to be alive.
    peers: Mutex<BTreeMap<Arc<str>, Instant>>,
}

impl Sharing {
    pub(super) fn new(servers: Arc<Servers>, beat: Duration, metrics: Arc<Metrics>) -> Self {
        Self {
            link: Link::new(Arc::clone(&servers), metrics),
            servers,
            process: format!("{:016x}-", fastrand::u64(..)),
            unwritten: Queue::default(),
            unread: Queue::default(),
            wanted: watch::Sender::new(0),
            beat,
            peers: Mutex::default(),
        }
    }

    /// A relay that was silent for this long is dead: what it shared is forgotten.
    fn dead(&self) -> Duration {
        self.beat * 4
    }

    /// What it left in Redis is gone after this.
    fn expiry(&self) -> u64 {
        u64::try_from((self.beat * 6).as_millis()).unwrap_or(u64::MAX)
    }

    /// How often the expiry of all hashes is extended.
    fn refresh(&self) -> Duration {
        self.beat * 2
    }

    /// The messages of these shards are wanted.
    pub(super) fn want(&self, shards: Shards) {
        self.wanted.send_if_modified(|wanted| std::mem::replace(wanted, shards) != shards);
    }

    /// A roster is new: others may know of it, which is read once their changes are received.
    pub(super) fn begin(&self, roster: &Arc<Roster>, subscribed: Shards) {
        if subscribed & (1 << keys::shard(roster.board())) != 0 {
            self.ask_all(roster);
        }
    }
}

/// What the task that talks to Redis knows by itself.
struct Sharer {
    presence: Arc<Presence>,
    /// Counts this relay's names.
    names: u64,
    /// Counts the changes that were shared.
    number: u64,
    /// Whether Redis answered the last time, and knows this relay by its name.
    connected: bool,
    refresh_at: Instant,
}

/// Writes to and reads from Redis for as long as the process runs.
pub(super) async fn exchange(presence: Arc<Presence>) {
    let Some(sharing) = &presence.sharing else { return };
    let mut sharer = Sharer {
        presence: Arc::clone(&presence),
        names: 1,
        number: 0,
        connected: false,
        refresh_at: Instant::now() + sharing.refresh(),
    };
    let mut beat_at = Instant::now();
    loop {
        tokio::select! {
            () = sharing.unwritten.rung(), if sharer.connected => {}
            () = sharing.unread.rung(), if sharer.connected => {}
            () = tokio::time::sleep_until(beat_at) => {}
        }
        let now = Instant::now();
        let is_due = now >= beat_at;
        match sharer.turn(sharing, is_due).await {
            Ok(()) if is_due => beat_at = now + sharing.beat,
            Ok(()) => {}
            Err(why) => {
                if std::mem::replace(&mut sharer.connected, false) {
                    tracing::warn!(%why, "presence is not shared with other relays");
                    sharer.names += 1;
                }
                sharing.drop_pending(&presence);
                beat_at = now + RETRY;
            }
        }
        sharing.forget_dead(&presence);
    }
}

impl Sharer {
    /// This relay's name. After a failure it has another: what was shared under the old one may be
    /// wrong, and is forgotten by everybody.
    fn name(&self, sharing: &Sharing) -> String {
        format!("{}{}", sharing.process, self.names)
    }

    async fn turn(&mut self, sharing: &Sharing, beat: bool) -> Result<(), Unavailable> {
        if beat {
            self.beat(sharing).await?;
        }
        if Instant::now() >= self.refresh_at {
            self.refresh(sharing).await?;
            self.refresh_at = Instant::now() + sharing.refresh();
        }
        self.write(sharing).await?;
        sharing.read().await
    }

    /// Says that this relay is alive, and learns which others are.
    async fn beat(&mut self, sharing: &Sharing) -> Result<(), Unavailable> {
        let mut beat = cmd("EVAL");
        beat.arg(scripts::PRESENCE_BEAT).arg(1).arg(keys::PRESENCE_RELAYS);
        beat.arg(self.name(sharing)).arg(sharing.expiry());
        let (known, others): (bool, Vec<(String, i64)>) = sharing.link.ask(&beat).await?;
        if !std::mem::replace(&mut self.connected, true) {
            tracing::info!("presence is shared with other relays");
            self.reshare_all(sharing);
            self.presence.all().iter().for_each(|roster| sharing.ask_all(roster));
        } else if !known {
            tracing::info!("Redis has lost its data: sharing presence again");
            self.reshare_all(sharing);
        }
        for (name, age) in others {
            let age = Duration::from_millis(u64::try_from(age).unwrap_or_default());
            if age < sharing.dead() {
                let at = Instant::now().checked_sub(age).unwrap_or_else(Instant::now);
                sharing.seen_alive(&self.presence, &name, at);
            }
        }
        Ok(())
    }

    /// Extends the expiry of all hashes. One that is gone is shared again.
    async fn refresh(&mut self, sharing: &Sharing) -> Result<(), Unavailable> {
        let name = self.name(sharing);
        let mut rosters = self.presence.all();
        rosters.retain(|roster| roster.state().ledger.is_shared());
        let redis = sharing.link.lease().await?;
        let groups = redis.groups(rosters, |roster| keys::presence(roster.board(), &name))?;
        for some in groups.iter().flat_map(|group| group.chunks(ROSTERS)) {
            let mut pipeline = redis::pipe();
            for roster in some {
                let key = keys::presence(roster.board(), &name);
                pipeline.cmd("PEXPIRE").arg(key).arg(sharing.expiry());
            }
            let there: Vec<bool> = redis.ask_all(&pipeline).await?;
            for (roster, _) in some.iter().zip(there).filter(|(_, there)| !there) {
                sharing.reshare(roster);
            }
        }
        Ok(())
    }

    fn reshare_all(&self, sharing: &Sharing) {
        self.presence.all().iter().for_each(|roster| sharing.reshare(roster));
    }
}

impl Sharing {
    /// Shares this roster again from the start.
    fn reshare(&self, roster: &Arc<Roster>) {
        let mut state = roster.state();
        let state = &mut *state;
        if state.ledger.forget(&state.users) {
            self.share(roster);
        }
    }

    /// Redis is unavailable: nothing waits for it. When it is back everything is written and read again.
    fn drop_pending(&self, presence: &Presence) {
        drop((self.unwritten.take(), self.unread.take()));
        for roster in presence.all() {
            roster.state().ledger = Ledger::default();
            presence.forget_if_over(&roster);
        }
    }

    /// A relay was alive then. If it is new here, what it knows is read. `None` for this
    /// relay itself, and for one too many.
    fn seen_alive(&self, presence: &Presence, name: &str, at: Instant) -> Option<Arc<str>> {
        if name.starts_with(&self.process) {
            return None;
        }
        let mut peers = lock(&self.peers);
        if let Some((known, since)) = peers.get_key_value(name) {
            let (known, at) = (Arc::clone(known), at.max(*since));
            peers.insert(Arc::clone(&known), at);
            return Some(known);
        }
        if peers.len() >= PEERS {
            return None;
        }
        let name: Arc<str> = name.into();
        // A relay that has a new name has shared everything again under it.
        let (process, number) = parts(&name);
        let mut others = peers.keys().filter(|other| parts(other).0 == process);
        if others.clone().any(|other| parts(other).1 > number) {
            return None;
        }
        let former: Vec<_> = others.by_ref().map(Arc::clone).collect();
        peers.retain(|other, _| !former.contains(other));
        peers.insert(Arc::clone(&name), at);
        drop(peers);
        presence.forget_relays(&former);
        presence.all().iter().for_each(|roster| self.ask(roster, &name));
        Some(name)
    }

    /// Forgets what relays shared that have been silent for too long.
    fn forget_dead(&self, presence: &Presence) {
        let mut peers = lock(&self.peers);
        let dead = peers.iter().filter(|(_, at)| at.elapsed() >= self.dead());
        let dead: Vec<_> = dead.map(|(name, _)| Arc::clone(name)).collect();
        peers.retain(|name, _| !dead.contains(name));
        drop(peers);
        presence.forget_relays(&dead);
    }
}

/// A relay's name: its process, and the number of the names that it had.
fn parts(name: &str) -> (&str, u64) {
    let (process, number) = name.rsplit_once('-').unwrap_or((name, ""));
    (process, number.parse().unwrap_or_default())
}

impl Presence {
    /// Forgets what these relays shared.
    fn forget_relays(&self, relays: &[Arc<str>]) {
        if relays.is_empty() {
            return;
        }
        tracing::debug!(?relays, "removed the presence of relays that are gone");
        for roster in self.all() {
            let mut state = roster.state();
            let before = state.remote.len();
            state.remote.retain(|relay, _| !relays.contains(relay));
            if state.remote.len() < before {
                roster.change(&mut state);
            }
        }
    }
}
