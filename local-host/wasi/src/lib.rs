//! WASI for guests, linked: two thirds of the machine code of the host, which the generic functions of
//! wasmtime become for its type of store. In a crate of its own it is compiled once, beside the rest.

use std::any::Any;

use wasmtime::component::{InstancePre, Linker, ResourceTable};
use wasmtime::{Engine, Result};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::handler::ProxyPre;
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView, p2, p3};

/// Everything that belongs to one instance: what WASI needs of it, and what its host adds.
pub struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: Box<dyn WasiHttpHooks>,
    own: Box<dyn Any + Send>,
}

impl State {
    /// The state of a new instance, which has no resources yet. `hooks` decide on its outbound
    /// requests; `own` is the host's.
    pub fn new<T: Any + Send>(wasi: WasiCtx, hooks: impl WasiHttpHooks + 'static, own: T) -> Self {
        Self {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            hooks: Box::new(hooks),
            own: Box::new(own),
        }
    }

    /// The instance's resources, and what the host added.
    ///
    /// # Panics
    /// The host added something else than a `T`.
    pub fn own<T: Any>(&mut self) -> (&mut ResourceTable, &mut T) {
        let Some(own) = self.own.downcast_mut() else {
            unreachable!("the host adds only one type, a {}", std::any::type_name::<T>())
        };
        (&mut self.table, own)
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut *self.hooks }
    }
}

/// A linker with WASI 0.2 and 0.3 and `wasi:http`: the standard library of guests uses the one, the
/// SDK the other.
///
/// # Errors
/// Two interfaces have the same name.
pub fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    p2::add_only_http_to_linker_async(&mut linker)?;
    p3::add_to_linker(&mut linker)?;
    Ok(linker)
}

/// A component that answers HTTP requests, of either version.
///
/// # Errors
/// It exports neither `wasi:http/handler@0.3` nor `wasi:http/incoming-handler@0.2`.
pub fn proxy(pre: InstancePre<State>) -> Result<ProxyPre<State>> {
    match p3::bindings::ServicePre::new(pre.clone()) {
        Ok(service) => Ok(ProxyPre::P3(service)),
        Err(error) => match p2::bindings::ProxyPre::new(pre) {
            Ok(proxy) => Ok(ProxyPre::P2(proxy)),
            Err(_) => Err(error),
        },
    }
}
