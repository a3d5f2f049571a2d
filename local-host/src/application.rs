//! The application: its components compiled, linked and ready, behind its routes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow};
use local_host_wasi::State;
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};
use wasmtime_wasi_http::handler::{ProxyHandler, ProxyPre};

use crate::bindings::{spin, wasi};
use crate::engine::Compiler;
use crate::factors::allowed_hosts::{AllowedHost, AllowedHosts};
use crate::factors::files::Mounts;
use crate::factors::key_value::{KeyValue, Stores};
use crate::factors::postgres::Postgres;
use crate::factors::redis::Redis;
use crate::factors::variables::ComponentVariables;
use crate::host::{Host, Shared};
use crate::instance::{Factory, InstanceState};
use crate::manifest::document::DocumentError;
use crate::manifest::{self, Manifest};
use crate::metrics::{ComponentMetrics, Loaded};
use crate::routes::{Pattern, Router};
use crate::secret::Secret;
use crate::variables::Variables;

/// How the file of a core module begins: magic number, version and layer.
const CORE_MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// A component that answers requests.
pub(crate) struct LoadedComponent {
    pub(crate) id: Arc<str>,
    /// What is counted of it.
    pub(crate) metrics: Arc<ComponentMetrics>,
    pub(crate) handler: ProxyHandler<Factory>,
}

/// Routes to components.
pub(crate) type Application = Router<Arc<LoadedComponent>>;

/// Compiles and links every component that a trigger names.
///
/// # Errors
/// The manifest names something that is not there or cannot be used; the message says where.
pub(crate) fn load(
    manifest: &Manifest,
    variables: &Variables,
    compiler: &Compiler,
    host: Host,
) -> Result<Application> {
    let started = Instant::now();
    let host = Arc::new(host);
    let linker = linker(&host.engine)
        .map_err(|error| anyhow!("the interfaces cannot be linked: {error:#}"))?;
    let mut loaded: BTreeMap<&str, Arc<LoadedComponent>> = BTreeMap::new();
    let mut routes = Vec::new();
    for trigger in &manifest.triggers {
        let id = trigger.component.value.as_str();
        let component = match loaded.get(id) {
            Some(component) => Arc::clone(component),
            None => {
                let component = &manifest.components[id];
                let component =
                    Arc::new(load_component(component, manifest, variables, &linker, &host)?);
                loaded.insert(id, Arc::clone(&component));
                component
            }
        };
        if let Some(route) = &trigger.route {
            let pattern = Pattern::parse(&route.value).map_err(|reason| route.error(reason))?;
            routes.push((pattern, component));
        }
    }
    let (from_cache, compiled) = (compiler.cache.cache_hits(), compiler.cache.cache_misses());
    let took = started.elapsed();
    // It is loaded once.
    let _ = host.metrics.loaded.set(Loaded { compiled, from_cache, took });
    tracing::info!(
        components = loaded.len(),
        milliseconds = took.as_millis(),
        from_cache,
        compiled,
        "loaded the components of {}",
        manifest.name
    );
    Ok(Router::new(routes))
}

fn load_component(
    component: &manifest::Component,
    manifest: &Manifest,
    variables: &Variables,
    linker: &Linker<State>,
    host: &Arc<Host>,
) -> Result<LoadedComponent> {
    let pre = compile(component, &manifest.directory, linker)?;
    let id: Arc<str> = component.id.as_str().into();
    let metrics = Arc::new(ComponentMetrics::new(&id));
    let shared = Arc::new(Shared {
        variables: resolve_variables(component, variables)?,
        environment: component.environment.clone(),
        mounts: Mounts::prepare(component, &manifest.directory)?,
        allowed_hosts: Arc::new(resolve_allowed_hosts(component, variables)?),
        key_value_stores: check_stores(component, &host.stores)?,
        metrics: Arc::clone(&metrics),
        host: Arc::clone(host),
        id: Arc::clone(&id),
    });
    Ok(LoadedComponent { id, metrics, handler: ProxyHandler::new(Factory { pre, shared }) })
}

fn compile(
    component: &manifest::Component,
    directory: &Path,
    linker: &Linker<State>,
) -> Result<ProxyPre<State>, DocumentError> {
    let source = &component.source;
    let path = directory.join(&source.value);
    let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let file = &source.value;
            let hint = match &component.build_command {
                Some(command) => format!("build it with: {command}"),
                None => "build the component first".to_owned(),
            };
            source.error(format_args!("no such file {file:?}; {hint}"))
        }
        _ => source.error(format_args!("cannot be read: {error}")),
    })?;
    if bytes.starts_with(CORE_MODULE) {
        return Err(source.error("is a core module; build it for wasm32-wasip2 to get a component"));
    }
    let compiled = Component::from_binary(linker.engine(), &bytes)
        .map_err(|error| source.error(format_args!("is not a WASM component: {error:#}")))?;
    let pre = linker
        .instantiate_pre(&compiled)
        .map_err(|error| source.error(format_args!("cannot run on this host: {error:#}")))?;
    local_host_wasi::proxy(pre).map_err(|error| {
        source.error(format_args!(
            "does not handle HTTP requests: it exports neither wasi:http/handler@0.3 nor \
             wasi:http/incoming-handler@0.2 ({error:#})"
        ))
    })
}

fn resolve_variables(
    component: &manifest::Component,
    variables: &Variables,
) -> Result<ComponentVariables, DocumentError> {
    let resolve = |(name, template): &(manifest::document::Located<String>, _)| {
        let template: &manifest::document::Located<manifest::template::Template> = template;
        let value = template
            .value
            .resolve(|name| variables.get(name))
            .map_err(|name| template.error(format_args!("{name:?} has no value")))?;
        Ok((name.value.clone(), Secret::from(value)))
    };
    component.variables.iter().map(resolve).collect()
}

fn resolve_allowed_hosts(
    component: &manifest::Component,
    variables: &Variables,
) -> Result<AllowedHosts, DocumentError> {
    let resolve = |template: &manifest::document::Located<manifest::template::Template>| {
        let host = template
            .value
            .resolve(|name| variables.get(name))
            .map_err(|name| template.error(format_args!("{name:?} has no value")))?;
        AllowedHost::parse(&host).map_err(|reason| template.error(reason))
    };
    let hosts = component.allowed_outbound_hosts.iter().map(resolve);
    Ok(hosts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn check_stores(
    component: &manifest::Component,
    stores: &Stores,
) -> Result<BTreeSet<String>, DocumentError> {
    if let Some(unknown) = component.key_value_stores.iter().find(|label| !stores.has(&label.value))
    {
        let label = &unknown.value;
        return Err(unknown.error(format_args!(
            "no key-value store {label:?}; the runtime configuration must define it"
        )));
    }
    Ok(component.key_value_stores.iter().map(|label| label.value.clone()).collect())
}

/// Everything that a component may import.
fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = local_host_wasi::linker(engine)?;
    spin::variables::variables::add_to_linker::<_, crate::factors::variables::Variables>(
        &mut linker,
        InstanceState::variables,
    )?;
    spin::key_value::key_value::add_to_linker::<_, KeyValue>(
        &mut linker,
        InstanceState::key_value,
    )?;
    wasi::keyvalue::store::add_to_linker::<_, KeyValue>(&mut linker, InstanceState::key_value)?;
    wasi::keyvalue::atomics::add_to_linker::<_, KeyValue>(&mut linker, InstanceState::key_value)?;
    wasi::keyvalue::batch::add_to_linker::<_, KeyValue>(&mut linker, InstanceState::key_value)?;
    spin::redis::redis::add_to_linker::<_, Redis>(&mut linker, InstanceState::redis)?;
    spin::postgres::postgres::add_to_linker::<_, Postgres>(&mut linker, InstanceState::postgres)?;
    Ok(linker)
}
