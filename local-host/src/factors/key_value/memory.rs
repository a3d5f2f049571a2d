//! A key-value store in memory, each of whose operations is atomic.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The largest value, as in Spin's own store.
const MAX_VALUE_BYTES: usize = 128 * 1024 * 1024;

/// Why an operation was refused; shown to the guest.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum StoreError {
    /// Something would grow beyond a limit.
    #[error("the store is full: it holds at most {0} bytes")]
    Full(usize),
    /// A value is larger than any may be.
    #[error("the value is larger than {MAX_VALUE_BYTES} bytes")]
    TooLarge,
    /// `increment` on something that is not a number.
    #[error("the value is not a number of 8 bytes")]
    NotANumber,
    /// `increment` beyond what fits into 64 bits.
    #[error("the number would overflow")]
    Overflow,
}

/// Keys and their values.
///
/// Each value has a version that no other value of this store ever has, so that a
/// compare-and-swap notices any write in between, even of an equal value.
pub(crate) struct MemoryStore {
    max_bytes: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: BTreeMap<String, Entry>,
    last_version: u64,
    bytes: usize,
}

#[derive(Clone)]
struct Entry {
    value: Arc<[u8]>,
    version: u64,
}

/// A write that happens only if nobody else wrote in between.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct CompareAndSwap {
    store: Arc<MemoryStore>,
    key: String,
    /// The version that was there when this handle last looked; none where there was no value.
    seen: Option<u64>,
}

impl MemoryStore {
    /// An empty store for at most `max_bytes` of keys and values together.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { max_bytes, state: Mutex::default() }
    }

    /// A write leaves the state whole at every step, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        let value = self.state().entries.get(key).map(|entry| Arc::clone(&entry.value));
        value.map(|value| value.to_vec())
    }

    pub(super) fn set(&self, key: String, value: Vec<u8>) -> Result<(), StoreError> {
        self.state().write(key, value, self.max_bytes)
    }

    pub(super) fn delete(&self, key: &str) {
        let mut state = self.state();
        if let Some(entry) = state.entries.remove(key) {
            state.bytes -= key.len() + entry.value.len();
        }
    }

    pub(super) fn exists(&self, key: &str) -> bool {
        self.state().entries.contains_key(key)
    }

    /// Every key, in order.
    pub(super) fn keys(&self) -> Vec<String> {
        self.state().entries.keys().cloned().collect()
    }

    /// Adds `delta` to the number under `key`, zero if there is none, and gives the sum. It is
    /// kept as 8 bytes, the lowest first, as Spin keeps it.
    pub(super) fn increment(&self, key: String, delta: i64) -> Result<i64, StoreError> {
        let mut state = self.state();
        let number = match state.entries.get(&key) {
            None => 0,
            Some(entry) => {
                let bytes = entry.value.as_ref().try_into().map_err(|_| StoreError::NotANumber)?;
                i64::from_le_bytes(bytes)
            }
        };
        let sum = number.checked_add(delta).ok_or(StoreError::Overflow)?;
        state.write(key, sum.to_le_bytes().to_vec(), self.max_bytes)?;
        Ok(sum)
    }

    /// A handle for a compare-and-swap on `key`, starting from what is there now.
    pub(super) fn compare_and_swap(self: &Arc<Self>, key: String) -> CompareAndSwap {
        let seen = self.state().entries.get(&key).map(|entry| entry.version);
        CompareAndSwap { store: Arc::clone(self), key, seen }
    }
}

impl State {
    fn write(&mut self, key: String, value: Vec<u8>, max_bytes: usize) -> Result<(), StoreError> {
        if value.len() > MAX_VALUE_BYTES {
            return Err(StoreError::TooLarge);
        }
        let before = self.entries.get(&key).map_or(0, |entry| key.len() + entry.value.len());
        let bytes = self.bytes - before + key.len() + value.len();
        if bytes > max_bytes && bytes > self.bytes {
            return Err(StoreError::Full(max_bytes));
        }
        self.bytes = bytes;
        self.last_version += 1;
        let entry = Entry { value: value.into(), version: self.last_version };
        self.entries.insert(key, entry);
        Ok(())
    }
}

impl CompareAndSwap {
    /// The value now; the swap will be compared with it.
    pub(super) fn current(&mut self) -> Option<Vec<u8>> {
        let entry = self.store.state().entries.get(&self.key).cloned();
        self.seen = entry.as_ref().map(|entry| entry.version);
        entry.map(|entry| entry.value.to_vec())
    }

    /// Writes `value` if the key still is as this handle saw it: the same version, or still absent.
    /// Otherwise gives a handle that has seen what is there now.
    pub(super) fn swap(self, value: Vec<u8>) -> Result<Result<(), StoreError>, Self> {
        let mut state = self.store.state();
        let now = state.entries.get(&self.key).map(|entry| entry.version);
        if now != self.seen {
            drop(state);
            return Err(Self { seen: now, ..self });
        }
        Ok(state.write(self.key, value, self.store.max_bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::{MemoryStore, StoreError};

    fn store() -> Arc<MemoryStore> {
        Arc::new(MemoryStore::new(1000))
    }

    #[test]
    fn a_swap_fails_after_any_write_in_between_even_of_the_same_value() {
        let store = store();
        store.set("key".into(), b"one".to_vec()).unwrap();
        let mut swap = store.compare_and_swap("key".into());
        assert_eq!(swap.current().as_deref(), Some(&b"one"[..]));
        store.set("key".into(), b"one".to_vec()).unwrap();
        let Err(mut again) = swap.swap(b"two".to_vec()) else { panic!("the swap went through") };
        assert_eq!(again.current().as_deref(), Some(&b"one"[..]));
        assert!(matches!(again.swap(b"two".to_vec()), Ok(Ok(()))));
        assert_eq!(store.get("key").as_deref(), Some(&b"two"[..]));
    }

    #[test]
    fn a_swap_that_saw_nothing_fails_when_somebody_created_the_key() {
        let store = store();
        let mut swap = store.compare_and_swap("key".into());
        assert_eq!(swap.current(), None);
        store.set("key".into(), b"theirs".to_vec()).unwrap();
        assert!(swap.swap(b"ours".to_vec()).is_err());
        assert_eq!(store.get("key").as_deref(), Some(&b"theirs"[..]));
    }

    #[test]
    fn a_swap_fails_when_the_key_was_deleted_and_made_anew() {
        let store = store();
        store.set("key".into(), b"one".to_vec()).unwrap();
        let swap = store.compare_and_swap("key".into());
        store.delete("key");
        store.set("key".into(), b"one".to_vec()).unwrap();
        assert!(swap.swap(b"two".to_vec()).is_err());
    }

    #[test]
    fn concurrent_increments_lose_nothing() {
        let store = store();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        store.increment("count".into(), 1).unwrap();
                    }
                });
            }
        });
        assert_eq!(store.increment("count".into(), 0), Ok(800));
    }

    #[test]
    fn increment_refuses_what_is_no_number_and_what_overflows() {
        let store = store();
        store.set("text".into(), b"five".to_vec()).unwrap();
        assert_eq!(store.increment("text".into(), 1), Err(StoreError::NotANumber));
        store.increment("number".into(), i64::MAX).unwrap();
        assert_eq!(store.increment("number".into(), 1), Err(StoreError::Overflow));
    }

    #[test]
    fn a_full_store_refuses_to_grow_and_still_lets_values_shrink() {
        let store = store();
        store.set("a".into(), vec![0; 900]).unwrap();
        assert_eq!(store.set("b".into(), vec![0; 100]), Err(StoreError::Full(1000)));
        store.set("a".into(), vec![0; 10]).unwrap();
        store.set("b".into(), vec![0; 100]).unwrap();
        store.delete("a");
        store.set("c".into(), vec![0; 800]).unwrap();
        assert_eq!(store.keys(), ["b", "c"]);
    }
}
