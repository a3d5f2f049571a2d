//! `spin:key-value@3.0.0` over the stores.

use wasmtime::Result;
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use super::memory::{MemoryStore, StoreError};
use super::{KeyValue, OpenStore, Refused, View};
use crate::bindings::spin::key_value::key_value::{Error, Host, HostStore, HostStoreWithStore};

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::AccessDenied => Self::AccessDenied,
            Refused::NoSuchStore => Self::NoSuchStore,
        }
    }
}

impl Host for View<'_> {}

impl HostStore for View<'_> {
    fn drop(&mut self, store: Resource<OpenStore>) -> Result<()> {
        self.table.delete(store)?;
        Ok(())
    }
}

/// Does something to an open store, and counts it.
fn done<T, R>(
    accessor: &Accessor<T, KeyValue>,
    store: &Resource<OpenStore>,
    call: impl FnOnce(&MemoryStore) -> R,
) -> Result<R> {
    accessor.with(|mut access| {
        let view = access.get();
        let store = view.store(store)?;
        Ok(view.calls.done(|| call(&store)))
    })
}

impl<T> HostStoreWithStore<T> for KeyValue {
    async fn open(
        accessor: &Accessor<T, Self>,
        label: String,
    ) -> Result<Result<Resource<OpenStore>, Error>> {
        let opened = accessor.with(|mut access| access.get().open_store(&label))?;
        Ok(opened.map_err(Error::from))
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
    ) -> Result<Result<Option<Vec<u8>>, Error>> {
        Ok(Ok(done(accessor, &open, |store| store.get(&key))?))
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        accessor.with(|mut access| {
            let view = access.get();
            let store = view.store(&open)?;
            Ok(view.calls.tried(|| store.set(key, value)).map_err(Error::from))
        })
    }

    async fn delete(
        accessor: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
    ) -> Result<Result<(), Error>> {
        Ok(Ok(done(accessor, &open, |store| store.delete(&key))?))
    }

    async fn exists(
        accessor: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
    ) -> Result<Result<bool, Error>> {
        Ok(Ok(done(accessor, &open, |store| store.exists(&key))?))
    }

    async fn get_keys(
        accessor: &Accessor<T, Self>,
        open: Resource<OpenStore>,
    ) -> Result<(StreamReader<String>, FutureReader<Result<(), Error>>)> {
        let keys = done(accessor, &open, MemoryStore::keys)?;
        accessor.with(|mut access| {
            let keys = StreamReader::new(&mut access, keys)?;
            let ended = FutureReader::new(&mut access, async { wasmtime::error::Ok(Ok(())) })?;
            Ok((keys, ended))
        })
    }
}
