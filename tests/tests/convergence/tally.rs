//! Counts the outcomes of histories, because a property proves nothing about cases that never
//! occurred.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

static SEEN: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// Counts one outcome of this kind.
pub(crate) fn count(what: String) {
    *SEEN.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
}

/// Fails unless each of these was counted; prints all counts.
pub(crate) fn assert_seen(all: &[&str]) {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for (what, times) in seen.iter() {
        eprintln!("{times:7} {what}");
    }
    let missing: Vec<_> = all.iter().filter(|what| !seen.contains_key(**what)).collect();
    assert!(missing.is_empty(), "no history included {missing:?}");
}
