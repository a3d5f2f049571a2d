//! What the other relays know of a roster, and what is to be learned from them.

use super::change::USERS;
use super::online::{Told, Users};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A roster's account with Redis.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// The users as others were told, and the number of that; 0: nothing was told.
    pub(super) told: Users,
    pub(super) number: u64,
    /// Whether it waits to be written.
    unwritten: bool,
    /// The relays whose hash is to be read; `everybody` stands for all that live then.
    unread: BTreeSet<Arc<str>>,
    everybody: bool,
}

/// The users that others are told of.
pub(super) fn shareable(users: &Users) -> impl Iterator<Item = (&Arc<str>, &Told)> {
    users.iter().take(USERS)
}

impl Ledger {
    /// Whether others must be told of these users, and nobody has been asked to yet.
    pub(super) fn wait_for_write(&mut self, users: &Users) -> bool {
        let differs = !shareable(users).eq(self.told.iter());
        differs && !std::mem::replace(&mut self.unwritten, true)
    }

    /// It is being written.
    pub(super) fn begin_write(&mut self) {
        self.unwritten = false;
    }

    /// Whether nothing of it is left in Redis, nor on its way there.
    pub(super) fn is_settled(&self) -> bool {
        self.told.is_empty() && !self.unwritten
    }

    /// Whether Redis has something of it.
    pub(super) fn is_told(&self) -> bool {
        self.number > 0
    }

    /// Nothing counts as told any more. As [`Self::wait_for_write`].
    pub(super) fn forget(&mut self, users: &Users) -> bool {
        self.told.clear();
        self.number = 0;
        self.wait_for_write(users)
    }

    /// A relay's hash is to be read, or with `None` those of all; whether that was not so before.
    pub(super) fn wait_for_read(&mut self, relay: Option<&Arc<str>>) -> bool {
        let waited = self.everybody || !self.unread.is_empty();
        match relay {
            Some(relay) => {
                self.unread.insert(Arc::clone(relay));
            }
            None => self.everybody = true,
        }
        !waited
    }

    /// The relays whose hash is to be read now.
    pub(super) fn begin_read(&mut self, peers: &BTreeSet<Arc<str>>) -> BTreeSet<Arc<str>> {
        let asked = std::mem::take(&mut self.unread);
        if std::mem::take(&mut self.everybody) { peers.clone() } else { asked }
    }
}
