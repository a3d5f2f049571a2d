//! Counts what histories came across, because a property that nothing came near is no proof.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

static SEEN: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// Counts one more of these.
pub(crate) fn count(what: String) {
    *SEEN.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
}

/// Fails unless each of these was counted; tells of all that were.
pub(crate) fn assert_seen(all: &[&str]) {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for (what, times) in seen.iter() {
        eprintln!("{times:7} {what}");
    }
    let missing: Vec<_> = all.iter().filter(|what| !seen.contains_key(**what)).collect();
    assert!(missing.is_empty(), "no history came across {missing:?}");
}
