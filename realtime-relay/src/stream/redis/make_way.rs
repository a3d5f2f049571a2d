//! What somebody else has left under the names of keys that relays read: whoever cannot read removes
//! it, since nobody else would, and everything that is read together with it would stay unread.

use super::RedisStream;
use redis::pipe;
use shared::data::{keys, scripts};

impl RedisStream {
    /// Removes what is of another type than it has to be. In the epoch's place comes none of any
    /// database: whose events the streams tell nobody knows any more. Says in the log which they were;
    /// where Redis is away it is tried again by whoever fails the next time.
    pub(crate) async fn make_way(&self) {
        let mut ways = pipe();
        ways.ignore_errors();
        let keys = keys::shared_by_relays();
        for (key, kind) in &keys {
            let text = if key == keys::EPOCH { "unknown" } else { "" };
            ways.cmd("EVAL").arg(scripts::MAKE_WAY).arg(1).arg(key).arg(kind).arg(text);
        }
        let Ok(removed) = self.link.ask_all::<Vec<redis::Value>>(&ways).await else { return };
        let removed = keys.iter().zip(removed);
        for ((key, _), _) in removed.filter(|(_, answer)| *answer == redis::Value::Int(1)) {
            tracing::warn!(key, "something else had the name of a key of ours: it was removed");
        }
    }
}
