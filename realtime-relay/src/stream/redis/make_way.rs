//! What somebody else has left under the names of keys that relays read: whoever cannot read removes
//! it, since nobody else would, and everything that is read together with it would stay unread.

use super::RedisStream;
use crate::unavailable::Unavailable;
use redis::{Value, pipe};
use shared::data::{keys, scripts};

impl RedisStream {
    /// Removes what is of another type than it has to be. In the epoch's place comes none of any
    /// database: whose events the streams tell nobody knows any more. Says in the log which they were;
    /// where Redis is away it is tried again by whoever fails the next time.
    pub(crate) async fn make_way(&self) {
        let Ok(redis) = self.link.hold().await else { return };
        let Ok(groups) = redis.groups(keys::shared_by_relays(), |(key, _)| key.clone()) else {
            return;
        };
        for group in groups {
            let mut ways = pipe();
            ways.ignore_errors();
            for (key, kind) in &group {
                let text = if key == keys::EPOCH { "unknown" } else { "" };
                ways.cmd("EVAL").arg(scripts::MAKE_WAY).arg(1).arg(key).arg(kind).arg(text);
            }
            let removed: Result<Vec<Value>, Unavailable> = redis.ask_all(&ways).await;
            let removed = group.iter().zip(removed.unwrap_or_default());
            for ((key, _), _) in removed.filter(|(_, answer)| *answer == Value::Int(1)) {
                tracing::warn!(key, "something else had the name of a key of ours: it was removed");
            }
        }
    }
}
