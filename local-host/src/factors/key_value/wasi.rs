//! `wasi:keyvalue@0.2.0-draft2` (store, atomics, batch) over the same stores.

use wasmtime::Result;
use wasmtime::component::Resource;

use super::memory::{CompareAndSwap, StoreError};
use super::{OpenStore, Refused, View};
use crate::bindings::wasi::keyvalue::store::{Error, Host, HostBucket, KeyResponse};
use crate::bindings::wasi::keyvalue::{atomics, batch};

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

impl Host for View<'_> {
    fn open(&mut self, identifier: String) -> Result<Result<Resource<OpenStore>, Error>> {
        Ok(self.open_store(&identifier)?.map_err(Error::from))
    }
}

impl HostBucket for View<'_> {
    fn get(
        &mut self,
        bucket: Resource<OpenStore>,
        key: String,
    ) -> Result<Result<Option<Vec<u8>>, Error>> {
        let store = self.store(&bucket)?;
        Ok(Ok(self.calls.done(|| store.get(&key))))
    }

    fn set(
        &mut self,
        bucket: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        let store = self.store(&bucket)?;
        Ok(self.calls.tried(|| store.set(key, value)).map_err(Error::from))
    }

    fn delete(&mut self, bucket: Resource<OpenStore>, key: String) -> Result<Result<(), Error>> {
        let store = self.store(&bucket)?;
        self.calls.done(|| store.delete(&key));
        Ok(Ok(()))
    }

    fn exists(&mut self, bucket: Resource<OpenStore>, key: String) -> Result<Result<bool, Error>> {
        let store = self.store(&bucket)?;
        Ok(Ok(self.calls.done(|| store.exists(&key))))
    }

    fn list_keys(
        &mut self,
        bucket: Resource<OpenStore>,
        cursor: Option<String>,
    ) -> Result<Result<KeyResponse, Error>> {
        // All keys are in the first answer, so that a cursor can only be one of another host.
        if cursor.is_some() {
            return Ok(Err(Error::Other("no such cursor".to_owned())));
        }
        let store = self.store(&bucket)?;
        Ok(Ok(KeyResponse { keys: self.calls.done(|| store.keys()), cursor: None }))
    }

    fn drop(&mut self, bucket: Resource<OpenStore>) -> Result<()> {
        self.table.delete(bucket)?;
        Ok(())
    }
}

impl atomics::HostCas for View<'_> {
    fn new(
        &mut self,
        bucket: Resource<OpenStore>,
        key: String,
    ) -> Result<Result<Resource<CompareAndSwap>, Error>> {
        let swap = self.store(&bucket)?.compare_and_swap(key);
        Ok(Ok(self.table.push(swap)?))
    }

    fn current(
        &mut self,
        swap: Resource<CompareAndSwap>,
    ) -> Result<Result<Option<Vec<u8>>, Error>> {
        let swap = self.table.get_mut(&swap)?;
        Ok(Ok(self.calls.done(|| swap.current())))
    }

    fn drop(&mut self, swap: Resource<CompareAndSwap>) -> Result<()> {
        self.table.delete(swap)?;
        Ok(())
    }
}

impl atomics::Host for View<'_> {
    fn increment(
        &mut self,
        bucket: Resource<OpenStore>,
        key: String,
        delta: i64,
    ) -> Result<Result<i64, Error>> {
        let store = self.store(&bucket)?;
        Ok(self.calls.tried(|| store.increment(key, delta)).map_err(Error::from))
    }

    fn swap(
        &mut self,
        swap: Resource<CompareAndSwap>,
        value: Vec<u8>,
    ) -> Result<Result<(), atomics::CasError>> {
        let swap = self.table.delete(swap)?;
        Ok(match self.calls.tried(|| swap.swap(value)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(atomics::CasError::StoreError(error.into())),
            Err(newer) => Err(atomics::CasError::CasFailed(self.table.push(newer)?)),
        })
    }
}

impl batch::Host for View<'_> {
    fn get_many(
        &mut self,
        bucket: Resource<OpenStore>,
        keys: Vec<String>,
    ) -> Result<Result<Vec<(String, Option<Vec<u8>>)>, Error>> {
        let store = self.store(&bucket)?;
        let pair = |key: String| {
            let value = store.get(&key);
            (key, value)
        };
        Ok(Ok(self.calls.done(|| keys.into_iter().map(pair).collect())))
    }

    fn set_many(
        &mut self,
        bucket: Resource<OpenStore>,
        pairs: Vec<(String, Vec<u8>)>,
    ) -> Result<Result<(), Error>> {
        let store = self.store(&bucket)?;
        let mut pairs = pairs.into_iter();
        let written = self.calls.tried(|| pairs.try_for_each(|(key, value)| store.set(key, value)));
        Ok(written.map_err(Error::from))
    }

    fn delete_many(
        &mut self,
        bucket: Resource<OpenStore>,
        keys: Vec<String>,
    ) -> Result<Result<(), Error>> {
        let store = self.store(&bucket)?;
        self.calls.done(|| keys.iter().for_each(|key| store.delete(key)));
        Ok(Ok(()))
    }
}
