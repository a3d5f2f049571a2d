//! Reading from Redis what other relays shared.

use super::{ROSTERS, Sharing};
use crate::lock::lock;
use crate::presence::Presence;
use crate::presence::change::{Change, RemotePresence, Taken};
use crate::presence::roster::Roster;
use crate::unavailable::Unavailable;
use shared::data::keys;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tokio::time::Instant;

/// A hash to be read.
struct Question {
    roster: Arc<Roster>,
    relay: Arc<str>,
    /// The number of the relay's last change that is known.
    known: u64,
}

impl Sharing {
    /// Reads every hash that is to be read.
    pub(super) async fn read(&self) -> Result<(), Unavailable> {
        let waiting = self.unread.take();
        if waiting.is_empty() {
            return Ok(());
        }
        let peers: BTreeSet<_> = lock(&self.peers).keys().cloned().collect();
        let mut questions = Vec::new();
        for roster in waiting {
            let mut state = roster.state();
            for relay in state.ledger.begin_read(&peers) {
                let known = state.remote.get(&relay).map_or(0, RemotePresence::number);
                questions.push(Question { roster: Arc::clone(&roster), relay, known });
            }
        }
        if questions.is_empty() {
            return Ok(());
        }
        let redis = self.link.lease().await?;
        let groups = redis.groups(questions, |it| keys::presence(it.roster.board(), &it.relay))?;
        for some in groups.iter().flat_map(|group| group.chunks(ROSTERS)) {
            let mut pipeline = redis::pipe();
            for question in some {
                let key = keys::presence(question.roster.board(), &question.relay);
                pipeline.cmd("HGETALL").arg(key);
            }
            let answers: Vec<HashMap<String, String>> = redis.ask_all(&pipeline).await?;
            some.iter().zip(&answers).for_each(|(question, fields)| self.learn(question, fields));
        }
        Ok(())
    }

    fn learn(&self, question: &Question, fields: &HashMap<String, String>) {
        let Question { roster, relay, known } = question;
        let is_alive = lock(&self.peers).contains_key(relay);
        let mut state = roster.state();
        if is_alive && (*known > 0 || !fields.is_empty()) {
            let remote = state.remote.entry(Arc::clone(relay)).or_default();
            if remote.replace(*known, fields) == Taken::Next {
                roster.change(&mut state);
            }
        }
    }

    /// A relay's hash is to be read.
    pub(super) fn ask(&self, roster: &Arc<Roster>, relay: &Arc<str>) {
        if roster.state().ledger.wait_for_read(Some(relay)) {
            self.unread.push(Arc::clone(roster));
        }
    }

    /// The hashes of all relays are to be read.
    pub(super) fn ask_all(&self, roster: &Arc<Roster>) {
        if roster.state().ledger.wait_for_read(None) {
            self.unread.push(Arc::clone(roster));
        }
    }

    /// Handles a message of another relay.
    pub(super) fn receive(&self, presence: &Presence, message: &[u8]) {
        let change: Change = match serde_json::from_slice(message) {
            Ok(change) => change,
            Err(error) => return tracing::warn!(%error, "a message about presence is malformed"),
        };
        let Some(relay) = self.seen_alive(presence, &change.relay, Instant::now()) else { return };
        let Some(roster) = presence.roster(change.board) else { return };
        let mut state = roster.state();
        let remote = state.remote.entry(Arc::clone(&relay)).or_default();
        match remote.take(change) {
            Taken::Next => roster.change(&mut state),
            Taken::Old => {}
            Taken::Gap => {
                drop(state);
                self.ask(&roster, &relay);
            }
        }
    }
}
