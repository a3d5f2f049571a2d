//! Keeping Redis in step with the history of the database: what belongs to another one is removed.

use super::RedisStream;
use crate::unavailable::Unavailable;
use redis::cmd;
use shared::data::keys;

impl RedisStream {
    /// Whether the streams in Redis are of this database's epoch. An empty Redis becomes so, and one
    /// of another epoch is emptied: the database was restored.
    pub(crate) async fn compare_epochs(&self) -> Result<bool, Unavailable> {
        let epoch = match self.epoch() {
            Some(epoch) => epoch,
            // The safety net has not run yet.
            None => self.heads(&[]).await?.epoch,
        };
        let mut set = cmd("SETNX");
        let () = self.link.ask(set.arg(keys::EPOCH).arg(&*epoch)).await?;
        let held: String = self.link.ask(cmd("GET").arg(keys::EPOCH)).await?;
        if held != *epoch {
            self.epoch_state.distrust();
            // What PostgreSQL says now: another relay may know a newer epoch already.
            if held != *self.heads(&[]).await?.epoch {
                tracing::warn!(
                    "Redis has another epoch than the database: deleting all boards from it"
                );
                self.forget_boards().await?;
                let known = self.epoch().unwrap_or_default();
                let () = self.link.ask(cmd("SET").arg(keys::EPOCH).arg(&*known)).await?;
            }
            return Ok(false);
        }
        Ok(true)
    }

    /// Removes every stream and document: they have what the database does not know.
    pub(crate) async fn forget_boards(&self) -> Result<(), Unavailable> {
        let redis = self.link.lease().await?;
        for place in 0..redis.servers().len() {
            let mut cursor = 0_u64;
            loop {
                let mut scan = cmd("SCAN");
                scan.arg(cursor).arg("MATCH").arg(keys::OF_SHARDS).arg("COUNT").arg(1_000);
                let (next, found): (u64, Vec<String>) = redis.ask_at(place, &scan).await?;
                for key in found {
                    let () = redis.ask_at(place, cmd("UNLINK").arg(key)).await?;
                }
                if next == 0 {
                    break;
                }
                cursor = next;
            }
        }
        Ok(())
    }
}
