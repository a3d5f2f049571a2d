//! Writing to Redis what changed on this relay.

use super::{ROSTERS, Sharer, Sharing};
use crate::presence::change::{self, Change};
use crate::presence::ledger::shareable;
use crate::presence::online::{UserState, Users};
use crate::presence::roster::Roster;
use crate::unavailable::Unavailable;
use redis::{Pipeline, Value};
use serde_json::value::RawValue;
use shared::data::keys;
use std::sync::Arc;

impl Sharer {
    /// Shares every roster that waits for it, each in a transaction: its hash and the message.
    pub(super) async fn write(&mut self, sharing: &Sharing) -> Result<(), Unavailable> {
        let waiting = sharing.unwritten.take();
        if waiting.is_empty() {
            return Ok(());
        }
        let name = self.name(sharing);
        let redis = sharing.link.lease().await?;
        let groups = redis.groups(waiting, |roster| keys::presence(roster.board(), &name))?;
        let mut failure = None;
        for some in groups.iter().flat_map(|group| group.chunks(ROSTERS)) {
            let mut pipeline = redis::pipe();
            for roster in some {
                if let Some((change, is_over)) = self.change(roster, &name) {
                    add(&mut pipeline, (&change, is_over), sharing.database(), sharing.expiry());
                }
            }
            if failure.is_none() && !pipeline.is_empty() {
                let answer = redis.ask_all::<Vec<Value>>(&pipeline).await;
                failure = answer.err();
            }
            some.iter().for_each(|roster| self.presence.forget_if_over(roster));
        }
        // Whatever was taken out and not shared is shared again when Redis is back.
        failure.map_or(Ok(()), Err)
    }

    /// What others do not know of a roster, and whether nobody is left; `None` if they know all. It
    /// counts as shared from here on.
    fn change(&mut self, roster: &Roster, name: &str) -> Option<(Change, bool)> {
        let mut state = roster.state();
        let state = &mut *state;
        state.ledger.begin_write();
        let known = &state.ledger.shared;
        let changed = shareable(&state.users).filter(|(user, it)| known.get(*user) != Some(*it));
        let set = changed.filter_map(|(user, it)| Some((user.to_string(), raw(it)?))).collect();
        let users: Users =
            shareable(&state.users).map(|(user, it)| (user.clone(), it.clone())).collect();
        let gone = known.keys().filter(|user| !users.contains_key(*user));
        let gone = gone.map(ToString::to_string).collect();
        let after = (state.ledger.number > 0 && !users.is_empty()).then_some(state.ledger.number);
        let is_over = users.is_empty();
        let mut change = Change {
            relay: name.to_owned(),
            board: roster.board(),
            number: self.number + 1,
            after,
            set,
            gone,
        };
        if change.set.is_empty() && change.gone.is_empty() {
            return None;
        }
        if after.is_none() {
            change.gone.clear();
        }
        self.number = change.number;
        state.ledger.number = if is_over { 0 } else { change.number };
        state.ledger.shared = users;
        Some((change, is_over))
    }
}

fn raw(state: &UserState) -> Option<(u64, Box<RawValue>)> {
    Some((state.at, RawValue::from_string(state.state.to_string()).ok()?))
}

fn add(pipeline: &mut Pipeline, (change, is_over): (&Change, bool), database: i64, expiry: u64) {
    let Ok(message) = serde_json::to_string(change) else { return };
    let key = keys::presence(change.board, &change.relay);
    pipeline.cmd("MULTI");
    if change.after.is_none() {
        pipeline.cmd("DEL").arg(&key);
    }
    if !change.gone.is_empty() {
        pipeline.cmd("HDEL").arg(&key).arg(&change.gone);
    }
    if !is_over {
        pipeline.cmd("HSET").arg(&key).arg(change::NUMBER).arg(change.number);
        for (user, (at, state)) in &change.set {
            pipeline.arg(user).arg(change::field(*at, state.get()));
        }
        pipeline.cmd("PEXPIRE").arg(&key).arg(expiry);
    }
    let channel = keys::presence_channel(keys::shard(change.board), database);
    pipeline.cmd("PUBLISH").arg(channel).arg(message);
    pipeline.cmd("EXEC");
}

impl Sharing {
    /// Shares a roster with the other relays soon.
    pub(in crate::presence) fn share(&self, roster: &Arc<Roster>) {
        self.unwritten.push(Arc::clone(roster));
    }

    /// The number of the database in Redis, since channels are common to all of them.
    pub(super) fn database(&self) -> i64 {
        self.servers.database()
    }
}
