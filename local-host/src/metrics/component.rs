//! What is counted for each component.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

use super::histogram::Times;

/// Kinds of method, as the label `method` has them: those that change nothing, those that do, others.
pub(super) const METHODS: [&str; 3] = ["read", "write", "other"];

/// Kinds of status, as the label `status` has them.
pub(super) const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// The numbers of one component.
#[derive(Debug, Default)]
pub(crate) struct ComponentMetrics {
    /// Its id; empty for what no component answers.
    pub(super) id: String,
    /// Answered requests, by method and status.
    pub(super) requests: [[Counter; STATUSES.len()]; METHODS.len()],
    /// From a request's head to its answer's.
    pub(super) times: Times,
    /// Its instances, working or idle.
    pub(crate) instances: Gauge<i64, AtomicI64>,
    /// Instances that ended by a trap.
    pub(crate) traps: Counter,
    /// Requests that were answered with 504.
    pub(crate) timeouts: Counter,
    /// Calls of what is outside, by [`Store`].
    stores: [Arc<StoreCalls>; Store::ALL.len()],
}

impl ComponentMetrics {
    /// Those of the component with this id.
    pub(crate) fn new(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }

    /// A request was answered.
    pub(crate) fn answered(&self, method: &Method, status: StatusCode, took: Duration) {
        let method = match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => 0,
            Method::POST | Method::PUT | Method::PATCH | Method::DELETE => 1,
            _ => 2,
        };
        // An answer begins with a 2 to a 5; whatever else a guest says is counted as the nearest.
        let status = usize::from(status.as_u16() / 100).clamp(2, 5) - 2;
        self.requests[method][status].inc();
        self.times.observe(took);
    }

    pub(crate) fn store(&self, store: Store) -> &Arc<StoreCalls> {
        &self.stores[store as usize]
    }
}

/// What guests call outside.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Store {
    Postgres,
    Redis,
    /// `spin:key-value` and `wasi:keyvalue`.
    KeyValue,
    /// `wasi:http` outwards.
    Http,
}

impl Store {
    /// All of them, in their order.
    pub(super) const ALL: [Self; 4] = [Self::Postgres, Self::Redis, Self::KeyValue, Self::Http];

    /// As the label `store` has it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::Redis => "redis",
            Self::KeyValue => "key-value",
            Self::Http => "http",
        }
    }
}

/// What became of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// The store did it.
    Ok,
    /// The store answered that it does not.
    Refused,
    /// There was no answer, or no connection.
    Failed,
}

impl Outcome {
    /// All of them, in their order.
    pub(super) const ALL: [Self; 3] = [Self::Ok, Self::Refused, Self::Failed];

    /// As the label `outcome` has it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A component's calls of one store.
#[derive(Debug, Default)]
pub(crate) struct StoreCalls {
    pub(super) outcomes: [Counter; Outcome::ALL.len()],
    pub(super) times: Times,
}

impl StoreCalls {
    /// A call that began at this moment has just ended.
    pub(crate) fn ended(&self, began: Instant, outcome: Outcome) {
        self.outcomes[outcome as usize].inc();
        self.times.observe(began.elapsed());
    }

    /// Does what cannot fail.
    pub(crate) fn done<T>(&self, call: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = call();
        self.ended(began, Outcome::Ok);
        result
    }

    /// Does what may be refused.
    pub(crate) fn tried<T, E>(&self, call: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let began = Instant::now();
        let result = call();
        self.ended(began, if result.is_ok() { Outcome::Ok } else { Outcome::Refused });
        result
    }
}
