//! A slot on its way from one node of a cluster to another: for a while its keys are at both.

use super::{RedisCluster, SLOTS_EACH};
use redis::RedisResult;

/// The slot. It is moved for good by [`Moving::finish`].
#[derive(Debug)]
pub struct Moving<'a> {
    cluster: &'a RedisCluster,
    slot: String,
    from: usize,
    to: usize,
}

impl RedisCluster {
    /// Begins to move the slot of this key to another node; its keys are where they were.
    ///
    /// # Panics
    /// When a node refuses.
    #[must_use]
    pub fn begin_to_move(&self, key: &str) -> Moving<'_> {
        let slot = shared::data::cluster::slot(key);
        let from = usize::from(slot / SLOTS_EACH);
        let moving = Moving { cluster: self, slot: slot.to_string(), from, to: (from + 1) % 3 };
        moving.set(moving.to, &["IMPORTING", &moving.id(from)]);
        moving.set(from, &["MIGRATING", &moving.id(moving.to)]);
        moving
    }
}

impl Moving<'_> {
    /// Takes one of the keys to the new node; returns whether there was one.
    ///
    /// # Panics
    /// When a node refuses.
    #[must_use]
    pub fn take_one(&self) -> bool {
        let servers = &self.cluster.servers;
        let keys: Vec<String> = servers
            .ask(self.from, &["CLUSTER", "GETKEYSINSLOT", &self.slot, "1"])
            .expect("keys of a slot");
        let Some(key) = keys.first() else { return false };
        let port = servers.port(self.to).to_string();
        // One that is gone by now is no fault.
        let words = ["MIGRATE", "127.0.0.1", &port, key, "0", "5000"];
        servers.ask::<String>(self.from, &words).expect("a key is moved");
        true
    }

    /// How often the new node was asked for what is on its way to it.
    ///
    /// # Panics
    /// When it does not tell.
    #[must_use]
    pub fn asked(&self) -> u64 {
        let told: String =
            self.cluster.servers.ask(self.to, &["INFO", "commandstats"]).expect("statistics");
        let calls = told.lines().find_map(|line| line.strip_prefix("cmdstat_asking:calls="));
        let calls = calls.and_then(|calls| calls.split(',').next()?.parse().ok());
        calls.unwrap_or_default()
    }

    /// Takes what is left, and has the new node serve the slot.
    ///
    /// # Panics
    /// When a node refuses.
    pub fn finish(self) {
        while self.take_one() {}
        let id = self.id(self.to);
        // The new one first: it tells the others.
        for place in [self.to, self.from] {
            self.set(place, &["NODE", &id]);
        }
    }

    fn id(&self, place: usize) -> String {
        self.cluster.servers.ask(place, &["CLUSTER", "MYID"]).expect("an id")
    }

    fn set(&self, place: usize, how: &[&str]) {
        let words = [&["CLUSTER", "SETSLOT", &self.slot], how].concat();
        let answer: RedisResult<()> = self.cluster.servers.ask(place, &words);
        answer.expect("a slot that can be moved");
    }
}
