//! Receiving what other relays share, through one connection that is subscribed to the shards in use.

use super::Sharing;
use crate::lock::lock;
use crate::presence::Presence;
use crate::redis::Shards;
use crate::unavailable::Unavailable;
use futures::StreamExt as _;
use redis::RedisResult;
use shared::data::keys;
use std::sync::Arc;
use std::time::Duration;

/// How long Redis may take to answer.
const ANSWER_TIME: Duration = Duration::from_secs(2);
/// How long nothing may arrive before Redis is pinged.
const SILENCE: Duration = Duration::from_secs(5);
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_millis(500);

/// Listens for as long as the process runs.
pub(in crate::presence) async fn listen(presence: Arc<Presence>) {
    let Some(sharing) = &presence.sharing else { return };
    loop {
        if let Err(why) = sharing.follow(&presence).await {
            tracing::debug!(%why, "other relays' presence cannot be received");
        }
        lock(&presence.rosters).subscribed = 0;
        tokio::time::sleep(PAUSE.mul_f64(0.75 + fastrand::f64() / 2.0)).await;
    }
}

impl Sharing {
    /// Listens until something breaks.
    async fn follow(&self, presence: &Presence) -> Result<(), Unavailable> {
        let topology = answer(self.servers.find(ANSWER_TIME)).await?;
        // In a cluster a message to one node reaches the subscribers of all; a lost one is not tried twice in a row.
        let Some(server) = fastrand::choice(topology.servers()) else { return Ok(()) };
        let (mut sink, mut messages) = answer(server.client.get_async_pubsub()).await?.split();
        let mut wanted = self.wanted.subscribe();
        let mut subscribed: Shards = 0;
        loop {
            let shards = *wanted.borrow_and_update();
            for shard in 0..keys::SHARDS {
                let bit = 1 << shard;
                let channel = keys::presence_channel(shard, self.database());
                if shards & bit != 0 && subscribed & bit == 0 {
                    answer(sink.subscribe(channel)).await?;
                    subscribed |= bit;
                    self.shard_subscribed(presence, shard);
                } else if shards & bit == 0 && subscribed & bit != 0 {
                    subscribed &= !bit;
                    lock(&presence.rosters).subscribed = subscribed;
                    answer(sink.unsubscribe(channel)).await?;
                }
            }
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.receive(presence, message.get_payload_bytes()),
                    None => return Err(Unavailable("the connection broke".to_owned())),
                },
                changed = wanted.changed() => {
                    changed.map_err(|_| Unavailable("the relay is shutting down".to_owned()))?;
                }
                () = tokio::time::sleep(SILENCE) => {
                    answer(sink.ping::<redis::Value>()).await?;
                }
            }
        }
    }

    /// From here on every change to a shard's boards is received; what was before is read.
    fn shard_subscribed(&self, presence: &Presence, shard: u64) {
        let mut rosters = lock(&presence.rosters);
        rosters.subscribed |= 1 << shard;
        let of_shard = rosters.by_board.values().filter(|it| keys::shard(it.board()) == shard);
        of_shard.for_each(|roster| self.ask_all(roster));
    }
}

async fn answer<T>(question: impl Future<Output = RedisResult<T>>) -> Result<T, Unavailable> {
    match tokio::time::timeout(ANSWER_TIME, question).await {
        Ok(answer) => answer.map_err(|error| Unavailable(format!("Redis: {error}"))),
        Err(_) => Err(Unavailable("Redis stopped answering".to_owned())),
    }
}
