//! The safety net: every second the heads of all watched boards are compared with PostgreSQL, in one
//! statement, so that an event which was committed and never published is delivered all the same.

use super::sweeper::Sweeper;
use crate::accounts::Accounts;
use crate::connection::Connection;
use crate::hub::Hub;
use crate::stream::RedisStream;
use crate::stream::redis::Heads;
use crate::unavailable::Unavailable;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long the feed may take with what PostgreSQL has already; after that it is late.
const GRACE: Duration = Duration::from_millis(100);

/// Compares for as long as the process runs.
pub async fn watch_over(source: Arc<RedisStream>, hub: Arc<Hub<Connection>>, every: Duration) {
    let mut unavailable = false;
    loop {
        let compared = compare(&source, &hub).await;
        let was_unavailable = std::mem::replace(&mut unavailable, compared.is_err());
        match compared {
            Ok(()) if was_unavailable => tracing::info!("heads are compared with PostgreSQL again"),
            Err(why) if !was_unavailable => {
                tracing::warn!(%why, "heads cannot be compared with PostgreSQL; trying again");
            }
            Ok(()) | Err(_) => {}
        }
        tokio::time::sleep(every.mul_f64(0.8 + fastrand::f64() / 5.0)).await;
    }
}

/// Keeps Redis right for as long as the process runs. Apart from [`watch_over`], which must not wait
/// for a Redis that does not answer.
pub async fn sweep(source: Arc<RedisStream>, accounts: Arc<Accounts>, every: Duration) {
    let mut sweeper = Sweeper::default();
    loop {
        let swept = match source.compare_epochs().await {
            Ok(true) => sweeper.sweep(&source).await,
            Ok(false) => Ok(()),
            Err(_) => {
                // The tail, which blocks, finds out later, or never where Redis only reads. Whether what
                // it holds will still be right when it accepts writes again is unknown.
                accounts.control_is_readable(false);
                source.epoch_state.distrust();
                let looked = sweeper.look(&source).await;
                source.remove_other_types().await;
                looked
            }
        };
        if let Err(why) = swept {
            tracing::debug!(%why, "the changes could not be checked");
            source.remove_other_types().await;
        }
        tokio::time::sleep(every.mul_f64(0.8 + fastrand::f64() / 5.0)).await;
    }
}

async fn compare(source: &RedisStream, hub: &Hub<Connection>) -> Result<(), Unavailable> {
    let watched = hub.heads();
    let ids: Vec<_> = watched.keys().copied().collect();
    let Heads { epoch, heads } = source.heads(&ids).await?;
    let behind: HashMap<_, _> =
        watched.into_iter().filter(|(board, head)| heads.get(board) != Some(head)).collect();
    if !behind.is_empty() {
        tokio::time::sleep(GRACE).await;
    }
    for (board, known) in behind {
        hub.report_newest(board, known, heads.get(&board).copied());
    }
    hub.check_epochs(|_| Some(&*epoch));
    Ok(())
}
