//! The host's key-value store, with its atomics.

use crate::Failure;
use shared::http::problem::Problem;
use spin_sdk::experimental::wasi::keyvalue::{atomics, batch, store};
use std::collections::HashMap;

/// How often a compare-and-swap is tried before the caller is asked to come back: each failed try
/// means that somebody else succeeded, so only a storm gets there.
const MAX_TRIES: usize = 1_000;

/// The store named `default`.
pub(crate) struct Bucket(store::Bucket);

impl Bucket {
    /// Opens it.
    pub(crate) fn open() -> Result<Self, Failure> {
        store::open("default").map(Self).map_err(failure)
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.0.get(key).map_err(failure)
    }

    /// Every key.
    pub(crate) fn keys(&self) -> Result<Vec<String>, Failure> {
        let (mut keys, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.0.list_keys(cursor.as_deref()).map_err(failure)?;
            keys.extend(page.keys);
            cursor = page.cursor;
            if cursor.is_none() {
                return Ok(keys);
            }
        }
    }

    /// The values of several keys, in their order. (Spin leaves out those that are not there.)
    pub(crate) fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, Failure> {
        let found = batch::get_many(&self.0, keys).map_err(failure)?;
        let mut found: HashMap<String, Option<Vec<u8>>> = found.into_iter().collect();
        Ok(keys.iter().map(|key| found.remove(key).flatten()).collect())
    }

    /// Sets the value of a key, whatever it was.
    pub(crate) fn set(&self, key: &str, value: &[u8]) -> Result<(), Failure> {
        self.0.set(key, value).map_err(failure)
    }

    /// Removes a key, if it is there.
    pub(crate) fn delete(&self, key: &str) -> Result<(), Failure> {
        self.0.delete(key).map_err(failure)
    }

    /// Adds to a counter and gives its new value.
    pub(crate) fn increment(&self, key: &str, delta: i64) -> Result<i64, Failure> {
        atomics::increment(&self.0, key, delta).map_err(failure)
    }

    /// Changes the value of a key that exists: `change` gets it and gives the new one (or `None`
    /// to leave it) and a result. It is called again when somebody else was faster.
    pub(crate) fn update<T>(
        &self,
        key: &str,
        mut change: impl FnMut(Option<Vec<u8>>) -> Result<(Option<Vec<u8>>, T), Failure>,
    ) -> Result<T, Failure> {
        let mut handle = atomics::Cas::new(&self.0, key).map_err(failure)?;
        for _ in 0..MAX_TRIES {
            let (value, result) = change(handle.current().map_err(failure)?)?;
            let Some(value) = value else { return Ok(result) };
            match atomics::swap(handle, &value) {
                Ok(()) => return Ok(result),
                Err(atomics::CasError::CasFailed(newer)) => handle = newer,
                Err(atomics::CasError::StoreError(error)) => return Err(failure(error)),
            }
        }
        let detail = "Too many others are changing this board. Please try again.";
        Err(Failure::unavailable(detail, format_args!("no swap of {key} in {MAX_TRIES} tries")))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
fn failure(error: store::Error) -> Failure {
    // There is no case of its own for this. So say it local-host and SQLite, where Spin keeps values.
    if matches!(&error, store::Error::Other(text) if text.contains("is full")) {
        let detail = "The store of the quick-win boards is full. Delete a board first.";
        return Problem::of_limit("store", detail).into();
    }
    Failure::unavailable("The store is unavailable for now.", format_args!("key-value: {error:?}"))
}
