//! Keys that relays read but that have another type: a relay that cannot read one removes it, since
//! nobody else would, and everything that is read together with it would stay unread.

use super::RedisStream;
use crate::unavailable::Unavailable;
use redis::{Value, pipe};
use shared::data::{keys, scripts};

impl RedisStream {
    /// Removes keys of another type than they must have. The epoch is replaced by one that no database
    /// has: whose events the streams hold is no longer known. Logs which they were; if Redis is
    /// unavailable, the next failure tries again.
    pub(crate) async fn remove_other_types(&self) {
        let Ok(redis) = self.link.lease().await else { return };
        let Ok(groups) = redis.groups(keys::shared_by_relays(), |(key, _)| key.clone()) else {
            return;
        };
        for group in groups {
            let mut ways = pipe();
            ways.ignore_errors();
            for (key, kind) in &group {
                let text = if key == keys::EPOCH { "unknown" } else { "" };
                ways.cmd("EVAL")
                    .arg(scripts::REMOVE_OTHER_TYPE)
                    .arg(1)
                    .arg(key)
                    .arg(kind)
                    .arg(text);
            }
            let removed: Result<Vec<Value>, Unavailable> = redis.ask_all(&ways).await;
            let removed = group.iter().zip(removed.unwrap_or_default());
            for ((key, _), _) in removed.filter(|(_, answer)| *answer == Value::Int(1)) {
                tracing::warn!(key, "a key of ours had another type: it was removed");
            }
        }
    }
}
