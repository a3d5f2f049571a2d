//! Which history of the whole database this is, and whether Redis has the same.

use crate::lock::lock;
use std::sync::{Arc, Mutex};

/// What is known of both; they change together or not at all.
#[derive(Debug, Default)]
pub(crate) struct EpochState(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The database's epoch, once PostgreSQL has answered.
    epoch: Option<Arc<str>>,
    /// Whether Redis has the same epoch.
    trusted: bool,
}

/// What is new about an epoch that PostgreSQL has.
pub(crate) struct Learned {
    /// The epoch; the same object for as long as it is the same one.
    pub(crate) epoch: Arc<str>,
    /// Another one was known before: the database was restored.
    pub(crate) restored: bool,
}

impl EpochState {
    /// The database's epoch, once PostgreSQL has answered.
    pub(crate) fn epoch(&self) -> Option<Arc<str>> {
        lock(&self.0).epoch.clone()
    }

    /// The database's epoch, if Redis has the same.
    pub(crate) fn trusted(&self) -> Option<Arc<str>> {
        let known = lock(&self.0);
        known.epoch.clone().filter(|_| known.trusted)
    }

    /// PostgreSQL has this epoch. If it is another one, Redis is not trusted until it was checked.
    pub(crate) fn learn(&self, epoch: &str) -> Learned {
        let mut known = lock(&self.0);
        if let Some(known) = known.epoch.as_ref().filter(|known| ***known == *epoch) {
            return Learned { epoch: Arc::clone(known), restored: false };
        }
        let epoch = Arc::<str>::from(epoch);
        let before = known.epoch.replace(Arc::clone(&epoch));
        known.trusted = false;
        Learned { epoch, restored: before.is_some() }
    }

    /// Redis was seen to hold this epoch. That says nothing where the database has another one since.
    pub(crate) fn trust(&self, epoch: &str) {
        let mut known = lock(&self.0);
        known.trusted = known.epoch.as_deref() == Some(epoch);
    }

    /// Redis was seen to hold another epoch.
    pub(crate) fn distrust(&self) {
        lock(&self.0).trusted = false;
    }
}

#[cfg(test)]
mod tests {
    use super::EpochState;

    #[test]
    fn redis_is_trusted_with_the_databases_epoch_alone() {
        let state = EpochState::default();
        state.trust("a");
        assert_eq!(state.trusted(), None, "nobody knows the database's epoch yet");
        assert!(!state.learn("a").restored);
        assert_eq!(state.trusted(), None, "nobody looked at Redis yet");
        state.trust("a");
        assert_eq!(state.trusted().as_deref(), Some("a"));
        assert!(!state.learn("a").restored);
        assert_eq!(state.trusted().as_deref(), Some("a"));
        state.distrust();
        assert_eq!((state.trusted(), state.epoch().as_deref()), (None, Some("a")));
    }

    #[test]
    fn rt5_a_look_at_redis_that_began_before_a_restore_does_not_vouch_for_what_is_after_it() {
        let state = EpochState::default();
        state.learn("before");
        state.trust("before");
        assert!(state.learn("after").restored);
        // Whoever asked Redis under the old epoch gets its answer only now.
        state.trust("before");
        assert_eq!(state.trusted(), None);
        state.trust("after");
        assert_eq!(state.trusted().as_deref(), Some("after"));
    }
}
