//! What this host counts, and its text for Prometheus. What each number means to an operator is in
//! `docs/operations.md`, which a test compares with the text.
//!
//! A request costs a handful of additions to atomic numbers: the series of each component are found
//! when it is loaded, and nothing is locked, looked up or allocated later.

mod component;
mod histogram;
mod text;

use std::sync::OnceLock;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

pub(crate) use self::component::{ComponentMetrics, Outcome, Store, StoreCalls};
pub(crate) use self::text::{Moment, text};

/// Everything that is counted for the whole host.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Requests that wait for their turn.
    pub(crate) waiting: Gauge<i64, AtomicI64>,
    /// Requests that waited in vain.
    pub(crate) without_turn: Counter,
    /// Requests that no component has a route for, or that are for another host.
    pub(crate) unrouted: ComponentMetrics,
    /// How the components were loaded.
    pub(crate) loaded: OnceLock<Loaded>,
}

/// How the components were loaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loaded {
    /// Compiled at this start.
    pub(crate) compiled: usize,
    /// Found in the cache.
    pub(crate) from_cache: usize,
    /// How long all of that took.
    pub(crate) took: Duration,
}

/// One of what a gauge counts, until it is dropped.
#[derive(Debug)]
pub(crate) struct Counted(Gauge<i64, AtomicI64>);

impl Counted {
    /// One more.
    pub(crate) fn by(gauge: &Gauge<i64, AtomicI64>) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
