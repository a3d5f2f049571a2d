//! Whether Redis answers: of a cluster every node that serves keys of ours.

use super::servers;
use super::{execute, text};
use crate::{Call, Failure};
use shared::data::cluster::slot;
use shared::data::keys;

/// Asks every server for a key of ours.
///
/// # Errors
/// 503, whose detail says which slots of a cluster nobody serves.
pub async fn check(call: &Call) -> Result<(), Failure> {
    // A node of a cluster that does not have it says where all are.
    let first = ask(call, keys::EPOCH).await;
    let map = servers::map();
    if map.is_empty() {
        return first;
    }
    let shards = (0..keys::SHARDS).map(keys::feed);
    let mut ours: Vec<String> =
        shards.chain([keys::EPOCH, keys::PASSWORD_HASHES].map(str::to_owned)).collect();
    let (mut slots, mut causes) = (Vec::new(), Vec::new());
    for node in &map {
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            ours.into_iter().partition(|key| node.serves(slot(key)));
        ours = elsewhere;
        let Some(key) = here.first() else { continue };
        if let Err(Failure::Fault { cause, .. }) = ask(call, key).await {
            slots.push(node.ranges());
            causes.push(format!("{} (slots {}): {cause}", node.place, node.ranges()));
        }
    }
    for key in ours {
        slots.push(slot(&key).to_string());
        causes.push(format!("no node serves the slot {}", slot(&key)));
    }
    if slots.is_empty() {
        return Ok(());
    }
    let cause = causes.join("; ");
    // As Redis writes it, or as a library does.
    let detail = if cause.to_ascii_uppercase().contains("CLUSTERDOWN") {
        "The cluster is down (CLUSTERDOWN).".to_owned()
    } else {
        format!("No node answers for the slots {}.", slots.join(", "))
    };
    Err(Failure::unavailable(detail, cause))
}

async fn ask(call: &Call, key: &str) -> Result<(), Failure> {
    execute(call, "EXISTS", &[text(key)]).await.map(drop)
}
