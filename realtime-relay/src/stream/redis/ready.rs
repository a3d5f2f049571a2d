//! Whether Redis answers: of a cluster every node that serves keys of ours.

use super::RedisStream;
use crate::redis::Link;
use crate::stream::Unready;
use crate::unavailable::Unavailable;
use redis::cmd;
use shared::data::cluster::slot;
use shared::data::keys;
use std::sync::Arc;

impl RedisStream {
    /// Asks every server for a key of ours; of a cluster it says which slots nobody serves.
    pub(super) async fn check(&self) -> Result<(), Unready> {
        // Of several servers nobody else's failure a moment ago keeps this from finding out which.
        let own = self
            .servers
            .may_change()
            .then(|| Link::new(Arc::clone(&self.servers), Arc::clone(&self.metrics)));
        let link = own.as_ref().unwrap_or(&self.link);
        let redis = link.lease().await.map_err(Unready::of)?;
        if !redis.is_cluster() {
            return redis.ask(cmd("EXISTS").arg(keys::EPOCH)).await.map_err(Unready::of);
        }
        let shards = (0..keys::SHARDS).map(keys::feed);
        let mut ours: Vec<String> =
            shards.chain([keys::EPOCH, keys::PASSWORD_HASHES].map(str::to_owned)).collect();
        let (mut slots, mut causes) = (Vec::new(), Vec::new());
        for server in redis.servers() {
            let (here, elsewhere): (Vec<_>, Vec<_>) =
                ours.into_iter().partition(|key| server.node.serves(slot(key)));
            ours = elsewhere;
            let Some(key) = here.first() else { continue };
            if let Err(why) = redis.ask::<()>(cmd("EXISTS").arg(key)).await {
                slots.push(server.node.ranges());
                causes.push(format!(
                    "{} (slots {}): {why}",
                    server.node.place,
                    server.node.ranges()
                ));
            }
        }
        for key in ours {
            slots.push(slot(&key).to_string());
            causes.push(format!("no node serves the slot {}", slot(&key)));
        }
        if slots.is_empty() {
            return Ok(());
        }
        let why = Unavailable(causes.join("; "));
        // As the library writes CLUSTERDOWN.
        let detail = if why.0.contains("ClusterDown") {
            "the cluster is down (CLUSTERDOWN)".to_owned()
        } else {
            format!("no node answers for the slots {}", slots.join(", "))
        };
        Err(Unready { detail, why })
    }
}
