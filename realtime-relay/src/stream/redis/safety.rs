//! The safety net: every second the heads of all watched boards are compared with PostgreSQL, in one
//! statement, so that an event which was committed and never published is delivered all the same.

use super::sweeper::Sweeper;
use super::{Heads, RedisStream};
use crate::hub::Hub;
use crate::stream::Away;
use redis::cmd;
use shared::data::keys;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long the feed may take with what PostgreSQL has already; after that it is late.
const GRACE: Duration = Duration::from_millis(100);

/// Compares for as long as the process runs.
pub async fn watch_over(source: Arc<RedisStream>, hub: Arc<Hub>, every: Duration) {
    let mut away = false;
    loop {
        let compared = source.compare(&hub).await;
        let was_away = std::mem::replace(&mut away, compared.is_err());
        match compared {
            Ok(()) if was_away => tracing::info!("heads are compared with PostgreSQL again"),
            Err(why) if !was_away => {
                tracing::warn!(%why, "heads cannot be compared with PostgreSQL; trying again");
            }
            Ok(()) | Err(_) => {}
        }
        tokio::time::sleep(every.mul_f64(0.8 + fastrand::f64() / 5.0)).await;
    }
}

/// Keeps Redis right for as long as the process runs. Apart from [`watch_over`], which must not wait
/// for a Redis that stands still.
pub async fn sweep(source: Arc<RedisStream>, every: Duration) {
    let mut sweeper = Sweeper::default();
    loop {
        source.compare_worlds().await;
        if source.is_trusted()
            && let Err(why) = sweeper.sweep(&source).await
        {
            tracing::debug!(%why, "what changed could not be looked at");
        }
        tokio::time::sleep(every.mul_f64(0.8 + fastrand::f64() / 5.0)).await;
    }
}

impl RedisStream {
    async fn compare(&self, hub: &Hub) -> Result<(), Away> {
        let watched = hub.heads();
        let ids: Vec<_> = watched.keys().copied().collect();
        let Heads { epoch, heads } = self.heads(&ids).await?;
        let behind: HashMap<_, _> =
            watched.into_iter().filter(|(board, head)| heads.get(board) != Some(head)).collect();
        if !behind.is_empty() {
            tokio::time::sleep(GRACE).await;
        }
        for (board, known) in behind {
            hub.tell(board, known, heads.get(&board).copied());
        }
        hub.check_epoch(&epoch);
        Ok(())
    }

    /// Whether the streams in Redis are of this database's epoch. An empty Redis becomes so.
    async fn compare_worlds(&self) {
        // Asked anew: the safety net may not have run yet.
        if self.epoch().is_none() && self.heads(&[]).await.is_err() {
            return;
        }
        let Some(epoch) = self.epoch() else { return };
        let mut set = cmd("SETNX");
        let Ok(()) = self.link.ask(set.arg(keys::EPOCH).arg(&*epoch)).await else { return };
        let Ok(held) = self.link.ask::<String>(cmd("GET").arg(keys::EPOCH)).await else { return };
        let same = held == *epoch;
        if !same && self.world.trusted.load(Ordering::Relaxed) {
            tracing::warn!(
                "the streams in Redis are of another epoch than the database and are passed by: \
                 empty Redis after restoring the database"
            );
        }
        self.world.trusted.store(same, Ordering::Relaxed);
    }
}
