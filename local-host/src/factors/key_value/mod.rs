//! `spin:key-value` and `wasi:keyvalue`: two interfaces to the same stores.

mod memory;
mod spin;
mod wasi;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wasmtime::Result;
use wasmtime::component::{HasData, Resource, ResourceTable};

#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub use self::memory::CompareAndSwap;
use self::memory::MemoryStore;
use crate::metrics::StoreCalls;

/// The stores of the application by their label; they end with the process.
pub(crate) struct Stores(BTreeMap<String, Arc<MemoryStore>>);

impl Stores {
    /// Empty stores with these labels, each holding at most `max_bytes` of keys and values.
    pub(crate) fn in_memory(labels: &BTreeSet<String>, max_bytes: usize) -> Self {
        let store = |label: &String| (label.clone(), Arc::new(MemoryStore::new(max_bytes)));
        Self(labels.iter().map(store).collect())
    }

    /// Whether there is a store with this label.
    pub(crate) fn has(&self, label: &str) -> bool {
        self.0.contains_key(label)
    }
}

/// A store that a guest has opened.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct OpenStore(Arc<MemoryStore>);

/// Gives the interfaces access to the stores that a component may open.
pub(crate) struct KeyValue;

/// What the interfaces need of an instance, borrowed for one call.
pub(crate) struct View<'a> {
    /// Where the instance's resources are.
    pub(crate) table: &'a mut ResourceTable,
    /// Every store of the application.
    pub(crate) stores: &'a Stores,
    /// The labels that the component may open.
    pub(crate) allowed: &'a BTreeSet<String>,
    /// What its calls are counted by.
    pub(crate) calls: &'a StoreCalls,
}

impl HasData for KeyValue {
    type Data<'a> = View<'a>;
}

/// Why a store cannot be opened.
enum Refused {
    AccessDenied,
    NoSuchStore,
}

impl View<'_> {
    fn open_store(&mut self, label: &str) -> Result<Result<Resource<OpenStore>, Refused>> {
        if !self.allowed.contains(label) {
            return Ok(Err(Refused::AccessDenied));
        }
        let Some(store) = self.stores.0.get(label) else { return Ok(Err(Refused::NoSuchStore)) };
        Ok(Ok(self.table.push(OpenStore(Arc::clone(store)))?))
    }

    fn store(&self, store: &Resource<OpenStore>) -> Result<Arc<MemoryStore>> {
        Ok(Arc::clone(&self.table.get(store)?.0))
    }
}
