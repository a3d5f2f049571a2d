//! What a roster has shared with the other relays, and what it has yet to read from them.

use super::change::USERS;
use super::online::{UserState, Users};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How far a roster is in step with Redis.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// The users as they were last shared, and the number of that change; 0: nothing was shared.
    pub(super) shared: Users,
    pub(super) number: u64,
    /// Whether it waits to be written.
    unwritten: bool,
    /// The relays whose hash is to be read; `everybody` means all that are alive then.
    unread: BTreeSet<Arc<str>>,
    everybody: bool,
}

/// The users that are shared.
pub(super) fn shareable(users: &Users) -> impl Iterator<Item = (&Arc<str>, &UserState)> {
    users.iter().take(USERS)
}

impl Ledger {
    /// Whether these users have to be shared, and are not waiting for that yet.
    pub(super) fn wait_for_write(&mut self, users: &Users) -> bool {
        let differs = !shareable(users).eq(self.shared.iter());
        differs && !std::mem::replace(&mut self.unwritten, true)
    }

    /// It is being written.
    pub(super) fn begin_write(&mut self) {
        self.unwritten = false;
    }

    /// Whether nothing of it is left in Redis, nor on its way there.
    pub(super) fn is_settled(&self) -> bool {
        self.shared.is_empty() && !self.unwritten
    }

    /// Whether Redis has something of it.
    pub(super) fn is_shared(&self) -> bool {
        self.number > 0
    }

    /// Nothing counts as shared any more. As [`Self::wait_for_write`].
    pub(super) fn forget(&mut self, users: &Users) -> bool {
        self.shared.clear();
        self.number = 0;
        self.wait_for_write(users)
    }

    /// A relay's hash is to be read, or with `None` those of all; returns whether none was waiting before.
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
