//! Hearing what other relays tell, by one connection that is subscribed to the shards in use.

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
/// How long nothing may come until Redis is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(5);
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_millis(500);

/// Listens for as long as the process runs.
pub(in crate::presence) async fn listen(presence: Arc<Presence>) {
    let Some(sharing) = &presence.sharing else { return };
    loop {
        if let Err(why) = sharing.follow(&presence).await {
            tracing::debug!(%why, "other relays' presence cannot be heard");
        }
        lock(&presence.rosters).heard = 0;
        tokio::time::sleep(PAUSE.mul_f64(0.75 + fastrand::f64() / 2.0)).await;
    }
}

impl Sharing {
    /// Listens until something breaks.
    async fn follow(&self, presence: &Presence) -> Result<(), Unavailable> {
        let topology = answer(self.servers.find(ANSWER_TIME)).await?;
        // In a cluster whatever one node is told all tell; one that is gone is not asked twice in a row.
        let Some(server) = fastrand::choice(topology.servers()) else { return Ok(()) };
        let (mut sink, mut messages) = answer(server.client.get_async_pubsub()).await?.split();
        let mut wanted = self.wanted.subscribe();
        let mut heard: Shards = 0;
        loop {
            let shards = *wanted.borrow_and_update();
            for shard in 0..keys::SHARDS {
                let bit = 1 << shard;
                let channel = keys::presence_channel(shard, self.database());
                if shards & bit != 0 && heard & bit == 0 {
                    answer(sink.subscribe(channel)).await?;
                    heard |= bit;
                    self.begin_to_hear(presence, shard);
                } else if shards & bit == 0 && heard & bit != 0 {
                    heard &= !bit;
                    lock(&presence.rosters).heard = heard;
                    answer(sink.unsubscribe(channel)).await?;
                }
            }
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.take_in(presence, message.get_payload_bytes()),
                    None => return Err(Unavailable("the connection broke".to_owned())),
                },
                changed = wanted.changed() => {
                    changed.map_err(|_| Unavailable("the relay ends".to_owned()))?;
                }
                () = tokio::time::sleep(SILENCE) => {
                    answer(sink.ping::<redis::Value>()).await?;
                }
            }
        }
    }

    /// From here on every change of a shard's boards is heard; what was before is asked for.
    fn begin_to_hear(&self, presence: &Presence, shard: u64) {
        let mut rosters = lock(&presence.rosters);
        rosters.heard |= 1 << shard;
        let of_shard = rosters.by_board.values().filter(|it| keys::shard(it.board()) == shard);
        of_shard.for_each(|roster| self.ask_all(roster));
    }
}

async fn answer<T>(question: impl Future<Output = RedisResult<T>>) -> Result<T, Unavailable> {
    match tokio::time::timeout(ANSWER_TIME, question).await {
        Ok(answer) => answer.map_err(|error| Unavailable(format!("Redis: {error}"))),
        Err(_) => Err(Unavailable("Redis fell silent".to_owned())),
    }
}
