//! Which history of the whole database this is, and whether Redis tells of the same.

use crate::lock::lock;
use std::sync::{Arc, Mutex};

/// What is known of both; they change together or not at all.
#[derive(Debug, Default)]
pub(crate) struct World(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The database's epoch, once PostgreSQL told it.
    epoch: Option<Arc<str>>,
    /// Whether what Redis holds is of this epoch.
    trusted: bool,
}

/// What is new about an epoch that PostgreSQL told.
pub(crate) struct Learned {
    /// The epoch; the same object for as long as it is the same one.
    pub(crate) epoch: Arc<str>,
    /// Another one was known before: the database was restored.
    pub(crate) restored: bool,
}

impl World {
    /// The database's epoch, once PostgreSQL told it.
    pub(crate) fn epoch(&self) -> Option<Arc<str>> {
        lock(&self.0).epoch.clone()
    }

    /// The database's epoch, where what Redis holds is of it.
    pub(crate) fn trusted(&self) -> Option<Arc<str>> {
        let known = lock(&self.0);
        known.epoch.clone().filter(|_| known.trusted)
    }

    /// PostgreSQL told its epoch. Redis is not trusted with another one until it was looked at.
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
    use super::World;

    #[test]
    fn redis_is_trusted_with_the_databases_epoch_alone() {
        let world = World::default();
        world.trust("a");
        assert_eq!(world.trusted(), None, "nobody knows the database's epoch yet");
        assert!(!world.learn("a").restored);
        assert_eq!(world.trusted(), None, "nobody looked at Redis yet");
        world.trust("a");
        assert_eq!(world.trusted().as_deref(), Some("a"));
        assert!(!world.learn("a").restored);
        assert_eq!(world.trusted().as_deref(), Some("a"));
        world.distrust();
        assert_eq!((world.trusted(), world.epoch().as_deref()), (None, Some("a")));
    }

    #[test]
    fn rt5_a_look_at_redis_that_began_before_a_restore_does_not_vouch_for_what_is_after_it() {
        let world = World::default();
        world.learn("before");
        world.trust("before");
        assert!(world.learn("after").restored);
        // Whoever asked Redis under the old epoch gets its answer only now.
        world.trust("before");
        assert_eq!(world.trusted(), None);
        world.trust("after");
        assert_eq!(world.trusted().as_deref(), Some("after"));
    }
}
