//! `spin:variables`: the values that the manifest gives a component.

use std::collections::BTreeMap;

use wasmtime::Result;
use wasmtime::component::{Accessor, HasData};

use crate::bindings::spin::variables::variables::{Error, Host, HostWithStore};
use crate::secret::Secret;

/// A component's values by name, resolved at start.
pub(crate) type ComponentVariables = BTreeMap<String, Secret>;

/// Gives the interface access to the component's values.
pub(crate) struct Variables;

/// A component's values, borrowed for one call.
pub(crate) struct View<'a>(pub(crate) &'a ComponentVariables);

impl HasData for Variables {
    type Data<'a> = View<'a>;
}

impl Host for View<'_> {}

impl<T> HostWithStore<T> for Variables {
    async fn get(accessor: &Accessor<T, Self>, name: String) -> Result<Result<String, Error>> {
        Ok(accessor.with(|mut access| {
            let View(values) = access.get();
            match values.get(&name) {
                Some(value) => Ok(value.reveal().to_owned()),
                None => Err(Error::Undefined(format!("no variable {name:?} for this component"))),
            }
        }))
    }
}
