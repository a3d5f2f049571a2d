//! Moving a slot from one node of a cluster to another: for a while its keys are on both.

use super::{RedisCluster, SLOTS_EACH};
use redis::RedisResult;

/// The slot being moved. [`Moving::finish`] completes the move.
#[derive(Debug)]
pub struct Moving<'a> {
    cluster: &'a RedisCluster,
    slot: String,
    from: usize,
    to: usize,
}

impl RedisCluster {
    /// Begins to move this key's slot to another node; its keys stay where they are.
    ///
    /// # Panics
    /// If a node refuses.
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
    /// Moves one of the keys to the new node; returns whether there was one.
    ///
    /// # Panics
    /// If a node refuses.
    #[must_use]
    pub fn take_one(&self) -> bool {
        let servers = &self.cluster.servers;
        let keys: Vec<String> = servers
            .ask(self.from, &["CLUSTER", "GETKEYSINSLOT", &self.slot, "1"])
            .expect("keys of a slot");
        let Some(key) = keys.first() else { return false };
        let port = servers.port(self.to).to_string();
        // A key that is gone by now is no error.
        let words = ["MIGRATE", "127.0.0.1", &port, key, "0", "5000"];
        servers.ask::<String>(self.from, &words).expect("a moved key");
        true
    }

    /// How often the new node was asked for a slot being imported.
    ///
    /// # Panics
    /// If it does not answer.
    #[must_use]
    pub fn asked(&self) -> u64 {
        let reported: String =
            self.cluster.servers.ask(self.to, &["INFO", "commandstats"]).expect("statistics");
        let calls = reported.lines().find_map(|line| line.strip_prefix("cmdstat_asking:calls="));
        let calls = calls.and_then(|calls| calls.split(',').next()?.parse().ok());
        calls.unwrap_or_default()
    }

    /// Moves the remaining keys, and lets the new node serve the slot.
    ///
    /// # Panics
    /// If a node refuses.
    pub fn finish(self) {
        while self.take_one() {}
        let id = self.id(self.to);
        // The new one first, which notifies the others.
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
