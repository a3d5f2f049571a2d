//! What the instances of all components share, and those of one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use http::uri::Authority;
use wasmtime::Engine;

use crate::engine::Ticker;
use crate::factors::allowed_hosts::AllowedHosts;
use crate::factors::files::Mounts;
use crate::factors::key_value::Stores;
use crate::factors::outbound_http::HttpClient;
use crate::factors::postgres::PostgresPools;
use crate::factors::redis::{Faults, RedisServers};
use crate::factors::variables::ComponentVariables;
use crate::metrics::{ComponentMetrics, Metrics};
use crate::settings::Settings;

/// What all components share.
pub(crate) struct Host {
    pub(crate) metrics: Arc<Metrics>,
    /// Runs everything.
    pub(crate) engine: Engine,
    /// Interrupts guests that compute.
    pub(crate) ticker: Ticker,
    pub(crate) stores: Stores,
    /// Connections of outbound HTTP.
    pub(crate) client: HttpClient,
    /// Connections to Redis servers.
    pub(crate) redis: Arc<RedisServers>,
    /// What guests die of on purpose.
    pub(crate) faults: Faults,
    /// Connections to PostgreSQL servers.
    pub(crate) postgres: Arc<PostgresPools>,
    /// Where this host listens.
    pub(crate) own_address: Authority,
    /// How much an instance may use.
    pub(crate) limits: Limits,
}

/// How much an instance may use.
pub(crate) struct Limits {
    /// Time until an answer begins.
    pub(crate) request_timeout: Duration,
    /// Time after the last answer began.
    pub(crate) post_return_timeout: Duration,
    /// Time without a request.
    pub(crate) idle_timeout: Duration,
    /// Memory of an instance.
    pub(crate) max_memory_bytes: usize,
    /// Requests in an instance's life.
    pub(crate) max_instance_requests: usize,
    /// Requests at once in an instance.
    pub(crate) max_instance_concurrency: usize,
}

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            request_timeout: settings.request_timeout_ms,
            post_return_timeout: settings.post_return_timeout_ms,
            idle_timeout: settings.idle_instance_timeout_ms,
            max_memory_bytes: settings.max_memory_bytes,
            max_instance_requests: settings.max_instance_requests as usize,
            max_instance_concurrency: settings.max_instance_concurrency as usize,
        }
    }
}

/// What the instances of one component share.
pub(crate) struct Shared {
    pub(crate) id: Arc<str>,
    /// What it may ask for.
    pub(crate) variables: ComponentVariables,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) mounts: Mounts,
    /// Where it may connect to.
    pub(crate) allowed_hosts: Arc<AllowedHosts>,
    /// The stores it may open.
    pub(crate) key_value_stores: BTreeSet<String>,
    /// What is counted of it.
    pub(crate) metrics: Arc<ComponentMetrics>,
    /// What it shares with the other components.
    pub(crate) host: Arc<Host>,
}
