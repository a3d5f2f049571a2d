//! Holding the rounds of rosters that changed, each at its pace.

use super::Presence;
use super::roster::Roster;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::time::Instant;

/// After waking this many connections, other tasks get a turn.
const CONNECTIONS_A_TURN: usize = 128;

/// Holds rounds for as long as the process runs.
pub(super) async fn keep(presence: Arc<Presence>) {
    // The number tells apart what is due at the same moment.
    let mut waiting: BTreeMap<(Instant, u64), Arc<Roster>> = BTreeMap::new();
    let mut number = 0;
    loop {
        let now = Instant::now();
        for roster in presence.changed.take() {
            number += 1;
            waiting.insert((roster.due(now), number), roster);
        }
        while let Some(entry) = waiting.first_entry()
            && entry.key().0 <= now
        {
            hold(&presence, &entry.remove()).await;
        }
        let next = waiting.first_key_value().map(|((due, _), _)| *due);
        let due = async {
            match next {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = presence.changed.rung() => {}
            () = due => {}
        }
    }
}

async fn hold(presence: &Presence, roster: &Arc<Roster>) {
    let round = roster.hold(Instant::now());
    if round.unshared
        && let Some(sharing) = &presence.sharing
    {
        sharing.share(roster);
    }
    for (turn, connections) in round.recipients.chunks(CONNECTIONS_A_TURN).enumerate() {
        if turn > 0 {
            tokio::task::yield_now().await;
        }
        connections.iter().for_each(|connection| connection.notify());
    }
    presence.forget_if_over(roster);
}
