//! The heads of quick-win mode: whether the functions have events that they could not post.

use crate::connection::Connection;
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::stream::MemoryStream;
use crate::unavailable::Unavailable;
use shared::models::BoardId;
use std::sync::Arc;
use std::time::Duration;

/// How long a post may take with what the functions have already; after that it is late.
const GRACE: Duration = Duration::from_millis(20);

/// Compares all watched boards with the functions for as long as the process runs: one question a
/// round, however many boards there are.
pub async fn watch_over(
    source: Arc<MemoryStream>,
    hub: Arc<Hub<Connection>>,
    metrics: Arc<Metrics>,
    every: Duration,
) {
    let mut unavailable = false;
    loop {
        tokio::time::sleep(every.mul_f64(0.8 + fastrand::f64() / 5.0)).await;
        let compared = compare(&source, &hub).await;
        if compared.is_err() {
            metrics.source_failures.add(1);
        }
        let was_unavailable = std::mem::replace(&mut unavailable, compared.is_err());
        match compared {
            Ok(()) if was_unavailable => {
                tracing::info!("heads are compared with the functions again");
            }
            Err(why) if !was_unavailable => {
                tracing::warn!(%why, "heads cannot be compared with the functions; trying again");
            }
            Ok(()) | Err(_) => {}
        }
    }
}

async fn compare(source: &MemoryStream, hub: &Hub<Connection>) -> Result<(), Unavailable> {
    let watched = hub.heads();
    let mut ids: Vec<BoardId> = watched.keys().copied().collect();
    ids.sort_unstable();
    let Some(heads) = source.heads(&ids).await? else {
        // Functions of an earlier version answer for one board at a time.
        hub.check_where(|_| true);
        return Ok(());
    };
    let newest = |board: &BoardId| heads.get(board).map(|head| head.seq);
    let behind = watched.into_iter().filter(|(board, known)| newest(board) != Some(*known));
    let behind: Vec<_> = behind.collect();
    if !behind.is_empty() {
        tokio::time::sleep(GRACE).await;
    }
    let others = hub.check_epochs(|board| heads.get(&board).map(|head| &*head.epoch));
    for (board, known) in behind.into_iter().filter(|(board, _)| !others.contains(board)) {
        hub.report_newest(board, known, newest(&board));
    }
    Ok(())
}
