//! Whether a board is there for somebody, before they subscribe.

use super::Subscriber;
use super::board::{Board, Phase, State};
use super::cursor::{Asked, Cursor};

impl<S: Subscriber> Board<S> {
    /// Whether there is such a board for this request, once the board has been read.
    pub async fn is_there_for(&self, cursor: &Cursor) -> bool {
        loop {
            let settled = self.settled.notified();
            let found = self.state().is_there_for(cursor);
            match found {
                Some(found) => return found,
                None => settled.await,
            }
        }
    }
}

impl<S> State<S> {
    pub(super) fn is_of_epoch(&self, asked: &Asked) -> bool {
        asked.epoch.as_ref().is_none_or(|epoch| **epoch == *self.epoch)
    }

    /// A deleted board is only there for those who have not seen its end yet.
    pub(super) fn lacks_the_end(&self, asked: &Asked) -> bool {
        self.is_of_epoch(asked) && asked.after.is_some_and(|after| after < self.head)
    }

    /// `None` while the board is being read.
    fn is_there_for(&self, cursor: &Cursor) -> Option<bool> {
        match (self.phase, cursor) {
            (Phase::Loading, _) => None,
            (Phase::Missing, _) => Some(false),
            (Phase::Deleted, Cursor::Asked(asked)) => Some(self.lacks_the_end(asked)),
            (Phase::Live | Phase::Deleted, _) => Some(true),
        }
    }
}
